import { camel, pascal, screaming } from '../english.ts';
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
  'default',
  'new',
  'delete',
  'class',
  'function',
  'package',
  'case',
  'in',
  'import',
  'export',
  'static',
  'public',
]);

function variableName(words: string): string {
  const name = camel(words);
  return reserved.has(name) ? `${name}Value` : name;
}

/** JavaScript and TypeScript: the same but for types. */
export function javascriptLike(typed: boolean): Language {
  return {
    name: typed ? 'typescript' : 'javascript',
    extension: typed ? 'ts' : 'js',
    functionName: camel,
    variableName,
    typeName: pascal,
    constantName: screaming,
    header,
    imports,
    constant,
    record,
    routine: (each, doc, exported, manner) => routine(each, doc, exported, manner, typed),
    class: (shape, manner) => classLines(shape, manner, typed),
    comment: (words) => `// ${words}`,
    expression: expressionText,
  };
}

function header(words: string, manner: Manner): string[] {
  if (manner.docs === 'plain') return [...wrapped(words, 100).map((line) => `// ${line}`), ''];
  if (manner.docs === 'block') return ['/**', ...wrapped(words, 90).map((line) => ` * ${line}`), ' */', ''];
  const lines = wrapped(words, 96);
  return [...(lines.length === 1 ? [`// ${words}`] : ['/*', ...lines.map((line) => ` * ${line}`), ' */']), ''];
}

function imports(list: readonly Import[], manner: Manner): string[] {
  const end = manner.semicolons ? ';' : '';
  return list.map(({ path, names }) =>
    manner.modules === 'commonjs'
      ? `const { ${names.join(', ')} } = require(${text(path.replace(/\.js$/, ''), manner.quote)})${end}`
      : `import { ${names.join(', ')} } from ${text(path, manner.quote)}${end}`,
  );
}

function constant({ words, value, doc }: Constant, exported: boolean, manner: Manner): string[] {
  const written = typeof value === 'string' ? text(value, manner.quote) : String(value);
  const out = exported && manner.modules === 'esm' ? 'export ' : '';
  const line = `${out}const ${screaming(words)} = ${written}${manner.semicolons ? ';' : ''}`;
  if (doc === undefined) return [line];
  return manner.docs === 'plain' ? [`// ${doc}`, line] : [`/** ${doc}. */`, line];
}

function record({ name, fields, doc }: RecordShape, manner: Manner): string[] {
  const end = manner.semicolons ? ';' : '';
  const docs = doc === undefined ? [] : manner.docs === 'plain' ? [`// ${doc}`] : [`/** ${doc} */`];
  const rows = fields.map(({ words, type }) => `${manner.indent}${camel(words)}: ${typeText(type)}${end}`);
  return [...docs, `export interface ${pascal(name)} {`, ...rows, '}'];
}

export function typeText(type: Type): string {
  if (type === 'int' || type === 'num') return 'number';
  if (type === 'str') return 'string';
  if (type === 'bool') return 'boolean';
  if (type === 'void') return 'void';
  if ('list' in type) return `${typeText(type.list)}[]`;
  if ('map' in type) return `Record<string, ${typeText(type.map)}>`;
  if ('optional' in type) return `${typeText(type.optional)} | undefined`;
  return pascal(type.record);
}

function docLines(doc: string | undefined, each: Routine, manner: Manner, typed: boolean): string[] {
  if (doc === undefined) return [];
  if (manner.docs === 'plain') return wrapped(doc, 96).map((line) => `// ${line}`);
  const lines = wrapped(doc, 100);
  const tags =
    manner.docs === 'block' && !typed
      ? [
          ...each.parameters.map((one) => `@param {${typeText(one.type)}} ${variableName(one.words)} ${one.doc}`),
          ...(each.returns === 'void' ? [] : [`@returns {${typeText(each.returns)}}`]),
        ]
      : manner.docs === 'block'
        ? each.parameters.map((one) => `@param ${variableName(one.words)} ${one.doc}`)
        : [];
  if (lines.length === 1 && tags.length === 0) return [`/** ${doc} */`];
  return ['/**', ...[...lines, ...tags].map((line) => ` * ${line}`), ' */'];
}

function routine(each: Routine, doc: string | undefined, exported: boolean, manner: Manner, typed: boolean): string[] {
  const name = camel(each.words);
  const parameters = each.parameters
    .map((one) => variableName(one.words) + (typed ? `: ${typeText(one.type)}` : ''))
    .join(', ');
  const returns = typed ? `: ${typeText(each.returns)}` : '';
  const out = exported && manner.modules === 'esm' ? 'export ' : '';
  const body = indented(block(each.body, manner, typed), manner.indent);
  const head = manner.arrows
    ? `${out}const ${name} = (${parameters})${returns} => {`
    : `${out}function ${name}(${parameters})${returns} {`;
  const foot = manner.arrows && manner.semicolons ? '};' : '}';
  return [...docLines(doc, each, manner, typed), head, ...body, foot];
}

