import { type DeltaEvent, type Event, isDelta, type LoggedEvent } from '../src/common/events.ts';
import { turnOpen } from '../src/common/repair.ts';
import { workingTime } from '../src/common/workingTime.ts';
import type { EventLog, LogRecord } from './eventLog.ts';

/** Gets an event with its id: `SEQ`, its place in the chat, for logged events, `SEQ.n` for what is only shown. */
export type Listener = (id: string, event: Event) => void;

/** With these the message that is being written is whole, or lost. */
const messageEnds = new Set<LoggedEvent['type']>(['assistant', 'turn.end', 'turn.parked']);

/** How long a copy in memory is kept. */
export interface Keeping {
  /** Milliseconds after which a copy that nobody looked at is let go. */
  after: number;
  /** Told that it was. */
  released(): void;
}

/** The copy in memory: events, and when each was logged, in milliseconds since 1970. */
interface Copy {
  events: LoggedEvent[];
  times: number[];
}

/**
 * The events of one chat: its log, the copy in memory, and who is told of what comes. While no turn is open and nobody
 * looks the copy is let go, and read again when it is needed.
 */
export class Journal {
  /** Hashes of the contents that its changes have kept, to undo them. */
  readonly blobs = new Set<string>();
  private readonly log: EventLog;
  private readonly keeping: Keeping;
  private copy: Copy | undefined;
  private head: LoggedEvent | undefined;
  private times = { created: 0, updated: 0 };
  private looked = false;
  private timer: NodeJS.Timeout | undefined;
  /** Who is told, and how they are told that nothing more will come. */
  private readonly listeners = new Map<Listener, () => void>();
  /** The message that is being written, so far. */
  private message: { text: string; reasoning: string } | undefined;
  private delta = 0;

  constructor(log: EventLog, records: LogRecord[], keeping: Keeping) {
    this.log = log;
    this.keeping = keeping;
    for (const { event, at } of records) this.note(event, at);
    this.hold(records);
  }

  get events(): readonly LoggedEvent[] {
    return this.whole.events;
  }

  /** When each of them was logged, in milliseconds since 1970. */
  get eventTimes(): readonly number[] {
    return this.whole.times;
  }

  /** How many there are. */
  get count(): number {
    return this.log.count;
  }

  get first(): LoggedEvent | undefined {
    return this.head;
  }

  /** Whether a turn is under way. */
  get open(): boolean {
    return this.copy !== undefined && turnOpen(this.copy.events);
  }

  /** There is no copy in memory. */
  get resting(): boolean {
    return this.copy === undefined;
  }

  /** In milliseconds since 1970. */
  get created(): number {
    return this.times.created;
  }

  /** When something happened in it; another name is nothing that happens. */
  get updated(): number {
    return this.times.updated;
  }

  /** Milliseconds that the running turn has worked; what it waited for the person does not count. */
  get turnWorked(): number {
    return this.turnWorkedUntil(Date.now());
  }

  /** @param now in milliseconds since 1970, not before its last event */
  turnWorkedUntil(now: number): number {
    const { events, times } = this.whole;
    const begin = events.findLastIndex((event) => event.type === 'user');
    return begin === -1 ? 0 : workingTime(events.slice(begin), times.slice(begin), now);
  }

  get partial(): { text: string; reasoning: string } | undefined {
    return this.message;
  }

  /** @throws Problem when it cannot be written */
  append(event: LoggedEvent): void {
    const { events, times } = this.whole;
    const record = this.log.append(event);
    events.push(event);
    times.push(record.at);
    this.note(event, record.at);
    if (messageEnds.has(event.type)) this.message = undefined;
    this.delta = 0;
    this.publish(String(this.count), event);
  }

  /** Tells who listens and keeps nothing, but for the message that is being written. */
  show(event: Event): void {
    if (isDelta(event)) this.follow(event);
    this.publish(this.deltaId(), event);
  }

  /**
   * All logged events after `seq`, then, in the middle of a message, all of it so far, then what comes.
   * @param over called when the journal is closed
   */
  subscribe(seq: number, listener: Listener, over: () => void = () => undefined): () => void {
    for (const [index, event] of this.events.entries()) if (index + 1 > seq) listener(String(index + 1), event);
    if (this.message) listener(this.deltaId(), { type: 'snapshot', ...this.message });
    this.listeners.set(listener, over);
    return () => this.listeners.delete(listener);
  }

  /** What stands in the log survives the loss of power. @throws Problem when it cannot be written */
  sync(): void {
    this.log.sync();
  }

  /** What stands in the log cannot be changed unnoticed any more. */
  anchor(): void {
    this.log.anchor();
  }

  close(): void {
    clearTimeout(this.timer);
    for (const over of this.listeners.values()) over();
    this.log.close();
  }

  /** After `close`. */
  delete(): void {
    this.log.delete();
  }

  private get whole(): Copy {
    this.looked = true;
    return this.copy ?? this.hold(this.log.read());
  }

  private hold(records: readonly LogRecord[]): Copy {
    this.timer = setTimeout(() => this.letGo(), this.keeping.after).unref();
    this.copy = { events: records.map(({ event }) => event), times: records.map(({ at }) => at) };
    return this.copy;
  }

  private letGo(): void {
    if (this.looked || this.open || this.listeners.size > 0) {
      this.looked = false;
      this.timer?.refresh();
      return;
    }
    this.copy = undefined;
    this.keeping.released();
  }

  private note(event: LoggedEvent, at: number): void {
    this.head ??= event;
    if (this.times.created === 0) this.times.created = at;
    if (event.type !== 'chat.edit') this.times.updated = at;
    if (event.type !== 'tool.end') return;
    for (const hash of [event.change?.before, event.change?.after, event.output])
      if (typeof hash === 'string') this.blobs.add(hash);
  }

  private follow(event: DeltaEvent): void {
    if (event.type !== 'text' && event.type !== 'reasoning') return;
    this.message ??= { text: '', reasoning: '' };
    this.message[event.type] += event.text;
  }

  private publish(id: string, event: Event): void {
    for (const listener of this.listeners.keys()) listener(id, event);
  }

  private deltaId(): string {
    return `${this.count}.${++this.delta}`;
  }
}
