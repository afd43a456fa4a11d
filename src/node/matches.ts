import { readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** A command with more files than this is one whose words nobody has seen. */
const most = 5000;

/** It stands for one character, here for any. */
const bracket = /\[[!^]?[\w-]+\]/g;

interface Entry {
  name: string;
  /** It may lead to a folder. */
  leads: boolean;
}

/**
 * The names that bash puts in the place of a pattern with `*`, `?` and `[...]`, or the pattern itself where it fits none. Dot files only
 * where the pattern begins with a dot; `**` is `*`, as long as nobody has set globstar. Where shells differ it is more than
 * one of them would put there: `..` for `.?`.
 *
 * @param folder where a relative pattern starts
 * @returns undefined when there are too many to tell, or when names decide that are no text
 */
export function matches(pattern: string, folder: string): string[] | undefined {
  const parts = pattern.split('/');
  let found = [isAbsolute(pattern) ? '/' : ''];
  for (const [at, part] of parts.entries()) {
    if (part === '') continue;
    const last = at === parts.length - 1;
    const next: string[] = [];
    for (const before of found) {
      const names = /[*?[]/.test(part)
        ? fitting(part, isAbsolute(before) ? before : join(folder, before), last)
        : [part];
      if (names === undefined) return undefined;
      const start = before === '' || before.endsWith('/') ? before : `${before}/`;
      next.push(...names.map((name) => start + name));
      if (next.length > most) return undefined;
    }
    found = next;
  }
  // Of which characters a bracket stands for the language decides: the pattern itself may be what is left.
  return found.length === 0 || pattern.includes('[') ? [...found, pattern] : found;
}

function fitting(part: string, place: string, last: boolean): string[] | undefined {
  const source = part
    .replaceAll(bracket, '?')
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  const wanted = new RegExp(`^${source}$`, 'su');
  const found = entries(place);
  // How many characters such a name has depends on the language that the shell is told to speak.
  if (found === undefined || (/[?[]/.test(part) && found.some(({ name }) => /[^ -~]/.test(name)))) return undefined;
  return found
    .filter(
      ({ name, leads }) => wanted.test(name) && (part.startsWith('.') || !name.startsWith('.')) && (last || leads),
    )
    .map(({ name }) => name);
}

/** What cannot be listed fits nothing: the shell finds no more in it. Undefined: a name there is no text. */
function entries(place: string): Entry[] | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const found: Entry[] = ['.', '..'].map((name) => ({ name, leads: true }));
  try {
    for (const entry of readdirSync(place, { withFileTypes: true, encoding: 'buffer' })) {
      found.push({ name: decoder.decode(entry.name), leads: entry.isDirectory() || entry.isSymbolicLink() });
    }
  } catch (error) {
    return error instanceof TypeError ? undefined : [];
  }
  return found;
}
