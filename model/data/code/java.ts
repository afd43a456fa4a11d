import { camel, pascal, screaming } from '../english.ts';
import { type ClassShape, type Constant, type Language, type Manner, type RecordShape, text } from './language.ts';
import { binaryText, indented, wrapped } from './operators.ts';
import { type Expression, type Operation, type Routine, type Statement, type Type, withLoops } from './tree.ts';
import { Unprintable } from './unprintable.ts';

const reserved = new Set([
  'default',
  'new',
  'class',
  'package',
  'case',
  'import',
  'static',
  'public',
  'int',
  'long',
  'short',
]);

function variableName(words: string): string {
  const name = camel(words);
  return reserved.has(name) ? `${name}Value` : name;
}

export const java: Language = {
  name: 'java',
  extension: 'java',
  functionName: camel,
  variableName,
  typeName: pascal,
  constantName: screaming,
  header: (words) => ['/**', ...wrapped(words, 90).map((line) => ` * ${line}`), ' */'],
  imports: () => [],
  constant,
  record,
  routine: (each, doc, exported, manner) => routine(each, doc, exported, manner, true),
  class: classLines,
  comment: (words) => `// ${words}`,
  expression: expressionText,
};

function constant({ words, value, doc }: Constant, exported: boolean): string[] {
  const type =
    typeof value === 'string'
      ? 'String'
      : Number.isInteger(value)
        ? value > 2_000_000_000
          ? 'long'
          : 'int'
        : 'double';
  const written = typeof value === 'string' ? text(value, '"') : `${value}${type === 'long' ? 'L' : ''}`;
  const line = `${exported ? 'public' : 'private'} static final ${type} ${screaming(words)} = ${written};`;
  return doc === undefined ? [line] : [`/** ${doc}. */`, line];
}

function record({ name, fields, doc }: RecordShape): string[] {
  const parts = fields.map(({ words, type }) => `${typeText(type)} ${variableName(words)}`).join(', ');
  return [...(doc === undefined ? [] : [`/** ${doc} */`]), `public record ${pascal(name)}(${parts}) {}`];
}

function typeText(type: Type, boxed = false): string {
  if (type === 'int') return boxed ? 'Integer' : 'int';
  if (type === 'num') return boxed ? 'Double' : 'double';
  if (type === 'str') return 'String';
  if (type === 'bool') return boxed ? 'Boolean' : 'boolean';
  if (type === 'void') return 'void';
  if ('list' in type) return `List<${typeText(type.list, true)}>`;
  if ('map' in type) return `Map<String, ${typeText(type.map, true)}>`;
  if ('optional' in type) return typeText(type.optional, true);
  return pascal(type.record);
}

function routine(each: Routine, doc: string | undefined, exported: boolean, manner: Manner, fixed: boolean): string[] {
  const parameters = each.parameters.map((one) => `${typeText(one.type)} ${variableName(one.words)}`).join(', ');
  const lines = doc === undefined ? [] : wrapped(doc, 92);
  const docs =
    lines.length === 0
      ? []
      : lines.length === 1
        ? [`/** ${doc} */`]
        : ['/**', ...lines.map((line) => ` * ${line}`), ' */'];
  const body = block(withLoops(each.body, each.returns), manner);
  const head = `${exported ? 'public' : 'private'} ${fixed ? 'static ' : ''}${typeText(each.returns)} ${camel(each.words)}(${parameters}) {`;
  return [...docs, head, ...indented(body, manner.indent), '}'];
}

function classLines(shape: ClassShape, manner: Manner): string[] {
  const docs = shape.doc === undefined ? [] : [`/** ${shape.doc} */`];
  const state = shape.state.map(({ words, type }) => {
    const start =
      typeof type === 'object' && 'map' in type
        ? ' = new HashMap<>()'
        : typeof type === 'object' && 'list' in type
          ? ' = new ArrayList<>()'
          : '';
    return `private ${start === '' ? '' : 'final '}${typeText(type)} ${camel(words)}${start};`;
  });
  const methods = shape.methods.flatMap(({ routine: each, doc }) => ['', ...routine(each, doc, true, manner, false)]);
  return [...docs, `public class ${pascal(shape.name)} {`, ...indented([...state, ...methods], manner.indent), '}'];
}

function block(statements: readonly Statement[], manner: Manner): string[] {
  return statements.flatMap((each) => lines(each, manner));
}

