import type { Assignment, Command, Redirection, Word, WordPart } from 'unbash';
import type { CommandPath, Does, Given } from './form.ts';
import { filesOf, type Listing, passOn, printsErrors, readsElsewhere } from './listing.ts';
import { type Program, readProgram, stronger } from './program.ts';
import { programNamed } from './programs/index.ts';
import { tellsOfItself } from './programs/versions.ts';
import {
  addPaths,
  beyond,
  type CommandReading,
  inFolder,
  nowhere,
  type Place,
  refuse,
  refuseProgram,
  scopeAt,
  understood,
  type Walk,
} from './reading.ts';
import { homePath, type Known, literalValue, readWord, type Value } from './words.ts';

/** What stands around a command in its pipeline. */
export interface Feed {
  /** What it is fed: names of files, as another program lists them. */
  listing?: Listing | undefined;
}

const maxDepth = 3;
/** Builtins after which the folder is not known any more. */
const movers = new Set(['pushd', 'popd', 'eval', 'source', '.', 'command', 'builtin']);
const sinks = new Set(['/dev/null', '/dev/stdout', '/dev/stderr']);
/** Variables that decide how much a program prints, and nothing that it runs. */
const settable =
  /^(?:CI|NODE_ENV|NO_COLOR|FORCE_COLOR|COLUMNS|LANG|LC_[A-Z]+|RUST_BACKTRACE|RUST_LOG|PYTHONDONTWRITEBYTECODE|PYTHONUNBUFFERED|PYTHONHASHSEED|CGO_ENABLED|GOOS|GOARCH|TZ|DEBUG|VERBOSE|CLICOLOR)$/;
/** Where modules of the repository itself are looked for: what is run then is its code, as it is without. */
const ownModules = /^(?:\.|\.\/|(?:\.\/)?(?:src|lib|tests?))(?::(?:\.|(?:\.\/)?(?:src|lib|tests?)))*$/;

/** What a simple command lists for the next one of its pipeline, where that is known. */
export function readSimple(command: Command, place: Place, walk: Walk, feed: Feed = {}): Listing | undefined {
  const { name } = command;
  const program = name === undefined ? undefined : literalValue(name);
  // Where a commit is missing, `git grep` would take the next word for the pattern.
  const commits = program === 'git' && !command.suffix.some((part) => part.type === 'Word' && part.text === 'grep');
  const known = { ...knownFor(program, place, walk), commits };
  const given: Given[] = [];
  let literal = true;
  let modules = false;
  for (const part of command.prefix) {
    if (part.type !== 'Assignment') readRedirect(part, place, walk);
    else if (isHarmless(part)) understood(walk, part);
    else if (part.name === 'PYTHONPATH' && ownModules.test(literalOf(part) ?? '')) {
      understood(walk, part);
      modules = true;
    } else literal = false;
  }
  for (const part of command.suffix) {
    if (part.type === 'Word') {
      understood(walk, part, part);
      // The first word of `printf` is what the others are put into.
      const found = readWord(part, program === 'printf' && given.length === 0 ? {} : known);
      if (found !== undefined) given.push(...found);
      else {
        literal = false;
        const path = homePath(part);
        if (path !== undefined) given.push({ text: path, glob: false });
      }
    } else if (part.type === 'Assignment') literal = false;
    else readRedirect(part, place, walk);
  }
  if (name !== undefined) understood(walk, name, name);
  if (program === 'cd') {
    changeFolder(given, literal, place, walk);
    return undefined;
  }
  // `command -v` only tells where a program is.
  const tells = program === 'command' && /^-[vV]$/.test(given[0]?.text ?? '');
  if (program === undefined || (movers.has(program) && !tells)) place.folders = undefined;
  if (program === undefined) {
    refuse(walk, beyond);
    return undefined;
  }
  const fed = readsElsewhere(command.redirects) ? undefined : feed.listing;
  const does = readWords(program, given, place, walk, { listing: fed });
  // Also where some word is not literal: what is known may be enough to refuse it.
  if (!literal) refuse(walk, beyond);
  if (does === 'asks' || (modules && does !== 'runs')) refuseProgram(walk, program, given);
  if (does === 'runs') walk.reading.runs = true;
  if (!literal || printsErrors(command.redirects)) return undefined;
  return passOn(programNamed(program)?.program, given, fed);
}

