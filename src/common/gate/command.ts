import {
  type AndOr,
  type Assignment,
  type ArithmeticFor,
  type Case,
  type Command,
  type CommandNode,
  type CompoundList,
  type For,
  type If,
  parse,
  type ParsedScript,
  type Pipeline,
  type PipelineNode,
  type Redirected,
  type Redirection,
  type Statement,
  type While,
  type Word,
  type WordPart,
} from 'unbash';
import { readConditions } from './conditions.ts';
import { denied, forkBomb, Saved } from './denials.ts';
import { type CommandPath, type Given, keyOf } from './form.ts';
import { filesOf, type Listing, readsElsewhere } from './listing.ts';
import {
  type CommandReading,
  inOrder,
  joined,
  onlyKnownSigns,
  type Place,
  refuse,
  sameFolders,
  type Span,
  start,
  understood,
  type Walk,
} from './reading.ts';
import * as because from './sentences.ts';
import { beyond, nowhere } from './sentences.ts';
import { isOwnName } from './settings.ts';
import { assignedValue, knownFor, readRedirect, readSettings, readSimple, readSubstitution } from './simple.ts';
import { printsNumbers, printsWords } from './printed.ts';
import { literalValue, readWord, type Scope, type Value } from './words.ts';

export type { CommandReading } from './reading.ts';

/** Longer commands are nothing that a person reads before saying yes. */
const maxCommand = 10_000;
/** So often the bodies of all loops of a line are gone through. */
const maxPasses = 200;

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
    if (script.shebang !== undefined || !onlyKnownSigns(walk)) refuse(walk, beyond);
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

/**
 * How often each name is set in the line, wherever: by `NAME=value` or as the variable of a loop; and which are set to numbers and sums
 * alone.
 */
function assignmentsOf(script: ParsedScript): Pick<Walk, 'assigned' | 'sums'> {
  const counts = new Map<string, number>();
  const sums = new Map<string, number>();
  const text = JSON.stringify(script);
  if (!/"Assignment"|"ArithmeticFor"|mapfile|readarray/.test(text)) return { assigned: counts, sums: new Set() };
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) return node.forEach(visit);
    const { type, name } = node as { type?: string; name?: string | Word };
    if (type === 'Command' && typeof name === 'object' && /^(?:read|mapfile|readarray)$/.test(name.text)) {
      for (const { text } of (node as { suffix: { text?: string }[] }).suffix) count(text ?? '');
    }
    if (type === 'Assignment' && typeof name === 'string') {
      count(name);
      if (summed.test((node as Assignment).text)) sums.set(name, (sums.get(name) ?? 0) + 1);
    }
    if (type === 'For' && typeof name === 'object') count(name.text);
    // As a loop that counts sets its variable, and as sums could.
    const { operator, left } = node as { operator?: string; left?: { value?: string } };
    if (type === 'ArithmeticBinary' && /^(?:[^<>=!]|<<|>>)?=$/.test(operator ?? '')) count(left?.value ?? '');
    for (const value of Object.values(node)) visit(value);
  };
  visit(JSON.parse(text));
  return {
    assigned: counts,
    sums: new Set([...sums].filter(([name, often]) => counts.get(name) === often).map(([name]) => name)),
  };
}

const summed = /^[a-z]\w*=(?:\d{1,9}|\$\(\([\w\s+*/%()$-]+\)\))$/;

/**
 * `NAME=value` as a command of its own, where nothing else in the line sets the name: behind it the name stands for that, as long as
 * it is known to have come to it.
 */
function readAssignment(command: PipelineNode, place: Place, walk: Walk): boolean {
  if (command.type !== 'Command') return false;
  const { name, prefix, suffix } = command;
  if (name !== undefined || suffix.length > 0 || prefix.length === 0) return false;
  if (readSettings(prefix, place, walk)) return true;
  const found: [string, Value][] = [];
  for (const part of prefix) {
    if (part.type !== 'Assignment') return false;
    const sum = walk.sums.has(part.name);
    if (walk.assigned.get(part.name) !== 1 && !sum) return false;
    // What a line around this one has set, another pass of a loop would find changed.
    const before = walk.scope.get(part.name);
    if (before !== undefined && !(sum && isNumber(before))) return false;
    const value = assignedValue(part, place, { ...walk, scope: new Map([...walk.scope, ...found]) });
    if (value === undefined) return false;
    // Whichever of its numbers it has here.
    const often = sum && walk.assigned.get(part.name) !== 1;
    found.push([part.name, often ? { kind: 'number', empty: false } : value]);
  }
  for (const part of prefix) understood(walk, part);
  walk.reading.beyond = true;
  walk.scope = new Map([...walk.scope, ...found]);
  return true;
}

