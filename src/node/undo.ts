import { Problem } from '../common/errors.ts';
import type { Change } from '../common/events.ts';
import { type Blobs, hashOf } from './blobs.ts';
import type { WorkspaceFiles } from './paths.ts';

/**
 * Puts a file back as it was before a change, if it is still as the change left it.
 *
 * @throws Problem when it is not, or when the earlier content is gone
 */
export async function undo(change: Change, { files, blobs }: { files: WorkspaceFiles; blobs: Blobs }): Promise<void> {
  const path = await files.resolve(change.path);
  const current = path.kind === 'missing' ? null : hashOf(await files.read(path));
  if (current !== change.after) {
    throw new Problem(
      'undo.changed',
      `${change.path} was changed again since then, so it is left as it is.`,
      'Undo the later changes first, or edit the file.',
      409,
    );
  }
  if (change.before !== null) await files.write(path, await blobs.get(change.before));
  else if (path.kind !== 'missing') await files.remove(path);
}
