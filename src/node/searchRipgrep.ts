import type { ToolContext } from '../common/tool.ts';
import { type Found, type Search, searchFiles } from './search.ts';
import { type Ended, run } from './spawn.ts';

/** In milliseconds. */
const timeout = 30_000;

/**
 * Searches with ripgrep; undefined where there is none or it could not do it, and then nothing was found yet. It only names
 * the files in which there is something: they are read here, through `Files`, so that nothing is shown of what a
 * folder was exchanged for while it searched.
 */
export async function searchWithRipgrep(
  search: Search,
  { ripgrep, roots, files, environment, signal }: ToolContext,
): Promise<Found | undefined> {
  const [cwd] = roots;
  if (ripgrep === undefined || cwd === undefined) return undefined;
  const named: string[] = [];
  const enough = new AbortController();
  const names = readNames((name) => {
    const path = belowPlace(search, name.startsWith('./') ? name.slice(2) : name);
    if (enough.signal.aborted || !search.accepts(path)) return;
    named.push(path);
    // Each has a hit at least, as far as both read the pattern alike.
    if (named.length > 2 * search.maxHits) enough.abort();
  });
  const ended: Ended | undefined = await run({
    command: ripgrep,
    args: argumentsFor(search),
    cwd,
    env: environment,
    signal: AbortSignal.any([signal, enough.signal]),
    timeout,
    output: (bytes, stream) => {
      if (stream === 'stdout' && !enough.signal.aborted) names(bytes);
    },
  }).catch(() => undefined);
  signal.throwIfAborted();
  // Exit code 1: no match. 2 with names: a file could not be read.
  const done = enough.signal.aborted || ended?.code === 0 || ended?.code === 1 || named.length > 0;
  if (!done) return undefined;
  const found = await searchFiles(search, named, files);
  return { ...found, more: found.more || enough.signal.aborted };
}

function argumentsFor({ pattern, literal, place, filePattern }: Search): string[] {
  return [
    '--no-config',
    '--no-messages',
    '--color=never',
    '--files-with-matches',
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

/** Takes apart what ripgrep writes with --null. */
function readNames(take: (name: string) => void): (bytes: Buffer) => void {
  const decoder = new TextDecoder();
  let rest = '';
  return (bytes) => {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\0');
    rest = parts.pop() ?? '';
    for (const name of parts) take(name);
  };
}
