import type { WordPart } from 'unbash';
import { type CommandPath, type Given, pathOf } from './form.ts';
import { filesOf } from './listing.ts';
import { printed } from './printed.ts';
import { addPaths, maxDepth, mergeReading, type Place, refuse, scopeAt, type Walk } from './reading.ts';
import * as because from './sentences.ts';
import type { Known, Value } from './words.ts';

/** What is known of the words of a program beforehand; of `undefined`, of those of a loop. */
export function knownFor(program: string | undefined, place: Place, walk: Walk): Known {
  return {
    prints: program !== undefined && printers.has(program),
    compares: program === 'test' || program === '[',
    counts: program !== undefined && builders.has(program),
    numbers: program !== undefined && counters.has(program),
    texts: program === undefined ? undefined : textsOf.get(program),
    home: true,
    scope: scopeAt(walk, place),
    bare: () => walk.reading.paths.push(...wholeNames(place)),
    apart: (given) => addPaths([pathOf({ ...given, plain: true })], place, walk),
    unknown: (text) => refuse(walk, because.unknownPart(text)),
    input: (part) => (program !== undefined && pipeReaders.has(program) ? readInput(part, place, walk) : undefined),
    substitution: (part) => readSubstitution(part, place, walk),
  };
}

/** They print their words, or a part of each, whatever these are. */
export const printers = new Set(['echo', 'printf', 'basename', 'dirname']);

/** Without quotes the whole name of the folder has to be one word. */
function wholeNames({ folders = [''] }: Place): CommandPath[] {
  return folders.map((folder) => ({ effect: 'folder', path: folder === '' ? '.' : folder, glob: false, plain: true }));
}

/** Programs to which a number is a number, or a line, or the end of a text. */
const counters = new Set(['head', 'tail', 'sed', 'awk', 'seq', 'sleep']);

/** Options of those that search which take no word behind them. */
export const flags: ReadonlyMap<string, string> = new Map([
  ...['grep', 'egrep', 'fgrep'].map((name) => [name, 'cEFGHIhiLlnoqRrsvwxP'] as const),
  ['rg', 'cFHIilLNnoqSsUvwxP'],
]);

/** What begins a word of these that is a text to them, whatever follows: a pattern, or the value of an option. */
export const inQuotes = /^(?:[^-"$`\\]|\\["$\\])/;

const textsOf: ReadonlyMap<string, RegExp> = new Map([
  ...[...flags.keys()].map((name) => [name, inQuotes] as const),
  ['git', /^--(?:author|committer|grep|since|until|after|before)=$/],
]);

/** Programs with jobs, to whom a number is nothing else, at the most the name of a target; and what ends with one. */
const builders = new Set(['make', 'gmake', 'cmake', 'ctest', 'ninja', 'meson', 'cargo', 'go', 'exit']);

/** Programs to which a pipe is a file like any other, whose lines they show. */
const pipeReaders = new Set(['cat', 'comm', 'cmp', 'diff', 'grep', 'head', 'join', 'paste', 'sort', 'tail', 'wc']);

function readInput(part: WordPart & { type: 'ProcessSubstitution' }, place: Place, walk: Walk): Given[] | undefined {
  if (!part.text.startsWith('<(')) return undefined;
  const value = readSubstitution({ text: `$${part.text.slice(1)}` }, place, walk);
  return value === undefined ? undefined : [{ text: '-', glob: false }];
}

/** A comment, or a text behind `<<`, in which the sign that ends a substitution could stand. */
const doubtfulEnd = /(?:^|[\s;&|])#|(?<!<)<<(?!<)/;

/**
 * What `$(...)` is replaced by, where everything in it is on the list: it is read as a line of its own, in a process of its own.
 * Of a comment in it, and of a backslash between backticks, it could be in doubt where it ends.
 */
export function readSubstitution({ text }: { text: string }, place: Place, walk: Walk): Value | undefined {
  const [, dollar, ticks] = /^(?:\$\(([^]*)\)|`([^`\\]*)`)$/.exec(text) ?? [];
  const written = dollar ?? ticks;
  if (written === undefined || walk.depth >= maxDepth || written.startsWith('(') || doubtfulEnd.test(written)) {
    return undefined;
  }
  // The shell itself reads a file that is all that stands there.
  const inner = /^\s*<\s*[^\s<>&|;()`]+\s*$/.test(written) ? `cat ${written}` : written;
  const { reading, listing } = walk.readText(inner, { ...place }, walk);
  mergeReading(reading, walk);
  walk.reading.beyond = true;
  if (reading.unlisted !== undefined) {
    refuse(walk, reading.unlisted);
    return undefined;
  }
  if (
    listing !== undefined &&
    filesOf(listing).length > 0 &&
    !listing.zero &&
    dollar !== undefined &&
    listing.commits !== true
  ) {
    // The shell takes them apart at blanks, and for patterns.
    const given = filesOf(listing).map((each) => ({ ...each, plain: true }));
    return { kind: 'listed', given, listing, folders: place.folders };
  }
  if (listing?.commits === true) return { kind: 'revision' };
  // Between quotes it is a part of a text.
  const quiet = /(['"])[^'"]*2>[^]*\1/.test(inner) ? inner : inner.replaceAll(/ ?2>\/dev\/null/g, '');
  return printedBy(quiet.trim(), place, walk);
}

/** Git takes these for a repository and looks no further up. */
export const repositoryHere: readonly CommandPath[] = ['.git/objects', '.git/refs'].map((path) => ({
  effect: 'folder',
  path,
  glob: false,
}));

/** What a line that is on the list prints, where that is known of it. */
function printedBy(line: string, place: Place, walk: Walk): Value {
  if (line === 'pwd') return { kind: 'here', folders: place.folders };
  if (line === 'git rev-parse --show-toplevel' && place.folders?.join('\0') === '') {
    // The repository begins here where there is one here. That it names no other place is judged for each use of git.
    walk.reading.paths.push(...repositoryHere);
    return { kind: 'here', folders: place.folders };
  }
  return printed(line, place.folders, scopeAt(walk, place)) ?? { kind: 'any' };
}
