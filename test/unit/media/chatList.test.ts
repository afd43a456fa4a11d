import { describe, expect, it } from 'vitest';
import { groupChats } from '../../../media/chatList.ts';
import type { ChatSummary } from '../../../src/common/protocol.ts';

describe('the list of chats', () => {
  const now = new Date(2026, 10, 21, 12, 0).getTime();
  const chat = (id: string, state: ChatSummary['state'], updated: number, title = id): ChatSummary => ({
    id,
    title,
    state,
    updated,
    agent: 'coding',
    workspace: { roots: [], trusted: true },
    turns: 1,
    changes: 0,
    detail: '',
    live: false,
    queued: 0,
    created: 0,
  });
  const chats = [
    chat('old', 'idle', now - 1e9),
    chat('today', 'failed', now - 1000, 'Fix the cart'),
    chat('run', 'running', now),
    chat('wait', 'waiting', now - 5000),
  ];

  it('has the live ones first, those that wait for the person before the others', () => {
    expect(groupChats(chats, '', now).map((group) => [group.name, ...group.chats.map(({ id }) => id)])).toEqual([
      ['Live', 'wait', 'run'],
      ['Today', 'today'],
      ['Older', 'old'],
    ]);
  });

  it('is filtered by the words of the title', () => {
    expect(groupChats(chats, ' CART fix', now)).toMatchObject([{ name: 'Today', chats: [{ id: 'today' }] }]);
    expect(groupChats(chats, 'nothing', now)).toEqual([]);
  });
});
