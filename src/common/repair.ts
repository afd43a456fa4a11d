import type { LoggedEvent, ToolCall } from './events.ts';

/** Whether a turn is under way: a message was taken up and its end is not in the log. */
export function turnOpen(events: readonly LoggedEvent[]): boolean {
  const last = events.findLast((event) => event.type === 'user' || event.type === 'turn.end');
  return last?.type === 'user';
}

/** Whether the open turn stands still without an agent. */
export function turnParked(events: readonly LoggedEvent[]): boolean {
  const marks = new Set(['user', 'turn.parked', 'turn.resumed', 'turn.end']);
  return events.findLast(({ type }) => marks.has(type))?.type === 'turn.parked';
}

/**
 * Whether the open turn can do without its agent: it waits for a person, and nothing of it is under way. What is being
 * written or run when an agent is let go is lost with it.
 */
export function parkable(events: readonly LoggedEvent[], waits: boolean): boolean {
  if (!turnOpen(events) || !waits) return false;
  return !anyUnderWay(events.slice(events.findLastIndex((event) => event.type === 'user')));
}

function anyUnderWay(turn: readonly LoggedEvent[]): boolean {
  const ended = new Set(turn.flatMap((event) => (event.type === 'tool.end' ? [event.call] : [])));
  return turn.some((event) => event.type === 'tool.start' && !ended.has(event.call));
}

/**
 * Agents that may be lost behind one decision of the person before it is they that are at fault. On a slow machine three in a row
 * are lost by processes being killed all the time, before any of them could have begun (`npm run soak`).
 */
const MOST_RESUMED = 6;
const works = new Set<LoggedEvent['type']>(['assistant', 'ask', 'tool.start', 'tool.end']);

/**
 * Whether the person has decided what the open turn waited for, and nothing has come of it yet: what was said yes to has
 * not begun, so another agent can go on. A call that has begun goes on in no other.
 */
export function decided(events: readonly LoggedEvent[]): boolean {
  if (!turnOpen(events)) return false;
  const turn = events.slice(events.findLastIndex((event) => event.type === 'user'));
  const since = turn.slice(turn.findLastIndex(({ type }) => works.has(type)) + 1);
  const at = since.findLastIndex((event) => isDecision(event, turn));
  const resumed = since.slice(at).filter(({ type }) => type === 'turn.resumed').length;
  return at !== -1 && resumed < MOST_RESUMED && !anyUnderWay(turn);
}

function isDecision(event: LoggedEvent, turn: readonly LoggedEvent[]): boolean {
  if (event.type === 'answer') return event.by === 'client';
  if (event.type !== 'interjection.answer' || event.answer === 'mute') return false;
  const { interjection } = event;
  return turn.some(
    (made) => made.type === 'interjection' && made.interjection === interjection && made.grade === 'pause',
  );
}

/** Calls that the model has asked for in the open turn and that have not come to an end, in order. */
export function pendingCalls(events: readonly LoggedEvent[]): ToolCall[] {
  const last = events.findLastIndex((event) => event.type === 'assistant');
  const asked = events[last];
  const ended = new Set(events.slice(last).flatMap((event) => (event.type === 'tool.end' ? [event.call] : [])));
  return asked?.type === 'assistant' ? asked.calls.filter(({ id }) => !ended.has(id)) : [];
}

/** Asks that nobody has answered. */
export function openAsks(events: readonly LoggedEvent[]): (LoggedEvent & { type: 'ask' })[] {
  const asks = new Map<string, LoggedEvent & { type: 'ask' }>();
  for (const event of events) {
    if (event.type === 'ask') asks.set(event.ask, event);
    if (event.type === 'answer') asks.delete(event.ask);
  }
  return [...asks.values()];
}

export interface Ending {
  /** Text of the answer that was still being written. */
  partial: { text: string; reasoning: string } | undefined;
  reason: 'cancelled' | 'failed';
  /** Milliseconds; see `workingTime`. */
  worked: number;
}

/**
 * The events that close a turn whose agent process is gone, so that the chat can go on: every call has a result and
 * every ask an answer. A call that was recorded and may have had an effect is *outcome unknown* and is never run again
 * by itself.
 */
export function repairs(events: readonly LoggedEvent[], ending: Ending): LoggedEvent[] {
  if (!turnOpen(events)) return [];
  const turn = events.slice(events.findLastIndex((event) => event.type === 'user'));
  const agent = turn[0]?.type === 'user' ? turn[0].agent : '';
  const finish = ending.reason;
  const repaired: LoggedEvent[] = [];
  if (ending.partial && (ending.partial.text !== '' || ending.partial.reasoning !== '')) {
    const { text, reasoning } = ending.partial;
    const thought = reasoning === '' ? {} : { reasoning };
    repaired.push({ type: 'assistant', agent, text, ...thought, calls: [], finish, model: '' });
  }
  for (const ask of openAsks(turn)) {
    repaired.push({ type: 'answer', ask: ask.ask, answer: 'reject', by: 'cancel' });
  }
  repaired.push(...lostCalls(turn));
  const seconds = ending.worked / 1000;
  const number = events.filter((event) => event.type === 'user').length;
  repaired.push({ type: 'turn.end', turn: number, reason: ending.reason, seconds });
  return repaired;
}

const mayHaveRun = 'It may have had its effect; check before relying on it.';
/** See delegations.ts. */
const childrenGoOn = 'What came of the tasks is said with the next message.';

/** The ends of those calls of the open turn that had begun when its agent was lost. */
export function lostUnderWay(events: readonly LoggedEvent[]): LoggedEvent[] {
  const turn = events.slice(events.findLastIndex((event) => event.type === 'user'));
  const begun = new Set(turn.flatMap((event) => (event.type === 'tool.start' ? [event.call] : [])));
  return lostCalls(turn).filter(({ call }) => begun.has(call));
}

function lostCalls(turn: readonly LoggedEvent[]): (LoggedEvent & { type: 'tool.end' })[] {
  const ended = new Set(turn.flatMap((event) => (event.type === 'tool.end' ? [event.call] : [])));
  const starts = new Map(turn.flatMap((event) => (event.type === 'tool.start' ? [[event.call, event]] : [])));
  const called = turn.flatMap((event) => (event.type === 'assistant' ? event.calls : []));
  const delegated = new Set(turn.flatMap((event) => (event.type === 'child' ? [event.call] : [])));
  const lost: (LoggedEvent & { type: 'tool.end' })[] = [];
  for (const { id, name } of called) {
    if (ended.has(id)) continue;
    const start = starts.get(id);
    const effective = start?.effects.some(({ kind }) => !['read', 'output', 'model'].includes(kind)) ?? false;
    lost.push({
      type: 'tool.end',
      call: id,
      tool: name,
      ...(start ? { title: start.title } : {}),
      outcome: effective ? 'unknown' : 'skipped',
      text: effective
        ? `Outcome unknown: the agent process ended while this ran. ${delegated.has(id) ? childrenGoOn : mayHaveRun}`
        : 'Not run: the agent process ended before it.',
      summary: effective ? 'outcome unknown' : 'not run',
      origin: 'model',
    });
  }
  for (const [id, start] of starts) {
    if (start.origin !== 'mention' || ended.has(id)) continue;
    const { tool, title } = start;
    const text = 'Not read: the agent process ended before it.';
    lost.push({
      type: 'tool.end',
      call: id,
      tool,
      title,
      outcome: 'skipped',
      text,
      summary: 'not read',
      origin: 'mention',
    });
  }
  return lost;
}
