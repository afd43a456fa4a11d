// Finding texts, to-dos and files; listing folders; reading lines.
import { posix } from 'node:path';
import { FreshWords, remark } from '../words.ts';
import { linesOf } from '../workspace/workspace.ts';
import { someFolder } from './explain.ts';
import { callNamed, spoken } from './naming.ts';
import { ask, code, type Hit, hitsIn, need, occurrences, type Play, points, some, type Stage } from './stage.ts';
import { fenced } from './telling.ts';

/** What of a text can be searched for as it stands: without the signs that mean something in a pattern. */
export function plainPart(text: string): string {
  const parts = text.split(/[\\^$|*+()[\]{}]+/).map((part) => part.trim());
  return parts.toSorted((a, b) => b.length - a.length)[0] ?? '';
}

/** A text that people see, or some words of a document. */
function someText(stage: Stage): string {
  const { workspace, random } = stage;
  const shown = workspace.texts.map(({ text }) => text);
  const documents = [...workspace.facts.values()]
    .filter(({ kind }) => kind === 'document')
    .flatMap(({ path }) => linesOf(workspace, path));
  const sentences = documents
    .filter((line) => /^[A-Z][\w ,']+\.$/.test(line) && line.length < 70)
    .map((line) => line.slice(0, -1));
  const text = some(random, random.chance(0.75) && shown.length > 0 ? shown : [...shown, ...sentences], 'text');
  const part = text.split(' ');
  return random.chance(0.2) && part.length > 3 ? part.slice(0, 3).join(' ') : text;
}

export const findText: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  if (random.chance(0.1)) {
    const usual = random.pick([
      'Out of memory',
      'Please log in first',
      'deprecated',
      'Copyright 1999',
      'lorem ipsum',
      'Password is too short',
      'FIXME',
      'Connection refused',
      'secret key',
      'Hallo Welt',
    ]);
    const text = random.chance(0.6) ? remark(random) : usual;
    if (occurrences(workspace, text).length > 0) need(undefined, 'strange text');
    await ask(stage, 'find_text', { text });
    await chat.call('grep', { pattern: text });
    chat.answer(`"${text}" does not occur in any file.`);
    return {};
  }
  const text = someText(stage);
  const pattern = plainPart(text);
  if (pattern.length < 4) need(undefined, 'searchable text');
  await ask(stage, 'find_text', { text });
  const end = await chat.call('grep', { pattern });
  const hits = hitsIn(end.text);
  const [first] = hits;
  const topic = first === undefined ? {} : { file: first.path };
  if (hits.length === 1 && first !== undefined) {
    chat.answer(`"${text}" appears in ${code(`${first.path}:${first.line}`)}.`);
    return topic;
  }
  if (hits.length === 0) need(undefined, 'hits');
  chat.answer(`"${text}" appears in these places:\n\n${points(hits.map(place))}`);
  return topic;
};

function place({ path, line }: Hit): string {
  return code(`${path}:${line}`);
}

export const findTodos: Play = async (stage) => {
  const { chat } = stage;
  await ask(stage, 'find_todos');
  const end = await chat.call('grep', { pattern: 'TODO' });
  const hits = hitsIn(end.text);
  if (hits.length === 0) {
    chat.answer('There are no TODO comments in this workspace.');
    return {};
  }
  const items = hits.map((hit) => `${place(hit)}: ${hit.text.replace(/^.*?\bTODO(?:\(\w+\))?:?\s*/, '')}`);
  chat.answer(hits.length === 1 ? `There is one TODO, in ${items[0]}` : `These TODOs are left:\n\n${points(items)}`);
  return {};
};

export const listFolder: Play = async (stage) => {
  const { chat, random } = stage;
  if (random.chance(0.06)) {
    const folder = random.pick([
      'assets',
      'vendor',
      'public',
      'scripts',
      'examples',
      new FreshWords(random).next(),
      new FreshWords(random).next(),
    ]);
    if ([...stage.workspace.files.keys()].some((path) => path.startsWith(`${folder}/`)))
      need(undefined, 'missing folder');
    await ask(stage, 'list_folder', { folder });
    const end = await chat.call('file_read', { path: folder }, { outcome: 'error' });
    chat.answer(missingText(folder, end.text));
    return {};
  }
  const folder = someFolder(stage) + (random.chance(0.25) ? '/' : '');
  await ask(stage, 'list_folder', { folder });
  const end = await chat.call('file_read', { path: folder });
  chat.answer(listing(code(folder), end.text));
  return {};
};

/** What is said when a path does not exist, from the result that says so. */
export function missingText(path: string, result: string): string {
  const close = /Did you mean (.+)\?$/.exec(result)?.[1];
  return close === undefined
    ? `${code(path)} does not exist.`
    : `${code(path)} does not exist. Did you mean ${code(close)}?`;
}

function listing(what: string, result: string): string {
  const entries = result.split('\n');
  if (result.startsWith('[')) return `${what} is empty.`;
  return `${what} contains:\n\n${points(entries.map(code))}`;
}

export const listWorkspace: Play = async (stage) => {
  const { chat } = stage;
  await ask(stage, 'list_workspace');
  const end = await chat.call('file_read', { path: '.' });
  chat.answer(listing('The workspace', end.text));
  return {};
};

interface Wanted {
  what: string;
  pattern: string;
}

export const findFiles: Play = async (stage) => {
  const { chat, random, workspace } = stage;
  const paths = [...workspace.files.keys()];
  const stems = paths
    .map((path) => posix.basename(path).replace(/\..*$/, ''))
    .filter((stem) => /^[a-z]{4,}$/.test(stem));
  const wanted = random.pick<Wanted>([
    { what: random.pick(['test files', 'tests', 'files with tests', 'test file']), pattern: '**/*test*' },
    { what: random.pick(['Markdown files', 'markdown files', '.md files', 'md files']), pattern: '**/*.md' },
    { what: random.pick(['JSON files', 'json files', '.json files']), pattern: '**/*.json' },
    { what: random.pick(['Python files', 'python files', '.py files', 'Python sources']), pattern: '**/*.py' },
    { what: random.pick(['TypeScript files', '.ts files', 'typescript sources']), pattern: '**/*.ts' },
    { what: random.pick(['JavaScript files', '.js files', 'javascript files']), pattern: '**/*.js' },
    { what: random.pick(['YAML files', 'yaml files']), pattern: '**/*.{yml,yaml}' },
    { what: random.pick(['CSV files', '.csv files']), pattern: '**/*.csv' },
    { what: random.pick(['Go files', '.go files']), pattern: '**/*.go' },
    { what: random.pick(['CSS files', 'HTML files', 'SQL files']), pattern: '' },
    { what: random.pick(['config files', 'configuration files']), pattern: '**/*config*' },
    ...stems.slice(0, 3).map((stem) => ({
      what: random.pick([`files with ${stem} in the name`, `files named ${stem}`, `${stem} files`]),
      pattern: `**/*${stem}*`,
    })),
  ]);
  const pattern = wanted.pattern === '' ? `**/*.${wanted.what.split(' ')[0]?.toLowerCase()}` : wanted.pattern;
  await ask(stage, 'find_files', { what: wanted.what });
  const end = await chat.call('glob', { pattern });
  const found = end.text.startsWith('[') ? [] : end.text.split('\n').filter((row) => !row.startsWith('['));
  if (found.length === 0) chat.answer(`There are no ${wanted.what} here.`);
  else if (found.length === 1) chat.answer(`There is one: ${code(found[0] ?? '')}.`);
  else chat.answer(`I found these:\n\n${points(found.map(code))}`);
  return {};
};

export const readLines: Play = async (stage) => {
  const { chat, random, workspace } = stage;
  const path = some(
    random,
    [...workspace.files.keys()].filter((each) => linesOf(workspace, each).length > 4),
    'file',
  );
  const lines = linesOf(workspace, path);
  const from = random.int(1, Math.max(1, lines.length - 2));
  const to = Math.min(lines.length, from + random.int(random.chance(0.2) ? 0 : 1, 9));
  if (lines.slice(from - 1, to).some((line) => line.length > 160 || line.includes('```')))
    need(undefined, 'short lines');
  const file = spoken(stage, path, 0.15);
  await ask(stage, 'read_lines', { file, from: String(from), to: String(to) });
  await callNamed(stage, 'file_read', { named: file, path, start_line: from, max_lines: to - from + 1 });
  chat.answer(fenced(path, lines.slice(from - 1, to)));
  return { file: path };
};
