import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../src/common/errors.ts';
import type { LoggedEvent } from '../src/common/events.ts';
import {
  type Boundary,
  type Interjection,
  pause,
  type Telling,
  tellings,
  unacknowledged,
} from '../src/common/interjections.ts';
import type { ToAgent } from '../src/common/ipc.ts';
import { turnOpen } from '../src/common/repair.ts';
import type { Finding, PolicyView } from './policies/policy.ts';
import type { Judging, UserPolicyTaker } from './userPolicies/userPolicies.ts';
import type { Judgement, Watch } from './watch.ts';

/** What stepping into a chat needs of it. */
export interface StepInDeps {
  watch: Watch;
  /** Shows the person's own policies an event; undefined when none wants it. Does not call back at once. */
  judgeElsewhere(event: LoggedEvent, view: PolicyView, taker: UserPolicyTaker): Judging | undefined;
  view(): PolicyView;
  /** What the person wants to be read now; handed over. */
  steers(): { item: string; text: string }[];
  events(): readonly LoggedEvent[];
  append(event: LoggedEvent): void;
  send(message: ToAgent): void;
  /** Ends the running turn. */
  stop(): void;
  /** The running turn waits for the person from now on. */
  paused(): void;
  /** The running turn is being ended. */
  ending(): boolean;
  /** What it is told of its children as a turn begins. */
  ofChildren(): Telling[];
}

/** Calls that an agent may try before it has acknowledged; then the chat is paused. */
const REFUSALS = 2;

/**
 * Enforces what policies find in one chat. The agent cannot talk its way out: it waits before its next call or at its next
 * boundary while the chat is paused, and what needs the supervisor's leave does not get it.
 */
export class StepIn {
  private readonly deps: StepInDeps;
  private readonly refused = new Map<string, number>();
  private readonly pending = new Set<Judging>();
  private waiting: { id: number; at: Boundary | 'call' } | undefined;

  constructor(deps: StepInDeps) {
    this.deps = deps;
  }

  /** Shows the policies an event that was just logged. */
  judge(event: LoggedEvent): void {
    const view = this.deps.view();
    const found = this.deps.watch.judge(event, view);
    const turn = this.turn();
    // Before anything is carried out: for those elsewhere too this event is the last that happened.
    const elsewhere = this.deps.judgeElsewhere(event, view, {
      findings: (policy, late) => this.take(policy, late, turn),
      problem: (problem) => this.deps.append({ type: 'error', problem }),
    });
    if (elsewhere) {
      this.pending.add(elsewhere);
      void elsewhere.done.then(() => this.pending.delete(elsewhere));
    }
    this.carryOut(found, turn);
  }

  /** Takes over what was found by who is no policy here. @param turn which it is about; see `turn` */
  take(policy: { name: string; rule: string }, found: readonly Finding[], turn = this.turn()): void {
    const { watch } = this.deps;
    this.carryOut(watch.take(policy, found, this.deps.view()), turn);
  }

  /** Settles when the person's own policies have judged, or had the time for it; undefined: none is asked. */
  judged(): Promise<unknown> | undefined {
    if (this.pending.size === 0) return undefined;
    const each = Array.from(this.pending, ({ done, patience }) =>
      Promise.race([done, delay(patience, undefined, { ref: false })]),
    );
    return Promise.all(each);
  }

  /** The running turn, as the place of its message; undefined between turns. */
  private turn(): number | undefined {
    const events = this.deps.events();
    return turnOpen(events) ? events.findLastIndex((event) => event.type === 'user') : undefined;
  }

  private carryOut({ interjections, problems }: Judgement, turn: number | undefined): void {
    for (const problem of problems) this.deps.append({ type: 'error', problem });
    for (const interjection of interjections) {
      const over = turn === undefined || turn !== this.turn();
      this.enforce(over ? afterwards(interjection) : interjection);
    }
  }

  /** Why a call with an effect must not run now, to go on after "Not run:" or "Denied:"; undefined: it may. */
  objection(): string | undefined {
    const [open] = unacknowledged(this.deps.events());
    if (open) this.refuse(open);
    const paused = pause(this.deps.events());
    if (paused) return `the supervisor paused this chat. ${paused.evidence}`;
    return open && `the supervisor wants an answer in words first, without a tool call. ${open.say}`;
  }

