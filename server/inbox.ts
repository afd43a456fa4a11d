import { Problem } from '../src/common/errors.ts';
import type { LoggedEvent } from '../src/common/events.ts';
import { type InboxChange, type InboxItem, inboxOf } from '../src/common/inbox.ts';

/** What is waiting for the agent of one chat. All of it stands in the log, so that nothing put here is ever dropped. */
export class Inbox {
  private readonly events: () => readonly LoggedEvent[];
  private readonly append: (event: LoggedEvent) => void;
  /** Handed to the agent, which has not said yet that it read them: they can be changed no more. */
  private readonly handed = new Set<string>();

  constructor(events: () => readonly LoggedEvent[], append: (event: LoggedEvent) => void) {
    this.events = events;
    this.append = append;
  }

  get items(): InboxItem[] {
    return inboxOf(this.events());
  }

  /** What is read at a boundary of the running turn. */
  hand(): { item: string; text: string }[] {
    const steers = this.items.filter(({ lane }) => lane === 'steer');
    for (const { item } of steers) this.handed.add(item);
    return steers.map(({ item, text }) => ({ item, text }));
  }

  /** The turn is over, or its agent gone: what it did not say that it read waits for the next. */
  takeBack(): void {
    this.handed.clear();
  }

  /** @throws Problem when the item was delivered, or never was here */
  change(change: InboxChange): void {
    this.check(change.item, 'item');
    if (typeof change.before === 'string') this.check(change.before, 'before');
    this.append({ type: 'inbox.change', ...change });
  }

  /** @throws Problem when the item was delivered, or never was here */
  withdraw(item: string): void {
    this.check(item, 'item');
    this.append({ type: 'inbox.withdraw', item });
  }

  private check(id: string, field: string): void {
    if (!this.handed.has(id) && this.items.some(({ item }) => item === id)) return;
    const known = this.events().some((event) => event.type === 'inbox.put' && event.item === id);
    if (known) {
      const message = 'This message waits no more: the agent has got it, or it was withdrawn.';
      throw new Problem('not_waiting', message, 'Send another to correct it.', 409, field);
    }
    const message = `No message ${JSON.stringify(id)} was put into this inbox.`;
    throw new Problem('no_item', message, 'GET /chat/{id}/events lists them as inbox.put.', 404, field);
  }
}
