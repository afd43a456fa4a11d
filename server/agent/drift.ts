import type { LoggedEvent } from '../../src/common/events.ts';

/** Calls of the model between two looks of the judge. */
export const JUDGED_EVERY = 5;
/** Characters of a message or an answer that the judge reads, and steps. */
const MOST_TEXT = 2000;
const MOST_STEPS = 30;

/** Whether it is time for the judge: after every fifth call of the turn. */
export function isDue(events: readonly LoggedEvent[]): boolean {
  const calls = turnOf(events).filter((event) => event.type === 'tool.end' && event.origin === 'model').length;
  return calls > 0 && calls % JUDGED_EVERY === 0;
}

/** What the judge reads: what the person has said in this turn, and what the agent has done and said. */
export function reportOf(events: readonly LoggedEvent[]): string {
  const turn = turnOf(events);
  const asked = turn.flatMap((event) => (event.type === 'user' || event.type === 'steered' ? [event.text] : []));
  const steps = turn.flatMap((event) => {
    if (event.type === 'assistant' && event.text.trim() !== '') return [`said: ${event.text.trim().slice(0, 300)}`];
    if (event.type !== 'tool.end' || event.origin !== 'model') return [];
    return [`${event.title ? `${event.title.verb} ${event.title.object}` : event.tool}: ${event.outcome}`];
  });
  return [
    'The person asked:',
    ...asked.map((text) => text.slice(0, MOST_TEXT)),
    '',
    'The agent has done since:',
    ...steps.slice(-MOST_STEPS).map((step) => `- ${step}`),
  ].join('\n');
}

/** Why the agent is off course, in the judge's words; undefined: it is not, or the judge did not say. */
export function driftIn(verdict: string): string | undefined {
  return /^\W*off course\W+(.{3,300})/i.exec(verdict.trim())?.[1]?.split('\n')[0]?.trim();
}

function turnOf(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
  return events.slice(events.findLastIndex((event) => event.type === 'user'));
}
