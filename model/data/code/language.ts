import type { Random } from '../random.ts';
import type { Expression, Routine, Type } from './tree.ts';

export type LanguageName = 'typescript' | 'javascript' | 'python' | 'go' | 'rust' | 'java';

/** How a workspace writes its code; the same for all of its files. */
export interface Manner {
  indent: string;
  quote: "'" | '"';
  semicolons: boolean;
  /** JavaScript: `import` or `require`. */
  modules: 'esm' | 'commonjs';
  /** JavaScript: functions, or constants with arrows. */
  arrows: boolean;
  /** `block`: with a line for each parameter; `line`: one line; `plain`: `//` or `#`. */
  docs: 'block' | 'line' | 'plain';
  /** Python: with annotations. */
  hints: boolean;
}

/** One name of another module that a file uses. */
export interface Import {
  /** As `Module.stem` of the made-up program. */
  from: string;
  /** The path to write for it, as this language wants it. */
  path: string;
  names: string[];
}

export interface RecordShape {
  name: string;
  fields: readonly { words: string; type: Type }[];
  doc: string | undefined;
}

export interface Constant {
  words: string;
  /** A number, or a text in plain letters. */
  value: number | string;
  doc: string | undefined;
}

/** A class that keeps things; the first routine needs no `self`. */
export interface ClassShape {
  name: string;
  doc: string | undefined;
  state: { words: string; type: Type }[];
  methods: { routine: Routine; doc: string | undefined }[];
}

/** How one programming language writes what a made-up file holds. All give whole lines. */
export interface Language {
  name: LanguageName;
  extension: string;
  functionName(words: string): string;
  variableName(words: string): string;
  typeName(words: string): string;
  constantName(words: string): string;
  header(text: string, manner: Manner): string[];
  imports(imports: readonly Import[], manner: Manner): string[];
  constant(value: Constant, exported: boolean, manner: Manner): string[];
  record(shape: RecordShape, manner: Manner): string[];
  routine(routine: Routine, doc: string | undefined, exported: boolean, manner: Manner): string[];
  class(shape: ClassShape, manner: Manner): string[];
  comment(text: string): string;
  expression(expression: Expression, manner: Manner): string;
}

export function someManner(language: LanguageName, random: Random): Manner {
  const python = language === 'python';
  return {
    indent:
      python || language === 'java' || language === 'rust'
        ? '    '
        : language === 'go'
          ? '\t'
          : random.chance(0.8)
            ? '  '
            : '    ',
    quote: random.chance(python ? 0.7 : 0.35) ? '"' : "'",
    semicolons: random.chance(0.8),
    modules: language === 'javascript' && random.chance(0.3) ? 'commonjs' : 'esm',
    arrows: random.chance(0.2),
    docs: random.pick(['block', 'line', 'line', 'line', 'plain'] as const),
    hints: random.chance(0.6),
  };
}

export function text(value: string, quote: "'" | '"'): string {
  const other = quote === "'" ? '"' : "'";
  const mark = value.includes(quote) && !value.includes(other) ? other : quote;
  return `${mark}${value.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`).replaceAll('\n', '\\n')}${mark}`;
}
