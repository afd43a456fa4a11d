import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { policies } from '../../../server/policies/list.ts';
import { shippedNames } from '../../../server/policies/names.ts';

it('every shipped policy is documented with its rule', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'policies.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| [a-z, ]+ \| (.+) \|$/gm)].map(([, name, rule]) => ({
    name,
    rule,
  }));
  const shipped = policies.map(({ name, rule }) => ({ name, rule }));
  expect(rows.filter(({ name }) => shipped.some((policy) => policy.name === name))).toEqual(shipped);
});

it('the name of every shipped policy is kept free', () => {
  expect(policies.map(({ name }) => name)).toEqual(shippedNames);
});
