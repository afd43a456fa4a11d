import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import type { Team } from '../src/common/agent.ts';
import type { Verification } from '../src/common/audit.ts';
import type { EngineSettings, EngineStatus } from '../src/common/engine.ts';
import { agentOf, partsOf, workspaceOf } from '../src/common/chatFacts.ts';
import { Problem } from '../src/common/errors.ts';
import type { ClientName, LoggedEvent, ProblemInfo, Workspace } from '../src/common/events.ts';
import { changesIn } from '../src/common/gate/chatState.ts';
import type { Grant } from '../src/common/gate/judge.ts';
import type {
  ChatRequest,
  ChatSummary,
  Edits,
  GlobalEvent,
  Hello,
  SandboxStatus,
  StandingGrant,
} from '../src/common/protocol.ts';
import type { SandboxPlan, Task } from '../src/common/ipc.ts';
import { forked, type ForkPlace } from '../src/common/fork.ts';
import { summarise, titleOf } from '../src/common/summary.ts';
import type { Agents } from './agents.ts';
import { verifyChat } from './audit/verify.ts';
import type { AgentPids } from './agentPids.ts';
import { Chat, type ChatDeps, type Submission } from './chat.ts';
import { Containment } from './containment.ts';
import type { EngineControl } from './engines/engine.ts';
import { Anchors, EventLog, logPath } from './eventLog.ts';
import type { Grants } from './grants.ts';
import { History } from './history/history.ts';
import { LeftBlobs } from './leftBlobs.ts';
import { Metrics } from './metrics.ts';
import { policiesWith } from './policies/list.ts';
import { passedOver } from './recordedLogs.ts';
import { Scheduler } from './scheduler.ts';
import { Children, deniedInTeam } from './children.ts';
import { Choices, type Chosen } from './choices.ts';
import { UserPolicies } from './userPolicies/userPolicies.ts';

export interface SupervisorOptions {
  state: string;
  home: string;
  /** Where a chat works that names no workspace. */
  workspace: string | undefined;
  agents: Agents;
  system: string;
  engine: EngineControl & { configure(settings: EngineSettings): void };
  /** Settings in force with those that a client brought. */
  settings(client: EngineSettings): EngineSettings;
  choices: Chosen;
  /** What the person always allows. */
  grants: Grants;
  /** What a second model is told that judges. */
  judgePrompt: string;
  /** How agents shut commands in; `temporary` is the folder for the folders of all of them. */
  sandbox: SandboxPlan;
  execute: 'ask' | 'deny';
  autoApprove: boolean;
  idleAgent: number;
  /** Milliseconds without a client after which a question waits without an agent. */
  park: number;
  /** dist/agent.js */
  program: string;
  agentPids: AgentPids;
  /** The person's own policies. */
  policies: string;
  /** dist/policy.js */
  policyProgram: string;
  /** dist/history.js */
  historyProgram: string;
  /** The run mark of this supervisor. */
  mark: string;
  /** The whole environment of an agent process. */
  environment: Record<string, string>;
  log: (line: string) => void;
}

interface Client {
  hello: Hello;
  /** Open event streams. */
  streams: number;
  /** When it last said hello, in milliseconds since 1970. */
  said: number;
}

/** Milliseconds that a client may take from its hello to its first event stream; then it is forgotten. */
const GONE = 60_000;

/** Milliseconds for which the events of a chat in which nothing happens stay in memory. */
const KEEP = 30_000;
const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;

/**
 * All chats of the person, the engine they share and the clients that look on. It knows nothing of HTTP and nothing of
 * editors.
 */
export class Supervisor {
  readonly scheduler: Scheduler;
  readonly metrics: Metrics;
  readonly history: History;
  private readonly userPolicies: UserPolicies;
  private readonly children: Children;
  private readonly leftBlobs: LeftBlobs;
  private readonly options: SupervisorOptions;
  private readonly anchors: Anchors;
  private readonly chats = new Map<string, Chat>();
  private readonly unread: ProblemInfo[] = [];
  private readonly clients = new Map<string, Client>();
  private readonly listeners = new Set<(event: GlobalEvent) => void>();
  private readonly summaries = new Map<string, { count: number; summary: ReturnType<typeof summarise> }>();
  private ripgrep: string | undefined;
  private streams = 0;
  private readonly choices: Choices;
  /** What agents were told last. */
  private edits: Edits;
  private readonly containment: Containment;
  private readonly forgetting: NodeJS.Timeout;
  private readonly closing = new AbortController();
  private starting = false;
  private started = false;
  /** Called when the last stream closed and no turn runs, and when that ends. */
  onUse: (used: boolean) => void = () => undefined;

