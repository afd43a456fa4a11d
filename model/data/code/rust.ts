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
import { type Expression, type Operation, type Routine, type Statement, type Type, withLoops } from './tree.ts';
import { Unprintable } from './unprintable.ts';

const reserved = new Set(['type', 'match', 'loop', 'move', 'fn', 'ref', 'use', 'box', 'mod', 'in']);

function variableName(words: string): string {
  const name = snake(words);
  return reserved.has(name) ? `${name}_value` : name;
}

export const rust: Language = {
  name: 'rust',
  extension: 'rs',
  functionName: snake,
  variableName,
  typeName: pascal,
  constantName: screaming,
  header: (words) => [...wrapped(words, 90).map((line) => `//! ${line}`), ''],
  imports: (list: readonly Import[]) =>
    list.map(({ path, names }) => `use ${path}::${names.length === 1 ? names[0] : `{${names.join(', ')}}`};`),
  constant,
  record,
  routine: (each, doc, exported, manner) => routine(each, doc, exported, manner, false),
  class: classLines,
  comment: (words) => `// ${words}`,
  expression: expressionText,
};

function constant({ words, value, doc }: Constant): string[] {
  const type = typeof value === 'string' ? '&str' : Number.isInteger(value) ? 'i64' : 'f64';
  const docs = doc === undefined ? [] : [`/// ${doc}.`];
  return [...docs, `pub const ${screaming(words)}: ${type} = ${typeof value === 'string' ? text(value, '"') : value};`];
}

function record({ name, fields, doc }: RecordShape, manner: Manner): string[] {
  const rows = fields.map(({ words, type }) => `${manner.indent}pub ${variableName(words)}: ${typeText(type, true)},`);
  return [
    ...(doc === undefined ? [] : [`/// ${doc}`]),
    '#[derive(Clone, Debug)]',
    `pub struct ${pascal(name)} {`,
    ...rows,
    '}',
  ];
}

function typeText(type: Type, owned: boolean): string {
  if (type === 'int') return 'i64';
  if (type === 'num') return 'f64';
  if (type === 'str') return owned ? 'String' : '&str';
  if (type === 'bool') return 'bool';
  if (type === 'void') return '()';
  if ('list' in type) return owned ? `Vec<${typeText(type.list, true)}>` : `&[${typeText(type.list, true)}]`;
  if ('map' in type) return `HashMap<String, ${typeText(type.map, true)}>`;
  if ('optional' in type) return `Option<${typeText(type.optional, true)}>`;
  return owned ? pascal(type.record) : `&${pascal(type.record)}`;
}

function routine(each: Routine, doc: string | undefined, exported: boolean, manner: Manner, method: boolean): string[] {
  const own = method ? ['&mut self'] : [];
  const parameters = [
    ...own,
    ...each.parameters.map((one) => `${variableName(one.words)}: ${typeText(one.type, false)}`),
  ];
  const returns = each.returns === 'void' ? '' : ` -> ${typeText(each.returns, true)}`;
  const docs = doc === undefined ? [] : wrapped(doc, 92).map((line) => `/// ${line}`);
  const body = block(withLoops(each.body, each.returns), manner, each.returns);
  const last = body.length - 1;
  // The last value of a function stands without `return`.
  const tail = body.map((line, at) => (at === last && line.startsWith('return ') ? line.slice(7, -1) : line));
  return [
    ...docs,
    `${exported ? 'pub ' : ''}fn ${snake(each.words)}(${parameters.join(', ')})${returns} {`,
    ...indented(tail, manner.indent),
    '}',
  ];
}

function classLines(shape: ClassShape, manner: Manner): string[] {
  const name = pascal(shape.name);
  const docs = shape.doc === undefined ? [] : [`/// ${shape.doc}`];
  const state = shape.state.map(({ words, type }) => `${manner.indent}${snake(words)}: ${typeText(type, true)},`);
  const methods = shape.methods.flatMap(({ routine: each, doc }, at) => [
    ...(at === 0 ? [] : ['']),
    ...routine(each, doc, true, manner, true),
  ]);
  return [
    ...docs,
    '#[derive(Default)]',
    `pub struct ${name} {`,
    ...state,
    '}',
    '',
    `impl ${name} {`,
    ...indented(methods, manner.indent),
    '}',
  ];
}

function block(statements: readonly Statement[], manner: Manner, returns: Type): string[] {
  return statements.flatMap((each) => lines(each, manner, returns));
}

