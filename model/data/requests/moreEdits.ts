// Renaming, new files, a line more or less.
import { posix } from 'node:path';
import { camel, capital, snake } from '../english.ts';
import type { Random } from '../random.ts';
import { FreshWords, remark } from '../words.ts';
import { linesOf, type Workspace } from '../workspace/workspace.ts';
import { edit, maybeRefused, refusedText, times } from './edits.ts';
import { someSymbol } from './explain.ts';
import { addList, changeNowhere } from './lists.ts';
import { callNamed, spoken } from './naming.ts';
import { ask, askAbout, code, hitsIn, need, occurrences, type Play, some, type Stage } from './stage.ts';

export const rename: Play = async (stage) => {
  const { workspace, chat } = stage;
  const symbol = someSymbol(stage, ({ name }) => {
    const hits = occurrences(workspace, name);
    return hits.length < 5 && hits.every(({ text }) => text.split(name).length === 2 && text.length < 120);
  });
  const fresh = freshName(symbol.name, workspace, stage);
  await askAbout(stage, 'rename', symbol, { new: fresh });
  const hits = hitsIn((await chat.call('grep', { pattern: symbol.name })).text);
  const options = maybeRefused(stage, 0.06);
  for (const { path, text } of hits) {
    const old = text.trim();
    if (times(stage, path, old) !== 1) need(undefined, 'single lines');
    await edit(stage, { path, old, new: old.replace(symbol.name, () => fresh) }, options);
    if (options.refused) {
      chat.answer(refusedText(stage, path, options));
      return {};
    }
  }
  const places = [...new Set(hits.map(({ path }) => path))];
  const where =
    places.length === 1
      ? `in ${code(places[0] ?? '')}`
      : `in ${places.slice(0, -1).map(code).join(', ')} and ${code(places.at(-1) ?? '')}`;
  chat.answer(`Renamed ${code(symbol.name)} to ${code(fresh)} ${where}.`);
  return { file: symbol.file, symbol: { ...symbol, name: fresh } };
};

function freshName(old: string, workspace: Workspace, { random }: Stage): string {
  const freshly = new FreshWords(random);
  const own = random.pick([
    freshly.next(),
    `${freshly.next()} ${freshly.next()}`,
    `make ${freshly.next()}`,
    `is ${freshly.next()}`,
  ]);
  const usual = random.pick([
    'tally',
    'compute result',
    'gather',
    'pick best',
    'make entry',
    'describe it',
    'load things',
    'quick check',
    'final answer',
    'work it out',
    'prepare',
    'summary line',
    'collect them',
    'select few',
    'to label',
    'measure',
  ]);
  const words = random.chance(0.5) ? own : usual;
  const joined = random.chance(0.5) ? words : `${words} ${random.pick(['again', 'now', 'for all', 'value', 'safely'])}`;
  const cased = /^[A-Z]/.test(old)
    ? camel(joined).replace(/^./, (letter) => letter.toUpperCase())
    : old.includes('_') || workspace.language === 'python'
      ? snake(joined)
      : camel(joined);
  if (occurrences(workspace, cased).length > 0) need(undefined, 'fresh name');
  return cased;
}

const headline = (random: Random): string => `# ${capital(new FreshWords(random).next())}`;

const notes = [
  'Buy milk',
  'Call Robin on Monday',
  'Release on Friday',
  'Remember the backup',
  'Nothing here yet',
  'Work in progress',
  'Hello world',
  'see README.md',
  'draft',
  'Ask the team first',
  '1.0.0',
  'Reviewed by Noor',
  'keep this file',
];

export const createFile: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  const [record] = workspace.domain.records;
  const usual = random.pick([
    ...notes,
    `# ${workspace.title}`,
    `Notes about ${record?.many ?? 'data'}`,
    `The ${record?.many ?? 'data'} are checked every ${random.pick(['day', 'week', 'month'])}.`,
    'node_modules/',
    '*.log',
    'export const answer = 42;',
    'print("hello")',
    `${record?.one ?? 'item'},amount`,
    `Version ${random.int(1, 9)}.${random.int(0, 9)}`,
  ]);
  const text = random.chance(0.5) ? random.pick([remark, headline])(random) : usual;
  const usualFile = random.pick([
    'notes.txt',
    'NOTES.md',
    'todo.txt',
    'docs/ideas.md',
    'hello.py',
    '.nvmrc',
    'VERSION',
    'ideas.md',
    'tmp/test.txt',
    'data/empty.csv',
    'src/answer.ts',
    'CONTRIBUTORS',
    'memo.md',
    'docs/plan.md',
    'scratch.js',
    'greeting.txt',
    'list.txt',
    'log.txt',
  ]);
  const word = new FreshWords(random).next();
  const file = random.chance(0.5)
    ? random.pick([
        `docs/${word}.md`,
        `${word}.txt`,
        `${word.toUpperCase()}.md`,
        `src/${word}.js`,
        `notes/${word}.md`,
        `${word}.py`,
      ])
    : usualFile;
  if (workspace.files.has(file)) need(undefined, 'free path');
  await ask(stage, 'create_file', { file, text });
  const options = maybeRefused(stage);
  await chat.call('file_write', { path: file, content: `${text}\n` }, options);
  if (options.refused) {
    const reason = options.refused.reason;
    const why = stage.trusted
      ? reason === undefined
        ? 'you said no'
        : `you said "${reason.replace(/[.!]$/, '')}"`
      : 'this folder is not trusted';
    chat.answer(`${code(file)} was not created: ${why}.`);
    return {};
  }
  if (chat.get(file) !== `${text}\n`) need(undefined, 'written file');
  chat.answer(`Created ${code(file)} with the text "${text}".`);
  return { file };
};