  constructor(options: SupervisorOptions) {
    this.options = options;
    this.metrics = new Metrics(options.agents);
    this.anchors = new Anchors(options.state);
    const { state, environment, mark, log } = options;
    this.userPolicies = new UserPolicies(options.policies, { program: options.policyProgram, environment, mark, log });
    this.history = new History({ state, program: options.historyProgram, environment, mark, log });
    this.leftBlobs = new LeftBlobs(join(state, 'blobs'));
    this.children = new Children({
      places: () => options.engine.status().slots ?? 1,
      check: (parent, { agent }) => this.checkAgent(agent, workspaceOf(parent.events)),
      open: (parent, task) => this.openChild(parent, task),
      delete: (id) => this.delete(id),
      find: (id) => this.chats.get(id),
    });
    this.scheduler = new Scheduler(options.engine, () => this.tellEngine());
    options.engine.onChange(({ state }) => {
      this.tellEngine();
      this.children.next();
      this.countStart(state);
      for (const chat of this.chats.values()) {
        chat.engineMoved();
        if (state === 'ready') chat.engineBack();
      }
      // What it needs may have come with the engine.
      if (state === 'ready') void this.containment.look();
    });
    this.choices = new Choices(options.choices);
    this.edits = this.choices.edits;
    this.containment = new Containment({
      environment,
      managed: options.sandbox.managed,
      off: () => this.choices.sandboxOff,
      changed: () => this.emit({ type: 'sandbox', sandbox: this.sandboxStatus() }),
      log,
    });
    void this.containment.look();
    this.loadChats();
    this.forgetOld();
    this.forgetting = setInterval(() => this.forgetOld(), HOUR).unref();
  }

  get engine(): EngineControl {
    return this.options.engine;
  }

  get used(): boolean {
    const works = (chat: Chat): boolean => chat.running && !chat.parked && !this.children.parked(chat);
    return this.streams > 0 || [...this.chats.values()].some(works);
  }

  /** Windows of VS Code that look on. */
  get windows(): number {
    return [...this.clients.values()].filter(({ hello, streams }) => hello.kind === 'vscode' && streams > 0).length;
  }

  engineStatus(): EngineStatus {
    return { ...this.engine.status(), busy: this.scheduler.busy, waiting: this.scheduler.waiting };
  }

  sandboxStatus(): SandboxStatus {
    return this.containment.status();
  }

  /** For Prometheus. Asks nothing of the engine, so that it wakes none. */
  measures(): ReturnType<Metrics['text']> {
    const { busy, slots, state } = this.engineStatus();
    const waiting = this.scheduler.waitingBy;
    const chats: { [state: string]: number } = { idle: 0, running: 0, waiting: 0, failed: 0, stopped: 0 };
    for (const summary of this.list()) chats[summary.state] = (chats[summary.state] ?? 0) + 1;
    const agents = [...this.chats.values()].filter((chat) => chat.live).length;
    return this.metrics.text({ busy, waiting, slots: slots ?? 0, ready: state === 'ready', chats, agents });
  }

  hello(hello: Hello): string {
    const id = hello.client !== undefined && this.clients.has(hello.client) ? hello.client : randomUUID();
    const before = this.clients.get(id);
    const now = Date.now();
    for (const [other, { streams, said }] of this.clients) {
      if (streams === 0 && now - said > GONE) this.gone(other);
    }
    this.clients.set(id, { hello, streams: before?.streams ?? 0, said: now });
    if (hello.ripgrep !== undefined) this.ripgrep = hello.ripgrep;
    if (hello.settings) this.choices.take(id, hello.settings);
    this.tellEdits();
    this.followTrust(hello, before?.hello.trusted);
    void this.containment.look();
    if (hello.settings?.keepDays !== undefined) this.forgetOld();
    const { engine } = hello.settings ?? {};
    if (engine && JSON.stringify(engine) !== JSON.stringify(before?.hello.settings?.engine ?? {})) {
      this.options.log(`settings of client ${hello.kind} taken over`);
      this.options.engine.configure(this.options.settings(engine));
    }
    return id;
  }

