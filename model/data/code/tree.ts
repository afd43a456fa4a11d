/**
 * A small language for the bodies of made-up functions, printed in six real ones. Names are words in small letters
 * ("gross pay"); each language writes them in its own way.
 */
export type Type =
  | 'int'
  | 'num'
  | 'str'
  | 'bool'
  | 'void'
  | { list: Type }
  | { map: Type }
  | { record: string }
  | { optional: Type };

export type Operator = '+' | '-' | '*' | '/' | '%' | '<' | '<=' | '>' | '>=' | '==' | '!=' | 'and' | 'or';

/** Operations that each language has under a name of its own. */
export type Operation =
  | 'length'
  | 'lower'
  | 'upper'
  | 'trim'
  | 'round'
  | 'floor'
  | 'abs'
  | 'text'
  | 'number'
  | 'split'
  | 'join'
  | 'contains'
  | 'starts'
  | 'ends'
  | 'slice'
  | 'replace'
  | 'pad'
  | 'repeat'
  | 'min'
  | 'max';

export type Expression =
  | { type: 'name'; words: string }
  | { type: 'constant'; words: string }
  | { type: 'literal'; value: number | string | boolean | null }
  /** `of` undefined: a field of the object itself, inside a class. */
  | { type: 'field'; of: Expression | undefined; words: string }
  | { type: 'call'; to: string; from: string | undefined; arguments: Expression[] }
  | { type: 'binary'; operator: Operator; left: Expression; right: Expression }
  | { type: 'not'; of: Expression }
  | { type: 'missing'; of: Expression }
  | { type: 'operation'; name: Operation; arguments: Expression[] }
  /** A text with values in it. */
  | { type: 'template'; parts: (string | Expression)[] }
  | { type: 'at'; list: Expression; index: Expression }
  | { type: 'look up'; map: Expression; key: Expression }
  | { type: 'has'; map: Expression; key: Expression }
  | { type: 'empty'; of: Type }
  | { type: 'record'; name: string; fields: [string, Expression][] }
  | { type: 'list'; of: Type; items: Expression[] }
  | {
      type: 'each';
      what: 'filter' | 'map' | 'sum' | 'count' | 'some' | 'first';
      list: Expression;
      name: string;
      of: Type;
      body: Expression;
    }
  | { type: 'sorted'; list: Expression; name: string; of: Type; by: Expression; down: boolean };

export type Statement =
  | { type: 'let'; words: string; value: Expression; of: Type; changes: boolean }
  | { type: 'assign'; to: Expression; operator: '=' | '+=' | '-=' | '*='; value: Expression }
  | { type: 'if'; condition: Expression; yes: Statement[]; no: Statement[] }
  | { type: 'for'; words: string; list: Expression; of: Type; body: Statement[] }
  | { type: 'while'; condition: Expression; body: Statement[] }
  | { type: 'return'; value: Expression | undefined }
  | { type: 'fail'; text: Expression }
  | { type: 'push'; list: Expression; value: Expression }
  | { type: 'put'; map: Expression; key: Expression; value: Expression }
  | { type: 'print'; text: Expression }
  | { type: 'expression'; value: Expression }
  | { type: 'comment'; text: string }
  | { type: 'blank' };

export interface Parameter {
  words: string;
  type: Type;
  /** "what to look for", without an article at the beginning being needed. */
  doc: string;
}

export interface Routine {
  /** "total of pages"; the first word is a verb wherever there is one. */
  words: string;
  parameters: Parameter[];
  returns: Type;
  body: Statement[];
}

/** Words of an expression for a loop written out. */
const gathered: Record<string, string> = { filter: 'result', map: 'result', sum: 'total', count: 'count' };

/** The same statements with loops instead of `filter`, `map`, `sum` and so on where a statement begins with one. */
export function withLoops(statements: readonly Statement[], returns: Type): Statement[] {
  return statements.flatMap((statement): Statement[] => {
    switch (statement.type) {
      case 'return':
        return statement.value?.type === 'each' ? loopOf(statement.value, undefined, returns) : [statement];
      case 'let':
        return statement.value.type === 'each' && gathered[statement.value.what] !== undefined
          ? loopOf(statement.value, statement.words, statement.of)
          : [statement];
      case 'if':
        return [
          {
            ...statement,
            yes: withLoops(statement.yes, returns),
            no: withLoops(statement.no, returns),
          },
        ];
      default:
        return [statement];
    }
  });
}

function loopOf(each: Expression & { type: 'each' }, into: string | undefined, of: Type): Statement[] {
  const { what, list, name, body } = each;
  const loop = (inner: Statement[]): Statement => ({ type: 'for', words: name, list, of: each.of, body: inner });
  const when = (inner: Statement[]): Statement => ({ type: 'if', condition: body, yes: inner, no: [] });
  const one: Expression = { type: 'literal', value: 1 };
  const item: Expression = { type: 'name', words: name };
  if (what === 'some' || what === 'first') {
    const [found, none]: Expression[] =
      what === 'some'
        ? [
            { type: 'literal', value: true },
            { type: 'literal', value: false },
          ]
        : [item, { type: 'literal', value: null }];
    return [loop([when([{ type: 'return', value: found }])]), { type: 'return', value: none }];
  }
  const words = into ?? gathered[what] ?? 'result';
  const result: Expression = { type: 'name', words };
  const start: Expression = what === 'sum' || what === 'count' ? { type: 'literal', value: 0 } : { type: 'empty', of };
  const step: Record<'filter' | 'map' | 'sum' | 'count', Statement> = {
    filter: when([{ type: 'push', list: result, value: item }]),
    map: { type: 'push', list: result, value: body },
    sum: { type: 'assign', to: result, operator: '+=', value: body },
    count: when([{ type: 'assign', to: result, operator: '+=', value: one }]),
  };
  const statements: Statement[] = [{ type: 'let', words, value: start, of, changes: true }, loop([step[what]])];
  return into === undefined ? [...statements, { type: 'return', value: result }] : statements;
}
