import { type Below, type Dialect, type FileBelow, mayFit, nameTest } from '../below.ts';
import { type Form, type FormReading, type Given, readForm } from '../form.ts';
import type { Listing } from '../listing.ts';

export const digits = /^\d+$/;

type NameTest = (name: string) => boolean;
const nothing: Pick<Below, 'links' | 'plain'> = { links: false, plain: false };

function has({ options }: FormReading, ...names: readonly string[]): boolean {
  return names.some((name) => options.has(name));
}

function valuesOf({ values }: FormReading, ...names: readonly string[]): string[] {
  return values.filter(({ option }) => names.includes(option)).map(({ value }) => value);
}

/** One of these values stands for names that nobody knows. */
function isOpen({ values }: FormReading, ...names: readonly string[]): boolean {
  return values.some(({ option, open }) => open && names.includes(option));
}

/** The patterns, and what they are a text without which nothing is shown. */
function shows(reading: FormReading, dialect: Dialect | undefined): Pick<Below, 'shows'> {
  // What stands in a file of patterns is not looked at.
  if (has(reading, 'f', 'file')) return {};
  const given = valuesOf(reading, 'e', 'regexp');
  const patterns = given.length > 0 ? given : reading.operands.slice(0, 1);
  // The first of names that nobody knows would be the pattern.
  const unknown = given.length === 0 ? reading.open : isOpen(reading, 'e', 'regexp');
  const fits = unknown || dialect === undefined || patterns.length === 0 ? undefined : mayFit(patterns, dialect);
  return fits === undefined ? {} : { shows: fits };
}

function keyed(name: string, { options, values, operands }: FormReading): string {
  return JSON.stringify([name, [...options], values, operands]);
}

/** The last of these letters would count; with two of them nothing is said. */
function dialectOf(reading: FormReading, usual: Dialect): Dialect | undefined {
  const given = (['fixed', 'extended', 'basic'] as const).filter((dialect) => has(reading, ...dialectOptions[dialect]));
  return given.length > 1 ? undefined : (given[0] ?? usual);
}

const dialectOptions: Record<Dialect, readonly string[]> = {
  fixed: ['F', 'fixed-strings'],
  extended: ['E', 'P', 'extended-regexp', 'perl-regexp'],
  basic: ['G', 'basic-regexp'],
};

/** Without one of these words all of a file could be shown. */
const inverted = ['v', 'invert-match', 'passthru'];

/** Of `grep`: with `-r` all files below, but for the names that are left out; with `-R` also what links lead to. */
export function grepBelow(usual: Dialect): NonNullable<Form['below']> {
  return (reading) => {
    const matching = has(reading, ...inverted) ? {} : shows(reading, dialectOf(reading, usual));
    const follows = has(reading, 'R', 'dereference-recursive');
    const files = { ...everything, follows, key: keyed('grep', reading), ...matching };
    if (!follows && !has(reading, 'r', 'recursive')) return { files };
    const below = { ...files, key: keyed('grep -r', reading), ...grepReaches(reading) };
    return { files: { ...below, deep: true }, folders: below };
  };
}

const everything = { hidden: true, ignored: true, ...nothing };

/** Where names to be read are given first, only those are; a name that is left out is, unless it is also given. */
function grepReaches(reading: FormReading): Pick<Below, 'reaches' | 'enters'> {
  const rules = reading.values.filter(({ option }) => option === 'include' || option === 'exclude');
  const included = tests(valuesOf(reading, 'include'));
  const excluded = tests(valuesOf(reading, 'exclude').filter((pattern) => !pattern.includes('{')));
  const folders = tests(valuesOf(reading, 'exclude-dir').filter((pattern) => !pattern.includes('{')));
  const onlyIncluded = rules[0]?.option === 'include' && included.known;
  const excludes = !rules.some(({ option }) => option === 'include');
  if (isOpen(reading, 'include', 'exclude', 'exclude-dir')) return {};
  return {
    enters: (folder) => !folders.all.some((test) => test(folder.split('/').at(-1) ?? '')),
    reaches: ({ path }) => {
      const name = path.split('/').at(-1) ?? '';
      if (onlyIncluded) return included.all.some((test) => test(name));
      return !(excludes && excluded.all.some((test) => test(name)));
    },
  };
}