function lines(statement: Statement, manner: Manner): string[] {
  const print = expressionText;
  const inner = (list: readonly Statement[]): string[] => indented(block(list, manner), manner.indent);
  switch (statement.type) {
    case 'let':
      return [`${typeText(statement.of)} ${variableName(statement.words)} = ${print(statement.value)};`];
    case 'assign':
      if (statement.to.type === 'field' && statement.to.of !== undefined) {
        const value =
          statement.operator === '='
            ? print(statement.value)
            : `${print(statement.to)} ${statement.operator.charAt(0)} ${print(statement.value)}`;
        return [`${print(statement.to.of)}.set${pascal(statement.to.words)}(${value});`];
      }
      if (statement.operator === '+=' && statement.value.type === 'literal' && statement.value.value === 1)
        return [`${print(statement.to)}++;`];
      return [`${print(statement.to)} ${statement.operator} ${print(statement.value)};`];
    case 'if': {
      const otherwise = statement.no.length === 0 ? ['}'] : ['} else {', ...inner(statement.no), '}'];
      return [`if (${print(statement.condition)}) {`, ...inner(statement.yes), ...otherwise];
    }
    case 'for':
      return [
        `for (${typeText(statement.of)} ${variableName(statement.words)} : ${print(statement.list)}) {`,
        ...inner(statement.body),
        '}',
      ];
    case 'while':
      return [`while (${print(statement.condition)}) {`, ...inner(statement.body), '}'];
    case 'return':
      return [`return${statement.value === undefined ? '' : ` ${print(statement.value)}`};`];
    case 'fail':
      return [`throw new IllegalArgumentException(${print(statement.text)});`];
    case 'push':
      return [`${print(statement.list)}.add(${print(statement.value)});`];
    case 'put':
      return [`${print(statement.map)}.put(${print(statement.key)}, ${print(statement.value)});`];
    case 'print':
      return [`System.out.println(${print(statement.text)});`];
    case 'expression':
      return [`${print(statement.value)};`];
    case 'comment':
      return [`// ${statement.text}`];
    case 'blank':
      return [''];
    default:
      return statement satisfies never;
  }
}

const operations: Record<Operation, (...values: string[]) => string> = {
  length: (a) => (/(?:text|name|title|word|code|line|part|label)s?$/i.test(a) ? `${a}.length()` : `${a}.size()`),
  lower: (a) => `${a}.toLowerCase()`,
  upper: (a) => `${a}.toUpperCase()`,
  trim: (a) => `${a}.strip()`,
  round: (a) => `(int) Math.round(${a})`,
  floor: (a) => `(int) (${a})`,
  abs: (a) => `Math.abs(${a})`,
  text: (a) => `String.valueOf(${a})`,
  number: (a) => `Integer.parseInt(${a})`,
  split: (a, b) => `List.of(${a}.split(${b}))`,
  join: (a, b) => `String.join(${b}, ${a})`,
  contains: (a, b) => `${a}.contains(${b})`,
  starts: (a, b) => `${a}.startsWith(${b})`,
  ends: (a, b) => `${a}.endsWith(${b})`,
  slice: (a, b, c) => `${a}.substring(${b}${c === undefined ? '' : `, ${c}`})`,
  replace: (a, b, c) => `${a}.replace(${b}, ${c})`,
  pad: (a, b) => `String.format("%-" + ${b} + "s", ${a})`,
  repeat: (a, b) => `${a}.repeat(${b})`,
  min: (a, b) => `Math.min(${a}, ${b})`,
  max: (a, b) => `Math.max(${a}, ${b})`,
};

function isText(each: Expression): boolean {
  return (
    (each.type === 'literal' && typeof each.value === 'string') ||
    (each.type === 'operation' && ['lower', 'upper', 'trim'].includes(each.name))
  );
}

function expressionText(expression: Expression): string {
  const print = expressionText;
  switch (expression.type) {
    case 'name':
      return variableName(expression.words);
    case 'constant':
      return screaming(expression.words);
    case 'literal':
      return typeof expression.value === 'string' ? text(expression.value, '"') : String(expression.value);
    case 'field':
      return expression.of === undefined
        ? `this.${camel(expression.words)}`
        : `${print(expression.of)}.${variableName(expression.words)}()`;
    case 'call':
      return `${expression.from === undefined ? '' : `${pascal(expression.from)}.`}${camel(expression.to)}(${expression.arguments.map(print).join(', ')})`;
    case 'binary':
      if (
        (expression.operator === '==' || expression.operator === '!=') &&
        (isText(expression.right) || isText(expression.left))
      ) {
        return `${expression.operator === '==' ? '' : '!'}${print(expression.left)}.equals(${print(expression.right)})`;
      }
      return binaryText(expression, { and: '&&', or: '||' }, print);
    case 'not':
      return `!${expression.of.type === 'binary' ? `(${print(expression.of)})` : print(expression.of)}`;
    case 'missing':
      return `${print(expression.of)} == null`;
    case 'operation':
      return operations[expression.name](
        ...expression.arguments.map((each, at) =>
          at === 0 && each.type === 'binary' ? `(${print(each)})` : print(each),
        ),
      );
    case 'template': {
      const parts = expression.parts.map((part) =>
        typeof part === 'string' ? text(part, '"') : part.type === 'binary' ? `(${print(part)})` : print(part),
      );
      return parts.join(' + ');
    }
    case 'at':
      return `${print(expression.list)}.get(${print(expression.index)})`;
    case 'look up':
      return `${print(expression.map)}.get(${print(expression.key)})`;
    case 'has':
      return `${print(expression.map)}.containsKey(${print(expression.key)})`;
    case 'empty':
      return typeof expression.of === 'object' && 'map' in expression.of ? 'new HashMap<>()' : 'new ArrayList<>()';
    case 'record':
      return `new ${pascal(expression.name)}(${expression.fields.map(([, value]) => print(value)).join(', ')})`;
    case 'list':
      return `List.of(${expression.items.map(print).join(', ')})`;
    case 'each':
    case 'sorted':
      throw new Unprintable('java', expression.type);
    default:
      return expression satisfies never;
  }
}