function lines(statement: Statement, manner: Manner, returns: Type): string[] {
  const print = expressionText;
  const inner = (list: readonly Statement[]): string[] => indented(block(list, manner, returns), manner.indent);
  const optional = typeof returns === 'object' && 'optional' in returns;
  switch (statement.type) {
    case 'let':
      return [
        `let ${statement.changes || statement.value.type === 'empty' ? 'mut ' : ''}${variableName(statement.words)} = ${statement.of === 'num' && statement.value.type === 'literal' ? Number(statement.value.value).toFixed(1) : print(statement.value)};`,
      ];
    case 'assign':
      return [`${print(statement.to)} ${statement.operator} ${print(statement.value)};`];
    case 'if': {
      const otherwise = statement.no.length === 0 ? ['}'] : ['} else {', ...inner(statement.no), '}'];
      return [`if ${print(statement.condition)} {`, ...inner(statement.yes), ...otherwise];
    }
    case 'for':
      return [`for ${variableName(statement.words)} in ${print(statement.list)} {`, ...inner(statement.body), '}'];
    case 'while':
      return [`while ${print(statement.condition)} {`, ...inner(statement.body), '}'];
    case 'return': {
      if (statement.value === undefined) return ['return;'];
      const none = statement.value.type === 'literal' && statement.value.value === null;
      const value = print(statement.value);
      return [`return ${optional && !none ? `Some(${value}.clone())` : value};`];
    }
    case 'fail':
      return [
        statement.text.type === 'template'
          ? print(statement.text)
              .replace(/^format!\(/, 'panic!(')
              .replace(/\)$/, ');')
              .replace(/^(".*")(?:\.to_string\(\);)?$/, 'panic!($1);')
          : `panic!("{}", ${print(statement.text)});`,
      ];
    case 'push':
      return [
        `${print(statement.list)}.push(${print(statement.value)}${statement.value.type === 'name' ? '.clone()' : ''});`,
      ];
    case 'put':
      return [`${print(statement.map)}.insert(${print(statement.key)}.to_string(), ${print(statement.value)});`];
    case 'print': {
      const written = print(statement.text);
      if (statement.text.type === 'literal') return [`println!(${written});`];
      return [written.startsWith('format!(') ? `println!(${written.slice(8)};` : `println!("{}", ${written});`];
    }
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
  length: (a) => `${a}.len()`,
  lower: (a) => `${a}.to_lowercase()`,
  upper: (a) => `${a}.to_uppercase()`,
  trim: (a) => `${a}.trim()`,
  round: (a) => `(${a} as f64).round() as i64`,
  floor: (a) => `${a} as i64`,
  abs: (a) => `(${a}).abs()`,
  text: (a) => `${a}.to_string()`,
  number: (a) => `${a}.parse::<i64>().unwrap_or(0)`,
  split: (a, b) => `${a}.split(${b}).collect::<Vec<_>>()`,
  join: (a, b) => `${a}.join(${b})`,
  contains: (a, b) => `${a}.contains(${b})`,
  starts: (a, b) => `${a}.starts_with(${b})`,
  ends: (a, b) => `${a}.ends_with(${b})`,
  slice: (a, b, c) => `${a}[${b === '0' ? '' : b}..${c ?? ''}].to_string()`,
  replace: (a, b, c) => `${a}.replace(${b}, ${c})`,
  pad: (a, b) => `format!("{:<1$}", ${a}, ${b})`,
  repeat: (a, b) => `${a}.repeat(${b})`,
  min: (a, b) => `${a}.min(${b})`,
  max: (a, b) => `${a}.max(${b})`,
};

function expressionText(expression: Expression): string {
  const print = expressionText;
  switch (expression.type) {
    case 'name':
      return variableName(expression.words);
    case 'constant':
      return screaming(expression.words);
    case 'literal':
      if (expression.value === null) return 'None';
      return typeof expression.value === 'string' ? text(expression.value, '"') : String(expression.value);
    case 'field':
      return `${expression.of === undefined ? 'self' : print(expression.of)}.${variableName(expression.words)}`;
    case 'call':
      return `${snake(expression.to)}(${expression.arguments.map(print).join(', ')})`;
    case 'binary':
      return binaryText(expression, { and: '&&', or: '||' }, print);
    case 'not':
      return `!${expression.of.type === 'binary' ? `(${print(expression.of)})` : print(expression.of)}`;
    case 'missing':
      return `${print(expression.of)}.is_none()`;
    case 'operation':
      return operations[expression.name](
        ...expression.arguments.map((each, at) =>
          at === 0 && each.type === 'binary' ? `(${print(each)})` : print(each),
        ),
      );
    case 'template': {
      const values = expression.parts.filter((part) => typeof part !== 'string');
      const form = expression.parts.map((part) => (typeof part === 'string' ? part : '{}')).join('');
      return values.length === 0
        ? text(expression.parts.filter((part) => typeof part === 'string').join(''), '"')
        : `format!(${[text(form, '"'), ...values.map(print)].join(', ')})`;
    }
    case 'at':
      return `${print(expression.list)}[${print(expression.index)}]`;
    case 'look up':
      return `${print(expression.map)}[${print(expression.key)}]`;
    case 'has':
      return `${print(expression.map)}.contains_key(${print(expression.key)})`;
    case 'empty':
      return typeof expression.of === 'object' && 'map' in expression.of ? 'HashMap::new()' : 'Vec::new()';
    case 'record':
      return `${pascal(expression.name)} { ${expression.fields.map(([words, value]) => `${variableName(words)}: ${print(value)}`).join(', ')} }`;
    case 'list':
      return `&[${expression.items.map(print).join(', ')}]`;
    case 'each':
      return eachText(expression);
    case 'sorted':
      throw new Unprintable('rust', expression.type);
    default:
      return expression satisfies never;
  }
}

function eachText({ what, list, name, body }: Expression & { type: 'each' }): string {
  const one = variableName(name);
  const from = `${expressionText(list)}.iter()`;
  const value = expressionText(body);
  if (what === 'sum') return `${from}.map(|${one}| ${value}).sum::<i64>()`;
  if (what === 'count') return `${from}.filter(|${one}| ${value}).count()`;
  if (what === 'some') return `${from}.any(|${one}| ${value})`;
  if (what === 'first') return `${from}.find(|${one}| ${value}).cloned()`;
  return what === 'map'
    ? `${from}.map(|${one}| ${value}).collect()`
    : `${from}.filter(|${one}| ${value}).cloned().collect()`;
}
