import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '../common/agent.ts';
import { joinAgents, type KnownTool, readAgentFolder } from './agentFiles.ts';

/** The constant system text, the same for every chat and agent. */
export function readSystem(prompts: string): string {
  return readFileSync(join(prompts, 'system.md'), 'utf8').trim();
}

/** The agents that Drover comes with. @throws Problem naming file and line when one does not hold. */
export function readAgents(prompts: string, tools: readonly KnownTool[]): Agent[] {
  const { files, problems } = readAgentFolder(join(prompts, 'agents'), 'drover', tools);
  const joined = joinAgents(files, tools);
  const [problem] = [...problems, ...joined.problems];
  if (problem) throw problem;
  return joined.agents;
}

/** What a second model is told that judges whether an agent keeps to what was asked. */
export function readJudge(prompts: string): string {
  return readFileSync(join(prompts, 'judge.md'), 'utf8').trim();
}
