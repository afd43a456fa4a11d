/** Control characters but newline and tab, DEL, C1. */
const control = String.raw`\u0000-\u0008\u000b-\u001f\u007f-\u009f`;
/**
 * Bidirectional marks, zero-width characters, fillers, line separators, variation selectors, tags, and what sets music, hieroglyphs and
 * shorthand: what Unicode calls ignorable, and what has no shape of its own.
 */
const invisible = String.raw`\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}`;
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

/**
 * What has a variant that a selector asks for: a picture and what a key shows, as text or in colours, and letters and signs whose
 * variants Unicode lists (StandardizedVariants.txt, Unicode 16). Any other selector changes nothing that is seen, and carries four bits.
 */
const varied =
  /^(?:[\p{Emoji}\p{Emoji_Modifier}][\ufe0e\ufe0f]|\p{Script=Han}[\ufe00-\ufe02]|[\u3001\u3002\uff01\uff0c\uff0e\uff1a\uff1b\uff1f][\ufe00\ufe01]|(?![\0-\u007f])\p{Sm}\ufe00)$/u;
const selector = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;

/** One selector, behind a character that has this variant. */
function isVariant(character: string, at: number, text: string): boolean {
  const before = Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? '';
  const next = String.fromCodePoint(text.codePointAt(at + 1) ?? 0);
  return varied.test(before + character) && !selector.test(next);
}

/** A joiner in a word of such a script, or in a picture that is put together of several, is no hidden one; nor is a variant's selector. */
function isSpelling(character: string, at: number, text: string): boolean {
  if (/[\ufe00-\ufe0f]/.test(character)) return isVariant(character, at, text);
  if (character !== '\u200c' && character !== '\u200d') return false;
  if (text[at - 1] === '\ufe0f' && !isVariant('\ufe0f', at - 1, text)) return false;
  const before = text.slice(Math.max(0, at - 2), at);
  const picture = character === '\u200d' ? `${before}\u200d` : before;
  return (joined.test(before) || joined.test(picture)) && joins.test(text.slice(at + 1, at + 3));
}

/** True when a command or path holds characters that a person reading it would not see as what they are. */
export function hasHidden(text: string): boolean {
  return Array.from(text.matchAll(inCalls)).some(({ 0: character, index }) => !isVariant(character, index, text));
}

/** The text with every such character written out, as `\u{202e}`. */
export function showHidden(text: string): string {
  return text.replace(inCalls, (character, at: number) =>
    isVariant(character, at, text) ? character : spelled(character),
  );
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
  return text.replace(inOutput, (character, at: number) =>
    isShown(character, at, text) ? character : spelled(character),
  );
}

function isShown(character: string, at: number, text: string): boolean {
  return (character === '\r' && text[at + 1] === '\n') || isSpelling(character, at, text);
}

/** Each character that `revealHidden` writes out, in their order. */
export function hiddenIn(text: string): string[] {
  return Array.from(text.matchAll(inOutput))
    .filter(({ 0: character, index }) => !isShown(character, index, text))
    .map(([character]) => character);
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
  return json.replace(inOutput, (character, at: number) =>
    isVariant(character, at, json) ? character : character.split('').map(unit).join(''),
  );
}

function spelled(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}
