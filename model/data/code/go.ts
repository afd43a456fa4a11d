import { camel, pascal, small } from '../english.ts';
import { type ClassShape, type Constant, type Language, type Manner, type RecordShape, text } from './language.ts';
import { binaryText, indented, wrapped } from './operators.ts';
import { type Expression, type Operation, type Routine, type Statement, type Type, withLoops } from './tree.ts';
import { Unprintable } from './unprintable.ts';

const reserved = new Set(['type', 'range', 'func', 'map', 'package', 'default', 'len', 'case', 'go', 'var', 'string']);

function variableName(words: string): string {
  const name = camel(words);
  return reserved.has(name) ? `${name}Value` : name;
}

export const go: Language = {
  name: 'go',
  extension: 'go',
  functionName: pascal,
  variableName,
  typeName: pascal,
  constantName: pascal,
  header: (words) => wrapped(words, 96).map((line) => `// ${line}`),
  imports: () => [],
  constant,
  record,
  routine: (each, doc, _exported, manner) => routine(each, doc, manner, undefined),
  class: classLines,
  comment: (words) => `// ${words}`,
  expression: expressionText,
};

function constant({ words, value, doc }: Constant): string[] {
  const written = typeof value === 'string' ? text(value, '"') : value;
  const docs = doc === undefined ? [] : [`// ${pascal(words)}: ${small(doc)}.`];
  return [...docs, `const ${pascal(words)} = ${written}`];
}

function record({ name, fields, doc }: RecordShape, manner: Manner): string[] {
  const rows = fields.map(({ words, type }) => `${manner.indent}${pascal(words)} ${typeText(type)}`);
  return [
    ...(doc === undefined ? [] : [`// ${pascal(name)} is ${small(doc)}`]),
    `type ${pascal(name)} struct {`,
    ...rows,
    '}',
  ];
}

function typeText(type: Type): string {
  if (type === 'int') return 'int';
  if (type === 'num') return 'float64';
  if (type === 'str') return 'string';
  if (type === 'bool') return 'bool';
  if (type === 'void') return '';
  if ('list' in type) return `[]${typeText(type.list)}`;
  if ('map' in type) return `map[string]${typeText(type.map)}`;
  if ('optional' in type) return typeText(type.optional);
  return `*${pascal(type.record)}`;
}

function fails(statements: readonly Statement[]): boolean {
  return statements.some(
    (each) =>
      each.type === 'fail' ||
      (each.type === 'if' && (fails(each.yes) || fails(each.no))) ||
      ((each.type === 'for' || each.type === 'while') && fails(each.body)),
  );
}

function routine(each: Routine, doc: string | undefined, manner: Manner, receiver: string | undefined): string[] {
  const returns = typeText(each.returns);
  const parameters = each.parameters.map((one) => `${variableName(one.words)} ${typeText(one.type)}`).join(', ');
  const docs = doc === undefined ? [] : wrapped(`${pascal(each.words)} ${small(doc)}`, 96).map((line) => `// ${line}`);
  const body = block(withLoops(each.body, each.returns), manner);
  const self = receiver === undefined ? '' : `(s *${receiver}) `;
  if (fails(each.body) && each.returns === 'void') {
    return [
      ...docs,
      `func ${self}${pascal(each.words)}(${parameters}) error {`,
      ...indented([...body, 'return nil'], '\t'),
      '}',
    ];
  }
  return [
    ...docs,
    `func ${self}${pascal(each.words)}(${parameters})${returns === '' ? '' : ` ${returns}`} {`,
    ...indented(body, '\t'),
    '}',
  ];
}

function classLines(shape: ClassShape, manner: Manner): string[] {
  const name = pascal(shape.name);
  const docs = shape.doc === undefined ? [] : [`// ${name} ${small(shape.doc)}`];
  const state = shape.state.map(({ words, type }) => `\t${camel(words)} ${typeText(type)}`);
  const methods = shape.methods.flatMap(({ routine: each, doc }) => ['', ...routine(each, doc, manner, name)]);
  return [...docs, `type ${name} struct {`, ...state, '}', ...methods];
}

function block(statements: readonly Statement[], manner: Manner): string[] {
  return statements.flatMap((each) => lines(each, manner));
}

