import type { Manner } from '../code/language.ts';

/**
 * Functions written by hand in one language, as people write them: asynchronous, with files, servers and patterns.
 * Placeholders in code: `$One`, `$one`, `$Many`, `$many` for the record in the language's naming, `$KEY` for a field of
 * it, `$name` for the function; `$1` and `$2` for the words of one and many, also in docs. What stands between `‹` and
 * `›` is left out in JavaScript.
 */
export interface WrittenFunction {
  /** Words of its name, one of these. */
  names: readonly string[];
  docs: readonly string[];
  /** Two blanks a level; the first line is the definition. */
  code: string;
  /** Modules of the standard library: path and names; no names in Python mean `import path`. */
  imports?: readonly (readonly [string, ...string[]])[];
  /** Texts in it that people see. */
  texts?: readonly string[];
}

/** Functions that would stand in one file. */
export interface WrittenGroup {
  /** Words for the file. */
  files: readonly string[];
  purposes: readonly string[];
  functions: readonly WrittenFunction[];
}

/** The lines of the code, in the manner of the workspace. */
export function writtenLines(code: string, manner: Manner, typed: boolean): string[] {
  const plain = code.replaceAll(/‹([^›]*)›/g, (_, inside: string) => (typed ? inside : ''));
  return plain.split('\n').map((line) => {
    const depth = /^ */.exec(line)?.[0].length ?? 0;
    let text = manner.indent.repeat(depth / 2) + line.slice(depth);
    if (!manner.semicolons) text = text.replace(/;$/, '');
    if (manner.quote === '"' && !text.includes('"') && !text.includes('`')) text = text.replaceAll("'", '"');
    return manner.modules === 'commonjs' ? text.replace(/^export /, '') : text;
  });
}

/** The code with its placeholders filled. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((result, [name, value]) => result.replaceAll(name, () => value), text);
}
