import type { Assignment, Command, Redirection, Word, WordPart } from 'unbash';
import { anyText, type CommandPath, type Does, type Given, pathOf } from './form.ts';
import { filesOf, type Listing, passOn, printsErrors, readsElsewhere } from './listing.ts';
import { type Inner, type Program, readForms, readProgram, stronger } from './program.ts';
import { programNamed } from './programs/index.ts';
import { given as givenToScripts, givenToTests, isBuiltTest, isCheckingFile } from './programs/shared.ts';
import { tellsOfItself } from './programs/versions.ts';
import { linesOf, readDocument } from './documents.ts';
import { printed } from './printed.ts';
import { lost, moveTo } from './folder.ts';
import {
  addPaths,
  type CommandReading,
  type Place,
  refuse,
  refuseProgram,
  scopeAt,
  understood,
  type Walk,
} from './reading.ts';
import * as because from './sentences.ts';
import { isOwnName, settingOf } from './settings.ts';
import { anyNumber, homePath, type Known, readWord, type Scope, type Value } from './words.ts';

/** What stands around a command in its pipeline. */
export interface Feed {
  /** What it is fed: names of files, as another program lists them. */
  listing?: Listing | undefined;
}

const maxDepth = 3;
/** Builtins after which the folder is not known any more. */
const movers = new Set(['eval', 'source', '.', 'builtin', 'exec']);
const changers = new Set(['cd', 'pushd', 'popd']);
const sinks = new Set(['/dev/null', '/dev/stdout', '/dev/stderr']);
/** Where modules of the repository itself are looked for: what is run then is its code, as it is without. */
const ownModules =
  /^(?!.*\.\.)(?:\.|(?:\.\/)?[\w.-]+(?:\/[\w.-]+)*\/?|\.\/)(?::(?:\.|(?:\.\/)?[\w.-]+(?:\/[\w.-]+)*\/?|\.\/))*$/;

/** What a simple command lists for the next one of its pipeline, where that is known. */
export function readSimple(command: Command, place: Place, walk: Walk, fed: Feed = {}): Listing | undefined {
  const { name } = command;
  const feed = readsElsewhere(command.redirects) ? {} : fed;
  const program = name === undefined ? undefined : programOf(name, place, walk);
  const { unlisted } = walk.reading;
  const parts = readParts(command, program, place, walk);
  const { literal, needsSandbox, bare, document } = parts;
  const given = withProgram(command, program, parts.given, walk);
  if (name !== undefined) understood(walk, name, name);
  if (program === undefined) {
    lostWithout(name, place, walk);
    return undefined;
  }
  if (changers.has(program)) {
    moveTo(program, given, literal, place, walk);
    return undefined;
  }
  // Without one it prints the environment.
  const sets = command.suffix.some(({ type }) => type === 'Assignment');
  if (program === 'export' && given.length === 0 && literal && sets) {
    if (needsSandbox) walk.reading.runs = true;
    walk.reading.beyond = true;
    return undefined;
  }
  if (literal && activates(program, given)) {
    // It sets where programs are found: those of the environment, which the repository brings.
    addPaths([{ effect: 'read', path: given[0]?.text ?? '', glob: false }], place, walk);
    walk.reading.runs = true;
    walk.reading.beyond = true;
    return undefined;
  }
  if (movers.has(program)) {
    place.folders = undefined;
    place.sure = undefined;
  }
  const does = readWords(program, given, place, walk, feed);
  // A program that nobody knows is what a person would point at, and not its words.
  const known = programNamed(program) !== undefined;
  if (unlisted === undefined && !known && !literal) walk.reading.unlisted = undefined;
  // Also where some word is not literal: what is known may be enough to refuse it.
  if (!literal && known) refuse(walk, because.beyond);
  if (!literal) walk.reading.beyond = true;
  if (does === 'asks' || (needsSandbox && does !== 'runs')) {
    if (document && does === 'asks' && readsProgram.test(program)) refuse(walk, because.runsItsInput(program));
    refuseProgram(walk, program, given);
  }
  if (does === 'runs') walk.reading.runs = true;
  // With a name that is known only there, what it lists could be more than one word.
  if (!literal || bare || printsErrors(command.redirects)) return undefined;
  const listing =
    echoed(program, command, place, walk) ??
    passedOn(program, given, feed.listing) ??
    passOn(programNamed(program)?.program, given, feed.listing);
  if (listing?.top !== true || listing === feed.listing) return listing;
  if (place.folders?.join('\0') !== '') return undefined;
  walk.reading.paths.push(...repositoryHere);
  return listing;
}