export function knownFor(program: string | undefined, place: Place, walk: Walk): Known {
  return {
    prints: program === 'echo' || program === 'printf',
    compares: program === 'test' || program === '[',
    counts: program !== undefined && builders.has(program),
    scope: scopeAt(walk, place),
    input: (part) => (program !== undefined && pipeReaders.has(program) ? readInput(part, place, walk) : undefined),
    substitution: (part) => readSubstitution(part, place, walk),
  };
}

/** Programs with jobs, to whom a number is nothing else, at the most the name of a target. */
const builders = new Set(['make', 'gmake', 'cmake', 'ctest', 'ninja', 'meson', 'cargo', 'go']);

/** Programs to which a pipe is a file like any other, whose lines they show. */
const pipeReaders = new Set(['cat', 'comm', 'cmp', 'diff', 'grep', 'head', 'join', 'paste', 'sort', 'tail', 'wc']);

function readInput(part: WordPart & { type: 'ProcessSubstitution' }, place: Place, walk: Walk): Given[] | undefined {
  if (!part.text.startsWith('<(')) return undefined;
  const value = readSubstitution({ text: `$${part.text.slice(1)}` }, place, walk);
  return value === undefined ? undefined : [{ text: '-', glob: false }];
}

/** Names of commits of which git prints nothing but the hash. */
const hashed =
  /^git (?:rev-parse (?:(?:--verify|--short(?:=\d+)?|-q|--quiet) )*(?:HEAD|@|main|master|origin\/(?:main|master|HEAD))(?:[~^]\d*)*|merge-base [\w@][\w@./~^-]* [\w@][\w@./~^-]*|rev-list -(?:1|n 1) [\w@][\w@./~^-]*)$/;

/**
 * What `$(...)` is replaced by, where everything in it is on the list: it is read as a line of its own, in a process of its own.
 * Of a comment in it, and of a backslash between backticks, it could be in doubt where it ends.
 */
