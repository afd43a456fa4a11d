import { join } from 'node:path';
import type { Team } from '../src/common/agent.ts';
import type { Workspace } from '../src/common/events.ts';
import { type Folder, joinAgents, type KnownTool, readAgentFolder } from '../src/node/agentFiles.ts';

/**
 * The agents there are: Drover's, the person's (CONFIG/agents), and those of a trusted workspace (.drover/agents in its
 * first folder). The person's files are read anew each time, so that a changed one counts with the next message.
 */
export class Agents {
  /** Names of all that there have been since Drover began. */
  readonly names = new Set<string>();
  private readonly shipped: Folder;
  private readonly own: string;
  private readonly tools: readonly KnownTool[];

  /** @param prompts Drover's own @param own the person's */
  constructor(prompts: string, own: string, tools: readonly KnownTool[]) {
    this.shipped = readAgentFolder(join(prompts, 'agents'), 'drover', tools);
    const [problem] = [...this.shipped.problems, ...joinAgents(this.shipped.files, tools).problems];
    if (problem) throw problem;
    for (const { agent } of this.shipped.files) this.names.add(agent.name);
    this.own = own;
    this.tools = tools;
  }

  /** Whether there is or was one of this name, as far as that is known. */
  knows(name: string, workspace: Workspace): boolean {
    return this.names.has(name) || this.of(workspace).agents.some((agent) => agent.name === name);
  }

  of(workspace: Workspace | undefined): Team {
    const folders = [this.shipped, readAgentFolder(this.own, 'user', this.tools)];
    const [root] = workspace?.trusted === true ? workspace.roots : [];
    if (root !== undefined) folders.push(readAgentFolder(join(root, '.drover', 'agents'), 'workspace', this.tools));
    const { agents, problems } = joinAgents(
      folders.flatMap(({ files }) => files),
      this.tools,
    );
    for (const { name } of agents) this.names.add(name);
    return {
      agents,
      problems: [...folders.flatMap((folder) => folder.problems), ...problems].map(({ info }) => info),
    };
  }
}
