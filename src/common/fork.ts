import type { LoggedEvent } from './events.ts';
import { repairs } from './repair.ts';

/**
 * Where a new chat begins that goes on from another, by the number of the person's message (from 1): before this `message`,
 * or behind its `answer`; or before the `steer` of this number, which is counted by itself. None: behind the last turn that
 * came to an end.
 */
export interface ForkPlace {
  message?: number | undefined;
  answer?: number | undefined;
  steer?: number | undefined;
}

/**
 * What a new chat begins with that goes on from another: its events, without what waits in the inbox, because that waits
 * there.
 *
 * @returns undefined when there is no such message, or it has no answer yet
 */
export function forked(events: readonly LoggedEvent[], place: ForkPlace): LoggedEvent[] | undefined {
  const ends = placeIn(events, place);
  if (ends === -1) return undefined;
  const taken = events.slice(1, ends).filter((event) => !event.type.startsWith('inbox.'));
  // Before a steer its turn is under way; there it ends.
  return [...taken, ...repairs(taken, { partial: undefined, reason: 'cancelled', started: 0, now: 0 })];
}

function placeIn(events: readonly LoggedEvent[], { message, answer, steer }: ForkPlace): number {
  if (message !== undefined) return nth(events, 'user', message);
  if (answer !== undefined) return endOf(events, answer);
  if (steer !== undefined) return nth(events, 'steered', steer);
  return lastEnd(events);
}

function lastEnd(events: readonly LoggedEvent[]): number {
  return Math.max(1, events.findLastIndex((event) => event.type === 'turn.end') + 1);
}

function nth(events: readonly LoggedEvent[], type: 'user' | 'steered', number: number): number {
  let count = 0;
  return events.findIndex((event) => event.type === type && ++count === number);
}

/** With what was undone of it since. */
function endOf(events: readonly LoggedEvent[], answer: number): number {
  const begin = nth(events, 'user', answer);
  const next = nth(events, 'user', answer + 1);
  const end = next === -1 ? events.length : next;
  return begin !== -1 && events.slice(begin, end).some(({ type }) => type === 'turn.end') ? end : -1;
}
