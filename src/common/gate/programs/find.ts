import { textForEach } from './forEach.ts';
import type { Below, FileBelow } from '../below.ts';
import { nameTest } from '../below.ts';
import { type CommandPath, type Given, isUncounted, oneOf, pathOf } from '../form.ts';
import { filesOf, type Listing } from '../listing.ts';
import type { Inner, Reading } from '../program.ts';

/** Tests whose value is a text or a number. */
const valued = new Set(
  (
    'name iname path ipath wholename iwholename regex iregex regextype type size mtime mmin ctime cmin atime amin ' +
    'maxdepth mindepth perm user group uid gid links inum lname ilname newermt newerct newerat used fstype printf'
  ).split(' '),
);
const withFile = new Set(['newer', 'anewer', 'cnewer', 'samefile']);
const alone = new Set(
  (
    'not a and o or empty prune print print0 ls quit daystart depth true false mount xdev nouser nogroup executable ' +
    'readable writable noleaf nowarn warn ignore_readdir_race'
  ).split(' '),
);

/** Whether a file is come to: yes, no, or nobody knows before. */
type Answer = boolean | undefined;
interface State {
  path: string;
  /** Undefined: it is any file below the folder `path`. */
  name: string | undefined;
  type: 'file' | 'link' | 'folder' | undefined;
  /** The action was come to, perhaps. */
  hit: boolean;
  /** `-prune` was come to, for sure. */
  pruned: boolean;
  /** What decides whether it is come to this test is not known. */
  unsure: boolean;
}
type Test = (state: State) => Answer;

/** The words of `find`, taken apart. */
interface Find {
  folders: Given[];
  tests: Given[];
  paths: CommandPath[];
  fits: boolean;
  /** The words behind `-exec`, without what ends them. */
  exec: Given[] | undefined;
  /** It is run for each name by itself. */
  single: boolean;
}

