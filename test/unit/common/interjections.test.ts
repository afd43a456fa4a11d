import { describe, expect, it } from 'vitest';
import type { Grade, LoggedEvent } from '../../../src/common/events.ts';
import { type Boundary, muted, pause, tellings, unacknowledged } from '../../../src/common/interjections.ts';
import { summarise } from '../../../src/common/summary.ts';

const user: LoggedEvent = { type: 'user', text: 'Go.', agent: 'coding', asks: 'client' };
const end: LoggedEvent = { type: 'turn.end', turn: 1, reason: 'done', seconds: 1 };
const made = (interjection: string, grade: Grade): LoggedEvent => ({
  type: 'interjection',
  interjection,
  policy: 'mine',
  grade,
  rule: 'Mine.',
  evidence: `Seen ${interjection}.`,
  say: `Mind ${interjection}.`,
});
const told = (interjection: string, call?: string): LoggedEvent => ({
  type: 'interjected',
  interjection,
  what: 'made',
  text: 'Mind it.',
  ...(call === undefined ? {} : { call }),
});
const decided = (interjection: string, answer: 'withdraw' | 'continue' | 'mute'): LoggedEvent => ({
  type: 'interjection.answer',
  interjection,
  answer,
});
const says = (text: string, ...calls: string[]): LoggedEvent => ({
  type: 'assistant',
  agent: 'coding',
  text,
  calls: calls.map((id) => ({ id, name: 'bash', arguments: '{}' })),
  finish: calls.length > 0 ? 'tool_calls' : 'stop',
  model: 'm',
});
const what = (events: LoggedEvent[], boundary: Boundary) =>
  tellings(events, boundary).map((each) => `${each.interjection} ${each.what}`);

describe('what an agent is told', () => {
  it('waits for a boundary that has room for it: a note does not keep a turn from ending', () => {
    const events = [user, made('a', 'note'), says('Done.')];
    expect(what(events, 'step')).toEqual(['a made']);
    expect(what(events, 'end')).toEqual([]);
    expect(what([...events, end, user], 'start')).toEqual(['a made']);
    expect(what([...events, made('b', 'acknowledge')], 'end')).toEqual(['a made', 'b made']);
  });

  it('is told once, and never when it was taken back before', () => {
    expect(what([user, made('a', 'note'), told('a')], 'step')).toEqual([]);
    expect(what([user, made('a', 'note'), decided('a', 'withdraw')], 'step')).toEqual([]);
    expect(what([user, made('a', 'note'), told('a'), decided('a', 'withdraw')], 'step')).toEqual(['a withdrawn']);
  });

  it('may go on after it acknowledged in the middle of its work, once', () => {
    const events = [user, says('', 'k'), made('a', 'acknowledge'), told('a', 'k'), says('I see.')];
    expect(what(events, 'end')).toEqual(['a go-on']);
    const on: LoggedEvent = { type: 'interjected', interjection: 'a', what: 'go-on', text: 'Go on.' };
    expect(what([...events, on, says('Done.')], 'end')).toEqual([]);
    expect(what([...events, made('b', 'pause'), decided('b', 'continue')], 'end')).toEqual(['a go-on']);
    expect(what([...events, made('b', 'pause'), decided('b', 'continue'), on], 'end')).toEqual([]);
    // It was told after an answer: the answer to it is the end.
    expect(what([user, says('ERROR'), made('a', 'acknowledge'), told('a'), says('I see.')], 'end')).toEqual([]);
  });

  it('is told with the next message what a stop said, unless the person took it back', () => {
    const stopped = [user, made('a', 'stop'), end, user];
    expect(what(stopped, 'start')).toEqual(['a made']);
    expect(tellings(stopped, 'start')[0]?.text).toBe('The supervisor of this chat stopped the turn: Mind a.');
    expect(what([...stopped, told('a')], 'step')).toEqual([]);
    expect(what([...stopped.slice(0, -1), decided('a', 'withdraw'), user], 'start')).toEqual([]);
  });
});

describe('what must be acknowledged', () => {
  const asked = [user, made('a', 'acknowledge')];

  it.each([
    ['before it was told', asked, 1],
    ['by words that came before', [user, says('I see.'), ...asked.slice(1), told('a')], 1],
    ['by a call', [...asked, told('a'), says('I see.', 'k')], 1],
    ['by nothing', [...asked, told('a'), says(' ')], 1],
    ['by words', [...asked, told('a'), says('I see.')], 0],
    ['by the person, who took it back', [...asked, decided('a', 'withdraw')], 0],
    ['when it is a note', [user, made('a', 'note')], 0],
  ])('%s', (_, events, open) => expect(unacknowledged(events)).toHaveLength(open));
});

describe('a pause', () => {
  it('holds until the person decides, and no longer than its turn', () => {
    const paused = [user, made('a', 'pause')];
    expect(pause(paused)).toMatchObject({ interjection: 'a' });
    expect(pause([...paused, decided('a', 'continue')])).toBeUndefined();
    expect(pause([...paused, decided('a', 'withdraw')])).toBeUndefined();
    expect(pause([...paused, end])).toBeUndefined();
    expect(pause([...paused, end, user])).toBeUndefined();
    expect(pause([...paused, made('b', 'pause'), decided('a', 'continue')])).toMatchObject({ interjection: 'b' });
  });

  it('is none where nobody is there to lift it', () => {
    expect(pause([{ ...user, asks: 'deny' }, made('a', 'pause')])).toBeUndefined();
  });

  it('is what the list of chats says', () => {
    expect(summarise([user, made('a', 'pause')], 0, 0)).toMatchObject({
      state: 'waiting',
      detail: 'paused by the supervisor: Seen a.',
    });
  });
});

it('a muted policy is known by its name', () => {
  expect(muted([user, made('a', 'note'), decided('a', 'mute')])).toEqual(new Set(['mine']));
  expect(muted([user, made('a', 'note'), decided('a', 'withdraw')])).toEqual(new Set());
});
