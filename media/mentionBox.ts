import { mentionText } from '../src/common/mentions.ts';

/** What is being typed after an @ that ends at the caret. */
export interface MentionQuery {
  /** Where the @ stands. */
  from: number;
  query: string;
}

/** The mention under the caret, if one is being typed. */
export function mentionAt(text: string, caret: number): MentionQuery | undefined {
  const match = /(?:^|[\s([{,;])@([^\s"'`<>|*?,;()[\]{}]*)$/.exec(text.slice(0, caret));
  if (match === null) return undefined;
  const query = match[1] ?? '';
  return { from: caret - query.length - 1, query };
}

/** The text with the mention put where it was being typed, and where the caret goes. */
export function withMention(
  text: string,
  caret: number,
  at: MentionQuery,
  path: string,
): { text: string; caret: number } {
  const rest = text.slice(caret);
  const name = `${mentionText({ path })}${rest.startsWith(' ') ? '' : ' '}`;
  const caretAfter = at.from + name.length + (rest.startsWith(' ') ? 1 : 0);
  return { text: text.slice(0, at.from) + name + rest, caret: caretAfter };
}

/** The text with another put in at the caret, blanks between them where they are needed. */
export function withInsert(text: string, caret: number, inserted: string): { text: string; caret: number } {
  const before = text.slice(0, caret);
  const after = text.slice(caret);
  const left = before === '' || /\s$/.test(before) ? '' : ' ';
  // After a lone @ the name follows.
  const right = /^\s/.test(after) || /\s$/.test(inserted) || inserted === '@' ? '' : ' ';
  const head = before + left + inserted + right;
  return { text: head + after, caret: head.length };
}