export const appendLine: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  if (random.chance(0.06)) return changeNowhere(stage, 'append_line');
  const list = random.chance(0.45) ? addList(stage) : undefined;
  const path =
    list?.path ??
    some(
      random,
      [...workspace.facts.values()]
        .filter(({ kind }) => kind === 'document' || kind === 'other' || kind === 'data')
        .map((each) => each.path)
        .concat([...workspace.files.keys()].filter((each) => each === 'requirements.txt'))
        .filter((each) => linesOf(workspace, each).length > 1 && !/\.json$|Makefile|LICENSE/.test(each)),
      'document',
    );
  const last = need(linesOf(workspace, path).at(-1), 'last line');
  if (last.trim() === '' || last.length > 120) need(undefined, 'last line');
  const lastTwo = linesOf(workspace, path).slice(-2).join('\n');
  const old =
    times(stage, path, last) === 1
      ? last
      : times(stage, path, lastTwo) === 1
        ? lastTwo
        : need<string>(undefined, 'single last line');
  const name = posix.basename(path);
  const text =
    list?.point ??
    (name === '.gitignore'
      ? random.pick([
          '*.bak',
          'tmp/',
          '.cache/',
          'secrets.env',
          '*.swp',
          'out/',
          `${new FreshWords(random).next()}/`,
          `*.${new FreshWords(random).next().slice(0, 4)}`,
        ])
      : name === 'requirements.txt'
        ? random.pick(['tqdm==4.66.1', 'httpx', 'attrs>=23'])
        : name.endsWith('.csv')
          ? random.pick(['Zoe,12,3,yes', 'birch,7,0,no', 'east,44,1,yes'])
          : random.chance(0.6)
            ? remark(random)
            : random.pick([
                ...notes,
                'Questions go to the issue tracker.',
                'Last checked in spring.',
                `Written by ${random.pick(['Robin', 'Noor', 'Kit'])}.`,
              ]));
  const named = spoken(stage, path, 0.15);
  await ask(stage, 'append_line', { file: named, text });
  await callNamed(stage, 'file_read', { named, path });
  const options = maybeRefused(stage);
  await edit(stage, { path, old, new: `${old}\n${text}` }, options);
  chat.answer(options.refused ? refusedText(stage, path, options) : `Added "${text}" at the end of ${code(path)}.`);
  return options.refused ? {} : { file: path, edit: { path, old, new: `${old}\n${text}`, value: text } };
};

export const removeLine: Play = async (stage) => {
  const { workspace, random, chat } = stage;
  if (random.chance(0.06)) return changeNowhere(stage, 'remove_line');
  const paths = [...workspace.facts.values()].filter(({ kind }) => kind !== 'test').map((each) => each.path);
  const path = random.chance(0.4)
    ? addList(stage).path
    : some(
        random,
        paths.filter((each) => linesOf(workspace, each).length > 3),
        'file',
      );
  const lines = linesOf(workspace, path);
  const choices = lines.filter((line) => removable(line, path) && times(stage, path, `${line}\n`) === 1);
  const line = some(random, choices, 'line to remove');
  const words = line.trim();
  if (/["`]/.test(words) && random.chance(0.5)) need(undefined, 'plain line');
  const named = spoken(stage, path, 0.15);
  await ask(stage, 'remove_line', { file: named, text: words });
  await callNamed(stage, 'file_read', { named, path });
  const options = maybeRefused(stage);
  await edit(stage, { path, old: `${line}\n`, new: '' }, options);
  chat.answer(options.refused ? refusedText(stage, path, options) : `Removed ${code(words)} from ${code(path)}.`);
  return options.refused ? {} : { file: path, edit: { path, old: `${line}\n`, new: '', value: '' } };
};

/** Lines that can go by themselves: entries, points, comments, imports, printed texts. */
function removable(line: string, path: string): boolean {
  const words = line.trim();
  if (words.length < 4 || words.length > 70 || words.includes('`')) return false;
  if (path.endsWith('.md')) return /^(?:- |[A-Z].*\.$)/.test(words);
  if (/\.(?:yaml|yml|toml)$/.test(path) || path.startsWith('.') || path.endsWith('.txt')) return !words.startsWith('[');
  if (path.endsWith('.csv')) return /\d/.test(words);
  return /^(?:\/\/ TODO|# TODO|import |from |use |console\.log\(|print\(|println!\()/.test(words);
}