function classLines(shape: ClassShape, manner: Manner, typed: boolean): string[] {
  const end = manner.semicolons ? ';' : '';
  const state = shape.state.map(({ words, type }) => {
    const start =
      typeof type === 'object' && 'map' in type ? '{}' : typeof type === 'object' && 'list' in type ? '[]' : '0';
    return `${typed ? 'private ' : ''}${camel(words)}${typed ? `: ${typeText(type)}` : ''} = ${start}${end}`;
  });
  const methods = shape.methods.flatMap(({ routine: each, doc }) => [
    '',
    ...docLines(doc, each, manner, typed),
    `${camel(each.words)}(${each.parameters
      .map((one) => variableName(one.words) + (typed ? `: ${typeText(one.type)}` : ''))
      .join(', ')})${typed ? `: ${typeText(each.returns)}` : ''} {`,
    ...indented(block(each.body, manner, typed), manner.indent),
    '}',
  ]);
  const docs = shape.doc === undefined ? [] : manner.docs === 'plain' ? [`// ${shape.doc}`] : [`/** ${shape.doc} */`];
  const out = manner.modules === 'esm' ? 'export ' : '';
  return [...docs, `${out}class ${pascal(shape.name)} {`, ...indented([...state, ...methods], manner.indent), '}'];
}

function block(statements: readonly Statement[], manner: Manner, typed: boolean): string[] {
  return statements.flatMap((each) => lines(each, manner, typed));
}

function lines(statement: Statement, manner: Manner, typed: boolean): string[] {
  const end = manner.semicolons ? ';' : '';
  const print = (each: Expression): string => expressionText(each, manner);
  const inner = (list: readonly Statement[]): string[] => indented(block(list, manner, typed), manner.indent);
  switch (statement.type) {
    case 'let': {
      const { value, of } = statement;
      const hint = typed && value.type === 'empty' ? `: ${typeText(of)}` : '';
      return [
        `${statement.changes && value.type !== 'empty' ? 'let' : 'const'} ${variableName(statement.words)}${hint} = ${print(value)}${end}`,
      ];
    }
    case 'assign':
      return [`${print(statement.to)} ${statement.operator} ${print(statement.value)}${end}`];
    case 'if': {
      const [only] = statement.yes;
      const short = statement.no.length === 0 && statement.yes.length === 1 && only !== undefined;
      const condition = print(statement.condition);
      if (short && (only.type === 'return' || only.type === 'fail' || only.type === 'push' || only.type === 'assign')) {
        const one = `if (${condition}) ${lines(only, manner, typed).join(' ')}`;
        if (one.length < 100) return [one];
      }
      const otherwise = statement.no.length === 0 ? ['}'] : ['} else {', ...inner(statement.no), '}'];
      return [`if (${condition}) {`, ...inner(statement.yes), ...otherwise];
    }
    case 'for':
      return [
        `for (const ${variableName(statement.words)} of ${print(statement.list)}) {`,
        ...inner(statement.body),
        '}',
      ];
    case 'while':
      return [`while (${print(statement.condition)}) {`, ...inner(statement.body), '}'];
    case 'return':
      return [`return${statement.value === undefined ? '' : ` ${print(statement.value)}`}${end}`];
    case 'fail':
      return [`throw new Error(${print(statement.text)})${end}`];
    case 'push':
      return [`${print(statement.list)}.push(${print(statement.value)})${end}`];
    case 'put':
      return [`${print(statement.map)}[${print(statement.key)}] = ${print(statement.value)}${end}`];
    case 'print':
      return [`console.log(${print(statement.text)})${end}`];
    case 'expression':
      return [`${print(statement.value)}${end}`];
    case 'comment':
      return [`// ${statement.text}`];
    case 'blank':
      return [''];
    default:
      return statement satisfies never;
  }
}

