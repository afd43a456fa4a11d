import type { Below, FileBelow } from '../below.ts';
import { type Form, type FormReading, type Given, oneOf, readForm } from '../form.ts';
import { filesOf, type Listing } from '../listing.ts';
import type { Inner, Program, Reading } from '../program.ts';
import { digits } from './searching.ts';

const colors = ['never', 'auto', 'always'];

/** Links are never followed, and no other folder is gone to. */
const fd: Form = {
  flags: 'HIusigFap01ql',
  values: {
    t: 'text',
    e: 'text',
    d: digits,
    E: 'text',
    S: 'text',
    c: colors,
    j: digits,
    type: 'text',
    extension: 'text',
    exclude: 'text',
    size: 'text',
    color: colors,
    'max-depth': digits,
    'min-depth': digits,
    'exact-depth': digits,
    'max-results': digits,
    'changed-within': 'text',
    'changed-before': 'text',
    'changed-after': 'text',
    newer: 'text',
    older: 'text',
    'path-separator': 'text',
    'strip-cwd-prefix': ['always', 'auto', 'never'],
    and: 'text',
    owner: 'text',
    threads: digits,
  },
  long: [
    'hidden',
    'no-hidden',
    'no-ignore',
    'no-ignore-vcs',
    'no-ignore-parent',
    'no-require-git',
    'unrestricted',
    'case-sensitive',
    'ignore-case',
    'glob',
    'regex',
    'fixed-strings',
    'absolute-path',
    'relative-path',
    'full-path',
    'list-details',
    'print0',
    'quiet',
    'prune',
    'one-file-system',
    'show-errors',
    'strip-cwd-prefix',
    'version',
    'help',
  ],
  operands: { first: ['text'], rest: 'name' },
};

const runners = new Set(['-x', '--exec', '-X', '--exec-batch']);

/** The words before `-x` and those of what it runs. */
function takeApart(words: readonly Given[]): { own: readonly Given[]; runs: readonly Given[] | undefined } {
  const at = words.findIndex(({ text }) => runners.has(text));
  if (at === -1) return { own: words, runs: undefined };
  const behind = words.slice(at + 1);
  const end = behind.findIndex(({ text }) => text === ';');
  // What stands behind the end of that program is the pattern, folders or options once more.
  return {
    own: [...words.slice(0, at), ...(end === -1 ? [] : behind.slice(end + 1))],
    runs: end === -1 ? behind : behind.slice(0, end),
  };
}

function readFd(words: readonly Given[]): Reading {
  const { own, runs } = takeApart(words);
  const { paths, fits } = readForm(own, fd);
  return { paths, does: fits && runs === undefined ? 'looks' : 'asks' };
}

function has({ options }: FormReading, ...names: readonly string[]): boolean {
  return names.some((name) => options.has(name));
}

/** The names that it lists: those whose endings were asked for, or any. */
function listing(own: readonly Given[], plain: boolean): Listing | undefined {
  const reading = readForm(own, fd);
  if (
    !reading.fits ||
    reading.open ||
    has(
      reading,
      'l',
      'list-details',
      'version',
      'V',
      'help',
      'h',
      'c',
      'color',
      'q',
      'quiet',
      'path-separator',
      'a',
      'absolute-path',
    )
  ) {
    return undefined;
  }
  if (reading.paths.some(({ glob }) => glob)) return undefined;
  const endings = reading.values
    .filter(({ option }) => option === 'e' || option === 'extension')
    .map(({ value }) => `.${value.replace(/^\./, '').toLowerCase()}`);
  const types = reading.values.flatMap(({ option, value }) => (option === 't' || option === 'type' ? [value] : []));
  const all = has(reading, 'u', 'unrestricted');
  const below: Below = {
    hidden: all || has(reading, 'H', 'hidden'),
    ignored: all || [...reading.options].some((option) => option === 'I' || option.startsWith('no-')),
    links: true,
    plain,
    folders: types.length === 0 || types.some((type) => type !== 'f' && type !== 'file'),
    key: JSON.stringify(['fd', [...reading.options], reading.values, reading.operands]),
    ...(endings.length > 0 && {
      reaches: ({ path }: FileBelow) => endings.some((ending) => path.toLowerCase().endsWith(ending)),
    }),
  };
  const folders = reading.paths.map(({ path }) => path);
  return {
    folders: (folders.length > 0 ? folders : ['.']).map((folder) => ({ folder, below })),
    zero: has(reading, '0', 'print0'),
  };
}

function lists(words: readonly Given[]): Listing | undefined {
  const { own, runs } = takeApart(words);
  return runs === undefined ? listing(own, !readForm(own, fd).options.has('0')) : undefined;
}

/** What `-x` runs, with the files in the place of `{}`, or behind all else. Folders are found as well, which are named and not read. */
function runs(words: readonly Given[]): Inner | undefined {
  const { own, runs: exec } = takeApart(words);
  if (exec === undefined) return undefined;
  const { paths, fits } = readForm(own, fd);
  // Whether a name begins with its folder depends on the version.
  const listed = listing(own, true);
  const named = exec.filter(({ text }) => /\{[./]*\}/.test(text));
  const [first] = exec;
  const known = named.length === 0 || (named.length === 1 && named[0]?.text === '{}' && first?.text !== '{}');
  if (!fits || first === undefined) return undefined;
  // Whoever looks for secrets by their names means them, also where there are none yet.
  const secrets = own.some(
    ({ text }, at) =>
      /env|key|pem|secret|cred|ssh|aws|token|netrc|npmrc|id_/i.test(text) &&
      !/^--?\w[\w-]*$/.test(text) &&
      !/^(?:-E|--exclude)$/.test(own[at - 1]?.text ?? ''),
  );
  if (listed === undefined || !known || secrets) return { words: exec, does: 'asks', paths };
  const single =
    own.length + exec.length < words.length && words.some(({ text }) => text === '-x' || text === '--exec');
  const files = filesOf(listed).map((name) => (single ? oneOf(name) : name));
  const inner =
    named.length === 0 ? [...exec, ...files] : exec.flatMap((word) => (word.text === '{}' ? files : [word]));
  return { words: inner, does: 'looks', paths };
}

export const fdProgram: Program = {
  names: ['fd', 'fdfind'],
  read: readFd,
  runs,
  lists,
  match: [
    "fd '\\.ts$' src",
    'fd -e ts -E node_modules',
    'fd -t f . src | head',
    "fd -g '*.test.ts'",
    'fdfind -H gitignore',
    'fd -e ts -x wc -l',
    'fd --type f --extension go --exec wc -l',
    'fd -e ts -x head -1 {}',
    'fd -e md -X grep -l foo',
    'fd -e py -E .venv -x wc -l',
    'fd -0 -e ts | xargs -0 wc -l',
    'fd -e ts | xargs grep -n foo',
    'fd -l',
  ],
  noMatch: [
    'fd -x rm',
    'fd a -X rm',
    'fd --exec rm',
    'fd --exec-batch=rm a',
    'fd -e ts -x sed -i s/a/b/',
    'fd -e ts -x sh -c id',
    'fd -e ts -x {}',
    'fd -e ts -x cat {.}',
    'fd -e ts -x cat {} {}',
    'fd -e ts -x cat {} /etc/passwd',
    'fd -x cat \\; -x rm',
    'fd -e ts -x uniq a',
    'fd -Hx rm',
    'fd -H .env -x cat',
    'fd -L a',
    'fd --follow a',
    'fd --ignore-file x a',
    'fd --base-directory / a',
    'fd -C / a',
    'fd --search-path / a',
    'fd a /etc',
    'fd . /etc -x cat',
  ],
};
