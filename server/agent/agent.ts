import { asProblem, Problem } from '../../src/common/errors.ts';
import { type Event, isDelta, type LoggedEvent, type Workspace } from '../../src/common/events.ts';
import type { Endpoint } from '../../src/common/engine.ts';
import type { AgentStart, FromAgent, ToAgent } from '../../src/common/ipc.ts';
import { toMessages } from '../../src/common/transcript.ts';
import { createBlobs } from '../../src/node/blobs.ts';
import { createFiles } from '../../src/node/paths.ts';
import { runTool, undo } from '../../src/node/runTool.ts';
import { cleanEnvironment } from '../../src/node/spawn.ts';
import { tools } from '../../src/node/tools/list.ts';
import { toolSchemas } from '../../src/node/tools/schema.ts';
import { type Call, type LoopDeps, runTurn } from './loop.ts';

type AnswerMessage = ToAgent & { type: 'answer' };
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
  private readonly asks = new Map<string, (message: AnswerMessage) => void>();
  private steers: { item: string; text: string }[] = [];
  private turn: AbortController | undefined;
  private next = 1;

  constructor(start: AgentStart, send: (message: FromAgent) => void) {
    this.start = start;
    this.send = send;
    this.events = [...start.events];
    this.blobs = createBlobs(start.blobs);
  }

  receive(message: ToAgent): void {
    switch (message.type) {
      case 'start':
        throw new Error('an agent is started once');
      case 'turn':
        void this.take(message.event);
        return;
      case 'steer':
        this.steers.push({ item: message.item, text: message.text });
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

  /** Ends what runs; the process is about to end. */
  abort(): void {
    this.turn?.abort();
  }

  private async take(user: LoggedEvent & { type: 'user' }): Promise<void> {
    const turn = new AbortController();
    this.turn = turn;
    this.events.push(user);
    for await (const event of runTurn(this.deps(user.agent, turn.signal), user)) this.emit(event);
    this.turn = undefined;
    // What was not delivered is still in the supervisor's inbox and begins the next turn.
    this.steers = [];
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
      steers: () => this.steers.splice(0),
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
    this.ids ??= this.events.flatMap((event) =>
      event.type === 'assistant'
        ? event.calls
        : event.type === 'tool.start' && event.origin === 'mention'
          ? [event]
          : [],
    ).length;
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

  private run(agent: string, call: Call, signal: AbortSignal, emit: (event: Event) => void): Promise<void> {
    return runTool(call, this.toolDeps(agent, signal, emit));
  }
}
