import type { LoggedEvent, Workspace } from './events.ts';

/** Who speaks in a chat now: whom the person asked last, or whom the chat was handed over to since. */
export function agentOf(events: readonly LoggedEvent[]): string {
  for (const event of events.toReversed()) {
    if (event.type === 'user' || event.type === 'chat') return event.agent;
    if (event.type === 'tool.end' && event.handOff) return event.handOff.agent;
  }
  return 'supervisor';
}

/** Where a chat works; whether its folders are trusted may have changed since it was made. */
export function workspaceOf(events: readonly LoggedEvent[]): Workspace {
  const [first] = events;
  const { roots, trusted } = first?.type === 'chat' ? first.workspace : { roots: [], trusted: false };
  const later = events.findLast(
    (event) => event.type === 'trust' || (event.type === 'user' && event.trusted !== undefined),
  );
  return { roots, trusted: later?.type === 'trust' || later?.type === 'user' ? (later.trusted ?? trusted) : trusted };
}

/** What a chat has delegated, and what that has: chats that go with it. */
export function partsOf<T extends { id: string; parent?: string | undefined }>(chats: readonly T[], id: string): T[] {
  const parts = chats.filter(({ parent }) => parent === id);
  return parts.flatMap((part) => [part, ...partsOf(chats, part.id)]);
}
