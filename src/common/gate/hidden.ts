/** Control characters but newline and tab, DEL, C1. */
const control = String.raw`\u0000-\u0008\u000b-\u001f\u007f-\u009f`;
/** Bidirectional marks, zero-width characters, line separators, tags, variation selectors beyond the common two. */
const invisible = String.raw`\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}`;
/** Blanks that look like a space and are none to a shell. */
const blanks = String.raw`\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000`;
/** Scripts whose letters take another form beside a joiner: there it is spelling, and everywhere else it hides. */
const joining = [
  'Arabic Syriac Mongolian Thaana Nko Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala',
  'Khmer Myanmar Tibetan Balinese Javanese',
]
  .flatMap((line) => line.split(' '))
  .map((script) => String.raw`\p{Script=${script}}`)
  .join('');
const joined = new RegExp(String.raw`[${joining}]$|[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]\u200d$`, 'u');
const joins = new RegExp(String.raw`^[${joining}\p{Extended_Pictographic}]`, 'u');

const inCalls = new RegExp(`[${control}${invisible}${blanks}]`, 'gu');
const inOutput = new RegExp(`[${control}${invisible}]`, 'gu');

/** A joiner in a word of such a script, or in a picture that is put together of several, is no hidden one. */
function isSpelling(character: string, at: number, text: string): boolean {
  if (character !== '\u200c' && character !== '\u200d') return false;
  const before = text.slice(Math.max(0, at - 2), at);
  const picture = character === '\u200d' ? `${before}\u200d` : before;
  return (joined.test(before) || joined.test(picture)) && joins.test(text.slice(at + 1, at + 3));
}

/** True when a command or path holds characters that a person reading it would not see as what they are. */
export function hasHidden(text: string): boolean {
  return text.search(inCalls) >= 0;
}

/** The text with every such character written out, as `\u{202e}`. */
export function showHidden(text: string): string {
  return text.replace(inCalls, spelled);
}

/** A name of one line, with all that cannot be seen written out, line ends and tabs too. */
export function showName(name: string): string {
  return showHidden(name).replace(/[\n\t]/g, spelled);
}

/**
 * What stands in a file or is told of one, with control and invisible characters written out, as `\u{202e}`: what cannot be seen is
 * then read by the model and by the person alike. Newlines, also those of Windows, tabs and blanks stay.
 */
export function revealHidden(text: string): string {
  return text.replace(inOutput, (character, at: number) => {
    const stays = (character === '\r' && text[at + 1] === '\n') || isSpelling(character, at, text);
    return stays ? character : spelled(character);
  });
}

/** What `revealHidden` has written out, as it was. */
export function unrevealed(text: string): string {
  return text.replace(/\\u\{([0-9a-f]{1,6})\}/g, (written, code: string) => {
    const point = Number.parseInt(code, 16);
    const character = point > 0x10ffff ? '' : String.fromCodePoint(point);
    return spelled(character) === written && revealHidden(character) === written ? character : written;
  });
}

/** The text without control and invisible characters; newlines and tabs stay. */
export function dropHidden(text: string): string {
  return text.replace(inOutput, (character, at: number) => (isSpelling(character, at, text) ? character : ''));
}

/** JSON with what cannot be seen in its texts as escapes of JSON: it is the same for who reads it with a program. */
export function escapeHidden(json: string): string {
  const unit = (code: string): string => `\\u${code.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(inOutput, (character) => character.split('').map(unit).join(''));
}

function spelled(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}
