import type { Policy } from './policy.ts';
import { failing, testRuns } from './tests.ts';

const TIMES = 3;

/** A test that stays red after three attempts is not understood yet: words first, then the next attempt. */
export const sameTestFailing: Policy = {
  name: 'same-test-failing',
  rule: `The same test failed ${TIMES} times in one turn. Tests are known by the commands and the output of the usual runners.`,
  on: ['tool.end'],
  judge(event, { turn }) {
    if (event.type !== 'tool.end') return undefined;
    const runs = testRuns(turn);
    const last = runs.at(-1);
    if (last?.call !== event.call || runs.length < TIMES) return undefined;
    const lately = runs.slice(-TIMES).map(({ text }) => new Set(failing(text)));
    const name = failing(last.text).find((each) => lately.every((names) => names.has(each)));
    if (name === undefined) return undefined;
    return {
      grade: 'acknowledge',
      evidence: `The same test failed ${TIMES} times: “${name}”.`,
      say: `The test "${name}" has failed ${TIMES} times in a row. Say what you believed so far, why that is wrong, and what you will do differently.`,
      key: name,
    };
  },
};
