import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Change } from '../common/events.ts';
import type { Blobs } from '../node/blobs.ts';
import { placeOf } from './places.ts';

const SCHEME = 'drover-blob';

/** Lets the editor show what the agents keep of a file from before they changed it. */
export function blobDocuments(blobs: Blobs): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent(uri) {
      return uri.query === '' ? '' : new TextDecoder().decode(await blobs.get(uri.query));
    },
  });
}

/**
 * Opens the editor's diff between a file as it was before a change and as it is now; where it is gone now, as the
 * change had left it.
 */
export async function openDiff(change: Change, roots: string[], blobs: Blobs): Promise<void> {
  // Asked for before the editor is, so that a blob that is gone is told in the panel and not in an empty tab.
  if (change.before !== null) await blobs.get(change.before);
  const now = placeOf(change.path, roots);
  const right = existsSync(now.fsPath) ? now : blob(now, change.after);
  const title = `${basename(now.fsPath)} (before the change ↔ now)`;
  await vscode.commands.executeCommand('vscode.diff', blob(now, change.before), right, title, { preview: true });
}

/**
 * Opens the editor's diff between a file as it was before a change and as the change had left it, whatever has become of it
 * since.
 *
 * @throws Problem when what stood there is no longer kept
 */
export async function openRecordedDiff(
  { path, before, after }: Pick<Change, 'path' | 'before' | 'after'>,
  roots: string[],
  blobs: Blobs,
): Promise<void> {
  // Asked for before the editor is, so that a blob that is gone is told in a sentence and not in an empty tab.
  for (const hash of [before, after]) if (hash !== null) await blobs.get(hash);
  const place = placeOf(path, roots);
  const title = `${basename(place.fsPath)} (before the change ↔ behind it)`;
  await vscode.commands.executeCommand('vscode.diff', blob(place, before), blob(place, after), title, {
    preview: true,
  });
}

/** The name ends like the file's, so that the editor highlights it alike. Null: there was no file, so it is empty. */
function blob(file: vscode.Uri, hash: string | null): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: file.path, query: hash ?? '' });
}
