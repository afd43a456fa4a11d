// Explaining: a file by its path, by its name, as a mention, by a topic; a function.
import { posix } from 'node:path';
import { phrases } from '../phrases/index.ts';
import { type FileFact, linesOf, type SymbolFact, symbolsOf, type Workspace } from '../workspace/workspace.ts';
import { callNamed, spoken } from './naming.ts';
import { ask, askAbout, code, need, type Play, searchable, some, type Stage, type Topic, worded } from './stage.ts';
import { explanation, fenced, toldOf } from './telling.ts';

/** Files that are worth an explanation; sources most of all. */
export function someFile({ workspace, random }: Stage): FileFact {
  const facts = [...workspace.facts.values()].filter(({ path, symbols, constants, kind }) =>
    kind === 'source' ? symbols.length + constants.length > 0 : (workspace.files.get(path) ?? '') !== '',
  );
  const wanted = random.weighted({ source: 75, test: 9, settings: 7, document: 5, data: 2, other: 2 });
  const chosen = facts.filter(({ kind }) => kind === wanted);
  return some(random, chosen.length > 0 ? chosen : facts, 'file');
}

/** Reads a file and says what it is for. */
export async function readAndExplain(stage: Stage, fact: FileFact, named = fact.path): Promise<Topic> {
  const { chat, workspace } = stage;
  const end = await callNamed(stage, 'file_read', { named, path: fact.path });
  chat.answer(explanation(fact, workspace, readUpTo(end.text)));
  return topicOf(fact);
}

/** The last line that was read, where the file goes on behind it. */
export function readUpTo(result: string): number | undefined {
  const [, last] = /\[Lines 1-(\d+) of \d+\. Go on with start_line \d+\.\]$/.exec(result) ?? [];
  return last === undefined ? undefined : Number(last);
}

function topicOf(fact: FileFact): Topic {
  const symbol = fact.symbols.find(({ kind }) => kind === 'function');
  return { file: fact.path, ...(symbol === undefined ? {} : { symbol }) };
}

export const explainFile: Play = async (stage) => {
  const fact = someFile(stage);
  const file = spoken(stage, fact.path);
  await ask(stage, 'explain_file', { file });
  return readAndExplain(stage, fact, file);
};

export const explainMention: Play = async (stage) => {
  const { random, chat, workspace } = stage;
  if (random.chance(0.1)) return explainFolder(stage);
  const fact = someFile(stage);
  const lines = linesOf(workspace, fact.path).length;
  if (fact.kind === 'source' && lines > 12 && random.chance(0.15)) return explainRange(stage, fact);
  const mention = /\s/.test(fact.path) ? `@"${fact.path}"` : `@${fact.path}`;
  const [read] = (await chat.say(worded(random, phrases.explain_mention.taught, { mention }))).slice(-1);
  chat.answer(explanation(fact, workspace, readUpTo(need(read, 'mention').text)));
  return topicOf(fact);
};

/** Some lines of a file that hold a whole function. */
async function explainRange(stage: Stage, fact: FileFact): Promise<Topic> {
  const { random, chat, workspace } = stage;
  const symbol = some(
    random,
    fact.symbols.filter(({ kind }) => kind === 'function'),
    'function',
  );
  const lines = linesOf(workspace, fact.path);
  const from = Math.max(1, symbol.line - (symbol.told === undefined ? 0 : 2));
  const closing = lines.findIndex((line, at) => at >= symbol.line && /^(?:[})]|$)/.test(line));
  const to = Math.min(lines.length, closing === -1 ? symbol.line + 8 : closing + 1);
  await chat.say(worded(random, phrases.explain_mention.taught, { mention: `@${fact.path}:${from}-${to}` }));
  chat.answer(`These lines hold ${code(symbol.name)}: ${toldOf(symbol)}.`);
  return { file: fact.path, symbol };
}

async function explainFolder(stage: Stage): Promise<Topic> {
  const { random, chat } = stage;
  const folder = someFolder(stage);
  const [read] = (await chat.say(worded(random, phrases.explain_mention.taught, { mention: `@${folder}` }))).slice(-1);
  const entries = need(read, 'mention').text.split('\n');
  chat.answer(
    `${code(folder)} is a folder with ${entries.length === 1 ? 'one entry' : 'these entries'}:\n\n${entries
      .slice(0, 8)
      .map((each) => `- ${code(each)}`)
      .join('\n')}${entries.length > 8 ? `\n- and ${entries.length - 8} more` : ''}`,
  );
  return {};
}