function lines(statement: Statement, manner: Manner): string[] {
  const print = expressionText;
  const inner = (list: readonly Statement[]): string[] => indented(block(list, manner), '\t');
  switch (statement.type) {
    case 'let':
      return [
        `${variableName(statement.words)} := ${statement.value.type === 'literal' && statement.of === 'num' ? Number(statement.value.value).toFixed(1) : print(statement.value)}`,
      ];
    case 'assign':
      if (statement.operator === '+=' && statement.value.type === 'literal' && statement.value.value === 1)
        return [`${print(statement.to)}++`];
      return [`${print(statement.to)} ${statement.operator} ${print(statement.value)}`];
    case 'if': {
      const otherwise = statement.no.length === 0 ? ['}'] : ['} else {', ...inner(statement.no), '}'];
      return [`if ${print(statement.condition)} {`, ...inner(statement.yes), ...otherwise];
    }
    case 'for':
      return [
        `for _, ${variableName(statement.words)} := range ${print(statement.list)} {`,
        ...inner(statement.body),
        '}',
      ];
    case 'while':
      return [`for ${print(statement.condition)} {`, ...inner(statement.body), '}'];
    case 'return':
      return [`return${statement.value === undefined ? '' : ` ${print(statement.value)}`}`];
    case 'fail':
      return [
        statement.text.type === 'template' && statement.text.parts.some((part) => typeof part !== 'string')
          ? `panic(${print(statement.text)})`
          : `panic(${print(statement.text)})`,
      ];
    case 'push':
      return [`${print(statement.list)} = append(${print(statement.list)}, ${print(statement.value)})`];
    case 'put':
      return [`${print(statement.map)}[${print(statement.key)}] = ${print(statement.value)}`];
    case 'print':
      return [`fmt.Println(${print(statement.text)})`];
    case 'expression':
      return [print(statement.value)];
    case 'comment':
      return [`// ${statement.text}`];
    case 'blank':
      return [''];
    default:
      return statement satisfies never;
  }
}

const operations: Record<Operation, (...values: string[]) => string> = {
  length: (a) => `len(${a})`,
  lower: (a) => `strings.ToLower(${a})`,
  upper: (a) => `strings.ToUpper(${a})`,
  trim: (a) => `strings.TrimSpace(${a})`,
  round: (a) => `int(math.Round(float64(${a})))`,
  floor: (a) => `int(${a})`,
  abs: (a) => `int(math.Abs(float64(${a})))`,
  text: (a) => `fmt.Sprint(${a})`,
  number: (a) => `toInt(${a})`,
  split: (a, b) => `strings.Split(${a}, ${b})`,
  join: (a, b) => `strings.Join(${a}, ${b})`,
  contains: (a, b) => `strings.Contains(${a}, ${b})`,
  starts: (a, b) => `strings.HasPrefix(${a}, ${b})`,
  ends: (a, b) => `strings.HasSuffix(${a}, ${b})`,
  slice: (a, b, c) => `${a}[${b === '0' ? '' : b}:${c ?? ''}]`,
  replace: (a, b, c) => `strings.ReplaceAll(${a}, ${b}, ${c})`,
  pad: (a, b) => `fmt.Sprintf("%-*s", ${b}, ${a})`,
  repeat: (a, b) => `strings.Repeat(${a}, ${b})`,
  min: (a, b) => `min(${a}, ${b})`,
  max: (a, b) => `max(${a}, ${b})`,
};

function expressionText(expression: Expression): string {
  const print = expressionText;
  switch (expression.type) {
    case 'name':
      return variableName(expression.words);
    case 'constant':
      return pascal(expression.words);
    case 'literal':
      if (expression.value === null) return 'nil';
      return typeof expression.value === 'string' ? text(expression.value, '"') : String(expression.value);
    case 'field':
      return expression.of === undefined
        ? `s.${camel(expression.words)}`
        : `${print(expression.of)}.${pascal(expression.words)}`;
    case 'call':
      return `${pascal(expression.to)}(${expression.arguments.map(print).join(', ')})`;
    case 'binary':
      return binaryText(expression, { and: '&&', or: '||' }, print);
    case 'not':
      return `!${expression.of.type === 'binary' ? `(${print(expression.of)})` : print(expression.of)}`;
    case 'missing':
      return `${print(expression.of)} == nil`;
    case 'operation':
      return operations[expression.name](...expression.arguments.map(print));
    case 'template': {
      const values = expression.parts.filter((part) => typeof part !== 'string');
      const form = expression.parts
        .map((part) => (typeof part === 'string' ? part.replaceAll('%', '%%') : '%v'))
        .join('');
      return values.length === 0
        ? text(expression.parts.filter((part) => typeof part === 'string').join(''), '"')
        : `fmt.Sprintf(${[text(form, '"'), ...values.map(print)].join(', ')})`;
    }
    case 'at':
      return `${print(expression.list)}[${print(expression.index)}]`;
    case 'look up':
      return `${print(expression.map)}[${print(expression.key)}]`;
    case 'empty':
      return `${typeText(expression.of)}{}`;
    case 'record':
      return `&${pascal(expression.name)}{${expression.fields.map(([words, value]) => `${pascal(words)}: ${print(value)}`).join(', ')}}`;
    case 'list':
      return `[]${typeText(expression.of)}{${expression.items.map(print).join(', ')}}`;
    case 'has':
    case 'each':
    case 'sorted':
      throw new Unprintable('go', expression.type);
    default:
      return expression satisfies never;
  }
}
