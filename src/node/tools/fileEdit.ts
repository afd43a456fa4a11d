import { z } from 'zod';
import { Problem } from '../../common/errors.ts';
import { mendTags } from '../../common/frameTags.ts';
import { unrevealed } from '../../common/gate/hidden.ts';
import { writeEffect } from '../writeEffect.ts';
import { defineTool, type ResolvedPath, type ToolContext } from '../../common/tool.ts';
import { diffOf, wholeDiff } from '../change.ts';
import { missingPath } from '../missing.ts';
import { nearest } from '../nearest.ts';
import { decodeText, shorten, splitLines } from '../text.ts';

export const fileEdit = defineTool({
  name: 'file_edit',
  group: 'write',
  description: 'Replace old_text, which must occur exactly once in the file, with new_text.',
  parameters: z.strictObject({ path: z.string(), old_text: z.string(), new_text: z.string() }),
  // What was hidden there before, and was written out when it was read, was seen.
  effects: ({ path, old_text: old, new_text: text }) => [writeEffect(path, text, old)],
  title: ({ path }) => ({ kind: 'edit', verb: 'Edit', object: path }),
  async preview(args, context) {
    const { path, before, after } = await edit(args, context);
    return { kind: 'diff', text: diffOf(path.shown, before, after, wholeDiff).diff };
  },
  async run(args, context) {
    const { path, before, after, mark } = await edit(args, context);
    const hashes = await context.files.write(path, new TextEncoder().encode(mark + after));
    const change = { path: path.shown, ...hashes, ...diffOf(path.shown, before, after) };
    const counts = `+${change.added} −${change.removed}`;
    return { text: `Edited ${path.shown}: ${counts} lines.`, summary: counts, change };
  },
});

interface Edit {
  path: ResolvedPath;
  before: string;
  after: string;
  /** The byte order mark it began with, if any. */
  mark: string;
}

/** The edited text. @throws Problem, with advice for the model, when it cannot be applied */
async function edit(args: { path: string; old_text: string; new_text: string }, context: ToolContext): Promise<Edit> {
  const path = await context.files.resolve(args.path);
  if (path.kind === 'missing') {
    const { text, advice } = await missingPath(path, context);
    throw new Problem('file.missing', text, advice, 404);
  }
  const decoded = decodeText(await context.files.read(path));
  if (decoded === undefined || decoded.damaged) {
    throw new Problem('edit.binary', `${path.shown} is not a UTF-8 text file.`, 'Only text can be edited.', 400);
  }
  if (args.old_text === '') {
    throw wrong('old_text is empty.', 'Give the text to replace, or write the whole file with file_write.');
  }
  if (args.old_text === args.new_text) throw wrong('old_text and new_text are the same.', 'There is nothing to do.');
  const before = decoded.text;
  const after = replaceOnce(before, ...asItStands(before, args.old_text, args.new_text), path.shown);
  return { path, before, after, mark: decoded.mark ? '\ufeff' : '' };
}

/**
 * What cannot be seen in a file was written out when it was read, and tags of chat templates were broken up; where that is how the
 * model names it, it is meant.
 */
function asItStands(text: string, old: string, replacement: string): [string, string] {
  const meant = unrevealed(old);
  if (text.includes(old)) return [old, mendTags(replacement, text)];
  const [wanted, given] = meant === old ? [old, replacement] : [meant, unrevealed(replacement)];
  return [mendTags(wanted, text), mendTags(given, text)];
}

function replaceOnce(text: string, old: string, replacement: string, shown: string): string {
  const crlf = (part: string): string => part.replace(/\r?\n/g, '\r\n');
  // Models write line feeds whatever the file has; a file with both kinds is taken as it is.
  const windows = text.includes('\r\n') && !/(?<!\r)\n/.test(text);
  const [wanted, given] = windows ? [crlf(old), crlf(replacement)] : [old, replacement];
  const places = placesOf(text, wanted);
  const [place] = places;
  if (places.length > 1) throw ambiguous(text, places, shown);
  if (place !== undefined) return text.slice(0, place) + given + text.slice(place + wanted.length);
  return replaceLines(text, wanted, given, shown);
}

function placesOf(text: string, wanted: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) places.push(at);
  return places;
}

/** Whole lines that are the same but for blanks at their ends. */
function replaceLines(text: string, wanted: string, given: string, shown: string): string {
  const lines = text.split('\n');
  const bare = lines.map((line) => line.trimEnd());
  const parts = wanted
    .replace(/\r?\n$/, '')
    .split('\n')
    .map((line) => line.trimEnd());
  const starts = bare.flatMap((_, at) => (parts.every((part, ahead) => bare[at + ahead] === part) ? [at] : []));
  const [start] = starts;
  if (start === undefined || parts.every((part) => part === '')) throw notFound(bare, wanted, shown);
  if (starts.length > 1) throw ambiguousLines(starts, shown);
  const ending = text.includes('\r\n') ? '\r' : '';
  const last = start + parts.length === lines.length ? '' : ending;
  const inserted = given.replace(/\r?\n$/, '') + last;
  const removed = given === '' ? [] : [inserted];
  return [...lines.slice(0, start), ...removed, ...lines.slice(start + parts.length)].join('\n');
}

function ambiguous(text: string, places: readonly number[], shown: string): Problem {
  return ambiguousLines(
    places.map((place) => text.slice(0, place).split('\n').length - 1),
    shown,
  );
}

function ambiguousLines(starts: readonly number[], shown: string): Problem {
  const numbers = starts.slice(0, 5).map((start) => start + 1);
  const more = starts.length > 5 ? ', …' : '';
  return wrong(
    `old_text occurs ${starts.length} times in ${shown} (lines ${numbers.join(', ')}${more}).`,
    'Take in more of the lines around it, so that it occurs once.',
  );
}

function notFound(lines: readonly string[], wanted: string, shown: string): Problem {
  const first = splitLines(wanted).find((line) => line.trim() !== '') ?? '';
  const close = nearest(first, lines);
  const place = close === undefined ? '' : ` The nearest line is ${lines.indexOf(close) + 1}: ${shorten(close, 200)}`;
  const advice = `Read the file and copy the text exactly as it stands there.${place}`;
  return wrong(`old_text is not in ${shown}.`, advice);
}

function wrong(message: string, advice: string): Problem {
  return new Problem('edit', message, advice, 400);
}
