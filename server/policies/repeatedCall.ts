import type { LoggedEvent } from '../../src/common/events.ts';
import type { Policy } from './policy.ts';

const NOTE = 3;
const STOP = 5;

/** The same call again and again brings nothing new, unless something was changed or run in between. */
export const repeatedCall: Policy = {
  name: 'repeated-call',
  rule: `The same call with the same arguments, with nothing else changed or run in between: told after ${NOTE} times, stopped after ${STOP}.`,
  on: ['assistant'],
  judge(event, { turn }) {
    if (event.type !== 'assistant') return undefined;
    const found = event.calls
      .map((call) => ({ call, times: timesInARow(turn, call) }))
      .toSorted((a, b) => b.times - a.times)[0];
    if (found === undefined || found.times < NOTE) return undefined;
    const { call, times } = found;
    const evidence = `The agent asked for the same ${call.name} ${times} times.`;
    if (times >= STOP) return { grade: 'stop', evidence, say: evidence, key: 'stop' };
    const say = `You made the same call (${call.name}) ${times} times; its result stands above. Do something else, or answer.`;
    return { grade: 'note', evidence, say, key: `${call.name} ${call.arguments}` };
  },
};

type Call = (LoggedEvent & { type: 'assistant' })['calls'][number];

/** Up to the end of the turn so far, counted from its last other call that may have changed something. */
function timesInARow(turn: readonly LoggedEvent[], wanted: Call): number {
  const effective = new Set(
    turn.flatMap((event) =>
      event.type === 'tool.start' && event.effects.some(({ kind }) => kind === 'write' || kind === 'execute')
        ? [event.call]
        : [],
    ),
  );
  let times = 0;
  for (const call of turn.flatMap((event) => (event.type === 'assistant' ? event.calls : []))) {
    if (call.name === wanted.name && call.arguments === wanted.arguments) times += 1;
    else if (effective.has(call.id)) times = 0;
  }
  return times;
}
