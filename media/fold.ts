import type {
  AnsweredBy,
  AnswerKind,
  Asker,
  Change,
  Effect,
  Event,
  Grade,
  Lane,
  Outcome,
  ProblemInfo,
  Title,
  Usage,
  Verdict,
} from '../src/common/events.ts';
import { changed, inOrder } from '../src/common/inbox.ts';
import { isAnswer } from '../src/common/interjections.ts';
import { unreachable } from '../src/common/unreachable.ts';

/** What the panel shows of a chat, made from its events and from nothing else. */
export interface ChatView {
  title: string;
  agent: string | null;
  items: readonly Item[];
  queue: readonly Queued[];
  /** A turn is running. */
  running: boolean;
  /** What the agent is doing while nothing else on screen says it. */
  activity: Activity | null;
  /** Of the last model call. */
  usage: Usage | null;
  /** Tokens a second, of the last model call that reported it. */
  perSecond: number | null;
}

export type Item = UserItem | SteerItem | AgentItem | TextItem | CallItem | InterjectionItem | ErrorItem | TurnItem;

interface Keyed {
  /** Counts up in one chat; an item keeps its key while it changes. */
  key: number;
}
export interface UserItem extends Keyed {
  kind: 'user';
  text: string;
  /** Which message of the person it is, from 1. */
  number: number;
}
/** A message that reached the agent in the middle of its turn. */
export interface SteerItem extends Keyed {
  kind: 'steer';
  text: string;
  /** Which steer of the chat it is, from 1. */
  number: number;
}
export interface AgentItem extends Keyed {
  kind: 'agent';
  name: string;
}
export interface TextItem extends Keyed {
  kind: 'text';
  text: string;
  reasoning: string;
  /** Still being written. */
  open: boolean;
  /** It stopped at the length limit. */
  cut: boolean;
  /** It came to its end without a word and without a call. */
  empty: boolean;
  /** The agent whose turn came to its end with it. */
  ends: string | null;
}
export interface CallItem extends Keyed {
  kind: 'call';
  id: string;
  tool: string;
  /** Null for a call so malformed that nothing can be said of it. */
  title: Title | null;
  effects: readonly Effect[];
  verdict: Verdict | null;
  /** `asking` a question is open, `answered` it was answered and the call has not begun, `running`, or how it ended. */
  state: 'asking' | 'answered' | 'running' | Outcome;
  ask: Ask | null;
  answer: Answer | null;
  summary: string;
  /** What the agent was told. */
  text: string;
  /** What a running command has written; only its end is kept. */
  output: string;
  change: Change | null;
  /** Chats that it began. */
  children: readonly { chat: string; agent: string; task: string }[];
  undo: { done: boolean; reason: string | null } | null;
}
export interface Ask {
  id: string;
  preview: { kind: 'command' | 'diff' | 'text'; text: string };
  folder: string;
  /** What a yes for this chat would cover. */
  grant: string | null;
  /** What may be allowed for good; where that is nothing, why. */
  always: readonly { key: string; words: string }[];
  notAlways: string | null;
  /** The command as the shell makes it, where that differs from how it is written. */
  resolved: string | null;
  /** Of all that a yes would cover; an answer names it. */
  hash: string | null;
  asker: Asker | null;
}
export interface Answer {
  answer: AnswerKind;
  reason: string | null;
  by: AnsweredBy;
}
/** A policy stepped in. */
export interface InterjectionItem extends Keyed {
  kind: 'interjection';
  id: string;
  policy: string;
  grade: Grade;
  rule: string;
  evidence: string;
  /** The chat stands still until the person decides. */
  pausing: boolean;
  answer: 'withdraw' | 'continue' | null;
  /** `told`: the agent has heard of it; `acknowledged`: and has answered since. */
  heard: 'told' | 'acknowledged' | null;
  /** The person wants to hear no more of its policy in this chat. */
  muted: boolean;
}
export interface ErrorItem extends Keyed {
  kind: 'error';
  problem: ProblemInfo;
  /** The chat has gone on since. */
  past: boolean;
}
export interface TurnItem extends Keyed {
  kind: 'turn';
  reason: 'done' | 'cancelled' | 'failed';
  seconds: number;
  read: number | null;
  prompt: number | null;
  perSecond: number | null;
  /** Which message of the person it answers, from 1. */
  answers: number;
  /** All that the agent said in it, as Markdown. */
  text: string;
}

