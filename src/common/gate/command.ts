import {
  type AndOr,
  type Command,
  type CommandNode,
  type CompoundList,
  parse,
  type ParsedScript,
  type PipelineNode,
  type Redirected,
  type Redirection,
  type Statement,
} from 'unbash';
import { assignmentsOf, readAssignment } from './assignments.ts';
import { readCase, readIf } from './branches.ts';
import { readConditions } from './conditions.ts';
import { forkBomb } from './denials.ts';
import { type CommandPath, keyOf } from './form.ts';
import { filesOf, type Listing, readsElsewhere } from './listing.ts';
import { readCount, readFor, readWhile } from './loops.ts';
import { printsNumbers, printsWords } from './printed.ts';
import {
  bracketed,
  type CommandReading,
  giveUp,
  inOrder,
  joined,
  onlyKnownSigns,
  type Place,
  refuse,
  type Span,
  start,
  understood,
  type Walk,
} from './reading.ts';
import { search } from './search.ts';
import * as because from './sentences.ts';
import { isOwnName } from './settings.ts';
import { readRedirect, readSimple } from './simple.ts';
import { readSubstitution } from './substitution.ts';
import { literalValue, type Scope } from './words.ts';

export type { CommandReading } from './reading.ts';

/** Longer commands are nothing that a person reads before saying yes. */
const maxCommand = 10_000;
/** Reads a command line: whether all of it is on the list, and which paths its known parts would touch. */
export function readCommand(command: string): CommandReading {
  return walkOf(command).reading;
}

/** The paths that have to be resolved before the command is judged, each once. */
export function commandPaths(command: string): CommandPath[] {
  return pathsOf(readCommand(command));
}

