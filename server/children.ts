import { lostDelegations } from '../src/common/delegations.ts';
import type { LoggedEvent } from '../src/common/events.ts';
import { inboxOf } from '../src/common/inbox.ts';
import { changesIn } from '../src/common/gate/chatState.ts';
import { touched } from '../src/common/gate/touched.ts';
import type { Telling } from '../src/common/interjections.ts';
import type { ChildResult, Task } from '../src/common/ipc.ts';
import { resultsInWords } from '../src/node/tools/delegate.ts';
import type { Chat } from './chat.ts';

export interface ChildrenDeps {
  /** Chats of children that run at once: the slots of the engine. */
  places(): number;
  /** @throws Problem when there is no such agent */
  check(parent: Chat, task: Task): void;
  /** Makes a chat with the task in its inbox. @throws Problem, and there is none */
  open(parent: Chat, task: Task): Chat;
  delete(id: string): void;
  /** Undefined: it was deleted. */
  find(id: string): Chat | undefined;
}

interface Child {
  chat: Chat;
  /** Id of the chat whose agent delegated. */
  parent: string | undefined;
  /** The inbox item that is its task. */
  item: string | undefined;
}

/**
 * Chats that an agent has begun to have parts of its work done. No more of them run than the engine has slots; the others
 * wait with their task in the inbox, and their turn, with its clock, begins when there is a place. One that is parked leaves
 * its place, and waits for another when it could go on.
 */
export class Children {
  private readonly deps: ChildrenDeps;
  /** Those whose task has not come to an end, with what settles when it has. */
  private readonly ends = new Map<Child, Promise<Outcome>>();
  private readonly running = new Set<Child>();
  private waiting: Child[] = [];
  private closed = false;

  constructor(deps: ChildrenDeps) {
    this.deps = deps;
  }

  /** Settles when all tasks have come to an end. @throws Problem before any is begun */
  async delegate(parent: Chat, call: string, tasks: readonly Task[]): Promise<ChildResult[]> {
    for (const task of tasks) this.deps.check(parent, task);
    const children = this.openAll(parent, call, tasks);
    const results = children.map(async ({ child, task }) => {
      const [state, text] = await this.end(child);
      return { chat: child.chat.id, ...task, state, text, changed: changesIn(child.chat.events) };
    });
    this.enqueue(children.map(({ child }) => child));
    return Promise.all(results);
  }

  /** All or none: one that is left would be begun by a later start. */
  private openAll(parent: Chat, call: string, tasks: readonly Task[]): { child: Child; task: Task }[] {
    const opened: Chat[] = [];
    try {
      return tasks.map((task) => {
        const chat = this.deps.open(parent, task);
        opened.push(chat);
        parent.tell({ type: 'child', call, chat: chat.id, ...task });
        return { child: childOf(chat), task };
      });
    } catch (error) {
      for (const { id } of opened) this.deps.delete(id);
      throw error;
    }
  }

  /** One of before this start that was never begun, or was parked before its end. @returns false for any other chat */
  adopt(chat: Chat): boolean {
    if (chat.parent === undefined) return false;
    const child = childOf(chat);
    const waits = inboxOf(chat.events).some(({ item }) => item === child.item);
    if (!waits && (!chat.parked || outcomeOf(chat.events, child.item))) return false;
    void this.end(child);
    if (waits) this.enqueue([child]);
    else {
      chat.hold();
      chat.askAgain();
      this.lineUp(child);
    }
    return true;
  }

  /** Stops the children of a chat: those that run, and those that wait, in line or for a person. */
  cancel(parent: Chat): void {
    for (const { chat } of [...this.ends.keys()].filter((child) => child.parent === parent.id)) {
      chat.takeBackTask();
      chat.cancel();
    }
  }

  /** Settles when those have ended whose results an agent of this chat was lost before; undefined: they have. */
  lostEnded(parent: Chat): Promise<unknown> | undefined {
    const lost = new Set(lostDelegations(parent.events).flatMap(({ children }) => children.map(({ chat }) => chat)));
    const ends = [...this.ends].flatMap(([{ chat }, end]) => (lost.has(chat.id) ? [end] : []));
    return ends.length === 0 ? undefined : Promise.all(ends);
  }

  /** What the agent of this chat is told of those whose results one before was lost without. */
  lostResults(parent: Chat): Telling[] {
    return lostDelegations(parent.events).map(({ telling, children }) => {
      const results = children.map(({ chat, agent, task }): ChildResult => {
        const [state, text] = this.outcome(chat);
        return { chat, agent, task, state, text };
      });
      const text = `Your process ended while others did the tasks that you had delegated. What came of them:\n${resultsInWords(results)}`;
      const ids = new Set(children.map(({ chat }) => chat));
      const changed = [...ids].flatMap((id) => changesIn(this.deps.find(id)?.events ?? []));
      return { interjection: telling, what: 'made', text, ...(changed.length > 0 ? { changed } : {}) };
    });
  }

  private outcome(id: string): Outcome {
    const chat = this.deps.find(id);
    if (chat === undefined) return ['cancelled', 'Its chat was deleted.'];
    return outcomeOf(chat.events, childOf(chat).item) ?? ['failed', 'It has not come to an end.'];
  }