export interface Queued {
  item: string;
  lane: Lane;
  text: string;
  /** The chat is a child, and this is what it was begun for. */
  task?: true;
}

export type Activity =
  | { kind: 'working' }
  | { kind: 'waiting'; ahead: number }
  | { kind: 'engine'; text: string }
  | { kind: 'reading'; done: number; total: number; cached: number }
  | { kind: 'drafting'; tool: string; characters: number };

/** Characters of a command's output kept while it runs; the whole is in the result. */
export const OUTPUT_LIMIT = 64 * 1024;

export const emptyChat: ChatView = {
  title: '',
  agent: null,
  items: [],
  queue: [],
  running: false,
  activity: null,
  usage: null,
  perSecond: null,
};

/** A copy whose lists may be changed; the items in them may not, because parts of the page compare them by identity. */
type Draft = Omit<ChatView, 'items' | 'queue'> & { items: Item[]; queue: Queued[] };
type Of<T extends Event['type']> = Extract<Event, { type: T }>;

/** The view after these events. The lists are copied once for all of them, so thousands at once are cheap. */
export function fold(view: ChatView, events: readonly Event[]): ChatView {
  const draft: Draft = { ...view, items: [...view.items], queue: [...view.queue] };
  for (const event of events) apply(draft, event);
  return draft;
}

function apply(draft: Draft, event: Event): void {
  switch (event.type) {
    case 'chat':
      draft.title = event.title;
      draft.agent = event.agent;
      return;
    case 'chat.edit':
      draft.title = event.title ?? draft.title;
      return;
    case 'user':
      leaveQueue(draft, event.item);
      goneOn(draft);
      draft.agent = event.agent;
      draft.items.push({ kind: 'user', key: nextKey(draft), text: event.text, number: nextNumber(draft, 'user') });
      return;
    case 'trust':
    case 'role':
      return;
    case 'turn.start':
      draft.running = true;
      draft.agent = event.agent;
      draft.activity = { kind: 'working' };
      draft.items.push({ kind: 'agent', key: nextKey(draft), name: event.agent });
      return;
    case 'assistant':
      return assistant(draft, event);
    case 'tool.start':
      return toolStart(draft, event);
    case 'child': {
      const { call: id, chat, agent, task } = event;
      return changeCall(
        draft,
        (call) => call.id === id,
        (call) => ({ children: [...call.children, { chat, agent, task }] }),
      );
    }
    case 'tool.end':
      return toolEnd(draft, event);
    case 'ask':
      return ask(draft, event);
    case 'answer':
      return answer(draft, event);
    case 'undo':
      return changeCall(draft, (call) => call.id === event.call && call.change !== null, {
        undo: { done: event.done, reason: event.reason ?? null },
      });
    case 'inbox.put': {
      const { item, lane, text, task } = event;
      draft.queue = inOrder([...draft.queue, { item, lane, text, ...(task === undefined ? {} : { task }) }]);
      return;
    }
    case 'inbox.change':
      draft.queue = inOrder(changed(draft.queue, event));
      return;
    case 'inbox.withdraw':
      return leaveQueue(draft, event.item);
    case 'steered':
      leaveQueue(draft, event.item);
      draft.items.push({ kind: 'steer', key: nextKey(draft), text: event.text, number: nextNumber(draft, 'steer') });
      return;
    case 'interjection':
      return interjection(draft, event);
    case 'interjection.answer':
      return interjectionAnswer(draft, event);
    case 'interjected':
      if (event.what !== 'made') return;
      return changeInterjections(draft, (item) =>
        item.id === event.interjection ? { ...item, heard: item.heard ?? 'told' } : item,
      );
    case 'error':
      draft.items.push({ kind: 'error', key: nextKey(draft), problem: event.problem, past: false });
      return;
    case 'turn.parked':
      draft.activity = null;
      // What its agent was writing is lost with it.
      draft.items = draft.items.filter((item) => item.kind !== 'text' || !item.open);
      return;
    case 'turn.resumed':
      goneOn(draft);
      draft.activity = { kind: 'working' };
      return;
    case 'turn.end':
      return turnEnd(draft, event);
    case 'text':
      return write(draft, (item) => ({ ...item, text: item.text + event.text }));
    case 'reasoning':
      return write(draft, (item) => ({ ...item, reasoning: item.reasoning + event.text }));
    case 'snapshot':
      if (event.text + event.reasoning === '') return;
      return write(draft, (item) => ({ ...item, text: event.text, reasoning: event.reasoning }));
    case 'reading':
      draft.activity = { kind: 'reading', done: event.done, total: event.total, cached: event.cached };
      return;
    case 'waiting':
      draft.activity = { kind: 'waiting', ahead: event.ahead };
      return;
    case 'engine.wait':
      draft.activity = { kind: 'engine', text: event.text };
      return;
    case 'call':
      draft.activity = { kind: 'drafting', tool: event.name, characters: event.characters };
      return;
    case 'output':
      return changeCall(
        draft,
        (call) => call.id === event.call && call.state === 'running',
        (call) => ({
          output: (call.output + event.text).slice(-OUTPUT_LIMIT),
        }),
      );
    default:
      return unreachable(event);
  }
}