/** A folder of the workspace, without a slash at its end. */
export function someFolder({ workspace, random }: Stage): string {
  const folders = new Set([...workspace.files.keys()].flatMap((path) => parents(path)));
  return some(random, [...folders], 'folder');
}

function parents(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? [] : [folder, ...parents(folder)];
}

export const explainTopic: Play = async (stage) => {
  const { random, chat, workspace } = stage;
  if (random.chance(0.08)) {
    const topic = random.pick([
      'login',
      'payment',
      'database',
      'upload',
      'session',
      'translation',
      'encryption',
      'websocket',
      'cookies',
      'theme',
    ]);
    if ([...workspace.files.keys()].some((path) => path.includes(topic))) need(undefined, 'free topic');
    await ask(stage, 'explain_topic', { topic });
    await chat.call('glob', { pattern: `**/*${topic}*` });
    chat.answer(`There is no file with "${topic}" in its name.`);
    return {};
  }
  const facts = [...workspace.facts.values()].filter(({ kind, symbols }) => kind === 'source' && symbols.length > 0);
  const fact = some(random, facts, 'source');
  const stem = posix.basename(fact.path).replace(/\.\w+$/, '');
  const word = some(
    random,
    stem.split(/[-_]|(?<=[a-z])(?=[A-Z])/).filter((each) => each.length > 3 && each === each.toLowerCase()),
    'topic',
  );
  const matching = [...workspace.files.keys()].filter((path) => posix.basename(path).includes(word));
  if (matching.filter((path) => workspace.facts.get(path)?.kind === 'source').length !== 1)
    need(undefined, 'topic of one file');
  await ask(stage, 'explain_topic', { topic: word });
  await chat.call('glob', { pattern: `**/*${word}*` });
  return readAndExplain(stage, fact);
};

/** A function that a search finds well. */
export function someSymbol(stage: Stage, suits: (symbol: SymbolFact) => boolean = () => true): SymbolFact {
  const { workspace, random } = stage;
  const found = symbolsOf(workspace).filter(
    (each) => each.kind !== 'method' && each.kind !== 'type' && suits(each) && searchable(workspace, each.name),
  );
  return some(random, found, 'symbol');
}

export const explainFunction: Play = async (stage) => {
  const symbol = someSymbol(stage);
  await askAbout(stage, 'explain_function', symbol);
  return searchAndExplain(stage, symbol);
};

/** Finds a function, reads its place and says what it does. */
export async function searchAndExplain(stage: Stage, symbol: SymbolFact): Promise<Topic> {
  const { chat, workspace } = stage;
  await chat.call('grep', { pattern: symbol.name });
  const far = symbol.line > 60;
  await chat.call(
    'file_read',
    far ? { path: symbol.file, start_line: symbol.line - 10, max_lines: 40 } : { path: symbol.file },
  );
  chat.answer(functionText(symbol, workspace));
  return { symbol, file: symbol.file };
}

/** In the words of its comment; without one its code is shown, which says more than its name. */
function functionText(symbol: SymbolFact, workspace: Workspace): string {
  const { name, kind, told, parameters } = symbol;
  const place = code(`${symbol.file}:${symbol.line}`);
  if (kind === 'class')
    return `${code(name)}${told === undefined ? ' is a class' : `: ${told}. It is a class`} in ${place}.`;
  const takes = parameters.length === 0 ? '' : ` It takes ${parameters.map(code).join(', ')}.`;
  if (told !== undefined) return `${code(name)}: ${told}.${takes} It is defined in ${place}.`;
  return `${code(name)} has no comment.${takes} This is its code in ${place}:\n\n${fenced(symbol.file, bodyOf(symbol, workspace))}`;
}

/** The lines of a function from its definition to its end. */
function bodyOf({ file, line }: SymbolFact, workspace: Workspace): string[] {
  const lines = linesOf(workspace, file).slice(line - 1);
  const outer = indent(lines[0] ?? '');
  const behind = lines.findIndex((text, at) => at > 0 && text.trim() !== '' && indent(text) <= outer);
  const end = behind === -1 ? lines.length : behind + (/^\s*[)}\]]/.test(lines[behind] ?? '') ? 1 : 0);
  const body = lines.slice(0, Math.max(1, end));
  return body.slice(0, body.findLastIndex((text) => text.trim() !== '') + 1);
}

function indent(text: string): number {
  return text.length - text.trimStart().length;
}