/** `xargs grep -l`: some of the names that it is fed, as they are. */
function passedOn(program: string, given: readonly Given[], fed: Listing | undefined): Listing | undefined {
  if (program !== 'xargs' || fed === undefined || fed.zero) return undefined;
  const [first, ...rest] = programNamed(program)?.program.runs?.(given, fed)?.words ?? [];
  const named = first === undefined || !/^[ef]?grep$|^rg$/.test(first.text) ? undefined : programNamed(first.text);
  return named?.program.lists?.(rest);
}

/** By which a program is called: a word in which nothing is expanded but what the line itself has set. */
function programOf(name: Word, place: Place, walk: Walk): string | undefined {
  const [only, ...others] = readWord(name, { scope: scopeAt(walk, place) }) ?? [];
  // A point that stands for the folder is no `.` that reads a file.
  const folder = only?.text === '.' && name.text !== '.';
  return only === undefined || others.length > 0 || only.glob || folder ? undefined : only.text;
}

/** `source .venv/bin/activate`: what every environment of Python begins with. */
function activates(program: string, [file, ...others]: readonly Given[]): boolean {
  const environment = /^(?:\.\/)?(?!.*\.\.)(?:[\w-]+\/)*(?:\.?v?env[\w.-]*|\.virtualenv)\/bin\/activate$/;
  return (
    (program === 'source' || program === '.') &&
    others.length === 0 &&
    environment.test(file?.text ?? '') &&
    file?.glob === false
  );
}

/** `echo "$files"`: once more what a program has listed before. */
function echoed(program: string, { suffix }: Command, place: Place, walk: Walk): Listing | undefined {
  const line = suffix.map((part) => (part.type === 'Word' ? part.text : '')).join(' ');
  const [, name = ''] =
    (program === 'echo'
      ? /^"\$\{?(\w+)\}?"$/
      : program === 'printf'
        ? /^(?:'%s\\n'|"%s\\n") "\$\{?(\w+)\}?"$/
        : /^$/
    ).exec(line) ?? [];
  const value = scopeAt(walk, place).get(name);
  return value?.kind === 'listed' ? value.listing : undefined;
}

/** Where the program that an interpreter runs stands behind `<<`, it is what would stand behind this option. */
const textOption: ReadonlyMap<string, string> = new Map([
  ['python', '-c'],
  ['python3', '-c'],
  ['node', '-e'],
]);

function withProgram(
  { redirects }: Command,
  program: string | undefined,
  given: readonly Given[],
  walk: Walk,
): readonly Given[] {
  const option = program === undefined ? undefined : textOption.get(program);
  const [document, ...others] = redirects.filter(({ type }) => type === 'HereDoc');
  const [first, ...rest] = given;
  const taken = first === undefined || first.text === '-';
  if (document?.type !== 'HereDoc' || others.length > 0 || redirects.some(isInput)) return given;
  if (program === 'sqlite3') return [...given, { text: linesOf(document, walk), glob: false }];
  if (option === undefined || !taken) return given;
  return [{ text: option, glob: false }, { text: linesOf(document, walk), glob: false }, ...rest];
}

/** Whichever input stands last is the one that counts. */
function isInput(redirect: Redirection): boolean {
  return redirect.type === 'HereString' || (redirect.type === 'Redirect' && redirect.operator.startsWith('<'));
}

/** Programs that take their input for a program. */
const readsProgram =
  /^(?:(?:ba|da|z|k|a)?sh|python[\d.]*|node|deno|bun|ruby|perl|php|psql|sqlite3|mysql|lua|irb|R|Rscript|osascript|bc|dc)$/;

function lostWithout(name: Word | undefined, place: Place, walk: Walk): void {
  place.folders = undefined;
  place.sure = undefined;
  refuse(walk, name === undefined ? because.assignment : because.unknownPart(name.text));
}

