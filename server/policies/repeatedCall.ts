import type { LoggedEvent } from '../../src/common/events.ts';
import type { Policy } from './policy.ts';

const NOTE = 3;
const STOP = 5;

/** The same call again and again brings nothing new, unless something else was changed or run in between that did. */
export const repeatedCall: Policy = {
  name: 'repeated-call',
  rule: `The same call with the same arguments, and nothing else changed or run in between with a new result: told after ${NOTE} times, stopped after ${STOP}.`,
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

/**
 * Up to the end of the turn so far, counted from its last other call that may have changed something. One that has been
 * made before and came to the same as then has changed nothing, so two calls by turns are counted too; the same means
 * the same but for the times that it names.
 */
function timesInARow(turn: readonly LoggedEvent[], wanted: Call): number {
  const effective = effectiveCalls(turn);
  const ends = new Map(
    turn.flatMap((event) =>
      event.type === 'tool.end' ? [[event.call, `${event.outcome} ${timeless(event.text)}`]] : [],
    ),
  );
  const before = new Map<string, string | undefined>();
  let times = 0;
  let others = false;
  for (const call of turn.flatMap((event) => (event.type === 'assistant' ? event.calls : []))) {
    const key = `${call.name} ${call.arguments}`;
    const end = ends.get(call.id);
    const effect = effective.has(call.id);
    const news = effect && !(before.has(key) && before.get(key) === end);
    before.set(key, end);
    if (call.name === wanted.name && call.arguments === wanted.arguments) {
      times = others && news ? 1 : times + 1;
      others = false;
    } else if (news) times = 0;
    else others ||= effect;
  }
  return times;
}

/** Those that were let run and may have changed something. */
function effectiveCalls(turn: readonly LoggedEvent[]): Set<string> {
  const calls = new Set<string>();
  for (const event of turn) {
    if (event.type === 'tool.start' && event.verdict.decision !== 'deny') {
      if (event.effects.some(({ kind }) => kind === 'write' || kind === 'execute')) calls.add(event.call);
    }
    if (event.type === 'tool.end' && (event.outcome === 'denied' || event.outcome === 'skipped'))
      calls.delete(event.call);
  }
  return calls;
}

function timeless(text: string): string {
  return text.replaceAll(/\d[\d.,:]* ?(?:ms|min|m|s|seconds?)\b/g, '');
}
