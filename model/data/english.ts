/** The little English that made-up code and answers need. */

const irregular: Record<string, string> = {
  be: 'is',
  have: 'has',
  do: 'does',
  go: 'goes',
};

/** "add" → "adds", "apply" → "applies", "fetch" → "fetches"; only the first word is looked at. */
export function thirdPerson(verb: string): string {
  const [first = '', ...rest] = verb.split(' ');
  return [irregular[first] ?? withS(first), ...rest].join(' ');
}

/** "book" → "books", "entry" → "entries"; only the last word changes. */
export function plural(noun: string): string {
  const words = noun.split(' ');
  return [...words.slice(0, -1), withS(words.at(-1) ?? '')].join(' ');
}

function withS(word: string): string {
  if (/(?:s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return `${word}s`;
}

/** "a book", "an order". */
export function article(noun: string): string {
  return /^(?:[aeio]|u(?!ni|se))/i.test(noun) ? `an ${noun}` : `a ${noun}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The first letter small, unless the first word is written in capitals throughout or is code. */
export function small(text: string): string {
  return /^[A-Z][A-Z\d_]/.test(text) || text.startsWith('`') ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}

/** "1 test", "3 tests". */
export function counted(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : plural(noun)}`;
}

/** The words of an identifier in small letters: "totalOfBooks", "total_of_books", "TotalOfBooks" and "total-of-books". */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_\-.]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

export function camel(words: string): string {
  const [first = '', ...rest] = words.split(' ');
  return first + rest.map(capital).join('');
}

export function pascal(words: string): string {
  return words.split(' ').map(capital).join('');
}

export function snake(words: string): string {
  return words.replaceAll(' ', '_');
}

export function kebab(words: string): string {
  return words.replaceAll(' ', '-');
}

export function screaming(words: string): string {
  return snake(words).toUpperCase();
}
