import { randomUUID } from 'node:crypto';
import { resolve, sep } from 'node:path';
import type { z } from 'zod';
import type { Team } from '../src/common/agent.ts';
import { agentOf, workspaceOf } from '../src/common/chatFacts.ts';
import { asProblem, Problem } from '../src/common/errors.ts';
import type { ClientName, Lane, LoggedEvent, ProblemInfo, Workspace } from '../src/common/events.ts';
import type { Grant } from '../src/common/gate/judge.ts';
import type { Boundary, Telling } from '../src/common/interjections.ts';
import type { AgentStart, ChildResult, FromAgent, Task, ToAgent } from '../src/common/ipc.ts';
import type { Answer, Edits, InboxPost } from '../src/common/protocol.ts';
import { decided, openAsks, repairs, turnOpen } from '../src/common/repair.ts';
import type { AgentPids } from './agentPids.ts';
import type { EventLog, LogRecord } from './eventLog.ts';
import { Inbox } from './inbox.ts';
import { Journal, type Listener } from './journal.ts';
import { Leases } from './leases.ts';
import { LiveAgent } from './liveAgent.ts';
import type { Metrics } from './metrics.ts';
import { Parking } from './parking.ts';
import type { Finding, Policy, PolicyView } from './policies/policy.ts';
import { Questions } from './questions.ts';
import type { Scheduler } from './scheduler.ts';
import { StepIn } from './stepIn.ts';
import { Undos } from './undos.ts';
import type { UserPolicies, UserPolicyTaker } from './userPolicies/userPolicies.ts';
import { Watch } from './watch.ts';

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
  start(): Omit<AgentStart, 'chat' | 'events' | 'always' | keyof Team>;
  /** The person does not want commands shut in. */
  sandboxOff(): boolean;
  /** Those there are now for a workspace. */
  team(workspace: Workspace): Team;
  model(agent: string, workspace: Workspace): string | undefined;
  autoApprove: boolean;
  /** Milliseconds after which an idle agent process is let go. */
  idle: number;
  /** Milliseconds after which the events of a chat in which nothing happens are let go. */
  keep: number;
  /** Milliseconds without a client after which a question waits without an agent. */
  park: number;
  /** Whether a client looks on. */
  attended(): boolean;
  /** The shipped ones, as the person chose. */
  policies(): readonly Policy[];
  /** The person does not want this policy to step in. */
  policyOff(name: string): boolean;
  /** See `Children`. */
  delegate(chat: Chat, call: string, tasks: readonly Task[]): Promise<ChildResult[]>;
  cancelChildren(chat: Chat): void;
  /** See `Children.lostEnded` and `Children.lostResults`. */
  lostChildrenEnded(chat: Chat): Promise<unknown> | undefined;
  lostResults(chat: Chat): Telling[];
  /** The chat of the same team in which the person has said no to just this, by its title. */
  deniedBefore(chat: Chat, ask: LoggedEvent & { type: 'ask' }): string | undefined;
  /** Keys of what the person always allows in the folder of this chat. */
  always(chat: Chat): string[];
  /** Keeps a form as always allowed there, and tells all chats. @throws Problem when it could not be kept */
  allowAlways(chat: Chat, form: Grant): void;
  /** Why these files must not be written now (one has unsaved changes in an editor), or undefined. */
  objection(paths: string[], roots: string[]): string | undefined;
  /** What the engine is doing while a lease waits for it, in words. */
  engineWait(): string | undefined;
  engineSuspect(): void;
  /** Whether the engine is there, once that is known. */
  engineReady(): Promise<boolean>;
  agentPids: AgentPids;
  metrics: Metrics;
  userPolicies: UserPolicies;
  /** Other chats and what they changed in their running turn, absolute paths. */
  others(chat: Chat): { title: string; changed: string[] }[];
  changed(chat: Chat): void;
  /** It has no agent process any more; nothing else has changed. */
  left(chat: Chat): void;
  log: (line: string) => void;
}