function nextKey(draft: Draft): number {
  return (draft.items.at(-1)?.key ?? 0) + 1;
}

function nextNumber(draft: Draft, kind: 'user' | 'steer'): number {
  const last = draft.items.findLast((item): item is UserItem | SteerItem => item.kind === kind);
  return (last?.number ?? 0) + 1;
}

function leaveQueue(draft: Draft, item: string | undefined): void {
  draft.queue = draft.queue.filter((queued) => queued.item !== item);
}

/** Changes the message that is being written, or begins one. */
function write(draft: Draft, change: (item: TextItem) => TextItem): void {
  draft.activity = null;
  const index = openText(draft);
  const item = draft.items[index];
  if (item?.kind === 'text') draft.items[index] = change(item);
  else
    draft.items.push(
      change({
        kind: 'text',
        key: nextKey(draft),
        text: '',
        reasoning: '',
        open: true,
        cut: false,
        empty: false,
        ends: null,
      }),
    );
}

/** -1 when no message is being written. */
function openText(draft: Draft): number {
  return draft.items.findLastIndex((item) => item.kind === 'text' && item.open);
}

/** The logged message takes the place of what was streamed, which may lack its end. */
function assistant(draft: Draft, event: Of<'assistant'>): void {
  const reasoning = event.reasoning ?? '';
  const empty = event.text.trim() === '' && event.calls.length === 0 && event.finish === 'stop';
  const said = { text: event.text, reasoning, open: false, cut: event.finish === 'length', empty, ends: null };
  const blank = !empty && event.text.trim() === '' && reasoning.trim() === '';
  const index = openText(draft);
  const key = draft.items[index]?.key ?? nextKey(draft);
  draft.items.splice(
    index === -1 ? draft.items.length : index,
    index === -1 ? 0 : 1,
    ...(blank ? [] : [{ kind: 'text' as const, key, ...said }]),
  );
  if (isAnswer(event)) {
    changeInterjections(draft, (item) => (item.heard === 'told' ? { ...item, heard: 'acknowledged' } : item));
  }
  draft.usage = event.usage ?? draft.usage;
  draft.perSecond = event.times?.perSecond ?? draft.perSecond;
  if (draft.running) draft.activity = { kind: 'working' };
}

