import type { AnswerKind, LoggedEvent } from './events.ts';
import { showHidden } from './gate/hidden.ts';

/** A question as its event says it, put into words for a terminal and for the editor's own prompts. */
type Ask = Pick<
  LoggedEvent & { type: 'ask' },
  'title' | 'verdict' | 'preview' | 'folder' | 'grant' | 'always' | 'notAlways' | 'resolved' | 'asker'
>;

/** One of the answers that a question takes. */
export interface Choice {
  answer: AnswerKind;
  /** Of a form that is allowed for good. */
  key?: string;
  /** What a yes covers besides this call, in words. */
  words?: string;
}

/** The answers that allow something, least first. */
export function choicesOf({ grant, always = [] }: Ask): Choice[] {
  return [
    { answer: 'once' },
    ...(grant === undefined ? [] : [{ answer: 'chat' as const, words: grant }]),
    ...always.map(({ key, words }) => ({ answer: 'always' as const, key, words })),
  ];
}

/** What led to the question: the agent, the message it is for, and what the turn has read, a sentence each. */
export function cameFrom({ asker }: Ask): string[] {
  if (asker === undefined) return [];
  const { agent, from, text, read } = asker;
  const said = text === '' ? '' : `: “${text.replaceAll(/\s+/g, ' ')}”`;
  const why = from === 'task' ? 'for a task that another agent gave it' : 'for your message';
  return [
    `The ${agent} agent asks, ${why}${said}`,
    ...(read.length === 0 ? [] : [`In this turn before: ${read.join(', ')}`]),
  ].map(showHidden);
}

/** All that a person has to know besides the command or the diff itself. */
export function questionLines(ask: Ask): string[] {
  const { folder, resolved, verdict, notAlways } = ask;
  return [
    ...(resolved === undefined ? [] : [`The shell makes of it: ${showHidden(resolved)}`]),
    ...(folder === '' ? [] : [`in ${showHidden(folder)}`]),
    ...cameFrom(ask),
    `Why this is asked: ${showHidden(verdict.reason)} (${verdict.rule})`,
    ...choicesOf(ask).flatMap(({ answer, words = '' }) => {
      if (answer === 'chat') return [`For this chat would cover: ${showHidden(words)}`];
      return answer === 'always' ? [`Always would cover, in this folder: ${showHidden(words)}`] : [];
    }),
    ...(notAlways === undefined ? [] : [`It cannot be allowed for good: ${notAlways}`]),
  ];
}

/** What the editor's own prompt says, for a person who does not have the panel before them. */
export interface Prompt {
  message: string;
  /** Everything that is asked about stands in the message; else it has to be shown first. */
  whole: boolean;
  buttons: readonly { title: string; choice: Choice['answer'] | 'reason' }[];
}

/** Characters of a command that a prompt shows as a whole. */
const mostInPrompt = 200;

/**
 * The question for a prompt of one line. Such prompts turn `[text](address)` into a link, also to a command of the editor, so
 * that nothing in it may look like one.
 */
export function promptOf(ask: Ask, chat: string): Prompt {
  const { preview, title, folder, resolved, verdict } = ask;
  const text = resolved ?? preview.text;
  const whole = preview.kind === 'command' && text.length <= mostInPrompt && !/[\n\r]|\]\(/.test(preview.text + text);
  const what = whole ? `Run ${showHidden(text)} ?` : `${title.verb} ${shortened(title.object, 100)}?`;
  const where = /[^/\\]+(?=[/\\]*$)/.exec(folder)?.[0] ?? folder;
  const said = [
    `“${shortened(chat, 60)}” asks: ${what}`,
    ...(where === '' ? [] : [`In ${shortened(where, 60)}.`]),
    shortened(verdict.reason, 200),
    ...cameFrom(ask).map((line) => `${shortened(line, 200)}.`),
  ];
  return {
    message: said.join(' ').replaceAll('](', '] ('),
    whole,
    buttons: [
      { title: 'Allow Once', choice: 'once' },
      ...(ask.grant === undefined ? [] : [{ title: 'Allow in This Chat', choice: 'chat' as const }]),
      ...(ask.always === undefined ? [] : [{ title: 'Always…', choice: 'always' as const }]),
      { title: 'Reject', choice: 'reject' },
      { title: 'Reject with a Reason…', choice: 'reason' },
    ],
  };
}

/** The whole question as a text to be read. */
export function questionText(ask: Ask): string {
  const head = ask.preview.kind === 'diff' ? '' : `${ask.title.verb}:\n`;
  return `${head}${showHidden(ask.preview.text).trimEnd()}\n\n${questionLines(ask).join('\n')}\n`;
}

function shortened(text: string, most: number): string {
  const line = showHidden(text.replaceAll(/\s+/g, ' ').trim());
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