/** Time that an agent has to end a cancelled turn by itself, in milliseconds. */
const CANCEL_LIMIT = 5000;

/**
 * One chat: its event log and, while it is live, its agent process. Every event of the agent passes here once: logged,
 * counted, fanned out.
 */
export class Chat {
  readonly id: string;
  private readonly journal: Journal;
  private readonly deps: ChatDeps;
  private readonly leases: Leases;
  private readonly stepIn: StepIn;
  private readonly inbox: Inbox;
  private readonly parking: Parking;
  private readonly questions: Questions;
  private readonly undos = new Undos();
  private readonly agent: LiveAgent;
  private ending: 'cancelled' | undefined;
  private cancelTimer: NodeJS.Timeout | undefined;
  /** The running turn was given to a process that was there before. */
  private reused = false;
  /** The log could not be written: the turn is over for all but the log. */
  private broken = false;
  private waitText: string | undefined;
  private closed = false;
  private held = false;
  /** A turn has failed, and what waits is taken up when the engine is known to be there. */
  private engineAwaited = false;

  constructor(id: string, log: EventLog, records: LogRecord[], deps: ChatDeps) {
    this.id = id;
    this.journal = new Journal(log, records, { after: deps.keep, released: () => deps.userPolicies.forget(id) });
    this.deps = deps;
    this.leases = new Leases(deps.scheduler);
    this.agent = new LiveAgent({
      ...deps,
      chat: id,
      start: (first) => this.startOf(first),
      receive: (message) => this.guarded(() => this.receive(message)),
      left: () => deps.left(this),
      lost: (why) => this.guarded(() => this.lost(why)),
      restarted: () => deps.metrics.restart('agent', this.events),
    });
    this.inbox = new Inbox(
      () => this.events,
      (event) => this.tell(event),
    );
    this.parking = new Parking({
      after: deps.park,
      attended: () => deps.attended(),
      events: () => this.events,
      record: (event) => this.guarded(() => this.record(event)),
      drop: (why) => this.drop(why),
      mayGoOn: () => !this.held,
      goOn: () => this.send({ type: 'resume', seconds: this.journal.turnWorked / 1000 }),
    });
    this.questions = new Questions({
      events: () => this.events,
      settled: (answer) => this.settled(answer),
      wait: () => this.parking.later(),
      ending: () => this.ending !== undefined,
      objection: () => this.stepIn.objection(),
      deniedBefore: (ask) => deps.deniedBefore(this, ask),
      allowAlways: (form) => deps.allowAlways(this, form),
      autoApprove: deps.autoApprove,
    });
    this.stepIn = new StepIn({
      watch: new Watch(deps.policies(), (name) => deps.policyOff(name)),
      judgeElsewhere: (event, view, taker) => deps.userPolicies.judge(id, event, view, this.whileOpen(taker)),
      steers: () => this.inbox.hand(),
      view: () => this.view(),
      events: () => this.events,
      append: (event) => this.append(event),
      send: (message) => this.send(message),
      stop: () => this.cancel(),
      paused: () => this.parking.later(),
      ending: () => this.ending !== undefined,
      ofChildren: () => deps.lostResults(this),
    });
  }

  get events(): readonly LoggedEvent[] {
    return this.journal.events;
  }

  /** In milliseconds since 1970. */
  get created(): number {
    return this.journal.created;
  }

  get updated(): number {
    return this.journal.updated;
  }

  /** When each of them was logged, in milliseconds since 1970. */
  get times(): readonly number[] {
    return this.journal.eventTimes;
  }

  /** How many events there are. */
  get count(): number {
    return this.journal.count;
  }

  /** See `Journal.blobs`. */
  get blobs(): ReadonlySet<string> {
    return this.journal.blobs;
  }

