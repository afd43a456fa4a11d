import type { LoggedEvent } from '../src/common/events.ts';
import { showHidden } from '../src/common/gate/hidden.ts';
import type { Answer } from '../src/common/protocol.ts';
import { type Choice, choicesOf, questionLines } from '../src/common/question.ts';
import type { z } from 'zod';
import { isYes } from './atTerminal.ts';

type Ask = LoggedEvent & { type: 'ask' };

/** What a person is asked at a terminal, and what becomes of what they write. */
export function atQuestion(ask: Ask): {
  lines: string[];
  question: string;
  more: (said: string) => string | undefined;
} {
  const forms = formsOf(ask);
  const offers = [
    'y/N',
    ...(ask.grant === undefined ? [] : ['c for this chat']),
    ...(forms.length === 0 ? [] : ['a always']),
    'r no, with a reason',
  ];
  const list = forms.length < 2 ? [] : forms.map(({ words = '' }, at) => `  ${at + 1}  ${words}`);
  return {
    lines: [showHidden(ask.preview.text), ...questionLines(ask)],
    question: `Allow once? [${offers.join(', ')}] `,
    more: (said) => {
      if (/^r$/i.test(said)) return 'Why, or what instead? ';
      if (!/^a$/i.test(said) || forms.length < 2) return undefined;
      return `Which of these, always?\n${list.join('\n')}\n[1-${forms.length}] `;
    },
  };
}

/** Whatever is none of the answers that were offered is a no. */
export function answerOf(ask: Ask, said: string, more = ''): z.input<typeof Answer> {
  const asked = { ask: ask.ask, ...(ask.hash === undefined ? {} : { hash: ask.hash }) };
  if (isYes(said)) return { ...asked, answer: 'once' };
  if (/^c$/i.test(said) && ask.grant !== undefined) return { ...asked, answer: 'chat' };
  if (/^r$/i.test(said)) return { ...asked, answer: 'reject', ...(more === '' ? {} : { reason: more.slice(0, 2000) }) };
  const forms = formsOf(ask);
  const form = /^a$/i.test(said) ? forms[forms.length === 1 ? 0 : Number(more) - 1] : undefined;
  return form?.key === undefined ? { ...asked, answer: 'reject' } : { ...asked, answer: 'always', key: form.key };
}

function formsOf(ask: Ask): Choice[] {
  return choicesOf(ask).filter(({ answer }) => answer === 'always');
}