export function pathsOf({ paths }: CommandReading): CommandPath[] {
  return [...new Map(paths.map((path) => [keyOf(path), path])).values()];
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
  const walked = walkOf(command);
  if (walked.words.size === 0 || !onlyKnownSigns(walked)) return undefined;
  const parts: Part[] = [];
  let from = 0;
  for (const { pos, end, word } of inOrder(walked.words)) {
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
  return inOrder(walkOf(command).words);
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

/** The last commands that were read: one decision looks at a command several times. */
const lately = new Map<string, Walk>();
const MOST_LATELY = 32;

function walkOf(command: string): Walk {
  const known = lately.get(command);
  if (known !== undefined) return known;
  const walked = walk(command, 0);
  const [oldest] = lately.size < MOST_LATELY ? [] : lately.keys();
  if (oldest !== undefined) lately.delete(oldest);
  lately.set(command, walked);
  return walked;
}

function walk(command: string, depth: number, place: Place = start(), scope: Scope = new Map()): Walk {
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
  const walk: Walk = {
    reading,
    text: command,
    words: new Map(),
    depth,
    scope,
    listing: undefined,
    passes: 0,
    assigned: new Map(),
    sums: new Set(),
    readText,
    readList,
  };
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
    const { assigned, sums } = assignmentsOf(script);
    walk.assigned = assigned;
    walk.sums = sums;
    for (const statement of script.commands) {
      const listing = readStatement(statement, place, walk);
      if (script.commands.length === 1) walk.listing = listing;
    }
    if (script.shebang !== undefined || !onlyKnownSigns(walk)) refuse(walk, because.beyond);
    // As it is written down: in the tree itself the parts of words are found one by one, when they are asked for.
    if (walk.reading.unlisted !== undefined) search(JSON.parse(JSON.stringify(script)), walk);
  }
  return walk;
}

function readText(text: string, place: Place, outer: Walk): Walk {
  return walk(text, outer.depth + 1, { ...place }, outer.scope);
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

function readStatement({ command, background }: Statement, place: Place, walk: Walk): Listing | undefined {
  if (background === true) refuse(walk, because.background);
  if (command.type === 'AndOr') readChain(command, place, walk);
  else if (background === true || !readAssignment(command, place, walk)) return readAndMove(command, place, walk);
  return undefined;
}

/** It changes the folder, does nothing else, and does so or fails. */
function onlyMoves(part: PipelineNode): boolean {
  return part.type === 'Command' && /^(?:cd|pushd|popd)$/.test(part.name?.text ?? '');
}

/**
 * Behind `&&` the part before has succeeded, unless there is a `||` or a `!` before it; behind anything else it may have
 * failed, and not have changed the folder or set a variable.
 */
function readChain({ commands, operators }: AndOr, place: Place, walk: Walk): void {
  const before: Place[] = [{ ...place }];
  const first = place.sure;
  let lasting = walk.scope;
  let sure = true;
  // Every part so far changes the folder, so that the next one comes about if these do.
  let moving = true;
  let doubtful = false;
  for (const [at, part] of commands.entries()) {
    if (at > 0 && operators[at - 1] !== '&&') sure = false;
    if (!sure) {
      place.folders = joined([...before, place]);
      walk.scope = lasting;
      if (place.sure !== first) doubtful = true;
      if (doubtful) place.sure = undefined;
    }
    const from = place.sure;
    if (!readAssignment(part, place, walk)) readPipeline(part, place, walk);
    if (at === 0) lasting = walk.scope;
    if (place.sure !== from && (!moving || !sure)) doubtful = true;
    if (part.type === 'Pipeline' && part.prefixes.some(({ type }) => type === 'Negation')) {
      sure = false;
      if (place.sure !== from) doubtful = true;
    }
    moving &&= onlyMoves(part);
    before.push({ ...place });
  }
  if (doubtful) place.sure = undefined;
  place.folders = place.sure?.needs.length === 0 ? [place.sure.folder] : joined(before);
  walk.scope = lasting;
}

function readAndMove(part: PipelineNode, place: Place, walk: Walk): Listing | undefined {
  const before = { ...place };
  const listing = readPipeline(part, place, walk);
  // What it has gone to for sure it has not stayed away from.
  place.folders = place.sure?.needs.length === 0 ? [place.sure.folder] : joined([before, place]);
  return listing;
}

function readPipeline(node: PipelineNode, place: Place, walk: Walk): Listing | undefined {
  if (node.type !== 'Pipeline') return readNode(node, place, walk);
  for (const prefix of node.prefixes) understood(walk, prefix);
  // Of one command alone, with `time` or `!` before it, the shell itself changes the folder.
  const alone = node.commands.length === 1;
  let listing: Listing | undefined;
  for (const [at, command] of node.commands.entries()) {
    // Each part of a pipeline is a process of its own: a `cd` in it moves nothing else.
    const before = walk.text.slice(node.pos, command.pos).replace(/\|\s*$/, '');
    const fed = command.type === 'While' ? (linesPrinted(before, walk.scope) ?? listing) : listing;
    listing = readNode(command, alone ? place : { ...place }, walk, fed);
    // With the names come the words of errors.
    if (node.operators[at] === '|&') listing = undefined;
  }
  return listing;
}

/** What a line prints that are no names of files. */
function linesPrinted(line: string, scope: Scope): Listing | undefined {
  if (printsNumbers(line, scope)) return { folders: [], zero: false, numbers: true };
  return printsWords(line) ? { folders: [], zero: false, words: true } : undefined;
}

function readNode(node: CommandNode, place: Place, walk: Walk, listing?: Listing): Listing | undefined {
  switch (node.type) {
    case 'Command':
      return readArrayFrom(node, place, walk) ? undefined : readSimple(node, place, walk, { listing });
    case 'Redirected':
      readRedirected(node, place, walk, listing);
      return undefined;
    case 'Subshell':
      bracketed(node, '(', ')', walk);
      readList(node.body, { ...place }, walk);
      return undefined;
    case 'Case':
      readCase(node, place, walk);
      return undefined;
    case 'BraceGroup':
      bracketed(node, '{', '}', walk);
      readList(node.body, place, walk);
      return undefined;
    case 'If':
      readIf(node, place, walk);
      return undefined;
    case 'For':
      readFor(node, place, walk);
      return undefined;
    case 'ArithmeticFor':
      readCount(node, place, walk);
      return undefined;
    case 'While':
      readWhile(node, place, walk, listing);
      return undefined;
    case 'TestCommand':
      bracketed(node, '[[', ']]', walk);
      readConditions(node.expression, place, walk);
      return undefined;
    default:
      return giveUp(
        node.type === 'Function' ? because.functions : node.type === 'Coproc' ? because.coprocess : because.beyond,
        place,
        walk,
      );
  }
}

function readRedirected({ command, redirects }: Redirected, place: Place, walk: Walk, fed: Listing | undefined): void {
  let listing = fed;
  for (const redirect of redirects) {
    const names = command.type === 'While' ? namesFrom(redirect, place, walk) : undefined;
    if (names === undefined) readRedirect(redirect, place, walk);
    // What it is given in another way it does not take from the pipeline.
    if (readsElsewhere([redirect])) listing = names?.listing;
  }
  readNode(command, place, walk, listing);
}

/** `done < <(...)`: the loop is fed with what a line of its own prints. */
function namesFrom(redirect: Redirection, place: Place, walk: Walk): { listing: Listing | undefined } | undefined {
  if (redirect.type !== 'Redirect' || redirect.operator !== '<' || redirect.descriptor !== undefined) return undefined;
  const { target } = redirect;
  const [part, ...others] = target?.parts ?? [];
  if (target === undefined || part?.type !== 'ProcessSubstitution' || others.length > 0) return undefined;
  const text = `$${target.text.slice(1)}`;
  if (!target.text.startsWith('<(') || part.text !== target.text) return undefined;
  if (readSubstitution({ text }, place, walk) === undefined) return undefined;
  understood(walk, target, target);
  const inner = walk.readText(target.text.slice(2, -1), { ...place }, walk);
  return { listing: linesPrinted(target.text.slice(2, -1), walk.scope) ?? inner.listing };
}

/** `mapfile -t NAME < <(...)`: an array of the names that a line of its own lists. */
function readArrayFrom({ name, prefix, suffix, redirects }: Command, place: Place, walk: Walk): boolean {
  const words = suffix.filter((part) => part.type === 'Word');
  const [option, array, ...more] = words;
  const [redirect, ...others] = redirects;
  const plainly = /^(?:mapfile|readarray)$/.test(name?.text ?? '') && option?.text === '-t' && prefix.length === 0;
  if (
    !plainly ||
    name === undefined ||
    array === undefined ||
    redirect === undefined ||
    more.length + others.length > 0
  )
    return false;
  if (!isOwnName(array.text) || walk.assigned.get(array.text) !== 1 || walk.scope.has(array.text)) return false;
  const { listing } = namesFrom(redirect, place, walk) ?? {};
  if (listing === undefined || filesOf(listing).length === 0 || listing.zero) return false;
  for (const part of [name, ...words]) understood(walk, part, part);
  walk.reading.beyond = true;
  walk.scope = new Map([
    ...walk.scope,
    [array.text, { kind: 'array', given: filesOf(listing), folders: place.folders }],
  ]);
  return true;
}

function readList({ commands }: CompoundList, place: Place, walk: Walk): void {
  const { scope } = walk;
  for (const statement of commands) readStatement(statement, place, walk);
  walk.scope = scope;
}
