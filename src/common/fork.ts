import type { LoggedEvent } from './events.ts';

/**
 * What a new chat begins with that goes on from another: its events, without what waits in the inbox, because that waits
 * there.
 *
 * @param message the number of the person's message (from 1) before which it ends; undefined: it ends with the last turn
 * that came to an end
 * @returns undefined when there is no such message
 */
export function forked(events: readonly LoggedEvent[], message: number | undefined): LoggedEvent[] | undefined {
  const ends = message === undefined ? lastEnd(events) : beginningOf(events, message);
  if (ends === -1) return undefined;
  return events.slice(1, ends).filter((event) => !event.type.startsWith('inbox.'));
}

function lastEnd(events: readonly LoggedEvent[]): number {
  return Math.max(1, events.findLastIndex((event) => event.type === 'turn.end') + 1);
}

function beginningOf(events: readonly LoggedEvent[], message: number): number {
  let count = 0;
  return events.findIndex((event) => event.type === 'user' && ++count === message);
}
