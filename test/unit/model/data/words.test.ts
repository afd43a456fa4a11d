import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { domains } from '../../../../model/data/domains/domains.ts';
import { reworded } from '../../../../model/data/domains/reworded.ts';
import { Random } from '../../../../model/data/random.ts';
import { FreshWords, nouns, remark } from '../../../../model/data/words.ts';

const evaluate = join(import.meta.dirname, '../../../../model/evaluate');

it('the words for names stand once each, and in nothing that is evaluated', () => {
  expect(new Set(nouns).size).toBe(nouns.length);
  const files = readdirSync(evaluate, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8').toLowerCase());
  const there = new Set(texts.flatMap((text) => text.match(/[a-z]+/g) ?? []));
  expect(nouns.filter((word) => there.has(word))).toEqual([]);
});

it('fresh words are no parts of one another, and the same for the same seed', () => {
  const row = (): string[] => {
    const fresh = new FreshWords(new Random('seed'));
    return Array.from({ length: 60 }, () => fresh.next());
  };
  const words = row();
  expect(row()).toEqual(words);
  for (const word of words) {
    expect(word).toMatch(/^[a-z]{3,}$/);
    expect(words.filter((other) => other.includes(word))).toEqual([word]);
  }
  expect(remark(new Random('a'))).not.toBe(remark(new Random('b')));
});

it('a domain in other words has as much in it as before', () => {
  for (const domain of domains) {
    const random = new Random(domain.name);
    const other = reworded(domain, new FreshWords(random), random);
    const count = ({ records, values, texts }: typeof domain): number[] => [
      values.length,
      texts.length,
      ...records.map(({ fields }) => fields.length),
    ];
    expect(count(other)).toEqual(count(domain));
    for (const [at, { one }] of other.records.entries()) expect(one).not.toBe(domain.records[at]?.one);
    const names = other.records.flatMap(({ one, fields }) => [one, ...fields.map(({ words }) => words)]);
    expect(names.every((name) => /^[a-z]+( [a-z]+)*$/.test(name))).toBe(true);
  }
});
