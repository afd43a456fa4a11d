import {
  type AndOr,
  type Assignment,
  type Command,
  parse,
  type ParsedScript,
  type Pipeline,
  type PipelineNode,
  type Redirect,
  type Statement,
  type Word,
} from 'unbash';
import { type Denial, denied, forkBomb } from './denials.ts';
import type { CommandPath, Does, Given } from './form.ts';
import { type Program, readProgram, stronger } from './program.ts';
import { programNamed } from './programs/index.ts';
import { homePath, literalValue, readWord } from './words.ts';

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
  /** More than that keeps it from the list: what the shell would do is not known, or it writes its output to a file. */
  beyond: boolean;
}

/** In which of these folders the following words of the line stand; undefined once that cannot be known. */
interface Place {
  folders: readonly string[] | undefined;
}

/** What is gone through: the reading, and where in the text what was understood stands. */
interface Walk {
  reading: CommandReading;
  words: Span[];
  depth: number;
}

/** A word in the text of a command; without `word`, an assignment or a sign. */
export interface Span {
  pos: number;
  end: number;
  word?: Word;
}

/** Longer commands are nothing that a person reads before saying yes. */
const maxCommand = 10_000;
const maxDepth = 3;
const maxFolders = 8;
const beyond = 'It uses more of the shell than plain commands, so what it does cannot be seen beforehand.';
const nowhere = 'It changes the folder in a way that cannot be followed beforehand.';
/** Builtins after which the folder is not known any more. */
const movers = new Set(['pushd', 'popd', 'eval', 'source', '.', 'command', 'builtin']);
const sinks = new Set(['/dev/null', '/dev/stdout', '/dev/stderr']);
/** Variables that decide how much a program prints, and nothing that it runs. */
const settable =
  /^(?:CI|NODE_ENV|NO_COLOR|FORCE_COLOR|COLUMNS|LANG|LC_[A-Z]+|RUST_BACKTRACE|PYTHONDONTWRITEBYTECODE|PYTHONUNBUFFERED|CGO_ENABLED|GOOS|GOARCH)$/;

/** Reads a command line: whether all of it is on the list, and which paths its known parts would touch. */
export function readCommand(command: string): CommandReading {
  return walk(command, 0).reading;
}

/** The paths that have to be resolved before the command is judged. */
export function commandPaths(command: string): CommandPath[] {
  const found = new Map(readCommand(command).paths.map((path) => [`${path.glob} ${path.path}`, path]));
  return [...found.values()];
}

/**
 * The command by its words, each as the program is given it where nothing in it is expanded: blanks, quotes and `./` make no
 * difference. What holds more of the shell than plain commands is as it was written.
 */
export function commandInWords(command: string): string {
  const parts = partsInWords(command, () => undefined);
  return parts === undefined ? command : JSON.stringify(parts);
}

/** A word that stands for others too: `any` says for which. */
export interface AnyWord {
  any: string;
}

type Part = string | string[] | AnyWord;

/**
 * The parts of a command as `commandInWords` has them, signs between words included. `general` says for which others a
 * literal word stands. Undefined where the command holds more of the shell than plain commands.
 */
export function partsInWords(
  command: string,
  general: (value: string) => AnyWord | undefined,
): readonly Part[] | undefined {
  const { words } = walk(command, 0);
  if (words.length === 0 || !onlyKnownSigns(command, words)) return undefined;
  const parts: Part[] = [];
  let from = 0;
  for (const { pos, end, word } of words.toSorted((a, b) => a.pos - b.pos)) {
    const signs = command.slice(from, pos).replaceAll(/\s+/g, '');
    const program = from === 0 || /[|&;]$/.test(signs);
    const value = word === undefined ? undefined : literalValue(word);
    const text = value ?? command.slice(pos, end);
    const others = value === undefined || program ? undefined : general(value);
    const plainly = program ? text : text.replaceAll(/(^|\/)(?:\.\/+)+(?=[^/])/g, '$1');
    // A word that is expanded is none that is written just so.
    parts.push(signs, others ?? (value === undefined ? [plainly] : plainly));
    from = end;
  }
  return [...parts, command.slice(from).replaceAll(/\s+/g, '')];
}

