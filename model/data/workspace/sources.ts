import { posix } from 'node:path';
import { commonjsExports } from '../code/javascript.ts';
import type { Import, Language, Manner } from '../code/language.ts';
import { indented } from '../code/operators.ts';
import type { Expression, Routine, Statement } from '../code/tree.ts';
import { Unprintable } from '../code/unprintable.ts';
import { article, pascal, small } from '../english.ts';
import { sentence, type Sketch, told } from '../functions/sketch.ts';
import { writtenLines } from '../functions/written.ts';
import type { Random } from '../random.ts';
import type { Layout } from './manners.ts';
import type { ModulePlan } from './plan.ts';
import type { ConstantFact, FileFact, SymbolFact, TextFact } from './workspace.ts';

/** How a workspace comments its code. */
export interface Habits {
  mood: 'third' | 'plain';
  /** Shares of the functions and files that have a comment. */
  documented: number;
  headed: number;
}

/** All that writing the modules of a workspace needs. */
export interface Writing {
  random: Random;
  language: Language;
  manner: Manner;
  layout: Layout;
  habits: Habits;
  plans: readonly ModulePlan[];
  /** Paths of the modules by their words. */
  paths: ReadonlyMap<string, string>;
  /** Comments about what is left to do, still to be placed. */
  todos: string[];
}

export interface Written {
  path: string;
  text: string;
  fact: FileFact;
  texts: TextFact[];
}

/** A stretch of lines, and what it defines. `definition`: index of the line in question. */
interface Piece {
  lines: string[];
  define?: { fact: Omit<SymbolFact, 'file' | 'line' | 'signature'>; definition: number }[];
  constant?: Omit<ConstantFact, 'file' | 'line'>;
}

