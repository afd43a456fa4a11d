import type { Expression, Operator } from './tree.ts';

/** The higher, the tighter. */
const strength: Record<Operator, number> = {
  or: 1,
  and: 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};

/** A binary expression with parentheses only where they are needed. */
export function binaryText(
  expression: Expression & { type: 'binary' },
  signs: Partial<Record<Operator, string>>,
  print: (each: Expression) => string,
): string {
  const own = strength[expression.operator];
  const side = (each: Expression, right: boolean): string => {
    const inner = each.type === 'binary' ? strength[each.operator] : 9;
    const mixed = each.type === 'binary' && own <= 2 && inner <= 2 && inner !== own;
    return inner < own || (right && inner === own) || mixed ? `(${print(each)})` : print(each);
  };
  const sign = signs[expression.operator] ?? expression.operator;
  return `${side(expression.left, false)} ${sign} ${side(expression.right, true)}`;
}

/** Lines further in; empty ones stay empty. */
export function indented(lines: readonly string[], indent: string): string[] {
  return lines.map((line) => (line === '' ? '' : indent + line));
}

/** A sentence or several, wrapped into lines of at most `width` characters. */
export function wrapped(sentence: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
