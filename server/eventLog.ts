import { createHash, createHmac, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../src/common/errors.ts';
import { LoggedEvent } from '../src/common/events.ts';
import { usable } from '../src/node/fileProblem.ts';

/** Of the format of a log. */
export const VERSION = 1;

/** One line of a log. `at` in milliseconds since 1970; `prev` is the SHA-256 of the line before ("" for the first). */
const LogRecord = z.strictObject({
  v: z.literal(VERSION),
  seq: z.int(),
  at: z.int(),
  prev: z.string(),
  event: LoggedEvent,
});
export type LogRecord = z.infer<typeof LogRecord>;

/** Where the log of a chat lies. A session id is somebody's text: it never becomes part of a path. */
export function logPath(state: string, id: string): string {
  return join(state, 'chats', `${sha256(id).slice(0, 32)}.ndjson`);
}

/** What was found when a log was read. */
export interface LogState {
  records: LogRecord[];
  /** A last line that a crash had cut off was dropped. */
  torn: boolean;
  /** Why the chain does not hold, in words; undefined: it holds. */
  broken: string | undefined;
}

/**
 * The event log of one chat: append-only lines of JSON, each carrying the hash of the one before. A completed write
 * survives the death of any process; `sync` survives the loss of power.
 */
export class EventLog {
  readonly path: string;
  private readonly descriptor: number;
  private last: { seq: number; hash: string };
  private records: number;
  /** Bytes of whole records. */
  private size: number;
  private readonly anchors: Anchors;
  private closed = false;

  private constructor(path: string, anchors: Anchors, last: { seq: number; hash: string }, records: number) {
    this.path = path;
    this.anchors = anchors;
    this.last = last;
    this.records = records;
    this.descriptor = openSync(path, 'a', 0o600);
    this.size = fstatSync(this.descriptor).size;
  }

  /**
   * Opens a log for writing, creating it where it is not there, and tells what stands in it.
   * @throws Problem when it, or its anchor, is there and cannot be used
   */
  static open(path: string, anchors: Anchors): { log: EventLog; state: LogState } {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return usable(path, () => {
      const state = readLog(path, anchors);
      const tail = state.records.at(-1);
      const last = { seq: tail?.seq ?? 0, hash: lastHash(path) };
      const log = new EventLog(path, anchors, last, state.records.length);
      return { log, state };
    });
  }

  /** How many records there are; a line that was damaged when the log was opened is none. */
  get count(): number {
    return this.records;
  }

  /** @throws Problem when it cannot be written; then nothing of it is in the log. */
  append(event: LoggedEvent): LogRecord {
    const record: LogRecord = { v: VERSION, seq: this.last.seq + 1, at: Date.now(), prev: this.last.hash, event };
    const line = JSON.stringify(record);
    this.guarded(() => writeWhole(this.descriptor, `${line}\n`, this.size));
    this.size += Buffer.byteLength(line) + 1;
    this.last = { seq: record.seq, hash: sha256(line) };
    this.records += 1;
    return record;
  }

  /** What was appended, again. @throws Problem when it is not all there any more */
  read(): LogRecord[] {
    const { records } = readLog(this.path, this.anchors);
    if (records.length === this.records) return records;
    const message = `The record of this chat was changed outside Drover: ${this.records} events were written, ${records.length} are there.`;
    throw new Problem('log_changed', message, 'Stop Drover and start it again to see what is left of it.', 500);
  }

  /** @throws Problem like `append` */
  sync(): void {
    this.guarded(() => fdatasyncSync(this.descriptor));
  }

  /** What stands in the log now cannot be changed unnoticed any more. @throws Problem like `append` */
  anchor(): void {
    this.sync();
    this.guarded(() => this.anchors.set(this.path, this.last));
  }

  close(): void {
    this.closed = true;
    closeSync(this.descriptor);
  }

  private guarded(work: () => void): void {
    // The number of its file may by now be that of another.
    if (this.closed) throw new Problem('log_closed', 'This chat is closed.', 'Nothing needs to be done.', 409);
    try {
      work();
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      const advice = `Make room on the disk of ${dirname(this.path)}, then send the message again.`;
      throw new Problem('log_unwritable', `The log of this chat cannot be written (${why}).`, advice, 507);
    }
  }

  /** After `close`. */
  delete(): void {
    rmSync(this.path, { force: true });
    this.anchors.forget(this.path);
  }
}

/** Writes all of the text, or takes back what of it was written. */
function writeWhole(descriptor: number, text: string, size: number): void {
  try {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
  } catch (error) {
    ftruncateSync(descriptor, size);
    throw error;
  }
}

/** Reads a log. A torn last line is cut off the file; anything else that does not hold is told, not repaired. */
export function readLog(path: string, anchors: Anchors): LogState {
  if (!existsSync(path)) return { records: [], torn: false, broken: undefined };
  const content = readFileSync(path, 'utf8');
  const whole = content.slice(0, content.lastIndexOf('\n') + 1);
  const torn = whole.length < content.length;
  if (torn) truncateSync(path, Buffer.byteLength(whole));
  const records: LogRecord[] = [];
  const hashes: string[] = [];
  let broken: string | undefined;
  for (const [index, line] of whole.split('\n').slice(0, -1).entries()) {
    const parsed = parseRecord(line);
    if (!parsed) {
      broken ??= `line ${index + 1} is not a record`;
      continue;
    }
    if (parsed.prev !== (hashes.at(-1) ?? '') || parsed.seq !== index + 1) {
      broken ??= `record ${index + 1} does not follow from the one before`;
    }
    records.push(parsed);
    hashes.push(sha256(line));
  }
  broken ??= anchors.check(path, hashes, anchorDue(records));
  return { records, torn, broken };
}

/** A log in which a turn has ended has an anchor; one that was copied from another log before it had one may have none. */
function anchorDue(records: readonly LogRecord[]): boolean {
  const [first] = records;
  if (first?.event.type !== 'chat') return false;
  const { from, copied } = first.event;
  if (from !== undefined && copied === undefined) return false;
  return records.slice(1 + (copied ?? 0)).some(({ event }) => event.type === 'turn.end');
}

/** Undefined for what is no record. */
export function parseRecord(line: string): LogRecord | undefined {
  try {
    return LogRecord.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function lastHash(path: string): string {
  if (!existsSync(path)) return '';
  const line = readFileSync(path, 'utf8').split('\n').at(-2);
  return line === undefined ? '' : sha256(line);
}

/**
 * The anchored heads of the logs: for each its length and hash at the end of the last turn, under an HMAC whose key
 * (STATE/audit.key) is readable by the person alone. Who has the person's account can forge them; nobody else can.
 */
export class Anchors {
  private readonly folder: string;
  private readonly key: Buffer;

  constructor(state: string) {
    this.folder = join(state, 'heads');
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const path = keyPath(state);
    if (!existsSync(path)) writeFileSync(path, randomBytes(32), { mode: 0o600 });
    this.key = usable(path, () => readFileSync(path));
  }

  /**
   * A word that nobody else can guess, the same for the same text: the mark of a workspace's frames. It is not one of
   * each chat, because then every new chat would read again what all have in common.
   */
  word(text: string): string {
    return createHmac('sha256', this.key).update(`word\n${text}`).digest('hex').slice(0, 6);
  }

  set(log: string, head: { seq: number; hash: string }): void {
    const path = this.file(log);
    const part = `${path}.part`;
    writeFileSync(part, JSON.stringify({ ...head, mac: macOf(this.key, log, head) }), { mode: 0o600, flush: true });
    renameSync(part, path);
  }

  forget(log: string): void {
    rmSync(this.file(log), { force: true });
  }

  /**
   * @param due whether there has to be an anchor
   * @returns why the anchored part is not what it was, or undefined.
   */
  check(log: string, hashes: string[], due: boolean): string | undefined {
    const path = this.file(log);
    if (!existsSync(path)) return due ? 'its anchor is missing' : undefined;
    const head = parseHead(usable(path, () => readFileSync(path, 'utf8')));
    if (!head || head.mac !== macOf(this.key, log, head)) return 'its anchor was changed';
    if (hashes.length < head.seq) return `records after ${hashes.length} were removed`;
    return hashes[head.seq - 1] === head.hash ? undefined : `a record up to ${head.seq} was changed`;
  }

  private file(log: string): string {
    return join(this.folder, `${basename(log, '.ndjson')}.json`);
  }
}

/** Where the key of the anchors lies. */
export function keyPath(state: string): string {
  return join(state, 'audit.key');
}

/** Where the anchor of a log lies. */
export function headPath(state: string, log: string): string {
  return join(state, 'heads', `${basename(log, '.ndjson')}.json`);
}

/** The HMAC over a head of a log, in hexadecimal. */
export function macOf(key: Uint8Array, log: string, head: { seq: number; hash: string }): string {
  return createHmac('sha256', key)
    .update(`${basename(log)}\n${head.seq}\n${head.hash}`)
    .digest('hex');
}

const Head = z.object({ seq: z.int(), hash: z.string(), mac: z.string() });

/** Undefined for what is no head. */
export function parseHead(text: string): z.infer<typeof Head> | undefined {
  try {
    return Head.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
