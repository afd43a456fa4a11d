import { z } from 'zod';
import { showName } from '../../common/gate/hidden.ts';
import { defineTool } from '../../common/tool.ts';
import { globFault, readGlob } from '../globs.ts';
import { count } from '../text.ts';
import { below, listFiles } from '../walk.ts';

const defaultResults = 100;
/** Larger trees are searched this far, and it is said. */
const maxFiles = 50_000;

export const glob = defineTool({
  name: 'glob',
  group: 'read',
  description: 'Find files by name, like src/**/*.ts.',
  parameters: z.strictObject({ pattern: z.string(), max_results: z.int().min(1).max(1000).optional() }),
  effects: ({ pattern }) => [{ kind: 'read', path: readGlob(pattern).base }],
  title: ({ pattern }) => ({ kind: 'list', verb: 'Listed', object: pattern }),
  async run({ pattern, max_results: limit = defaultResults }, context) {
    const fault = globFault(pattern);
    if (fault !== undefined) return { text: fault, summary: 'not understood', failed: true };
    const { base, matches } = readGlob(pattern);
    const folder = await context.files.resolve(base);
    if (folder.kind === 'file') return { text: folder.shown, summary: '1 file' };
    if (folder.kind !== 'folder') {
      return { text: `${folder.shown} does not exist.`, summary: 'not found', failed: true };
    }
    const { files, complete } = await listFiles(folder, maxFiles, context.signal);
    const seen = files.filter((path) => matches(path) && !context.withholds(folder, path, true));
    const found = seen.map((path) => below(folder, path));
    const notes = found.length > limit ? [`${found.length - limit} more are left out.`] : [];
    if (!complete) notes.push(`Only the first ${maxFiles.toLocaleString('en')} files were looked at.`);
    if (found.length === 0) notes.unshift(`No file matches ${pattern}.`);
    const text = [...found.slice(0, limit).map(showName), ...(notes.length > 0 ? [`[${notes.join(' ')}]`] : [])].join(
      '\n',
    );
    return { text, summary: count(found.length, 'file') };
  },
});
