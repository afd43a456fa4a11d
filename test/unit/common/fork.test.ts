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

it('what was undone after an answer comes with it', () => {
  const undo: LoggedEvent = { type: 'undo', call: 'k', path: 'a', done: true };
  expect(forked([chat, user('one'), end, undo], { answer: 1 })).toEqual([user('one'), end, undo]);
});