const operations: Record<Operation, (...values: string[]) => string> = {
  length: (a) => `${a}.length`,
  lower: (a) => `${a}.toLowerCase()`,
  upper: (a) => `${a}.toUpperCase()`,
  trim: (a) => `${a}.trim()`,
  round: (a) => `Math.round(${a})`,
  floor: (a) => `Math.floor(${a})`,
  abs: (a) => `Math.abs(${a})`,
  text: (a) => `String(${a})`,
  number: (a) => `Number(${a})`,
  split: (a, b) => `${a}.split(${b})`,
  join: (a, b) => `${a}.join(${b})`,
  contains: (a, b) => `${a}.includes(${b})`,
  starts: (a, b) => `${a}.startsWith(${b})`,
  ends: (a, b) => `${a}.endsWith(${b})`,
  slice: (a, b, c) => `${a}.slice(${b}${c === undefined ? '' : `, ${c}`})`,
  replace: (a, b, c) => `${a}.replaceAll(${b}, ${c})`,
  pad: (a, b) => `${a}.padEnd(${b})`,
  repeat: (a, b) => `${a}.repeat(${b})`,
  min: (a, b) => `Math.min(${a}, ${b})`,
  max: (a, b) => `Math.max(${a}, ${b})`,
};

const signs = { '==': '===', '!=': '!==', and: '&&', or: '||' } as const;

function expressionText(expression: Expression, manner: Manner): string {
  const print = (each: Expression): string => expressionText(each, manner);
  /** What a method is called on. */
  const tight = (each: Expression): string => (each.type === 'binary' ? `(${print(each)})` : print(each));
  switch (expression.type) {
    case 'name':
      return variableName(expression.words);
    case 'constant':
      return screaming(expression.words);
    case 'literal':
      if (expression.value === null) return 'undefined';
      return typeof expression.value === 'string' ? text(expression.value, manner.quote) : String(expression.value);
    case 'field':
      return `${expression.of === undefined ? 'this' : print(expression.of)}.${camel(expression.words)}`;
    case 'call':
      return `${camel(expression.to)}(${expression.arguments.map(print).join(', ')})`;
    case 'binary':
      return binaryText(expression, signs, print);
    case 'not':
      return expression.of.type === 'has' ? `!(${print(expression.of)})` : `!${tight(expression.of)}`;
    case 'missing':
      return `${print(expression.of)} === undefined`;
    case 'operation': {
      const [first, ...rest] = expression.arguments;
      const method = !['round', 'floor', 'abs', 'text', 'number', 'min', 'max'].includes(expression.name);
      const values = [first === undefined ? '' : method ? tight(first) : print(first), ...rest.map(print)];
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
      if (expression.fields.length === 0) return '{}';
      return `{ ${expression.fields.map(([words, value]) => fieldText(camel(words), print(value))).join(', ')} }`;
    case 'list':
      return `[${expression.items.map(print).join(', ')}]`;
    case 'each':
      return eachText(expression, print);
    case 'sorted':
      return sortedText(expression, print);
    default:
      return expression satisfies never;
  }
}

function fieldText(name: string, value: string): string {
  return name === value ? name : `${name}: ${value}`;
}

function templateText(parts: readonly (string | Expression)[], manner: Manner): string {
  if (parts.every((part) => typeof part === 'string')) return text(parts.join(''), manner.quote);
  const inside = parts.map((part) =>
    typeof part === 'string'
      ? part.replaceAll('`', '\\`').replaceAll('\n', '\\n')
      : `\${${expressionText(part, manner)}}`,
  );
  return `\`${inside.join('')}\``;
}

function eachText(
  { what, list, name, body }: Expression & { type: 'each' },
  print: (each: Expression) => string,
): string {
  const one = variableName(name);
  const from = print(list);
  const value = body.type === 'record' ? `(${print(body)})` : print(body);
  if (what === 'sum')
    return `${from}.reduce((sum, ${one}) => sum + ${body.type === 'binary' && body.operator !== '*' ? `(${value})` : value}, 0)`;
  if (what === 'count') return `${from}.filter((${one}) => ${value}).length`;
  return `${from}.${what === 'first' ? 'find' : what}((${one}) => ${value})`;
}

function sortedText(
  { list, by, name, down, of }: Expression & { type: 'sorted' },
  print: (each: Expression) => string,
): string {
  const key = (side: string): string => print(by).replaceAll(new RegExp(`\\b${variableName(name)}\\b`, 'g'), side);
  const [left, right] = down ? ['b', 'a'] : ['a', 'b'];
  const texts = by.type === 'field' && of === 'str';
  const compare = texts ? `${key(left)}.localeCompare(${key(right)})` : `${key(left)} - ${key(right)}`;
  return `[...${print(list)}].sort((a, b) => ${compare})`;
}

/** How CommonJS names what others may use. */
export function commonjsExports(names: readonly string[], manner: Manner): string[] {
  return names.length === 0 ? [] : ['', `module.exports = { ${names.join(', ')} }${manner.semicolons ? ';' : ''}`];
}
