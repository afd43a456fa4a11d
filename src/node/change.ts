import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import type { Change } from '../common/events.ts';

/** What of a diff is kept for showing, in characters; the contents themselves are in the blob store. */
const maxDiff = 32 * 1024;
/** Files that differ in more than this many lines are not compared line by line. */
const maxEdits = 10_000;

/** A diff with its counts: what is shown of a change before and after it is made. */
export type Diff = Pick<Change, 'added' | 'removed' | 'diff'>;

/** The unified diff of one file; `before` undefined: it does not exist yet. */
export function diffOf(path: string, before: string | undefined, after: string): Diff {
  const old = before === undefined ? '/dev/null' : `a/${path}`;
  const patch = structuredPatch(old, `b/${path}`, before ?? '', after, undefined, undefined, {
    context: 3,
    maxEditLength: maxEdits,
  });
  const lines = patch?.hunks.flatMap((hunk) => hunk.lines);
  if (patch === undefined || lines === undefined) return { ...wholly(before ?? '', after), diff: '' };
  const text = formatPatch(patch, FILE_HEADERS_ONLY);
  return {
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
    diff: text.length > maxDiff ? cut(text) : text,
  };
}

/** Everything replaced: what is said of files too different to compare. */
function wholly(before: string, after: string): Pick<Diff, 'added' | 'removed'> {
  return { added: after.split('\n').length, removed: before.split('\n').length };
}

/** Ends at a whole line, with one that programs reading diffs take for a comment. */
function cut(text: string): string {
  const kept = text.slice(0, text.lastIndexOf('\n', maxDiff) + 1);
  return `${kept}\\ ${text.slice(kept.length).split('\n').length} more lines are not shown\n`;
}
