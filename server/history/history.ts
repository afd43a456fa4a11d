import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../src/common/errors.ts';
import type { HistoryHit, HistoryQuery } from '../../src/common/history.ts';
import { fork } from '../../src/node/spawn.ts';
import type { FromHistory, ToHistory } from './messages.ts';

export interface HistoryOptions {
  state: string;
  /** dist/history.js */
  program: string;
  /** The whole environment of the process. */
  environment: Record<string, string>;
  /** The run mark of this supervisor. */
  mark: string;
  log: (line: string) => void;
}

/** Milliseconds after the last request, or the last turn, until the history process is let go, or started. */
const REST = 30_000;
/** Milliseconds that one request may take: the first one reads all logs. */
const LIMIT = 120_000;

type Request = { type: 'fold' } | { type: 'search'; query: HistoryQuery };

interface Waiting {
  resolve: (hits: HistoryHit[]) => void;
  reject: (error: Error) => void;
}

/**
 * The history as the supervisor sees it: a process that is there only while it is needed, so that sql.js and its database
 * never are in the supervisor's memory.
 */
export class History {
  private readonly options: HistoryOptions;
  private readonly waiting = new Map<number, Waiting>();
  private child: ChildProcess | undefined;
  private next = 1;
  private closed = false;
  private rest: NodeJS.Timeout | undefined;
  private due: NodeJS.Timeout | undefined;
  /** Deletions of chats, and how many of them the database has taken in. */
  private deleted = 0;
  private forgotten = 0;

  constructor(options: HistoryOptions) {
    this.options = options;
  }

  /** All messages of all chats, as they are in the logs now. @throws Problem */
  search(query: HistoryQuery): Promise<HistoryHit[]> {
    return this.ask({ type: 'search', query });
  }

  /** A turn ended: half a minute after the last one the database takes in what is new. */
  foldLater(): void {
    clearTimeout(this.due);
    this.due = setTimeout(() => this.fold(), REST).unref();
  }

  /** A chat was deleted: its words leave the database at once. */
  forget(): void {
    if (this.child === undefined && !existsSync(this.file)) return;
    this.deleted++;
    this.fold();
  }

  /** Where there is no time to forget, the database goes: it is made anew from the logs with the next search. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.due);
    const { child } = this;
    this.end('Drover is stopping');
    if (this.forgotten === this.deleted) return;
    if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(this.file, { force: true });
    rmSync(`${this.file}.part`, { force: true });
  }

  private get file(): string {
    return join(this.options.state, 'history.db');
  }

  private fold(): void {
    this.ask({ type: 'fold' }).catch((error: unknown) => this.options.log(`history: ${String(error)}`));
  }

  /** A process that was there before may have died unnoticed; asking again changes nothing. */
  private async ask(request: Request): Promise<HistoryHit[]> {
    const reused = this.child !== undefined;
    try {
      return await this.askOnce(request);
    } catch (error) {
      if (!reused || this.closed || !(error instanceof Problem) || error.code !== 'history_failed') throw error;
      return this.askOnce(request);
    }
  }

  private askOnce(request: Request): Promise<HistoryHit[]> {
    clearTimeout(this.rest);
    const id = this.next++;
    const child = this.child ?? this.start();
    const limit = setTimeout(() => this.end(`it took longer than ${LIMIT / 1000} s`), LIMIT);
    const { deleted } = this;
    const answered = new Promise<HistoryHit[]>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    const message: ToHistory = { id, state: this.options.state, ...request };
    child.send(message, (error) => {
      if (error) this.end(error.message);
    });
    return answered
      .then((hits) => {
        this.forgotten = deleted;
        return hits;
      })
      .finally(() => {
        clearTimeout(limit);
        this.restLater();
      });
  }

  private start(): ChildProcess {
    const { program, environment, mark, log } = this.options;
    const child = fork(program, { ...environment, DROVER_RUN: `${mark}.${randomUUID()}` });
    this.child = child;
    child.on('message', (reply) => this.take(reply as FromHistory));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => log(`history: ${text.trimEnd()}`));
    }
    const gone = (why: string): void => {
      if (this.child === child) this.end(why);
    };
    child.once('exit', (code, signal) => gone(signal ?? `exit code ${code ?? 'unknown'}`));
    child.on('error', (error) => gone(error.message));
    return child;
  }

  private take(reply: FromHistory): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (!waiting) return;
    if ('hits' in reply) return waiting.resolve(reply.hits);
    const { code, message, advice } = reply.problem;
    waiting.reject(new Problem(code, message, advice, 500));
  }

  private restLater(): void {
    clearTimeout(this.rest);
    if (this.waiting.size > 0) return;
    this.rest = setTimeout(() => this.end('it is not needed'), REST).unref();
  }

  private end(why: string): void {
    clearTimeout(this.rest);
    const { child } = this;
    this.child = undefined;
    child?.removeAllListeners('exit');
    child?.kill('SIGKILL');
    const failed = new Problem(
      'history_failed',
      `The history could not be searched: its process ended (${why}).`,
      'Search again. The chats themselves are safe: the history is made from their logs.',
      500,
    );
    for (const { reject } of this.waiting.values()) reject(failed);
    this.waiting.clear();
  }
}