function isNumber(value: Value): boolean {
  return value.kind === 'number' || (value.kind === 'known' && /^\d{1,9}$/.test(value.text));
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
        node.type === 'Function' ? because.functions : node.type === 'Coproc' ? because.coprocess : beyond,
        place,
        walk,
      );
  }
}

/** It may change the folder. */
function giveUp(why: string, place: Place, walk: Walk): undefined {
  place.folders = undefined;
  place.sure = undefined;
  refuse(walk, why);
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

/** What is set in a group is known in it alone: it may be another process, or not be gone through. */
function readList({ commands }: CompoundList, place: Place, walk: Walk): void {
  const { scope } = walk;
  for (const statement of commands) readStatement(statement, place, walk);
  walk.scope = scope;
}

/** `case WORD in PATTERN) ...;; esac`: each of its lists may be gone through, or none. */
function readCase(node: Case, place: Place, walk: Walk): void {
  const known = knownFor('echo', place, walk);
  const places: Place[] = [{ ...place }];
  understood(walk, node.word, node.word);
  if (readWord(node.word, known) === undefined) refuse(walk, because.unknownPart(node.word.text));
  keyword('case', node.pos, node.word.pos, walk);
  keyword('in', node.word.end, node.items[0]?.pos ?? node.end, walk);
  let end = node.word.end;
  for (const item of node.items) {
    const last = item.pattern.at(-1);
    const head = walk.text.slice(item.pos, item.body.pos);
    const simple =
      /^\(?\s*(?:[\w.*?/:@+-]+|"[\w.*?/ -]*"|'[^']*')(?:\s*\|\s*(?:[\w.*?/:@+-]+|"[\w.*?/ -]*"|'[^']*'))*\s*\)\s*$/.test(
        head,
      );
    if (last === undefined || !simple || item.body.commands.length === 0) return refuse(walk, because.choices);
    understood(walk, { pos: item.pos, end: item.pos + head.trimEnd().length });
    const inside = { ...place };
    readList(item.body, inside, walk);
    places.push(inside);
    const behind = walk.text.slice(item.body.end, item.end);
    const [, blank = '', sign = ''] = /^(\s*)(;;&?|;&)?\s*$/.exec(behind) ?? [];
    if (behind.trim() !== sign || sign === ';&' || sign === ';;&') return refuse(walk, because.choices);
    if (sign !== '')
      understood(walk, { pos: item.body.end + blank.length, end: item.body.end + blank.length + sign.length });
    end = item.end;
  }
  keyword('esac', end, node.end, walk);
  settleAfter(places, place);
}

/** Where it stands behind parts of which one was gone through. */
function settleAfter(places: readonly Place[], place: Place): void {
  const { sure } = place;
  place.folders = joined([...places, place]);
  place.sure = places.every((each) => each.sure === sure) ? sure : undefined;
}

/** The signs at both ends of a group are where the parser says. */
function bracketed({ pos, end }: { pos: number; end: number }, first: string, last: string, walk: Walk): void {
  const { text } = walk;
  if (!text.startsWith(first, pos) || !text.startsWith(last, end - last.length)) return refuse(walk, beyond);
  understood(walk, { pos, end: pos + first.length });
  understood(walk, { pos: end - last.length, end });
  walk.reading.beyond = true;
}

/** Between two parts there is this word of the shell, and nothing but blanks and signs that end a list. */
function keyword(word: string, from: number, to: number, walk: Walk): void {
  const [, before, after] = /^([\s;]*)[a-z]+((?:\s(?:\s|\\\n)*)?)$/.exec(walk.text.slice(from, to)) ?? [];
  const pos = from + (before?.length ?? 0);
  if (after === undefined || walk.text.slice(pos, to - after.length) !== word) return refuse(walk, beyond);
  understood(walk, { pos, end: pos + word.length });
  walk.reading.beyond = true;
}

function readIf(node: If, place: Place, walk: Walk): void {
  const places: Place[] = [];
  const branch = (list: CompoundList): void => {
    const inside: Place = {
      folders: joined([...places, place]),
      sure: places.every(({ sure }) => sure === place.sure) ? place.sure : undefined,
    };
    readList(list, inside, walk);
    places.push(inside);
  };
  keyword('if', node.pos, node.clause.pos, walk);
  readCondition(node.clause, place, walk);
  keyword('then', node.clause.end, node.then.pos, walk);
  branch(node.then);
  let end = node.then.end;
  for (const { clause, then } of node.elif) {
    keyword('elif', end, clause.pos, walk);
    branch(clause);
    keyword('then', clause.end, then.pos, walk);
    branch(then);
    end = then.end;
  }
  if (node.else !== undefined) {
    keyword('else', end, node.else.pos, walk);
    branch(node.else);
    end = node.else.end;
  }
  keyword('fi', end, node.end, walk);
  settleAfter(places, place);
}

