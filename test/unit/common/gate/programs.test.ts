import { describe, expect, test } from 'vitest';
import { families } from '../../../../src/common/gate/programs/index.ts';
import { judgeCommand } from './support.ts';

describe.each(Object.entries(families))('%s', (_family, programs) => {
  test.each(programs.map((program) => [program.names[0] ?? '', program] as const))('%s', (_name, program) => {
    for (const line of program.match) expect(judgeCommand(line), line).toMatchObject({ decision: 'allow' });
    for (const line of program.noMatch) expect(judgeCommand(line).decision, line).not.toBe('allow');
  });
});

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