/** The tests of those patterns that are understood, and whether these are all. */
function tests(patterns: readonly string[], nocase = false): { all: NameTest[]; known: boolean } {
  const all = patterns.map((pattern) => nameTest(pattern, nocase)).filter((test) => test !== undefined);
  return { all, known: all.length === patterns.length };
}

/** Endings of names by what ripgrep calls their type; of any other type it could be any file. */
const types: Readonly<Record<string, readonly string[]>> = {
  ts: ['ts', 'tsx', 'cts', 'mts'],
  typescript: ['ts', 'tsx', 'cts', 'mts'],
  js: ['js', 'jsx', 'vue', 'cjs', 'mjs'],
  py: ['py', 'pyi'],
  python: ['py', 'pyi'],
  go: ['go'],
  rust: ['rs'],
  java: ['java', 'jsp', 'jspx', 'properties'],
  c: ['c', 'h', 'H', 'cats'],
  cpp: ['C', 'H', 'cc', 'cpp', 'cxx', 'h', 'hh', 'hpp', 'hxx', 'inl'],
  css: ['css', 'scss'],
  html: ['htm', 'html', 'ejs'],
  md: ['md', 'markdown', 'mdown', 'mdwn', 'mkd', 'mkdn', 'mdx'],
  markdown: ['md', 'markdown', 'mdown', 'mdwn', 'mkd', 'mkdn', 'mdx'],
};

/** With one of these words some of what a `.gitignore` leaves out is searched. */
const unignored = [
  'u',
  'unrestricted',
  'no-ignore',
  'no-ignore-vcs',
  'no-ignore-dot',
  'no-ignore-parent',
  'no-ignore-exclude',
  'no-ignore-global',
  'no-ignore-files',
];

/** Of `rg`: what is hidden or ignored only where it is asked for; a pattern for names asks for all that it fits. */
export function ripgrepBelow(reading: FormReading): ReturnType<NonNullable<Form['below']>> {
  if (has(reading, 'files', 'type-list', 'V', 'version')) return {};
  const below = ripgrepFiles(reading);
  const open = has(reading, ...inverted, 'E', 'encoding') ? {} : shows(reading, dialectOf(reading, 'extended'));
  const { follows = false } = below;
  return { files: { ...everything, deep: true, follows, key: below.key, ...open }, folders: { ...below, ...open } };
}