export function readSubstitution({ text }: { text: string }, place: Place, walk: Walk): Value | undefined {
  const [, dollar, ticks] = /^(?:\$\(([^]*)\)|`([^`\\]*)`)$/.exec(text) ?? [];
  const inner = dollar ?? ticks;
  if (inner === undefined || walk.depth >= maxDepth || inner.startsWith('(') || /(?:^|[\s;&|])#/.test(inner)) {
    return undefined;
  }
  const { reading, listing } = walk.readText(inner, { ...place }, walk);
  mergeReading(reading, walk);
  walk.reading.beyond = true;
  if (reading.unlisted !== undefined) {
    refuse(walk, reading.unlisted);
    return undefined;
  }
  if (/^\s*(?:nproc|nproc --all|getconf _NPROCESSORS_ONLN)\s*$/.test(inner)) return { kind: 'number' };
  if (listing !== undefined && listing.folders.length > 0 && !listing.zero && dollar !== undefined) {
    // The shell takes them apart at blanks, and for patterns.
    return { kind: 'listed', given: filesOf(listing).map((given) => ({ ...given, plain: true })) };
  }
  return { kind: hashed.test(inner.trim().replaceAll(/ 2>\/dev\/null$/g, '')) ? 'revision' : 'any' };
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
  const found = programNamed(name);
  const told = tellsOfItself(name, words);
  if (found === undefined) return told ?? 'asks';
  const { program, local } = found;
  const inner = program.runs?.(words, feed.listing);
  if (inner !== undefined) {
    addPaths(inner.paths ?? [], place, walk);
    const [first, ...rest] = inner.words;
    if (first === undefined || first.glob) return 'asks';
    const does = stronger(inner.does, readWords(first.text, rest, place, walk, {}));
    return local ? stronger(does, 'runs') : does;
  }
  readInnerText(program, words, place, walk);
  if (name === 'git' && told === undefined) return readGit(program, words, { ...place }, walk);
  const { paths, does, files = [] } = readProgram(program, words);
  if (does === 'asks' && told !== undefined) return told;
  walk.reading.files.push(...files);
  addPaths(paths, place, walk);
  return local ? stronger(does, 'runs') : does;
}

/** With `-C` it stands in another folder, as behind a `cd`. The value of `-c` is no option. */
function readGit(program: Program, words: readonly Given[], place: Place, walk: Walk): Does {
  const kept: Given[] = [];
  let at = 0;
  for (let word = words[at]; word?.text.startsWith('-') === true; word = words[++at]) {
    const value = words[at + 1];
    if (word.text === '-C' && value !== undefined) changeFolder([value], true, place, walk);
    else kept.push(word, ...(word.text === '-c' && value !== undefined ? [value] : []));
    if (/^-[cC]$/.test(word.text)) at += 1;
  }
  kept.push(...words.slice(at));
  if (place.folders === undefined) return 'asks';
  walk.reading.git.push(...place.folders);
  const { paths, does, files = [] } = readProgram(program, kept);
  walk.reading.files.push(...files);
  addPaths(paths, place, walk);
  return does;
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

function changeFolder(words: readonly Given[], literal: boolean, place: Place, walk: Walk): void {
  const [folder, ...others] = words;
  // The shell takes `..` by name where the kernel would follow links: only folders below are followed here.
  const known =
    literal &&
    folder !== undefined &&
    others.length === 0 &&
    !folder.glob &&
    /^[^-~]/.test(folder.text) &&
    !folder.text.split('/').includes('..');
  if (!known) {
    place.folders = undefined;
    return refuse(walk, nowhere);
  }
  addPaths([{ effect: 'read', path: folder.text, glob: false }], place, walk);
  place.folders = place.folders?.map((each) => inFolder(each, folder.text));
  if (folder.text.startsWith('/')) place.folders = [folder.text];
}

/** The value of an assignment in which nothing is expanded. */
function literalOf({ value, append, index }: Assignment): string | undefined {
  if (append === true || index !== undefined || value.type !== 'Word') return undefined;
  return value.text === '' ? '' : literalValue(value);
}

function isHarmless(assignment: Assignment): boolean {
  const value = literalOf(assignment);
  if (value === undefined || !settable.test(assignment.name)) return false;
  // A time zone can be the name of a file.
  return assignment.name !== 'TZ' || /^[A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z_]+)?$/.test(value);
}

/** Names of variables that mean nothing to a shell or to a program that it starts. */
const ownName =
  /^(?!histchars$)(?:[a-z][a-z0-9]*|[A-Z]|FILE|FILES|DIR|BASE|ROOT|SRC|SHA|COMMIT|REV|BRANCH|VERSION|NAME|COUNT|TOTAL|OUT|RESULT|RC|STATUS)$/;

export function isOwnName(name: string): boolean {
  return ownName.test(name);
}

/** What `NAME=value` alone sets its variable to; undefined: that is more than a value for this line. */
export function assignedValue(part: Assignment, place: Place, walk: Walk): Value | undefined {
  const { name, value, append, index } = part;
  if (append === true || index !== undefined || value.type !== 'Word' || !isOwnName(name)) return undefined;
  if (value.text === '') return { kind: 'known', text: '' };
  const substituted = onlySubstitution(value);
  if (substituted !== undefined) {
    const found = readSubstitution(substituted, place, walk);
    return found?.kind === 'listed' ? { kind: 'any' } : found;
  }
  if (value.text === '$?') return { kind: 'any' };
  const [word, ...others] = readWord(value, { scope: walk.scope }) ?? [];
  return word === undefined || others.length > 0 || word.glob || word.below !== undefined
    ? undefined
    : { kind: 'known', text: word.text };
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
  // What is written there is given to a program as its input, and is no name.
  if (redirect.type !== 'Redirect') return refuse(walk, beyond);
  const { target, operator, descriptor } = redirect;
  const [only, ...others] = target === undefined ? [] : (readWord(target, { scope: scopeAt(walk, place) }) ?? []);
  const value = only === undefined || others.length > 0 || (only.glob && operator !== '<') ? undefined : only.text;
  if (target === undefined || only === undefined || value === undefined) return refuse(walk, beyond);
  if (descriptor?.type === 'FileDescriptorVariable') return refuse(walk, beyond);
  understood(walk, target, target);
  if (sinks.has(value) || (operator === '>&' && /^[12]$/.test(value))) return;
  // A pattern stands for one file there, or for an error.
  const path: CommandPath = { effect: 'read', path: value, glob: only.glob };
  if (operator === '<') return only.glob && only.one !== true ? refuse(walk, beyond) : addPaths([path], place, walk);
  if (operator === '<&' || /^\d*-?$/.test(value)) return refuse(walk, beyond);
  addPaths([{ effect: 'write', path: value, glob: false }], place, walk);
  refuse(walk, `It writes its output to ${value}.`);
}
