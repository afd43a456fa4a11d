import type { LoggedEvent } from './events.ts';

/** A message that waits for the agent, as it reads now. */
export type InboxItem = LoggedEvent & { type: 'inbox.put' };
export type InboxChange = Omit<LoggedEvent & { type: 'inbox.change' }, 'type'>;

/** What waits in the inbox, in the order in which it is read: put, and neither delivered nor withdrawn. */
export function inboxOf(events: readonly LoggedEvent[]): InboxItem[] {
  let items: InboxItem[] = [];
  for (const event of events) {
    if (event.type === 'inbox.put') items.push(event);
    if (event.type === 'inbox.change') items = changed(items, event);
    const gone = event.type === 'steered' || event.type === 'inbox.withdraw' || event.type === 'user';
    if (gone) items = items.filter(({ item }) => item !== event.item);
  }
  return inOrder(items);
}

/**
 * The task of a child comes first. Steers are read before what waits for the end of the turn, also where the turn has ended
 * before they were.
 */
export function inOrder<T extends Pick<InboxItem, 'lane' | 'task'>>(items: readonly T[]): T[] {
  const place = ({ lane, task }: T): number => (task === true ? 0 : lane === 'steer' ? 1 : 2);
  return items.toSorted((a, b) => place(a) - place(b));
}

/** The same list with one item changed; as it was where there is no such item. */
export function changed<T extends Pick<InboxItem, 'item' | 'text' | 'lane'>>(
  items: readonly T[],
  { item: id, text, lane, before }: InboxChange,
): T[] {
  const old = items.find(({ item }) => item === id);
  if (old === undefined) return [...items];
  const now = { ...old, ...(text === undefined ? {} : { text }), ...(lane === undefined ? {} : { lane }) };
  if (before === undefined) return items.map((each) => (each === old ? now : each));
  const rest = items.filter((each) => each !== old);
  const place = before === null ? -1 : rest.findIndex(({ item }) => item === before);
  return place === -1 ? [...rest, now] : rest.toSpliced(place, 0, now);
}