  /** It has some, and all of them wait for a person whom nobody sees. */
  parked(parent: Chat): boolean {
    const own = [...this.ends.keys()].filter((child) => child.parent === parent.id);
    return own.length > 0 && own.every(({ chat }) => chat.parked && !chat.decided);
  }

  /** Nothing more is begun: what waits keeps its task for the next start. */
  close(): void {
    this.closed = true;
  }

  private enqueue(children: readonly Child[]): void {
    for (const { chat } of children) chat.hold();
    this.waiting.push(...children);
    this.next();
  }

  /** Begins what there is a place for. */
  next(): void {
    if (this.closed) return;
    while (this.waiting.length > 0 && this.running.size < Math.max(1, this.deps.places())) {
      const [child, ...rest] = this.waiting;
      this.waiting = rest;
      if (!child) return;
      this.running.add(child);
      child.chat.resume();
    }
  }

  /** It waits for a person, and nobody is there. */
  private leavePlace(child: Child): void {
    child.chat.hold();
    this.running.delete(child);
    this.next();
  }

  /** One that was parked waits for a place once all is decided. */
  private lineUp(child: Child): void {
    if (!this.ends.has(child) || this.running.has(child) || this.waiting.includes(child)) return;
    if (!child.chat.decided) return;
    this.waiting.push(child);
    this.next();
  }

  /** Settles with the end of its turn, or when it will not come. */
  private end(child: Child): Promise<Outcome> {
    const { chat, item } = child;
    const ended = new Promise<Outcome>((resolve) => {
      const end = (...outcome: Outcome): void => {
        // It may be told so in the middle of subscribing, or of taking back all that waits.
        queueMicrotask(() => {
          unsubscribe();
          if (!this.running.has(child)) chat.resume();
          this.waiting = this.waiting.filter((each) => each !== child);
          this.running.delete(child);
          this.ends.delete(child);
          this.next();
        });
        resolve(outcome);
      };
      const unsubscribe = chat.subscribe(
        chat.events.length,
        (_, { type }) => {
          const outcome = type === 'turn.end' || type === 'inbox.withdraw' ? outcomeOf(chat.events, item) : undefined;
          if (outcome) end(...outcome);
          if (type === 'turn.parked') queueMicrotask(() => this.leavePlace(child));
          if (type === 'answer' || type === 'interjection.answer') queueMicrotask(() => this.lineUp(child));
        },
        () => end('cancelled', 'Its chat was closed.'),
      );
    });
    this.ends.set(child, ended);
    return ended;
  }
}

type Outcome = [ChildResult['state'], string];

function childOf(chat: Chat): Child {
  const put = chat.events.find((event) => event.type === 'inbox.put' && event.task === true);
  return { chat, parent: chat.parent, item: put?.type === 'inbox.put' ? put.item : undefined };
}

/** What came of the task that was this item of the inbox; undefined: nothing yet. */
function outcomeOf(events: readonly LoggedEvent[], item: string | undefined): Outcome | undefined {
  if (events.some((event) => event.type === 'inbox.withdraw' && event.item === item))
    return ['cancelled', 'It was taken back before it began.'];
  const begin = events.findIndex((event) => event.type === 'user' && event.item === item);
  const rest = begin === -1 ? [] : events.slice(begin);
  const end = rest.findIndex(({ type }) => type === 'turn.end');
  const turn = rest.slice(0, end + 1);
  const last = turn.at(-1);
  if (last?.type !== 'turn.end') return undefined;
  const answer = turn.findLast((event) => event.type === 'assistant');
  const text = answer?.type === 'assistant' ? answer.text.trim() : '';
  if (last.reason === 'done') return ['done', text === '' ? 'It gave no answer.' : text];
  const error = turn.findLast((event) => event.type === 'error');
  const why = last.reason === 'failed' && error?.type === 'error' ? error.problem.message : stopped(turn);
  return [last.reason, [why, text].filter((part) => part !== '').join('\n')];
}

/** Who did. Where nobody is there to decide, a pause ends the turn too. */
function stopped(turn: readonly LoggedEvent[]): string {
  const nobody = turn.some((event) => event.type === 'user' && event.asks === 'deny');
  const made = turn.findLast(
    (event) => event.type === 'interjection' && (event.grade === 'stop' || (nobody && event.grade === 'pause')),
  );
  return made?.type === 'interjection'
    ? `The policy ${made.policy} stopped it: ${made.evidence}`
    : 'The person stopped it.';
}

/** The chat of the same team in which the person has said no to a call that would touch the same. */
export function deniedInTeam(chats: readonly Chat[], chat: Chat, ask: LoggedEvent & { type: 'ask' }): Chat | undefined {
  const { parent } = chat;
  if (parent === undefined) return undefined;
  const team = chats.filter((other) => other !== chat && (other.id === parent || other.parent === parent));
  return team.find(({ events }) => hasDenied(events, ask));
}

/** Whether the person's last word there on what would touch the same was a no. */
function hasDenied(events: readonly LoggedEvent[], ask: LoggedEvent & { type: 'ask' }): boolean {
  const same = touched(ask);
  const asked = events.flatMap((event) => (event.type === 'ask' && touched(event) === same ? [event.ask] : []));
  const last = events.findLast(
    (event) => event.type === 'answer' && event.by === 'client' && asked.includes(event.ask),
  );
  return last?.type === 'answer' && last.answer === 'reject';
}