  /** The agent is at a boundary: told at once, or when a pause is over. */
  boundary(id: number, at: Boundary | 'call'): void {
    this.waiting = { id, at };
    if (this.deps.ending()) this.release();
    else this.goOn();
  }

  /** The turn is being ended: the agent waits for nothing more. */
  release(): void {
    if (!this.waiting) return;
    const { id } = this.waiting;
    this.waiting = undefined;
    this.deps.send({ type: 'boundary', id, steers: [], tellings: [] });
  }

  /** The agent process is gone. */
  drop(): void {
    this.waiting = undefined;
  }

  /** What the person decided; what followed from an interjection goes with it. @throws Problem when there is no such interjection, or nothing to decide about it. */
  answer(id: string, answer: 'withdraw' | 'continue' | 'mute'): void {
    const events = this.deps.events();
    const made = events.find((event) => event.type === 'interjection' && event.interjection === id);
    if (made?.type !== 'interjection') {
      const advice = 'GET /chat/{id}/events lists what was said.';
      throw new Problem('no_interjection', 'There is no such interjection in this chat.', advice, 404, 'interjection');
    }
    if (answer === 'continue' && pause(events)?.interjection !== id) {
      throw new Problem('not_paused', 'This does not pause the chat any more.', 'Nothing needs to be done.', 409);
    }
    const same = (event: LoggedEvent): boolean =>
      event.type === 'interjection.answer' && event.interjection === id && event.answer === answer;
    if (!events.some(same)) this.deps.append({ type: 'interjection.answer', interjection: id, answer });
    const paused = pause(this.deps.events());
    if (answer === 'withdraw' && paused?.interjection.startsWith(pauseOf(id)) === true) {
      this.deps.append({ type: 'interjection.answer', interjection: paused.interjection, answer });
    }
    this.goOn();
  }

  private goOn(): void {
    const events = this.deps.events();
    if (!this.waiting || pause(events)) return;
    const { id, at } = this.waiting;
    this.waiting = undefined;
    const steers = at === 'step' ? this.deps.steers() : [];
    const ofChildren = at === 'start' ? this.deps.ofChildren() : [];
    const told = at === 'call' ? [] : tellings(events, at);
    this.deps.send({ type: 'boundary', id, steers, tellings: [...ofChildren, ...told] });
  }

  private enforce(interjection: Interjection): void {
    this.deps.append(interjection);
    const user = this.deps.events().findLast((event) => event.type === 'user');
    // A pause that nobody can lift would last for ever.
    const nobody = user?.type === 'user' && user.asks === 'deny';
    if (interjection.grade === 'stop' || (interjection.grade === 'pause' && nobody)) this.deps.stop();
    else if (interjection.grade === 'pause') this.deps.paused();
  }

  private refuse(open: Interjection): void {
    const { interjection, policy, rule, say } = open;
    const told = this.deps
      .events()
      .some((event) => event.type === 'interjected' && event.interjection === interjection);
    if (!told) return;
    const times = (this.refused.get(interjection) ?? 0) + 1;
    this.refused.set(interjection, times);
    if (times % REFUSALS !== 0 || pause(this.deps.events())) return;
    const before = this.deps
      .events()
      .filter((event) => event.type === 'interjection' && event.interjection.startsWith(pauseOf(interjection)));
    this.enforce({
      type: 'interjection',
      interjection: `${pauseOf(interjection)}${before.length + 1}`,
      policy,
      grade: 'pause',
      rule,
      evidence: `The agent was to answer in words first and tried to go on ${REFUSALS} times: ${say}`,
      say: `You tried to go on ${REFUSALS} times without an answer. ${say}`,
      key: 'not acknowledged',
    });
  }
}

/** How the pauses begin that follow from not acknowledging an interjection. */
function pauseOf(interjection: string): string {
  return `${interjection}-pause-`;
}

/** Of a turn that is over nothing can be paused or stopped: it is told with the next message. */
function afterwards(interjection: Interjection): Interjection {
  const { grade } = interjection;
  return grade === 'pause' || grade === 'stop' ? { ...interjection, grade: 'note' } : interjection;
}