/** Where the words of a command stand in it, in order; empty where it cannot be parsed. */
export function commandWords(command: string): readonly Span[] {
  return walk(command, 0).words.toSorted((a, b) => a.pos - b.pos);
}

/** The words of a command in order, each by its value where that is literal. */
export function literalWords(command: string): string[] {
  const words = commandWords(command);
  if (words.length === 0) return command.split(/[\s'"`;|&<>()]+/);
  return words.map(({ pos, end, word }) => {
    const text = command.slice(pos, end);
    return (word === undefined ? undefined : literalValue(word)) ?? text.replaceAll(/['"\\]/g, '');
  });
}

function walk(command: string, depth: number): Walk {
  const reading: CommandReading = {
    paths: [],
    unlisted: undefined,
    runs: false,
    calls: [],
    git: [],
    denied: undefined,
    files: [],
    asked: [],
    beyond: false,
  };
  const walk: Walk = { reading, words: [], depth };
  if (command.length > maxCommand) {
    refuse(walk, 'The command is longer than 10,000 characters; a script file is easier to read.');
    return walk;
  }
  if (forkBomb.test(command)) {
    reading.denied = {
      rule: 'command.machine',
      reason: 'It starts itself again and again until the machine stands still.',
    };
  }
  const script = parseCommand(command);
  if (script === undefined) refuse(walk, 'The command could not be understood.');
  else if (script.commands.length === 0) refuse(walk, 'The command is empty.');
  else {
    const place: Place = { folders: [''] };
    for (const statement of script.commands) readStatement(statement, place, walk);
    if (script.shebang !== undefined || !onlyKnownSigns(command, walk.words)) refuse(walk, beyond);
    // As it is written down: in the tree itself the parts of words are found one by one, when they are asked for.
    if (walk.reading.unlisted !== undefined) search(JSON.parse(JSON.stringify(script)), walk);
  }
  return walk;
}

function parseCommand(command: string): ParsedScript | undefined {
  try {
    const script = parse(command);
    return (script.errors?.length ?? 0) > 0 ? undefined : script;
  } catch (error) {
    // The parser recovers from every text it knows of; where it does not, the command is as unknown as any other.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The first reason stands: it is about the part that a person reads first. */
function refuse({ reading }: Walk, reason: string): void {
  reading.unlisted ??= reason;
  reading.beyond = true;
}

function refuseProgram({ reading }: Walk, program: string, words: readonly Given[]): void {
  reading.unlisted ??= notListed(program, words);
  reading.asked.push({ program, words });
}

function readStatement({ command, background }: Statement, place: Place, walk: Walk): void {
  if (background === true) refuse(walk, beyond);
  if (command.type === 'AndOr') readChain(command, place, walk);
  else readAndMove(command, place, walk);
}

/**
 * Behind `&&` the part before has succeeded, unless there is a `||` or a `!` before it; behind anything else it may have
 * failed, and not have changed the folder.
 */
function readChain({ commands, operators }: AndOr, place: Place, walk: Walk): void {
  const before: Place[] = [{ ...place }];
  let sure = true;
  for (const [at, part] of commands.entries()) {
    if (at > 0 && operators[at - 1] !== '&&') sure = false;
    if (!sure) place.folders = joined([...before, place]);
    readPipeline(part, place, walk);
    if (part.type === 'Pipeline' && part.prefixes.some(({ type }) => type === 'Negation')) sure = false;
    before.push({ ...place });
  }
  place.folders = joined(before);
}

function readAndMove(part: PipelineNode, place: Place, walk: Walk): void {
  const before = { ...place };
  readPipeline(part, place, walk);
  place.folders = joined([before, place]);
}

function joined(places: readonly Place[]): readonly string[] | undefined {
  const all = new Set<string>();
  for (const { folders } of places) {
    if (folders === undefined) return undefined;
    for (const folder of folders) all.add(folder);
  }
  return all.size > maxFolders ? undefined : [...all];
}

function readPipeline(node: PipelineNode, place: Place, walk: Walk): void {
  if (node.type === 'Command') return readSimple(node, place, walk);
  if (node.type !== 'Pipeline') {
    // A loop or a function may change the folder.
    place.folders = undefined;
    return refuse(walk, beyond);
  }
  for (const prefix of node.prefixes) walk.words.push(prefix);
  // Of one command alone, with `time` or `!` before it, the shell itself changes the folder.
  const alone = node.commands.length === 1;
  for (const command of node.commands) {
    // Each part of a pipeline is a process of its own: a `cd` in it moves nothing else.
    if (command.type === 'Command') readSimple(command, alone ? place : { ...place }, walk);
    else refuse(walk, beyond);
  }
}

function readSimple(command: Command, place: Place, walk: Walk): void {
  const { name } = command;
  const program = name === undefined ? undefined : literalValue(name);
  const prints = program === 'echo' || program === 'printf';
  const given: Given[] = [];
  let literal = true;
  for (const part of command.prefix) {
    if (part.type === 'Redirect') readRedirect(part, place, walk);
    else if (part.type !== 'Assignment' || !isHarmless(part)) literal = false;
    else walk.words.push(part);
  }
  for (const part of command.suffix) {
    if (part.type === 'Redirect') readRedirect(part, place, walk);
    else if (part.type === 'Word') {
      walk.words.push({ pos: part.pos, end: part.end, word: part });
      const found = readWord(part, prints);
      if (found !== undefined) given.push(...found);
      else {
        literal = false;
        const path = homePath(part);
        if (path !== undefined) given.push({ text: path, glob: false });
      }
    } else literal = false;
  }
  if (name !== undefined) walk.words.push({ pos: name.pos, end: name.end, word: name });
  if (program === 'cd') return changeFolder(given, literal, place, walk);
  // `command -v` only tells where a program is.
  const tells = program === 'command' && /^-[vV]$/.test(given[0]?.text ?? '');
  if (program === undefined || (movers.has(program) && !tells)) place.folders = undefined;
  if (program === undefined) return refuse(walk, beyond);
  const does = readWords(program, given, place, walk);
  // Also where some word is not literal: what is known may be enough to refuse it.
  if (!literal) refuse(walk, beyond);
  if (does === 'asks') refuseProgram(walk, program, given);
  if (does === 'runs') walk.reading.runs = true;
}

/** What a program does with its words; of one that runs another, what that does. */
function readWords(name: string, words: readonly Given[], place: Place, walk: Walk): Does {
  walk.reading.calls.push([name, ...words.map(({ text }) => text)]);
  const found = programNamed(name);
  if (found === undefined) return 'asks';
  const { program, local } = found;
  const inner = program.runs?.(words);
  if (inner !== undefined) {
    const [first, ...rest] = inner.words;
    if (first === undefined || first.glob) return 'asks';
    const does = stronger(inner.does, readWords(first.text, rest, place, walk));
    return local ? stronger(does, 'runs') : does;
  }
  readScript(program, words, place, walk);
  if (name === 'git') {
    if (place.folders === undefined) return 'asks';
    walk.reading.git.push(...place.folders);
  }
  const { paths, does, files = [] } = readProgram(program, words);
  walk.reading.files.push(...files);
  addPaths(paths, place, walk);
  return local ? stronger(does, 'runs') : does;
}

/** A text that is run as a command line is looked through for what is denied; it is asked about in any case. */
function readScript(program: Program, words: readonly Given[], place: Place, outer: Walk): void {
  const text = program.script?.(words);
  if (text === undefined || outer.depth >= maxDepth) return;
  const inner = walk(text, outer.depth + 1).reading;
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

function isHarmless({ name, value, append, index }: Assignment): boolean {
  if (append === true || index !== undefined || value.type !== 'Word' || !settable.test(name)) return false;
  return value.text === '' || literalValue(value) !== undefined;
}

function readRedirect(redirect: Redirect, place: Place, walk: Walk): void {
  const { target, operator, descriptor } = redirect;
  const value = target === undefined ? undefined : literalValue(target);
  if (target === undefined || value === undefined || descriptor?.type === 'FileDescriptorVariable') {
    return refuse(walk, beyond);
  }
  walk.words.push({ pos: target.pos, end: target.end, word: target });
  if (sinks.has(value) || (operator === '>&' && /^[12]$/.test(value))) return;
  if (operator === '<') return addPaths([{ effect: 'read', path: value, glob: false }], place, walk);
  if (operator === '<&' || /^\d*-?$/.test(value)) return refuse(walk, beyond);
  addPaths([{ effect: 'write', path: value, glob: false }], place, walk);
  refuse(walk, `It writes its output to ${value}.`);
}

function addPaths(paths: readonly CommandPath[], { folders }: Place, walk: Walk): void {
  for (const path of paths) {
    if (folders === undefined && !/^[/~]/.test(path.path)) refuse(walk, nowhere);
    for (const folder of folders ?? ['']) {
      if (folders !== undefined || /^[/~]/.test(path.path)) {
        const whole = inFolder(folder, path.path);
        walk.reading.paths.push({ ...path, path: whole, before: whole.length - path.path.length });
      }
    }
  }
}

/** Joined without taking `..` out: behind a link the kernel goes somewhere else than the name suggests. */
function inFolder(folder: string, path: string): string {
  if (/^\/|^~(?:\/|$)/.test(path)) return path;
  return folder === '' ? (path === '' ? '.' : path) : `${folder}/${path}`;
}

function notListed(program: string, given: readonly Given[]): string {
  const sub = given[0]?.text ?? '';
  const shown = /^[a-z][a-z0-9:_-]*$/i.test(sub) ? `${program} ${sub}` : program;
  return `${shown.slice(0, 80)} is not on the list of commands that only look or test.`;
}

/** Looks through every part, also those that cannot be read otherwise, for what is denied by its words alone. */
function search(node: unknown, walk: Walk): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) return node.forEach((each) => search(each, walk));
  const { type } = node as { type?: string };
  if (type === 'Pipeline') walk.reading.denied ??= denied((node as Pipeline).commands.map(wordsOf));
  if (type === 'Command') {
    const words = wordsOf(node as Command);
    walk.reading.denied ??= denied([words]);
    walk.reading.calls.push(words.map(({ text }) => text));
  }
  for (const value of Object.values(node)) search(value, walk);
}

function wordsOf(node: { type: string }): Given[] {
  if (node.type !== 'Command') return [];
  const { name, suffix } = node as Command;
  const words = [...(name === undefined ? [] : [name]), ...suffix.filter((part) => part.type === 'Word')];
  return words.flatMap((word) => readWord(word) ?? [{ text: word.value, glob: false }]);
}

/**
 * Between the words there is nothing but blanks, the signs of lists and pipelines, and redirections: the parser overlooked
 * nothing. NUL stands for a word; in the command itself it would have been asked about.
 */
function onlyKnownSigns(command: string, words: readonly Span[]): boolean {
  let rest = '';
  let from = 0;
  for (const { pos, end } of [...words].toSorted((a, b) => a.pos - b.pos)) {
    if (pos < from) return false;
    rest += `${command.slice(from, pos)}\0`;
    from = end;
  }
  return /^(?:[ \t\n]|(?<=^|[ \t\n;&|])#[^\n\0]*|\0|&&|\|\|?|\|&|;(?!;)|\d?>&?|\d?>>|&>|<(?![<(]))*$/.test(
    rest + command.slice(from),
  );
}
