import { randomUUID } from 'node:crypto';
import { asProblem, Problem } from '../../src/common/errors.ts';
import { askerOf } from '../../src/common/asker.ts';
import { agentOf, workspaceOf } from '../../src/common/chatFacts.ts';
import { chatState } from '../../src/common/gate/chatState.ts';
import { type Event, isDelta, type LoggedEvent } from '../../src/common/events.ts';
import type { Endpoint } from '../../src/common/engine.ts';
import type { AgentStart, ChildResult, FromAgent, Task, ToAgent } from '../../src/common/ipc.ts';
import { checkThere, type Agent as Role, type Team } from '../../src/common/agent.ts';
import type { Policy } from '../../src/common/gate/judge.ts';
import type { Tool } from '../../src/common/tool.ts';
import type { Boundary } from '../../src/common/interjections.ts';
import { pendingCalls } from '../../src/common/repair.ts';
import { toMessages } from '../../src/common/transcript.ts';
import { createBlobs } from '../../src/node/blobs.ts';
import { createOutputs } from '../../src/node/outputs.ts';
import { createFiles } from '../../src/node/paths.ts';
import { type AskRequest, runTool } from '../../src/node/runTool.ts';
import { undo } from '../../src/node/undo.ts';
import { toolsNamed } from '../../src/node/agentFiles.ts';
import { childEnvironment } from '../../src/node/environment.ts';
import { absent } from '../../src/node/bubblewrap.ts';
import { Sandbox } from '../../src/node/sandbox.ts';
import { tools } from '../../src/node/tools/list.ts';
import { toolSchemas } from '../../src/node/tools/schema.ts';
import { driftIn, isDue, reportOf } from './drift.ts';
import { complete, emptyCompletion } from './model.ts';
import { type Call, type LoopDeps, resumeTurn, runTurn } from './loop.ts';

/** What is known of the sandbox for one call; `shut`: it works, if perhaps not for what writes the workspace. */
interface Contained {
  containment: Pick<Policy, 'contained' | 'uncontained'>;
  shut?: Sandbox;
}

/** Calls of a program go by these names; `use` becomes a call of whatever it names. */
const mayRun = new Set([...tools.filter(({ group }) => group === 'execute').map(({ name }) => name), 'use']);

/** Agents that hand over to each other again and again come to no end. */
const MOST_HANDOFFS = 8;

type AnswerMessage = ToAgent & { type: 'answer' };
type BoundaryReply = Pick<ToAgent & { type: 'boundary' }, 'steers' | 'tellings'>;
type DelegateReply = ToAgent & { type: 'delegated' | 'delegate.failed' };
type LeaseMessage = ToAgent & { type: 'lease' | 'lease.failed' };

/**
 * One chat's agent: takes turns one after another, keeps its own copy of the chat's events, and asks the supervisor
 * for what it may not decide itself (leases, records before an effect, answers).
 */
export class Agent {
  private readonly start: AgentStart;
  private readonly send: (message: FromAgent) => void;
  private readonly events: LoggedEvent[];
  private team: Team;
  private readonly blobs;
  private readonly acks = new Map<number, (stop: string | undefined) => void>();
  private readonly leases = new Map<number, (message: LeaseMessage) => void>();
  private readonly grants: Set<string>;
  private always: ReadonlySet<string>;
  private readonly asks = new Map<string, (message: AnswerMessage) => void>();
  private readonly boundaries = new Map<number, (reply: BoundaryReply) => void>();
  private readonly delegations = new Map<number, (reply: DelegateReply) => void>();
  /** Answers of before that were used. */
  private readonly served = new Set<string>();
  private turn: AbortController | undefined;
  private taking: Promise<void> = Promise.resolve();
  private next = 1;
  private sandbox: Sandbox | undefined;
  private sandboxOff: boolean;
  /** Names of the tools that the model of the last call was offered; undefined: all. */
  private offered: readonly string[] | undefined;

  constructor(start: AgentStart, send: (message: FromAgent) => void) {
    this.start = start;
    this.send = send;
    this.events = [...start.events];
    this.team = start;
    this.blobs = createBlobs(start.blobs);
    this.grants = grantsOf(start.events);
    this.always = new Set(start.always);
    this.sandboxOff = start.sandboxOff;
  }

