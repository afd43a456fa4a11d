import { plural } from '../english.ts';
import type { Random } from '../random.ts';
import type { FreshWords } from '../words.ts';
import type { Domain, Field, NamedValue, RecordType } from './domains.ts';

/** The same domain with other things in it: what holds of "books" holds of "lanterns" too. */
export function reworded(domain: Domain, fresh: FreshWords, random: Random): Domain {
  const swaps = new Map<string, string>();
  for (const { one, many } of domain.records) {
    const word = fresh.next();
    swaps.set(many, plural(word)).set(one, word);
  }
  const swap = (text: string): string =>
    // The longest first: "line items" before "line item".
    [...swaps].reduce((told, [from, to]) => told.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to), text);
  const otherWords = (words: string): string => {
    const [first = '', ...rest] = swap(words).split(' ');
    return random.chance(0.5) ? [fresh.next(), ...rest].join(' ') : [first, ...rest].join(' ');
  };
  /** Another word in place of a long one: texts are copied, not understood. */
  const otherWord = (text: string): string => {
    const long = text.match(/\b[a-z]{5,}\b/g) ?? [];
    return long.length > 0 && random.chance(0.5) ? text.replace(random.pick(long), fresh.next()) : text;
  };
  const field = ({ words, type }: Field): Field => ({ words: otherWords(words), type });
  const record = ({ one, many, fields }: RecordType): RecordType => ({
    one: swap(one),
    many: swap(many),
    fields: fields.map(field),
  });
  const value = ({ words, value, doc }: NamedValue): NamedValue => ({
    words: otherWords(words),
    value,
    doc: swap(doc),
  });
  return {
    name: random.chance(0.5) ? fresh.next() : domain.name,
    about: swap(domain.about),
    records: domain.records.map(record),
    values: domain.values.map(value),
    texts: domain.texts.map((text) => otherWord(swap(text))),
  };
}
