import { pascal, screaming, snake } from '../english.ts';
import {
  type ClassShape,
  type Constant,
  type Import,
  type Language,
  type Manner,
  type RecordShape,
  text,
} from './language.ts';
import { binaryText, indented, wrapped } from './operators.ts';
import type { Expression, Operation, Routine, Statement, Type } from './tree.ts';

const reserved = new Set([
  'class',
  'def',
  'from',
  'in',
  'is',
  'not',
  'lambda',
  'pass',
  'import',
  'global',
  'with',
  'list',
  'id',
  'type',
  'max',
  'min',
  'sum',
  'len',
  'round',
  'and',
  'or',
]);

function variableName(words: string): string {
  const name = snake(words);
  return reserved.has(name) ? `${name}_` : name;
}

export const python: Language = {
  name: 'python',
  extension: 'py',
  functionName: snake,
  variableName,
  typeName: pascal,
  constantName: screaming,
  header: (words, manner) => [...docstring(words, [], manner), ''],
  imports: (list: readonly Import[]) => list.map(({ path, names }) => `from ${path} import ${names.join(', ')}`),
  constant,
  record,
  routine: (each, doc, _exported, manner) => routine(each, doc, manner, false),
  class: classLines,
  comment: (words) => `# ${words}`,
  expression: expressionText,
};

function constant({ words, value, doc }: Constant, _exported: boolean, manner: Manner): string[] {
  const line = `${screaming(words)} = ${typeof value === 'string' ? text(value, manner.quote) : value}`;
  if (doc === undefined) return [line];
  return manner.docs === 'line' ? [`${line}  # ${doc}`] : [`# ${doc}.`, line];
}

function record({ name, fields, doc }: RecordShape, manner: Manner): string[] {
  const rows = fields.map(({ words, type }) => `${variableName(words)}: ${typeText(type)}`);
  const docs = doc === undefined ? [] : [...docstring(doc, [], manner), ''];
  return ['@dataclass', `class ${pascal(name)}:`, ...indented([...docs, ...rows], manner.indent)];
}

function typeText(type: Type): string {
  if (type === 'int') return 'int';
  if (type === 'num') return 'float';
  if (type === 'str') return 'str';
  if (type === 'bool') return 'bool';
  if (type === 'void') return 'None';
  if ('list' in type) return `list[${typeText(type.list)}]`;
  if ('map' in type) return `dict[str, ${typeText(type.map)}]`;
  if ('optional' in type) return `${typeText(type.optional)} | None`;
  return pascal(type.record);
}

function docstring(doc: string, more: readonly string[], manner: Manner): string[] {
  const lines = wrapped(doc, 84);
  if (lines.length === 1 && more.length === 0) return [`"""${doc}"""`];
  const body = manner.docs === 'block' ? ['"""', ...lines] : [`"""${lines[0] ?? ''}`, ...lines.slice(1)];
  return [...body, ...(more.length > 0 ? ['', ...more] : []), '"""'];
}

function docLines(doc: string | undefined, each: Routine, manner: Manner): string[] {
  if (doc === undefined) return [];
  const more =
    manner.docs === 'block' && each.parameters.length > 0
      ? ['Args:', ...each.parameters.map((one) => `    ${variableName(one.words)}: ${one.doc}`)]
      : [];
  return docstring(doc, more, manner);
}

function routine(each: Routine, doc: string | undefined, manner: Manner, method: boolean): string[] {
  const own = method ? ['self'] : [];
  const parameters = each.parameters.map(
    (one) => variableName(one.words) + (manner.hints ? `: ${typeText(one.type)}` : ''),
  );
  const returns = manner.hints ? ` -> ${typeText(each.returns)}` : '';
  const above = doc !== undefined && manner.docs === 'plain' ? wrapped(doc, 84).map((line) => `# ${line}`) : [];
  const docs = manner.docs === 'plain' ? [] : docLines(doc, each, manner);
  const body = block(each.body, manner);
  const head = `def ${snake(each.words)}(${[...own, ...parameters].join(', ')})${returns}:`;
  return [...above, head, ...indented([...docs, ...(body.length === 0 ? ['pass'] : body)], manner.indent)];
}

function classLines(shape: ClassShape, manner: Manner): string[] {
  const docs = shape.doc === undefined ? [] : [...docstring(shape.doc, [], manner), ''];
  const state = shape.state.map(({ words, type }) => {
    const start =
      typeof type === 'object' && 'map' in type ? '{}' : typeof type === 'object' && 'list' in type ? '[]' : '0';
    return `    self.${snake(words)} = ${start}`;
  });
  const methods = shape.methods.flatMap(({ routine: each, doc }) => ['', ...routine(each, doc, manner, true)]);
  return [
    `class ${pascal(shape.name)}:`,
    ...indented([...docs, 'def __init__(self):', ...state, ...methods], manner.indent),
  ];
}

function block(statements: readonly Statement[], manner: Manner): string[] {
  return statements.flatMap((each) => lines(each, manner));
}

