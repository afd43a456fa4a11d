import { randomUUID } from 'node:crypto';
import { Problem } from '../src/common/errors.ts';
import type { DeltaEvent, Event, Lane, LoggedEvent, ProblemInfo } from '../src/common/events.ts';
import type { AgentStart, FromAgent, ToAgent } from '../src/common/ipc.ts';
import { inboxOf, openAsks, repairs, turnOpen } from '../src/common/repair.ts';
import { AgentProcess } from './agentProcess.ts';
import type { EventLog, LogRecord } from './eventLog.ts';
import type { Scheduler } from './scheduler.ts';

/** A message for a chat. `item` is its id in the inbox and, later, in the `user` event. */
export interface Submission {
  text: string;
  agent: string | undefined;
  lane: Lane;
  context: { [key: string]: unknown } | undefined;
  asks: 'client' | 'deny';
  /** Whether the workspace is trusted now; undefined: as before. */
  trusted: boolean | undefined;
}

/** What a chat needs of the supervisor around it. */
export interface ChatDeps {
  program: string;
  mark: string;
  /** The whole environment of the agent process. */
  environment: Record<string, string>;
  scheduler: Scheduler;
  /** All of AgentStart but what the chat knows itself. */
  start(): Omit<AgentStart, 'chat' | 'events'>;
  model(agent: string): string | undefined;
  autoApprove: boolean;
  /** Milliseconds after which an idle agent process is let go. */
  idle: number;
  /** Why these files must not be written now (one has unsaved changes in an editor), or undefined. */
  objection(paths: string[], roots: string[]): string | undefined;
  /** What the engine is doing while a lease waits for it, in words. */
  engineWait(): string | undefined;
  engineSuspect(): void;
  changed(chat: Chat): void;
  log: (line: string) => void;
}

export type Listener = (id: string, event: Event) => void;

/** Time that an agent has to end a cancelled turn by itself, in milliseconds. */
const CANCEL_LIMIT = 5000;

/**
 * One chat: its event log and, while it is live, its agent process. Every event of the agent passes here once: logged,
 * counted, fanned out.
 */
export class Chat {
  readonly id: string;
  readonly events: LoggedEvent[];
  /** When each event was logged, in milliseconds since 1970. */
  private readonly times: number[];
  private readonly log: EventLog;
  private readonly deps: ChatDeps;
  private readonly listeners = new Set<Listener>();
  private readonly leases = new Map<number, AbortController>();
  private readonly held = new Set<string>();
  private readonly undos = new Map<number, { resolve(path: string): void; reject(error: Error): void }>();
  private agent: AgentProcess | undefined;
  private partial: { text: string; reasoning: string } | undefined;
  private delta = 0;
  private ending: 'cancelled' | undefined;
  private timer: NodeJS.Timeout | undefined;
  private cancelTimer: NodeJS.Timeout | undefined;
  private next = 1;
  private waitText: string | undefined;
  private closed = false;

  constructor(id: string, log: EventLog, records: LogRecord[], deps: ChatDeps) {
    this.id = id;
    this.log = log;
    this.deps = deps;
    this.events = records.map((record) => record.event);
    this.times = records.map((record) => record.at);
  }

  get created(): number {
    return this.times[0] ?? 0;
  }

  get updated(): number {
    return this.times.at(-1) ?? 0;
  }

  /** Absolute folders this chat is bound to. */
  get roots(): string[] {
    const [first] = this.events;
    return first?.type === 'chat' ? first.workspace.roots : [];
  }

  get running(): boolean {
    return turnOpen(this.events);
  }

  get attached(): number {
    return this.listeners.size;
  }

  /** Logs what the supervisor itself has to say. */
  append(event: LoggedEvent): void {
    const record = this.log.append(event);
    this.events.push(event);
    this.times.push(record.at);
    if (event.type === 'assistant' || event.type === 'turn.end') this.partial = undefined;
    this.delta = 0;
    this.publish(String(record.seq), event);
    this.deps.changed(this);
  }

