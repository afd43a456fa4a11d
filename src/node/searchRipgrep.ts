import type { ToolContext } from '../common/tool.ts';
import { collect, type Found, type Search } from './search.ts';
import { type Ended, run } from './spawn.ts';

/** In milliseconds. */
const timeout = 30_000;

/**
 * Searches with ripgrep; undefined where there is none or it could not do it, and then nothing was found yet.
 * The result has the form that `searchFiles` gives.
 */
export async function searchWithRipgrep(
  search: Search,
  { ripgrep, roots, environment, signal }: ToolContext,
): Promise<Found | undefined> {
  const [cwd] = roots;
  if (ripgrep === undefined || cwd === undefined) return undefined;
  const collected = collect(search);
  const enough = new AbortController();
  const lines = readLines((path, number, text, hit) => {
    const name = path.startsWith('./') ? path.slice(2) : path;
    if (search.accepts(belowPlace(search, name)) && !collected.add(name, number, text, hit)) enough.abort();
  });
  const ended: Ended | undefined = await run({
    command: ripgrep,
    args: argumentsFor(search),
    cwd,
    env: environment,
    signal: AbortSignal.any([signal, enough.signal]),
    timeout,
    output: (bytes, stream) => {
      if (stream === 'stdout' && !enough.signal.aborted) lines(bytes);
    },
  }).catch(() => undefined);
  signal.throwIfAborted();
  // Exit code 1: no match. 2 with hits: a file could not be read.
  const done = enough.signal.aborted || ended?.code === 0 || ended?.code === 1 || collected.found.hits > 0;
  return done ? collected.found : undefined;
}

function argumentsFor({ pattern, literal, place, filePattern, around }: Search): string[] {
  return [
    '--no-config',
    '--no-messages',
    '--color=never',
    '--no-heading',
    '--with-filename',
    '--line-number',
    '--null',
    '--sort=path',
    '--max-filesize=10M',
    '--hidden',
    '--no-require-git',
    '--no-ignore-global',
    '--no-ignore-exclude',
    '--no-ignore-dot',
    '--glob=!.git',
    '--glob=!node_modules',
    ...(around > 0 ? [`--context=${around}`] : []),
    ...(literal ? ['--fixed-strings'] : []),
    // Only to read less: `accepts` decides. (A `--glob` here would bring ignored files back.)
    ...(filePattern !== undefined && /^[\w.*?{},-]+$/.test(filePattern)
      ? [`--type-add=drover:${filePattern}`, '--type=drover']
      : []),
    '--',
    pattern,
    place.shown,
  ];
}

function belowPlace({ place }: Search, name: string): string {
  return name.startsWith(`${place.shown}/`) ? name.slice(place.shown.length + 1) : name;
}

type Line = (path: string, number: number, text: string, hit: boolean) => void;

/** Takes apart what ripgrep writes with --null: path, NUL, number, `:` or `-`, text. Other lines are remarks. */
function readLines(line: Line): (bytes: Buffer) => void {
  const decoder = new TextDecoder();
  let rest = '';
  return (bytes) => {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const [, path, number, mark, text] = /^([^\0]+)\0(\d+)([:-])(.*?)\r?$/s.exec(part) ?? [];
      if (path !== undefined) line(path, Number(number), text ?? '', mark === ':');
    }
  };
}