  list(): ChatSummary[] {
    return [...this.chats.values()].map((chat) => this.summary(chat)).toSorted((a, b) => b.updated - a.updated);
  }

  summary(chat: Chat): ChatSummary {
    const known = this.summaries.get(chat.id);
    const { count } = chat;
    const summary = known?.count === count ? known.summary : summarise(chat.events, chat.created, chat.updated);
    this.summaries.set(chat.id, { count, summary });
    const { slot } = chat;
    return { ...summary, live: chat.live, ...(slot === undefined ? {} : { slot }) };
  }

  /** @throws Problem (404) when there is no such chat. */
  chat(id: string): Chat {
    const chat = this.chats.get(id);
    if (chat) return chat;
    throw new Problem(
      'no_chat',
      `There is no chat ${JSON.stringify(id)}.`,
      'GET /chats lists them.',
      404,
      'session_id',
    );
  }

  /** The chat of a request, made when it is new, and its message. @throws Problem naming the wrong field. */
  submit(request: ChatRequest): { chat: Chat; seq: number; item: string } {
    const known = request.session_id === undefined ? undefined : this.chats.get(request.session_id);
    const workspace = known ? this.checkWorkspace(known, request.workspace) : undefined;
    const place = known ? (workspace ?? workspaceOf(known.events)) : this.workspaceOf(request.workspace);
    this.checkAgent(request.agent_type, place);
    const chat = known ?? this.create(request, place);
    // Who begins a chat is told its id first.
    const seq = known ? chat.events.length : 0;
    const message: Submission = {
      text: request.message,
      agent: request.agent_type,
      lane: 'follow-up',
      context: request.context_variables,
      asks: request.asks,
      trusted: workspace?.trusted,
    };
    return { chat, seq, item: chat.submit(message) };
  }

  /** The agents there are, of a folder too where one is named and trusted. */
  agents(folder: string | undefined, trusted: boolean): Team {
    return this.options.agents.of(folder === undefined ? undefined : this.workspaceOf({ roots: [folder], trusted }));
  }

  /** Drover's policies and the person's. One of the person's that could not be read has no rule. */
  policies(): { name: string; rule: string; file?: string; problem?: string; off: boolean }[] {
    const shipped = policiesWith(() => this.choices.budget).map(({ name, rule }) => ({ name, rule }));
    const all: { name: string; rule: string; file?: string; problem?: string }[] = [
      ...shipped,
      ...this.userPolicies.list(),
    ];
    return all.map((policy) => ({ ...policy, off: this.choices.isOff(policy.name) }));
  }

  /** What the person always allows. */
  grants(): StandingGrant[] {
    return this.options.grants.list();
  }

  /** It is asked about again, in running chats too. @throws Problem (404) when there is none */
  removeGrant(grant: string): void {
    this.tellAlways(this.options.grants.remove(grant));
  }

  private tellAlways(folder: string): void {
    for (const chat of this.chats.values()) if (chat.roots[0] === folder) chat.tellAlways();
  }

  private allowAlways({ roots: [folder] }: Chat, form: Grant): void {
    if (folder === undefined) {
      throw new Problem('not_offered', 'This chat has no folder in which it could hold.', 'Allow it once.', 400);
    }
    this.options.grants.add(folder, form);
    this.tellAlways(folder);
  }

  /** @throws Problem (400) naming the agents there are. */
  checkAgent(name: string | undefined, workspace: Workspace): void {
    const { agents, problems } = this.options.agents.of(workspace);
    if (name === undefined || agents.some((agent) => agent.name === name)) return;
    const faults = problems.map(({ message }) => ` ${message}`).join('');
    throw new Problem(
      'no_agent',
      `There is no agent ${JSON.stringify(name)}.`,
      `There are: ${agents.map((agent) => agent.name).join(', ')}.${faults}`,
      400,
      'agent_type',
    );
  }