  /** Absolute folders this chat is bound to. */
  get roots(): string[] {
    const { first } = this.journal;
    return first?.type === 'chat' ? first.workspace.roots : [];
  }

  /** The chat whose agent has delegated a task to this one. */
  get parent(): string | undefined {
    const { first } = this.journal;
    return first?.type === 'chat' ? first.parent : undefined;
  }

  /** It has an agent process. */
  get live(): boolean {
    return this.agent.current !== undefined;
  }

  /** Whether its agent has a slot of the engine, or waits for one. */
  get slot(): 'held' | 'waiting' | undefined {
    if (this.leases.holds) return 'held';
    return this.leases.waiting ? 'waiting' : undefined;
  }

  get running(): boolean {
    return this.journal.open && !this.broken;
  }

  /** See `Parking.parked`. */
  get parked(): boolean {
    return this.parking.parked;
  }

  /** It is parked, and all that it waited for is decided. */
  get decided(): boolean {
    return this.parking.ready;
  }

  /** Logs what the supervisor itself has to say. */
  append(event: LoggedEvent): void {
    this.journal.append(event);
    this.deps.metrics.event(event, this.events);
    this.deps.changed(this);
  }

  /** Logs what the policies judge. */
  tell(event: LoggedEvent): void {
    this.append(event);
    this.stepIn.judge(event);
  }

  private record(event: LoggedEvent): void {
    this.append(event);
    this.journal.sync();
  }

  /** What comes late finds the chat closed, or its log full. */
  private whileOpen(taker: UserPolicyTaker): UserPolicyTaker {
    const work = (what: () => void): void => {
      if (!this.closed) this.guarded(what);
    };
    return {
      findings: (policy, found) => work(() => taker.findings(policy, found)),
      problem: (problem) => work(() => taker.problem(problem)),
    };
  }

  /** The log was changed by somebody else: said once, where the chat is read. */
  tellChanged(how: string): void {
    const message = `The record of this chat was changed outside Drover: ${how}.`;
    if (this.events.some((event) => event.type === 'error' && event.problem.message === message)) return;
    const advice = 'Do not rely on what it says of the time before.';
    this.append({ type: 'error', problem: { code: 'log_changed', message, advice } });
  }

  /** Closes a turn that a crash left open, so that the chat can go on. */
  repair(problem: ProblemInfo): void {
    if (!this.running || this.parked || this.parking.parkLost(false)) return;
    const worked = this.journal.turnWorkedUntil(this.updated);
    this.append({ type: 'error', problem });
    this.close('failed', worked);
  }

  /** Takes a message: a turn begins, or it waits in the inbox. @returns its item. */
  submit(message: Submission): string {
    const item = randomUUID();
    if (turnOpen(this.events) && !this.live && !this.parked) this.close('failed');
    this.broken = false;
    const { text, lane, agent, context, asks, trusted } = message;
    const waiting = this.inbox.items;
    const more = { ...(context ? { context } : {}), ...(trusted === undefined ? {} : { trusted }) };
    if (!this.running && waiting.length === 0) {
      this.begin({ type: 'user', text, agent: agent ?? agentOf(this.events), item, asks, ...more });
      return item;
    }
    const put = {
      type: 'inbox.put' as const,
      item,
      lane,
      text,
      asks,
      ...(agent === undefined ? {} : { agent }),
      ...more,
    };
    this.append(put);
    this.journal.sync();
    if (this.running) this.stepIn.judge(put);
    else this.beginNext();
    return item;
  }

  /** Changes or withdraws what waits. @throws Problem when it does not wait any more. */
  changeInbox({ item, withdraw, ...change }: z.output<typeof InboxPost>): void {
    if (withdraw === true) this.inbox.withdraw(item);
    else this.inbox.change({ item, ...change });
    this.journal.sync();
  }

  /** See `Questions.answer`. */
  answer(answer: z.output<typeof Answer>, client?: ClientName): void {
    this.questions.answer(answer, client);
  }

