import type { DoubleQuotedChild, Word, WordPart } from 'unbash';
import { derived, namesInSum, parameter } from './expansion.ts';
import { anyText, type Given, oneOf } from './form.ts';
import type { Listing } from './listing.ts';
import { mayBeShown } from './settings.ts';

/**
 * What a word may hold outside quotes. `#` and `!` mean something at its beginning alone; `~` only behind a sign after which the shell leaves it alone; braces only as git writes
 * them, `@{u}` or `^{commit}`, where the shell finds neither a list nor a range in them.
 */
const plain =
  /^(?:[\p{L}\p{N}_@%+=:,./^-]|(?<=[@^])\{(?:[\w-]+(?:\.[\w-]+)*)?\}|(?<=[A-Za-z0-9^@}])~|(?<=[\w^/.,:=@+%-])[#!])*$/u;
/** A pattern for one character, without classes: which characters `[a-c]` stands for depends on the language. */
const brackets = /\[[!^]?[\w-]+\]/g;
/** More words than this are no list that a person wrote. */
const mostWords = 64;
/** What the home folder is called in a command; the kernel is asked for what it stands for. */
const home = '~';
/** Stands for a number that is not known, and in no other word. */
export const anyNumber = '7070707';

/**
 * What a variable or a substitution stands for: a text that is known; names that fit a pattern in these folders, one at a time; the name of a
 * commit, or nothing where there is none; a number, or where it is `empty` perhaps nothing; names of files that a program lists; the
 * whole name of the folder that the line stands in; the elements of an array; or any text, where it is a `word` one of letters.
 */
export type Value =
  | { kind: 'known'; text: string }
  | { kind: 'names'; given: Given; folders: readonly string[] | undefined }
  | { kind: 'revision' }
  | { kind: 'number'; empty: boolean }
  | { kind: 'listed'; given: readonly Given[]; listing: Listing; folders: readonly string[] | undefined }
  | { kind: 'here'; folders: readonly string[] | undefined }
  | { kind: 'array'; given: readonly Given[]; folders: readonly string[] | undefined }
  | { kind: 'any'; word?: boolean };

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
  /** Numbers that are not known may stand in it, here `anyNumber`. */
  numbers?: boolean;
  /** It is the value of an assignment: the shell takes nothing apart in it. */
  assigned?: boolean;
  /** What has to stand before a text that is not known, so that it is data for the program, here `anyText`. */
  texts?: RegExp | undefined;
  /** The home folder may stand in it, here `~`. */
  home?: boolean;
  /** Told that the whole name of the folder stands there without quotes. */
  bare?(): void;
  /** Told that names stand there without quotes, with more around them: none of them may be several words. */
  apart?(given: Given): void;
  /** Told of the first part that is not known, as it is written. */
  unknown?(text: string): void;
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
  const found = readAny(word, known);
  if (found === undefined) known.unknown?.(word.text);
  return found;
}

function readAny(word: Word, known: Known): Given[] | undefined {
  if (word.parts === undefined) return readBare(word.text, known);
  const [only] = word.parts;
  if (word.parts.length === 1 && only?.type === 'CommandExpansion') {
    const value = known.substitution?.(only);
    return value?.kind === 'listed' && known.prints !== true ? [...value.given] : standing(value, known, alone);
  }
  if (word.parts.length === 1 && only !== undefined) {
    const names =
      (known.prints === true ? undefined : (readNames(only, known) ?? readListed(only, known))) ??
      readArray(only, known);
    if (names !== undefined) return names;
  }
  if (known.prints !== true) {
    const within = readNamesWithin(word.parts, known);
    if (within !== undefined) return [within];
  }
  // A list in braces comes first: `$a{b,c}` is `$ab $ac`.
  const lists = word.parts.some(({ type }) => type === 'BraceExpansion');
  if (lists && word.parts.some(({ type }) => type === 'SimpleExpansion')) return undefined;
  let found: Given[] = [{ text: '', glob: false }];
  for (const part of word.parts) {
    const around = { before: word.text.slice(0, part.pos - word.pos), after: word.text.slice(part.end - word.pos) };
    const pieces = readPart(part, known, around);
    if (pieces === undefined || found.length * pieces.length > mostWords) return undefined;
    found = found.flatMap(({ text, glob }) =>
      pieces.map((piece) => ({ text: text + piece.text, glob: glob || piece.glob })),
    );
  }
  // What a program prints before a pattern decides which names that fits.
  if (known.prints === true && found.some(({ glob }) => glob) && word.parts.some(isExpanded)) return undefined;
  // What a list in braces leaves empty is no word at all.
  return found.length > 1 && found.some(({ text }) => text === '') ? undefined : found;
}

