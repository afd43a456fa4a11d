import type { LoggedEvent } from './events.ts';

/** A call of `delegate` whose agent was lost before its results came. */
export interface LostDelegation {
  /** Stands in the event by which an agent is told of them. */
  telling: string;
  children: (LoggedEvent & { type: 'child' })[];
}

/** Those of which no agent has been told since; with the chats that were begun for them. */
export function lostDelegations(events: readonly LoggedEvent[]): LostDelegation[] {
  const told = new Set(events.flatMap((event) => (event.type === 'interjected' ? [event.interjection] : [])));
  const lost = events.flatMap((event) =>
    event.type === 'tool.end' && event.outcome === 'unknown' ? [event.call] : [],
  );
  return lost.flatMap((call) => {
    const children = events.filter((event) => event.type === 'child').filter((event) => event.call === call);
    const telling = `delegated-${call}`;
    return children.length === 0 || told.has(telling) ? [] : [{ telling, children }];
  });
}
