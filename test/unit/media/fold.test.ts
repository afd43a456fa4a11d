import { describe, expect, it } from 'vitest';
import type { Event, Grade, LoggedEvent, Title, Verdict } from '../../../src/common/events.ts';
import {
  type CallItem,
  type ChatView,
  emptyChat,
  fold,
  type Item,
  OUTPUT_LIMIT,
  openQuestion,
  pauseOf,
  said,
} from '../../../media/fold.ts';

const verdict: Verdict = { decision: 'allow', rule: 'r', reason: 'workspace file' };
const title: Title = { kind: 'run', verb: 'Ran', object: 'npm test' };
const user = (text: string, item?: string): LoggedEvent => ({
  type: 'user',
  text,
  agent: 'coding',
  asks: 'client',
  ...(item === undefined ? {} : { item }),
});
const turn: LoggedEvent = { type: 'turn.start', turn: 1, agent: 'coding' };
const end: LoggedEvent & { type: 'turn.end' } = { type: 'turn.end', turn: 1, reason: 'done', seconds: 2 };
const says = (text: string, more: Partial<LoggedEvent & { type: 'assistant' }> = {}): LoggedEvent => ({
  type: 'assistant',
  agent: 'coding',
  text,
  calls: [],
  finish: 'stop',
  model: 'm',
  ...more,
});
const words = { rule: 'A rule.', evidence: 'It did.', say: 'Do not.' };
const start = (call: string): LoggedEvent => ({
  type: 'tool.start',
  call,
  tool: 'bash',
  title,
  effects: [],
  verdict,
  origin: 'model',
});
const done = (call: string, more: Partial<LoggedEvent & { type: 'tool.end' }> = {}): LoggedEvent => ({
  type: 'tool.end',
  call,
  tool: 'bash',
  outcome: 'ok',
  text: 'all of it',
  summary: 'exit 0',
  origin: 'model',
  ...more,
});
const ask = (call: string): LoggedEvent => ({
  type: 'ask',
  ask: `ask-${call}`,
  call,
  tool: 'bash',
  title,
  effects: [],
  verdict: { ...verdict, decision: 'ask' },
  preview: { kind: 'command', text: 'npm test' },
  folder: 'shop',
});

function view(...events: Event[]): ChatView {
  return fold(emptyChat, events);
}
const kinds = (of: ChatView): string[] => of.items.map((item) => item.kind);
const last = (of: ChatView): Item | undefined => of.items.at(-1);
function call(of: ChatView): CallItem {
  const found = of.items.find((item) => item.kind === 'call');
  if (found?.kind !== 'call') throw new Error('There is no call.');
  return found;
}

describe('a message being written', () => {
  it('grows with every delta and is replaced by the logged one', () => {
    const streaming = view(turn, { type: 'text', text: 'Hel' }, { type: 'text', text: 'lo' });
    expect(last(streaming)).toMatchObject({ kind: 'text', text: 'Hello', open: true });
    const logged = fold(streaming, [says('Hello there')]);
    expect(last(logged)).toMatchObject({ text: 'Hello there', open: false, key: last(streaming)?.key });
    expect(kinds(logged)).toEqual(['agent', 'text']);
  });

  it('begins with one snapshot for who comes in the middle of it', () => {
    const late = view(turn, { type: 'snapshot', text: 'Half', reasoning: 'why' }, { type: 'text', text: ' and half' });
    expect(last(late)).toMatchObject({ text: 'Half and half', reasoning: 'why' });
  });

  it('leaves nothing behind when it was only a call', () => {
    expect(kinds(view(turn, { type: 'text', text: '\n' }, says('\n', { finish: 'tool_calls' })))).toEqual(['agent']);
  });

  it('is found again when something else was said in between', () => {
    const problem = { code: 'x', message: 'm', advice: 'a' };
    const folded = view(
      turn,
      { type: 'text', text: 'Ha' },
      { type: 'error', problem },
      says('Half', { finish: 'failed' }),
    );
    expect(kinds(folded)).toEqual(['agent', 'text', 'error']);
    expect(folded.items[1]).toMatchObject({ text: 'Half', open: false });
  });

  it('is gone with the agent that wrote it, when another goes on', () => {
    const problem = { code: 'agent_crashed', message: 'm', advice: 'a' };
    const half = view(turn, { type: 'text', text: 'Ha' }, { type: 'error', problem });
    expect(kinds(fold(half, [{ type: 'turn.parked', why: 'ended' }]))).toEqual(['agent', 'error']);
  });

  it('says when it was cut off', () => {
    expect(last(view(turn, says('And so', { finish: 'length' })))).toMatchObject({ cut: true });
  });
});

