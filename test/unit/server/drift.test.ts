import { expect, it } from 'vitest';
import { isDue } from '../../../server/agent/drift.ts';
import type { LoggedEvent } from '../../../src/common/events.ts';
import { ran, user } from './policies.ts';

/** After which of the steps the judge is asked; a step is so many calls. */
function asked(...steps: number[]): number[] {
  const events: LoggedEvent[] = [user('Go.')];
  return steps.flatMap((calls, at) => {
    const [answer, ...first] = ran('ls', '');
    const others = Array.from({ length: calls - 1 }, () => ran('ls', '').slice(1)).flat();
    events.push(...(answer ? [answer] : []), ...first, ...others);
    return isDue(events) ? [at + 1] : [];
  });
}

it.each([
  [1, [5, 10, 15]],
  [2, [3, 6, 9, 12, 15]],
  [3, [2, 4, 6, 8, 10, 12, 14]],
  [4, [2, 4, 6, 8, 10, 12, 14]],
  [5, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]],
  [6, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]],
])('with %d calls a step the judge is asked when five were made since it was asked last', (calls, due) => {
  expect(asked(...Array.from({ length: 15 }, () => calls))).toEqual(due);
});

it('steps of several sizes, and a new turn', () => {
  expect(asked(4, 3, 1, 1, 2, 1)).toEqual([2, 6]);
  expect(isDue([user('Go.'), ...Array.from({ length: 5 }, () => ran('ls', '')).flat(), user('More.')])).toBe(false);
});
