import type { LoggedEvent } from '../../src/common/events.ts';
import type { Policy } from './policy.ts';

/**
 * An edit outside the files and folders that the request named. The heuristic: a word of the person's messages of this
 * turn names a file or folder when it is mentioned with @, ends like a file of a usual kind or with a slash, is one of the
 * usual files without an ending, or holds a slash and begins like the path that is changed or is called a folder ("the
 * files in lib/util", "the folder lib/util"). A bare name stands for it in any folder. A request that names none allows
 * all.
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
      if (words.some((word) => pathOf(word) === path.split('/').at(-1))) return false;
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
  // A name that is called is a function; `cart.ts(12,3)` is a place.
  const text = event.text.replaceAll(/[\w$.]+\((?!\d)/g, ' ').replaceAll(folder, '$&/');
  return text.split(/[\s"'`()<>,;]+/).map((word) => word.replace(/[.:!?]+$/, ''));
}

/** What holds a slash, is in lower case, and is called a folder; `text/plain` and `read/write` are none. */
const slashed =
  /(?!(?:application|audio|font|image|text|video)\/|read\/write|and\/or)[a-z_.@~][\w.@-]*(?:\/[\w@-][\w.@-]*)*\/[\w.@-]*[\w-]/
    .source;
const quote = '["\'`]?';
const called = `(?<=\\b(?:(?:files?|modules?|everything) (?:in|under|inside|within|below)|folder|directory) ${quote})`;
const folder = new RegExp(
  `${called}${slashed}(?![\\w/])|(?<![\\w./@~-])${slashed}(?=${quote} (?:folder|directory)\\b)`,
  'g',
);

/** Those without an ending that people name. */
const bare =
  /^(?:[\w.@~-]*\/)*(?:GNUmakefile|Makefile|(?:Docker|Container|Jenkins|Rake|Gem|Proc|Vagrant|Brew|Just|Pod|Pip|Caddy)file)$/;

/** What files are called that people name; `app.use` and `user.name` are none. */
const kinds =
  'js mjs cjs jsx ts mts cts tsx json jsonc json5 md mdx txt rst html htm css scss sass less vue svelte astro py pyi ipynb rb erb go rs java kt kts c h cc cpp hpp cs fs swift php sh bash zsh fish ps1 bat sql yml yaml toml ini cfg conf properties xml svg csv tsv lock proto graphql gql gradle tf dart scala clj ex exs hs lua pl vim';
const file = new RegExp(`^(?:[\\w.@~-]*/)*[\\w.-]*\\w\\.(?:${kinds.replaceAll(' ', '|')})$`, 'i');

/** What ends like a file and is none: libraries by their names, members, and places on the web. */
const noFile =
  /^(?:[A-Z]\w*\.js|(?:node|next|vue|nuxt|react|express|three|d3|deno|bun|chart|moment|discord|\d*)\.js|(?:res|req|response|request|ctx|body|data)\.json|\w+\.\w+\.[ch]|(?:[\w-]+\.)+(?:com|org|net|io|dev|app)\/.*)$/;

function isPath(word: string, changed: string): boolean {
  const path = pathOf(word);
  if (/^[a-z]+:\/\//i.test(word) || !/\p{L}/u.test(path) || noFile.test(path)) return false;
  if (word.startsWith('@') || word.endsWith('/')) return true;
  return (
    file.test(path) || bare.test(path) || (path.includes('/') && path.split('/')[0] === pathOf(changed).split('/')[0])
  );
}

/** Without the mark of a mention, its lines, and what means nothing at either end. */
function pathOf(word: string): string {
  return word
    .replace(/^@/, '')
    .replace(/:\d+(?:[-:]\d+)?$/, '')
    .replace(/^\.\//, '')
    .replace(/\/+$/, '');
}

function covers(name: string, path: string): boolean {
  const changed = pathOf(path);
  if (changed === name || changed.startsWith(`${name}/`) || changed.endsWith(`/${name}`)) return true;
  return changed.includes(`/${name}/`);
}
