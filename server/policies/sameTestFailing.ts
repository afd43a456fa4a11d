import type { Policy } from './policy.ts';
import { failing, names, type TestRun, testRuns } from './tests.ts';

const TIMES = 3;

/**
 * A test that stays red after three attempts is not understood yet: words first, then the next attempt. It has passed
 * where a run names it without a fault, or where one by a command by which it had failed comes to an end without naming it
 * as failed; one that names no test and fails was broken off, and says nothing.
 */
export const sameTestFailing: Policy = {
  name: 'same-test-failing',
  rule: `The same test failed ${TIMES} times in one turn, and did not pass in between. Tests are known by the commands and the output of the usual runners.`,
  on: ['tool.end'],
  judge(event, { turn }) {
    if (event.type !== 'tool.end') return undefined;
    const last = testRuns(turn).at(-1);
    if (last?.call !== event.call) return undefined;
    const runs = testRuns(turn).map((run) => ({ ...run, failed: failing(run.text) }));
    const name = failing(last.text).find((each) => timesFailed(each, runs) >= TIMES);
    if (name === undefined) return undefined;
    return {
      grade: 'acknowledge',
      evidence: `The same test failed ${TIMES} times: “${name}”.`,
      say: `The test "${name}" has failed ${TIMES} times. Say what you believed so far, why that is wrong, and what you will do differently.`,
      key: name,
    };
  },
};

/** Since it last passed. */
function timesFailed(test: string, runs: readonly (TestRun & { failed: readonly string[] })[]): number {
  const commands = new Set<string>();
  let times = 0;
  for (const { command, text, ok, failed } of runs) {
    if (failed.includes(test)) {
      times += 1;
      commands.add(command);
    } else if (names(text, test) || (commands.has(command) && (ok || failed.length > 0))) times = 0;
  }
  return times;
}