interface Parts {
  given: Given[];
  /** Every word is known. */
  literal: boolean;
  /** A variable is set that is harmless only inside the sandbox. */
  needsSandbox: boolean;
  /** The whole name of the folder it stands in is one of its words. */
  bare: boolean;
  /** Its input stands in the line. */
  document: boolean;
}

function readParts(command: Command, program: string | undefined, place: Place, walk: Walk): Parts {
  const parts: Parts = { given: [], literal: true, needsSandbox: false, bare: false, document: false };
  // Where a commit is missing, `git grep` would take the next word for the pattern.
  const grep = command.suffix.some((part) => part.type === 'Word' && part.text === 'grep');
  const known: Known = { ...knownFor(program, place, walk), commits: program === 'git' && !grep };
  if (program === 'git' && grep) known.texts = inQuotes;
  for (const part of [...command.prefix, ...command.suffix]) {
    if (part.type === 'Assignment') {
      if (program === 'export' || command.prefix.includes(part)) readSetting(part, parts, place, walk);
      else parts.literal = false;
    } else if (part.type !== 'Word') {
      if (part.type !== 'Redirect') parts.document = true;
      readRedirect(part, place, walk);
    } else if (program === 'printf' && parts.given.length === 0) readOperand(part, onlyTold(walk), parts, walk);
    else readOperand(part, isBehindPattern(program, parts.given) ? { ...known, texts: /^/ } : known, parts, walk);
  }
  return parts;
}

/** Options of those that search which take no word behind them. */
const flags: ReadonlyMap<string, string> = new Map([
  ...['grep', 'egrep', 'fgrep'].map((name) => [name, 'cEFGHIhiLlnoqRrsvwxP'] as const),
  ['rg', 'cFHIilLNnoqSsUvwxP'],
]);

/**
 * Whether what stands behind these words is no option, whatever it is: it is the pattern, or a name, and then not one of what is not
 * known. Before it stand flags alone, so that none of them takes `--` or `-e` for its value.
 */
function isBehindPattern(program: string | undefined, given: readonly Given[]): boolean {
  const letters = program === undefined ? undefined : flags.get(program);
  if (letters === undefined) return false;
  const end = given.findIndex(({ text }) => text === '--');
  const before = given.slice(0, end === -1 ? -1 : end).every(({ text }) => new RegExp(`^-[${letters}]+$`).test(text));
  return before && (end !== -1 || new RegExp(`^-[${letters}]*e$`).test(given.at(-1)?.text ?? ''));
}

/** Nothing may be expanded in it. */
function onlyTold(walk: Walk): Known {
  return { unknown: (text) => refuse(walk, because.unknownPart(text)) };
}

