import {
  type Command,
  parse,
  type ParsedScript,
  type PipelineNode,
  type Redirect,
  type Statement,
  type Word,
} from 'unbash';
import { rules } from './rules.ts';

/** A path that a command would touch, as the kernel will be asked for it from the first root. */
export interface CommandPath {
  effect: 'read' | 'write';
  path: string;
}

/** What is known of a command without running it. Paths are known even where the rest is not. */
export interface CommandReading {
  paths: CommandPath[];
  /** Why it is not on the short list, as a sentence; undefined: every part of it is. */
  unlisted: string | undefined;
}

/** Where the following words of the line stand: a folder, or undefined once that cannot be known. */
interface Place {
  folder: string | undefined;
}

/** Longer commands are nothing that a person reads before saying yes. */
const maxCommand = 10_000;
const beyond = 'It uses more of the shell than plain commands, so what it does cannot be seen beforehand.';
/** What a word may hold outside quotes. `~` only behind a letter or a digit, where the shell leaves it alone. */
const plain = /^(?:[\p{L}\p{N}_@%+=:,./^-]|(?<=[A-Za-z0-9^])~)*$/u;
/** Builtins after which the folder is not known any more. */
const movers = new Set(['pushd', 'popd', 'eval', 'source', '.', 'command', 'builtin']);
const sinks = new Set(['/dev/null', '/dev/stdout', '/dev/stderr']);

/** Reads a command line: whether all of it is on the short list, and which paths its known parts would touch. */
export function readCommand(command: string): CommandReading {
  return readWithWords(command, []);
}

/**
 * The command by its words, each as the program is given it where nothing in it is expanded: blanks, quotes and `./` make no
 * difference. What holds more of the shell than plain commands is as it was written.
 */
export function commandInWords(command: string): string {
  const words: Word[] = [];
  readWithWords(command, words);
  if (words.length === 0 || !onlyKnownSigns(command, words)) return command;
  const parts: (string | string[])[] = [];
  let from = 0;
  for (const word of words.toSorted((a, b) => a.pos - b.pos)) {
    const signs = command.slice(from, word.pos).replaceAll(/\s+/g, '');
    const program = from === 0 || /[|&]$/.test(signs);
    const value = literalValue(word);
    const text = value ?? word.text;
    const plainly = program ? text : text.replaceAll(/(^|\/)(?:\.\/+)+(?=[^/])/g, '$1');
    // A word that is expanded is none that is written just so.
    parts.push(signs, value === undefined ? [plainly] : plainly);
    from = word.end;
  }
  return JSON.stringify([...parts, command.slice(from).replaceAll(/\s+/g, '')]);
}

/** @param words gets those of the known parts */
function readWithWords(command: string, words: Word[]): CommandReading {
  if (command.length > maxCommand) {
    return { paths: [], unlisted: 'The command is longer than 10,000 characters; a script file is easier to read.' };
  }
  const reading: CommandReading = { paths: [], unlisted: undefined };
  const script = parseCommand(command);
  if (script === undefined) return { paths: [], unlisted: 'The command could not be understood.' };
  if (script.commands.length === 0) return { paths: [], unlisted: 'The command is empty.' };
  const place: Place = { folder: '' };
  for (const statement of script.commands) {
    for (const part of chain(statement, reading)) readPipeline(part, place, reading, words);
  }
  const alone = script.commands.length === 1 && script.commands[0]?.background !== true;
  if (!alone || script.shebang !== undefined) refuse(reading, beyond);
  if (!onlyKnownSigns(command, words)) refuse(reading, beyond);
  return reading;
}

