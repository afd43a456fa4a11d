import type { Policy } from './policy.ts';

/** An answer that reports an ERROR is often a step too early: the agent is told what it wrote and looks again. */
export const answerWithError: Policy = {
  name: 'answer-with-error',
  rule: 'An answer contains the word ERROR, and the request did not.',
  on: ['assistant'],
  judge(event, { turn }) {
    if (event.type !== 'assistant' || event.calls.length > 0) return undefined;
    const line = event.text.split('\n').find((each) => word.test(each));
    if (line === undefined || turn.some((past) => saidByPerson(past) && word.test(past.text))) return undefined;
    const quote = shortened(line.trim());
    return {
      grade: 'acknowledge',
      evidence: `The answer says “${quote}”`,
      say: `You wrote "${quote}" Look again, then give the answer that holds.`,
    };
  },
};

const word = /\bERROR\b/;

function saidByPerson(event: { type: string }): event is { type: 'user' | 'steered'; text: string } {
  return event.type === 'user' || event.type === 'steered';
}

/** As a sentence, for it stands at the end of one. */
function shortened(text: string): string {
  if (text.length > 160) return `${text.slice(0, 160)}…`;
  return /[.!?:…]$/.test(text) ? text : `${text}.`;
}
