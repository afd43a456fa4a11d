import type { CompoundList, Word } from 'unbash';
import type { Denial } from './denials.ts';
import type { CommandPath, Given } from './form.ts';
import { type Program, readProgram } from './program.ts';
import { programNamed } from './programs/index.ts';
import { isBuiltTest, isCheckingFile } from './programs/shared.ts';
import type { Listing } from './listing.ts';
import { beyond, nowhere, plainerWay } from './sentences.ts';
import type { Scope, Value } from './words.ts';

/** What is known of a command without running it. Paths are known even where the rest is not. */
export interface CommandReading {
  /** As the kernel will be asked for them from the first root. */
  paths: CommandPath[];
  /** Why it is not on the list, as a sentence; undefined: every part of it is. */
  unlisted: string | undefined;
  /** It runs code of the repository. */
  runs: boolean;
  /** What it starts: each program with its words, as far as they are known; also in parts that cannot be read otherwise. */
  calls: string[][];
  /** In which folders git is run: one below the first root could be a repository that an agent made. */
  git: string[];
  /** Why nobody is even asked. */
  denied: Denial | undefined;
  /** Words that name a file or a folder and nothing else, as they were given. */
  files: string[];
  /** The simple commands that are not on the list, where that is all that keeps the line from it. */
  asked: { program: string; words: readonly Given[] }[];
  /** It is more than plain commands in a list, or what the shell would do is not known, or it writes its output to a file. */
  beyond: boolean;
}

/** In which of these folders the following words of the line stand; undefined once that cannot be known. */
export interface Place {
  folders: readonly string[] | undefined;
  /** Where that is if every change of the folder so far has come about; undefined once that cannot be told. */
  sure?: Sure | undefined;
}

/** The one folder that the line stands in, if all of `needs` are folders. */
export interface Sure {
  folder: string;
  needs: readonly string[];
  /** The one before, for `cd -`. */
  before?: string;
  /** Those that `popd` goes back to, the last one first. */
  stack: readonly string[];
}

export const start = (): Place => ({ folders: [''], sure: { folder: '', needs: [], stack: [] } });

/** What is gone through: the reading, and where in the text what was understood stands. */
export interface Walk {
  reading: CommandReading;
  /** The whole text. */
  text: string;
  /** By where they begin: what is gone through twice, as in a loop, is one. */
  words: Map<number, Span>;
  depth: number;
  /** What the variables stand for that the line sets itself. */
  scope: Scope;
  /** The names that the whole line lists, where it is one pipeline. */
  listing: Listing | undefined;
  /** How often the body of a loop was gone through, over all loops. */
  passes: number;
  /** How often each name is set in the line, wherever. */
  assigned: ReadonlyMap<string, number>;
  /** Those of them that are set to numbers and to sums alone. */
  sums: ReadonlySet<string>;
  /** Reads a text that is run as a command line of its own, in this place. */
  readText(text: string, place: Place, outer: Walk): Walk;
  /** Reads a list within this text. What is set in it is known in it alone: it may be another process, or not be gone through. */
  readList(list: CompoundList, place: Place, walk: Walk): void;
}

/** A word in the text of a command; without `word`, an assignment or a sign. */
export interface Span {
  pos: number;
  end: number;
  word?: Word;
}

const maxFolders = 8;
/** So deep lines may stand in lines. */
export const maxDepth = 3;

/** The first reason stands: it is about the part that a person reads first. */
export function refuse({ reading }: Walk, reason: string): void {
  reading.unlisted ??= reason;
  reading.beyond = true;
}

export function refuseProgram({ reading }: Walk, program: string, words: readonly Given[]): void {
  reading.unlisted ??= notListed(program, words);
  reading.asked.push({ program, words });
}

/** It may change the folder. */
export function giveUp(why: string, place: Place, walk: Walk): undefined {
  place.folders = undefined;
  place.sure = undefined;
  refuse(walk, why);
}

/** Notes that this part of the text was understood. */
export function understood({ words }: Walk, { pos, end }: Span, word?: Word): void {
  words.set(pos, word === undefined ? { pos, end } : { pos, end, word });
}

/** The signs at both ends of a group are where the parser says. */
export function bracketed({ pos, end }: { pos: number; end: number }, first: string, last: string, walk: Walk): void {
  const { text } = walk;
  if (!text.startsWith(first, pos) || !text.startsWith(last, end - last.length)) return refuse(walk, beyond);
  understood(walk, { pos, end: pos + first.length });
  understood(walk, { pos: end - last.length, end });
  walk.reading.beyond = true;
}

/** Between two parts there is this word of the shell, and nothing but blanks and signs that end a list. */
export function keyword(word: string, from: number, to: number, walk: Walk): void {
  const [, before, after] = /^([\s;]*)[a-z]+((?:\s(?:\s|\\\n)*)?)$/.exec(walk.text.slice(from, to)) ?? [];
  const pos = from + (before?.length ?? 0);
  if (after === undefined || walk.text.slice(pos, to - after.length) !== word) return refuse(walk, beyond);
  understood(walk, { pos, end: pos + word.length });
  walk.reading.beyond = true;
}

export function joined(places: readonly Place[]): readonly string[] | undefined {
  const all = new Set<string>();
  for (const { folders } of places) {
    if (folders === undefined) return undefined;
    for (const folder of folders) all.add(folder);
  }
  return all.size > maxFolders ? undefined : [...all];
}

/** What the variables stand for here: names of files do so only in their folder, and are any text in another. */
export function scopeAt({ scope }: Walk, place: Place): Scope {
  const here = [...scope].map(([name, value]): [string, Value] =>
    'folders' in value && !sameFolders(value, place) ? [name, { kind: 'any' }] : [name, value],
  );
  return here.every(([name, value]) => scope.get(name) === value) ? scope : new Map(here);
}

