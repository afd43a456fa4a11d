import { randomUUID } from 'node:crypto';
import { asProblem, Problem } from '../../src/common/errors.ts';
import { type Event, isDelta, type LoggedEvent, type Workspace } from '../../src/common/events.ts';
import type { Endpoint } from '../../src/common/engine.ts';
import type { AgentStart, FromAgent, ToAgent } from '../../src/common/ipc.ts';
import type { Tool } from '../../src/common/tool.ts';
import type { Boundary } from '../../src/common/interjections.ts';
import { pendingCalls } from '../../src/common/repair.ts';
import { toMessages } from '../../src/common/transcript.ts';
import { createBlobs } from '../../src/node/blobs.ts';
import { createFiles } from '../../src/node/paths.ts';
import { type AskRequest, runTool } from '../../src/node/runTool.ts';
import { undo } from '../../src/node/undo.ts';
import { childEnvironment } from '../../src/node/environment.ts';
import { tools } from '../../src/node/tools/list.ts';
import { toolSchemas } from '../../src/node/tools/schema.ts';
import { type Call, type LoopDeps, resumeTurn, runTurn } from './loop.ts';

type AnswerMessage = ToAgent & { type: 'answer' };
type BoundaryReply = Pick<ToAgent & { type: 'boundary' }, 'steers' | 'tellings'>;
type LeaseMessage = ToAgent & { type: 'lease' | 'lease.failed' };

/**
 * One chat's agent: takes turns one after another, keeps its own copy of the chat's events, and asks the supervisor
 * for what it may not decide itself (leases, records before an effect, answers).
 */
export class Agent {
  private readonly start: AgentStart;
  private readonly send: (message: FromAgent) => void;
  private readonly events: LoggedEvent[];
  private readonly blobs;
  private readonly acks = new Map<number, (stop: string | undefined) => void>();
  private readonly leases = new Map<number, (message: LeaseMessage) => void>();
  private readonly grants: Set<string>;
  private readonly asks = new Map<string, (message: AnswerMessage) => void>();
  private readonly boundaries = new Map<number, (reply: BoundaryReply) => void>();
  /** Answers of before that were used. */
  private readonly served = new Set<string>();
  private turn: AbortController | undefined;
  private taking: Promise<void> = Promise.resolve();
  private next = 1;

  constructor(start: AgentStart, send: (message: FromAgent) => void) {
    this.start = start;
    this.send = send;
    this.events = [...start.events];
    this.blobs = createBlobs(start.blobs);
    this.grants = grantsOf(start.events);
  }

  receive(message: ToAgent): void {
    switch (message.type) {
      case 'start':
        throw new Error('an agent is started once');
      case 'turn':
        this.taking = this.take(message.event);
        return;
      case 'resume':
        this.taking = this.resume(message.seconds);
        return;
      case 'boundary':
        this.boundaries.get(message.id)?.(message);
        this.boundaries.delete(message.id);
        return;
      case 'ack':
        this.acks.get(message.id)?.(message.stop);
        this.acks.delete(message.id);
        return;
      case 'answer':
        this.answered(message);
        return;
      case 'lease':
      case 'lease.failed':
        this.leased(message);
        return;
      case 'undo':
        void this.undo(message.id, message.call);
        return;
      case 'cancel':
        this.turn?.abort();
        return;
      default:
        message satisfies never;
    }
  }

  /** Ends what runs, and waits until it has; the process is about to end. */
  async end(): Promise<void> {
    this.turn?.abort();
    await this.taking;
  }

  private async take(user: LoggedEvent & { type: 'user' }): Promise<void> {
    const turn = new AbortController();
    this.turn = turn;
    this.events.push(user);
    for await (const event of runTurn(this.deps(user.agent, turn.signal), user)) this.emit(event);
    this.turn = undefined;
  }

  private async resume(seconds: number): Promise<void> {
    const turn = new AbortController();
    this.turn = turn;
    const user = this.events.findLast((event) => event.type === 'user');
    const agent = user?.type === 'user' ? user.agent : '';
    const left = pendingCalls(this.events);
    for await (const event of resumeTurn(this.deps(agent, turn.signal), left, seconds)) this.emit(event);
    this.turn = undefined;
  }