export function writeModule(plan: ModulePlan, writing: Writing): Written {
  const { language, manner, random } = writing;
  const path = writing.paths.get(plan.words) ?? plan.words;
  const pieces: Piece[] = [];
  for (const value of plan.values) {
    const doc = random.chance(0.6) ? value.doc : undefined;
    const literal = value.value.startsWith("'") ? value.value.slice(1, -1) : Number(value.value);
    const lines = language.constant(
      { words: value.words, value: literal, doc },
      isShared(value.words, plan, writing) || random.chance(0.3),
      manner,
    );
    const written = lines.find((line) => / = /.test(line)) ?? '';
    const shown = / = (.*?);?(?:\s+#.*)?$/.exec(written)?.[1] ?? '';
    pieces.push({ lines, constant: { name: language.constantName(value.words), value: shown, doc } });
  }
  const record = recordPiece(plan, writing);
  if (record) pieces.push(record);
  const texts: string[] = [];
  for (const sketch of plan.sketches) {
    const piece = routinePiece(sketch, writing);
    if (piece === undefined) continue;
    if (writing.todos.length > 0 && random.chance(0.5))
      pieces.push({ lines: [language.comment(writing.todos.pop() ?? '')] });
    pieces.push(piece);
    texts.push(...sketch.texts);
  }
  const store = storePiece(plan, writing);
  if (store) {
    pieces.push(store);
    texts.push(...(plan.store?.texts ?? []));
  }
  return assemble(plan, path, pieces, texts, writing);
}

/** Whether another module needs the constant. */
function isShared(words: string, plan: ModulePlan, { plans }: Writing): boolean {
  return plans.some(
    (other) => other !== plan && other.sketches.some(({ values }) => values.some((each) => each.words === words)),
  );
}

function docFor(
  docs: readonly string[],
  remark: string | undefined,
  { random, habits, language }: Writing,
): { told: string; sentence: string } | undefined {
  if (!random.chance(habits.documented)) return undefined;
  // Go's comments begin with the name, so they need a verb.
  const bare = random.pick(docs);
  const doing =
    language.name !== 'go' || bare.includes('|')
      ? bare
      : /^(?:whether|how)\b/.test(bare)
        ? `report| ${bare}`
        : `return| ${bare}`;
  const more = remark !== undefined && random.chance(0.7) ? ` ${remark}` : '';
  const joined = more !== '' && random.chance(0.25);
  const first = sentence(doing, language.name === 'go' ? 'third' : habits.mood);
  const whole = joined ? `${first.slice(0, -1)}; ${small(more.trim())}` : first + more;
  // Go's comments go on behind the name.
  return { told: language.name === 'go' ? told(doing) : firstSentence(whole), sentence: whole };
}

/** Without its full stop. */
function firstSentence(text: string): string {
  return text.replace(/\.(?:\s.*)?$/s, '');
}

function routinePiece(sketch: Sketch, writing: Writing): Piece | undefined {
  const { language, manner } = writing;
  const { routine } = sketch;
  const doc = docFor(sketch.docs, sketch.remark, writing);
  try {
    const lines = sketch.written
      ? writtenRoutine(sketch.written.code, sketch, doc?.sentence, writing)
      : language.routine(routine, doc?.sentence, routine.words !== 'main', manner);
    return {
      lines,
      define: [{ fact: symbolOf(routine, 'function', doc?.told, language), definition: definitionIn(lines) }],
    };
  } catch (error) {
    if (error instanceof Unprintable) return undefined;
    throw error;
  }
}

/** Code written by hand, with its comment where the language has it. */
function writtenRoutine(
  code: string,
  { routine }: Sketch,
  doc: string | undefined,
  { language, manner }: Writing,
): string[] {
  const [head = '', ...rest] = writtenLines(code, manner, language.name === 'typescript');
  const shell = language.routine({ ...routine, body: [] }, doc, true, manner);
  const at = definitionIn(shell);
  const inside = language.name === 'python' ? shell.slice(at + 1, -1) : [];
  return [...shell.slice(0, at), head, ...inside, ...rest];
}

function symbolOf(
  routine: Routine,
  kind: SymbolFact['kind'],
  saying: string | undefined,
  language: Language,
): Omit<SymbolFact, 'file' | 'line' | 'signature'> {
  return {
    name: language.functionName(routine.words),
    kind,
    told: saying,
    parameters: routine.parameters.map(({ words }) => language.variableName(words)),
    returns: routine.returns !== 'void',
  };
}

/** The first line that is no comment. */
function definitionIn(lines: readonly string[], from = 0): number {
  const at = lines.findIndex((line, index) => index >= from && !/^\s*(?:\/\/|\/\*|\*|#(?!\[)|#\[|@|$)/.test(line));
  return at === -1 ? from : at;
}

function recordPiece(plan: ModulePlan, { language, manner, random }: Writing): Piece | undefined {
  const { record } = plan;
  if (record === undefined || language.name === 'javascript' || language.name === 'java') return undefined;
  const doc = random.chance(0.4)
    ? random.pick([
        `${article(record.one)} as it is kept in memory`,
        `what is known about ${article(record.one)}`,
        `one ${record.one}`,
      ])
    : undefined;
  const shown = doc === undefined ? undefined : `${doc.charAt(0).toUpperCase()}${doc.slice(1)}.`;
  const lines = language.record({ name: record.one, fields: record.fields, doc: shown }, manner);
  const fact = {
    name: language.typeName(record.one),
    kind: 'type' as const,
    told: shown?.slice(0, -1),
    parameters: [],
    returns: false,
  };
  return { lines, define: [{ fact, definition: definitionIn(lines) }] };
}

function storePiece(plan: ModulePlan, writing: Writing): Piece | undefined {
  const { store } = plan;
  if (store === undefined) return undefined;
  const { language, manner } = writing;
  const doc = docFor([store.doing], undefined, writing);
  const methods = store.methods.map(({ routine, docs }) => ({ routine, doc: docFor(docs, undefined, writing) }));
  const shape = {
    name: store.name,
    doc: doc?.sentence,
    state: store.state,
    methods: methods.map(({ routine, doc: own }) => ({ routine, doc: own?.sentence })),
  };
  try {
    const lines = language.class(shape, manner);
    const start = lines.findIndex(
      (line) =>
        /\b(?:class|struct|type)\b/.test(line) &&
        line.includes(pascal(store.name)) &&
        !/^\s*(?:\/\/|\*|\/\*|#)/.test(line),
    );
    const define: Piece['define'] = [
      {
        fact: { name: pascal(store.name), kind: 'class', told: doc?.told, parameters: [], returns: false },
        definition: start,
      },
    ];
    for (const { routine, doc: own } of methods) {
      const name = language.functionName(routine.words);
      const at = lines.findIndex(
        (line) =>
          line.includes(`${name}(`) &&
          !/^\s*(?:\/\/|\*|\/\*|#)/.test(line) &&
          !/[=.]\s*\w*\(|return/.test(line.split(`${name}(`)[0] ?? ''),
      );
      define.push({ fact: symbolOf(routine, 'method', own?.told, language), definition: at });
    }
    return { lines, define: define.filter(({ definition }) => definition >= 0) };
  } catch (error) {
    if (error instanceof Unprintable) return undefined;
    throw error;
  }
}

function assemble(
  plan: ModulePlan,
  path: string,
  pieces: Piece[],
  texts: readonly string[],
  writing: Writing,
): Written {
  const { language, manner, random, habits } = writing;
  const headed = random.chance(habits.headed);
  const saying = headed ? sentence(plan.purpose, habits.mood) : undefined;
  const head = saying === undefined ? [] : language.header(saying, manner);
  const imports = importsOf(plan, path, pieces, writing);
  const importLines = [...libraryLines(plan, writing), ...language.imports(imports, manner)];
  const lines: string[] = [];
  const fact: FileFact = {
    path,
    kind: 'source',
    purpose: saying === undefined ? undefined : firstSentence(saying),
    symbols: [],
    constants: [],
    imports: imports.map((each) => each.path),
  };
  const body: Piece[] = language.name === 'java' ? [javaClass(plan, pieces, manner)] : pieces;
  const before = frontOf(language, head, importLines, body, plan, path);
  lines.push(...before);
  let previous: Piece | undefined;
  for (const piece of body) {
    const together =
      previous?.constant !== undefined &&
      piece.constant !== undefined &&
      previous.lines.length === 1 &&
      piece.lines.length === 1;
    const gap = language.name === 'python' && piece.constant === undefined ? 2 : 1;
    const attached = previous !== undefined && previous.constant === undefined && previous.define === undefined;
    if (lines.length > 0 && !together && lines.at(-1) !== '' && !attached && !(language.name === 'java' && headed))
      lines.push(...Array<string>(gap).fill(''));
    else if (lines.length > 0 && lines.at(-1) === '' && gap === 2) lines.push('');
    if (piece.constant) {
      const line = lines.length + definitionIn(piece.lines) + 1;
      fact.constants.push({ ...piece.constant, file: path, line });
    }
    for (const { fact: symbol, definition } of piece.define ?? []) {
      const signature = (piece.lines[definition] ?? '').trim();
      fact.symbols.push({ ...symbol, file: path, line: lines.length + definition + 1, signature });
    }
    for (const inner of piece === body[0] && language.name === 'java' ? innerConstants(piece, lines.length, path) : [])
      fact.constants.push(inner);
    lines.push(...piece.lines);
    previous = piece;
  }
  lines.push(...footOf(plan, fact, writing));
  const found = texts.flatMap((text) => {
    const at = lines.findIndex((line) => line.includes(text));
    return at === -1 ? [] : [{ text, file: path, line: at + 1 }];
  });
  return { path, text: `${lines.join('\n')}\n`, fact, texts: found };
}

/** What stands before the first definition: package, comment, imports, each as its language wants it. */
function frontOf(
  language: Language,
  head: readonly string[],
  imports: readonly string[],
  body: readonly Piece[],
  plan: ModulePlan,
  path: string,
): string[] {
  const text = body.flatMap(({ lines }) => lines).join('\n');
  switch (language.name) {
    case 'go': {
      const needed = ['fmt', 'math', 'strings'].filter((name) => new RegExp(`\\b${name}\\.`).test(text));
      const block =
        needed.length === 0
          ? []
          : needed.length === 1
            ? ['', `import "${needed[0]}"`]
            : ['', 'import (', ...needed.map((name) => `\t"${name}"`), ')'];
      const folder = posix.dirname(path);
      return [...head, `package ${plan.entry || folder === '.' ? 'main' : posix.basename(folder)}`, ...block, ''];
    }
    case 'java': {
      const folder = posix
        .dirname(path)
        .replace(/^src\/(?:main|test)\/java\//, '')
        .replaceAll('/', '.');
      const needed = ['List', 'Map', 'ArrayList', 'HashMap']
        .filter((name) => new RegExp(`\\b${name}\\b`).test(text))
        .toSorted();
      return [
        `package ${folder};`,
        '',
        ...needed.map((name) => `import java.util.${name};`),
        ...(needed.length > 0 ? [''] : []),
        ...head,
      ];
    }
    case 'python': {
      const dataclass = text.includes('@dataclass') ? ['from dataclasses import dataclass'] : [];
      const own = [...dataclass, ...(dataclass.length > 0 && imports.length > 0 ? [''] : []), ...imports];
      return [...head, ...own, ...(own.length > 0 ? [''] : [])];
    }
    case 'rust': {
      const maps = text.includes('HashMap') ? ['use std::collections::HashMap;'] : [];
      const own = [...maps, ...imports];
      return [...head, ...own, ...(own.length > 0 ? [''] : [])];
    }
    case 'javascript':
    case 'typescript':
      return [...head, ...imports, ...(imports.length > 0 ? [''] : [])];
    default:
      return language.name satisfies never;
  }
}

function javaClass(plan: ModulePlan, pieces: Piece[], manner: Manner): Piece {
  if (plan.store) return pieces.at(-1) ?? { lines: [] };
  const lines = [`public final class ${pascal(plan.words)} {`];
  const define: Piece['define'] = [];
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) lines.push('');
    for (const each of piece.define ?? []) define.push({ ...each, definition: each.definition + lines.length });
    lines.push(...indented(piece.lines, manner.indent));
  }
  return { lines: [...lines, '}'], define };
}

function innerConstants(piece: Piece, offset: number, file: string): ConstantFact[] {
  return piece.lines.flatMap((line, at) => {
    const [, name, value] = /static final \w+ (\w+) = (.*);$/.exec(line) ?? [];
    return name === undefined || value === undefined
      ? []
      : [{ name, value, file, line: offset + at + 1, doc: undefined }];
  });
}

/** CommonJS names what it gives away; a program begins. */
function footOf(plan: ModulePlan, fact: FileFact, { language, manner, random }: Writing): string[] {
  const main = fact.symbols.at(-1)?.name;
  const end = manner.semicolons ? ';' : '';
  if (language.name === 'javascript' && manner.modules === 'commonjs') {
    if (plan.entry && main !== undefined) return ['', `${main}()${end}`];
    return commonjsExports(
      [
        ...fact.constants.map(({ name }) => name),
        ...fact.symbols.filter(({ kind }) => kind !== 'method').map(({ name }) => name),
      ],
      manner,
    );
  }
  if (!plan.entry || main === undefined) return [];
  if (language.name === 'javascript' || language.name === 'typescript') return ['', `${main}()${end}`];
  if (language.name === 'python')
    return random.chance(0.8) ? ['', '', 'if __name__ == "__main__":', `    ${main}()`] : ['', '', `${main}()`];
  return [];
}

/** What code written by hand takes from the standard library. */
function libraryLines(plan: ModulePlan, { language, manner }: Writing): string[] {
  const wanted = new Map<string, Set<string>>();
  for (const [path, ...names] of plan.sketches.flatMap(({ written }) => written?.imports ?? [])) {
    wanted.set(path, new Set([...(wanted.get(path) ?? []), ...names]));
  }
  return [...wanted]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, names]) =>
      names.size === 0
        ? [`import ${path}`]
        : language.imports([{ from: path, path, names: [...names].toSorted() }], manner),
    );
}

/** The names that the written pieces take from other modules. */
function importsOf(plan: ModulePlan, path: string, pieces: readonly Piece[], writing: Writing): Import[] {
  const { language, plans, paths } = writing;
  if (language.name === 'go' || language.name === 'java') return [];
  const text = pieces.flatMap(({ lines }) => lines.filter((line) => !/^\s*(?:\/\/|\*|\/\*|#)/.test(line))).join('\n');
  const names = new Map<string, string[]>();
  const add = (from: string, name: string): void => {
    if (from !== plan.words) names.set(from, [...new Set([...(names.get(from) ?? []), name])]);
  };
  for (const one of plan.sketches.flatMap(({ routine }) => callsIn(routine.body))) {
    const name = language.functionName(one.to);
    if (one.from !== undefined && text.includes(`${name}(`)) add(one.from, name);
  }
  const own = new Set(plan.values.map(({ words }) => words));
  for (const { words } of plan.sketches.flatMap(({ values }) => values)) {
    const home = own.has(words) ? undefined : plans.find(({ values }) => values.some((each) => each.words === words));
    if (home) add(home.words, language.constantName(words));
  }
  for (const other of plans) {
    if (other.record === undefined || language.name === 'javascript') continue;
    const name = language.typeName(other.record.one);
    if (new RegExp(`\\b${name}\\b`).test(text))
      add(other.words, language.name === 'typescript' ? `type ${name}` : name);
  }
  return [...names].map(([from, list]) => ({
    from,
    path: importPath(path, paths.get(from) ?? from, writing),
    names: list.toSorted((a, b) => (bare(a) < bare(b) ? -1 : 1)),
  }));
}

function bare(name: string): string {
  return name.replace(/^type /, '');
}

export function importPath(from: string, to: string, { language, layout }: Writing): string {
  if (language.name === 'python') {
    const module = to
      .replace(/\.py$/, '')
      .replace(/^src\//, '')
      .replaceAll('/', '.');
    return posix.dirname(from) === posix.dirname(to) &&
      layout.sources !== '' &&
      layout.ending === '' &&
      !from.startsWith('test')
      ? `.${module.split('.').at(-1)}`
      : module;
  }
  if (language.name === 'rust') return `crate::${posix.basename(to, '.rs')}`;
  const relative = posix.relative(posix.dirname(from), to).replace(/\.[jt]s$/, layout.ending);
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** Every call of a function of some module. */
export function callsIn(statements: readonly Statement[]): (Expression & { type: 'call' })[] {
  const found: (Expression & { type: 'call' })[] = [];
  JSON.stringify(statements, (_, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'call' && 'to' in value)
      found.push(value as Expression & { type: 'call' });
    return value;
  });
  return found;
}
