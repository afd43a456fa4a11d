import { z } from 'zod';
import { defineTool, type ResolvedPath, type ToolContext, type ToolResult } from '../../common/tool.ts';
import { globFault, matcher } from '../globs.ts';
import { type Found, type Search, searchFiles } from '../search.ts';
import { searchWithRipgrep } from '../searchRipgrep.ts';
import { count } from '../text.ts';
import { listFiles } from '../walk.ts';

/** Hits that are given at most, and the characters they may have together. */
const maxHits = 100;
const maxCharacters = 16 * 1024;
/** A process costs more than reading this many files (measured: either takes 7 to 10 ms for 300 of 8 KB). */
const fewFiles = 300;
const maxFiles = 50_000;

export const grep = defineTool({
  name: 'grep',
  group: 'read',
  description: 'Search file contents for a regular expression.',
  parameters: z.strictObject({
    pattern: z.string().min(1).max(1000),
    path: z.string().optional(),
    file_pattern: z.string().optional().describe('like *.ts'),
    context_lines: z.int().min(0).max(20).optional(),
  }),
  effects: ({ path }) => [{ kind: 'read', path: path ?? '.' }],
  title: ({ pattern, path }) => ({
    kind: 'search',
    verb: 'Searched',
    object: `“${pattern}”${path === undefined || path === '.' ? '' : ` in ${path}`}`,
  }),
  async run({ pattern, path = '.', file_pattern: filePattern, context_lines: around = 0 }, context) {
    const fault = filePattern === undefined ? undefined : globFault(filePattern);
    if (fault !== undefined) return { text: fault, summary: 'not understood', failed: true };
    const place = await context.files.resolve(path);
    if (place.kind === 'missing') return { text: `${place.shown} does not exist.`, summary: 'not found', failed: true };
    const { test, literal } = await readPattern(pattern);
    const fits = filePattern === undefined ? () => true : matcher(filePattern);
    const search: Search = {
      pattern,
      literal,
      test,
      place,
      accepts: (path) => !withholds(place, path, context) && fits(path),
      filePattern,
      around,
      maxHits,
      signal: context.signal,
    };
    const small = place.kind === 'file' ? [''] : await few(place, fewFiles, context.signal);
    const found =
      (small === undefined ? await searchWithRipgrep(search, context) : undefined) ??
      (await searchFiles(search, small ?? (await all(place, context.signal)), context.files));
    const withheld = small?.some((path) => withholds(place, path, context) && fits(path)) === true;
    return describe(found, search, withheld);
  },
});

function withholds(place: ResolvedPath, path: string, context: ToolContext): boolean {
  // A configuration of git may hold a token, which its name does not say.
  const ofGit = /(?:^|\/)config(?:\.worktree)?$/.test(path) && /\/\.git\//.test(`${place.real}/${path}`);
  return ofGit || context.withholds(place, path);
}

/** All files when there are few, else undefined. */
async function few(place: ResolvedPath, limit: number, signal: AbortSignal): Promise<string[] | undefined> {
  const { files, complete } = await listFiles(place, limit, signal);
  return complete ? files : undefined;
}

async function all(place: ResolvedPath, signal: AbortSignal): Promise<string[]> {
  return (await listFiles(place, maxFiles, signal)).files;
}

/** Matching time grows with the text and not with the pattern: re2js is linear where `RegExp` can take for ever. */
async function readPattern(pattern: string): Promise<{ test: (line: string) => boolean; literal: boolean }> {
  const contains = (line: string): boolean => line.includes(pattern);
  if (!/[\\^$.|?*+()[\]{}]/.test(pattern)) return { test: contains, literal: false };
  const { RE2JS } = await import('re2js');
  try {
    const compiled = RE2JS.compile(pattern);
    return { test: (line) => compiled.matcher(line).find(), literal: false };
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('RE2JS')) return { test: contains, literal: true };
    throw error;
  }
}

function describe(
  { lines, hits, files, more }: Found,
  { pattern, literal, place }: Search,
  withheld: boolean,
): ToolResult {
  const notes = literal ? [`${pattern} is no regular expression here; it was searched for as it stands.`] : [];
  let room = maxCharacters;
  const fits = lines.findIndex((line) => (room -= line.length + 1) < 0);
  const shown = fits === -1 ? lines : lines.slice(0, fits);
  if (more || fits !== -1) notes.push('There is more; narrow the pattern or give a path.');
  if (hits === 0) notes.unshift(`No match${place.shown === '.' ? '' : ` in ${place.shown}`}.`);
  if (hits === 0 && withheld)
    notes.push('Files that may hold secrets were not searched; give the path of one for that.');
  const text = [...shown, ...(notes.length > 0 ? [`[${notes.join(' ')}]`] : [])].join('\n');
  const summary = hits === 0 ? 'no hits' : `${more ? 'over ' : ''}${count(hits, 'hit')} in ${count(files, 'file')}`;
  return { text, summary };
}