  /**
   * A new chat that goes on from another. It is the person's own: not part of the work of a third, and closed only where its
   * agent is. @throws Problem (404) when there is no such place.
   */
  fork(id: string, place: ForkPlace): Chat {
    const { events } = this.chat(id);
    const [first] = events;
    const rest = forked(events, place);
    if (first?.type !== 'chat' || !rest) {
      const advice = "Count the person's messages, from 1.";
      const { message, answer, steer } = place;
      if (message !== undefined)
        throw new Problem('no_message', `This chat has no message ${message}.`, advice, 404, 'message');
      if (steer !== undefined)
        throw new Problem(
          'no_message',
          `This chat has no message ${steer} that was sent meanwhile.`,
          advice,
          404,
          'steer',
        );
      throw new Problem('no_answer', `This chat has no answer to a message ${answer}.`, advice, 404, 'answer');
    }
    const fresh = randomUUID();
    const { title } = this.summary(this.chat(id));
    const { parent: _parent, readonly: _readonly, ...head } = first;
    // What holds now, whatever held where it goes on from.
    const { trusted } = workspaceOf(events);
    const copy = [head, ...rest];
    if (workspaceOf(copy).trusted !== trusted) rest.push({ type: 'trust', trusted });
    // Copies, which the metrics have counted already.
    const { log } = EventLog.open(logPath(this.options.state, fresh), this.anchors);
    const copied = rest.length;
    const records = [{ ...head, id: fresh, from: id, copied, title }, ...rest].map((event) => log.append(event));
    log.anchor();
    const chat = new Chat(fresh, log, records, this.deps());
    this.chats.set(fresh, chat);
    this.history.foldLater();
    this.emit({ type: 'chat', chat: this.summary(chat) });
    return chat;
  }

  /** Deletes a chat with its parts; what runs is stopped. */
  delete(id: string): void {
    const chat = this.chat(id);
    const parts = partsOf([...this.chats.values()], id);
    // It first: it stops what it has delegated.
    for (const each of [chat, ...parts]) this.deleteAlone(each);
  }

  private deleteAlone(chat: Chat): void {
    const { id } = chat;
    this.chats.delete(id);
    this.summaries.delete(id);
    chat.delete();
    this.history.forget();
    this.leftBlobs.add(chat.blobs);
    this.removeBlobs();
    this.emit({ type: 'chat.gone', id });
    this.use();
  }

  /** Looks on: everything as it is now, then what changes. An attached client keeps the supervisor alive. */
  watch(listener: (event: GlobalEvent) => void, client?: string): () => void {
    listener({ type: 'engine', engine: this.engineStatus() });
    listener({ type: 'sandbox', sandbox: this.sandboxStatus() });
    listener({ type: 'chats', chats: this.list(), ...problemsOf(this.unread) });
    this.listeners.add(listener);
    const leave = this.stream(client);
    return () => {
      this.listeners.delete(listener);
      leave();
    };
  }

  /** Compares the log of a chat with its anchor. @throws Problem (404) when there is no such chat. */
  verify(id: string): Promise<Verification> {
    return verifyChat(this.options.state, this.chat(id).id);
  }

  /** The client that was given this id when it said hello. */
  clientNamed(id: string | undefined): ClientName | undefined {
    const client = id === undefined ? undefined : this.clients.get(id);
    return id === undefined || client === undefined ? undefined : { kind: client.hello.kind, id };
  }