/** The paths that have to be resolved before the command is judged. */
export function commandPaths(command: string): string[] {
  return [...new Set(readCommand(command).paths.map(({ path }) => path))];
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
function refuse(reading: CommandReading, reason: string): void {
  reading.unlisted ??= reason;
}

/** The parts of an `&&` list. */
function chain(statement: Statement, reading: CommandReading): readonly PipelineNode[] {
  const { command } = statement;
  if (command.type !== 'AndOr') return [command];
  if (command.operators.some((operator) => operator !== '&&')) refuse(reading, beyond);
  return command.commands;
}

function readPipeline(node: PipelineNode, place: Place, reading: CommandReading, words: Word[]): void {
  if (node.type === 'Command') return readSimple(node, place, reading, words);
  if (node.type !== 'Pipeline') {
    // A loop or a function may change the folder.
    place.folder = undefined;
    return refuse(reading, beyond);
  }
  if (node.prefixes.length > 0 || node.operators.some((operator) => operator !== '|')) refuse(reading, beyond);
  for (const command of node.commands) {
    // Each part of a pipeline is a process of its own: a `cd` in it moves nothing else.
    if (command.type === 'Command') readSimple(command, { ...place }, reading, words);
    else refuse(reading, beyond);
  }
}

function readSimple(command: Command, place: Place, reading: CommandReading, words: Word[]): void {
  const given: string[] = [];
  let literal = command.prefix.length === 0;
  for (const part of command.suffix) {
    if (part.type === 'Redirect') readRedirect(part, place, reading, words);
    else if (part.type === 'Word') {
      words.push(part);
      const value = literalValue(part);
      if (value === undefined) literal = false;
      else given.push(value);
    } else literal = false;
  }
  if (command.name !== undefined) words.push(command.name);
  const program = command.name === undefined ? undefined : literalValue(command.name);
  if (program === 'cd') return changeFolder(given, literal, place, reading);
  if (program === undefined || movers.has(program)) place.folder = undefined;
  if (program === undefined) return refuse(reading, beyond);
  // A folder below could be a repository that an agent made, with programs in its configuration.
  const reads = program === 'git' && place.folder !== '' ? undefined : listedReads(program, given);
  if (reads === undefined) return refuse(reading, notListed(program, given));
  // Also where some word is not literal: what is known may be enough to refuse it.
  addPaths('read', reads, place, reading);
  if (!literal) refuse(reading, beyond);
}

/** The paths a listed command reads; undefined when it is not on the list. */
function listedReads(program: string, words: readonly string[]): string[] | undefined {
  for (const rule of rules) {
    const reads = rule.program === program ? rule.reads(words) : undefined;
    if (reads !== undefined) return reads;
  }
  return undefined;
}

function changeFolder(words: readonly string[], literal: boolean, place: Place, reading: CommandReading): void {
  const [folder = '', ...others] = words;
  // The shell takes `..` by name where the kernel would follow links: only folders below are followed here.
  const known = literal && others.length === 0 && /^[^-~]/.test(folder) && !folder.split('/').includes('..');
  if (!known) {
    place.folder = undefined;
    return refuse(reading, 'It changes the folder in a way that cannot be followed beforehand.');
  }
  addPaths('read', [folder], place, reading);
  place.folder = inFolder(place.folder, folder);
}

function readRedirect(redirect: Redirect, place: Place, reading: CommandReading, words: Word[]): void {
  const { target, operator } = redirect;
  const value = target === undefined ? undefined : literalValue(target);
  if (target === undefined || value === undefined) return refuse(reading, beyond);
  words.push(target);
  if (sinks.has(value) || (operator === '>&' && /^[12]$/.test(value))) return;
  if (operator === '<') return addPaths('read', [value], place, reading);
  if (operator === '<&' || /^\d*-?$/.test(value)) return refuse(reading, beyond);
  addPaths('write', [value], place, reading);
  refuse(reading, `It writes its output to ${value}.`);
}

function addPaths(effect: 'read' | 'write', given: readonly string[], place: Place, reading: CommandReading): void {
  for (const path of given) {
    const full = inFolder(place.folder, path);
    if (full === undefined) refuse(reading, 'It changes the folder in a way that cannot be followed beforehand.');
    else reading.paths.push({ effect, path: full });
  }
}

/** Joined without taking `..` out: behind a link the kernel goes somewhere else than the name suggests. */
function inFolder(folder: string | undefined, path: string): string | undefined {
  if (path.startsWith('/')) return path;
  if (folder === undefined) return undefined;
  return folder === '' ? (path === '' ? '.' : path) : `${folder}/${path}`;
}

function notListed(program: string, given: readonly string[]): string {
  const [sub = ''] = given;
  const shown = /^[a-z][a-z0-9:_-]*$/i.test(sub) ? `${program} ${sub}` : program;
  return `${shown.slice(0, 80)} is not on the short list of commands that only look.`;
}

/**
 * The value of a word in which nothing is expanded. Checked on the characters themselves as well, so that a
 * construct that the parser would miss is no literal either.
 */
function literalValue(word: Word): string | undefined {
  if (word.parts === undefined) return plain.test(word.text) ? word.text : undefined;
  let value = '';
  for (const part of word.parts) {
    if (part.type === 'Literal' && plain.test(part.text) && part.text === part.value) value += part.value;
    else if (part.type === 'SingleQuoted' && part.text === `'${part.value}'`) value += part.value;
    else if (part.type === 'DoubleQuoted' && !/[\\$`]/.test(part.text)) value += part.text.slice(1, -1);
    else return undefined;
  }
  return value;
}

/**
 * Between the words there is nothing but blanks, `&&`, `|` and redirections: the parser overlooked nothing. NUL stands
 * for a word; in the command itself it would have been asked about.
 */
function onlyKnownSigns(command: string, words: readonly Word[]): boolean {
  let rest = '';
  let from = 0;
  for (const { pos, end } of [...words].toSorted((a, b) => a.pos - b.pos)) {
    if (pos < from) return false;
    rest += `${command.slice(from, pos)}\0`;
    from = end;
  }
  return /^(?:[ \t]|\n$|\0|&&|\||\d?>&?|&>|<)*$/.test(rest + command.slice(from));
}