/** What the one command of a condition sets is set in each branch, whether it succeeds or not: `if ! out=$(...); then`. */
function readCondition(list: CompoundList, place: Place, walk: Walk): void {
  const [only, ...others] = list.commands;
  if (only === undefined || others.length > 0 || only.background === true) return readList(list, place, walk);
  const { command } = only;
  const negated = command.type === 'Pipeline' && command.commands.length === 1 ? command : undefined;
  const [inner = command] = negated?.commands ?? [];
  if (inner.type === 'AndOr' || !readAssignment(inner, place, walk)) return readList(list, place, walk);
  for (const prefix of negated?.prefixes ?? []) understood(walk, prefix);
}

/** A loop over words that are known: its body is gone through once for each. */
function readFor(node: For, place: Place, walk: Walk): void {
  const { name, wordlist, body } = node;
  const values = wordlist === undefined ? undefined : valuesOf(wordlist, place, walk);
  const known = values !== undefined && isOwnName(name.text) && !walk.scope.has(name.text);
  const first = wordlist?.[0];
  if (first === undefined || !known) {
    const own = values === undefined || isOwnName(name.text);
    return giveUp(own ? because.loopWords : because.assignment, place, walk);
  }
  keyword('for', node.pos, name.pos, walk);
  understood(walk, name);
  keyword('in', name.end, first.pos, walk);
  for (const word of wordlist ?? []) understood(walk, word, word);
  keyword('do', wordlist?.at(-1)?.end ?? 0, body.pos, walk);
  keyword('done', body.end, node.end, walk);
  readBodies(
    values.map((value) => [[name.text, value] as const]),
    body,
    place,
    walk,
  );
}

const counting =
  /^for\s*\(\(\s*([a-z]\w*)\s*=\s*\d{1,5}\s*;\s*\1\s*<=?\s*\d{1,5}\s*;\s*(?:\1\+\+|\+\+\1|\1\s*\+=\s*[1-9]\d{0,4})\s*\)\)\s*;?\s*do\s*$/;

/** A loop that counts from one literal number to another: its variable is a number. */
function readCount(node: ArithmeticFor, place: Place, walk: Walk): void {
  const head = walk.text.slice(node.pos, node.body.pos);
  const [, name = ''] = counting.exec(head) ?? [];
  const once = walk.assigned.get(name) === (/\+=/.test(head) ? 2 : 1);
  if (!isOwnName(name) || walk.scope.has(name) || !once) return giveUp(because.endless, place, walk);
  understood(walk, { pos: node.pos, end: node.pos + head.trimEnd().length });
  keyword('done', node.body.end, node.end, walk);
  readBodies([[[name, { kind: 'number', empty: false }]]], node.body, place, walk);
}

/** The body of a loop, once with each of these settings of its variables. */
function readBodies(
  settings: readonly (readonly (readonly [string, Value])[])[],
  body: CompoundList,
  place: Place,
  walk: Walk,
): void {
  const before: Place = { ...place };
  const { scope } = walk;
  for (const variables of settings) {
    if (++walk.passes > maxPasses) return refuse(walk, because.tooOften);
    walk.scope = new Map([...scope, ...variables]);
    readList(body, place, walk);
    // The names were looked up in the folder where the loop began.
    if (!sameFolders(before, place)) giveUp(nowhere, place, walk);
    if (place.sure !== before.sure) place.sure = undefined;
  }
  walk.scope = scope;
}

/**
 * `while read -r NAME`: for each line of what it is fed. Where these are names of files, the variable stands for them; else for
 * any text.
 */
function readWhile(node: While, place: Place, walk: Walk, listing: Listing | undefined): void {
  const { clause, body } = node;
  const read = namesRead(clause, walk);
  if (node.kind !== 'while' || read === undefined) return giveUp(because.endless, place, walk);
  const { names, zero, raw, whole, blanks } = read;
  keyword('while', node.pos, clause.pos, walk);
  keyword('do', clause.end, body.pos, walk);
  keyword('done', body.end, node.end, walk);
  const { folders } = place;
  const files = listing === undefined || listing.zero !== zero || names.length > 1 || !whole ? [] : filesOf(listing);
  // Without `-r` a backslash in a name is taken away.
  const single = names.length === 1 && whole ? listing : undefined;
  const other: Value[] = [
    ...(single?.commits === true ? [{ kind: 'revision' } as const] : []),
    ...(single?.numbers === true ? [{ kind: 'number', empty: true } as const] : []),
    ...(single?.words === true ? [{ kind: 'any', word: true } as const] : []),
  ];
  const values: Value[] =
    other.length > 0 ? other : files.map((given) => ({ kind: 'names', given: raw ? given : asPlain(given), folders }));
  // Of several variables the first has what stands before the first blank.
  const commit = listing?.commitFirst === true && names.length > 1 && blanks ? names[0] : undefined;
  readBodies(
    (values.length > 0 ? values : [{ kind: 'any' } as const]).map((value) =>
      names.map((name) => [name, name === commit ? ({ kind: 'revision' } as const) : value] as const),
    ),
    body,
    place,
    walk,
  );
}

