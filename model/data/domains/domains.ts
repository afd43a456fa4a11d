import { plural } from '../english.ts';
import { apart } from './apart.ts';
import { city } from './city.ts';
import { home } from './home.ts';
import { nature } from './nature.ts';
import { play } from './play.ts';
import { tech } from './tech.ts';
import { trade } from './trade.ts';

/** `int` and `num` are numbers, `str` a text, `bool` a yes or no. */
export type FieldType = 'int' | 'num' | 'str' | 'bool';

/** A field of a record: its words, as in "due days". */
export interface Field {
  words: string;
  type: FieldType;
}

/** A kind of thing that programs of a domain keep: "line item", "line items". */
export interface RecordType {
  one: string;
  many: string;
  fields: readonly Field[];
}

/** A number or text with a name; `value` is written as in JavaScript. */
export interface NamedValue {
  words: string;
  value: string;
  doc: string;
}

/** What a made-up program is about. */
export interface Domain {
  name: string;
  /** "the lending desk of a library". */
  about: string;
  records: readonly RecordType[];
  values: readonly NamedValue[];
  /** Sentences for people who use the program. */
  texts: readonly string[];
}

const types: Record<string, FieldType> = { i: 'int', n: 'num', s: 'str', b: 'bool' };

/**
 * Blocks of lines: `# name | what it is about`, `record[/plural]: field type, …` (types: i, n, s, b),
 * `$ constant = value | doc`, `! text`.
 */
function parse(text: string): Domain[] {
  return text
    .trim()
    .split('\n\n')
    .map((block) => {
      const lines = block.split('\n');
      const [name = '', about = ''] = (lines[0] ?? '').slice(2).split(' | ');
      return {
        name: name.split('/')[0] ?? '',
        about,
        records: lines.filter((line) => /^[a-z]/.test(line)).map(parseRecord),
        values: lines.filter((line) => line.startsWith('$ ')).map(parseValue),
        texts: lines.filter((line) => line.startsWith('! ')).map((line) => line.slice(2)),
      };
    });
}

function parseRecord(line: string): RecordType {
  const [head = '', tail = ''] = line.split(': ');
  const [one = '', many = plural(one)] = head.split('/');
  const fields = tail.split(', ').map((field) => {
    const type = types[field.slice(-1)];
    if (type === undefined) throw new Error(`no type of field: ${field}`);
    return { words: field.slice(0, -2), type };
  });
  return { one, many, fields };
}

function parseValue(line: string): NamedValue {
  const [, words = '', value = '', doc = ''] = /^\$ (.+?) = (.+?) \| (.+)$/.exec(line) ?? [];
  return { words, value, doc };
}

/** What the model is trained on. */
export const domains: readonly Domain[] = [trade, nature, city, play, tech, home].flatMap(parse);

/** Never trained on. */
export const domainsApart: readonly Domain[] = parse(apart);
