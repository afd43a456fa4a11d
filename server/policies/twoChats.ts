import { resolve } from 'node:path';
import type { Policy } from './policy.ts';

/** Two agents in one file undo each other's work without a word. */
export const twoChats: Policy = {
  name: 'two-chats',
  rule: 'A file is changed that another chat has changed in its running turn.',
  on: ['tool.start'],
  judge(event, { others, roots }) {
    if (event.type !== 'tool.start') return undefined;
    for (const effect of event.effects) {
      if (effect.kind !== 'write') continue;
      const path = resolve(roots[0] ?? '/', effect.path);
      const other = others.find(({ changed }) => changed.includes(path));
      if (other === undefined) continue;
      return {
        grade: 'note',
        evidence: `${effect.path} is being changed by the chat “${other.title}” too.`,
        say: `Another agent is changing ${effect.path} at the same time. Read it again before each edit, and change only what your task needs.`,
        key: path,
      };
    }
    return undefined;
  },
};
