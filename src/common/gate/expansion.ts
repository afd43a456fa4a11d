/** What the shell makes of a variable whose value is known, and of sums. */

/** `${NAME}` with what stands behind the name; without operators for which the shell would set or run something. */
export const parameter =
  /^\$\{(#?)(\w+)(\[@\])?(?:(%%?|##?|\/\/?|:-|-|,,|\^\^|:)((?:[^{}$`\\"'&[\]()|!]|(?<=\w)\|)*))?\}$/;

const literalText = /^[\w .,:@%+=/-]*$/;

/**
 * The value of `${NAME<operator><operand>}`; undefined where it depends on more than the text.
 */
export function derived(text: string, operator: string, operand: string): string | undefined {
  // Which characters there are, and which are capital, depends on the language.
  if (!/^[ -~]*$/.test(text + operand)) return undefined;
  switch (operator) {
    case ':-':
    case '-':
      return text === '' && operator === ':-' ? undefined : text;
    // In some languages the small letter of I is another one.
    case ',,':
      return operand === '' && !/i/i.test(text) ? text.toLowerCase() : undefined;
    case '^^':
      return operand === '' && !/i/i.test(text) ? text.toUpperCase() : undefined;
    case ':': {
      const [, from = '', length] = /^(\d{1,4})(?::(\d{1,4}))?$/.exec(operand) ?? [];
      if (from === '') return undefined;
      return text.slice(Number(from), length === undefined ? undefined : Number(from) + Number(length));
    }
    case '/':
    case '//':
      return replaced(text, operator, operand);
    default:
      return trimmed(text, operator, operand);
  }
}

function replaced(text: string, operator: string, operand: string): string | undefined {
  const [wanted = '', by = '', ...more] = operand.split('/');
  if (wanted === '' || more.length > 0 || !literalText.test(wanted + by) || /^[#%]/.test(wanted)) return undefined;
  return operator === '//' ? text.replaceAll(wanted, () => by) : text.replace(wanted, () => by);
}

function trimmed(text: string, operator: string, operand: string): string | undefined {
  if (!/^[\w .,:@+=/*?-]*$/.test(operand)) return undefined;
  const source = operand
    .replaceAll(/[.+]/g, String.raw`\$&`)
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  const pattern = new RegExp(`^${source}$`);
  const ends = Array.from({ length: text.length + 1 }, (_, at) => at);
  const prefix = operator.startsWith('#');
  const fits = (at: number) => pattern.test(prefix ? text.slice(0, at) : text.slice(at));
  // The shortest beginning is found first; the shortest end last.
  const found = operator === '#' || operator === '%%' ? ends.find(fits) : ends.findLast(fits);
  if (found === undefined) return text;
  return prefix ? text.slice(found) : text.slice(0, found);
}

/** The names in a sum of numbers and variables that changes none of them; undefined: it is more than that. */
export function namesInSum(text: string): string[] | undefined {
  const [, inside] = /^\$\(\(([\w\s+*/%()$?:<>=!&|-]+)\)\)$/.exec(text) ?? [];
  if (inside === undefined || /\+\+|--|\d[A-Za-z_]|\$(?![A-Za-z_])/.test(inside)) return undefined;
  // What is left of `=` besides comparisons sets something.
  if (inside.replaceAll(/(?<![<>=!])[<>=!]=(?!=)/g, '').includes('=') || !isBalanced(inside)) return undefined;
  return inside.match(/[A-Za-z_]\w*/g) ?? [];
}

/** Otherwise the shell takes `$((a) | (b))` for two commands. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    if (sign === '(') depth += 1;
    else if (sign === ')' && --depth < 0) return false;
  }
  return depth === 0;
}

/** What `dirname` and `basename` print for one plain name. */
export function partOfName(
  program: string,
  [name = '', ending = '', ...others]: readonly string[],
): string | undefined {
  if (others.length > 0 || !/^[\w.@+][\w./@+-]*$/.test(name) || /\/\/|\/$/.test(name)) return undefined;
  const at = name.lastIndexOf('/');
  if (program === 'dirname') return ending !== '' ? undefined : at === -1 ? '.' : name.slice(0, at);
  const last = name.slice(at + 1);
  return ending !== '' && last !== ending && last.endsWith(ending) ? last.slice(0, -ending.length) : last;
}
