import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { EngineStatus } from '../common/engine.ts';
import { asProblem, Problem } from '../common/errors.ts';
import type { ProblemInfo } from '../common/events.ts';
import type { AgentInfo, ChatSummary, GlobalEvent, Hello, SandboxStatus } from '../common/protocol.ts';
import { type Address, call, stream } from '../node/client.ts';
import type { Discovery } from '../node/discovery.ts';

/** What is known of the supervisor now. `idle`: nobody has asked for it yet. */
export interface Snapshot {
  state: 'idle' | 'starting' | 'up' | 'down';
  /** Why it is down. */
  problem: ProblemInfo | null;
  engine: EngineStatus | null;
  /** Whether commands are shut in; null: not told yet. */
  sandbox: SandboxStatus | null;
  agents: AgentInfo[];
  agentProblems: ProblemInfo[];
  /** Newest first. */
  chats: ChatSummary[];
  /** Why logs of chats could not be read: these are not among `chats`. */
  chatProblems?: ProblemInfo[];
}

export interface SidecarOptions {
  /** Attaches to the running supervisor, or starts one. */
  attach(signal: AbortSignal): Promise<Discovery>;
  /** What to tell it of this window. */
  hello(): Promise<Omit<Hello, 'client'>>;
  /** The folder whose agents count too: the first one, where it is trusted. */
  agentsFolder?: () => string | undefined;
  /** Milliseconds before the next try, after so many failures. */
  wait?: (failures: number) => number;
  log: Pick<vscode.LogOutputChannel, 'info' | 'warn'>;
}

/** Tries to start a supervisor before the person must ask for another one. */
const TRIES = 5;

/** Problems that another try cannot mend. */
const LASTING = new Set(['no_node', 'protocol']);

/**
 * This window's connection to the supervisor: attached or started when first asked for, held open (which tells the
 * supervisor that somebody is there), opened again when it breaks.
 */