  /** Closes a turn that a crash left open, so that the chat can go on. */
  repair(problem: ProblemInfo): void {
    if (!this.running) return;
    this.append({ type: 'error', problem });
    this.close('failed');
  }

  /** Takes a message: a turn begins, or it waits in the inbox. @returns its item. */
  submit(message: Submission): string {
    const item = randomUUID();
    if (this.running && !this.agent) this.close('failed');
    const { text, lane, agent, context, asks, trusted } = message;
    const waiting = inboxOf(this.events);
    if (!this.running && waiting.length === 0) {
      const more = { ...(context ? { context } : {}), ...(trusted === undefined ? {} : { trusted }) };
      this.begin({ type: 'user', text, agent: agent ?? this.lastAgent(), item, asks, ...more });
      return item;
    }
    this.append({ type: 'inbox.put', item, lane, text, asks, ...(agent === undefined ? {} : { agent }) });
    this.log.sync();
    if (!this.running) this.beginNext();
    else if (lane === 'steer') this.send({ type: 'steer', item, text });
    return item;
  }

  /** @throws Problem when it is no open ask of this chat: another client was first, or the turn is over. */
  answer(ask: string, answer: 'once' | 'chat' | 'reject', reason?: string): void {
    if (!openAsks(this.events).some((open) => open.ask === ask)) {
      throw new Problem(
        'answered',
        'This question is no longer open: it was answered elsewhere, or the turn is over.',
        'Nothing needs to be done.',
        409,
      );
    }
    this.settle(ask, answer, 'client', reason);
  }

  /** Stops the running turn; what was done stays done and in the log. */
  cancel(): void {
    if (!this.running || this.ending) return;
    this.ending = 'cancelled';
    for (const ask of openAsks(this.events)) {
      this.append({ type: 'answer', ask: ask.ask, answer: 'reject', by: 'cancel' });
    }
    if (!this.agent) return this.close('cancelled');
    this.send({ type: 'cancel' });
    this.cancelTimer = setTimeout(() => this.agent?.kill(), CANCEL_LIMIT);
  }

