import type { LoggedEvent } from '../../src/common/events.ts';
import type { Finding, Policy } from './policy.ts';

/** What one turn may take before the person is asked whether it is worth more. */
const MOST = { steps: 50, minutes: 30, tokens: 400_000 };

/** A turn that has run for long is paused, once for each of the three. */
export const budget: Policy = {
  name: 'budget',
  rule: `One turn took ${MOST.steps} steps, ${MOST.minutes} minutes, or read and wrote ${MOST.tokens.toLocaleString('en')} tokens.`,
  on: ['assistant'],
  judge(event, { turn, seconds }) {
    if (event.type !== 'assistant' || event.calls.length === 0) return undefined;
    const answers = turn.filter((past) => past.type === 'assistant');
    const used = tokens(answers);
    const minutes = Math.round(seconds / 60);
    return [
      ...(answers.length >= MOST.steps ? [over('steps', `${answers.length} steps`)] : []),
      ...(minutes >= MOST.minutes ? [over('minutes', `${minutes} minutes`)] : []),
      ...(used >= MOST.tokens ? [over('tokens', `${used.toLocaleString('en')} tokens`)] : []),
    ];
  },
};

function over(key: string, text: string): Finding {
  return {
    grade: 'pause',
    evidence: `This turn has taken ${text}.`,
    say: `This turn has taken ${text}; the person let it go on. Come to an end soon.`,
    key,
  };
}

function tokens(answers: readonly LoggedEvent[]): number {
  return answers.reduce((sum, event) => {
    const usage = event.type === 'assistant' ? event.usage : undefined;
    return usage === undefined ? sum : sum + usage.prompt - (usage.cached ?? 0) + usage.completion;
  }, 0);
}