function asPlain(given: Given): Given {
  const { below } = given;
  return below === undefined
    ? { ...given, plain: true }
    : { ...given, below: { ...below, plain: true, key: `${below.key} plain` } };
}

/**
 * The variables that `read` sets, where that is all of the condition; whether they end with NUL, whether as they are, and whether a
 * line is taken as a whole but for blanks; whether it is taken apart at these.
 */
function namesRead(
  { commands }: CompoundList,
  walk: Walk,
): { names: string[]; zero: boolean; raw: boolean; whole: boolean; blanks: boolean } | undefined {
  const [statement, ...others] = commands;
  const command = statement?.command;
  if (command?.type !== 'Command' || others.length > 0 || statement?.background === true) return undefined;
  const words = command.suffix.filter((part) => part.type === 'Word');
  const line = words.map(({ text }) => text).join(' ');
  const [, raw, zero, rest = ''] = /^(-r )?(-d (?:''|"") |-d\$'\\0' )?(\w+(?: \w+)*)$/.exec(line) ?? [];
  const names = rest.split(' ');
  const [prefix, ...more] = command.prefix;
  const separator =
    prefix?.type === 'Assignment' ? (/^IFS=(?:''|""|(['"]?)[,:;|=]\1|\$'\\t')?$/.exec(prefix.text)?.[0] ?? '') : '';
  const plainly = prefix === undefined || separator !== '';
  const known =
    command.name?.text === 'read' &&
    words.length === command.suffix.length &&
    plainly &&
    more.length === 0 &&
    rest !== '' &&
    names.every((name) => isOwnName(name) && !walk.scope.has(name));
  if (!known || command.name === undefined) return undefined;
  for (const part of [command.name, ...words, ...command.prefix]) understood(walk, part);
  const whole = separator === '' || /^IFS=(?:''|"")?$/.test(separator);
  return { names, zero: zero !== undefined, raw: raw !== undefined, whole, blanks: prefix === undefined };
}

function valuesOf(words: readonly Word[], place: Place, walk: Walk): Value[] | undefined {
  const found: Value[] = [];
  for (const word of words) {
    const [part, ...others] = word.parts ?? [];
    const only = part?.type === 'CommandExpansion' && others.length === 0 ? part : undefined;
    const value = only === undefined ? undefined : manyOf(only, place, walk);
    if (value !== undefined) {
      found.push(value);
      continue;
    }
    const given = readWord(word, knownFor(undefined, place, walk));
    if (given === undefined) return undefined;
    found.push(
      ...given.map((each): Value =>
        each.glob
          ? { kind: 'names', given: each, folders: place.folders }
          : each.text === '.' && /[$`]/.test(word.text)
            ? { kind: 'here', folders: place.folders }
            : { kind: 'known', text: each.text },
      ),
    );
  }
  return found;
}

/** Several commits or numbers at once: each is one that is not known. */
function manyOf(part: WordPart & { type: 'CommandExpansion' }, place: Place, walk: Walk): Value | undefined {
  const counted = /^\$\(seq(?: -w)?(?: \d{1,6}){1,3}\)$/.test(part.text);
  const value = readSubstitution(part, place, walk);
  if (counted && value !== undefined) return { kind: 'number', empty: false };
  return value?.kind === 'known' || value?.kind === 'listed' || value?.kind === 'here' ? undefined : value;
}

/** Looks through every part, also those that cannot be read otherwise, for what is denied by its words alone. */
function search(node: unknown, walk: Walk, saved = new Saved()): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) return node.forEach((each) => search(each, walk, saved));
  const { type } = node as { type?: string };
  if (type === 'Pipeline') walk.reading.denied ??= denied((node as Pipeline).commands.map(wordsOf));
  if (type === 'Command') {
    const words = wordsOf(node as Command);
    walk.reading.denied ??= denied([words]) ?? saved.take(words, outputsOf(node as Command));
    walk.reading.calls.push(words.map(({ text }) => text));
  }
  for (const value of Object.values(node)) search(value, walk, saved);
}

function outputsOf({ suffix }: Command): string[] {
  return suffix.flatMap((part) =>
    part.type === 'Redirect' && /^>\|?$/.test(part.operator) && part.target ? [part.target.value] : [],
  );
}

function wordsOf(node: { type: string }): Given[] {
  if (node.type !== 'Command') return [];
  const { name, suffix } = node as Command;
  const words = [...(name === undefined ? [] : [name]), ...suffix.filter((part) => part.type === 'Word')];
  return words.flatMap((word) => readWord(word) ?? [{ text: word.value, glob: false }]);
}
