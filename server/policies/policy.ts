import type { Grade, LoggedEvent } from '../../src/common/events.ts';

/** What the supervisor notes for itself, and what policies said before: no policy is shown it as it happens. */
export const unjudged: readonly LoggedEvent['type'][] = [
  'chat',
  'chat.edit',
  'interjection',
  'interjected',
  'interjection.answer',
  'turn.parked',
  'turn.resumed',
];

/** What a policy may look at. It is data: a policy reads no file, no clock and no other chat by itself. */
export interface PolicyView {
  /** All events of the chat so far; the one to be judged is the last. */
  events: readonly LoggedEvent[];
  /** Those of the running turn, from its message on. */
  turn: readonly LoggedEvent[];
  /** Seconds that the turn has worked; what it waited for the person does not count. */
  seconds: number;
  /** Absolute folders of the chat; paths of events are relative to the first. */
  roots: readonly string[];
  /** Other chats and the files that they changed in their running turn, absolute. */
  others: readonly { title: string; changed: readonly string[] }[];
}

/** A reason to step in. */
export interface Finding {
  grade: Grade;
  /** What was seen, in one sentence for the person. */
  evidence: string;
  /** What the agent is told, in one or two sentences. */
  say: string;
  /** The same key is told once a turn; without it the policy steps in once a turn. */
  key?: string | undefined;
}

/**
 * A policy watches the events of every chat and may step in. It is judged when an event of a type in `on` was logged,
 * and before the supervisor lets a call with an effect run.
 */
export interface Policy {
  name: string;
  /** What it watches for, in one sentence for the person. */
  rule: string;
  on: readonly LoggedEvent['type'][];
  /** Pure, and quick: it runs on every such event. */
  judge(event: LoggedEvent, chat: PolicyView): Finding | readonly Finding[] | undefined;
}
