import type { LoggedEvent } from '../../src/common/events.ts';
import type { Budget } from '../../src/common/protocol.ts';
import type { Finding, Policy } from './policy.ts';

/** What one turn may take before the person is asked whether it is worth more, where they did not say otherwise. */
const MOST = { steps: 50, minutes: 30, tokens: 400_000 };

/** A turn that has run for long is paused, once for each of the three: where it would go on, and when a call has ended. */
export function budgetOf(chosen: () => Budget): Policy {
  const most = (): typeof MOST => {
    const { steps = MOST.steps, minutes = MOST.minutes, tokens: read = MOST.tokens } = chosen();
    return { steps, minutes, tokens: read };
  };
  return {
    name: 'budget',
    get rule() {
      return ruleOf(most());
    },
    on: ['assistant', 'tool.end'],
    judge(event, { turn, seconds }) {
      if (!goesOn(event)) return undefined;
      const answers = turn.filter((past) => past.type === 'assistant');
      const used = { steps: answers.length, minutes: Math.floor(seconds / 60), tokens: tokens(answers) };
      const limits = most();
      const keys = (['steps', 'minutes', 'tokens'] as const).filter((key) => limits[key] > 0);
      return keys.filter((key) => used[key] >= limits[key]).map((key) => over(key, count(used[key], key)));
    },
  };
}

/** An answer without a call ends the turn, and so does who stops it in the middle of one. */
function goesOn(event: LoggedEvent): boolean {
  if (event.type === 'assistant') return event.calls.length > 0;
  return event.type === 'tool.end' && event.outcome !== 'cancelled' && event.outcome !== 'skipped';
}

function ruleOf({ steps, minutes, tokens: most }: typeof MOST): string {
  const parts = [
    ...(steps > 0 ? [count(steps, 'steps')] : []),
    ...(minutes > 0 ? [`${count(minutes, 'minutes')} of work`] : []),
    ...(most > 0 ? [`read and wrote ${count(most, 'tokens')}`] : []),
  ];
  if (parts.length === 0) return 'A turn may take what it takes.';
  const [last = ''] = parts.splice(-1);
  const list = parts.length === 0 ? last : `${parts.join(', ')}${parts.length > 1 ? ',' : ''} or ${last}`;
  return `One turn ${list.startsWith('read') ? '' : 'took '}${list}.`;
}

function count(number: number, unit: string): string {
  return `${number.toLocaleString('en')} ${number === 1 ? unit.replace(/s$/, '') : unit}`;
}

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
