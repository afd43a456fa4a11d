import { describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../../../src/common/events.ts';
import { inboxOf } from '../../../src/common/inbox.ts';
import { decided, openAsks, repairs, turnOpen } from '../../../src/common/repair.ts';

const user: LoggedEvent = { type: 'user', text: 'go', agent: 'coding', asks: 'client' };
const title = { kind: 'run', verb: 'Run', object: 'npm test' } as const;
const verdict = { decision: 'ask', rule: 'r', reason: 'It runs.' } as const;
const says: LoggedEvent = {
  type: 'assistant',
  agent: 'coding',
  text: '',
  calls: [
    { id: 'k1', name: 'bash', arguments: '{}' },
    { id: 'k2', name: 'file_read', arguments: '{}' },
  ],
  finish: 'tool_calls',
  model: 'm',
};
const started: LoggedEvent = {
  type: 'tool.start',
  call: 'k1',
  tool: 'bash',
  title,
  effects: [{ kind: 'execute', command: 'npm test' }],
  verdict,
  origin: 'model',
};
const ask: LoggedEvent = {
  type: 'ask',
  ask: 'a1',
  call: 'k1',
  tool: 'bash',
  title,
  effects: [],
  verdict,
  preview: { kind: 'command', text: 'npm test' },
  folder: 'w',
};
const end: LoggedEvent = { type: 'turn.end', turn: 1, reason: 'done', seconds: 1 };
const ending = { partial: undefined, reason: 'failed', worked: 2000 } as const;

describe('closing a turn whose agent is gone', () => {
  it('answers every call: what ran is of unknown outcome, what did not begin is skipped', () => {
    const events = repairs([user, says, started], ending);
    expect(events.map((event) => (event.type === 'tool.end' ? [event.call, event.outcome] : event.type))).toEqual([
      ['k1', 'unknown'],
      ['k2', 'skipped'],
      'turn.end',
    ]);
    expect(turnOpen([user, says, started, ...events])).toBe(false);
  });

  it('answers what was asked and keeps what was said', () => {
    const partial = { text: 'I will', reasoning: '' };
    const events = repairs([user, ask], { ...ending, partial });
    expect(events.map((event) => event.type)).toEqual(['assistant', 'answer', 'turn.end']);
    expect(openAsks([user, ask, ...events])).toEqual([]);
  });

  it('does nothing when no turn is open', () => {
    expect(repairs([user, end], ending)).toEqual([]);
  });
});

describe('what the person decided in the last moment', () => {
  const yes: LoggedEvent = { type: 'answer', ask: 'a1', answer: 'once', by: 'client' };
  const stopped: LoggedEvent = { type: 'answer', ask: 'a1', answer: 'reject', by: 'cancel' };
  const resumed: LoggedEvent = { type: 'turn.resumed' };
  const times = (count: number, event: LoggedEvent): LoggedEvent[] => Array.from({ length: count }, () => event);
  const ran: LoggedEvent = {
    type: 'tool.end',
    call: 'k1',
    tool: 'bash',
    outcome: 'ok',
    text: '',
    summary: '',
    origin: 'model',
  };
  const pause: LoggedEvent = {
    type: 'interjection',
    interjection: 'i1',
    policy: 'p',
    grade: 'pause',
    rule: 'r',
    evidence: 'It did.',
    say: 'Do not.',
  };
  const lifted: LoggedEvent = { type: 'interjection.answer', interjection: 'i1', answer: 'continue' };
  const told: LoggedEvent = { type: 'interjected', interjection: 'i1', what: 'made', text: 'Do not.' };

  it.each<[string, boolean, LoggedEvent[]]>([
    ['an answer that nothing came of', true, [says, ask, yes]],
    ['an answer with a call that began', false, [says, ask, yes, started]],
    ['an answer with a call that ended', false, [says, ask, yes, started, ran]],
    ['a stop', false, [says, ask, stopped]],
    ['an answer of a turn that is over', false, [says, ask, yes, end]],
    ['a pause that was lifted', true, [says, started, ran, pause, lifted]],
    ['one of which the agent was told', true, [says, started, ran, pause, lifted, told]],
    ['one that was lifted while a command ran', false, [says, started, pause, lifted]],
    ['one that is muted and stands', false, [says, pause, { ...lifted, answer: 'mute' }]],
    ['a note that was taken back', false, [says, { ...pause, grade: 'note' }, { ...lifted, answer: 'withdraw' }]],
    ['what another agent was lost with', true, [says, ask, yes, ...times(5, resumed)]],
    ['what agents are lost with again and again', false, [says, ask, yes, ...times(6, resumed)]],
  ])('is still to be carried out: %s: %s', (_, still, events) => {
    expect(decided([user, ...events])).toBe(still);
  });
});

describe('the inbox', () => {
  const put = (item: string): LoggedEvent => ({
    type: 'inbox.put',
    item,
    lane: 'follow-up',
    text: item,
    asks: 'client',
  });
  it('holds what was put and not delivered', () => {
    const events: LoggedEvent[] = [
      put('a'),
      put('b'),
      put('c'),
      put('d'),
      { type: 'steered', item: 'b', text: 'b' },
      { ...user, item: 'a' },
    ];
    expect(inboxOf(events).map((event) => event.item)).toEqual(['c', 'd']);
  });

  it.each([
    ['a text', { item: 'b', text: 'better' }, 'a, b: better, c'],
    ['a lane', { item: 'b', lane: 'steer' as const }, 'b now, a, c'],
    ['a place', { item: 'c', before: 'a' }, 'c, a, b'],
    ['the last place', { item: 'a', before: null }, 'b, c, a'],
    ['a place before one that is gone', { item: 'a', before: 'z' }, 'b, c, a'],
    ['what is gone', { item: 'z', text: 'lost' }, 'a, b, c'],
  ])('changes %s', (_, change, reads) => {
    const items = inboxOf([put('a'), put('b'), put('c'), { type: 'inbox.change', ...change }]);
    const words = items.map(
      ({ item, text, lane }) => `${item}${lane === 'steer' ? ' now' : ''}${text === item ? '' : `: ${text}`}`,
    );
    expect(words.join(', ')).toBe(reads);
  });

  it('reads steers before what waits for the end of the turn, and each in its place', () => {
    const put = (item: string, lane: 'steer' | 'follow-up'): LoggedEvent => {
      return { type: 'inbox.put', item, lane, text: item, asks: 'client' };
    };
    const events = [put('a', 'follow-up'), put('b', 'steer'), put('c', 'follow-up'), put('d', 'steer')];
    expect(inboxOf(events).map(({ item }) => item)).toEqual(['b', 'd', 'a', 'c']);
    const later: LoggedEvent = { type: 'inbox.change', item: 'b', lane: 'follow-up', before: 'a' };
    expect(inboxOf([...events, later]).map(({ item }) => item)).toEqual(['d', 'b', 'a', 'c']);
    const down: LoggedEvent = { type: 'inbox.change', item: 'a', before: null };
    expect(inboxOf([...events, down]).map(({ item }) => item)).toEqual(['b', 'd', 'c', 'a']);
  });

  it('holds nothing that was withdrawn', () => {
    expect(inboxOf([put('a'), put('b'), { type: 'inbox.withdraw', item: 'a' }]).map(({ item }) => item)).toEqual(['b']);
  });
});
