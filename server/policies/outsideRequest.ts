import type { LoggedEvent } from '../../src/common/events.ts';
import type { Policy } from './policy.ts';

/**
 * An edit outside the files and folders that the request named. The heuristic: a word of the person's messages of this
 * turn names a file or folder when it is mentioned with @, ends like a file name or with a slash, or holds a slash and
 * begins like the path that is changed. A bare name stands for it in any folder. A request that names none allows all.
 */
export const outsideRequest: Policy = {
  name: 'outside-request',
  rule: 'A file is changed that lies outside the files and folders that the request named.',
  on: ['tool.start'],
  judge(event, { turn }) {
    if (event.type !== 'tool.start') return undefined;
    const written = event.effects.flatMap((effect) => (effect.kind === 'write' ? [effect.path] : []));
    const words = turn.flatMap(wordsOf);
    const outside = written.find((path) => {
      const named = words.filter((word) => isPath(word, path));
      return named.length > 0 && !named.some((word) => covers(pathOf(word), path));
    });
    if (outside === undefined) return undefined;
    const named = words.filter((word) => isPath(word, outside)).map(pathOf);
    const list = named.slice(0, 3).join(', ');
    return {
      grade: 'note',
      evidence: `${outside} is changed; the request named ${list}.`,
      say: `You change ${outside}, but the request named ${list}. Change other files only where the task needs it, and say so.`,
      key: outside,
    };
  },
};

function wordsOf(event: LoggedEvent): string[] {
  if (event.type !== 'user' && event.type !== 'steered') return [];
  return event.text.split(/[\s"'`()<>,;]+/).map((word) => word.replace(/[.:!?]+$/, ''));
}

/** What ends like a file name and is none. */
const noFile = /^(?:e\.g|i\.e|(?:node|next|vue|nuxt|react|express|three|d3|deno|bun|asp|\d*)\.(?:js|net))$/i;

function isPath(word: string, changed: string): boolean {
  const path = pathOf(word);
  if (/^[a-z]+:\/\//i.test(word) || !/\p{L}/u.test(path) || noFile.test(path)) return false;
  if (word.startsWith('@') || word.endsWith('/')) return true;
  const isFile = /^(?:[\w.@~-]*\/)*[\w.-]*\w\.[a-z]\w{0,4}$/i.test(path);
  return isFile || (path.includes('/') && path.split('/')[0] === pathOf(changed).split('/')[0]);
}

/** Without the mark of a mention, its lines, and what means nothing at either end. */
function pathOf(word: string): string {
  return word
    .replace(/^@/, '')
    .replace(/:\d+(?:-\d+)?$/, '')
    .replace(/^\.\//, '')
    .replace(/\/+$/, '');
}

function covers(name: string, path: string): boolean {
  const changed = pathOf(path);
  if (changed === name || changed.startsWith(`${name}/`) || changed.endsWith(`/${name}`)) return true;
  return changed.includes(`/${name}/`);
}
