import type { Word } from 'unbash';
import { commandWords, readCommand } from './command.ts';
import type { LookedUp } from './effect.ts';
import { type Given, keyOf } from './form.ts';
import { homePath, readWord } from './words.ts';

/** More names than these are counted and not listed. */
const mostNames = 40;

/**
 * A command line with what the shell makes of its words where that is not what is written: lists in braces, the home folder,
 * patterns as far as files were found for them, and letters that are spelled by their codes or hidden between quotes.
 *
 * @param looked what `commandPaths` named, looked up
 * @returns undefined where nothing in it differs
 */
export function resolvedLine(command: string, looked: readonly LookedUp[], home = '~'): string | undefined {
  const names = namesOf(command, looked);
  let line = '';
  let from = 0;
  for (const { pos, end, word } of commandWords(command)) {
    const written = command.slice(pos, end);
    const made = word === undefined ? undefined : wordsOf(word, names, home);
    line += command.slice(from, pos) + (made === undefined ? written : made.join(' '));
    from = end;
  }
  line += command.slice(from);
  return line === command ? undefined : line;
}

/** The names that patterns stand for, by pattern. */
function namesOf(command: string, looked: readonly LookedUp[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map(looked.map((each) => [keyOf(each), each.found]));
  return new Map(
    readCommand(command)
      .paths.filter(({ glob, below }) => glob && below === undefined)
      .flatMap((each): [string, string[]][] => {
        const { path, before = 0 } = each;
        const there = (found.get(keyOf(each)) ?? []).filter(({ kind }) => kind !== 'missing');
        return there.length === 0 ? [] : [[path.slice(before), there.map(({ given }) => given.slice(before))]];
      }),
  );
}

/** Undefined: it stays as it is written. */
function wordsOf(word: Word, names: ReadonlyMap<string, readonly string[]>, home: string): string[] | undefined {
  const path = homePath(word);
  if (path !== undefined) return [quoted(home + path.slice(1))];
  const given = readWord(word);
  if (given === undefined) return spelled(word) ? [quoted(word.value)] : undefined;
  if (given.length === 1 && !given.some(({ glob, text }) => glob && names.has(text))) {
    const [only] = given;
    return only !== undefined && !only.glob && isHidden(word.text) ? [quoted(only.text)] : undefined;
  }
  return given.flatMap((each) => namesFor(each, names));
}

function namesFor({ text, glob }: Given, names: ReadonlyMap<string, readonly string[]>): string[] {
  const found = glob ? names.get(text) : undefined;
  if (found === undefined) return [glob ? text : quoted(text)];
  const shown = found.slice(0, mostNames).map(quoted);
  return found.length > mostNames ? [...shown, `… (${found.length - mostNames} more)`] : shown;
}

/** Nothing in it is expanded but letters that are written by their codes. */
function spelled({ parts = [] }: Word): boolean {
  return (
    parts.some(({ type }) => type === 'AnsiCQuoted') &&
    parts.every(({ type }) => type === 'AnsiCQuoted' || type === 'Literal' || type === 'SingleQuoted')
  );
}

/** Quotes or backslashes in the midst of letters: `r\m`, `c''url`. */
function isHidden(text: string): boolean {
  return /\w(?:\\\w|''|""|'\w+'|"\w+")|\\\w|(?:''|""|'\w+'|"\w+")\w/.test(text);
}

function quoted(text: string): string {
  return /^[\p{L}\p{N}_@%+=:,./^-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
