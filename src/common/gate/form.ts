import { type Below, together } from './below.ts';

/**
 * What an option's value or an operand is. `text` is data that no file is named by; `read` and `write` name a file or
 * folder, `name` one of which names, sizes and the like are shown and nothing of what stands in it; `output` is a file to be
 * written, where `/dev/null` means none; `product` is one that is written too, but by a build or a test run and among such things
 * as these make anew each time (`products`); `test` is a path with the name or the line of a test behind it (`a.py::total`,
 * `a.ts:12`); `revision` is git's (`HEAD~2`, `main:src/a.ts`) or a path; `lines` is git's too (`10,20:src/a.ts`); a list, a
 * pattern or a function says which words there may be.
 */
export type Takes =
  | 'text'
  | 'number'
  | 'read'
  | 'name'
  | 'write'
  | 'output'
  | 'product'
  | 'test'
  | 'revision'
  | 'lines'
  | readonly string[]
  | RegExp
  | ((text: string) => boolean);

export interface Operands {
  /** The first ones, in order. */
  first?: readonly Takes[];
  /** Options with which the first operands are left out: the pattern of `grep -e`. */
  unless?: readonly string[];
  /** Options without one of which there may be none: `git branch NAME` makes a branch, `git branch --list NAME` does not. */
  onlyWith?: readonly string[];
  /** All others; absent: there may be none. */
  rest?: Takes;
  /** The last one of several, where it differs: what `cp` writes. Not with one of `unless` either. */
  last?: Takes;
  /** There must be so many at least. */
  least?: number;
}

/** What a program or one of its sub-commands may be given without leaving the list. Everything else is unknown. */
export interface Form {
  /** Letters without a value; they may be bundled. */
  flags?: string;
  /** Long options without a value, without dashes. Never abbreviated. */
  long?: readonly string[];
  /**
   * Options with a value, letters and long ones, without dashes: `-n 5`, `-n5`, `--lines 5`, `--lines=5`. A letter that is in
   * `flags` as well takes it without a blank alone, a long one that is in `long` as well behind `=` alone.
   */
  values?: Readonly<Record<string, Takes>>;
  /** Long options have one dash or two, and letters are not bundled, as in Go and Java. */
  oneDash?: boolean;
  /** `-5` is a number of lines. */
  count?: boolean;
  /** Options that are allowed as they are written here and not otherwise, with their dashes: `--watch=false`. */
  exact?: readonly string[];
  /** What stands behind the first operand belongs to that: an option there is not on the list. */
  optionsFirst?: boolean;
  /**
   * How words are told apart where it is not done as getopt does it. `argparse`: a word with a dash is an option wherever it
   * stands. `loose`: moreover a letter has its value in a word of its own, because `-tx` may be `-t -x`.
   */
  parser?: 'argparse' | 'loose';
  /** `@NAME` stands for the words in that file, so it is not on the list. */
  responseFiles?: boolean;
  /** The first operand ends the options: what follows is an operand, even with a dash. */
  stops?: boolean;
  /** Default: none. One word stands for any number of them. */
  operands?: Operands | Takes;
  /** What stands behind `--` is for another program and has this form. Default: it is operands. */
  after?: Form;
  /** One of these options has to be given; behind `--` they are called `-- check`. */
  needs?: readonly string[];
  /** What is read of that which lies below, by the words that were given. */
  below?(reading: FormReading): BelowThese;
  /**
   * `looks`: reads only (the default). `runs`: runs code of the repository, so it needs containment. `asks`: is always asked
   * about, and listed so that what it touches is known and can be denied.
   */
  does?: Does;
}

/** What a program reads that is named by none of its words. */
export interface BelowThese {
  /** Below the folders that it is given; without any, below the one it stands in. */
  folders?: Below;
  /** Of the files that another program lists for it. */
  files?: Below;
  /** Below the folder it stands in, whatever it is given. */
  here?: Below;
}

export type Does = 'looks' | 'runs' | 'asks';

