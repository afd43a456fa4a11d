import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { Problem } from '../common/errors.ts';

/** An agent: `prompts/agents/NAME.md`. `tools` are groups or names, as written. */
export interface Agent {
  name: string;
  description: string;
  model: string | undefined;
  tools: string[];
  text: string;
}

const AgentHead = z.strictObject({
  description: z.string().min(1),
  model: z.string().optional(),
  tools: z.array(z.string()),
});

/** The constant system text, the same for every chat and agent. */
export function readSystem(prompts: string): string {
  return readFileSync(join(prompts, 'system.md'), 'utf8').trim();
}

/**
 * All agents of a prompts folder, by file name.
 * @param known names of tools and groups that an agent may list.
 * @throws Problem naming file and line when one does not hold.
 */
export function readAgents(prompts: string, known: ReadonlySet<string>): Agent[] {
  const folder = join(prompts, 'agents');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .toSorted()
    .map((file) => readAgent(join(folder, file), known));
}

function readAgent(file: string, known: ReadonlySet<string>): Agent {
  const content = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(content);
  if (!parts) throw wrong(file, 1, 'it must begin with a block between two lines of ---');
  const [, front = '', body = ''] = parts;
  const head = AgentHead.safeParse(parseFront(file, front));
  if (!head.success) {
    const issue = head.error.issues[0];
    const field = String(issue?.path[0] ?? (issue && 'keys' in issue ? issue.keys[0] : ''));
    throw wrong(file, lineOf(front, field), `${field === '' ? '' : `${field}: `}${issue?.message ?? 'not understood'}`);
  }
  const unknown = head.data.tools.find((tool) => !known.has(tool));
  if (unknown !== undefined) throw wrong(file, lineOf(front, unknown), `there is no tool or group named ${unknown}`);
  const { description, model, tools } = head.data;
  return { name: basename(file, '.md'), description, model, tools, text: body.trim() };
}

function parseFront(file: string, front: string): unknown {
  try {
    return parse(front);
  } catch (error) {
    if (error instanceof YAMLParseError) throw wrong(file, (error.linePos?.[0].line ?? 1) + 1, error.code);
    throw error;
  }
}

/** Line in the file (from 1; the first is ---) where a word of the front matter stands. */
function lineOf(front: string, word: string): number {
  const line = front.split('\n').findIndex((text) => text.includes(word));
  return line < 0 ? 1 : line + 2;
}

function wrong(file: string, line: number, what: string): Problem {
  return new Problem(
    'agent_file',
    `${file}:${line}: this agent cannot be used: ${what}.`,
    'Correct the file, then start again.',
  );
}
