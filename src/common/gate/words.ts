import type { DoubleQuotedChild, Word, WordPart } from 'unbash';
import type { Given } from './form.ts';

/**
 * What a word may hold outside quotes. `~` only behind a sign after which the shell leaves it alone; braces only as git writes
 * them, `@{u}` or `^{commit}`, where the shell finds neither a list nor a range in them.
 */
const plain =
  /^(?:[\p{L}\p{N}_@%+=:,./^-]|(?<=[\p{L}\p{N}_])#|(?<=[@^])\{(?:[\w-]+(?:\.[\w-]+)*)?\}|(?<=[A-Za-z0-9^@}])~)*$/u;
/** A pattern for one character, without classes: which characters `[a-c]` stands for depends on the language. */
const brackets = /\[[!^]?[\w-]+\]/g;
/** More words than this are no list that a person wrote. */
const mostWords = 64;
/** What the home folder is called in a command; the kernel is asked for what it stands for. */
const home = '~';

/**
 * What a variable or a substitution stands for: a text that is known; names that fit a pattern in these folders, one at a time; the name of a
 * commit, or nothing where there is none; a number; names of files that a program lists;
 * or any text.
 */
export type Value =
  | { kind: 'known'; text: string }
  | { kind: 'names'; given: Given; folders: readonly string[] | undefined }
  | { kind: 'revision' }
  | { kind: 'number' }
  | { kind: 'listed'; given: readonly Given[] }
  | { kind: 'any' };

/** By their names; absent: not set by the line itself, so that nobody knows what it stands for. */
export type Scope = ReadonlyMap<string, Value>;

/** What is known where a word stands. */
export interface Known {
  /** The word is only printed: for a text that is not known any may stand, here `0`. */
  prints?: boolean;
  /** It is compared: a number that is not known may stand in it, here `0`. */
  compares?: boolean;
  /** It may stand for a commit, in which case it is written as one. */
  commits?: boolean;
  /** It may stand for how many there are of something, where that means nothing but a number of jobs. */
  counts?: boolean;
  scope?: Scope;
  /** What `<(...)` is replaced by: the name of a pipe to read from. */
  input?(part: WordPart & { type: 'ProcessSubstitution' }): Given[] | undefined;
  /** What `$(...)` is replaced by. */
  substitution?(part: WordPart & { type: 'CommandExpansion' }): Value | undefined;
}

/**
 * The words that the shell makes of one: itself, or those of a list in braces. Undefined where that depends on anything but
 * the text and what is known of it; names of files are the one exception, told by `glob`.
 */
export function readWord(word: Word, known: Known = {}): Given[] | undefined {
  if (word.parts === undefined) return readBare(word.text, known);
  const [only] = word.parts;
  if (word.parts.length === 1 && only?.type === 'CommandExpansion') {
    const value = known.substitution?.(only);
    return value?.kind === 'listed' && known.prints !== true
      ? [...value.given]
      : standing(value, known, '', true, false);
  }
  if (word.parts.length === 1 && only !== undefined && known.prints !== true) {
    const names = readNames(only, known);
    if (names !== undefined) return [names];
  }
  // A list in braces comes first: `$a{b,c}` is `$ab $ac`.
  const lists = word.parts.some(({ type }) => type === 'BraceExpansion');
  if (lists && word.parts.some(({ type }) => type === 'SimpleExpansion')) return undefined;
  let found: Given[] = [{ text: '', glob: false }];
  for (const [at, part] of word.parts.entries()) {
    const pieces = readPart(part, known, word.text.slice(part.end - word.pos), at === 0);
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

function readBare(text: string, known: Known): Given[] | undefined {
  // Signs of `test` and `xargs`, which the shell leaves alone where they are a word of their own.
  if (/^(?:[[\]!]|(?:-[A-Za-z]+)?\{\})$/.test(text)) return quoted(text);
  if (text.startsWith('$')) return expanded(text, known, '', true, false);
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
function doubleQuoted(text: string): string | undefined {
  const rest = text.replaceAll(/\\[\\"$`]/g, '');
  if (/`|\\\n|\$(?![ |)/\\]|$)/.test(rest)) return undefined;
  return text.replaceAll(/\\([\\"$`])/g, '$1');
}

/**
 * Checked on the characters themselves as well, so that a construct that the parser would miss is no literal either.
 *
 * @param after what stands behind it in the word
 */
function readPart(part: WordPart, known: Known, after: string, first: boolean): Given[] | undefined {
  switch (part.type) {
    case 'Literal': {
      const value = unescape(part.text);
      return value === part.value ? quoted(value) : undefined;
    }
    case 'SingleQuoted':
      return part.text === `'${part.value}'` ? quoted(part.value) : undefined;
    case 'DoubleQuoted':
      return readDoubleQuoted(part.text.slice(1, -1), part.parts, known, { after, first });
    case 'Glob':
      return /^[*?]+$/.test(part.text) || part.text.replace(brackets, '') === ''
        ? [{ text: part.text, glob: true }]
        : undefined;
    case 'BraceExpansion':
      return readBraces(part.text);
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'ArithmeticExpansion':
      return expanded(part.text, known, after, first, false);
    case 'ProcessSubstitution':
      return part.operator === '<' ? known.input?.(part) : undefined;
    case 'CommandExpansion':
      return standing(known.substitution?.(part), known, after, first, false);
    default:
      return undefined;
  }
}

function readDoubleQuoted(
  text: string,
  parts: readonly DoubleQuotedChild[],
  known: Known,
  outside: { after: string; first: boolean },
): Given[] | undefined {
  if (parts.every(({ type }) => type === 'Literal')) {
    const value = doubleQuoted(text);
    return value === undefined ? undefined : quoted(value);
  }
  // Nothing stands between the parts: what the parser overlooked would be missing here.
  if (parts.map((part) => part.text).join('') !== text) return undefined;
  let value = '';
  let from = 0;
  for (const [at, part] of parts.entries()) {
    from += part.text.length;
    const after = text.slice(from) + (from === text.length ? '' : '"') + outside.after;
    // Together with what stands behind it, it could be something else.
    if (part.type === 'Literal' && /[$\\]$/.test(part.text) && from < text.length) return undefined;
    const piece = readQuotedPart(part, known, after, outside.first && at === 0);
    if (piece === undefined) return undefined;
    value += piece;
  }
  return quoted(value);
}

function readQuotedPart(part: DoubleQuotedChild, known: Known, after: string, first: boolean): string | undefined {
  if (part.type === 'Literal') return doubleQuoted(part.text);
  const found =
    part.type === 'CommandExpansion'
      ? standing(known.substitution?.(part), known, after, first, true)
      : expanded(part.text, known, after, first, true);
  return found?.[0]?.text;
}

/** A variable that stands for names that fit a pattern, where it is the whole word. */
function readNames(part: WordPart, { scope }: Known): Given | undefined {
  const [inner, ...others] = part.type === 'DoubleQuoted' ? part.parts : [part];
  if (inner === undefined || others.length > 0) return undefined;
  if (part.type === 'DoubleQuoted' && part.text !== `"${inner.text}"`) return undefined;
  const value = scope?.get(variable(inner.text) ?? '');
  if (value?.kind !== 'names') return undefined;
  // Without quotes a name with a blank in it would be two.
  return { ...value.given, one: true, ...(part.type === 'DoubleQuoted' ? {} : { plain: true }) };
}

function variable(text: string): string | undefined {
  return /^\$(?:(\w+)|\{(\w+)\})$/
    .exec(text)
    ?.slice(1)
    .find((name) => name !== undefined);
}

/** Numbers, whichever; sums of numbers, without a name that could stand for anything. */
const numbers = /^\$(?:\?|\{\?\}|#|\{PIPESTATUS\[\d\]\}|\(\([\d\s+*/%()<>=!&|^~?:-]+\)\))$/;

function expanded(text: string, known: Known, after: string, first: boolean, inQuotes: boolean): Given[] | undefined {
  if (numbers.test(text)) return known.prints === true || known.compares === true ? quoted('0') : undefined;
  return standing(known.scope?.get(variable(text) ?? ''), known, after, first, inQuotes);
}

/**
 * What may stand behind the name of a commit in a word, so that the word is harmless also where there is no such commit, and
 * nothing stands before it: as `HEAD..main`, `HEAD~2`, `HEAD:src/a.ts`.
 */
const behindCommit = /^"?(?:\.{2,3}(?:[\w@][\w@/-]*)?|[~^][\d^~]*|:[^]*)?"?$/;

function standing(
  value: Value | undefined,
  known: Known,
  after: string,
  first: boolean,
  inQuotes: boolean,
): Given[] | undefined {
  if (value === undefined) return undefined;
  if (known.prints === true && value.kind !== 'known') return quoted('0');
  if (value.kind === 'number') return known.counts === true ? quoted('8') : undefined;
  if (value.kind === 'any' || value.kind === 'names' || value.kind === 'listed') return undefined;
  if (value.kind === 'revision') {
    return known.commits === true && first && behindCommit.test(after) ? quoted('HEAD') : undefined;
  }
  // Without quotes it is taken apart at blanks, and is a pattern.
  return inQuotes || /^[\w@%+=:,./-]+$/.test(value.text) ? quoted(value.text) : undefined;
}

/** What is quoted is no pattern, whatever is in it. */
function quoted(text: string): Given[] {
  return [{ text, glob: false }];
}

/** `{a,b,c}` without anything inside that is expanded once more, and `{1..9}`. */
function readBraces(text: string): Given[] | undefined {
  const [, from, to] = /^\{(0|[1-9]\d{0,3})\.\.(0|[1-9]\d{0,3})\}$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return range(Number(from), Number(to));
  const [, inside] = /^\{([^{}]*,[^{}]*)\}$/.exec(text) ?? [];
  const parts = inside?.split(',');
  return parts?.every((part) => plain.test(part)) === true
    ? parts.map((part) => ({ text: part, glob: false }))
    : undefined;
}

function range(from: number, to: number): Given[] | undefined {
  const count = Math.abs(to - from) + 1;
  if (count > mostWords) return undefined;
  return Array.from({ length: count }, (_, at) => ({ text: String(from + Math.sign(to - from) * at), glob: false }));
}
