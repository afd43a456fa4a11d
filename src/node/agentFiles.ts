// Agents as files: NAME.md with a front matter and the role as its text.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Agent } from '../common/agent.ts';
import { Problem } from '../common/errors.ts';
import type { Tool } from '../common/tool.ts';
import { readRegularText } from './regular.ts';

const listOfTools = 'must be a list, like `tools: [read, write]`';

const Head = z.strictObject({
  description: z.string('must be a sentence that says what it is for').min(1, 'is empty'),
  model: z.string('must be the name of a model').min(1, 'is empty').optional(),
  tools: z.array(z.string(listOfTools), listOfTools),
  readonly: z.boolean('must be true or false').default(false),
  handoffs: z
    .union([z.literal('all'), z.array(z.string())], 'must be `all`, or a list like `handoffs: [review]`')
    .default([]),
  start: z.string('must be the name of an agent').optional(),
});

/** What a file says, and where: hand-offs are looked up when all files are known. */
export interface AgentFile {
  agent: Omit<Agent, 'handoffs'> & { handoffs: 'all' | string[] };
  file: string;
  /** The line (from 1) of a value of the front matter. */
  lineOf: (path: readonly PropertyKey[]) => number;
}

export type KnownTool = Pick<Tool, 'name' | 'group'>;

/** What could be read of a folder, and why the rest could not. */
export interface Folder {
  files: AgentFile[];
  problems: Problem[];
}

/** All agents of a folder, by file name; of one that is not there: none. */
export function readAgentFolder(folder: string, from: Agent['from'], tools: readonly KnownTool[]): Folder {
  const read: Folder = { files: [], problems: [] };
  for (const name of markdownOf(folder)) {
    try {
      read.files.push(readAgentFile(join(folder, name), from, tools));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      read.problems.push(error);
    }
  }
  return read;
}

function markdownOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.md'))
      .toSorted();
  } catch {
    return [];
  }
}

function contentOf(file: string): string {
  try {
    return readRegularText(file);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const why = error instanceof Error && 'code' in error ? String(error.code) : said;
    throw wrong(file, 1, `it cannot be read (${why})`);
  }
}

function readAgentFile(file: string, from: Agent['from'], tools: readonly KnownTool[]): AgentFile {
  const name = basename(file, '.md');
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
    throw wrong(file, 1, 'its name must be of small letters, digits and hyphens, a letter first, at most 40 in all');
  const content = contentOf(file).replaceAll('\r\n', '\n');
  const parts = /^---\n([\s\S]*?\n)?---\n([\s\S]*)$/.exec(content);
  if (!parts) throw wrong(file, 1, 'it must begin with a block between two lines of ---');
  const [, front = '', body = ''] = parts;
  const lines = new LineCounter();
  const document = parseDocument(front, { lineCounter: lines, prettyErrors: false });
  const faults = document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line + 1, what: message }));
  if (faults.length > 0) throw allWrong(file, faults);
  const lineOf = (path: readonly PropertyKey[]): number => {
    const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
    return node?.range ? lines.linePos(node.range[0]).line + 1 : 1;
  };
  const head = Head.safeParse(document.toJS() ?? {});
  if (!head.success) {
    throw allWrong(
      file,
      head.error.issues.flatMap((issue) => {
        if (issue.code !== 'unrecognized_keys')
          return [{ line: lineOf(issue.path), what: `${String(issue.path[0])} ${issue.message}` }];
        return issue.keys.map((key) => ({
          line: lineOf([...issue.path, key]),
          what: `there is no setting named ${key}`,
        }));
      }),
    );
  }
  const { description, tools: named, readonly, handoffs, start, model } = head.data;
  const known = new Set(tools.flatMap((tool) => [tool.name, tool.group]));
  const unknown = named.flatMap((tool, index) =>
    known.has(tool) ? [] : [{ line: lineOf(['tools', index]), what: `there is no tool or group named ${tool}` }],
  );
  if (unknown.length > 0) throw allWrong(file, unknown);
  const text = body.trim();
  if (text === '') throw wrong(file, content.split('\n').length, 'the text that tells it its role is missing');
  return { agent: { name, description, model, tools: named, readonly, handoffs, start, text, from }, file, lineOf };
}

/**
 * The agents of several folders: of the same name the last that can be used counts. A workspace's agent may narrow what there
 * is and never widen it: it has at most the tools and hand-offs of the agent that it stands for, else of `coding`, and chooses
 * no model.
 */