  /** Puts the file that a call changed back. @throws Problem when it is not as that call left it. */
  undo(call: string): Promise<string> {
    const end = this.events.find((event) => event.type === 'tool.end' && event.call === call);
    const change = end?.type === 'tool.end' ? end.change : undefined;
    if (!change) throw new Problem('no_change', 'This call changed no file.', 'Choose a call that did.', 404, 'call');
    const objection = this.deps.objection([change.path], this.roots);
    if (objection !== undefined) throw new Problem('unsaved', objection, 'Save or close it, then undo again.', 409);
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.undos.set(id, { resolve, reject });
      this.send({ type: 'undo', id, call });
    });
  }

  /** All logged events after `seq`, then, in the middle of a message, all of it so far, then what comes. */
  subscribe(seq: number, listener: Listener): () => void {
    for (const [index, event] of this.events.entries()) if (index + 1 > seq) listener(String(index + 1), event);
    if (this.partial) listener(this.deltaId(), { type: 'snapshot', ...this.partial });
    this.listeners.add(listener);
    this.deps.changed(this);
    return () => {
      this.listeners.delete(listener);
      this.deps.changed(this);
    };
  }

  /** What the engine is doing changed: said to who is attached, if a lease of this chat waits for it. */
  engineMoved(): void {
    const text = this.leases.size > 0 ? this.deps.engineWait() : undefined;
    if (text !== undefined && text !== this.waitText) this.tell({ type: 'engine.wait', text });
    this.waitText = text;
  }

  /** Ends the agent process and closes the log. */
  end(): void {
    this.closed = true;
    clearTimeout(this.timer);
    clearTimeout(this.cancelTimer);
    this.dropLeases();
    this.agent?.kill();
    this.agent = undefined;
    this.log.close();
  }

  delete(): void {
    this.end();
    this.log.delete();
  }

  private begin(event: LoggedEvent & { type: 'user' }): void {
    clearTimeout(this.timer);
    this.ending = undefined;
    this.append(event);
    this.log.sync();
    this.send({ type: 'turn', event });
  }

  private beginNext(): void {
    const [first] = inboxOf(this.events);
    if (!first || this.closed) return;
    const { text, item, asks } = first;
    this.begin({ type: 'user', text, agent: first.agent ?? this.lastAgent(), item, asks });
  }

  private lastAgent(): string {
    const last = this.events.findLast((event) => event.type === 'user' || event.type === 'chat');
    return last?.agent ?? 'supervisor';
  }

  /** Shown to who is attached, never stored. */
  private tell(event: DeltaEvent): void {
    this.publish(this.deltaId(), event);
  }

  private publish(id: string, event: Event): void {
    for (const listener of this.listeners) listener(id, event);
  }

  private deltaId(): string {
    return `${this.log.seq}.${++this.delta}`;
  }

  /** Sends to the agent process, starting it where there is none. It gets the events up to its start with the start. */
  private send(message: ToAgent): void {
    if (!this.agent) this.fork(message);
    else this.agent.send(message);
  }

  private fork(first: ToAgent): void {
    clearTimeout(this.timer);
    // The turn's own event comes with the turn.
    const known = first.type === 'turn' ? this.events.slice(0, -1) : [...this.events];
    const agent: AgentProcess = new AgentProcess({
      program: this.deps.program,
      mark: this.deps.mark,
      environment: this.deps.environment,
      output: (text) => this.deps.log(`agent of chat ${this.id}: ${text.trimEnd()}`),
      message: (message) => {
        if (this.agent === agent) this.guarded(() => this.receive(message));
      },
      gone: (why) => {
        if (this.agent === agent) this.guarded(() => this.lost(why));
      },
    });
    this.agent = agent;
    agent.send({ type: 'start', start: { ...this.deps.start(), chat: this.id, events: known } });
    agent.send(first);
  }

  private receive(message: FromAgent): void {
    switch (message.type) {
      case 'delta':
        this.receiveDelta(message.event);
        return;
      case 'event':
        this.receiveEvent(message.event);
        return;
      case 'record':
        this.receiveRecord(message.id, message.event);
        return;
      case 'lease':
        void this.lease(message.id, message.agent);
        return;
      case 'lease.cancel':
        this.leases.get(message.id)?.abort();
        return;
      case 'release':
        this.held.delete(message.lease);
        this.deps.scheduler.release(message.lease);
        if (message.problem?.code === 'engine_lost') this.deps.engineSuspect();
        return;
      case 'undone':
        this.undone(message);
        return;
      default:
        message satisfies never;
    }
  }

  private receiveDelta(event: DeltaEvent): void {
    if (event.type === 'text' || event.type === 'reasoning') {
      this.partial ??= { text: '', reasoning: '' };
      this.partial[event.type] += event.text;
    }
    this.publish(this.deltaId(), event);
  }

  private receiveEvent(event: LoggedEvent): void {
    this.append(event);
    if (event.type === 'ask') this.ask(event);
    if (event.type === 'turn.end') this.turnEnded();
  }

  private receiveRecord(id: number, event: LoggedEvent): void {
    const stop = event.type === 'tool.start' ? this.deps.objection(writtenBy(event), this.roots) : undefined;
    this.append(event);
    this.log.sync();
    this.send({ type: 'ack', id, ...(stop === undefined ? {} : { stop }) });
  }

  private ask(event: LoggedEvent & { type: 'ask' }): void {
    if (this.ending) return this.settle(event.ask, 'reject', 'cancel');
    if (this.deps.autoApprove) return this.settle(event.ask, 'once', 'auto');
    const user = this.events.findLast((past) => past.type === 'user');
    if (user?.type === 'user' && user.asks === 'client') return;
    this.settle(
      event.ask,
      'reject',
      'nobody',
      'This needs a yes from a person, and the request came without one who answers (asks: "deny").',
    );
  }

  private settle(
    ask: string,
    answer: 'once' | 'chat' | 'reject',
    by: 'client' | 'nobody' | 'auto' | 'cancel',
    reason?: string,
  ): void {
    const given = reason === undefined ? {} : { reason };
    this.append({ type: 'answer', ask, answer, by, ...given });
    this.log.sync();
    this.send({ type: 'answer', ask, answer, by, ...given });
  }

  private async lease(id: number, agent: string): Promise<void> {
    const controller = new AbortController();
    this.leases.set(id, controller);
    this.engineMoved();
    try {
      const lease = await this.deps.scheduler.lease(controller.signal, (ahead) =>
        this.tell({ type: 'waiting', ahead }),
      );
      if (controller.signal.aborted || !this.agent) return this.deps.scheduler.release(lease.id);
      this.held.add(lease.id);
      const model = this.deps.model(agent);
      const endpoint = model === undefined ? lease.endpoint : { ...lease.endpoint, model };
      this.send({ type: 'lease', id, lease: lease.id, endpoint });
    } catch (error) {
      if (controller.signal.aborted) return;
      const problem = error instanceof Problem ? error.info : internal(error);
      this.send({ type: 'lease.failed', id, problem });
    } finally {
      this.leases.delete(id);
    }
  }

  private undone(message: FromAgent & { type: 'undone' }): void {
    const waiting = this.undos.get(message.id);
    this.undos.delete(message.id);
    this.restTimer();
    if (!waiting) return;
    const { problem } = message;
    if (problem) waiting.reject(new Problem(problem.code, problem.message, problem.advice, 409, problem.field));
    else waiting.resolve(message.path);
  }

  private turnEnded(): void {
    clearTimeout(this.cancelTimer);
    this.ending = undefined;
    this.log.anchor();
    this.restTimer();
    this.beginNext();
  }

  /** An agent that has nothing to do is let go; the transcript is here. */
  private restTimer(): void {
    clearTimeout(this.timer);
    if (this.running || this.closed) return;
    this.timer = setTimeout(() => {
      this.agent?.leave();
      this.agent = undefined;
    }, this.deps.idle);
    this.timer.unref();
  }

  /** What an agent does is not acknowledged when it cannot be logged: the turn ends here, and is closed in the log later. */
  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      const problem = error instanceof Problem ? error.info : internal(error);
      this.deps.log(`chat ${this.id}: ${problem.message}`);
      const { agent } = this;
      this.agent = undefined;
      agent?.kill();
      this.dropLeases();
      clearTimeout(this.cancelTimer);
      this.publish(this.deltaId(), { type: 'error', problem });
      this.publish(this.deltaId(), { type: 'turn.end', turn: 0, reason: 'failed', seconds: 0 });
    }
  }

  /** The agent process is gone although nobody let it go. */
  private lost(why: string): void {
    this.agent = undefined;
    this.dropLeases();
    clearTimeout(this.cancelTimer);
    for (const undo of this.undos.values()) undo.reject(agentLost(why));
    this.undos.clear();
    if (!this.running || this.closed) return;
    if (this.ending === undefined) this.append({ type: 'error', problem: agentLost(why).info });
    this.close(this.ending ?? 'failed');
  }

  private close(reason: 'cancelled' | 'failed'): void {
    const index = this.events.findLastIndex((event) => event.type === 'user');
    const now = Date.now();
    const ending = { partial: this.partial, reason, started: this.times[index] ?? now, now };
    for (const event of repairs(this.events, ending)) this.append(event);
    this.turnEnded();
  }

  private dropLeases(): void {
    for (const controller of this.leases.values()) controller.abort();
    for (const lease of this.held) this.deps.scheduler.release(lease);
    this.held.clear();
  }
}

function writtenBy({ effects }: LoggedEvent & { type: 'tool.start' }): string[] {
  return effects.flatMap((effect) => (effect.kind === 'write' ? [effect.path] : []));
}

function agentLost(why: string): Problem {
  return new Problem(
    'agent_crashed',
    `The agent process of this chat ended in the middle of its turn (${why}).`,
    'Nothing that was done is lost. Send a message to go on.',
    500,
  );
}

function internal(error: unknown): ProblemInfo {
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `Drover made a mistake: ${message}`, advice: 'Look at the log and report it.' };
}
