import type { ToolSchema } from '../../src/node/tools/schema.ts';
import type { Contract } from './contract.ts';
import { Random } from './random.ts';

/** What stands before the first message: system text and tools. The first is exactly the product's. */
export interface Prefix {
  system: string;
  tools: ToolSchema[];
}

/** Prefixes besides the product's own. */
const variants = 39;
/** Of these, how many have another system text. */
const rewordedSystems = 8;

/** The product's prefix, and others that it may become: tools in other orders, fewer, more, in other words. */
export function prefixes(contract: Contract, seed: string): Prefix[] {
  const random = new Random(`${seed} prefixes`);
  const own: Prefix = { system: contract.system, tools: contract.tools };
  const others = Array.from({ length: variants }, (_, index): Prefix => {
    const system = index < rewordedSystems ? rewordedSystem(contract.system, index, random) : contract.system;
    return { system, tools: toolsFor(index, contract.tools, random) };
  });
  return [own, ...others];
}

function toolsFor(index: number, own: readonly ToolSchema[], random: Random): ToolSchema[] {
  const shape = index % 4;
  let tools = [...own];
  if (shape === 1) tools = random.sample(tools, random.int(3, 5)).toSorted((a, b) => own.indexOf(a) - own.indexOf(b));
  if (shape === 2 || shape === 3 || random.chance(0.3))
    tools = [...tools, ...random.sample(later, random.int(1, 3)).map((make) => make(random))];
  if (shape === 0 || shape === 3 || random.chance(0.3)) tools = random.shuffle(tools);
  return random.chance(0.35) ? tools.map((tool) => reworded(tool, random)) : tools;
}

/** Other words for the same tools. */
const descriptions: Record<string, readonly string[]> = {
  file_read: [
    'Read a file of the workspace, or list a folder.',
    'Show the text of a file or the entries of a folder.',
    'Read a text file or list what a folder contains.',
  ],
  file_write: [
    'Write a file as a whole. Use file_edit for parts.',
    'Create or overwrite a file.',
    'Write a whole file; to change a part, use file_edit.',
  ],
  file_edit: [
    'Replace one exact text of a file by another.',
    'Change a file: old_text, which must be there exactly once, becomes new_text.',
    'Replace old_text, occurring exactly once, with new_text.',
  ],
  glob: [
    'Find files whose path matches a pattern like src/**/*.ts.',
    'List files by name, with * and **.',
    'Find files by a name pattern.',
  ],
  grep: [
    'Search the contents of files for a regular expression.',
    'Find lines that match a regular expression.',
    'Search in files for a pattern.',
  ],
  bash: [
    'Run a shell command in the workspace folder; it gets no input.',
    'Run a command and return what it prints.',
    'Run a command in the workspace. No input.',
  ],
};

function reworded(tool: ToolSchema, random: Random): ToolSchema {
  const choices = descriptions[tool.function.name];
  if (choices === undefined || random.chance(0.4)) return tool;
  return { ...tool, function: { ...tool.function, description: random.pick(choices) } };
}

type Parameters = Record<string, { type: string; description?: string; enum?: string[] }>;

function made(name: string, description: string, properties: Parameters, required: string[]): ToolSchema {
  return { function: { description, name, parameters: { properties, required, type: 'object' } }, type: 'function' };
}

/** Tools that the product may get. */
const later: readonly ((random: Random) => ToolSchema)[] = [
  (random) =>
    made(
      'hand_off',
      random.pick([
        'Hand the chat to another agent.',
        'Let another agent go on with this chat.',
        'Give this task to the agent that suits it.',
      ]),
      { agent: { type: 'string', enum: ['coding', 'supervisor', 'review', 'docs'] }, why: { type: 'string' } },
      ['agent', 'why'],
    ),
  (random) =>
    made(
      'delegate',
      random.pick(['Have another agent do a part and return its answer.', 'Give a subtask to an agent of its own.']),
      { agent: { type: 'string' }, task: { type: 'string' } },
      ['agent', 'task'],
    ),
  (random) =>
    made(
      'use',
      random.pick([
        'Call another tool by its name; without arguments it says what the tool takes.',
        'Use one of the tools that the role names.',
      ]),
      { tool: { type: 'string' }, arguments: { type: 'object' } },
      ['tool'],
    ),
  (random) =>
    made(
      'todo',
      random.pick(['Keep a list of what is left to do.', 'Write down the steps of a larger task.']),
      { items: { type: 'array' } },
      ['items'],
    ),
  (random) =>
    made(
      'web_fetch',
      random.pick(['Fetch a page of the web as text.', 'Read a web page.']),
      { url: { type: 'string' } },
      ['url'],
    ),
  (random) =>
    made(
      'search_knowledge',
      random.pick(['Search the documents of the project.', 'Look something up in the knowledge index.']),
      { query: { type: 'string' }, limit: { type: 'integer' } },
      ['query'],
    ),
  () =>
    made('ask_person', 'Ask the person a question and wait for the answer.', { question: { type: 'string' } }, [
      'question',
    ]),
  () =>
    made('diagnostics', 'The errors and warnings that the editor shows for a file.', { path: { type: 'string' } }, [
      'path',
    ]),
  () =>
    made('file_move', 'Move or rename a file.', { from: { type: 'string' }, to: { type: 'string' } }, ['from', 'to']),
  () => made('remember', 'Keep a note for later chats.', { note: { type: 'string' } }, ['note']),
];

/** The same rules in another order, some in other words. */
function rewordedSystem(system: string, index: number, random: Random): string {
  const [first = '', ...rules] = system.split('\n');
  const changed = rules.map((rule) =>
    swaps.reduce((text, [from, to]) => (random.chance(0.5) ? text.replace(from, to) : text), rule),
  );
  const head =
    [
      first,
      'You are a coding agent inside a code editor. You work on the files of the workspace with your tools.',
      'You are an agent in a code editor and work with the given tools on the files of a workspace.',
    ][index % 3] ?? first;
  const kept = index % 4 === 3 ? changed.slice(0, -1) : changed;
  return [head, ...(index % 2 === 1 ? random.shuffle(kept) : kept)].join('\n');
}

const swaps: readonly [string, string][] = [
  ['Look before you answer: never guess what a file says.', 'Never guess what a file says: look first.'],
  ['Search first, then read only what matters.', 'Search, then read what matters.'],
  ['Paths are relative to the workspace.', 'Give paths relative to the workspace.'],
  ['Change no more than was asked.', 'Change only what was asked for.'],
  [
    'When done, stop and say in a few sentences what you found or did.',
    'When you are done, say shortly what you found or did.',
  ],
  ['Be brief; use Markdown.', 'Answer briefly, in Markdown.'],
  ['Each call is judged before it runs.', 'Every call is checked before it runs.'],
];
