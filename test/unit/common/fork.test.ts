import { expect, it } from 'vitest';
import type { LoggedEvent } from '../../../src/common/events.ts';
import { forked } from '../../../src/common/fork.ts';

const chat: LoggedEvent = {
  type: 'chat',
  id: 'c',
  agent: 'coding',
  workspace: { roots: [], trusted: true },
  mark: 'm',
  title: 't',
  facts: '',
};
const user = (text: string): LoggedEvent => ({ type: 'user', text, agent: 'coding', asks: 'client' });
const end: LoggedEvent = { type: 'turn.end', turn: 1, reason: 'done', seconds: 1 };
const put: LoggedEvent = { type: 'inbox.put', item: 'i', lane: 'steer', text: 'later', asks: 'client' };
const events = [chat, user('one'), put, end, user('two'), end, user('three')];

const said = (message?: number, answer?: number): string[] | undefined =>
  forked(events, { message, answer })?.map((event) => (event.type === 'user' ? event.text : event.type));

it('a new chat begins with what came before a message, and takes nothing out of the inbox', () => {
  expect(said(1)).toEqual([]);
  expect(said(2)).toEqual(['one', 'turn.end']);
  expect(said(3)).toEqual(['one', 'turn.end', 'two', 'turn.end']);
  expect(said(4)).toBeUndefined();
});

it('without a message it begins with all turns that came to an end', () => {
  expect(said()).toEqual(['one', 'turn.end', 'two', 'turn.end']);
  expect(forked([chat, user('one')], {})).toEqual([]);
});

it('a new chat begins with all up to an answer, and there is none where the turn has not ended', () => {
  expect(said(undefined, 1)).toEqual(['one', 'turn.end']);
  expect(said(undefined, 2)).toEqual(['one', 'turn.end', 'two', 'turn.end']);
  expect(said(undefined, 3)).toBeUndefined();
  expect(said(undefined, 4)).toBeUndefined();
});

it('a new chat begins before a message that was sent meanwhile: the turn ends there, and what had not begun is not done', () => {
  const calls = ['a', 'b'].map((id) => ({ id, name: 'bash', arguments: '{}' }));
  const asked: LoggedEvent = { type: 'assistant', agent: 'coding', text: '', calls, finish: 'tool_calls', model: 'm' };
  const done = (call: string): LoggedEvent => ({
    type: 'tool.end',
    call,
    tool: 'bash',
    outcome: 'ok',
    text: 'done',
    summary: '',
    origin: 'model',
  });
  const steered: LoggedEvent = { type: 'steered', item: 'i', text: 'Not so.', call: 'a' };
  const chatOf = [chat, user('one'), asked, done('a'), steered, done('b'), end, user('two')];
  const made = forked(chatOf, { steer: 1 });
  expect(made?.slice(0, 3)).toEqual([user('one'), asked, done('a')]);
  expect(made?.slice(3)).toMatchObject([
    { type: 'tool.end', call: 'b', outcome: 'skipped' },
    { type: 'turn.end', turn: 1, reason: 'cancelled', seconds: 0 },
  ]);
  expect(forked(chatOf, { steer: 2 })).toBeUndefined();
});

it('what was undone after an answer comes with it', () => {
  const undo: LoggedEvent = { type: 'undo', call: 'k', path: 'a', done: true };
  expect(forked([chat, user('one'), end, undo], { answer: 1 })).toEqual([user('one'), end, undo]);
});