function ripgrepFiles(reading: FormReading): Below {
  const follows = has(reading, 'L', 'follow');
  if (isOpen(reading, 'g', 'glob', 'iglob')) return { ...everything, follows, key: keyed('rg', reading) };
  const globs = valuesOf(reading, 'g', 'glob', 'iglob');
  const given = globs.filter((glob) => !glob.startsWith('!'));
  const left = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  // `--iglob` fits whatever the case; to leave out less than the program does is to be on the safe side.
  const included = tests(
    given.map((glob) => glob.replace(/^\*\*\//, '')),
    has(reading, 'iglob'),
  );
  const excluded = tests(left.map((glob) => glob.replace(/^\*\*\//, '')));
  const kinds = valuesOf(reading, 't', 'type');
  const known = !has(reading, 'type-add', 'type-clear') && kinds.every((kind) => Object.hasOwn(types, kind));
  const endings = known ? kinds.flatMap((kind) => types[kind] ?? []) : [];
  // A pattern for names may mean small letters too.
  const nocase = has(reading, 'glob-case-insensitive');
  const reaches = ({ path }: FileBelow): boolean => {
    const name = path.split('/').at(-1) ?? '';
    if (nocase) return true;
    // Of patterns that say both, the last would count.
    if (given.length === 0 && excluded.all.some((test) => test(name))) return false;
    if (given.length > 0) return !included.known || included.all.some((test) => test(name));
    return endings.length === 0 || endings.some((ending) => name.endsWith(`.${ending}`));
  };
  return {
    ...nothing,
    follows,
    // What a type or a pattern asks for is searched though it is hidden.
    hidden: given.length > 0 || kinds.length > 0 || has(reading, 'u', 'unrestricted', 'hidden', '.'),
    ignored: given.length > 0 || has(reading, ...unignored),
    reaches,
    key: keyed('rg', reading),
  };
}

/** Of `ag`, as of `rg`, but that it reads the rules of git in its own way; with `-g` it only lists names. */
export function agBelow(reading: FormReading): ReturnType<NonNullable<Form['below']>> {
  if (has(reading, 'g')) return {};
  const dialect: Dialect = has(reading, 'Q', 'literal') ? 'fixed' : 'extended';
  const files = {
    ...everything,
    deep: true,
    key: keyed('ag', reading),
    ...(has(reading, ...inverted) ? {} : shows(reading, dialect)),
  };
  const hidden = has(reading, 'u', 'unrestricted', 'hidden', 'a');
  return { files, folders: { ...files, hidden } };
}

/** Of `ack`: all files that it takes for text, whatever git leaves out. */
export function ackBelow(reading: FormReading): ReturnType<NonNullable<Form['below']>> {
  if (has(reading, 'g', 'f')) return {};
  const dialect: Dialect = has(reading, 'Q', 'literal') ? 'fixed' : 'extended';
  const matching = has(reading, ...inverted) ? {} : shows(reading, dialect);
  const files = { ...everything, deep: true, key: keyed('ack', reading), ...matching };
  return { files, folders: files };
}

/** Of `git grep`: what is tracked, or would be, below the folder that it stands in. */
export function gitGrepBelow(reading: FormReading): ReturnType<NonNullable<Form['below']>> {
  const first = reading.options.has('e') ? 0 : 1;
  const patterns = reading.operands.slice(Math.max(first, reading.separated ?? 0));
  // A `*` of git stands for slashes too: only patterns for endings are understood. Without one, and no `--` before it, it may be a commit.
  const sure = reading.separated !== undefined;
  const paths = patterns.map((pattern) => (sure || pattern.includes('*') ? pathTest(pattern) : undefined));
  const byName = patterns.length > 0 && !paths.includes(undefined) && !reading.uncounted;
  return {
    here: {
      ...nothing,
      hidden: true,
      ignored: has(reading, 'no-exclude-standard'),
      tracked: !has(reading, 'untracked'),
      key: keyed('git grep', reading),
      ...(has(reading, ...inverted, 'and', 'not') ? {} : shows(reading, dialectOf(reading, 'basic'))),
      ...(byName && { reaches: ({ path }: FileBelow) => paths.some((test) => test?.(path) === true) }),
    },
  };
}

/** Of `git diff --no-index`: all files of both folders, as with `diff -r`. */
export function gitDiffBelow(reading: FormReading): ReturnType<NonNullable<Form['below']>> {
  if (!has(reading, 'no-index')) return gitShows(true)(reading);
  return comparesBelow('git diff --no-index')(reading);
}

/** Of a program that compares folders with all that is in them. */
export function comparesBelow(name: string): NonNullable<Form['below']> {
  return (reading) => ({ folders: { ...everything, key: keyed(name, reading) } });
}

/** With one of these git sums differences up, unless it is asked for them as well. */
const summed =
  'stat numstat shortstat dirstat summary compact-summary name-only name-status raw s no-patch quiet'.split(' ');
const patched =
  'p u patch diff-merges remerge-diff dd m U unified patch-with-raw patch-with-stat c cc binary function-context W word-diff color-words'.split(
    ' ',
  );

/**
 * Of commands of git that show contents, as differences or as they are: any file that git knows may be among them. One of npm is
 * shown with all others, since whoever has the repository has it.
 *
 * @param unasked they do so without an option that asks for it; of an `object` that is a file, whatever they are asked for
 */
export function gitShows(unasked: boolean | 'object'): NonNullable<Form['below']> {
  return (reading) => {
    const { operands, separated } = reading;
    const mayBeFile = unasked === 'object' && operands.slice(0, separated).some((operand) => object.test(operand));
    const shows = mayBeFile || has(reading, ...patched) || (unasked !== false && !has(reading, ...summed));
    const named =
      operands.length > 0 &&
      !has(reading, ...moreCommits) &&
      operands.every((operand, at) => at < (separated ?? Infinity) && isOfCommit(operand));
    if (!shows) return {};
    // Of two folders of commits the differences are shown of what lies below.
    if (named && unasked !== true) return {};
    const wanted = named
      ? operands.map((operand) => pathTest(operand.replace(/^[^:]*:(?:[0-3]:)?/, '')))
      : separated === undefined
        ? []
        : operands.slice(separated).map(pathTest);
    const limited = wanted.length > 0 && !wanted.includes(undefined) && !reading.uncounted;
    const reaches = ({ path }: FileBelow): boolean =>
      path.split('/').at(-1) !== '.npmrc' && (!limited || wanted.some((test) => test?.(path) === true));
    return { here: { ...everything, tracked: true, whole: true, reaches, key: keyed('git shows', reading) } };
  };
}

/**
 * A file of a commit or of the index, which is judged by its own name; `:/text` is a commit, and `:!x` what is left out. In `@{23:59}` and
 * `^{/text}` a colon is none, and what ends in `-g` and a hash is the object of that hash, whatever stands before it.
 */
function isOfCommit(operand: string): boolean {
  if (/-g[0-9a-f]{4,64}|\.\./i.test(operand)) return false;
  return /^[^:{}]*:(?:[0-3]:)?[\w.]/.test(operand.replaceAll(/[@^]\{[^{}]*\}/g, ''));
}
/** With one of these commits are taken that no operand names. */
const moreCommits = 'all branches tags remotes glob reflog g walk-reflogs bisect merge alternate-refs'.split(' ');
/** The name of any object, a file as well as a commit. */
const object = /^(?:.*-g)?[0-9a-f]{4,64}(?:\^\{[^}]*\})*$/i;

/** `git cat-file blob OBJECT` and `-p`: all of one file, and only of its kind otherwise. */
export function gitCatFile(reading: FormReading): ReturnType<NonNullable<Form['below']>> {
  const [kind, ...others] = reading.operands;
  const blob = kind === 'blob';
  return gitShows(blob)({ ...reading, operands: blob ? others : reading.operands });
}

/** A folder, a file, or a pattern for an ending; undefined: git may understand it otherwise. */
function pathTest(given: string): NameTest | undefined {
  const [, ending] = /^(?:[\w-]+\/)*\*(\.[\w.]+)$/.exec(given) ?? [];
  if (ending !== undefined) return (path) => path.endsWith(ending);
  if (!/^\w[\w.-]*(?:\/[\w-][\w.-]*)*\/?$/.test(given)) return undefined;
  const folder = given.replace(/\/$/, '');
  return (path) => path === folder || path.startsWith(`${folder}/`);
}

/** Options of `git diff` with which it prints names and nothing else. */
const plainNames =
  /^(?:name-only|cached|staged|diff-filter|z|relative|no-renames|M|find-renames|merge-base|no-color|w|b)$/;

/**
 * The names of changed files, from where the repository begins. Against the index, or without those that are gone, all of them are in
 * the index; of two commits, and of what is gone, they need not be.
 */
function changedFiles(words: readonly Given[], form: Form | undefined): Listing | undefined {
  const reading = form === undefined ? undefined : readForm(words, form);
  if (reading?.fits !== true || !has(reading, 'name-only')) return undefined;
  const { options, operands, values, separated = operands.length } = reading;
  if (![...options].every((option) => plainNames.test(option))) return undefined;
  const before = words.findIndex(({ text }) => text === '--');
  if (words.slice(0, before === -1 ? words.length : before).some(({ glob }) => glob)) return undefined;
  const present = values.some(({ option, value }) => option === 'diff-filter' && /^(?:[ACMRTUXB]+|d)$/.test(value));
  const one = separated === 0 || (separated === 1 && !operands[0]?.includes('..'));
  const indexed = one && (present || (separated === 0 && !has(reading, 'cached', 'staged')));
  const below: Below = { ...everything, links: true, plain: true, tracked: true, key: keyed('git diff', reading) };
  return {
    folders: [{ folder: '.', below }],
    zero: has(reading, 'z'),
    ...(has(reading, 'relative') ? {} : { top: true }),
    ...(indexed ? {} : { loose: true }),
  };
}

/** Of a commit, in one line: without its message, the notes to it and what begins another one. */
const inLine = String.raw`(?:[^%\n]|%(?:[HhTtPpsfDd]|[ac][nedrisI]))*`;

/** Hashes of commits and nothing else, or with more behind each. */
function listedCommits(name: string, words: readonly Given[]): Listing | undefined {
  const formats = words.filter(({ text }) => name === 'log' && /^--(?:format=|pretty=|oneline$)/.test(text));
  const others = words.filter((word) => !formats.includes(word));
  const several = /^(?:-n|\d+|-n\d+|-\d+|--no-merges|--reverse|--all|[\w@][\w@./~^-]*)$/;
  const plainly = words.every(({ glob }) => !glob) && others.every(({ text }) => several.test(text));
  const [format, ...more] = formats.map(({ text }) => text);
  if (!plainly || more.length > 0 || (format === undefined) !== (name === 'rev-list')) return undefined;
  if (format === undefined || /^--\w+=(?:format:)?%[hH]$/.test(format))
    return { folders: [], zero: false, commits: true };
  const first = new RegExp(`^--(?:oneline|\\w+=(?:format:)?%[hH] ${inLine})$`).test(format);
  return first ? { folders: [], zero: false, commitFirst: true } : undefined;
}

/** What `git ls-files` and `git grep -l` list: of patterns only those that stand for an ending. */
export function gitLists(forms: Readonly<Record<string, Form>>): (words: readonly Given[]) => Listing | undefined {
  return ([command, ...words]) => {
    const name = command?.text ?? '';
    if (name === 'diff') return changedFiles(words, forms[name]);
    if (name === 'log' || name === 'rev-list') return listedCommits(name, words);
    const form = name === 'ls-files' || name === 'grep' ? forms[name] : undefined;
    if (form === undefined) return undefined;
    const reading = readForm(words, form);
    const { fits, options, operands } = reading;
    const own = name === 'grep' ? /^(?:[liwEFPGrn0zIe]|name-only|files-with-matches|null)$/ : /^[cz]$/;
    if (!fits || ![...options].every((option) => own.test(option) || option === 'cached')) return undefined;
    if (name === 'grep' && !has(reading, 'l', 'name-only', 'files-with-matches')) return undefined;
    const grep = name === 'grep' ? gitGrepBelow(reading).here : undefined;
    const paths = name === 'grep' ? [] : operands;
    const wanted = paths.map(pathTest);
    const below: Below = {
      ...everything,
      links: true,
      plain: true,
      tracked: true,
      key: keyed(`git ${name}`, reading),
      ...(grep?.shows && { shows: grep.shows }),
      ...(grep?.reaches && { reaches: grep.reaches }),
      ...(wanted.length > 0 &&
        !wanted.includes(undefined) && {
          reaches: ({ path }: FileBelow) => wanted.some((test) => test?.(path) === true),
        }),
    };
    return { folders: [{ folder: '.', below }], zero: has(reading, 'z', 'null') };
  };
}

/** Of `diff`: the files of both folders, with `-r` also of those in them, and without `--no-dereference` what links lead to. */
export function diffBelow(reading: FormReading): ReturnType<NonNullable<Form['below']>> {
  // What both sides are fed is no folder.
  if (!reading.paths.some(({ effect }) => effect === 'read')) return {};
  const recursive = has(reading, 'r', 'recursive');
  const excluded = tests(valuesOf(reading, 'x', 'exclude').filter((pattern) => !pattern.includes('{')));
  return {
    // One that is listed may be a folder.
    files: { ...everything, deep: true, key: keyed('diff of listed', reading) },
    folders: {
      ...everything,
      follows: !has(reading, 'no-dereference'),
      key: keyed('diff', reading),
      enters: (folder) => recursive && !excluded.all.some((test) => test(folder.split('/').at(-1) ?? '')),
      reaches: ({ path }) => !excluded.all.some((test) => test(path.split('/').at(-1) ?? '')),
    },
  };
}

/** Words with which `grep` and `rg` still print names as they are, where they print names, and nothing besides. */
const stillNames = new Set(
  `files l files-with-matches e regexp f file i ignore-case S smart-case s case-sensitive no-messages F fixed-strings w word-regexp
  x line-regexp E extended-regexp G basic-regexp P perl-regexp v invert-match m max-count n line-number H with-filename I a text
  U multiline multiline-dotall q r recursive R dereference-recursive include exclude exclude-dir g glob iglob
  glob-case-insensitive t type T type-not hidden . follow sort sortr max-depth d j threads 0 null Z binary-files ${unignored.join(' ')}`.split(
    /\s+/,
  ),
);

function listsPlainly({ fits, options, values }: FormReading): boolean {
  const plainly = [...options].every((option) => stillNames.has(option) || option === 'color' || option === 'colour');
  return fits && plainly && values.every(({ option, value }) => !/^colou?r$/.test(option) || value === 'never');
}

/** The names of the files with a match, where it prints nothing else. */
export function listsMatches(form: Form, zero: readonly string[]): (words: readonly Given[]) => Listing | undefined {
  return (words) => {
    const reading = readForm(words, form);
    const names = has(reading, 'l', 'files-with-matches') && !reading.operands.includes('-');
    if (!names || !listsPlainly(reading)) return undefined;
    const folders: { folder: string; below: Below }[] = [];
    for (const { path, below, glob, effect } of reading.paths) {
      // The value of an option that no file is called by.
      if (effect === 'nothing') continue;
      if (below === undefined || (glob && /[*?[{]/.test(path))) return undefined;
      folders.push({ folder: path, below: { ...below, plain: true, links: below.follows === true } });
    }
    // Of its input it prints a name that is none.
    return folders.length === 0 ? undefined : { folders, zero: has(reading, ...zero) };
  };
}

/** Files that ripgrep only lists are read by nobody else than by who is fed with their names. */
export function ripgrepLists(form: Form): (words: readonly Given[]) => Listing | undefined {
  const matches = listsMatches(form, ['0', 'null']);
  return (words) => {
    const reading = readForm(words, form);
    if (!has(reading, 'files')) return matches(words);
    if (!listsPlainly(reading)) return undefined;
    const found = ripgrepFiles(reading);
    const below = { ...found, plain: true, links: found.follows === true };
    const given = reading.paths.map(({ path }) => path);
    if (reading.paths.some(({ glob }) => glob)) return undefined;
    return {
      folders: (given.length > 0 ? given : ['.']).map((folder) => ({ folder, below })),
      zero: has(reading, '0', 'null'),
    };
  };
}

/** Words of `grep` with which it prints lines as they are. */
const asTheyAre = new Set(
  'v i E F P w x e invert-match ignore-case extended-regexp fixed-strings perl-regexp word-regexp line-regexp regexp'.split(
    ' ',
  ),
);

export function grepPasses(form: Form): (words: readonly Given[]) => boolean {
  return (words) => {
    const { fits, options, paths } = readForm(words, form);
    // Another encoding makes other names.
    if (form.values?.['E'] !== undefined && options.has('E')) return false;
    return fits && paths.length === 0 && [...options].every((option) => asTheyAre.has(option));
  };
}