export class Sidecar implements vscode.Disposable {
  readonly #options: SidecarOptions;
  readonly #changed = new vscode.EventEmitter<Snapshot>();
  readonly onDidChange = this.#changed.event;
  readonly #end = new AbortController();
  #snapshot: Snapshot = {
    state: 'idle',
    problem: null,
    engine: null,
    sandbox: null,
    agents: [],
    agentProblems: [],
    chats: [],
  };
  #discovery: Discovery | undefined;
  #client: string | undefined;
  #wake = Promise.withResolvers<void>();
  #telling: Promise<void> = Promise.resolve();
  #untold = false;

  constructor(options: SidecarOptions) {
    this.#options = options;
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** The supervisor that this window is attached to. */
  get discovery(): Discovery | undefined {
    return this.#discovery;
  }

  /** Begins to attach. Does nothing when that was done before. */
  start(): void {
    if (this.#snapshot.state !== 'idle') return;
    this.#set({ state: 'starting' });
    void this.#run(this.#end.signal);
  }

  /** Tries again at once where it had given up. */
  reconnect(): void {
    this.start();
    if (this.#snapshot.state === 'down') this.#set({ state: 'starting', problem: null });
    this.#wake.resolve();
  }

  /**
   * The supervisor, as soon as this window is attached; starts it.
   * @throws Problem when it is down
   */
  async address(signal: AbortSignal): Promise<Discovery & Address> {
    return this.#when(signal, ({ state, problem }) => {
      if (state === 'down' && problem) throw new Problem(problem.code, problem.message, problem.advice, 503);
    });
  }

  /** The same for who can wait until the supervisor is there again, however long that takes. */
  async attached(signal: AbortSignal): Promise<Discovery & Address> {
    return this.#when(signal, () => undefined);
  }

  /** Tells the supervisor what changed in this window; the order of calls is kept. */
  tell(): Promise<void> {
    this.#telling = this.#telling
      .then(() => this.#tellNow())
      .catch((error: unknown) => this.#options.log.warn(asProblem(error).message));
    return this.#telling;
  }

  /** Waits for the next change of the snapshot, or for the signal. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        listening.dispose();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const listening = this.onDidChange(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  dispose(): void {
    this.#end.abort();
    this.#changed.dispose();
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      let attached = false;
      let problem: Problem;
      try {
        const discovery = await this.#options.attach(signal);
        for await (const event of this.#attached(discovery, signal)) {
          attached = true;
          failures = 0;
          this.#apply(event);
        }
        problem = new Problem('closed', 'The supervisor has left.', 'It is started again.', 503);
      } catch (error) {
        if (signal.aborted) return;
        problem = asProblem(error);
      }
      this.#discovery = undefined;
      this.#client = undefined;
      this.#options.log.warn(problem.message);
      // A break is mended quietly; only a supervisor that cannot be had is news.
      this.#set(attached ? { state: 'starting', problem: null } : { state: 'down', problem: problem.info });
      await this.#pause(failures, !attached && (LASTING.has(problem.code) || failures + 1 >= TRIES), signal);
    }
  }

  /** Says hello, reads the agents and holds the stream open. The first event makes this window attached. */
  async *#attached(discovery: Discovery, signal: AbortSignal): AsyncGenerator<GlobalEvent, void, undefined> {
    const client = await this.#hello(discovery, signal);
    const agents = await this.#agents(discovery, signal);
    for await (const { event } of stream(discovery, 'events', { client, signal })) {
      if (this.#discovery !== discovery) {
        this.#discovery = discovery;
        this.#options.log.info(`attached to the supervisor, process ${discovery.pid}, build ${discovery.build}`);
        this.#set({ state: 'up', problem: null, ...agents });
        if (this.#untold) void this.tell();
      }
      yield event;
    }
  }

  /** Reads again which agents there are. */
  async refreshAgents(signal: AbortSignal): Promise<void> {
    this.#set(await this.#agents(await this.address(signal), signal));
  }

  async #agents(discovery: Discovery, signal: AbortSignal): Promise<Pick<Snapshot, 'agents' | 'agentProblems'>> {
    const folder = this.#options.agentsFolder?.();
    const query = folder === undefined ? {} : { query: { folder } };
    const { agents, problems } = await call(discovery, 'agents', { signal, ...query });
    return { agents, agentProblems: problems };
  }

  async #hello(discovery: Discovery, signal: AbortSignal): Promise<string> {
    const hello = await this.#options.hello();
    const body = this.#client === undefined ? hello : { ...hello, client: this.#client };
    const { client } = await call(discovery, 'hello', { body, signal });
    this.#client = client;
    return client;
  }

  async #tellNow(): Promise<void> {
    // While attaching, the first hello may have been said before the change: it is said again once attached.
    this.#untold = this.#discovery === undefined;
    if (this.#discovery) await this.#hello(this.#discovery, this.#end.signal);
  }

  async #pause(failures: number, giveUp: boolean, signal: AbortSignal): Promise<void> {
    this.#wake = Promise.withResolvers<void>();
    const wait = this.#options.wait ?? backOff;
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    const paused = giveUp ? untilAborted(either) : delay(wait(failures), undefined, { signal: either });
    await Promise.race([this.#wake.promise, paused.catch(() => undefined)]);
    ended.abort();
  }

  #apply(event: GlobalEvent): void {
    const { chats } = this.#snapshot;
    switch (event.type) {
      case 'engine':
        return this.#set({ engine: event.engine });
      case 'sandbox':
        return this.#set({ sandbox: event.sandbox });
      case 'chats':
        return this.#set({ chats: newestFirst(event.chats), chatProblems: event.problems ?? [] });
      case 'chat':
        return this.#set({ chats: newestFirst([event.chat, ...chats.filter(({ id }) => id !== event.chat.id)]) });
      case 'chat.gone':
        return this.#set({ chats: chats.filter(({ id }) => id !== event.id) });
    }
  }

  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#changed.fire(this.#snapshot);
  }

  async #when(signal: AbortSignal, check: (snapshot: Snapshot) => void): Promise<Discovery & Address> {
    this.start();
    for (;;) {
      signal.throwIfAborted();
      if (this.#snapshot.state === 'up' && this.#discovery) {
        return this.#client === undefined ? this.#discovery : { ...this.#discovery, client: this.#client };
      }
      check(this.#snapshot);
      await this.changed(signal);
    }
  }
}

/** 0.2 s, doubled with each failure, at most 10 s. */
function backOff(failures: number): number {
  return Math.min(200 * 2 ** failures, 10_000);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function newestFirst(chats: ChatSummary[]): ChatSummary[] {
  return chats.toSorted((a, b) => b.updated - a.updated);
}