  receive(message: ToAgent): void {
    switch (message.type) {
      case 'start':
        throw new Error('an agent is started once');
      case 'turn':
        this.team = message;
        this.sandboxOff = message.sandboxOff;
        this.taking = this.take(message.event);
        return;
      case 'settings':
        this.start.edits = message.edits;
        return;
      case 'trust':
        this.events.push(message.event);
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
      case 'always':
        this.always = new Set(message.keys);
        return;
      case 'lease':
      case 'lease.failed':
        this.leased(message);
        return;
      case 'delegated':
      case 'delegate.failed':
        this.delegations.get(message.id)?.(message);
        this.delegations.delete(message.id);
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
    this.sandbox?.close();
  }

  /** What commands of the workspace are shut in; its workspace is the chat's, and does not change. */
  private sandboxIn(roots: readonly string[]): Sandbox {
    const { sandbox: plan, home } = this.start;
    this.sandbox ??= new Sandbox({ plan, roots, home, environment: childEnvironment(process.env, roots) });
    return this.sandbox;
  }

  /** Whether commands can be shut in, found out where a call could be one; and why not, as a sentence. */
  private async containment(call: Call, roots: readonly string[], signal: AbortSignal): Promise<Contained> {
    if (roots.length === 0 || !mayRun.has(call.name)) return { containment: { contained: false } };
    if (this.sandboxOff) {
      return { containment: { contained: false, uncontained: 'The sandbox is switched off (drover.sandbox).' } };
    }
    const sandbox = this.sandboxIn(roots);
    const problem = await sandbox.obstacle(signal).catch((error: unknown) => {
      if (signal.aborted) return absent();
      throw error;
    });
    const shut = sandbox.works ? { shut: sandbox } : {};
    if (problem === undefined) return { containment: { contained: true }, ...shut };
    return { containment: { contained: false, uncontained: `${problem.message} ${problem.advice}` }, ...shut };
  }

  private async take(user: LoggedEvent & { type: 'user' }): Promise<void> {
    const turn = new AbortController();
    this.turn = turn;
    this.events.push(user);
    for (const event of this.newRole(user.agent)) this.emit(event);
    for await (const event of runTurn(this.deps(turn.signal), user)) this.emit(event);
    this.turn = undefined;
  }

  private async resume(seconds: number): Promise<void> {
    const turn = new AbortController();
    this.turn = turn;
    for await (const event of this.rest(turn.signal, seconds)) this.emit(event);
    this.turn = undefined;
  }

  private rest(signal: AbortSignal, seconds: number): AsyncGenerator<Event> {
    const begun = this.events.slice(this.events.findLastIndex((event) => event.type === 'user'));
    const [user] = begun;
    const spoken = begun.some(({ type }) => type === 'assistant');
    if (spoken || user?.type !== 'user') return resumeTurn(this.deps(signal), pendingCalls(this.events), seconds);
    for (const event of this.newRole(user.agent)) this.emit(event);
    const started = begun.some(({ type }) => type === 'turn.start');
    const read = begun.filter((event) => event.type === 'tool.end' && event.origin === 'mention').length;
    return runTurn(this.deps(signal), user, { seconds, started, read });
  }

  private emit(event: Event): void {
    if (isDelta(event)) {
      this.send({ type: 'delta', event });
      return;
    }
    this.events.push(event);
    this.send({ type: 'event', event });
  }

  private deps(signal: AbortSignal): LoopDeps {
    const roles = new Map(this.team.agents.map(({ name, text }) => [name, text]));
    const { system } = this.start;
    return {
      turn: this.events.filter((event) => event.type === 'user').length,
      agent: () => agentOf(this.events),
      checkAgent: () => checkThere(agentOf(this.events), this.team),
      signal,
      messages: ({ capabilities }) => {
        const { controlTokens, templateTags = [] } = capabilities;
        const offered = new Set(offeredTo(capabilities).map(({ name }) => name));
        return toMessages(this.events, { system, roles, tools: offered, controlTokens, templateTags });
      },
      tools: ({ capabilities }) => toolSchemas(offeredTo(capabilities)),
      lease: (abort) => this.lease(agentOf(this.events), abort),
      run: (call, emit) => this.run(call, signal, emit),
      preamble: () => this.preamble(),
      judge: () => this.judge(signal),
      unpaused: () => this.askBoundary('call'),
      boundary: (at) => this.askBoundary(at),
      answered: () => {
        const last = this.events.findLast(({ type }) => type === 'assistant' || type === 'interjected');
        return last?.type === 'assistant' && last.calls.length === 0;
      },
      newId: () => this.newId(),
    };
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
    if (!first || workspaceOf(this.events).roots.length === 0) return [];
    const found = await this.files().resolve('AGENTS.md');
    return found.kind === 'file' && found.root !== undefined ? ['AGENTS.md'] : [];
  }

  private files() {
    return createFiles({ roots: workspaceOf(this.events).roots, blobs: this.blobs, home: this.start.home });
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
    this.offered = message.endpoint.capabilities.offered;
    return {
      endpoint: message.endpoint,
      waited: message.waited,
      release: (usage, problem) =>
        this.send({
          type: 'release',
          lease: message.lease,
          ...(usage ? { usage } : {}),
          ...(problem ? { problem: problem.info } : {}),
        }),
    };
  }

  /** A judge that cannot be asked, or says nothing that can be understood, is as if there were none. */
  private async judge(signal: AbortSignal): Promise<void> {
    const { judge } = this.start;
    if (!judge || !isDue(this.events)) return;
    try {
      // A request is work too: it waits for the person.
      await this.askBoundary('call');
      const asked = performance.now();
      const { endpoint, waited: queue, release } = await this.lease(agentOf(this.events), signal);
      const partial = emptyCompletion();
      let problem: Problem | undefined;
      try {
        const messages = [
          { role: 'system' as const, content: judge.prompt },
          { role: 'user' as const, content: reportOf(this.events) },
        ];
        const model = judge.model ?? endpoint.model;
        for await (const _ of complete({ endpoint: { ...endpoint, model }, messages, tools: [], signal }, partial));
      } catch (error) {
        problem = signal.aborted ? undefined : asProblem(error);
        throw error;
      } finally {
        release();
        const { first, usage } = partial;
        const times = { queue, total: performance.now() - asked, ...(first === undefined ? {} : { first }) };
        this.send({
          type: 'judged',
          times,
          ...(usage ? { usage } : {}),
          ...(problem ? { problem: problem.info } : {}),
        });
      }
      const evidence = driftIn(partial.text);
      if (evidence !== undefined) this.send({ type: 'drift', evidence });
    } catch (error) {
      if (signal.aborted) throw error;
    }
  }

  /** The inbox is the supervisor's: what it holds at this moment is what the boundary delivers. */
  private askBoundary(at: Boundary | 'call'): Promise<BoundaryReply> {
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
    this.events.push(message);
    this.asks.get(message.ask)?.(message);
    this.asks.delete(message.ask);
  }

  /** What a role may do is decided here, not by what the model is shown: the list of tools is the same for all. */
  private async run(call: Call, signal: AbortSignal, emit: (event: Event) => void): Promise<void> {
    const { roots, trusted } = workspaceOf(this.events);
    const agent = agentOf(this.events);
    const role = this.role(agent);
    const [first] = this.events;
    const closed = first?.type === 'chat' && first.readonly === true;
    const allowed = this.toolsNow(role);
    const { containment, shut } = await this.containment(call, roots, signal);
    const emitWithRole = (event: Event): void => {
      if (event.type === 'tool.end' && event.handOff) this.newRole(event.handOff.agent).forEach(emit);
      emit(event);
    };
    await runTool(call, {
      roots,
      files: this.files(),
      outputs: createOutputs(this.blobs, (of) => this.endOf(of)?.output),
      signal,
      agent,
      tools: allowed,
      lacking: tools.filter((tool) => !allowed.includes(tool)).map(({ name }) => name),
      known: tools,
      handoffs: this.handedOver() < MOST_HANDOFFS ? (role?.handoffs ?? []) : [],
      policy: {
        trusted,
        readonly: closed || role?.readonly === true,
        execute: this.start.execute,
        edits: this.start.edits,
        ...containment,
        home: this.start.home,
        hidden: this.start.sandbox.hidden,
      },
      ...(shut === undefined ? {} : { shut }),
      grants: () => this.grants,
      always: () => this.always,
      state: () => chatState(this.events),
      ripgrep: this.start.ripgrep,
      environment: childEnvironment(process.env, roots),
      origin: call.origin,
      delegated: this.delegated(),
      ask: (request) => this.ask(request, emit),
      delegate: (id, tasks) => this.delegate(id, tasks, signal),
      record: (event) => this.record(event),
      emit: emitWithRole,
      output: (text) => emit({ type: 'output', call: call.id, text }),
    });
  }

  private async delegate(call: string, tasks: readonly Task[], signal: AbortSignal): Promise<ChildResult[]> {
    const id = this.next++;
    const reply = await new Promise<DelegateReply>((resolve, reject) => {
      signal.throwIfAborted();
      const leave = (): void => {
        this.delegations.delete(id);
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      signal.addEventListener('abort', leave, { once: true });
      this.delegations.set(id, (answer) => {
        signal.removeEventListener('abort', leave);
        resolve(answer);
      });
      this.send({ type: 'delegate', id, call, tasks: [...tasks] });
    });
    if (reply.type === 'delegated') return reply.results;
    const { code, message, advice } = reply.problem;
    throw new Problem(code, message, advice);
  }

  /** Those that a role may call in this chat, with the model that it speaks with. */
  private toolsNow(role: Role | undefined): readonly Tool[] {
    const offered = toolsOf(role).filter(({ name }) => this.offered?.includes(name) !== false);
    // Who was given a part of the work does it.
    return this.delegated() ? offered.filter(({ name }) => name !== 'delegate') : offered;
  }

  /** This chat is a part of the work of another one. */
  private delegated(): boolean {
    const [first] = this.events;
    return first?.type === 'chat' && first.parent !== undefined;
  }

  private role(agent: string): Role | undefined {
    return this.team.agents.find(({ name }) => name === agent);
  }

  /** Times in this turn. */
  private handedOver(): number {
    const turn = this.events.slice(this.events.findLastIndex((event) => event.type === 'user'));
    return turn.filter((event) => event.type === 'tool.end' && event.handOff !== undefined).length;
  }

  /** What the model is to be told of a role, where that is not what it was told last. */
  private newRole(agent: string): LoggedEvent[] {
    const role = this.role(agent);
    if (!role) return [];
    const handoffs = role.handoffs.flatMap((name) => {
      const other = this.role(name);
      return other ? [{ name, description: other.description }] : [];
    });
    const delegates = this.toolsNow(role).some(({ name }) => name === 'delegate');
    const told = { type: 'role' as const, agent, text: role.text, handoffs };
    const event: LoggedEvent = delegates ? { ...told, delegates } : told;
    const before = this.events.findLast((each) => each.type === 'role' && each.agent === agent);
    return JSON.stringify(before) === JSON.stringify(event) ? [] : [event];
  }

  private ask(request: AskRequest, emit: (event: Event) => void): Promise<AnswerMessage> {
    const before = this.answerBefore(request);
    if (before) return Promise.resolve(before);
    const ask = randomUUID();
    return new Promise((resolve) => {
      this.asks.set(ask, resolve);
      emit({ type: 'ask', ask, ...request, asker: askerOf(this.events) });
    });
  }

  /** What a person said to exactly this before this process began; each answer serves once. */
  private answerBefore({ call, preview, effects, hash }: AskRequest): AnswerMessage | undefined {
    const shown = JSON.stringify([preview, effects, hash]);
    const asked = this.start.events.findLast((event) => event.type === 'ask' && event.call === call);
    if (asked?.type !== 'ask' || this.served.has(asked.ask)) return undefined;
    if (JSON.stringify([asked.preview, asked.effects, asked.hash]) !== shown) return undefined;
    const given = this.start.events.find((event) => event.type === 'answer' && event.ask === asked.ask);
    if (given?.type !== 'answer') return undefined;
    this.served.add(asked.ask);
    const { reason, key, client, ...rest } = given;
    return {
      ...rest,
      ...(reason === undefined ? {} : { reason }),
      ...(key === undefined ? {} : { key }),
      ...(client === undefined ? {} : { client }),
    };
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

  private endOf(call: string): (LoggedEvent & { type: 'tool.end' }) | undefined {
    const end = this.events.find((event) => event.type === 'tool.end' && event.call === call);
    return end?.type === 'tool.end' ? end : undefined;
  }

  private async undo(id: number, call: string): Promise<void> {
    const change = this.endOf(call)?.change;
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

/** Those that the model is told of. */
function offeredTo({ offered }: Endpoint['capabilities']): readonly Tool[] {
  return offered === undefined ? tools : tools.filter(({ name }) => offered.includes(name));
}

/** Those that a role may call. What else `use` reaches, and to whom it hands over, is asked there. */
function toolsOf(role: Role | undefined): readonly Tool[] {
  const named = toolsNamed(role?.tools ?? [], tools);
  const handing = (role?.handoffs ?? []).length > 0;
  return tools.filter(({ name }) => named.includes(name) || name === 'use' || (handing && name === 'hand_off'));
}

/** How many call ids an event brought into use. */
function idsIn(event: LoggedEvent): number {
  if (event.type === 'assistant') return event.calls.length;
  return event.type === 'tool.end' && event.origin === 'mention' ? 1 : 0;
}

/** What the person has allowed for this chat, also before this process began. What a fork has copied was allowed in the other one. */
function grantsOf(all: readonly LoggedEvent[]): Set<string> {
  const [first] = all;
  const copied = first?.type === 'chat' && first.from !== undefined ? (first.copied ?? Infinity) : 0;
  const events = all.slice(copied === 0 ? 0 : copied + 1);
  const keys = new Map(events.flatMap((event) => (event.type === 'ask' ? [[event.ask, event.grantKey] as const] : [])));
  const granted = events.flatMap((event) => (event.type === 'answer' && event.answer === 'chat' ? [event.ask] : []));
  return new Set(granted.flatMap((ask) => keys.get(ask) ?? []));
}
