import type { LoggedEvent } from '../../src/common/events.ts';

/** Calls of the model between two looks of the judge. */
export const JUDGED_EVERY = 5;
/** Characters of a message or an answer that the judge reads, and steps. */
const MOST_TEXT = 2000;
const MOST_STEPS = 30;

/**
 * Whether it is time for the judge: at the first boundary with so many calls since it was asked last. That it was asked
 * stands in no event, but every answer behind a step had a boundary before it.
 */
export function isDue(events: readonly LoggedEvent[]): boolean {
  let calls = 0;
  for (const event of turnOf(events)) {
    if (event.type === 'tool.end' && event.origin === 'model') calls += 1;
    if (event.type === 'assistant' && calls >= JUDGED_EVERY) calls = 0;
  }
  return calls >= JUDGED_EVERY;
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
