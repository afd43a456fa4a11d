import type { Domain, Field, NamedValue, RecordType } from '../domains/domains.ts';
import { capital, thirdPerson } from '../english.ts';
import type { Random } from '../random.ts';
import type { Routine, Type } from '../code/tree.ts';

/**
 * What a function does, as its comment may say it: `count| the books` is a verb and the rest, anything else a phrase
 * like "the number of books" or "whether a book is late".
 */
export type Doing = string;

/** A function before it is written: its tree, and ways of saying what it does. */
export interface Sketch {
  routine: Routine;
  docs: Doing[];
  /** A second sentence for the comment. */
  remark?: string;
  /** The words of constants that its body names. */
  values: NamedValue[];
  /** Texts in it that people see, as they stand in the source. */
  texts: string[];
  /** Code that was written by hand stands for the body. */
  written?: { code: string; imports: readonly (readonly [string, ...string[]])[] };
}

/** What a sketch is drawn from. */
export interface Scene {
  random: Random;
  domain: Domain;
  record: RecordType;
}

export type Draw = (scene: Scene) => Sketch | undefined;

/** The record as a type. */
export function typeOf(record: RecordType): Type {
  return { record: record.one };
}

export function fieldsOf(record: RecordType, ...types: Field['type'][]): Field[] {
  return record.fields.filter((each) => types.includes(each.type));
}

/** The name for one item in a loop. */
export function itemName({ random, record }: Scene): string {
  const short = record.one.split(' ').at(-1) ?? record.one;
  return random.weighted({ [short]: 6, each: 1, item: 1, entry: 1 });
}

/** "the books", "all books", "these books". */
export function theMany({ random, record }: Scene): string {
  return random.pick([`the ${record.many}`, `all ${record.many}`, `these ${record.many}`, `the given ${record.many}`]);
}

/** The comment's first sentence. `mood`: "Counts the books." or "Count the books." */
export function sentence(doing: Doing, mood: 'third' | 'plain'): string {
  const [verb = '', rest] = doing.split('|');
  if (rest === undefined) return `${capital(doing)}.`;
  return `${capital(mood === 'third' ? thirdPerson(verb) : verb)}${rest}.`;
}

/** The same for an answer, without a capital or full stop. */
export function told(doing: Doing): string {
  const [verb = '', rest] = doing.split('|');
  return rest === undefined ? doing : `${thirdPerson(verb)}${rest}`;
}

export function sketch(
  words: string,
  parameters: Routine['parameters'],
  returns: Type,
  body: Routine['body'],
  docs: Doing[],
  more: Partial<Pick<Sketch, 'remark' | 'values' | 'texts'>> = {},
): Sketch {
  return { routine: { words, parameters, returns, body }, docs, values: [], texts: [], ...more };
}
