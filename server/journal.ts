import { type DeltaEvent, type Event, isDelta, type LoggedEvent } from '../src/common/events.ts';
import { workingTime } from '../src/common/workingTime.ts';
import type { EventLog, LogRecord } from './eventLog.ts';

/** Gets an event with its id: `SEQ` for logged events, `SEQ.n` for what is only shown. */
export type Listener = (id: string, event: Event) => void;

/** The events of one chat: its log, the copy in memory, and who is told of what comes. */
export class Journal {
  readonly events: LoggedEvent[];
  private readonly log: EventLog;
  /** When each event was logged, in milliseconds since 1970. */
  private readonly times: number[];
  /** Who is told, and how they are told that nothing more will come. */
  private readonly listeners = new Map<Listener, () => void>();
  /** The message that is being written, so far. */
  private message: { text: string; reasoning: string } | undefined;
  private delta = 0;

  constructor(log: EventLog, records: LogRecord[]) {
    this.log = log;
    this.events = records.map((record) => record.event);
    this.times = records.map((record) => record.at);
  }

  /** In milliseconds since 1970. */
  get created(): number {
    return this.times[0] ?? 0;
  }

  /** When something happened in it; another name is nothing that happens. */
  get updated(): number {
    return this.times[this.events.findLastIndex(({ type }) => type !== 'chat.edit')] ?? 0;
  }

  /** When the running turn began; now, where none does. */
  get turnBegan(): number {
    return this.times[this.events.findLastIndex((event) => event.type === 'user')] ?? Date.now();
  }

  /** Milliseconds that the running turn has worked; what it waited for the person does not count. */
  get turnWorked(): number {
    const begin = this.events.findLastIndex((event) => event.type === 'user');
    return begin === -1 ? 0 : workingTime(this.events.slice(begin), this.times.slice(begin), Date.now());
  }

  get partial(): { text: string; reasoning: string } | undefined {
    return this.message;
  }

  /** @throws Problem when it cannot be written */
  append(event: LoggedEvent): void {
    const record = this.log.append(event);
    this.events.push(event);
    this.times.push(record.at);
    if (event.type === 'assistant' || event.type === 'turn.end') this.message = undefined;
    this.delta = 0;
    this.publish(String(record.seq), event);
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

  /** The turn is over: what stands in the log cannot be changed unnoticed any more. */
  anchor(): void {
    this.log.anchor();
  }

  close(): void {
    for (const over of this.listeners.values()) over();
    this.log.close();
  }

  /** After `close`. */
  delete(): void {
    this.log.delete();
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
    return `${this.log.seq}.${++this.delta}`;
  }
}
