import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { LoggedEvent, ProblemInfo } from '../../src/common/events.ts';
import { fork } from '../../src/node/spawn.ts';
import type { Finding, PolicyView } from '../policies/policy.ts';
import type { FromPolicy, Head, ToPolicy } from './messages.ts';

export interface PolicyProcessOptions {
  /** dist/policy.js */
  program: string;
  /** The whole environment of the process. */
  environment: Record<string, string>;
  /** The run mark of this supervisor. */
  mark: string;
  log: (line: string) => void;
}

/** What a judgement came to. */
export type Judged = { findings: Finding[] } | { problem: ProblemInfo };

/** Milliseconds without an answer after which a policy hangs. */
const HANG = 2000;

/** One policy of the person, in a process of its own. */
export class UserPolicy {
  readonly file: string;
  readonly stamp: string;
  /** What it says of itself, once it was loaded. */
  head: Head | undefined;
  /** Why it is not used. */
  problem: ProblemInfo | undefined;
  /** Called when there is such a reason. */
  onProblem: () => void = () => undefined;
  private readonly options: PolicyProcessOptions;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, { settle: (judged: Judged) => void; limit: NodeJS.Timeout }>();
  /** How many events of each chat it has. */
  private readonly sent = new Map<string, number>();
  private readonly loadLimit: NodeJS.Timeout;
  /** Settles when it is loaded, or known not to be usable. */
  readonly loaded: Promise<void>;
  private settleLoaded: () => void = () => undefined;
  private next = 1;

  constructor(file: string, stamp: string, options: PolicyProcessOptions) {
    this.file = file;
    this.stamp = stamp;
    this.options = options;
    const { program, environment, mark } = options;
    this.child = fork(program, { ...environment, DROVER_RUN: `${mark}.${randomUUID()}` });
    this.child.on('message', (message) => this.take(message as FromPolicy));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => options.log(`policy ${basename(file)}: ${text.trimEnd()}`));
    }
    this.child.once('exit', (code, signal) => this.fail(`its process ended (${signal ?? `exit code ${code}`})`));
    this.child.on('error', (error) => this.fail(error.message));
    this.loaded = new Promise((settle) => {
      this.settleLoaded = settle;
    });
    this.loadLimit = setTimeout(() => this.fail('it was not loaded in time'), HANG * 5);
    this.tell({ type: 'load', file, stamp });
  }

  get name(): string {
    return this.head?.name ?? basename(this.file, '.mjs');
  }

  get loading(): boolean {
    return this.problem === undefined && this.head === undefined;
  }

  /** While it is being loaded nobody knows what it wants. */
  mayWant(event: LoggedEvent): boolean {
    return this.loading || this.wants(event);
  }

  /** Settles in any case, after `HANG` at the latest. @param view of the moment when the event was the last */
  async judge(chat: string, event: LoggedEvent, view: PolicyView): Promise<Judged> {
    const { seconds, roots, others } = view;
    const until = view.events.length;
    if (this.loading) await this.loaded;
    if (!this.wants(event)) return { findings: [] };
    const id = this.next++;
    const from = Math.min(this.sent.get(chat) ?? 0, until - 1);
    this.sent.set(chat, until);
    const events = view.events.slice(from, until);
    return new Promise((settle) => {
      const limit = setTimeout(() => this.fail(`it has not answered for ${HANG / 1000} s`), HANG);
      this.waiting.set(id, { settle, limit });
      this.tell({ type: 'judge', id, chat, from, events, view: { seconds, roots, others } });
    });
  }

  forget(chat: string): void {
    if (this.sent.delete(chat)) this.tell({ type: 'forget', chat });
  }

  /** Ends it; nobody is told. */
  end(): void {
    clearTimeout(this.loadLimit);
    this.settleLoaded();
    this.child.removeAllListeners('exit');
    this.child.kill('SIGKILL');
    for (const { settle, limit } of this.waiting.values()) {
      clearTimeout(limit);
      settle({ findings: [] });
    }
    this.waiting.clear();
  }

  private wants(event: LoggedEvent): boolean {
    return this.problem === undefined && this.head?.on.includes(event.type) === true;
  }

  private tell(message: ToPolicy): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private take(message: FromPolicy): void {
    switch (message.type) {
      case 'loaded':
        clearTimeout(this.loadLimit);
        this.head = message.head;
        return this.settleLoaded();
      case 'unusable':
        return this.refuse(message.why);
      case 'judged':
        return this.settle(message.id, { findings: message.findings });
      case 'threw':
        return this.fail(message.why);
      default:
        message satisfies never;
    }
  }

  private settle(id: number, judged: Judged): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    clearTimeout(waiting?.limit);
    waiting?.settle(judged);
  }

  /** It is not asked any more until its file is another one. */
  private fail(why: string): void {
    this.refuse(`The policy ${this.name} failed: ${why}.`);
  }

  private refuse(message: string): void {
    if (this.problem) return;
    const advice = `Chats go on without it until ${basename(this.file)} is changed.`;
    this.problem = { code: 'policy_failed', message, advice };
    this.options.log(message);
    const asked = Array.from(this.waiting.keys());
    for (const id of asked) this.settle(id, { problem: this.problem });
    this.end();
    this.onProblem();
  }
}
