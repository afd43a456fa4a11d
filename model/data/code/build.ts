// Short words for building trees.
import type { Expression, Operation, Operator, Statement, Type } from './tree.ts';

type Value = Expression | number | boolean;

function expression(value: Value): Expression {
  return typeof value === 'object' ? value : { type: 'literal', value };
}

export const name = (words: string): Expression => ({ type: 'name', words });
export const constant = (words: string): Expression => ({ type: 'constant', words });
export const literal = (value: number | string | boolean | null): Expression => ({ type: 'literal', value });
export const field = (of: Expression | undefined, words: string): Expression => ({ type: 'field', of, words });
export const not = (of: Expression): Expression => ({ type: 'not', of });
export const missing = (of: Expression): Expression => ({ type: 'missing', of });
export const template = (...parts: (string | Expression)[]): Expression => ({ type: 'template', parts });
export const at = (list: Expression, index: Value): Expression => ({ type: 'at', list, index: expression(index) });
export const lookUp = (map: Expression, key: Expression): Expression => ({ type: 'look up', map, key });
export const has = (map: Expression, key: Expression): Expression => ({ type: 'has', map, key });
export const empty = (of: Type): Expression => ({ type: 'empty', of });

export function binary(left: Value, operator: Operator, right: Value): Expression {
  return { type: 'binary', operator, left: expression(left), right: expression(right) };
}

export function operation(what: Operation, ...values: Value[]): Expression {
  return { type: 'operation', name: what, arguments: values.map(expression) };
}

/** @param from the module it is defined in; undefined: this one, or the same class */
export function call(to: string, values: Value[], from?: string): Expression {
  return { type: 'call', to, from, arguments: values.map(expression) };
}

export const set = (words: string, value: Value, of: Type, changes = false): Statement => ({
  type: 'let',
  words,
  value: expression(value),
  of,
  changes,
});

export const assign = (to: Expression, operator: '=' | '+=' | '-=' | '*=', value: Value): Statement => ({
  type: 'assign',
  to,
  operator,
  value: expression(value),
});

export const when = (condition: Expression, yes: Statement[], no: Statement[] = []): Statement => ({
  type: 'if',
  condition,
  yes,
  no,
});

export const loop = (words: string, list: Expression, of: Type, body: Statement[]): Statement => ({
  type: 'for',
  words,
  list,
  of,
  body,
});

export const repeat = (condition: Expression, body: Statement[]): Statement => ({ type: 'while', condition, body });
export const give = (value?: Value): Statement => ({
  type: 'return',
  value: value === undefined ? undefined : expression(value),
});
export const fail = (text: Expression): Statement => ({ type: 'fail', text });
export const push = (list: Expression, value: Expression): Statement => ({ type: 'push', list, value });
export const put = (map: Expression, key: Expression, value: Value): Statement => ({
  type: 'put',
  map,
  key,
  value: expression(value),
});
export const print = (text: Expression): Statement => ({ type: 'print', text });
export const run = (value: Expression): Statement => ({ type: 'expression', value });
export const comment = (text: string): Statement => ({ type: 'comment', text });
export const blank: Statement = { type: 'blank' };
