import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import type { Change } from '../common/events.ts';
import { splitLines } from './text.ts';

/** What of a diff is kept for showing, in characters; the contents themselves are in the blob store. */
const maxDiff = 32 * 1024;
/** Files that differ in more than this many lines are not compared line by line. */
const maxEdits = 10_000;

/** A diff with its counts: what is shown of a change before and after it is made. */
export type Diff = Pick<Change, 'added' | 'removed' | 'diff'>;

/** What of one is shown to a person who decides on it: nothing of it is left out below this size. */
export const wholeDiff = 512 * 1024;

/** The unified diff of one file, of at most `most` characters; `before` undefined: it does not exist yet. */
export function diffOf(path: string, before: string | undefined, after: string, most = maxDiff): Diff {
  const old = before === undefined ? '/dev/null' : `a/${path}`;
  const options = { context: 3, maxEditLength: maxEdits };
  const patch = structuredPatch(old, `b/${path}`, before ?? '', after, undefined, undefined, options);
  if (patch === undefined) return wholly(old, `b/${path}`, { before: before ?? '', after, most });
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  return {
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
    diff: cut(formatPatch(patch, FILE_HEADERS_ONLY), most),
  };
}

/** Everything replaced: what is shown of files too different to compare. */
function wholly(
  old: string,
  path: string,
  { before, after, most }: { before: string; after: string; most: number },
): Diff {
  const [removed, added] = [splitLines(before), splitLines(after)];
  const head = `--- ${old}\n+++ ${path}\n@@ -${removed.length === 0 ? 0 : 1},${removed.length} +1,${added.length} @@\n`;
  const lines = [...removed.map((line) => `-${line}\n`), ...added.map((line) => `+${line}\n`)];
  return { added: added.length, removed: removed.length, diff: cut(head + lines.join(''), most) };
}

/** What is too long ends at a whole line, with one more that programs reading diffs take for a comment. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, text.lastIndexOf('\n', most) + 1);
  return `${kept}\\ ${text.slice(kept.length).split('\n').length - 1} more lines are not shown\n`;
}
