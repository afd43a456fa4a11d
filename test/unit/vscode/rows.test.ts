import { describe, expect, it } from 'vitest';
import type { ChatSummary } from '../../../src/common/protocol.ts';
import {
  agentRow,
  deletion,
  fileName,
  historyGroups,
  historyRow,
  hitRow,
  liveChats,
  titled,
  titleFault,
  topChats,
} from '../../../src/vscode/rows.ts';

const now = new Date(2026, 10, 21, 12, 0).getTime();
const day = 24 * 3600 * 1000;
const chat = (id: string, more: Partial<ChatSummary> = {}): ChatSummary => ({
  id,
  title: id,
  state: 'idle',
  updated: now,
  agent: 'coding',
  workspace: { roots: ['/home/ada/shop'], trusted: true },
  turns: 1,
  changes: 0,
  detail: '1 turn · no changes',
  live: false,
  queued: 0,
  created: 0,
  ...more,
});

describe('a live chat', () => {
  it('has an agent, or will have one by itself', () => {
    const chats = [
      chat('past'),
      chat('idle', { live: true }),
      chat('queued', { queued: 1 }),
      chat('running', { state: 'running' }),
      chat('asks', { state: 'waiting' }),
    ];
    expect(liveChats(chats).map(({ id }) => id)).toEqual(['idle', 'queued', 'running', 'asks']);
  });

  it('stands below the one that has begun it, while that is there', () => {
    const chats = [chat('whole'), chat('part', { parent: 'whole' }), chat('left', { parent: 'gone' })];
    expect(topChats(chats).map(({ id }) => id)).toEqual(['whole', 'left']);
  });

  it('says who works, whether it has a slot, what waits and how long it is', () => {
    const row = agentRow(
      chat('Fix it', { agent: 'code-review', slot: 'waiting', queued: 2, tokens: 3400, state: 'running' }),
    );
    expect(row).toMatchObject({
      label: 'Fix it',
      description: 'Code review · waits for a slot · 2 queued · 3,400 tokens',
      icon: 'loading~spin',
    });
    expect(agentRow(chat('a')).description).toBe('Coding');
    expect(agentRow(chat('a', { slot: 'held' })).description).toBe('Coding · has a slot');
  });
});

describe('the history', () => {
  it('is in groups by the day, with what is pinned above', () => {
    const chats = [
      chat('pinned', { pinned: true, updated: 0 }),
      chat('now'),
      chat('yesterday', { updated: now - day }),
      chat('long ago', { updated: now - 30 * day }),
    ];
    const groups = historyGroups(chats, now).map(
      (group) => `${group.label}: ${group.chats.map(({ id }) => id).join()}`,
    );
    expect(groups).toEqual(['Pinned: pinned', 'Today: now', 'Last seven days: yesterday', 'Earlier: long ago']);
    expect(historyGroups([], now)).toEqual([]);
  });

  it('says when and where', () => {
    expect(historyRow(chat('a', { updated: now - 3 * day }), now).description).toBe('18 Nov · shop');
    expect(historyRow(chat('a', { updated: now - 400 * day }), now).description).toBe('17 Oct 2025 · shop');
    expect(historyRow(chat('a'), now).description).toBe('12:00 · shop');
    expect(historyRow(chat('a', { pinned: true }), now).icon).toBe('pinned');
  });

  it('that goes on from another says so, and from which', () => {
    const fork = chat('a', { from: 'b' });
    expect(historyRow(fork, now)).toMatchObject({ icon: 'repo-forked', description: 'fork · 12:00 · shop' });
    expect(historyRow(fork, now, [chat('b', { title: 'The cart' })]).tooltip).toContain('goes on from “The cart”');
  });

  it('shows a message in which words were found, in one line', () => {
    const ts = new Date(now).toISOString();
    const hit = { chat: 'a', title: 'The cart', workspace: '/home/ada/shop', role: 'assistant', ts } as const;
    expect(hitRow({ ...hit, text: 'It\n rounds', matches: [] }, now)).toMatchObject({
      label: 'It rounds',
      description: 'The cart · Agent · 12:00 · shop',
    });
  });
});

it.each([
  ['Cart total ignores discounts', 'Cart total ignores discounts'],
  ['Explain src/cart.ts: why?', 'Explain src cart.ts why'],
  ['../../etc/passwd', 'etc passwd'],
  ['???', 'chat'],
  ['x'.repeat(100), 'x'.repeat(60)],
])('%s is written to a file named %s', (title, name) => expect(fileName(title)).toBe(name));

it('a chat needs a name that is not too long', () => {
  expect(titleFault('  ')).toBe('A chat needs a name.');
  expect(titleFault(` ${'x'.repeat(200)} `)).toBeUndefined();
  expect(titleFault('x'.repeat(201))).toBe('A name has at most 200 characters; this one has 201.');
});

describe('a search', () => {
  const chats = [chat('a', { title: 'Moved the cart' }), chat('b', { title: 'Cart totals' }), chat('c')];
  const found = (text: string) => titled(chats, text).map(({ id }) => id);

  it('also finds chats by what they are called, by the beginnings of words', () => {
    expect(found('cart')).toEqual(['a', 'b']);
    expect(found('TOT car')).toEqual(['b']);
    expect(found('art')).toEqual([]);
    expect(found('cart stolen')).toEqual([]);
    expect(found(' , ')).toEqual([]);
  });

  it('finds what stands in quotes in this order', () => {
    expect(found('"the cart"')).toEqual(['a']);
    expect(found('“cart the”')).toEqual([]);
  });
});

it('who deletes a chat is told what goes with it', () => {
  const chats = [chat('a'), chat('b', { parent: 'a' }), chat('c', { parent: 'b' }), chat('d')];
  const files = 'files that they changed stay as they are.';
  expect(deletion(chats, 'd')).toBe('Its messages are removed for good; files that it changed stay as they are.');
  expect(deletion(chats, 'b')).toBe(`It is deleted with the part that it delegated, for good; ${files}`);
  expect(deletion(chats, 'a')).toBe(`It is deleted with the 2 parts that it delegated, for good; ${files}`);
  expect(deletion([...chats, chat('e', { parent: 'a', state: 'waiting' })], 'a')).toBe(
    `It is deleted with the 3 parts that it delegated, for good; ${files} Parts that are at work are stopped.`,
  );
});