  /** Counts an open stream of any kind; `client` says whose, where it said hello. */
  stream(client?: string): () => void {
    const owner = client === undefined ? undefined : this.clients.get(client);
    this.streams++;
    if (owner) owner.streams++;
    this.use();
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      this.streams--;
      if (owner && client !== undefined && --owner.streams === 0) this.gone(client);
      this.use();
    };
  }

  async close(): Promise<void> {
    clearInterval(this.forgetting);
    this.closing.abort();
    this.containment.close();
    const forgotten = this.history.close();
    this.userPolicies.close();
    this.children.close();
    for (const chat of this.chats.values()) chat.end();
    this.removeLeft([...this.chats.values()]);
    await forgotten;
    await this.engine.close();
  }

  private removeBlobs(): void {
    if (!this.leftBlobs.any) return;
    const chats = [...this.chats.values()];
    if (chats.some((chat) => chat.running && !chat.parked)) return;
    this.removeLeft(chats);
  }

  /** What a chat that could not be read refers to is not known: then all of it stays. */
  private removeLeft(chats: readonly Chat[]): void {
    if (this.unread.length === 0) this.leftBlobs.remove(chats.map(({ blobs }) => blobs));
  }

  private gone(client: string): void {
    this.clients.delete(client);
    this.choices.leave(client);
    this.tellEdits();
  }

  /** Agents that are at work judge their next call by what holds now. */
  private tellEdits(): void {
    const { edits } = this.choices;
    if (edits === this.edits) return;
    this.edits = edits;
    for (const chat of this.chats.values()) chat.tellSettings({ edits });
  }

  /**
   * Chats follow when the editor's trust in their folders changes; at a first hello only where that takes trust away, because a
   * program may have asked for a chat that only reads. Of one that is silent the next message says it.
   */
  private followTrust({ roots, trusted }: Hello, before: boolean | undefined): void {
    if (trusted === undefined || trusted === before || (before === undefined && trusted)) return;
    const open = new Set(roots.map(real));
    for (const chat of this.chats.values()) {
      const concerned = trusted
        ? chat.roots.every((root) => open.has(root))
        : chat.roots.some((root) => open.has(root));
      // A silent one is not read from its log for this.
      const works = chat.running || this.summary(chat).queued > 0;
      if (chat.roots.length > 0 && concerned && works) chat.trust(trusted);
    }
  }

  /** Deletes chats in which nothing has happened for as long as the person wants chats to be kept, but for pinned ones. */
  private forgetOld(): void {
    const { keepDays } = this.choices;
    if (keepDays === undefined) return;
    const since = Date.now() - keepDays * DAY;
    const chats = this.list();
    const isOld = ({ updated, pinned, state, queued }: ChatSummary): boolean =>
      updated < since && pinned !== true && queued === 0 && !busy.has(state);
    // Parts would go with it.
    const old = chats.filter((chat) => isOld(chat) && partsOf(chats, chat.id).every(isOld));
    for (const { id } of old) {
      if (!this.chats.has(id)) continue;
      this.options.log(`chat ${id} is older than ${keepDays} days and is deleted`);
      this.delete(id);
    }
  }

  private create(request: ChatRequest, workspace: Workspace): Chat {
    const id = request.session_id ?? randomUUID();
    const chat = this.open(id);
    chat.append({
      type: 'chat',
      id,
      agent: request.agent_type ?? 'supervisor',
      workspace,
      mark: this.anchors.word(workspace.roots.join('\n')),
      title: titleOf(request.message),
      facts: facts(workspace),
    });
    return chat;
  }

  private open(id: string): Chat {
    const { log, state } = EventLog.open(logPath(this.options.state, id), this.anchors);
    const chat = new Chat(id, log, state.records, this.deps());
    this.chats.set(id, chat);
    return chat;
  }

  private workspaceOf(given: ChatRequest['workspace']): Workspace {
    const named = typeof given === 'string' ? { roots: [given], trusted: true } : given;
    const fallback = this.options.workspace === undefined ? [] : [this.options.workspace];
    const { roots, trusted } = named ?? { roots: fallback, trusted: true };
    for (const root of roots) {
      if (existsSync(root) && statSync(root).isDirectory()) continue;
      throw new Problem(
        'no_folder',
        `The workspace ${root} is not a folder.`,
        'Name a folder that is there.',
        400,
        'workspace',
      );
    }
    return { roots: roots.map((root) => realpathSync(resolve(root))), trusted };
  }

  /** A chat is bound to its folders when it is created; only their trust may change. */
  private checkWorkspace(chat: Chat, given: ChatRequest['workspace']): Workspace | undefined {
    if (given === undefined) return undefined;
    const wanted = this.workspaceOf(given);
    if (JSON.stringify(wanted.roots) === JSON.stringify(chat.roots)) return wanted;
    throw new Problem(
      'other_workspace',
      `This chat belongs to ${chat.roots.join(', ') || 'no folder'}, not to ${wanted.roots.join(', ') || 'no folder'}.`,
      'Begin a new chat for the other folder.',
      409,
      'workspace',
    );
  }

  private loadChats(): void {
    const folder = join(this.options.state, 'chats');
    if (!existsSync(folder)) return;
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.ndjson'))) {
      const opened = this.openOrTell(join(folder, file));
      if (opened === undefined) continue;
      const { log, state } = opened;
      const [first] = state.records;
      if (first?.event.type !== 'chat') {
        this.options.log(`${file} is no log of a chat; left alone`);
        log.close();
        continue;
      }
      // Cut off before its first message was kept, so nobody was told that it was.
      if (state.records.length === 1 && first.event.from === undefined && state.broken === undefined) {
        log.close();
        log.delete();
        continue;
      }
      const chat = new Chat(first.event.id, log, state.records, this.deps());
      this.chats.set(chat.id, chat);
      if (state.broken !== undefined) this.options.log(`the log of chat ${chat.id} was changed: ${state.broken}`);
      if (state.torn) chat.append({ type: 'error', problem: torn });
      if (state.broken !== undefined) chat.tellChanged(state.broken);
      chat.repair(ended);
      this.summary(chat);
    }
    const inOrder = [...this.chats.values()].toSorted((a, b) => a.created - b.created);
    for (const chat of inOrder) if (!this.children.adopt(chat)) chat.resume();
  }

  /** One log that cannot be used, as after one start with `sudo`, is no reason to keep the person from all others. */
  private openOrTell(path: string): ReturnType<typeof EventLog.open> | undefined {
    try {
      return EventLog.open(path, this.anchors);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const problem = passedOver(error);
      this.unread.push(problem.info);
      this.options.log(`${problem.message} ${problem.advice}`);
      return undefined;
    }
  }

  /** Why logs of chats were passed over when this supervisor began. */
  get chatProblems(): readonly ProblemInfo[] {
    return this.unread;
  }

  private deps(): ChatDeps {
    const { options } = this;
    return {
      program: options.program,
      mark: options.mark,
      environment: options.environment,
      scheduler: this.scheduler,
      agentPids: options.agentPids,
      metrics: this.metrics,
      userPolicies: this.userPolicies,
      autoApprove: options.autoApprove,
      idle: options.idleAgent,
      park: options.park,
      keep: KEEP,
      attended: () => this.streams > 0,
      start: () => ({
        execute: options.execute,
        edits: this.choices.edits,
        ripgrep: this.ripgrep,
        blobs: join(options.state, 'blobs'),
        home: options.home,
        system: options.system,
        judge: this.judge(),
        sandbox: { ...options.sandbox, temporary: join(options.sandbox.temporary, randomUUID()) },
        sandboxOff: this.choices.sandboxOff,
      }),
      sandboxOff: () => this.choices.sandboxOff,
      team: (workspace) => options.agents.of(workspace),
      model: (agent, workspace) => this.modelOf(agent, workspace),
      policies: () => policiesWith(() => this.choices.budget),
      policyOff: (name) => this.choices.isOff(name),
      delegate: (chat, call, tasks) => this.children.delegate(chat, call, tasks),
      cancelChildren: (chat) => this.children.cancel(chat),
      lostChildrenEnded: (chat) => this.children.lostEnded(chat),
      lostResults: (chat) => this.children.lostResults(chat),
      deniedBefore: (chat, ask) => this.deniedBefore(chat, ask),
      always: ({ roots: [folder] }) => options.grants.keys(folder),
      allowAlways: (chat, form) => this.allowAlways(chat, form),
      objection: (paths, roots) => this.objection(paths, roots),
      engineWait: () => this.engineWait(),
      engineSuspect: () => options.engine.suspect(),
      engineReady: () => this.engineReady(),
      others: (chat) =>
        [...this.chats.values()]
          .filter((other) => other !== chat && other.running)
          .map((other) => ({ title: this.summary(other).title, changed: other.changing })),
      changed: (chat) => {
        if (!chat.running) {
          this.history.foldLater();
          this.removeBlobs();
        }
        this.emit({ type: 'chat', chat: this.summary(chat) });
        this.use();
      },
      left: (chat) => this.emit({ type: 'chat', chat: this.summary(chat) }),
      log: options.log,
    };
  }

  /** A chat for a part of the work: in the same folders, and with whatever was denied to the agent that delegates. */
  private openChild(parent: Chat, { agent, task }: Task): Chat {
    const workspace = workspaceOf(parent.events);
    const { agents } = this.options.agents.of(workspace);
    const [first] = parent.events;
    const role = agents.find(({ name }) => name === agentOf(parent.events));
    const closed = role?.readonly === true || (first?.type === 'chat' && first.readonly === true);
    const user = parent.events.findLast((event) => event.type === 'user');
    const changed = changesIn(parent.events);
    const id = randomUUID();
    const chat = this.open(id);
    try {
      chat.append({
        type: 'chat',
        id,
        agent,
        workspace,
        mark: this.anchors.word(workspace.roots.join('\n')),
        title: titleOf(task),
        facts: facts(workspace),
        parent: parent.id,
        ...(changed.length > 0 ? { changed } : {}),
        ...(closed ? { readonly: true } : {}),
      });
      chat.put(task, user?.type === 'user' ? user.asks : 'deny');
    } catch (error) {
      this.delete(id);
      throw error;
    }
    return chat;
  }

  private deniedBefore(chat: Chat, ask: LoggedEvent & { type: 'ask' }): string | undefined {
    const denied = deniedInTeam([...this.chats.values()], chat, ask);
    return denied === undefined ? undefined : this.summary(denied).title;
  }

  /** A managed server has one model for all. */
  private get oneModel(): boolean {
    return this.engine.status().kind === 'managed';
  }

  private judge(): { prompt: string; model: string | undefined } | undefined {
    const { judge } = this.choices;
    if (judge === undefined) return undefined;
    return { prompt: this.options.judgePrompt, model: judge === 'own' || this.oneModel ? undefined : judge.model };
  }

  private modelOf(agent: string, workspace: Workspace): string | undefined {
    if (this.oneModel) return undefined;
    const { agents } = this.options.agents.of(workspace);
    return this.choices.model(agent) ?? agents.find(({ name }) => name === agent)?.model;
  }

  /** A document with unsaved changes must not be changed under the person's hands. */
  private objection(paths: string[], roots: string[]): string | undefined {
    const unsaved = new Set([...this.clients.values()].flatMap((client) => client.hello.unsaved.map(real)));
    const absolute = (path: string, root: string): string =>
      resolve(root, path.replace(/^~(?=[/\\]|$)/, this.options.home));
    const hit = paths.find((path) => roots.some((root) => unsaved.has(real(absolute(path, root)))));
    if (hit === undefined) return undefined;
    return `${hit} has unsaved changes in the editor, so it was not changed. The person has to save or close it first.`;
  }

  /** What is wrong with it stands in its status. */
  private engineReady(): Promise<boolean> {
    return this.engine.ready(this.closing.signal).then(
      () => true,
      () => false,
    );
  }

  private engineWait(): string | undefined {
    const { state, progress } = this.engine.status();
    if (state === 'ready') return undefined;
    return progress?.text ?? 'Starting the model';
  }

  /** The engine begins to start: the first time, or again. */
  private countStart(state: EngineStatus['state']): void {
    if (state === 'starting' && !this.starting && this.started) this.metrics.restart('engine');
    this.starting = state === 'starting';
    this.started ||= this.starting;
  }

  private tellEngine(): void {
    this.emit({ type: 'engine', engine: this.engineStatus() });
  }

  private emit(event: GlobalEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private use(): void {
    this.onUse(this.used);
  }
}

/** As the protocol has them: nothing where there are none. */
export function problemsOf(problems: readonly ProblemInfo[]): { problems?: ProblemInfo[] } {
  return problems.length === 0 ? {} : { problems: [...problems] };
}

const busy = new Set<ChatSummary['state']>(['running', 'waiting']);

/** The path without links, or as it is where nothing stands. */
function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

const torn = {
  code: 'log_torn',
  message: 'The last record of this chat was cut off by a crash and has been dropped.',
  advice: 'Everything before it is there. Send a message to go on.',
};

const ended = {
  code: 'supervisor_ended',
  message: 'Drover was ended in the middle of this turn.',
  advice: 'Nothing that was done is lost. Send a message to go on.',
};

/** What the first message says of the surroundings: one short line, frozen with the chat. */
function facts(workspace: Workspace): string {
  const names = workspace.roots.map((root) => basename(root) || sep);
  const where = names.length === 0 ? 'No folder is open.' : `Workspace: ${names.join(', ')}.`;
  const platform =
    { darwin: 'macOS', win32: 'Windows', linux: 'Linux' }[process.platform as string] ?? process.platform;
  return `${where} ${platform}, ${new Date().toISOString().slice(0, 10)}.`;
}