/** A word of a command, as far as it is known. */
export interface Given {
  text: string;
  /** The shell puts names of files in its place where any fit. */
  glob: boolean;
  /** It is a variable of a loop: it stands for one of those names at a time. */
  one?: boolean;
  /** There may be no such word. */
  perhaps?: true;
  /** It begins with `.`, which stands for the whole name of the folder that the line stands in. */
  whole?: true;
  /** What it stands for must be names without blanks and the like, or it would be several words. */
  plain?: boolean;
  /** It stands for names of files below the folder `text`, which another program lists. */
  below?: Below;
  /** It may stand for others as well, for which whoever is given it has to run shut in. */
  loose?: boolean;
  /** It is a part of a name that nobody knows: it may begin with a point, where a pattern leaves that out. */
  part?: true;
}

/**
 * A path that a command would touch. `nothing`: a pattern that must not fit any file, or the words are others. `folder`: it must be
 * a folder that is reached without links, or the line goes on elsewhere; with `plain`, one whose whole name is one word.
 */
export interface CommandPath {
  effect: 'read' | 'write' | 'nothing' | 'folder';
  path: string;
  glob: boolean;
  /** How many characters of the path were put before the word, because of a `cd`. */
  before?: number;
  /** What lies below it is read as well; of what a program lists, instead of it. */
  below?: Below;
  /** The names that it stands for must have no blanks and the like in them. */
  plain?: boolean;
  /** It may as well be the value of an option: then the command was given no path by it. */
  maybe?: boolean;
  /** Nothing of what stands in it is shown. */
  nameOnly?: boolean;
}

/** Stands for a text that is not known, in a word that is data to the program; it is in no word that is known. */
export const anyText = '\ue000';

/** By which a path of a command and what was looked up for it find one another. */
export function keyOf({ path, glob, below, plain = false }: Omit<CommandPath, 'effect' | 'nameOnly'>): string {
  return JSON.stringify([path, glob, plain, below?.key]);
}

export interface FormReading {
  paths: CommandPath[];
  /** Values of options, in order. */
  values: { option: string; value: string; open: boolean }[];
  /** Options that were given, without dashes. */
  options: Set<string>;
  operands: string[];
  /** Those of the operands that name a file or a folder and nothing else. */
  files: string[];
  /** The first operand is a pattern, or a variable that stands for names; as `open` of a value. */
  open: boolean;
  /** Some of the operands may be several words, or none. */
  uncounted: boolean;
  /** How many operands stand before a `--`; absent: there is none. */
  separated?: number;
  /** False: something is not on the list. The paths are what is known nevertheless. */
  fits: boolean;
}

const standard = new Set(['-', '/dev/null', '/dev/stdin', '/dev/stdout', '/dev/stderr']);

function emptyReading(): FormReading {
  return {
    paths: [],
    values: [],
    options: new Set(),
    operands: [],
    files: [],
    open: false,
    uncounted: false,
    fits: true,
  };
}

/** Sorts words into options and operands, and those into what they name. */
export function readForm(words: readonly Given[], form: Form): FormReading {
  const reading = emptyReading();
  const operands: Given[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) break;
    if (word.text === '--') {
      const behind = words.slice(at + 1);
      if (form.after !== undefined) readAfter(behind, form.after, reading);
      else {
        reading.separated = operands.length;
        operands.push(...behind);
        if (form.parser !== undefined && behind.some(isDashed)) reading.fits = false;
      }
      break;
    }
    if (!isDashed(word) || (form.stops === true && operands.length > 0)) {
      operands.push(word);
      continue;
    }
    if (form.optionsFirst === true && operands.length > 0) reading.fits = false;
    const value = words[at + 1];
    const taken = readOption(word, value, form, reading);
    if (taken === 1 && value !== undefined && operands.length > 0) doubt(value, form, reading);
    at += taken;
  }
  if (form.responseFiles === true && words.some((word) => mayBeResponse(word, form))) reading.fits = false;
  reading.operands = operands.map(({ text }) => text);
  reading.open = operands[0] !== undefined && isOpen(operands[0]);
  reading.uncounted = operands.some(isUncounted);
  const options = reading.paths.length;
  readOperands(operands, form.operands, reading);
  if (form.needs?.some((option) => reading.options.has(option)) === false) reading.fits = false;
  if (form.below !== undefined) readBelow(form.below(reading), reading, options);
  return reading;
}

/** It stands for several words, or for none. */
export function isUncounted({ below, one, perhaps }: Given): boolean {
  return perhaps === true || (below !== undefined && one !== true);
}

/** One of the names that it stands for, where there is one at a time. */
export function oneOf(word: Given): Given {
  const { perhaps: _, ...name } = word;
  return { ...name, one: true };
}