function lines(statement: Statement, manner: Manner): string[] {
  const print = (each: Expression): string => expressionText(each, manner);
  const inner = (list: readonly Statement[]): string[] => indented(block(list, manner), manner.indent);
  switch (statement.type) {
    case 'let':
      return [`${variableName(statement.words)} = ${print(statement.value)}`];
    case 'assign':
      return [`${print(statement.to)} ${statement.operator} ${print(statement.value)}`];
    case 'if': {
      const otherwise = statement.no.length === 0 ? [] : ['else:', ...inner(statement.no)];
      return [`if ${print(statement.condition)}:`, ...inner(statement.yes), ...otherwise];
    }
    case 'for':
      return [`for ${variableName(statement.words)} in ${print(statement.list)}:`, ...inner(statement.body)];
    case 'while':
      return [`while ${print(statement.condition)}:`, ...inner(statement.body)];
    case 'return':
      return [`return${statement.value === undefined ? '' : ` ${print(statement.value)}`}`];
    case 'fail':
      return [`raise ValueError(${print(statement.text)})`];
    case 'push':
      return [`${print(statement.list)}.append(${print(statement.value)})`];
    case 'put':
      return [`${print(statement.map)}[${print(statement.key)}] = ${print(statement.value)}`];
    case 'print':
      return [`print(${print(statement.text)})`];
    case 'expression':
      return [print(statement.value)];
    case 'comment':
      return [`# ${statement.text}`];
    case 'blank':
      return [''];
    default:
      return statement satisfies never;
  }
}

const operations: Record<Operation, (...values: string[]) => string> = {
  length: (a) => `len(${a})`,
  lower: (a) => `${a}.lower()`,
  upper: (a) => `${a}.upper()`,
  trim: (a) => `${a}.strip()`,
  round: (a) => `round(${a})`,
  floor: (a) => `int(${a})`,
  abs: (a) => `abs(${a})`,
  text: (a) => `str(${a})`,
  number: (a) => `int(${a})`,
  split: (a, b) => `${a}.split(${b})`,
  join: (a, b) => `${b}.join(${a})`,
  contains: (a, b) => `${b} in ${a}`,
  starts: (a, b) => `${a}.startswith(${b})`,
  ends: (a, b) => `${a}.endswith(${b})`,
  slice: (a, b, c) => `${a}[${b === '0' ? '' : b}:${c ?? ''}]`,
  replace: (a, b, c) => `${a}.replace(${b}, ${c})`,
  pad: (a, b) => `${a}.ljust(${b})`,
  repeat: (a, b) => `${a} * ${b}`,
  min: (a, b) => `min(${a}, ${b})`,
  max: (a, b) => `max(${a}, ${b})`,
};

const signs = {} as const;

function expressionText(expression: Expression, manner: Manner): string {
  const print = (each: Expression): string => expressionText(each, manner);
  switch (expression.type) {
    case 'name':
      return variableName(expression.words);
    case 'constant':
      return screaming(expression.words);
    case 'literal':
      if (expression.value === null) return 'None';
      if (typeof expression.value === 'boolean') return expression.value ? 'True' : 'False';
      return typeof expression.value === 'string' ? text(expression.value, manner.quote) : String(expression.value);
    case 'field':
      return `${expression.of === undefined ? 'self' : print(expression.of)}.${variableName(expression.words)}`;
    case 'call':
      return `${snake(expression.to)}(${expression.arguments.map(print).join(', ')})`;
    case 'binary':
      return binaryText(expression, signs, print);
    case 'not':
      if (expression.of.type === 'has') return `${print(expression.of.key)} not in ${print(expression.of.map)}`;
      return `not ${expression.of.type === 'binary' ? `(${print(expression.of)})` : print(expression.of)}`;
    case 'missing':
      return `${print(expression.of)} is None`;
    case 'operation': {
      const values = expression.arguments.map((each, at) =>
        at === 0 &&
        each.type === 'binary' &&
        !['length', 'round', 'floor', 'abs', 'text', 'number', 'min', 'max'].includes(expression.name)
          ? `(${print(each)})`
          : print(each),
      );
      return operations[expression.name](...values);
    }
    case 'template':
      return templateText(expression.parts, manner);
    case 'at':
      return `${print(expression.list)}[${print(expression.index)}]`;
    case 'look up':
      return `${print(expression.map)}[${print(expression.key)}]`;
    case 'has':
      return `${print(expression.key)} in ${print(expression.map)}`;
    case 'empty':
      return typeof expression.of === 'object' && 'map' in expression.of ? '{}' : '[]';
    case 'record':
      return `${pascal(expression.name)}(${expression.fields.map(([words, value]) => `${variableName(words)}=${print(value)}`).join(', ')})`;
    case 'list':
      return `[${expression.items.map(print).join(', ')}]`;
    case 'each':
      return eachText(expression, print);
    case 'sorted': {
      const down = expression.down ? ', reverse=True' : '';
      return `sorted(${print(expression.list)}, key=lambda ${variableName(expression.name)}: ${print(expression.by)}${down})`;
    }
    default:
      return expression satisfies never;
  }
}

function templateText(parts: readonly (string | Expression)[], manner: Manner): string {
  const plain = parts.every((part) => typeof part === 'string');
  if (plain) return text(parts.join(''), manner.quote);
  const double = parts.some((part) => typeof part === 'string' && part.includes("'"));
  const quote = double ? '"' : manner.quote;
  const other: Manner = { ...manner, quote: quote === '"' ? "'" : '"' };
  const inside = parts
    .map((part) => (typeof part === 'string' ? part.replaceAll('\n', '\\n') : `{${expressionText(part, other)}}`))
    .join('');
  return `f${quote}${inside}${quote}`;
}

function eachText(
  { what, list, name, body }: Expression & { type: 'each' },
  print: (each: Expression) => string,
): string {
  const one = variableName(name);
  const loop = `for ${one} in ${print(list)}`;
  switch (what) {
    case 'filter':
      return `[${one} ${loop} if ${print(body)}]`;
    case 'map':
      return `[${print(body)} ${loop}]`;
    case 'sum':
      return `sum(${print(body)} ${loop})`;
    case 'count':
      return `sum(1 ${loop} if ${print(body)})`;
    case 'some':
      return `any(${print(body)} ${loop})`;
    case 'first':
      return `next((${one} ${loop} if ${print(body)}), None)`;
    default:
      return what satisfies never;
  }
}
