import type { Word, WordPart } from 'unbash';
import type { Given } from './form.ts';

/**
 * What a word may hold outside quotes. `~` only behind a sign after which the shell leaves it alone; braces only as git writes
 * them, `@{u}` or `^{commit}`, where the shell finds neither a list nor a range in them.
 */
const plain = /^(?:[\p{L}\p{N}_@%+=:,./^-]|(?<=[@^])\{(?:[\w-]+(?:\.[\w-]+)*)?\}|(?<=[A-Za-z0-9^@}])~)*$/u;
/** More words than this are no list that a person wrote. */
const mostWords = 64;
/** What the home folder is called in a command; the kernel is asked for what it stands for. */
const home = '~';

/**
 * The words that the shell makes of one: itself, or those of a list in braces. Undefined where that depends on anything but
 * the text; names of files are the one exception, told by `glob`.
 *
 * @param numbers whether `$?` may stand in it, for what is only printed: it is a number, whichever
 */
export function readWord(word: Word, numbers = false): Given[] | undefined {
  if (numbers && word.text === '$?') return quoted('0');
  if (word.parts === undefined) return readBare(word.text);
  let found: Given[] = [{ text: '', glob: false }];
  for (const part of word.parts) {
    const pieces = readPart(part, numbers);
    if (pieces === undefined || found.length * pieces.length > mostWords) return undefined;
    found = found.flatMap(({ text, glob }) =>
      pieces.map((piece) => ({ text: text + piece.text, glob: glob || piece.glob })),
    );
  }
  // What a list in braces leaves empty is no word at all.
  return found.length > 1 && found.some(({ text }) => text === '') ? undefined : found;
}

/** The value of a word in which nothing is expanded. */
export function literalValue(word: Word): string | undefined {
  const [only, ...others] = readWord(word) ?? [];
  return only === undefined || others.length > 0 || only.glob ? undefined : only.text;
}

/** What a word in the home folder names, although it is expanded: for denials only. */
export function homePath(word: Word): string | undefined {
  const [, rest] = /^(?:~|"?\$HOME|"?\$\{HOME\})((?:\/[\p{L}\p{N}_@%+=:,./-]*)?)"?$/u.exec(word.text) ?? [];
  return rest === undefined ? undefined : home + rest;
}

function readBare(text: string): Given[] | undefined {
  // Signs of `test` and `xargs`, which the shell leaves alone where they are a word of their own.
  if (/^(?:[[\]!]|\{\})$/.test(text)) return quoted(text);
  const unescaped = unescape(text);
  if (unescaped !== undefined) return quoted(unescaped);
  const glob = text.replaceAll(/[*?]/g, '');
  return glob !== text && plain.test(glob) ? [{ text, glob: true }] : undefined;
}

/** The value of plain text in which a backslash may stand before any character of ASCII that is printed, or a blank. */
function unescape(text: string): string | undefined {
  const rest = text.replaceAll(/\\[ -~]/g, '');
  return plain.test(rest) && (rest === text || !rest.includes('~')) ? text.replaceAll(/\\([ -~])/g, '$1') : undefined;
}

/** Between double quotes: a backslash stands for itself but before four characters, `$` where no name can begin. */
function doubleQuoted(whole: string, numbers: boolean): string | undefined {
  const text = numbers ? whole.replaceAll(/(?<![\\$])\$\?/g, '0') : whole;
  const rest = text.replaceAll(/\\[\\"$`]/g, '');
  if (/`|\\\n|\$(?![ |)/\\]|$)/.test(rest)) return undefined;
  return text.replaceAll(/\\([\\"$`])/g, '$1');
}

/** Checked on the characters themselves as well, so that a construct that the parser would miss is no literal either. */
function readPart(part: WordPart, numbers: boolean): Given[] | undefined {
  switch (part.type) {
    case 'Literal': {
      const value = unescape(part.text);
      return value === part.value ? quoted(value) : undefined;
    }
    case 'SingleQuoted':
      return part.text === `'${part.value}'` ? quoted(part.value) : undefined;
    case 'DoubleQuoted': {
      const value = doubleQuoted(part.text.slice(1, -1), numbers);
      return value === undefined ? undefined : quoted(value);
    }
    case 'Glob':
      return part.kind !== 'bracket' && /^[*?]+$/.test(part.text) ? [{ text: part.text, glob: true }] : undefined;
    case 'BraceExpansion':
      return readBraces(part.text);
    default:
      return undefined;
  }
}

/** What is quoted is no pattern, whatever is in it. */
function quoted(text: string): Given[] {
  return [{ text, glob: false }];
}

/** `{a,b,c}` without anything inside that is expanded once more. */
function readBraces(text: string): Given[] | undefined {
  const [, inside] = /^\{([^{}]*,[^{}]*)\}$/.exec(text) ?? [];
  const parts = inside?.split(',');
  return parts?.every((part) => plain.test(part)) === true
    ? parts.map((part) => ({ text: part, glob: false }))
    : undefined;
}
