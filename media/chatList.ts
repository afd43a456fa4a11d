import type { ChatSummary } from '../src/common/protocol.ts';
import { isToday } from './words.ts';

export interface ChatGroup {
  name: 'Live' | 'Today' | 'Older';
  chats: ChatSummary[];
}

/**
 * The list of chats: live ones first (those that wait for the person before the others), then by day, newest first.
 * `filter` looks for all its words in the title.
 */
export function groupChats(chats: readonly ChatSummary[], filter: string, now: number): ChatGroup[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const fitting = chats
    .filter((chat) => words.every((word) => chat.title.toLowerCase().includes(word)))
    .toSorted((a, b) => b.updated - a.updated);
  const isLive = (chat: ChatSummary): boolean => chat.state === 'running' || chat.state === 'waiting';
  const live = fitting.filter(isLive);
  const ids = new Set(chats.map(({ id }) => id));
  // Parts of the work of another chat stand there, unless they are live.
  const rest = fitting.filter((chat) => !isLive(chat) && (chat.parent === undefined || !ids.has(chat.parent)));
  const groups: ChatGroup[] = [
    { name: 'Live', chats: live.toSorted((a, b) => Number(b.state === 'waiting') - Number(a.state === 'waiting')) },
    { name: 'Today', chats: rest.filter((chat) => isToday(chat.updated, now)) },
    { name: 'Older', chats: rest.filter((chat) => !isToday(chat.updated, now)) },
  ];
  return groups.filter((group) => group.chats.length > 0);
}
