import { z } from 'zod';
import { Problem } from '../../common/errors.ts';
import { defineTool, type ResolvedPath, type ToolContext } from '../../common/tool.ts';
import { mendTags } from '../../common/frameTags.ts';
import { diffOf, wholeDiff } from '../change.ts';
import { count, decodeText, splitLines } from '../text.ts';
import { writeEffect } from '../writeEffect.ts';

export const fileWrite = defineTool({
  name: 'file_write',
  group: 'write',
  description: 'Write a whole file. To change a part, use file_edit.',
  parameters: z.strictObject({ path: z.string(), content: z.string() }),
  accept,
  effects: ({ path, content }) => [writeEffect(path, content)],
  title: ({ path }) => ({ kind: 'edit', verb: 'Write', object: path }),
  async preview({ path, content: given }, context) {
    const found = await context.files.resolve(path);
    const before = await current(found, context);
    const content = mendTags(given, before);
    return { kind: 'diff', text: diffOf(found.shown, before, content, wholeDiff).diff };
  },
  async run({ path, content: given }, context) {
    const found = await context.files.resolve(path);
    const before = await current(found, context);
    // What the model has read with its tags broken up is written as it was.
    const content = mendTags(given, before);
    const lines = count(splitLines(content).length, 'line');
    if (before === content) return { text: `${found.shown} already has this content.`, summary: 'unchanged' };
    const hashes = await context.files.write(found, new TextEncoder().encode(content));
    const change = { path: found.shown, ...hashes, ...diffOf(found.shown, before, content) };
    const created = before === undefined;
    return {
      text: `${created ? 'Created' : 'Wrote'} ${found.shown}, ${lines}.`,
      summary: created ? `new, ${lines}` : `+${change.added} −${change.removed}`,
      change,
    };
  },
});

/** What stands there now; undefined: nothing. @throws Problem for a folder and the like, and for what is no text */
async function current(path: ResolvedPath, context: ToolContext): Promise<string | undefined> {
  if (path.kind === 'missing') return undefined;
  const decoded = decodeText(await context.files.read(path));
  if (decoded !== undefined && !decoded.damaged) return (decoded.mark ? '\ufeff' : '') + decoded.text;
  throw new Problem('file.binary', `${path.shown} is not a UTF-8 text file.`, 'Write another file instead.', 400);
}

/** Models trained on a tool that edits as well say so with `operation`, or just send the texts. */
function accept(raw: unknown): { tool: string; arguments: unknown } | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { operation, old_text, new_text, ...rest } = raw as Record<string, unknown>;
  if (typeof old_text === 'string' && old_text !== '' && typeof new_text === 'string') {
    const { content, ...others } = rest;
    // With both there is no telling which of them is meant.
    if (content === undefined || content === '') {
      return { tool: 'file_edit', arguments: { ...others, old_text, new_text } };
    }
    return undefined;
  }
  if (operation === undefined) return undefined;
  const whole = operation === 'write' || operation === 'create' || operation === 'overwrite';
  return whole ? { tool: 'file_write', arguments: rest } : undefined;
}
