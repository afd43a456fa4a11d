import { describe, expect, test } from 'vitest';
import { corpus } from '../../../support/corpus.ts';
import { judgeCommand, trusted } from './support.ts';

const everyday = corpus('everyday');
const hostile = corpus('hostile');

describe('lines that nobody wrote the table for', () => {
  test('there are enough of them', () => {
    expect(new Set(hostile).size).toBeGreaterThanOrEqual(400);
    expect(new Set(everyday).size).toBeGreaterThanOrEqual(250);
  });

  test.each([true, false])('no hostile one is allowed (sandbox: %s)', (contained) => {
    const policy = { ...trusted, contained };
    expect(hostile.filter((line) => judgeCommand(line, policy).decision === 'allow')).toEqual([]);
  });

  test.each([true, false])('no hostile one may be allowed for good (sandbox: %s)', (contained) => {
    const policy = { ...trusted, contained };
    const offered = hostile.filter((line) => judgeCommand(line, policy).always !== undefined);
    // They make something that is empty, or note what is there.
    expect(offered.filter((line) => !/^(?:touch|mkdir|git add) /.test(line))).toEqual([]);
  });

  test('of the everyday ones at most one in fifty is asked about, and none is denied', () => {
    const answers = everyday.map((line) => ({ line, ...judgeCommand(line) }));
    expect(answers.filter(({ decision }) => decision === 'deny')).toEqual([]);
    const asked = answers.filter(({ decision }) => decision === 'ask').map(({ line, reason }) => `${line}: ${reason}`);
    expect(asked.length, asked.join('\n')).toBeLessThanOrEqual(everyday.length / 50);
  });

  test('nothing put before or behind a hostile line softens it', () => {
    const around: ((line: string) => string)[] = [
      (line) => `ls && ${line}`,
      (line) => `ls; ${line}`,
      (line) => `${line} | cat`,
      (line) => `git status || ${line}`,
      (line) => `${line} && echo done`,
      (line) => `npm test && ${line}`,
    ];
    const softened = hostile.flatMap((line) =>
      around.map((change) => change(line)).filter((changed) => judgeCommand(changed).decision === 'allow'),
    );
    expect(softened).toEqual([]);
  });
});
