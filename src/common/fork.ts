import type { LoggedEvent } from './events.ts';

/**
 * Where a new chat begins that goes on from another, by the number of the person's message (from 1): before this `message`,
 * or behind its `answer`. Neither: behind the last turn that came to an end.
 */
export interface ForkPlace {
  message?: number | undefined;
  answer?: number | undefined;
}

/**
 * What a new chat begins with that goes on from another: its events, without what waits in the inbox, because that waits
 * there.
 *
 * @returns undefined when there is no such message, or it has no answer yet
 */
export function forked(events: readonly LoggedEvent[], { message, answer }: ForkPlace): LoggedEvent[] | undefined {
  const ends =
    message !== undefined
      ? beginningOf(events, message)
      : answer !== undefined
        ? endOf(events, answer)
        : lastEnd(events);
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

/** With what was undone of it since. */
function endOf(events: readonly LoggedEvent[], answer: number): number {
  const begin = beginningOf(events, answer);
  const next = beginningOf(events, answer + 1);
  const end = next === -1 ? events.length : next;
  return begin !== -1 && events.slice(begin, end).some(({ type }) => type === 'turn.end') ? end : -1;
}