  /** What is always allowed has changed. An agent that is not there will begin with it. */
  tellAlways(): void {
    if (this.live) this.send({ type: 'always', keys: this.deps.always(this) });
  }

  /** Stops the running turn; what was done stays done and in the log. Children may run without one: they are stopped too. */
  cancel(): void {
    if (!this.running) this.deps.cancelChildren(this);
    if (!this.running || this.ending) return;
    this.ending = 'cancelled';
    for (const ask of openAsks(this.events)) {
      this.append({ type: 'answer', ask: ask.ask, answer: 'reject', by: 'cancel' });
    }
    this.deps.cancelChildren(this);
    // At once, so that no restart goes on with what was stopped.
    if (decided(this.events)) this.drop('the turn was stopped');
    if (!this.live) return this.close('cancelled');
    this.send({ type: 'cancel' });
    this.stepIn.release();
    this.cancelTimer = setTimeout(() => this.agent.kill(), CANCEL_LIMIT);
  }

  /** The person chose otherwise; an agent that begins later is told when it begins. */
  tellSettings(settings: { edits: Edits }): void {
    if (this.live) this.send({ type: 'settings', ...settings });
  }

  /** The editor trusts the folders now, or does not any more: what is at work or waits here follows. */
  trust(trusted: boolean): void {
    if (workspaceOf(this.events).trusted === trusted) return;
    const event = { type: 'trust' as const, trusted };
    this.guarded(() => {
      this.record(event);
      if (this.live) this.send({ type: 'trust', event });
    });
  }

  /** See `StepIn.answer`. */
  answerInterjection(interjection: string, answer: 'withdraw' | 'continue' | 'mute'): void {
    this.stepIn.answer(interjection, answer);
    this.journal.sync();
    this.parking.decided();
  }

  /** Absolute paths of what the running turn has changed. */
  get changing(): string[] {
    const [root = sep] = this.roots;
    const begun = this.running ? this.turn.filter((event) => event.type === 'tool.start') : [];
    const starts = begun.filter(({ verdict }) => verdict.decision !== 'deny');
    return starts.flatMap((start) => writtenBy(start).map((path) => resolve(root, path)));
  }

  /** Puts the file that a call changed back. @throws Problem when it is not as that call left it. */
  undo(call: string): Promise<string> {
    const end = this.events.find((event) => event.type === 'tool.end' && event.call === call);
    const change = end?.type === 'tool.end' ? end.change : undefined;
    if (!change) throw new Problem('no_change', 'This call changed no file.', 'Choose a call that did.', 404, 'call');
    const objection = this.deps.objection([change.path], this.roots);
    if (objection !== undefined) throw new Problem('unsaved', objection, 'Save or close it, then undo again.', 409);
    this.agent.stay();
    return this.undos.begin((id) => this.send({ type: 'undo', id, call }));
  }

  /** See `Journal.subscribe`. */
  subscribe(seq: number, listener: Listener, over?: () => void): () => void {
    return this.journal.subscribe(seq, listener, over);
  }

  /** What the engine is doing changed: said to who is attached, if a lease of this chat waits for it. */
  engineMoved(): void {
    const text = this.leases.waiting ? this.deps.engineWait() : undefined;
    if (text !== undefined && text !== this.waitText) this.journal.show({ type: 'engine.wait', text });
    this.waitText = text;
  }

  /** Ends the agent process and closes the log. A turn that runs is closed at the next start. */
  end(): void {
    this.closed = true;
    this.parking.end();
    this.drop('Drover is stopping');
    this.journal.close();
  }

  /** Stops what runs, tells who listens, and removes the log. */
  delete(): void {
    this.closed = true;
    this.deps.cancelChildren(this);
    this.drop('the chat was deleted');
    if (turnOpen(this.events)) this.close('cancelled');
    this.end();
    this.journal.delete();
    this.deps.userPolicies.forget(this.id);
  }

