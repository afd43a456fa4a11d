import { type Dirent, readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** A command with more files than this is one whose words nobody has seen. */
const most = 5000;

/**
 * The names that bash puts in the place of a pattern with `*` and `?`, or the pattern itself where it fits none. Dot files only
 * where the pattern begins with a dot; `**` is `*`, as long as nobody has set globstar.
 *
 * @param folder where a relative pattern starts
 * @returns undefined when there are too many to tell
 */
export function matches(pattern: string, folder: string): string[] | undefined {
  const parts = pattern.split('/');
  let found = [isAbsolute(pattern) ? '/' : ''];
  for (const [at, part] of parts.entries()) {
    if (part === '') continue;
    const last = at === parts.length - 1;
    const next: string[] = [];
    for (const before of found) {
      if (!/[*?]/.test(part)) next.push(before === '' || before.endsWith('/') ? before + part : `${before}/${part}`);
      else next.push(...fitting(part, before, folder, last));
      if (next.length > most) return undefined;
    }
    found = next;
  }
  return found.length === 0 ? [pattern] : found;
}

function fitting(part: string, before: string, folder: string, last: boolean): string[] {
  const source = part
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  const wanted = new RegExp(`^${source}$`, 'su');
  const place = isAbsolute(before) ? before : join(folder, before);
  return entries(place)
    .filter(({ name }) => wanted.test(name) && (part.startsWith('.') || !name.startsWith('.')))
    .filter((entry) => last || entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => (before === '' || before.endsWith('/') ? before + name : `${before}/${name}`));
}

/** What cannot be listed fits nothing: the shell finds no more in it. */
function entries(place: string): Dirent[] {
  try {
    return readdirSync(place, { withFileTypes: true });
  } catch {
    return [];
  }
}
