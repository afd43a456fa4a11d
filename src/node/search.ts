import { join } from 'node:path';
import { showName } from '../common/gate/hidden.ts';
import type { Files, ResolvedPath } from '../common/tool.ts';
import { breather } from './breather.ts';
import { decodeText, shorten, splitLines } from './text.ts';
import { below } from './walk.ts';

/** Longer lines are cut when shown. */
const maxLine = 300;

export interface Search {
  pattern: string;
  /** The pattern is searched for as it stands. */
  literal: boolean;
  test: (line: string) => boolean;
  /** The file or folder to search. */
  place: ResolvedPath;
  /** Whether a file is searched, by its path below `place`. */
  accepts: (path: string) => boolean;
  filePattern: string | undefined;
  /** Lines shown before and after each hit. */
  around: number;
  maxHits: number;
  signal: AbortSignal;
}

export interface Found {
  /** `path:line:text`, lines around a hit `path-line-text`, and `--` between what does not hang together. */
  lines: string[];
  hits: number;
  files: number;
  /** The search was ended because there were enough. */
  more: boolean;
}

/** Puts lines together as they come, in order; the one place that knows the form of the result. */
function collect({ around, maxHits }: Search) {
  const found: Found = { lines: [], hits: 0, files: 0, more: false };
  let last = { path: '', number: 0 };
  let lastHit = '';
  return {
    found,
    /** True as long as more is wanted. */
    add: (path: string, number: number, text: string, hit: boolean): boolean => {
      if (hit && found.hits === maxHits) found.more = true;
      if (found.more) return false;
      const joined = last.path === path && last.number + 1 === number;
      if (around > 0 && found.lines.length > 0 && !joined) found.lines.push('--');
      const mark = hit ? ':' : '-';
      found.lines.push(`${showName(path)}${mark}${number}${mark}${shorten(text, maxLine)}`);
      last = { path, number };
      if (hit) {
        found.hits++;
        if (lastHit !== path) found.files++;
        lastHit = path;
      }
      return true;
    },
  };
}

/**
 * Searches the files, named relative to the place ('' is the place itself), in this process.
 * Binary, large and unreadable files are passed over.
 */
export async function searchFiles(search: Search, paths: readonly string[], files: Files): Promise<Found> {
  const collected = collect(search);
  const pause = breather(search.signal);
  for (const path of paths) {
    await pause();
    if (path !== '' && !search.accepts(path)) continue;
    const file = path === '' ? search.place : fileBelow(search.place, path);
    const content = await files.read(file).catch((error: unknown) => {
      // Of many files one that cannot be read is passed over; the one that was asked for is not.
      if (path === '') throw error;
    });
    const text = content === undefined ? undefined : decodeText(content);
    if (text !== undefined) searchLines(search, file.shown, splitLines(text.text), collected);
    if (collected.found.more) break;
  }
  return collected.found;
}

function searchLines(
  { test, around }: Search,
  path: string,
  lines: readonly string[],
  { add }: ReturnType<typeof collect>,
): void {
  let shown = -1;
  for (let at = 0; at < lines.length; at++) {
    if (!test(lines[at] ?? '')) continue;
    for (let before = Math.max(shown + 1, at - around); before < at; before++) {
      add(path, before + 1, lines[before] ?? '', false);
    }
    if (!add(path, at + 1, lines[at] ?? '', true)) return;
    shown = at;
    // What follows is shown up to the next hit, which shows itself.
    for (let after = at + 1; after <= at + around && after < lines.length && !test(lines[after] ?? ''); after++) {
      add(path, after + 1, lines[after] ?? '', false);
      shown = after;
    }
  }
}

function fileBelow(folder: ResolvedPath, path: string): ResolvedPath {
  const shown = below(folder, path);
  const real = join(folder.real, path);
  return { given: shown, absolute: real, real, root: folder.root, shown, kind: 'file' };
}