describe('a call', () => {
  it('runs, writes, and ends', () => {
    const running = view(
      turn,
      start('a'),
      { type: 'output', call: 'a', text: 'one\n' },
      { type: 'output', call: 'a', text: 'two\n' },
    );
    expect(call(running)).toMatchObject({ state: 'running', output: 'one\ntwo\n' });
    expect(call(fold(running, [done('a')]))).toMatchObject({ state: 'ok', summary: 'exit 0', text: 'all of it' });
  });

  it('keeps only the end of a long output', () => {
    const long = view(
      turn,
      start('a'),
      { type: 'output', call: 'a', text: 'x'.repeat(OUTPUT_LIMIT) },
      { type: 'output', call: 'a', text: 'end' },
    );
    expect(call(long).output).toHaveLength(OUTPUT_LIMIT);
    expect(call(long).output).toMatch(/end$/);
  });

  it('is one item from the question to the end', () => {
    const asked = view(turn, ask('a'));
    expect(openQuestion(asked)?.ask).toMatchObject({ id: 'ask-a', grant: null });
    const answered = fold(asked, [{ type: 'answer', ask: 'ask-a', answer: 'chat', by: 'client' }]);
    expect(openQuestion(answered)).toBeUndefined();
    expect(call(answered).state).toBe('answered');
    const ended = fold(answered, [start('a'), done('a')]);
    expect(kinds(ended)).toEqual(['agent', 'call']);
    expect(call(ended)).toMatchObject({ state: 'ok', answer: { answer: 'chat', by: 'client' } });
  });

  it('says why it was rejected', () => {
    const rejected = view(
      turn,
      ask('a'),
      { type: 'answer', ask: 'ask-a', answer: 'reject', reason: 'no', by: 'client' },
      done('a', { outcome: 'denied' }),
    );
    expect(call(rejected)).toMatchObject({ state: 'denied', answer: { reason: 'no' } });
  });

  it('is shown even when it never began', () => {
    expect(call(view(turn, done('a', { outcome: 'invalid' })))).toMatchObject({ state: 'invalid', title: null });
  });

  it('may have the id of an earlier one', () => {
    const twice = view(turn, start('call_0'), done('call_0'), start('call_0'), {
      type: 'output',
      call: 'call_0',
      text: 'new',
    });
    expect(twice.items.filter((item) => item.kind === 'call')).toMatchObject([
      { state: 'ok', output: '' },
      { state: 'running', output: 'new' },
    ]);
  });

  it('is undone, or says why it was not', () => {
    const change = { path: 'a.ts', before: 'x', after: 'y', added: 1, removed: 1, diff: '' };
    const changed = view(turn, start('a'), done('a', { change }));
    const undone = fold(changed, [{ type: 'undo', call: 'a', path: 'a.ts', done: false, reason: 'changed since' }]);
    expect(call(undone).undo).toEqual({ done: false, reason: 'changed since' });
    expect(call(fold(undone, [{ type: 'undo', call: 'a', path: 'a.ts', done: true }])).undo?.done).toBe(true);
  });
});

describe('a turn', () => {
  it('says what it does until something else says it', () => {
    const activity = (...events: Event[]): unknown => view(user('hi'), turn, ...events).activity;
    expect(activity()).toEqual({ kind: 'working' });
    expect(activity({ type: 'waiting', ahead: 2 })).toEqual({ kind: 'waiting', ahead: 2 });
    expect(activity({ type: 'engine.wait', text: 'Loading' })).toEqual({ kind: 'engine', text: 'Loading' });
    expect(activity({ type: 'reading', done: 1, total: 3, cached: 0 })).toMatchObject({ kind: 'reading', done: 1 });
    expect(activity({ type: 'reading', done: 1, total: 3, cached: 0 }, { type: 'text', text: 'x' })).toBeNull();
    expect(activity({ type: 'call', name: 'bash', characters: 9 })).toEqual({
      kind: 'drafting',
      tool: 'bash',
      characters: 9,
    });
    expect(activity(ask('a'))).toBeNull();
    expect(activity(start('a'), done('a'))).toEqual({ kind: 'working' });
    expect(activity(end)).toBeNull();
  });

  it('ends with its figures and all that was said in it', () => {
    const ended = view(turn, says('First.', { finish: 'tool_calls' }), start('a'), done('a'), says('Then.'), {
      ...end,
      read: 10,
      prompt: 90,
      perSecond: 4,
    });
    expect(last(ended)).toMatchObject({ kind: 'turn', read: 10, prompt: 90, perSecond: 4, text: 'First.\n\nThen.' });
    expect(ended.running).toBe(false);
  });

  it('ends with what the agent said last, whatever a policy says behind it', () => {
    const note: LoggedEvent = { type: 'interjection', interjection: 'i', policy: 'p', grade: 'note', ...words };
    const error: LoggedEvent = { type: 'error', problem: { code: 'p', message: 'It floods.', advice: 'Wait.' } };
    const texts = (...events: Event[]) =>
      view(turn, ...events).items.flatMap((item) => (item.kind === 'text' ? [item.ends] : []));
    expect(texts(says('First.'), start('a'), done('a'), says('Then.'), note, error, end)).toEqual([null, 'coding']);
    expect(texts(says('First.'), start('a'), done('a'), end)).toEqual([null]);
    expect(texts(says('First.'), note, { ...end, reason: 'cancelled' })).toEqual([null]);
  });

  it('leaves nothing running behind', () => {
    const ended = view(
      turn,
      start('a'),
      ask('b'),
      { type: 'text', text: 'Ha' },
      {
        ...end,
        reason: 'failed',
      },
    );
    expect(ended.items.map((item) => (item.kind === 'call' ? item.state : item.kind))).toEqual([
      'agent',
      'unknown',
      'cancelled',
      'text',
      'turn',
    ]);
    expect(ended.items.some((item) => item.kind === 'text' && item.open)).toBe(false);
    expect(openQuestion(ended)).toBeUndefined();
  });

  it('keeps the usage and the speed of the last model call', () => {
    const usage = { prompt: 100, completion: 20, context: 4096 };
    const used = view(turn, says('a', { usage, times: { queue: 0, total: 9, perSecond: 33 } }), says('b'));
    expect(used).toMatchObject({ usage, perSecond: 33 });
  });
});