/** Folders first, then tests. Of the actions only those are listed that print, and one `-exec` of what is on the list. */
function takeApart(words: readonly Given[]): Find {
  const found: Find = { folders: [], tests: [], paths: [], fits: true, exec: undefined, single: false };
  let at = 0;
  for (let word = words[at]; word !== undefined && !beginsTests(word); word = words[++at]) {
    // A file may be called like a test or an action.
    if (word.glob && word.one !== true && /^[*?[]/.test(word.text)) found.fits = false;
    if (ownOptions.has(word.text)) continue;
    found.folders.push(word);
    found.paths.push({ ...pathOf(word), nameOnly: true });
  }
  for (let word = words[at]; word !== undefined; word = words[++at]) {
    if (word.glob) found.fits = false;
    found.tests.push(word);
    const name = word.text.startsWith('-') ? word.text.slice(1) : undefined;
    if (/^[(),!]$/.test(word.text) || (name !== undefined && alone.has(name))) continue;
    if (name === 'exec' && found.exec === undefined) {
      const end = words.findIndex((each, place) => place > at && endsExec(each, words[place - 1]));
      if (end === -1) return { ...found, fits: false };
      found.exec = words.slice(at + 1, end);
      found.single = words[end]?.text === ';';
      at = end;
      continue;
    }
    const value = words[at + 1];
    const counted = value !== undefined && !isUncounted(value);
    if (name === undefined || !counted || (!valued.has(name) && !withFile.has(name))) {
      found.fits = false;
      continue;
    }
    found.tests.push(value);
    if (withFile.has(name)) {
      if (value.glob) found.fits = false;
      found.paths.push({ effect: 'read', path: value.text, glob: value.glob, nameOnly: true });
    } else if (value.glob) found.paths.push({ effect: 'nothing', path: value.text, glob: true });
    at++;
  }
  return found;
}

/** Links are not followed; expressions are extended ones, elsewhere. */
const ownOptions = new Set(['-P', '-E', '-O1', '-O2', '-O3']);

function beginsTests({ text }: Given): boolean {
  return /^[-(!,]/.test(text) && !ownOptions.has(text);
}

/** `;`, or `+` behind `{}`. */
function endsExec({ text }: Given, before: Given | undefined): boolean {
  return text === ';' || (text === '+' && before?.text === '{}');
}

export function readFind(words: readonly Given[]): Reading {
  const { paths, fits, exec } = takeApart(words);
  return { paths, does: fits && exec === undefined ? 'looks' : 'asks' };
}

/** What `-exec` runs, with the files that are found in the place of `{}`. */
export function findRuns(words: readonly Given[]): Inner | undefined {
  const find = takeApart(words);
  const { exec, folders, paths, fits } = find;
  if (exec === undefined || !fits) return undefined;
  const listed = listing(find, false);
  const each =
    listed === undefined || folders.some(({ text }) => text.startsWith('-'))
      ? undefined
      : textForEach(exec, '{}', true, listed);
  if (each !== undefined) return { words: exec, does: 'looks', paths, each };
  const named = exec.filter(({ text }) => text.includes('{}'));
  if (listed === undefined || named.length !== 1 || named[0]?.text !== '{}' || exec[0]?.text === '{}') {
    return { words: exec, does: 'asks', paths };
  }
  // Names begin with the folder: where that is an option, they are as well.
  const does = folders.some(({ text }) => text.startsWith('-')) ? 'asks' : 'looks';
  const names = filesOf(listed).map((name) => (find.single ? oneOf(name) : name));
  return { words: exec.flatMap((word) => (word.text === '{}' ? names : [word])), does, paths };
}

/** The names that it prints, each on a line of its own or with a NUL behind it. */
export function listsFound(words: readonly Given[]): Listing | undefined {
  const find = takeApart(words);
  if (!find.fits || find.exec !== undefined) return undefined;
  return listing(find, true);
}

const printers = new Set(['-print', '-print0', '-exec']);

function listing({ folders, tests, exec }: Find, plain: boolean): Listing | undefined {
  const texts = tests.map(({ text }) => text);
  if (texts.some((text) => text === '-printf' || text === '-ls') || folders.some(({ glob }) => glob)) return undefined;
  const actions = new Set(texts.filter((text) => printers.has(text)));
  if (exec === undefined && actions.size > 1) return undefined;
  // These compare the name as it is written, with the folder before it.
  const whole =
    folders.some((folder) => folder.whole === true) && texts.some((text) => /^-i?(?:path|wholename|regex)$/.test(text));
  const test = whole ? undefined : expression(texts);
  const names = folders.length === 0 ? ['.'] : folders.map(({ text }) => text);
  const key = JSON.stringify(texts);
  const onlyFiles =
    / -type f /.test(` ${texts.join(' ')} `) && !texts.some((text) => /^(?:-o|-or|!|-not|,)$/.test(text));
  return {
    zero: actions.has('-print0'),
    folders: names.map((folder) => ({
      folder,
      below: {
        hidden: true,
        ignored: true,
        links: true,
        plain: plain && !actions.has('-print0'),
        folders: !onlyFiles,
        key: `find ${folder} ${key}`,
        ...(test === undefined
          ? {}
          : reaching(test, folder, actions.size > 0, !texts.some((text) => /^-(?:min)?depth$/.test(text)))),
      } satisfies Below,
    })),
  };
}

function reaching(test: Test, folder: string, acts: boolean, prunes: boolean): Pick<Below, 'reaches' | 'enters'> {
  const begin = (path: string, name: string | undefined, type: State['type']): State => {
    const whole = folder.endsWith('/') ? folder + path : `${folder}/${path}`;
    return { path: whole, name, type, hit: false, pruned: false, unsure: false };
  };
  const isReached = (state: State): boolean => {
    const result = test(state);
    return state.hit || (!acts && result !== false);
  };
  return {
    reaches: ({ path, link }: FileBelow) => isReached(begin(path, path.split('/').at(-1), link ? 'link' : 'file')),
    enters: (path) => {
      const itself = begin(path, path.split('/').at(-1), 'folder');
      test(itself);
      return !(prunes && itself.pruned) && isReached(begin(path, undefined, undefined));
    },
  };
}

/** The second test where the first does not decide; whether it is come to it may be unknown then. */
function second(test: Test, state: State, first: Answer): Answer {
  const { unsure } = state;
  state.unsure = unsure || first === undefined;
  const answer = test(state);
  state.unsure = unsure;
  return answer;
}

/** The tests as one; undefined where they are not understood. Each word stands for itself: there is no other way to write one. */
function expression(words: readonly string[]): Test | undefined {
  const rest = [...words];
  if (rest.length === 0) return () => true;
  const test = either(rest);
  return rest.length === 0 ? test : undefined;
}

function either(rest: string[]): Test | undefined {
  let left = both(rest);
  while (left !== undefined && (rest[0] === '-o' || rest[0] === '-or')) {
    rest.shift();
    const [one, other] = [left, both(rest)];
    if (other === undefined) return undefined;
    left = (state) => {
      const first = one(state);
      if (first === true) return true;
      const next = second(other, state, first);
      return first === false ? next : next === true ? true : undefined;
    };
  }
  return left;
}

function both(rest: string[]): Test | undefined {
  let left = negated(rest);
  while (left !== undefined && rest[0] !== undefined && !['-o', '-or', ')', ','].includes(rest[0])) {
    if (rest[0] === '-a' || rest[0] === '-and') rest.shift();
    const [one, other] = [left, negated(rest)];
    if (other === undefined) return undefined;
    left = (state) => {
      const first = one(state);
      if (first === false) return false;
      const next = second(other, state, first);
      return first === true ? next : next === false ? false : undefined;
    };
  }
  return left;
}

function negated(rest: string[]): Test | undefined {
  if (rest[0] !== '!' && rest[0] !== '-not') return primary(rest);
  rest.shift();
  const test = negated(rest);
  if (test === undefined) return undefined;
  return (state) => {
    const answer = test(state);
    return answer === undefined ? undefined : !answer;
  };
}

function primary(rest: string[]): Test | undefined {
  const word = rest.shift();
  if (word === undefined) return undefined;
  if (word === '(') {
    const inner = either(rest);
    return rest.shift() === ')' ? inner : undefined;
  }
  const name = word.slice(1);
  if (printers.has(word)) {
    return (state) => {
      state.hit = true;
      // What a program answers is not known.
      return word === '-exec' ? undefined : true;
    };
  }
  if (!valued.has(name) && !withFile.has(name)) return alone.has(name) ? simple(name) : undefined;
  const value = rest.shift();
  return value === undefined ? undefined : compared(name, value);
}

function simple(name: string): Test | undefined {
  if (name === 'prune') {
    return (state) => {
      state.pruned ||= !state.unsure;
      return true;
    };
  }
  if (['true', 'depth', 'daystart', 'mount', 'xdev'].includes(name)) return () => true;
  return name === 'false' ? () => false : () => undefined;
}

function compared(name: string, value: string): Test {
  const nocase = name.startsWith('i');
  switch (name) {
    case 'name':
    case 'iname': {
      const test = nameTest(value, nocase);
      return test === undefined || value.includes('{')
        ? () => undefined
        : ({ name: own }) => (own === undefined ? undefined : test(own));
    }
    case 'path':
    case 'ipath':
    case 'wholename':
    case 'iwholename': {
      const test = pathTest(value, nocase);
      return test === undefined ? () => undefined : (state) => comparePath(value, test, state);
    }
    case 'type':
      return ({ type }) =>
        type === undefined ? undefined : kinds[value] === undefined ? undefined : kinds[value] === type;
    case 'maxdepth':
    case 'mindepth':
    case 'regextype':
      return () => true;
    default:
      return () => undefined;
  }
}

const kinds: Readonly<Record<string, State['type']>> = { f: 'file', l: 'link', d: 'folder' };

/** Of any file below a folder it is known where the pattern leaves open how the path ends, and fits the folder already. */
function comparePath(pattern: string, test: RegExp, { path, name }: State): Answer {
  if (name !== undefined) return test.test(path);
  return pattern.endsWith('*') && test.test(`${path}/`) ? true : undefined;
}

/** Here `*` and `?` stand for slashes and dots as well. */
function pathTest(pattern: string, nocase: boolean): RegExp | undefined {
  if (!/^[\w.~@%+=:,/*? -]+$/.test(pattern)) return undefined;
  const source = pattern
    .replaceAll(/[.+]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${source}$`, nocase ? 'i' : '');
}