export function joinAgents(files: readonly AgentFile[], tools: readonly KnownTool[]): JoinedAgents {
  const problems: Problem[] = [];
  let left = files;
  for (;;) {
    const { byName, widened } = standing(left, tools);
    const names = new Set(byName.keys());
    const usable = left.filter((each) => {
      const fault = unknownAgent(each, names);
      if (fault) problems.push(fault);
      return !fault;
    });
    // Without what is refused all are judged again: others may stand on it, or hand over to it.
    if (usable.length === left.length) return { agents: withHandoffs(byName), problems: [...problems, ...widened] };
    left = usable;
  }
}

/** Those that count, by name, and why others of a workspace do not. */
function standing(files: readonly AgentFile[], tools: readonly KnownTool[]) {
  const widened: Problem[] = [];
  const byName = new Map<string, AgentFile>();
  for (const each of files) {
    const base = byName.get(each.agent.name) ?? byName.get('coding');
    const fault = each.agent.from === 'workspace' && base ? widening(each, base.agent, tools) : undefined;
    if (fault) widened.push(fault);
    else byName.set(each.agent.name, each.agent.from === 'workspace' && base ? narrowed(each, base.agent) : each);
  }
  return { byName, widened };
}

function withHandoffs(byName: ReadonlyMap<string, AgentFile>): Agent[] {
  const names = [...byName.keys()].toSorted();
  const agents = [...byName.values()].map(({ agent }): Agent => ({ ...agent, handoffs: handoffsOf(agent, names) }));
  return agents.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export interface JoinedAgents {
  agents: Agent[];
  problems: Problem[];
}

type Written = AgentFile['agent'];

function handoffsOf({ name, handoffs }: Written, names: readonly string[]): string[] {
  return handoffs === 'all' ? names.filter((other) => other !== name) : handoffs;
}

function unknownAgent({ agent, file, lineOf }: AgentFile, names: ReadonlySet<string>): Problem | undefined {
  const { handoffs, start, name } = agent;
  for (const [index, other] of (handoffs === 'all' ? [] : handoffs).entries()) {
    const line = lineOf(['handoffs', index]);
    if (other === name) return wrong(file, line, 'it cannot hand over to itself');
    if (!names.has(other)) return wrong(file, line, `there is no agent named ${other} to hand over to`);
  }
  if (start === undefined || (names.has(start) && start !== name)) return undefined;
  return wrong(file, lineOf(['start']), `there is no other agent named ${start} to start`);
}

function widening({ agent, file, lineOf }: AgentFile, base: Written, tools: readonly KnownTool[]): Problem | undefined {
  const than = base.name === agent.name ? `the ${base.name} agent that it stands for` : 'the coding agent';
  const allowed = toolsNamed(base.tools, tools);
  for (const [index, tool] of agent.tools.entries()) {
    if (toolsNamed([tool], tools).every((name) => allowed.includes(name))) continue;
    return wrong(file, lineOf(['tools', index]), `${tool} is more than ${than} may use, and a workspace only narrows`);
  }
  if (agent.model !== undefined) return wrong(file, lineOf(['model']), 'a workspace does not choose models');
  if (base.handoffs === 'all') return undefined;
  const more = agent.handoffs === 'all' ? 0 : agent.handoffs.findIndex((name) => !base.handoffs.includes(name));
  if (more === -1) return undefined;
  const path = agent.handoffs === 'all' ? ['handoffs'] : ['handoffs', more];
  return wrong(file, lineOf(path), `it would hand over to more agents than ${than}, and a workspace only narrows`);
}

function narrowed(each: AgentFile, base: Written): AgentFile {
  const same = each.agent.name === base.name;
  const readonly = each.agent.readonly || base.readonly;
  return { ...each, agent: { ...each.agent, readonly, model: same ? base.model : undefined } };
}

/** Tool names that a list of names and groups stands for. */
export function toolsNamed(list: readonly string[], tools: readonly KnownTool[]): string[] {
  return tools.filter(({ name, group }) => list.includes(name) || list.includes(group)).map(({ name }) => name);
}

/** Each mistake, the first of them where the file is named. */
function allWrong(file: string, faults: readonly { line: number; what: string }[]): Problem {
  const [first, ...more] = faults.toSorted((one, other) => one.line - other.line);
  const rest = more.map(({ line, what }) => `; line ${line}: ${what}`);
  return wrong(file, first?.line ?? 1, `${first?.what ?? ''}${rest.join('')}`);
}

function wrong(file: string, line: number, what: string): Problem {
  const advice = 'Correct the file; it is read again with the next message.';
  const message = `${file}:${line}: this agent cannot be used: ${what}.`;
  return new Problem('agent_file', message, advice, 400, basename(file, '.md'));
}
