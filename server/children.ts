import type { LoggedEvent } from '../src/common/events.ts';
import type { ChildResult, Task } from '../src/common/ipc.ts';
import type { Chat } from './chat.ts';

export interface ChildrenDeps {
  /** Chats of children that run at once: the slots of the engine. */
  places(): number;
  /** @throws Problem when there is no such agent */
  check(parent: Chat, task: Task): void;
  /** Makes a chat with the task in its inbox. */
  open(parent: Chat, task: Task): Chat;
}

interface Child {
  parent: Chat;
  chat: Chat;
}

/**
 * Chats that an agent has begun to have parts of its work done. No more of them run than the engine has slots; the others
 * wait with their task in the inbox, and their turn, with its clock, begins when there is a place.
 */
export class Children {
  private readonly deps: ChildrenDeps;
  private readonly running = new Set<Child>();
  private waiting: Child[] = [];
  private closed = false;

  constructor(deps: ChildrenDeps) {
    this.deps = deps;
  }

  /** Settles when all tasks have come to an end. @throws Problem before any is begun */
  async delegate(parent: Chat, call: string, tasks: readonly Task[]): Promise<ChildResult[]> {
    for (const task of tasks) this.deps.check(parent, task);
    const children = tasks.map((task) => {
      const child = { parent, chat: this.deps.open(parent, task) };
      parent.tell({ type: 'child', call, chat: child.chat.id, ...task });
      return { child, task };
    });
    const results = children.map(({ child, task }) => this.result(child, task));
    this.waiting.push(...children.map(({ child }) => child));
    this.next();
    return Promise.all(results);
  }

  /** Stops the children of a chat: those that run, and those that wait. */
  cancel(parent: Chat): void {
    for (const { chat } of this.waiting.filter((child) => child.parent === parent)) chat.withdrawAll();
    for (const { chat } of [...this.running].filter((child) => child.parent === parent)) chat.cancel();
  }

  /** Nothing more is begun: what waits keeps its task for the next start. */
  close(): void {
    this.closed = true;
  }

  private next(): void {
    if (this.closed) return;
    while (this.waiting.length > 0 && this.running.size < Math.max(1, this.deps.places())) {
      const [child, ...rest] = this.waiting;
      this.waiting = rest;
      if (!child) return;
      this.running.add(child);
      child.chat.resume();
    }
  }

  /** Settles with the end of the first turn, or when it will not come. */
  private result(child: Child, task: Task): Promise<ChildResult> {
    const { chat } = child;
    return new Promise((resolve) => {
      const end = (state: ChildResult['state'], text: string): void => {
        // It may be told so in the middle of subscribing.
        queueMicrotask(() => unsubscribe());
        this.running.delete(child);
        this.waiting = this.waiting.filter((each) => each !== child);
        resolve({ chat: chat.id, ...task, state, text });
        this.next();
      };
      const unsubscribe = chat.subscribe(
        chat.events.length,
        (_, event) => {
          if (event.type === 'turn.end') end(...outcomeOf(chat, event.reason));
          else if (event.type === 'inbox.withdraw' && !chat.running)
            end('cancelled', 'It was taken back before it began.');
        },
        () => end('cancelled', 'Its chat was closed.'),
      );
    });
  }
}

function outcomeOf(chat: Chat, reason: 'done' | 'cancelled' | 'failed'): [ChildResult['state'], string] {
  const answer = chat.events.findLast((event) => event.type === 'assistant');
  const text = answer?.type === 'assistant' ? answer.text.trim() : '';
  if (reason === 'done') return ['done', text === '' ? 'It gave no answer.' : text];
  const error = chat.events.findLast((event) => event.type === 'error');
  const why = reason === 'failed' && error?.type === 'error' ? error.problem.message : 'The person stopped it.';
  return [reason, [why, text].filter((part) => part !== '').join('\n')];
}

/** The chat of the same team in which the person has said no to a call that would do just the same. */
export function deniedInTeam(chats: readonly Chat[], chat: Chat, ask: LoggedEvent & { type: 'ask' }): Chat | undefined {
  const parent = parentOf(chat);
  if (parent === undefined) return undefined;
  const team = chats.filter((other) => other !== chat && (other.id === parent || parentOf(other) === parent));
  return team.find(({ events }) => hasDenied(events, ask));
}

function parentOf({ events: [first] }: Chat): string | undefined {
  return first?.type === 'chat' ? first.parent : undefined;
}

function hasDenied(events: readonly LoggedEvent[], ask: LoggedEvent & { type: 'ask' }): boolean {
  const same = JSON.stringify([ask.tool, ask.effects, ask.preview]);
  const asked = events.flatMap((event) =>
    event.type === 'ask' && JSON.stringify([event.tool, event.effects, event.preview]) === same ? [event.ask] : [],
  );
  return events.some(
    (event) =>
      event.type === 'answer' && event.answer === 'reject' && event.by === 'client' && asked.includes(event.ask),
  );
}