function readOperand(word: Word, known: Known, parts: Parts, walk: Walk): void {
  understood(walk, word, word);
  const found = readWord(word, known);
  if (found !== undefined) {
    // The whole name of a folder may hold more than a name that is given does.
    const whole = /[$`]/.test(word.text) && found.some(({ text }) => /^\.(?:\/|$)/.test(text));
    if (whole) parts.bare = true;
    parts.given.push(...(whole ? found.map((each) => ({ ...each, whole: true as const })) : found));
    return;
  }
  parts.literal = false;
  const path = homePath(word);
  if (path !== undefined) parts.given.push({ text: path, glob: false });
}

function readSetting(part: Assignment, parts: Parts, place: Place, walk: Walk): void {
  const value = valueOf(part, place, walk);
  const kind = value === undefined ? undefined : settingOf(part.name, value);
  if (kind === undefined && !(part.name === 'PYTHONPATH' && ownModules.test(value ?? ''))) {
    parts.literal = false;
    refuse(walk, isOwnName(part.name) ? because.unknownPart(`$${part.name}`) : because.setting(part.text));
    return;
  }
  understood(walk, part);
  if (kind !== 'looks') parts.needsSandbox = true;
}

/** `NAME=value` as a command of its own, where it is one of the settings of what is started later. */
export function readSettings(prefix: Command['prefix'], place: Place, walk: Walk): boolean {
  const kinds = prefix.map((part) => {
    const value = part.type === 'Assignment' && !isOwnName(part.name) ? valueOf(part, place, walk) : undefined;
    return part.type === 'Assignment' && value !== undefined ? settingOf(part.name, value) : undefined;
  });
  if (kinds.includes(undefined)) return false;
  for (const part of prefix) understood(walk, part);
  if (kinds.includes('runs')) walk.reading.runs = true;
  walk.reading.beyond = true;
  return true;
}

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
const printers = new Set(['echo', 'printf', 'basename', 'dirname']);

/** Without quotes the whole name of the folder has to be one word. */
function wholeNames({ folders = [''] }: Place): CommandPath[] {
  return folders.map((folder) => ({ effect: 'folder', path: folder === '' ? '.' : folder, glob: false, plain: true }));
}

/** Programs to which a number is a number, or a line, or the end of a text. */
const counters = new Set(['head', 'tail', 'sed', 'awk', 'seq', 'sleep']);

/** What begins a word of these that is a text to them, whatever follows: a pattern, or the value of an option. */
const inQuotes = /^(?:[^-"$`\\]|\\["$\\])/;
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
const repositoryHere: readonly CommandPath[] = ['.git/objects', '.git/refs'].map((path) => ({
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

function mergeReading(inner: CommandReading, { reading }: Walk): void {
  reading.paths.push(...inner.paths);
  reading.calls.push(...inner.calls);
  reading.files.push(...inner.files);
  reading.asked.push(...inner.asked);
  reading.git.push(...inner.git);
  reading.runs ||= inner.runs;
  reading.denied ??= inner.denied;
}

/** What a program does with its words; of one that runs another, what that does. */
function readWords(name: string, words: readonly Given[], place: Place, walk: Walk, feed: Feed): Does {
  walk.reading.calls.push([name, ...words.map(({ text }) => text)]);
  if (!printers.has(name)) {
    if (words.some(({ loose }) => loose === true)) walk.reading.runs = true;
    // Whatever a listed name is to the program: one that begins with a hyphen would be an option.
    const listed = words.filter(({ below }) => below !== undefined);
    addPaths(
      listed.map((word) => ({ ...pathOf(word), nameOnly: true })),
      place,
      walk,
    );
  }
  const found = programNamed(name);
  const told = tellsOfItself(name, words);
  if (found === undefined) return told ?? readOwn(name, words, place, walk);
  const { program, local } = found;
  if ((name === 'test' || name === '[') && asksForFile.test(words.map(({ text }) => text).join(' '))) {
    // Whether a file is there that nobody knows beforehand: what lies outside may be seen only where nothing private is.
    return 'runs';
  }
  if (!comparesPlainly(name, words)) return 'asks';
  const inner = program.runs?.(words, feed.listing);
  if (inner !== undefined) {
    addPaths(inner.paths ?? [], place, walk);
    if (inner.each !== undefined) return stronger(inner.does, readForEach(inner.each, place, walk));
    const [first, ...rest] = inner.words;
    // What changes the shell itself is no program that another one could run.
    if (first === undefined || first.glob || changers.has(first.text) || first.text === 'export') {
      if (name === 'command') lost(place, walk);
      return 'asks';
    }
    const does = stronger(inner.does, readWords(first.text, rest, place, walk, {}));
    return local ? stronger(does, 'runs') : does;
  }
  const text = program.line?.(words);
  if (text !== undefined && !local) return readLine(text, place, walk);
  readInnerText(program, words, place, walk);
  if (name === 'git' && told === undefined) return readGit(program, words, { ...place }, walk);
  const { paths, does, files = [] } = readProgram(program, words);
  if (does === 'asks' && told !== undefined) return told;
  walk.reading.files.push(...files);
  addPaths(paths, place, walk);
  // A number or a text that is not known is no name of a file.
  if (paths.some(({ path }) => path.includes(anyNumber) || path.includes(anyText))) return 'asks';
  return local ? stronger(does, 'runs') : does;
}

/** A program of the repository by its name: `./scripts/check.sh`. */
function readOwn(name: string, words: readonly Given[], place: Place, walk: Walk): Does {
  const built = isBuiltTest(name);
  if (!name.includes('/') || !(built || isCheckingFile(name))) return 'asks';
  const { paths, does } = readForms(built ? givenToTests : givenToScripts, words);
  addPaths([pathOf({ text: name, glob: false }), ...paths], place, walk);
  return does;
}

const asksForFile = new RegExp(`^(?:! )?-[efdrwxsLh] ${anyNumber}(?: \\])?$`);
const compared = /^(?:! )?(?:-[nz] \S+|\S+ (?:={1,2}|!=|-(?:eq|ne|gt|ge|lt|le)) \S+)(?: \])?$/;

/** A text that is not known is compared with another one, and is no operator itself. */
function comparesPlainly(name: string, words: readonly Given[]): boolean {
  if ((name !== 'test' && name !== '[') || !words.some(({ text }) => text.includes(anyNumber))) return true;
  return compared.test(words.map(({ text }) => text.replaceAll(/\s/g, '_') || '_').join(' '));
}

/** A text that a shell reads once for each of the names that it is given. */
function readForEach({ text, variable, names }: NonNullable<Inner['each']>, place: Place, walk: Walk): Does {
  let does: Does = 'looks';
  for (const name of names) {
    if (name.loose === true) does = stronger(does, 'runs');
    // Also where the text does nothing with it: what is put in there is part of the line.
    if (name.below?.verbatim === true) addPaths([pathOf({ ...name, plain: true })], place, walk);
    const value: Value = { kind: 'names', given: { ...name, one: true }, folders: place.folders };
    does = stronger(does, readLine({ text, does }, place, walk, new Map([[variable, value]])));
  }
  return does;
}

/** A literal text that another shell reads: a line of its own, in which nothing is set but what is handed on. */
function readLine(
  { text, does }: { text: string; does: Does },
  place: Place,
  walk: Walk,
  scope: Scope = new Map(),
): Does {
  if (walk.depth >= maxDepth) return 'asks';
  // It has not changed its folder before, and goes back to none.
  const { before: _, ...sure } = place.sure ?? { folder: '', needs: [], stack: [] };
  const alone: Place = { ...place, sure: place.sure === undefined ? undefined : { ...sure, stack: [] } };
  const { reading } = walk.readText(text, alone, { ...walk, scope });
  mergeReading(reading, walk);
  walk.reading.beyond = true;
  if (reading.unlisted !== undefined) {
    refuse(walk, reading.unlisted);
    return 'asks';
  }
  return reading.runs ? stronger(does, 'runs') : does;
}

/** With `-C` it stands in another folder, as behind a `cd`. The value of `-c` is no option. */
function readGit(program: Program, words: readonly Given[], place: Place, walk: Walk): Does {
  const kept: Given[] = [];
  let at = 0;
  for (let word = words[at]; word?.text.startsWith('-') === true; word = words[++at]) {
    const value = words[at + 1];
    if (word.text === '-C' && value !== undefined) {
      // For `cd` it would be the folder before.
      if (value.text === '-') return 'asks';
      moveTo('cd', [value], true, place, walk);
    } else kept.push(word, ...(word.text === '-c' && value !== undefined ? [value] : []));
    if (/^-[cC]$/.test(word.text)) at += 1;
  }
  kept.push(...words.slice(at));
  if (place.folders === undefined) return 'asks';
  walk.reading.git.push(...place.folders);
  const { paths, does, files = [] } = readProgram(program, kept);
  walk.reading.files.push(...files);
  addPaths(paths, place, walk);
  return paths.some(({ path }) => path.includes(anyText)) ? 'asks' : does;
}

/** A text that is run as a command line is looked through for what is denied; it is asked about in any case. */
function readInnerText(program: Program, words: readonly Given[], place: Place, outer: Walk): void {
  const text = program.script?.(words);
  if (text === undefined || outer.depth >= maxDepth) return;
  const inner = outer.readText(text, { folders: [''] }, outer).reading;
  outer.reading.denied ??= inner.denied;
  outer.reading.calls.push(...inner.calls);
  addPaths(inner.paths, place, outer);
}

/** The value of an assignment, where it is known. */
function valueOf({ value, append, index }: Assignment, place: Place, walk: Walk): string | undefined {
  if (append === true || index !== undefined || value.type !== 'Word') return undefined;
  if (value.text === '') return '';
  // Behind `=` and `:` the shell would put the home folder in the place of `~`.
  if (/(?:^|:)~/.test(value.text)) return undefined;
  const [only, ...others] =
    readWord(value, {
      scope: scopeAt(walk, place),
      assigned: true,
      substitution: (part) => (/^\$\(pwd\)$/.test(part.text) ? readSubstitution(part, place, walk) : undefined),
    }) ?? [];
  return only === undefined || others.length > 0 || only.below !== undefined ? undefined : only.text;
}

/** What `NAME=value` alone sets its variable to; undefined: that is more than a value for this line. */
export function assignedValue(part: Assignment, place: Place, walk: Walk): Value | undefined {
  const { name, value, append, index } = part;
  if (append === true || index !== undefined || !isOwnName(name)) return undefined;
  if (value.type !== 'Word') return elementsOf(value.elements, place, walk);
  if (value.text === '') return { kind: 'known', text: '' };
  const substituted = onlySubstitution(value);
  if (substituted !== undefined) {
    return readSubstitution(substituted, place, walk);
  }
  if (value.text === '$?') return { kind: 'number', empty: false };
  const scope = scopeAt(walk, place);
  const sum = readWord(value, { scope, numbers: true, assigned: true });
  if (sum?.length === 1 && sum[0]?.text === anyNumber) return { kind: 'number', empty: false };
  const [word, ...others] = readWord(value, { scope, assigned: true, home: true }) ?? [];
  if (word === undefined) {
    // Whatever it stands for, the shell takes nothing apart here.
    const any = readWord(value, { ...knownFor('echo', place, walk), assigned: true });
    return any?.length === 1 ? { kind: 'any' } : undefined;
  }
  if (others.length > 0 || word.below !== undefined) return undefined;
  if (word.text === '.' && /[$`]/.test(value.text)) return { kind: 'here', folders: place.folders };
  return word.glob || word.text.startsWith('./') ? undefined : { kind: 'known', text: word.text };
}

/** Names of files are looked up where the array is set. */
function elementsOf(words: readonly Word[], place: Place, walk: Walk): Value | undefined {
  const given: Given[] = [];
  for (const word of words) {
    const found = readWord(word, knownFor(undefined, place, walk));
    if (found === undefined) return undefined;
    given.push(...found);
  }
  return { kind: 'array', given, folders: place.folders };
}

function onlySubstitution({ parts, text }: Word): (WordPart & { type: 'CommandExpansion' }) | undefined {
  const [part, ...others] = parts ?? [];
  if (part === undefined || others.length > 0) return undefined;
  if (part.type === 'CommandExpansion') return part;
  const [inner, ...more] = part.type === 'DoubleQuoted' ? part.parts : [];
  if (inner?.type !== 'CommandExpansion' || more.length > 0 || text !== `"${inner.text}"`) return undefined;
  return inner;
}

export function readRedirect(redirect: Redirection, place: Place, walk: Walk): void {
  if (redirect.type !== 'Redirect') return readDocument(redirect, place, walk);
  const { target, operator, descriptor } = redirect;
  const known: Known = {
    scope: scopeAt(walk, place),
    home: true,
    unknown: (text) => refuse(walk, because.unknownPart(text)),
  };
  const [only, ...others] = target === undefined ? [] : (readWord(target, known) ?? []);
  const value = only === undefined || others.length > 0 || (only.glob && operator !== '<') ? undefined : only.text;
  if (target === undefined || only === undefined || value === undefined || only.part === true)
    return refuse(walk, because.beyond);
  if (descriptor?.type === 'FileDescriptorVariable') return refuse(walk, because.descriptor);
  understood(walk, target, target);
  if (sinks.has(value) || (operator === '>&' && /^[12]$/.test(value))) return;
  if (only.loose === true) walk.reading.runs = true;
  // A pattern stands for one file there, or for an error.
  if (operator === '<')
    return only.glob && only.one !== true ? refuse(walk, because.beyond) : addPaths([pathOf(only)], place, walk);
  if (operator === '<&' || /^\d*-?$/.test(value)) return refuse(walk, because.descriptor);
  addPaths([{ effect: 'write', path: value, glob: false }], place, walk);
  refuse(walk, `It writes its output to ${value}.`);
}