  /** A task that is begun when there is a place for it. */
  put(text: string, asks: 'client' | 'deny'): void {
    this.append({ type: 'inbox.put', item: randomUUID(), lane: 'follow-up', text, asks, task: true });
    this.journal.sync();
  }

  /** Nothing is begun, or gone on with, before `resume`. */
  hold(): void {
    this.held = true;
  }

  /** The task that waits is not taken up; what the person has put in behind it waits for them. */
  takeBackTask(): void {
    const task = this.inbox.items.find((item) => item.task === true);
    if (task === undefined) return;
    this.inbox.withdraw(task.item);
    if (this.inbox.items.length > 0) this.append({ type: 'error', problem: taskTakenBack });
  }

  /** The engine is there again: what waited for it is taken up. */
  engineBack(): void {
    if (this.engineAwaited && !this.running) this.guarded(() => this.beginNext());
  }

  /** Takes up what waits: a question that needs no person or that was decided in the last moment, and the inbox. */
  resume(): void {
    this.held = false;
    if (this.closed) return;
    this.questions.again();
    this.parking.decided();
    if (!this.running) this.beginNext();
  }

  /** Whether the open questions need a person still. */
  askAgain(): void {
    this.questions.again();
  }

  private begin(event: LoggedEvent & { type: 'user' }): void {
    this.agent.stay();
    this.ending = undefined;
    this.engineAwaited = false;
    this.append(event);
    // From its first message on a log has an anchor, so that a missing one is noticed.
    this.journal.anchor();
    this.reused = this.live;
    this.send(this.turnOf(event));
    this.stepIn.judge(event);
  }

  private turnOf(event: LoggedEvent & { type: 'user' }): ToAgent {
    const sandboxOff = this.deps.sandboxOff();
    return { type: 'turn', event, sandboxOff, ...this.deps.team(workspaceOf(this.events)) };
  }

  private beginNext(): void {
    const [first] = this.inbox.items;
    if (!first || this.held || this.closed || this.leftAlone) return;
    const { type: _, lane: _lane, task: _task, agent = agentOf(this.events), trusted, ...message } = first;
    const said = trusted === undefined || this.trustedSince(first.item) ? {} : { trusted };
    this.begin({ type: 'user', agent, ...message, ...said });
  }

  /** The trust in the folders has changed since this was put in. */
  private trustedSince(item: string): boolean {
    const put = this.events.findLastIndex((event) => event.type === 'inbox.put' && event.item === item);
    return this.events.slice(put).some(({ type }) => type === 'trust');
  }

  /** What waits was put behind a task that was taken back, and the person has said nothing since. */
  private get leftAlone(): boolean {
    const last = this.events.findLast(
      (event) =>
        event.type === 'user' ||
        event.type === 'inbox.put' ||
        (event.type === 'error' && event.problem.code === taskTakenBack.code),
    );
    return last?.type === 'error';
  }

  private get turn(): readonly LoggedEvent[] {
    return this.events.slice(this.events.findLastIndex((event) => event.type === 'user'));
  }

  private view(): PolicyView {
    const seconds = this.journal.turnWorked / 1000;
    const others = (): PolicyView['others'] => this.deps.others(this);
    return {
      events: this.events,
      turn: this.turn,
      seconds,
      roots: this.roots,
      get others() {
        return others();
      },
    };
  }

  /** Sends to the agent process, starting it where there is none. */
  private send(message: ToAgent): void {
    this.agent.send(message);
  }

  private startOf(first: ToAgent): AgentStart {
    // The turn's own event comes with the turn.
    const events = first.type === 'turn' ? this.events.slice(0, -1) : [...this.events];
    const always = this.deps.always(this);
    return { ...this.deps.start(), ...this.deps.team(workspaceOf(this.events)), chat: this.id, events, always };
  }

