import { z } from 'zod';
import { showName } from '../../common/gate/hidden.ts';
import { defineTool, type ResolvedPath, type ToolContext, type ToolResult } from '../../common/tool.ts';
import { callOfOutput } from '../../common/outputName.ts';
import { dropHidden } from '../../common/gate/hidden.ts';
import { missingPath } from '../missing.ts';
import { count, decodeText, type FileText, shorten, splitLines } from '../text.ts';

/** Lines without `max_lines`, and characters in any case: about 4,000 tokens. */
const defaultLines = 400;
const maxCharacters = 16 * 1024;
const maxEntries = 300;

export const fileRead = defineTool({
  name: 'file_read',
  group: 'read',
  description: 'Read a text file, or list a folder.',
  parameters: z.strictObject({
    path: z.string(),
    start_line: z.int().min(1).optional(),
    max_lines: z.int().min(1).optional(),
  }),
  effects: ({ path }) => {
    const call = callOfOutput(path);
    return [call === undefined ? { kind: 'read', path } : { kind: 'output', call }];
  },
  title: ({ path, start_line: start, max_lines: lines }) => ({
    kind: 'read',
    verb: 'Read',
    object: path === '.' ? 'the workspace' : path + linesShown(start, lines),
  }),
  async run({ path, start_line: start, max_lines: lines }, context) {
    const call = callOfOutput(path);
    if (call !== undefined) return output(path, call, context, start ?? 1, lines ?? defaultLines);
    const found = await context.files.resolve(path);
    if (found.kind === 'missing') {
      const { text, advice } = await missingPath(found, context);
      return { text: `${text} ${advice}`, summary: 'not found', failed: true };
    }
    return found.kind === 'folder' ? listing(found, context) : lined(found, context, start ?? 1, lines ?? defaultLines);
  },
});

function linesShown(start: number | undefined, lines: number | undefined): string {
  if (start === undefined) return '';
  return `:${start}${lines === undefined ? '' : `-${start + lines - 1}`}`;
}

async function lined(path: ResolvedPath, context: ToolContext, start: number, wanted: number): Promise<ToolResult> {
  const content = await context.files.read(path);
  const decoded = decodeText(content);
  if (decoded === undefined) {
    const size = count(content.length, 'byte');
    return { text: `${path.shown} is a binary file of ${size}; only text can be read.`, summary: `binary, ${size}` };
  }
  return numbered(path.shown, decoded, start, wanted);
}

/** What a command wrote. It was made plain text when it was kept, and is made so again, whoever has changed it since. */
async function output(
  name: string,
  call: string,
  { outputs }: ToolContext,
  start: number,
  wanted: number,
): Promise<ToolResult> {
  const kept = await outputs?.read(call);
  if (kept !== undefined) return numbered(name, { text: dropHidden(kept), damaged: false }, start, wanted);
  const text = `${name} is not there: of that call no output is kept. Run the command again.`;
  return { text, summary: 'not found', failed: true };
}

function numbered(
  name: string,
  { text, damaged }: Pick<FileText, 'text' | 'damaged'>,
  start: number,
  wanted: number,
): ToolResult {
  const all = splitLines(text);
  if (all.length === 0) return { text: `[${name} is empty.]`, summary: 'empty' };
  if (start > all.length) {
    const only = `${name} has only ${count(all.length, 'line')}.`;
    return { text: only, summary: count(all.length, 'line'), failed: true };
  }
  const shown = fitting(all.slice(start - 1, start - 1 + wanted));
  const end = start - 1 + shown.length;
  const notes = [];
  if (shown.length === 1 && (shown[0]?.length ?? 0) > maxCharacters) notes.push('The line is longer and was cut.');
  if (damaged) notes.push('It is not UTF-8: some characters are replaced.');
  if (start > 1 || end < all.length) notes.push(`Lines ${start}-${end} of ${all.length}.`);
  if (end < all.length) notes.push(`Go on with start_line ${end + 1}.`);
  return {
    text: shown.join('\n') + (notes.length === 0 ? '' : `\n[${notes.join(' ')}]`),
    summary: shown.length === all.length ? count(all.length, 'line') : `lines ${start}–${end} of ${all.length}`,
  };
}

/** As many whole lines as there is room for; of a single longer one its beginning. */
function fitting(lines: readonly string[]): string[] {
  let room = maxCharacters;
  const fits = lines.findIndex((line) => (room -= line.length + 1) < 0);
  if (fits === 0) return [shorten(lines[0] ?? '', maxCharacters)];
  return lines.slice(0, fits === -1 ? undefined : fits);
}

async function listing(path: ResolvedPath, { files }: ToolContext): Promise<ToolResult> {
  const entries = (await files.list(path))
    .map((entry) => (entry.isDirectory() ? `${showName(entry.name)}/` : showName(entry.name)))
    .toSorted();
  const shown = entries.slice(0, maxEntries);
  const rest = entries.length - shown.length;
  const text = entries.length === 0 ? `[${path.shown} is an empty folder.]` : shown.join('\n');
  return {
    text: rest === 0 ? text : `${text}\n[${rest} more; look with glob.]`,
    summary: count(entries.length, 'entry', 'entries'),
  };
}