/** The value of a word in which nothing is expanded. */
export function literalValue(word: Word): string | undefined {
  const [only, ...others] = readWord(word) ?? [];
  return only === undefined || others.length > 0 || only.glob ? undefined : only.text;
}

/** What a word in the home folder names, although it is expanded, and of a pattern the folder: for denials only. */
export function homePath(word: Word): string | undefined {
  const [, rest] = /^(?:~|"?\$HOME|"?\$\{HOME\})((?:\/[\p{L}\p{N}_@%+=:,./*?{}[\]-]*)?)"?$/u.exec(word.text) ?? [];
  return rest === undefined ? undefined : home + rest.replace(/\/[^/]*[*?{[][^]*$/, '');
}

function readBare(text: string, known: Known): Given[] | undefined {
  // Signs of `test` and `xargs`, which the shell leaves alone where they are a word of their own.
  if (/^(?:[[\]!]|(?:-[A-Za-z]+)?\{\})$/.test(text)) return quoted(text);
  if (text.startsWith('$')) return expanded(text, known, alone);
  // The shell puts the home folder in its place, of which the kernel is asked what it is.
  if (known.home === true && /^~(?:\/[\p{L}\p{N}_@%+=:,./^-]*)?$/u.test(text))
    return quoted(known.prints === true ? '0' : text);
  const unescaped = unescape(text);
  if (unescaped !== undefined) return quoted(unescaped);
  // At the end of a word it is no more than itself.
  if (text.endsWith('$') && plain.test(text.slice(0, -1))) return quoted(text);
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

/** What stands around a part in its word, as it is written, and whether the part is between double quotes. */
interface Around {
  before: string;
  after: string;
  inQuotes?: boolean;
}

const alone: Around = { before: '', after: '' };

/** Checked on the characters themselves as well, so that a construct that the parser would miss is no literal either. */
function readPart(part: WordPart, known: Known, around: Around): Given[] | undefined {
  switch (part.type) {
    case 'Literal': {
      const value = unescape(part.text);
      return value === part.value ? quoted(value) : undefined;
    }
    case 'AnsiCQuoted':
      return readCodes(part);
    case 'SingleQuoted':
      return part.text === `'${part.value}'` ? quoted(part.value) : undefined;
    case 'DoubleQuoted':
      return readDoubleQuoted(part.text.slice(1, -1), part.parts, known, around);
    case 'Glob':
      return /^[*?]+$/.test(part.text) || part.text.replace(brackets, '') === ''
        ? [{ text: part.text, glob: true }]
        : undefined;
    case 'BraceExpansion':
      return readBraces(part.text);
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'ArithmeticExpansion':
      return expanded(part.text, known, around);
    case 'ProcessSubstitution':
      return part.operator === '<' ? known.input?.(part) : undefined;
    case 'CommandExpansion':
      return standing(known.substitution?.(part), known, around);
    default:
      return undefined;
  }
}

function readDoubleQuoted(
  text: string,
  parts: readonly DoubleQuotedChild[],
  known: Known,
  outside: Around,
): Given[] | undefined {
  if (parts.every(({ type }) => type === 'Literal')) {
    const value = doubleQuoted(text);
    return value === undefined ? undefined : quoted(value);
  }
  // Nothing stands between the parts: what the parser overlooked would be missing here.
  if (parts.map((part) => part.text).join('') !== text) return undefined;
  let value = '';
  let from = 0;
  for (const part of parts) {
    const before = outside.before + text.slice(0, from);
    from += part.text.length;
    const after = text.slice(from) + (from === text.length ? '' : '"') + outside.after;
    // Together with what stands behind it, it could be something else.
    if (part.type === 'Literal' && /[$\\]$/.test(part.text) && from < text.length) return undefined;
    const piece = readQuotedPart(part, known, { before, after, inQuotes: true });
    if (piece === undefined) return undefined;
    value += piece;
  }
  return quoted(value);
}

function readQuotedPart(part: DoubleQuotedChild, known: Known, around: Around): string | undefined {
  if (part.type === 'Literal') return doubleQuoted(part.text);
  const found =
    part.type === 'CommandExpansion'
      ? standing(known.substitution?.(part), known, around)
      : expanded(part.text, known, around);
  return found?.[0]?.text;
}

function isStars(part: WordPart): boolean {
  return part.type === 'Glob' && /^[*?]+$/.test(part.text);
}

function isExpanded(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted') return part.parts.some(({ type }) => type !== 'Literal');
  return !['Literal', 'SingleQuoted', 'Glob', 'BraceExpansion', 'AnsiCQuoted'].includes(part.type);
}

const codes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\', "'": "'", '"': '"' };

/** `$'a\tb'` with the few codes that every bash reads alike. */
function readCodes({ text, value }: WordPart & { type: 'AnsiCQuoted' }): Given[] | undefined {
  const [, inside] = /^\$'((?:[^\\']|\\[tnr\\'"])*)'$/.exec(text) ?? [];
  const made = inside?.replaceAll(/\\(.)/g, (_, code: string) => codes[code] ?? '');
  return made === value && made !== undefined ? quoted(made) : undefined;
}

/** A variable that stands for names that fit a pattern, where it is the whole word. */
function readNames(part: WordPart, known: Known): Given[] | undefined {
  const names = namesOf(part, known);
  return names === undefined || names.part === true ? undefined : [names];
}

/** `$NAME` without quotes, where it stands for names that a program has listed. */
function readListed(part: WordPart, { scope, assigned }: Known): Given[] | undefined {
  if (part.type === 'DoubleQuoted' || assigned === true) return undefined;
  const value = scope?.get(variable(part.text) ?? '');
  return value?.kind === 'listed' ? [...value.given] : undefined;
}

/** `"${NAME[@]}"` alone: each element is a word. */
function readArray(part: WordPart, { scope }: Known): Given[] | undefined {
  const [inner, ...others] = part.type === 'DoubleQuoted' ? part.parts : [];
  if (inner?.type !== 'ParameterExpansion' || others.length > 0 || part.text !== `"${inner.text}"`) return undefined;
  const [, name = ''] = /^\$\{(\w+)\[@\]\}$/.exec(inner.text) ?? [];
  const value = scope?.get(name);
  return value?.kind === 'array' ? [...value.given] : undefined;
}

/**
 * Such a variable with a folder before it, or with more of a path or an ending behind it: `"$d/package.json"`. What fits the pattern
 * with the same around it are all names that it can come to, and perhaps others.
 */
function readNamesWithin(parts: readonly WordPart[], known: Known): Given | undefined {
  const flat = parts.flatMap((part): { part: WordPart; quoted: boolean }[] =>
    part.type === 'DoubleQuoted'
      ? part.text === `"${part.parts.map(({ text }) => text).join('')}"`
        ? part.parts.map((inner) => ({ part: inner, quoted: true }))
        : [{ part, quoted: true }]
      : [{ part, quoted: false }],
  );
  const at = flat.findIndex(({ part }) => namesOf(part, known) !== undefined);
  const found = flat[at];
  const names = found === undefined ? undefined : namesOf(found.part, known);
  if (found === undefined || names === undefined || names.below !== undefined) return undefined;
  const [before, after] = [flat.slice(0, at), flat.slice(at + 1)].map((some) =>
    some.every(({ part }) => (part.type === 'Literal' ? /^[\w./@+-]*$/.test(part.text) : isStars(part)))
      ? some.map(({ part }) => part.text).join('')
      : undefined,
  );
  const stars = names.text.includes('/') ? '' : '*?';
  if (before === undefined || after === undefined || !new RegExp(`^(?:[\\w.@+][\\w./@+${stars}-]*/)?$`).test(before))
    return undefined;
  if (!/^(?:[./].*)?$/.test(after) && !names.text.endsWith('/')) return undefined;
  if (names.part === true && !/^\.(?!env)\w[\w.]*$/i.test(after)) return undefined;
  if (before !== '' && /^[/~]/.test(names.text)) return undefined;
  if (!found.quoted || names.plain === true) {
    if (known.apart === undefined) return undefined;
    known.apart(names);
  }
  const { one, plain, ...given } = names;
  const several = flat.some(({ part }) => isStars(part)) || one !== true;
  return {
    ...given,
    text: before + names.text + after,
    ...(several ? {} : { one: true }),
    ...(found.quoted && plain !== true ? {} : { plain: true }),
  };
}

function namesOf(part: WordPart, { scope }: Known): Given | undefined {
  const [inner, ...others] = part.type === 'DoubleQuoted' ? part.parts : [part];
  if (inner === undefined || others.length > 0) return undefined;
  if (part.type === 'DoubleQuoted' && part.text !== `"${inner.text}"`) return undefined;
  const value = scope?.get(variable(inner.text) ?? '');
  if (value?.kind !== 'names') return undefined;
  // Without quotes a name with a blank in it would be two.
  return { ...oneOf(value.given), ...(part.type === 'DoubleQuoted' ? {} : { plain: true }) };
}

function variable(text: string): string | undefined {
  return /^\$(?:(\w+)|\{(\w+)\})$/
    .exec(text)
    ?.slice(1)
    .find((name) => name !== undefined);
}

/** Numbers, whichever; sums of numbers, without a name that could stand for anything. */
const numbers = /^\$(?:\?|\{\?\}|#|\{PIPESTATUS\[\d\]\}|\(\([\d\s+*/%()<>=!&|^~?:-]+\)\))$/;

function expanded(text: string, known: Known, around: Around): Given[] | undefined {
  if (numbers.test(text)) {
    return known.prints === true || known.compares === true ? quoted('0') : standing(sumOf(text, known), known, around);
  }
  const name = variable(text);
  if (name === undefined) return standing(computed(text, known), known, around);
  const value = known.scope?.get(name);
  if (value !== undefined) return standing(value, known, around);
  if (known.prints === true || known.compares === true) {
    if (!mayBeShown(name)) return undefined;
    return known.prints === true ? quoted('0') : standing({ kind: 'any' }, known, around);
  }
  if (name === 'PWD') return standing({ kind: 'here', folders: undefined }, known, around);
  const { before, after, inQuotes = false } = around;
  return name === 'HOME' && known.home === true && inQuotes && before === '' && /^(?:"$|\/)/.test(after)
    ? quoted(home)
    : undefined;
}

/** A sum of literal numbers, and of variables that stand for numbers. */
function sumOf(text: string, { scope }: Known): Value | undefined {
  const names = namesInSum(text);
  const known = names?.every((name) => {
    const value = scope?.get(name);
    return value?.kind === 'number' || (value?.kind === 'known' && /^(?:0|[1-9]\d{0,8})$/.test(value.text));
  });
  return known === true ? { kind: 'number', empty: false } : undefined;
}

/** What becomes of a variable by an operator behind its name. */
function computed(text: string, known: Known): Value | undefined {
  if (text.startsWith('$((')) return sumOf(text, known);
  const [, count, name = '', elements, operator, operand = ''] = parameter.exec(text) ?? [];
  const value = known.scope?.get(name);
  if (elements !== undefined) {
    return value?.kind === 'array' && count === '#' && operator === undefined
      ? { kind: 'number', empty: false }
      : undefined;
  }
  if (count === '#')
    return value !== undefined && operator === undefined ? { kind: 'number', empty: false } : undefined;
  if (operator === undefined || value?.kind === 'array') return undefined;
  if (value?.kind === 'known') {
    const made = derived(value.text, operator, operand);
    return made === undefined ? undefined : { kind: 'known', text: made };
  }
  // What stands in the place of nothing could be a pattern.
  if (known.prints === true && !/^[\w .,:@%+=/-]*$/.test(operand) && /^(?::-|-|\/\/?)$/.test(operator))
    return undefined;
  // Behind this sign stands a sum, in which a name would be taken for what its value says.
  if (operator === ':' && !/^ ?-?\d{1,4}(?: ?: ?-?\d{1,4})?$/.test(operand)) return undefined;
  return value !== undefined || (known.prints === true && mayBeShown(name)) ? { kind: 'any' } : undefined;
}

/**
 * What may stand behind the name of a commit in a word, so that the word is harmless also where there is no such commit, and
 * nothing stands before it: as `HEAD..main`, `HEAD~2`, `HEAD:src/a.ts`.
 */
const behindCommit = /^"?(?:\.{2,3}(?:[\w@][\w@/-]*)?|[~^][\d^~]*|:[^]*)?"?$/;

/** Around a number that may be nothing: the ends of an address of `sed`, or the value of a variable of `awk`. */
const beforeEmpty = /^"?(?:(?:\d+|\$\{?\w+\}?),\+?|\w+="?)?$/;
const behindEmpty = /^(?:,(?:\+?\d+|\$|\+?\$\{?\w+\}?|\$\(\([^()]*\)\)))?[pdq]?"?$/;

/** And before it: nothing, or the other end of a range. */
const beforeCommit = /^"?(?:[\w@][\w@./~^-]*\.{2,3})?$/;

function standing(
  value: Value | undefined,
  known: Known,
  { before, after, inQuotes = false }: Around,
): Given[] | undefined {
  if (value === undefined) return undefined;
  if (known.prints === true && value.kind !== 'known') return quoted('0');
  switch (value.kind) {
    case 'known':
      // Without quotes it is taken apart at blanks, and is a pattern.
      return inQuotes || known.assigned === true || /^[\w@%+=:,./-]+$/.test(value.text)
        ? quoted(value.text)
        : undefined;
    case 'number':
      if (known.counts === true && !value.empty) return quoted('8');
      if (known.compares === true) return quoted('0');
      // Where there is none and no quotes are around it, there is no word.
      if (value.empty && !inQuotes && before === '' && after === '') return undefined;
      // Within a word, what it says without the number could be something else.
      if (value.empty && !(beforeEmpty.test(before) && behindEmpty.test(after))) return undefined;
      return known.numbers === true ? quoted(anyNumber) : undefined;
    case 'revision':
      if (known.compares === true && inQuotes) return quoted(anyNumber);
      if (known.commits !== true || !beforeCommit.test(before) || !behindCommit.test(after)) return undefined;
      // Without quotes there is no word where there is no such commit.
      return inQuotes || before !== '' || after !== ''
        ? quoted('HEAD')
        : [{ text: 'HEAD', glob: false, perhaps: true }];
    case 'here':
      if (before !== '' || !/^"?(?:\/|$)/.test(after)) return undefined;
      if (!inQuotes && known.assigned !== true) {
        if (known.bare === undefined) return undefined;
        known.bare();
      }
      return quoted('.');
    default:
      // Without quotes it could be several words, or none.
      if (known.texts?.test(before) === true && inQuotes) return quoted(anyText);
      if (known.texts?.test(`x${before}`) === true && value.kind === 'any' && value.word === true && inQuotes)
        return quoted(anyText);
      return known.compares === true && inQuotes ? quoted(anyNumber) : undefined;
  }
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