function toolStart(draft: Draft, event: Of<'tool.start'>): void {
  draft.activity = null;
  const begun = { title: event.title, effects: event.effects, verdict: event.verdict, state: 'running' } as const;
  const asked = findCall(draft, (call) => call.id === event.call && isPending(call));
  if (asked === undefined) draft.items.push({ ...newCall(draft, event.call, event.tool), ...begun });
  else changeAt(draft, asked, begun);
}

function toolEnd(draft: Draft, event: Of<'tool.end'>): void {
  const ended = {
    state: event.outcome,
    text: event.text,
    summary: event.summary,
    change: event.change ?? null,
    ...(event.title === undefined ? {} : { title: event.title }),
  };
  const begun = findCall(draft, (call) => call.id === event.call && (isPending(call) || call.state === 'running'));
  if (begun === undefined) draft.items.push({ ...newCall(draft, event.call, event.tool), ...ended });
  else changeAt(draft, begun, ended);
  if (draft.running) draft.activity = { kind: 'working' };
  if (event.handOff) {
    draft.agent = event.handOff.agent;
    draft.items.push({ kind: 'agent', key: nextKey(draft), name: event.handOff.agent });
  }
}

function ask(draft: Draft, event: Of<'ask'>): void {
  draft.activity = null;
  draft.items.push({
    ...newCall(draft, event.call, event.tool),
    title: event.title,
    effects: event.effects,
    verdict: event.verdict,
    state: 'asking',
    ask: {
      id: event.ask,
      preview: event.preview,
      folder: event.folder,
      grant: event.grant ?? null,
      always: event.always ?? [],
      notAlways: event.notAlways ?? null,
      resolved: event.resolved ?? null,
      hash: event.hash ?? null,
      asker: event.asker ?? null,
    },
  });
}

function answer(draft: Draft, event: Of<'answer'>): void {
  // What the agent is told of it is no sentence for the person.
  const reason = event.by === 'policy' ? (heldBackBy(draft) ?? event.reason) : event.reason;
  changeCall(
    draft,
    (call) => call.ask?.id === event.ask,
    (call) => ({
      state: call.state === 'asking' ? 'answered' : call.state,
      answer: { answer: event.answer, reason: reason ?? null, by: event.by },
    }),
  );
}

/** What was found by the policy that keeps calls from running now. */
function heldBackBy(draft: Draft): string | undefined {
  const holds = (item: InterjectionItem): boolean =>
    item.pausing || (item.grade === 'acknowledge' && item.heard !== 'acknowledged' && item.answer !== 'withdraw');
  return draft.items.findLast((item): item is InterjectionItem => item.kind === 'interjection' && holds(item))
    ?.evidence;
}

function interjection(draft: Draft, event: Of<'interjection'>): void {
  const { policy, grade, rule, evidence } = event;
  const pausing = grade === 'pause' && draft.running;
  const said = { id: event.interjection, policy, grade, rule, evidence, pausing };
  const open = { answer: null, heard: null, muted: false };
  draft.items.push({ kind: 'interjection', key: nextKey(draft), ...said, ...open });
}

function interjectionAnswer(draft: Draft, { interjection: id, answer }: Of<'interjection.answer'>): void {
  const made = draft.items.find((item) => item.kind === 'interjection' && item.id === id);
  if (made?.kind !== 'interjection') return;
  changeInterjections(draft, (item) => {
    if (answer === 'mute') return item.policy === made.policy ? { ...item, muted: true } : item;
    return item.id === id ? { ...item, answer, pausing: false } : item;
  });
}

function changeInterjections(draft: Draft, change: (item: InterjectionItem) => InterjectionItem): void {
  for (const [index, item] of draft.items.entries()) {
    if (item.kind === 'interjection') draft.items[index] = change(item);
  }
}