  private receive(message: FromAgent): void {
    switch (message.type) {
      case 'delta':
        this.journal.show(message.event);
        return;
      case 'event':
        this.receiveEvent(message.event);
        return;
      case 'record':
        this.receiveRecord(message.id, message.event);
        return;
      case 'boundary':
        this.whenJudged(() => this.boundary(message.id, message.at));
        return;
      case 'lease':
        void this.lease(message.id, message.agent);
        return;
      case 'lease.cancel':
        this.leases.leave(message.id);
        return;
      case 'drift':
        this.stepIn.take(driftRule, [drifted(message.evidence)]);
        return;
      case 'judged':
        this.deps.metrics.judged(message);
        return;
      case 'delegate':
        void this.delegate(message);
        return;
      case 'release':
        this.leases.giveBack(message.lease);
        this.deps.changed(this);
        if (message.problem?.code === 'engine_lost') this.deps.engineSuspect();
        return;
      case 'undone':
        this.undos.end(message);
        this.restAgent();
        return;
      default:
        message satisfies never;
    }
  }

  private receiveEvent(event: LoggedEvent): void {
    this.tell(event);
    if (event.type === 'ask') this.questions.ask(event);
    if (event.type === 'turn.end') this.turnEnded();
  }

  private receiveRecord(id: number, event: LoggedEvent): void {
    const unsaved = event.type === 'tool.start' ? this.deps.objection(writtenBy(event), this.roots) : undefined;
    this.append(event);
    this.journal.sync();
    // The policies judge before the effect, so that a stop is in time.
    this.stepIn.judge(event);
    this.whenJudged(() => this.acknowledge(id, unsaved));
  }

  private acknowledge(id: number, unsaved: string | undefined): void {
    const objection = this.ending ? 'the turn was stopped.' : this.stepIn.objection();
    const stop = objection === undefined ? unsaved : `Not run: ${objection}`;
    this.send({ type: 'ack', id, ...(stop === undefined ? {} : { stop }) });
  }

  /** A turn begins when the children have ended that an agent before was lost without hearing of. */
  private boundary(id: number, at: Boundary | 'call'): void {
    const ended = at === 'start' ? this.deps.lostChildrenEnded(this) : undefined;
    if (ended) void this.workAfter(ended, () => this.stepIn.boundary(id, at));
    else this.stepIn.boundary(id, at);
  }

  /** At once where no policy of the person's own is asked. */
  private whenJudged(work: () => void): void {
    const judged = this.stepIn.judged();
    if (judged) void this.workAfter(judged, work);
    else work();
  }

  private async workAfter(judged: Promise<unknown>, work: () => void): Promise<void> {
    const { current } = this.agent;
    await judged;
    if (this.agent.current === current) this.guarded(work);
  }

  private settled(answer: ToAgent & { type: 'answer' }): void {
    this.append(answer);
    this.journal.sync();
    if (this.parked) this.parking.decided();
    else this.send(answer);
    this.stepIn.judge(answer);
  }

  private async lease(id: number, agent: string): Promise<void> {
    try {
      const taking = this.leases.take(id, agent, (ahead) => this.journal.show({ type: 'waiting', ahead }));
      this.engineMoved();
      this.deps.changed(this);
      const lease = await taking;
      if (!lease) return;
      this.deps.changed(this);
      const model = this.deps.model(agent, workspaceOf(this.events));
      const endpoint = model === undefined ? lease.endpoint : { ...lease.endpoint, model };
      this.send({ type: 'lease', id, lease: lease.id, endpoint, waited: lease.waited });
    } catch (error) {
      this.send({ type: 'lease.failed', id, problem: asProblem(error).info });
    }
  }

  private async delegate({ id, call, tasks }: FromAgent & { type: 'delegate' }): Promise<void> {
    const { current } = this.agent;
    const reply = await this.deps.delegate(this, call, tasks).then(
      (results): ToAgent => ({ type: 'delegated', id, results }),
      (error: unknown): ToAgent => ({ type: 'delegate.failed', id, problem: asProblem(error).info }),
    );
    if (this.agent.current === current) this.send(reply);
  }

