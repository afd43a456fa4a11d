import type { Policy } from './policy.ts';

/** The part of the context at which there is still room to end the work well. */
const FULL = 0.85;

export const contextNearFull: Policy = {
  name: 'context-near-full',
  rule: `The chat fills more than ${FULL * 100} % of the model's context.`,
  on: ['assistant'],
  judge(event) {
    if (event.type !== 'assistant' || event.usage?.context === undefined) return undefined;
    const { prompt, completion, context } = event.usage;
    const used = prompt + completion;
    if (used < context * FULL) return undefined;
    const text = `${used.toLocaleString('en')} of ${context.toLocaleString('en')} tokens`;
    return {
      grade: 'note',
      evidence: `The context is nearly full: ${text}. A new chat is due soon.`,
      say: `The context is nearly full (${text}). Read no more long files; finish, or say what is left to do.`,
    };
  },
};
