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

/** Characters of a command that a prompt shows as a whole, as they are shown. */
const mostInPrompt = 200;

/**
 * The question for a prompt of one line. What is asked comes first, and what others wrote stands in quotes that it cannot end, so
 * that none of it reads as said by Drover. Such prompts turn `[text](address)` into a link, also to a command of the editor:
 * nothing in it may look like one. They cut at 1,000 characters (VS Code, `NotificationMessage`), which this never comes to.
 * Their buttons share one line and are cut too, from the right.
 */
export function promptOf(ask: Ask, chat: string): Prompt {
  const { preview, folder, resolved, verdict } = ask;
  const shown = [preview.text, ...(resolved === undefined || resolved === preview.text ? [] : [resolved])];
  const whole = preview.kind === 'command' && shown.every(fitsPrompt);
  const where = /[^/\\]+(?=[/\\]*$)/.exec(folder)?.[0] ?? folder;
  const said = [
    ...(whole ? wholeCommand(shown) : cutObject(ask)),
    `${where === '' ? 'For' : `In ${quoted(where, 40)}, for`} ${quoted(chat, 40)}.`,
    `Why this is asked: ${quoted(verdict.reason, 150)}`,
    ...askedBy(ask),
  ];
  return {
    message: said.join(' ').replaceAll('](', '] ('),
    whole,
    buttons: [
      { title: 'Once', choice: 'once' },
      ...(ask.grant === undefined ? [] : [{ title: 'This Chat', choice: 'chat' as const }]),
      ...(ask.always === undefined ? [] : [{ title: 'Always…', choice: 'always' as const }]),
      { title: 'Reject', choice: 'reject' },
      { title: 'Why Not…', choice: 'reason' },
    ],
  };
}

function fitsPrompt(text: string): boolean {
  return !/[\n\r]|\]\(/.test(text) && oneLine(text).length <= mostInPrompt;
}

function wholeCommand([text = '', resolved]: readonly string[]): string[] {
  const made = resolved === undefined ? [] : [`The shell makes of it: ${quoted(resolved, mostInPrompt)}`];
  return [`Allow this command? ${quoted(text, mostInPrompt)}`, ...made];
}

/** What cannot be read in a prompt is begun there, and it says where the rest is. */
function cutObject({ preview, title }: Ask): string[] {
  if (preview.kind !== 'command') {
    return [`Allow this? ${title.verb} ${quoted(title.object, 100)}`, 'Show…, or the panel, has all of it.'];
  }
  const begin = oneLine(preview.text).slice(0, mostInPrompt);
  return [`Allow this command? “${begin}…”`, 'It is cut here: open the panel, or Show…, to see all.'];
}

function askedBy({ asker }: Ask): string[] {
  if (asker === undefined) return [];
  const { agent, from, text, read } = asker;
  const why = from === 'task' ? 'for a task that another agent gave it' : 'for your message';
  return [
    `The ${oneLine(agent).slice(0, 30)} agent asks, ${why}${text === '' ? '.' : `: ${quoted(text, 80)}`}`,
    ...(read.length === 0 ? [] : [`In this turn before: ${quoted(read.join(', '), 60)}`]),
  ];
}

/** The whole question as a text to be read. */
export function questionText(ask: Ask): string {
  const head = ask.preview.kind === 'diff' ? '' : `${ask.title.verb}:\n`;
  return `${head}${showHidden(ask.preview.text).trimEnd()}\n\n${questionLines(ask).join('\n')}\n`;
}

/** In one line, with everything to be seen, also the quotes that stand around what others wrote. */
function oneLine(text: string): string {
  const line = showHidden(text.replaceAll(/\s+/g, ' ').trim());
  return line.replaceAll('“', String.raw`\u{201c}`).replaceAll('”', String.raw`\u{201d}`);
}

function quoted(text: string, most: number): string {
  const line = oneLine(text);
  return line.length > most ? `“${line.slice(0, most)}…”` : `“${line}”`;
}
