/** What a command may be given without leaving the list: everything else is unknown, and unknown means ask. */
export interface Options {
  /** Letters without a value; they may be bundled. */
  flags?: string;
  /** Letters with a value, in the same word or the next one. */
  valued?: string;
  /** Long options without a value, without the dashes. Never abbreviated. */
  long?: readonly string[];
  /** Long options with a value, after `=` or in the next word. One that is also in `long` takes it only after `=`. */
  longValued?: readonly string[];
  /** `-5` is a number of lines. */
  count?: boolean;
}

export interface Arguments {
  operands: string[];
  /** Options that were given, without dashes. */
  given: Set<string>;
}

/** Sorts words into options and operands; undefined when one is not on the list or lacks its value. */
export function readOptions(words: readonly string[], options: Options): Arguments | undefined {
  const result: Arguments = { operands: [], given: new Set() };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      result.operands.push(...words.slice(at + 1));
      return result;
    }
    if (word === '-' || !word.startsWith('-')) {
      result.operands.push(word);
      continue;
    }
    if (options.count === true && /^-\d+$/.test(word)) continue;
    const takes = word.startsWith('--') ? readLong(word, options, result) : readShort(word, options, result);
    if (takes === undefined) return undefined;
    at += takes;
    if (at >= words.length) return undefined;
  }
  return result;
}

/** How many of the next words belong to this one; undefined when it is not on the list. */
function readLong(word: string, options: Options, result: Arguments): 0 | 1 | undefined {
  const [, name = '', value] = /^--([^=]*)(=[^]*)?$/.exec(word) ?? [];
  result.given.add(name);
  if (value !== undefined) return options.longValued?.includes(name) === true ? 0 : undefined;
  if (options.long?.includes(name) === true) return 0;
  return options.longValued?.includes(name) === true ? 1 : undefined;
}

function readShort(word: string, options: Options, result: Arguments): 0 | 1 | undefined {
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    result.given.add(letter);
    if (options.valued?.includes(letter) === true) return at + 1 < word.length ? 0 : 1;
    if (options.flags?.includes(letter) !== true) return undefined;
  }
  return 0;
}
