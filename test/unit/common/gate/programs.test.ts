import { describe, expect, test } from 'vitest';
import { families } from '../../../../src/common/gate/programs/index.ts';
import { deniedKinds } from '../../../../src/common/gate/denials.ts';
import { wrongDenials, wrongExamples } from '../../../../src/common/gate/examples.ts';

describe.each(Object.entries(families))('%s', (_family, programs) => {
  test.each(programs.map((program) => [program.names[0] ?? '', program] as const))('%s', (_name, program) => {
    expect(wrongExamples([program])).toEqual([]);
  });
});

test('an example that is judged otherwise is told', () => {
  const [entry] = families.Docker ?? [];
  if (entry === undefined) throw new Error('there is no entry');
  const wrong = { ...entry, match: ['docker run -v /:/host alpine sh'], noMatch: ['ls'] };
  expect(wrongExamples([wrong])).toEqual(['is not allowed: docker run -v /:/host alpine sh', 'is allowed: ls']);
});

test.each(deniedKinds.map((kind) => [kind.rule, kind] as const))(
  '%s is denied, and what only looks like it is not',
  (_, kind) => {
    expect(wrongDenials([kind])).toEqual([]);
    const [first = ''] = kind.match;
    expect(wrongDenials([{ ...kind, match: ['ls'], noMatch: [first] }])).toEqual([
      `is not denied by ${kind.rule}: ls`,
      `is denied: ${first}`,
    ]);
  },
);

test('no two entries are about the same program', () => {
  const names = Object.values(families)
    .flat()
    .flatMap((program) => program.names);
  expect(names).toEqual([...new Set(names)]);
});

test('each entry shows what is not allowed, and what is allowed unless nothing is', () => {
  const all = Object.values(families).flat();
  expect(all.filter(({ noMatch }) => noMatch.length === 0).map(({ names }) => names[0])).toEqual([]);
});
