import type { LoggedEvent } from './events.ts';

/**
 * Milliseconds that a turn has worked: what it waited for the person, with an open question, paused or parked, does not
 * count, nor does the time before it was parked because its agent, or Drover, was gone.
 *
 * @param turn its events, from its message on
 * @param times when each was logged
 */
export function workingTime(turn: readonly LoggedEvent[], times: readonly number[], now: number): number {
  const open = new Set<string>();
  let worked = 0;
  for (const [at, event] of turn.entries()) {
    follow(open, event);
    const next = turn[at + 1];
    const gone = next?.type === 'turn.parked' && next.why === 'ended';
    if (open.size === 0 && !gone) worked += Math.max(0, (times[at + 1] ?? now) - (times[at] ?? now));
  }
  return worked;
}

/** What the turn waits for, behind this event. */
function follow(open: Set<string>, event: LoggedEvent): void {
  if (event.type === 'ask') open.add(event.ask);
  if (event.type === 'answer') open.delete(event.ask);
  if (event.type === 'interjection' && event.grade === 'pause') open.add(event.interjection);
  if (event.type === 'interjection.answer' && event.answer !== 'mute') open.delete(event.interjection);
  if (event.type === 'turn.parked') open.add(event.type);
  if (event.type === 'turn.resumed') open.delete('turn.parked');
}