/** It stands for names that nobody knows. */
function isOpen({ glob, below }: Given): boolean {
  return glob || below !== undefined;
}

/** A name that a pattern or a program brings may begin with that sign too; whoever only looks would be shown other options. */
function mayBeResponse({ text, glob, below }: Given, { does = 'looks' }: Form): boolean {
  return text.startsWith('@') || (does === 'looks' && (below !== undefined || (glob && /^[*?[]/.test(text))));
}

/** @param options how many of the paths are values of options: what is looked through is none of these, as a file of patterns */
function readBelow({ folders, files, here }: BelowThese, reading: FormReading, options: number): void {
  // Where no name is listed after all, it is given none.
  const given = reading.paths
    .slice(options)
    .some(({ effect, below, maybe }) => effect === 'read' && below === undefined && !maybe);
  reading.paths = reading.paths.map((path) => {
    if (path.effect !== 'read') return path;
    if (path.below !== undefined) return files === undefined ? path : { ...path, below: together(path.below, files) };
    return folders === undefined ? path : { ...path, below: folders };
  });
  const below = here ?? (given ? undefined : folders);
  if (below !== undefined) reading.paths.push({ effect: 'read', path: '.', glob: false, below });
}

function readAfter(words: readonly Given[], form: Form, reading: FormReading): void {
  const { paths, options, files, fits } = readForm(words, form);
  reading.paths.push(...paths);
  reading.files.push(...files);
  for (const option of options) reading.options.add(`-- ${option}`);
  if (!fits) reading.fits = false;
}

/** How many words stand before the first that is neither an option nor the value of one. */
export function countLeading(words: readonly Given[], form: Form): number {
  const ignored = emptyReading();
  let at = 0;
  for (let word = words[at]; word !== undefined && isDashed(word) && word.text !== '--'; word = words[at]) {
    at += 1 + readOption(word, words[at + 1], form, ignored);
  }
  return Math.min(at, words.length);
}

/** As many, with a `--` behind them; undefined: one of them is not listed. */
export function leadingOptions(words: readonly Given[], form: Form): number | undefined {
  const at = countLeading(words, form);
  if (!readForm(words.slice(0, at), form).fits) return undefined;
  return words[at]?.text === '--' ? at + 1 : at;
}

/** Where a system's own programs end their options with the first operand, the value of a later one is a file. */
function doubt({ text, glob }: Given, { oneDash }: Form, reading: FormReading): void {
  if (oneDash === true || /^(?:[+-]?\d*|![^/]*)$/.test(text)) return;
  if (/^[/~]|(?:^|\/)\.\.(?:\/|$)/.test(text)) reading.fits = false;
  else reading.paths.push({ effect: 'read', path: text, glob, maybe: true });
}

/** `-` alone is standard input or output. */
function isDashed({ text }: Given): boolean {
  return text.startsWith('-') && text !== '-';
}

/** How many of the next words belong to this one. */
function readOption(word: Given, next: Given | undefined, form: Form, reading: FormReading): 0 | 1 {
  if (form.count === true && /^-\d+$/.test(word.text)) return 0;
  if (!word.glob && form.exact?.includes(word.text) === true) return 0;
  return form.oneDash === true || word.text.startsWith('--')
    ? readLong(word, next, form, reading)
    : readShort(word, next, form, reading);
}

function readLong(word: Given, next: Given | undefined, form: Form, reading: FormReading): 0 | 1 {
  const { text, glob } = word;
  const [, name = '', value] = /^--?([^=]*)(?:=([^]*))?$/.exec(text) ?? [];
  reading.options.add(name);
  const takes = valueOf(form, name);
  if (value !== undefined) {
    if (takes === undefined) reading.fits = false;
    else takeWithin(takes, name, value, word, reading);
    return 0;
  }
  if (glob) reading.fits = false;
  if (form.long?.includes(name) === true) return 0;
  if (form.oneDash === true && name.length === 1 && form.flags?.includes(name) === true) return 0;
  return takeNext(takes, name, next, form, reading);
}

function readShort(word: Given, next: Given | undefined, form: Form, reading: FormReading): 0 | 1 {
  const { text, glob } = word;
  for (let at = 1; at < text.length; at++) {
    const letter = text.charAt(at);
    reading.options.add(letter);
    const takes = valueOf(form, letter);
    if (takes !== undefined && at + 1 < text.length) {
      if (form.parser === 'loose') reading.fits = false;
      takeWithin(takes, letter, text.slice(at + 1), word, reading);
      return 0;
    }
    const alone = form.flags?.includes(letter) === true;
    if (takes !== undefined && !alone) return takeNext(takes, letter, next, form, reading);
    if (!alone) {
      reading.fits = false;
      return 0;
    }
  }
  if (glob) reading.fits = false;
  return 0;
}

function valueOf({ values = {} }: Form, name: string): Takes | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function takeNext(
  takes: Takes | undefined,
  option: string,
  next: Given | undefined,
  form: Form,
  reading: FormReading,
): 0 | 1 {
  if (takes === undefined || next === undefined) {
    reading.fits = false;
    return 0;
  }
  // None of these programs takes a number for an option.
  const number = takes instanceof RegExp && /^-\d$/.test(next.text);
  if (form.parser !== undefined && isDashed(next) && !number) reading.fits = false;
  reading.values.push({ option, value: next.text, open: isOpen(next) });
  take(takes, next, reading);
  // Of several files that the pattern fits, only the first would be the value.
  if ((next.glob && next.one !== true && isPath(takes)) || isUncounted(next)) reading.fits = false;
  return 1;
}

/** The shell compares a pattern with the whole word, option and all; where no file is called so, it stays as it is. */
function takeWithin(takes: Takes, option: string, value: string, word: Given, reading: FormReading): void {
  const { text, glob } = word;
  reading.values.push({ option, value, open: isOpen(word) });
  take(takes, { text: value, glob: false }, reading);
  if (glob) reading.paths.push({ effect: 'nothing', path: text, glob });
}

function isPath(takes: Takes): boolean {
  return takes === 'read' || takes === 'name' || takes === 'write' || takes === 'revision';
}

function readOperands(operands: readonly Given[], takes: Operands | Takes | undefined, reading: FormReading): void {
  const { first = [], unless = [], onlyWith, rest, last, least = 0 } = asOperands(takes);
  const without = unless.some((option) => reading.options.has(option));
  const final = without || operands.length < 2 ? undefined : last;
  if (operands.length < least) reading.fits = false;
  if (operands.length > 0 && onlyWith?.some((option) => reading.options.has(option)) === false) reading.fits = false;
  for (const [at, operand] of operands.entries()) {
    const kind = (at === operands.length - 1 ? final : undefined) ?? (without ? undefined : first[at]) ?? rest;
    if (kind === undefined) {
      reading.fits = false;
      continue;
    }
    // Behind `--` git takes it for a path and nothing else.
    const path = kind === 'revision' && operand.below !== undefined && at >= (reading.separated ?? Infinity);
    take(path ? 'read' : kind, operand, reading);
    const named = kind === 'read' || kind === 'name' || kind === 'write' || kind === 'test';
    if (!operand.glob && named) reading.files.push(operand.text);
    // A pattern may fit several files, and these would be the next operands.
    const several = (operand.glob && operand.one !== true && isPath(kind)) || isUncounted(operand);
    if (several && kind !== rest) reading.fits = false;
  }
}

function asOperands(takes: Operands | Takes | undefined): Operands {
  if (takes === undefined) return {};
  if (typeof takes === 'string' || typeof takes === 'function' || Array.isArray(takes) || takes instanceof RegExp)
    return { rest: takes as Takes };
  return takes as Operands;
}

function isOneOf(takes: readonly string[] | RegExp | ((text: string) => boolean), text: string): boolean {
  if (typeof takes === 'function') return takes(text);
  return takes instanceof RegExp ? takes.test(text) : takes.includes(text);
}

/** A path that a word stands for. */
export function pathOf(word: Given, effect: CommandPath['effect'] = 'read'): CommandPath {
  const { text, glob, plain, below } = word;
  return {
    effect,
    path: text,
    glob,
    ...(plain === undefined ? {} : { plain }),
    ...(below === undefined ? {} : { below }),
  };
}

/**
 * What builds and test runs make, by its name: a folder or file in one that is made anew each time, or a file that nobody writes by
 * hand. Below the folder one stands in, and nothing that is hidden.
 */
const products = new RegExp(
  String.raw`^(?:\./)?(?:\w[\w-]*/)*(?:` +
    // A folder, and in it what has no ending or one that is none of a source.
    String.raw`(?:build|_build|cmake-build|builddir|dist|out|target|coverage|htmlcov|test-?results|reports?|_site|storybook-static)` +
    String.raw`(?:-[\w-]+)?(?:/\w[\w+-]*)*(?:/\w[\w+-]*\.(?:so|dylib|[cm]?js|css|map|html|xml|json|txt|jar|wasm))?/?` +
    String.raw`|(?:coverage|cover|c|cpu|mem|trace|block|mutex|lcov|junit|test-?results?)[\w-]*\.(?:out|prof|info|lcov)` +
    String.raw`|a\.out|\w[\w+-]*\.(?:o|obj|exe|test))$`,
);

const address = /^[a-z][a-z\d+.-]*:\/\//i;

function take(takes: Takes, word: Given, reading: FormReading): void {
  const { text, glob } = word;
  // What a program lists are names of files, each with its folder before it: no numbers, revisions or choices.
  const file = takes === 'read' || takes === 'name' || takes === 'write' || takes === 'test' || takes === 'text';
  if (word.below !== undefined && !file) reading.fits = false;
  // With a point before it, it could be the name of a file with secrets.
  if (word.part === true && takes === 'read') reading.fits = false;
  if (text.includes(anyText) && takes !== 'text') reading.fits = false;
  // Programs that read files may fetch what is named so.
  if (takes !== 'text' && typeof takes === 'string' && address.test(text)) reading.fits = false;
  switch (takes) {
    case 'read':
      // Standard input and output, and what is always empty.
      if (!standard.has(text)) reading.paths.push(pathOf(word));
      return;
    case 'name':
      if (!standard.has(text)) reading.paths.push({ ...pathOf(word), nameOnly: true });
      return;
    case 'product':
      // Where it leads is looked up all the same: a link may lead out.
      if (!glob && products.test(text)) return void reading.paths.push(pathOf(word));
      return take('output', word, reading);
    case 'output':
    case 'write':
      if (takes === 'output' && (text === '/dev/null' || text === '/dev/stdout')) return;
      if (!standard.has(text)) reading.paths.push({ effect: 'write', path: text, glob });
      reading.fits = false;
      return;
    case 'test':
      reading.paths.push({ ...pathOf(word), path: text.replace(/(?:::[^]*|(?::\d+){1,2})$/, '') });
      return;
    case 'revision':
      readRevision(word, reading);
      return;
    case 'lines':
      readRevision({ text: text.replace(/^[^:]*/, ''), glob }, reading);
      return;
    case 'text':
      break;
    case 'number':
      if (!/^[+-]?\d+[a-z]{0,2}$/i.test(text)) reading.fits = false;
      break;
    default:
      if (!isOneOf(takes, text)) reading.fits = false;
  }
  // A name that does not begin with what the pattern leaves open is no option, whichever it is.
  const data = takes === 'text' && (word.below !== undefined || (word.one === true && /^[\w./]/.test(text)));
  if (word.plain === true && word.below === undefined) reading.paths.push(pathOf(word));
  if (glob && !data) reading.paths.push({ effect: 'nothing', path: text, glob });
}

/** More colons than in `HEAD@{10:30:00}:src/a.ts` are in no revision that a person writes. */
const maxColons = 4;

/**
 * What git may read for a revision or a path. Behind each colon a path may begin, and end where a range goes on:
 * `HEAD:a`, `:0:a`, `:(top)a`, `main:a..HEAD:a`. It never begins at the root of the file system. The whole is looked up as
 * well, because outside a repository `git diff` compares files by these very names.
 */
function readRevision({ text, glob }: Given, reading: FormReading): void {
  if (text === '/dev/null') return;
  const behind = text.split(':').slice(1);
  // Behind `--` a program that a sub-command starts could still take it for an option.
  if (behind.length > maxColons || text.startsWith('-')) reading.fits = false;
  const paths = new Set([text]);
  for (const at of behind.slice(0, maxColons).keys()) {
    const path = behind
      .slice(at)
      .join(':')
      .replace(/^(?:\([^)]*\)|[/!^]+)/, '');
    paths.add(path).add(path.split('..')[0] ?? '');
  }
  if (text !== '') paths.delete('');
  for (const path of paths) reading.paths.push({ effect: 'read', path, glob });
}
