import { partsOf } from '../common/chatFacts.ts';
import type { HistoryHit } from '../common/history.ts';
import { type ChatSummary, TITLE_LIMIT } from '../common/protocol.ts';

/** How chats look as rows of a tree or a list; what is drawn with them is elsewhere. */
export interface Row {
  label: string;
  description: string;
  /** A codicon. */
  icon: string;
  tooltip: string;
}

/** Chats that have an agent, or will have one without the person doing anything more. */
export function liveChats(chats: readonly ChatSummary[]): ChatSummary[] {
  return chats.filter(({ live, queued, state }) => live || queued > 0 || state === 'running' || state === 'waiting');
}

/** Those that no other one of them has begun. */
export function topChats(chats: readonly ChatSummary[]): ChatSummary[] {
  const ids = new Set(chats.map(({ id }) => id));
  return chats.filter(({ parent }) => parent === undefined || !ids.has(parent));
}

/** A live chat: who works in it, and what at. */
export function agentRow(chat: ChatSummary): Row {
  const { title, agent, detail, queued, tokens, slot, state } = chat;
  const holds = { held: 'has a slot', waiting: 'waits for a slot' };
  const parts = [
    capital(agent),
    slot === undefined ? '' : holds[slot],
    queued === 0 ? '' : `${queued} queued`,
    tokens === undefined ? '' : `${tokens.toLocaleString('en')} tokens`,
  ];
  const icon = {
    running: 'loading~spin',
    waiting: 'bell-dot',
    failed: 'error',
    stopped: 'circle-slash',
    idle: 'circle-outline',
  };
  return { label: title, description: joined(parts), icon: icon[state], tooltip: joined([title, detail]) };
}

/** Chats by when something happened in them last; what is pinned first. Empty groups are left out. */
export function historyGroups(chats: readonly ChatSummary[], now: number): { label: string; chats: ChatSummary[] }[] {
  const today = new Date(now).setHours(0, 0, 0, 0);
  const week = today - 6 * 24 * 3600 * 1000;
  const rest = chats.filter(({ pinned }) => pinned !== true);
  return [
    { label: 'Pinned', chats: chats.filter(({ pinned }) => pinned === true) },
    { label: 'Today', chats: rest.filter(({ updated }) => updated >= today) },
    { label: 'Last seven days', chats: rest.filter(({ updated }) => updated < today && updated >= week) },
    { label: 'Earlier', chats: rest.filter(({ updated }) => updated < week) },
  ].filter((group) => group.chats.length > 0);
}

/** A chat of the past: when, and in which folder. `chats`: among which the one is that it goes on from. */
export function historyRow(chat: ChatSummary, now: number, chats: readonly ChatSummary[] = []): Row {
  const { title, workspace, detail, pinned, updated, from } = chat;
  const whole = chats.find(({ id }) => id === from);
  const icon = from === undefined ? 'comment-discussion' : 'repo-forked';
  const folder = folderName(workspace.roots[0] ?? '');
  return {
    label: title,
    description: joined([from === undefined ? '' : 'fork', when(updated, now), folder]),
    icon: pinned === true ? 'pinned' : icon,
    tooltip: joined([title, whole ? `goes on from “${whole.title}”` : '', workspace.roots.join(', '), detail]),
  };
}

/** Chats whose title has these words, each also as the beginning of a longer one; “in quotes” in this order. */
export function titled(chats: readonly ChatSummary[], text: string): ChatSummary[] {
  const wanted = [...text.matchAll(/["“”]([^"“”]*)["“”]|([^"“”\s]+)/g)]
    .map(([, phrase, word]) => plainWords(phrase ?? word ?? ''))
    .filter((words) => words !== '');
  if (wanted.length === 0) return [];
  return chats.filter(({ title }) => wanted.every((words) => ` ${plainWords(title)}`.includes(` ${words}`)));
}

function plainWords(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');
}

/** A message in which the words were found. */
export function hitRow(hit: HistoryHit, now: number): Row {
  const who = { user: 'You', assistant: 'Agent', tool: 'Result' };
  return {
    label: hit.text.replaceAll(/\s+/g, ' ').trim(),
    description: joined([hit.title, who[hit.role], when(Date.parse(hit.ts), now), folderName(hit.workspace)]),
    icon: hit.role === 'user' ? 'account' : 'hubot',
    tooltip: hit.title,
  };
}

/** 14:05 today, else 12 Nov, with the year where it is another one. */
export function when(time: number, now: number): string {
  const date = new Date(time);
  if (date.toDateString() === new Date(now).toDateString()) {
    return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  }
  const year = date.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const);
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year });
}

/** Why a chat cannot be called so. */
export function titleFault(text: string): string | undefined {
  const { length } = text.trim();
  if (length === 0) return 'A chat needs a name.';
  return length > TITLE_LIMIT ? `A name has at most ${TITLE_LIMIT} characters; this one has ${length}.` : undefined;
}

/** What is lost with a chat. */
export function deletion(chats: readonly ChatSummary[], id: string): string {
  const parts = partsOf(chats, id);
  if (parts.length === 0) return 'Its messages are removed for good; files that it changed stay as they are.';
  const work = parts.filter(({ queued, state }) => queued > 0 || state === 'running' || state === 'waiting');
  const which = parts.length === 1 ? 'the part' : `the ${parts.length} parts`;
  const stopped = work.length === 0 ? '' : ' Parts that are at work are stopped.';
  return `It is deleted with ${which} that it delegated, for good; files that they changed stay as they are.${stopped}`;
}

/** What a chat may be called as a file, without its ending. */
export function fileName(title: string): string {
  const words = title.replaceAll(/[^\p{L}\p{N} ._-]+/gu, ' ').split(' ');
  const name = words.map((word) => word.replaceAll(/^\.+|\.+$/g, '')).filter((word) => word !== '');
  return name.join(' ').slice(0, 60).trim() || 'chat';
}

function folderName(path: string): string {
  return /[^/\\]+(?=[/\\]*$)/.exec(path)?.[0] ?? path;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replaceAll(/[-_]/g, ' ');
}