  private turnEnded(): void {
    clearTimeout(this.cancelTimer);
    this.ending = undefined;
    this.inbox.takeBack();
    this.journal.anchor();
    this.restAgent();
    const end = this.events.findLast((event) => event.type === 'turn.end');
    if (end?.type === 'turn.end' && end.reason === 'failed') void this.awaitEngine();
    else this.beginNext();
  }

  /** What waits is not spent on an engine that is not there. */
  private async awaitEngine(): Promise<void> {
    if (this.inbox.items.length === 0) return;
    this.engineAwaited = true;
    if (await this.deps.engineReady()) this.engineBack();
  }

  /** An agent that has nothing to do is let go; the transcript is here. */
  private restAgent(): void {
    if (!this.running && !this.closed && !this.undos.any) this.agent.rest();
  }

  /** What an agent does is not acknowledged when it cannot be logged: the turn ends here, and is closed in the log later. */
  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      const problem = asProblem(error).info;
      this.deps.log(`chat ${this.id}: ${problem.message}`);
      this.broken = true;
      this.drop(problem.message);
      this.journal.show({ type: 'error', problem });
      this.journal.show({ type: 'turn.end', turn: 0, reason: 'failed', seconds: 0 });
    }
  }

  /** The agent process is gone, or goes now; nobody waits for it any more. */
  private drop(why: string): void {
    this.agent.drop();
    this.leases.drop();
    this.stepIn.drop();
    this.inbox.takeBack();
    clearTimeout(this.cancelTimer);
    this.undos.fail(agentLost(why));
    if (!this.closed) this.deps.left(this);
  }

  /** The agent process is gone although nobody let it go. */
  private lost(why: string): void {
    this.drop(why);
    if (!this.running || this.closed) return;
    const last = this.events.at(-1);
    const writing = this.journal.partial !== undefined;
    // It was gone before it heard of this turn, which so costs nothing; a process of its own may take it.
    if (last?.type === 'user' && this.reused && !this.ending) return this.send(this.turnOf(last));
    if (this.ending === undefined) {
      // A question that was open is open still.
      const parked = this.parking.parkLost(writing);
      const advice = this.parking.waits ? 'Decide, and the work goes on.' : 'The work goes on.';
      this.append({ type: 'error', problem: agentLost(why, parked ? advice : undefined).info });
      if (parked) return this.parking.decided();
    }
    this.close(this.ending ?? 'failed');
  }

  private close(reason: 'cancelled' | 'failed', worked = this.journal.turnWorked): void {
    const { partial } = this.journal;
    for (const event of repairs(this.events, { partial, reason, worked })) this.append(event);
    this.turnEnded();
  }
}

/** What the second model watches for, as a policy has it. */
const driftRule = {
  name: 'drift',
  rule: 'A second model reads along, and finds that the agent has left what was asked for.',
};

function drifted(evidence: string): Finding {
  const say = `Another model that reads along says that you have left what was asked for: ${evidence} Look at the request again.`;
  return { grade: 'note', evidence: `Off course: ${evidence}`, say, key: evidence };
}

const taskTakenBack: ProblemInfo = {
  code: 'task_taken_back',
  message: 'The task of this chat was taken back before it began, because the chat that delegated it was stopped.',
  advice: 'What you put in behind it waits: send a message to go on, or withdraw it.',
};

function writtenBy({ effects }: LoggedEvent & { type: 'tool.start' }): string[] {
  return effects.flatMap((effect) => (effect.kind === 'write' ? [effect.path] : []));
}

function agentLost(why: string, advice = 'Send a message to go on.'): Problem {
  return new Problem(
    'agent_crashed',
    `The agent process of this chat ended in the middle of its turn (${why}).`,
    `Nothing that was done is lost. ${advice}`,
    500,
  );
}
