import { resolve, sep } from 'node:path';
import type { LoggedEvent } from '../src/common/events.ts';
import { turnOpen, turnParked } from '../src/common/repair.ts';
import { summarise } from '../src/common/summary.ts';
import type { LogRecord } from './eventLog.ts';
import type { PolicyView } from './policies/policy.ts';

/** What policies were shown at the time, as far as the log of a chat tells. */

/** Problems that the supervisor itself puts into a chat. */
const ofSupervisor = new Set([
  'agent_crashed',
  'supervisor_ended',
  'log_torn',
  'log_changed',
  'policy_failed',
  'policy_floods',
]);

/**
 * Whether policies were shown an event: not what the supervisor itself notes, and not what a stop or a crash tidied up
 * (see `repairs`).
 *
 * @param before the events before it, without those of policies
 */
export function shown(event: LoggedEvent, before: readonly LoggedEvent[]): boolean {
  switch (event.type) {
    case 'error':
      return !ofSupervisor.has(event.problem.code);
    case 'assistant':
      return event.model !== '';
    case 'answer':
      return event.by !== 'cancel';
    case 'tool.end':
      return event.outcome !== 'unknown' && !(event.outcome === 'skipped' && lost.test(event.text));
    case 'inbox.put':
      return turnOpen(before);
    case 'turn.end':
      return event.reason === 'done' || endedByAgent(event.reason, before);
    default:
      return true;
  }
}

/** What a call says that was lost with its agent before it ran. */
const lost = /^Not (?:run|read): the agent process ended before it\.$/;

/** An agent that fails says why right before; one that was stopped leaves nothing to tidy up. */
function endedByAgent(reason: 'cancelled' | 'failed', before: readonly LoggedEvent[]): boolean {
  const at = before.findLastIndex((event) => event.type !== 'error' || !event.problem.code.startsWith('policy_'));
  const last = before[at];
  if (last === undefined || turnParked(before) || !shown(last, before.slice(0, at))) return false;
  return reason === 'cancelled' || last.type === 'error';
}

/** A recorded chat as others saw it: its turns, and what each changed when. Times in milliseconds since 1970. */
export interface Work {
  id: string;
  title: string;
  turns: { from: number; to: number; writes: { at: number; path: string }[] }[];
}

export function workOf(records: readonly LogRecord[]): Work {
  const events = records.map(({ event }) => event);
  const { id, title, workspace } = summarise(events, 0, 0);
  const turns: Work['turns'] = [];
  for (const { at, event } of records) {
    const turn = turns.at(-1);
    if (event.type === 'user') turns.push({ from: at, to: Infinity, writes: [] });
    if (event.type === 'turn.end' && turn) turn.to = at;
    if (event.type !== 'tool.start' || event.verdict.decision === 'deny') continue;
    for (const effect of event.effects) {
      if (effect.kind === 'write') turn?.writes.push({ at, path: resolve(workspace.roots[0] ?? sep, effect.path) });
    }
  }
  return { id, title, turns };
}

/** Those in a turn at that time, with what they had changed in it. */
export function othersAt(works: readonly Work[], at: number): PolicyView['others'] {
  return works.flatMap(({ title, turns }) => {
    const turn = turns.find(({ from, to }) => from <= at && at < to);
    if (!turn) return [];
    return [{ title, changed: turn.writes.flatMap((write) => (write.at <= at ? [write.path] : [])) }];
  });
}