  private emit(event: Event): void {
    if (isDelta(event)) {
      this.send({ type: 'delta', event });
      return;
    }
    this.events.push(event);
    this.send({ type: 'event', event });
  }

  private deps(agent: string, signal: AbortSignal): LoopDeps {
    const { agents, system } = this.start;
    const roles = new Map(agents.map(({ name, text }) => [name, text]));
    return {
      turn: this.events.filter((event) => event.type === 'user').length,
      agent,
      signal,
      messages: ({ capabilities }: Endpoint) =>
        toMessages(this.events, { system, roles, controlTokens: capabilities.controlTokens }),
      tools: toolSchemas(tools),
      lease: (abort) => this.lease(agent, abort),
      run: (call, emit) => this.run(agent, call, signal, emit),
      preamble: () => this.preamble(),
      boundary: (at) => this.askBoundary(at),
      answered: () => {
        const last = this.events.findLast((event) => event.type === 'assistant');
        return last?.type === 'assistant' && last.calls.length === 0;
      },
      newId: () => this.newId(),
    };
  }

  private get workspace(): Workspace {
    const [first] = this.events;
    const { roots, trusted } = first?.type === 'chat' ? first.workspace : { roots: [], trusted: false };
    const later = this.events.findLast((event) => event.type === 'user' && event.trusted !== undefined);
    return { roots, trusted: later?.type === 'user' ? (later.trusted ?? trusted) : trusted };
  }

  /** Calls and mentions share one row of numbers; nine letters and digits suit every template. */
  private newId(): string {
    return `call${String(this.countIds()).padStart(5, '0')}`;
  }

  private ids: number | undefined;
  private countIds(): number {
    this.ids ??= this.events.reduce((count, event) => count + idsIn(event), 0);
    return ++this.ids;
  }

  /** The workspace's own AGENTS.md, at the head of a chat, by the same door as every other file. */
  private async preamble(): Promise<string[]> {
    const first = this.events.filter((event) => event.type === 'user').length === 1;
    if (!first || this.workspace.roots.length === 0) return [];
    const found = await this.files().resolve('AGENTS.md');
    return found.kind === 'file' && found.root !== undefined ? ['AGENTS.md'] : [];
  }

  private files() {
    return createFiles({ roots: this.workspace.roots, blobs: this.blobs, home: this.start.home });
  }