/** What went wrong before is mended, or left. */
function goneOn(draft: Draft): void {
  for (let index = draft.items.length - 1; index >= 0; index -= 1) {
    const item = draft.items[index];
    if (item?.kind === 'user') return;
    if (item?.kind === 'error') draft.items[index] = { ...item, past: true };
  }
}

/** Nothing runs after the end of a turn, whatever was lost on the way. */
function turnEnd(draft: Draft, event: Of<'turn.end'>): void {
  const begin = draft.items.findLastIndex((item) => item.kind === 'user');
  // What policies say behind an answer is no part of it.
  const last = draft.items.findLast(({ kind }) => kind !== 'interjection' && kind !== 'error');
  const said: string[] = [];
  for (let index = Math.max(begin, 0); index < draft.items.length; index += 1) {
    const item = draft.items[index];
    if (item?.kind === 'text') {
      const ends = item === last && event.reason === 'done' ? draft.agent : null;
      if (item.open || ends !== null) draft.items[index] = { ...item, open: false, ends };
      said.push(item.text);
    } else if (item?.kind === 'call' && (isPending(item) || item.state === 'running')) {
      changeAt(draft, index, { state: item.state === 'running' ? 'unknown' : 'cancelled' });
    }
  }
  changeInterjections(draft, (item) => (item.pausing ? { ...item, pausing: false } : item));
  draft.running = false;
  draft.activity = null;
  draft.items.push({
    kind: 'turn',
    key: nextKey(draft),
    reason: event.reason,
    seconds: event.seconds,
    read: event.read ?? null,
    prompt: event.prompt ?? null,
    perSecond: event.perSecond ?? null,
    answers: nextNumber(draft, 'user') - 1,
    text: said.filter((text) => text.trim() !== '').join('\n\n'),
  });
}

function isPending(call: CallItem): boolean {
  return call.state === 'asking' || call.state === 'answered';
}

function newCall(draft: Draft, id: string, tool: string): CallItem {
  return {
    kind: 'call',
    key: nextKey(draft),
    id,
    tool,
    title: null,
    effects: [],
    verdict: null,
    state: 'running',
    ask: null,
    answer: null,
    summary: '',
    text: '',
    output: '',
    change: null,
    children: [],
    undo: null,
  };
}

/** From the end, because a server may use a call's id again. */
function findCall(draft: Draft, wanted: (call: CallItem) => boolean): number | undefined {
  const index = draft.items.findLastIndex((item) => item.kind === 'call' && wanted(item));
  return index === -1 ? undefined : index;
}

function changeCall(
  draft: Draft,
  wanted: (call: CallItem) => boolean,
  change: Partial<CallItem> | ((call: CallItem) => Partial<CallItem>),
): void {
  const index = findCall(draft, wanted);
  if (index !== undefined) changeAt(draft, index, change);
}

function changeAt(
  draft: Draft,
  index: number,
  change: Partial<CallItem> | ((call: CallItem) => Partial<CallItem>),
): void {
  const call = draft.items[index];
  if (call?.kind !== 'call') return;
  draft.items[index] = { ...call, ...(typeof change === 'function' ? change(call) : change) };
}

/** The first question that is open, which is the one to answer. */
export function openQuestion(view: ChatView): CallItem | undefined {
  return view.running
    ? view.items.find((item): item is CallItem => item.kind === 'call' && item.state === 'asking')
    : undefined;
}

/** Ids of all questions that are open, in one text. */
export function openAsks({ items }: ChatView): string {
  return items.flatMap((item) => (item.kind === 'call' && item.state === 'asking' ? [item.ask?.id] : [])).join(' ');
}

/** What the chat stands still for until the person decides. */
export function pauseOf(view: ChatView): InterjectionItem | undefined {
  return view.items.findLast((item): item is InterjectionItem => item.kind === 'interjection' && item.pausing);
}

/** Messages of the person, newest first. */
export function said(view: ChatView): string[] {
  return view.items
    .filter((item) => item.kind === 'user' || item.kind === 'steer')
    .map((item) => item.text)
    .toReversed();
}
