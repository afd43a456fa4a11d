import type { Assignment, Command, Redirection, Word } from 'unbash';
import { linesOf, readDocument } from './documents.ts';
import { moveTo } from './folder.ts';
import { type Given, pathOf } from './form.ts';
import { type Listing, passOn, printsErrors, readsElsewhere } from './listing.ts';
import { programNamed } from './programs/index.ts';
import { changers, type Feed, readWords } from './programWords.ts';
import { addPaths, type Place, refuse, refuseProgram, scopeAt, understood, type Walk } from './reading.ts';
import * as because from './sentences.ts';
import { isOwnName, settingOf } from './settings.ts';
import { flags, inQuotes, knownFor, repositoryHere } from './substitution.ts';
import { valueOf } from './values.ts';
import { homePath, type Known, readWord } from './words.ts';

/** Builtins after which the folder is not known any more. */
const movers = new Set(['eval', 'source', '.', 'builtin', 'exec']);
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
  refuse(walk, because.writesOutput(value));
}
