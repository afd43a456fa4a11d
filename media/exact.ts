/** A piece of a text as it is shown; `escaped` pieces stand for one character that could not be seen or deceives. */
export interface Piece {
  text: string;
  escaped: boolean;
}

/**
 * Control and format characters (zero width, direction marks, tags), what Unicode says is not drawn, private use, lone
 * surrogates, the empty braille cell, and every blank but the usual one. Line feed and tab are shown as they are.
 */
const INVISIBLE =
  /[\p{DI}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2800]|(?! )\p{Zs}/gu;

/** The text with every character that cannot be seen spelled out, as JavaScript would: `\u200b`, `\u{e0041}`. */
export function exact(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(INVISIBLE)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), escaped: false });
    pieces.push({ text: spell(match[0]), escaped: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), escaped: false });
  return pieces;
}

function spell(character: string): string {
  if (character === '\r') return String.raw`\r`;
  if (character === '\u001b') return String.raw`\e`;
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/** Colours and cursor moves of a terminal: CSI, OSC and the two-character sequences. */
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** Output of a command as a person would have read it at the end: no colours, each line as it was last written. */
export function plainOutput(text: string): string {
  return text
    .replace(ANSI, '')
    .replace(/\r+\n/g, '\n')
    .split('\n')
    .map((line) => line.replace(/\r+$/, '').split('\r').at(-1) ?? '')
    .join('\n');
}
