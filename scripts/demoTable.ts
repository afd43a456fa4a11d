import type { LoggedEvent } from '../src/common/events.ts';
import { readingOf } from '../src/common/reading.ts';

/** What became of one chat. */
export interface ChatFigures {
  title: string;
  /** Who spoke, in order. */
  agents: string[];
  /** Times that an agent handed over; who speaks next may be the person's choice too. */
  handOffs: number;
  /** Tasks that were given to chats of their own. */
  delegated: number;
  interjections: number;
  /** Milliseconds that its model calls waited for a slot, together. */
  wait: number;
  /** Tokens that were read again although the server had read them. */
  reread: number;
  turns: number;
  /** Every turn came to its end. */
  ended: boolean;
}

/** Why there are none of either. */
export const withFirstRun =
  'The first-run model is not offered hand_off and delegate: no chat hands over or delegates with it. Use --attach with a larger one (README.md, A model for real work).';

/** From the log of the chat, and nothing else. */
export function figuresOf(title: string, events: readonly LoggedEvent[]): ChatFigures {
  const answers = events.flatMap((event) => (event.type === 'assistant' ? [event] : []));
  const usages = answers.flatMap(({ usage }) => usage ?? []);
  const ends = events.flatMap((event) => (event.type === 'turn.end' ? [event.reason] : []));
  const agents = answers.map(({ agent }) => agent).filter((agent, at, all) => agent !== all[at - 1]);
  return {
    title,
    agents,
    handOffs: events.filter((event) => event.type === 'tool.end' && event.handOff !== undefined).length,
    delegated: events.filter(({ type }) => type === 'child').length,
    interjections: events.filter(({ type }) => type === 'interjection').length,
    wait: answers.reduce((sum, { times }) => sum + (times?.queue ?? 0), 0),
    reread: usages.reduce((sum, usage, at) => sum + readingOf(usage, usages[at - 1]).reread, 0),
    turns: ends.length,
    ended: ends.length > 0 && ends.every((reason) => reason === 'done'),
  };
}

/** A line for each chat, below a head. */
export function table(chats: readonly ChatFigures[]): string[] {
  const head = [
    'chat',
    'agents',
    'turns',
    'hand-offs',
    'delegated',
    'interjections',
    'queue wait',
    'tokens re-read',
    '',
  ];
  const rows = chats.map(({ title, agents, turns, handOffs, delegated, interjections, wait, reread, ended }) => [
    title.length > 44 ? `${title.slice(0, 43)}…` : title,
    agents.join(' → '),
    `${turns}`,
    `${handOffs}`,
    `${delegated}`,
    `${interjections}`,
    `${(wait / 1000).toFixed(1)} s`,
    `${reread}`,
    ended ? '' : 'not done',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const isText = (column: number): boolean => column < 2 || column === head.length - 1;
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
