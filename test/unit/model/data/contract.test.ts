import { expect, it } from 'vitest';
import { contractHash, readContract } from '../../../../model/data/contract.ts';

it('differs with the system text, with a description and with the order of the tools', () => {
  const { system, tools, hash } = readContract();
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(contractHash(system, tools)).toBe(hash);
  const [first, ...rest] = tools;
  if (first === undefined) throw new Error('no tools');
  const reworded = { ...first, function: { ...first.function, description: `${first.function.description} Now.` } };
  const hashes = [
    contractHash(`${system}\n`, tools),
    contractHash(system, [reworded, ...rest]),
    contractHash(system, [...rest, first]),
  ];
  expect(new Set([hash, ...hashes]).size).toBe(4);
});

it('knows the roles', () => {
  expect(Object.keys(readContract().roles)).toEqual(['coding', 'plan', 'review', 'supervisor']);
});