  private async lease(agent: string, signal: AbortSignal): ReturnType<LoopDeps['lease']> {
    const id = this.next++;
    const message = await new Promise<LeaseMessage>((resolve, reject) => {
      signal.throwIfAborted();
      const leave = (): void => {
        this.leases.delete(id);
        this.send({ type: 'lease.cancel', id });
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      signal.addEventListener('abort', leave, { once: true });
      this.leases.set(id, (answer) => {
        signal.removeEventListener('abort', leave);
        resolve(answer);
      });
      this.send({ type: 'lease', id, agent });
    });
    if (message.type === 'lease.failed') {
      const { code, message: text, advice } = message.problem;
      throw new Problem(code, text, advice);
    }
    return {
      endpoint: message.endpoint,
      release: (usage, problem) =>
        this.send({
          type: 'release',
          lease: message.lease,
          ...(usage ? { usage } : {}),
          ...(problem ? { problem: problem.info } : {}),
        }),
    };
  }

  /** The inbox is the supervisor's: what it holds at this moment is what the boundary delivers. */
  private askBoundary(at: Boundary): Promise<BoundaryReply> {
    const id = this.next++;
    return new Promise((resolve) => {
      this.boundaries.set(id, resolve);
      this.send({ type: 'boundary', id, at });
    });
  }

  private leased(message: LeaseMessage): void {
    const waiting = this.leases.get(message.id);
    this.leases.delete(message.id);
    if (waiting) waiting(message);
    // It came after the turn had been stopped.
    else if (message.type === 'lease') this.send({ type: 'release', lease: message.lease });
  }

  private answered(message: AnswerMessage): void {
    const { ask, answer, by, reason } = message;
    this.events.push({ type: 'answer', ask, answer, by, ...(reason === undefined ? {} : { reason }) });
    this.asks.get(ask)?.(message);
    this.asks.delete(ask);
  }

  private async run(agent: string, call: Call, signal: AbortSignal, emit: (event: Event) => void): Promise<void> {
    await runTool(call, {
      roots: this.workspace.roots,
      files: this.files(),
      signal,
      tools: this.toolsOf(agent),
      policy: { trusted: this.workspace.trusted, execute: this.start.execute },
      grants: () => this.grants,
      ripgrep: this.start.ripgrep,
      environment: childEnvironment(process.env, this.workspace.roots),
      origin: call.origin,
      ask: (request) => this.ask(request, emit),
      record: (event) => this.record(event),
      emit,
      output: (text) => emit({ type: 'output', call: call.id, text }),
    });
  }

  /** What a role may call is decided here, not by what the model is shown: the list of tools is the same for all. */
  private toolsOf(agent: string): readonly Tool[] {
    const allowed = new Set(this.start.agents.find(({ name }) => name === agent)?.tools ?? []);
    return tools.filter((tool) => allowed.has(tool.name) || allowed.has(tool.group));
  }

  private ask(request: AskRequest, emit: (event: Event) => void): Promise<AnswerMessage> {
    const before = this.answerBefore(request);
    if (before) return Promise.resolve(before);
    const ask = randomUUID();
    return new Promise((resolve) => {
      this.asks.set(ask, resolve);
      emit({ type: 'ask', ask, ...request });
    });
  }

  /** What a person said to exactly this before this process began; each answer serves once. */
  private answerBefore({ call, preview, effects }: AskRequest): AnswerMessage | undefined {
    const shown = JSON.stringify([preview, effects]);
    const asked = this.start.events.findLast((event) => event.type === 'ask' && event.call === call);
    if (asked?.type !== 'ask' || this.served.has(asked.ask)) return undefined;
    if (JSON.stringify([asked.preview, asked.effects]) !== shown) return undefined;
    const given = this.start.events.find((event) => event.type === 'answer' && event.ask === asked.ask);
    if (given?.type !== 'answer') return undefined;
    this.served.add(asked.ask);
    const { reason, ...rest } = given;
    return { ...rest, ...(reason === undefined ? {} : { reason }) };
  }

  /** The event is in the log, and synced, when this settles. */
  private async record(event: LoggedEvent): Promise<{ stop?: string }> {
    const id = this.next++;
    this.events.push(event);
    const stop = await new Promise<string | undefined>((resolve) => {
      this.acks.set(id, resolve);
      this.send({ type: 'record', id, event });
    });
    return stop === undefined ? {} : { stop };
  }

  private async undo(id: number, call: string): Promise<void> {
    const end = this.events.find((event) => event.type === 'tool.end' && event.call === call);
    const change = end?.type === 'tool.end' ? end.change : undefined;
    const path = change?.path ?? '';
    try {
      if (!change) throw new Problem('no_change', 'This call changed no file.', 'Choose a call that did.');
      await undo(change, { files: this.files(), blobs: this.blobs });
      this.emit({ type: 'undo', call, path, done: true });
      this.send({ type: 'undone', id, path });
    } catch (error) {
      const problem = asProblem(error);
      this.emit({ type: 'undo', call, path, done: false, reason: problem.message });
      this.send({ type: 'undone', id, path, problem: problem.info });
    }
  }
}

/** How many call ids an event brought into use. */
function idsIn(event: LoggedEvent): number {
  if (event.type === 'assistant') return event.calls.length;
  return event.type === 'tool.end' && event.origin === 'mention' ? 1 : 0;
}

/** What the person has allowed for this chat, also before this process began. */
function grantsOf(events: readonly LoggedEvent[]): Set<string> {
  const keys = new Map(events.flatMap((event) => (event.type === 'ask' ? [[event.ask, event.grantKey] as const] : [])));
  const granted = events.flatMap((event) => (event.type === 'answer' && event.answer === 'chat' ? [event.ask] : []));
  return new Set(granted.flatMap((ask) => keys.get(ask) ?? []));
}