export function sameFolders(one: Place, other: Place): boolean {
  return one.folders !== undefined && one.folders.join('\0') === other.folders?.join('\0');
}

export function addPaths(paths: readonly CommandPath[], { folders }: Place, walk: Walk): void {
  for (const path of paths) {
    if (folders === undefined && !/^[/~]/.test(path.path)) refuse(walk, nowhere);
    for (const folder of folders ?? ['']) {
      if (folders !== undefined || /^[/~]/.test(path.path)) {
        const whole = inFolder(folder, path.path);
        const any = /[*?[]/.test(folder) && whole !== path.path;
        // A folder of which only a pattern is known: what lies in any of those that fit.
        if (any && (path.glob || path.below !== undefined)) refuse(walk, nowhere);
        const before = any ? whole.length : whole.length - path.path.length;
        walk.reading.paths.push({ ...path, path: whole, before, ...(any ? { glob: true } : {}) });
      }
    }
  }
}

/** Joined without taking `..` out: behind a link the kernel goes somewhere else than the name suggests. */
export function inFolder(folder: string, path: string): string {
  if (/^\/|^~(?:\/|$)/.test(path)) return path;
  return folder === '' ? (path === '' ? '.' : path) : `${folder}/${path}`;
}

/** What is in the way: an option without which the words would fit, else the sub-command, else the program itself. */
function notListed(program: string, words: readonly Given[]): string {
  const entry = programNamed(program)?.program;
  const inner = entry?.runs?.(words)?.words;
  if (inner?.[0]?.text.startsWith('-') === false) {
    const [{ text }, ...rest] = inner as [Given, ...Given[]];
    const known = programNamed(text)?.program;
    if (program === 'xargs' && known !== undefined) {
      return `Which words xargs gives to ${text.slice(0, 60)} is not known beforehand.`;
    }
    // What would be allowed by itself (`sudo ls`) is not in the way.
    if (known === undefined || readProgram(known, rest).does === 'asks') return notListed(text, rest);
  }
  if (entry === undefined && (isCheckingFile(program) || isBuiltTest(program))) {
    return `What ${program.slice(0, 80)} would do with these words is not known beforehand.`;
  }
  const option = entry === undefined ? undefined : optionInTheWay(entry, words);
  if (option !== undefined) {
    const way = plainerWay(program, option);
    return `${option.slice(0, 60)} of ${program.slice(0, 60)} is not among the options that only look or test.${way}`;
  }
  const commands = entry?.forms !== undefined && 'commands' in entry.forms;
  const sub = commands ? (words.find(({ text }) => !text.startsWith('-'))?.text ?? '') : '';
  const shown = /^[a-z][a-z0-9:_-]*$/i.test(sub) ? `${program} ${sub}` : program;
  const known = entry !== undefined && entry.match.length > 0 && (!commands || isListed(entry, sub));
  const what = known ? 'in this form is not among' : 'is not on the list of';
  return `${shown.slice(0, 80)} ${what} the commands that only look or test.${plainerWay(program)}`;
}

/** Some form of the sub-command is allowed. */
function isListed({ forms }: Program, name: string): boolean {
  if (forms === undefined || !('commands' in forms) || !Object.hasOwn(forms.commands, name)) return false;
  return name !== '' && forms.commands[name]?.does !== 'asks';
}

function optionInTheWay(entry: Program, words: readonly Given[]): string | undefined {
  const fits = (at: number, many: number): boolean => readProgram(entry, words.toSpliced(at, many)).does !== 'asks';
  const options = words.slice(0, mostTried).map(({ text }) => /^-[^-]|^--./.test(text));
  const alone = options.findIndex((dashed, index) => dashed && fits(index, 1));
  const at = alone === -1 ? options.findIndex((dashed, index) => dashed && fits(index, 2)) : alone;
  return at === -1 ? undefined : words[at]?.text.replace(/=[^]*$/, '');
}

/** Of longer lines it is not said which word is in the way. */
const mostTried = 12;

/**
 * Between the words there is nothing but blanks, the signs of lists and pipelines, and redirections: the parser overlooked
 * nothing. NUL stands for a word; in the command itself it would have been asked about.
 */
export function onlyKnownSigns({ text, words }: Walk): boolean {
  let rest = '';
  let from = 0;
  for (const { pos, end } of inOrder(words)) {
    if (pos < from) return false;
    rest += `${text.slice(from, pos)}\0`;
    from = end;
  }
  // A backslash at the end of a line is nothing where a blank stands before it, or `&&` or `|` and behind it a word or a blank.
  return /^(?:[ \t\n]|(?<=^|[ \t\n])\\\n|(?<=\0|[ \t\n])(?:&&|\|\|?|;)\\\n(?=[ \t\0])|(?<=^|[ \t\n;&|])#[^\n\0]*|\0|&&|\|\|?|\|&|;(?!;)|\d?>&?|\d?>>|&>|<(?![<(]))*$/.test(
    rest + text.slice(from),
  );
}

export function inOrder(words: ReadonlyMap<number, Span>): Span[] {
  return [...words.values()].toSorted((a, b) => a.pos - b.pos);
}

/** What a line within this one does belongs to it. */
export function mergeReading(inner: CommandReading, { reading }: Walk): void {
  reading.paths.push(...inner.paths);
  reading.calls.push(...inner.calls);
  reading.files.push(...inner.files);
  reading.asked.push(...inner.asked);
  reading.git.push(...inner.git);
  reading.runs ||= inner.runs;
  reading.denied ??= inner.denied;
}
