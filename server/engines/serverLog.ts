import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import path from 'node:path';

/** Bytes after which the log begins anew; the one before is kept. */
const LIMIT = 2 * 1024 * 1024;
const KEPT = 200;

/** What a server writes: the last 200 lines in memory, for error messages, and all of it in a file that is rotated. */
export class ServerLog {
  readonly path: string;
  private readonly recent: string[] = [];
  private stream: WriteStream;
  private size: number;

  constructor(run: string) {
    mkdirSync(run, { recursive: true, mode: 0o700 });
    this.path = path.join(run, 'llama-server.log');
    this.size = existsSync(this.path) ? statSync(this.path).size : 0;
    this.stream = this.open();
  }

  add(line: string): void {
    this.recent.push(line);
    if (this.recent.length > KEPT) this.recent.shift();
    this.size += Buffer.byteLength(line) + 1;
    if (this.size > LIMIT) this.rotate();
    this.stream.write(`${line}\n`);
  }

  lines(): string[] {
    return [...this.recent];
  }

  close(): void {
    this.stream.end();
  }

  private rotate(): void {
    this.stream.end();
    renameSync(this.path, `${this.path}.1`);
    this.size = 0;
    this.stream = this.open();
  }

  private open(): WriteStream {
    const stream = createWriteStream(this.path, { flags: 'a', mode: 0o600 });
    // A full disk must not end the supervisor; the last lines are still in memory.
    stream.on('error', () => undefined);
    return stream;
  }
}
