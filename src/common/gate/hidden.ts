/** Control characters but newline and tab, DEL, C1. */
const control = String.raw`\u0000-\u0008\u000b-\u001f\u007f-\u009f`;
/** Bidirectional marks, zero-width characters, line separators, tags, variation selectors beyond the common two. */
const invisible = String.raw`\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}`;
/** Blanks that look like a space and are none to a shell. */
const blanks = String.raw`\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000`;

const inCalls = new RegExp(`[${control}${invisible}${blanks}]`, 'gu');
const inOutput = new RegExp(`[${control}${invisible}]`, 'gu');

/** True when a command or path holds characters that a person reading it would not see as what they are. */
export function hasHidden(text: string): boolean {
  return text.search(inCalls) >= 0;
}

/** The text with every such character written out, as `\u{202e}`. */
export function showHidden(text: string): string {
  return text.replace(inCalls, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}

/** The text without control and invisible characters; newlines and tabs stay. */
export function dropHidden(text: string): string {
  return text.replace(inOutput, '');
}