describe('waiting messages', () => {
  const put = (item: string, lane: 'steer' | 'follow-up'): LoggedEvent => ({
    type: 'inbox.put',
    item,
    lane,
    text: item,
    asks: 'client',
  });

  it('leave the queue when they are read or begin their turn', () => {
    const queued = view(turn, put('a', 'steer'), put('b', 'follow-up'));
    expect(queued.queue.map(({ item }) => item)).toEqual(['a', 'b']);
    const later = fold(queued, [{ type: 'steered', item: 'a', text: 'a' }, end, user('b', 'b')]);
    expect(later.queue).toEqual([]);
    expect(said(later)).toEqual(['b', 'a']);
  });

  it('stand behind the task of a child, also steers, and wherever they are moved', () => {
    const task: LoggedEvent = { type: 'inbox.put', item: 't', lane: 'follow-up', text: 't', asks: 'deny', task: true };
    const moved: LoggedEvent = { type: 'inbox.change', item: 'b', before: 't' };
    const { queue } = view(task, put('a', 'steer'), put('b', 'follow-up'), moved);
    expect(queue.map(({ item }) => item)).toEqual(['t', 'a', 'b']);
  });
});

describe('an interjection', () => {
  const made = (id: string, grade: Grade): LoggedEvent => ({
    type: 'interjection',
    interjection: id,
    policy: 'mine',
    grade,
    rule: 'Mine.',
    evidence: 'Seen.',
    say: 'Mind it.',
  });
  const decided = (id: string, answer: 'withdraw' | 'continue' | 'mute'): Event => ({
    type: 'interjection.answer',
    interjection: id,
    answer,
  });

  it('that pauses holds the chat until the person decides or the turn is over', () => {
    const paused = view(user('hi'), turn, made('a', 'pause'));
    expect(pauseOf(paused)).toMatchObject({ id: 'a', evidence: 'Seen.' });
    expect(pauseOf(fold(paused, [decided('a', 'continue')]))).toBeUndefined();
    expect(pauseOf(fold(paused, [decided('a', 'withdraw')]))).toBeUndefined();
    expect(pauseOf(fold(paused, [end]))).toBeUndefined();
    expect(pauseOf(view(user('hi'), turn, made('a', 'note')))).toBeUndefined();
  });

  it('is taken back alone, and muted with all of its policy', () => {
    const { items } = view(
      user('hi'),
      turn,
      made('a', 'note'),
      made('b', 'note'),
      decided('a', 'withdraw'),
      decided('a', 'mute'),
    );
    expect(items.filter((item) => item.kind === 'interjection')).toMatchObject([
      { id: 'a', answer: 'withdraw', muted: true },
      { id: 'b', answer: null, muted: true },
    ]);
  });
});

it('shares every item that did not change with the view before', () => {
  const before = view(user('hi'), turn, start('a'), done('a'), { type: 'text', text: 'x' });
  const after = fold(before, [{ type: 'text', text: 'y' }]);
  expect(after.items.slice(0, -1).every((item, at) => item === before.items[at])).toBe(true);
  expect(after.items.at(-1)).not.toBe(before.items.at(-1));
  expect(before.items.at(-1)).toMatchObject({ text: 'x' });
});

it('folds the same in one go as one by one', () => {
  const events: Event[] = [
    user('hi'),
    turn,
    { type: 'text', text: 'x' },
    says('xy'),
    ask('a'),
    { type: 'answer', ask: 'ask-a', answer: 'once', by: 'client' },
    start('a'),
    done('a'),
    end,
  ];
  expect(events.reduce((so, event) => fold(so, [event]), emptyChat)).toEqual(view(...events));
});
