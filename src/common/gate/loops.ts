import type { ArithmeticFor, CompoundList, For, While, Word, WordPart } from 'unbash';
import type { Given } from './form.ts';
import { filesOf, type Listing } from './listing.ts';
import { giveUp, keyword, type Place, refuse, sameFolders, understood, type Walk } from './reading.ts';
import * as because from './sentences.ts';
import { isOwnName } from './settings.ts';
import { knownFor, readSubstitution } from './substitution.ts';
import { readWord, type Value } from './words.ts';

/** So often the bodies of all loops of a line are gone through. */
const maxPasses = 200;

/** A loop over words that are known: its body is gone through once for each. */
export function readFor(node: For, place: Place, walk: Walk): void {
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
export function readCount(node: ArithmeticFor, place: Place, walk: Walk): void {
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
    walk.readList(body, place, walk);
    // The names were looked up in the folder where the loop began.
    if (!sameFolders(before, place)) giveUp(because.nowhere, place, walk);
    if (place.sure !== before.sure) place.sure = undefined;
  }
  walk.scope = scope;
}

/**
 * `while read -r NAME`: for each line of what it is fed. Where these are names of files, the variable stands for them; else for
 * any text.
 */
export function readWhile(node: While, place: Place, walk: Walk, listing: Listing | undefined): void {
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
