import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { real } from './window.ts';

/** Milliseconds that the editor's own file watcher gets. */
const GRACE = 1000;

/**
 * Has the active editor take up what an agent wrote to its file, where the editor's own watcher has missed it: that
 * happens on network folders and while the watcher is only starting. What has unsaved changes is left alone.
 */
export async function takeUp(path: string, signal: AbortSignal): Promise<void> {
  await delay(GRACE, undefined, { signal }).catch(() => undefined);
  const shown = vscode.window.activeTextEditor?.document;
  if (signal.aborted || shown === undefined || shown.isDirty || !names(path, shown.uri)) return;
  const content = await vscode.workspace.fs.readFile(shown.uri).then(
    (bytes) => new TextDecoder().decode(bytes),
    // Gone: the editor marks its tab by itself.
    () => undefined,
  );
  const stale = content !== undefined && lines(content) !== lines(shown.getText());
  // Reads the file anew, without a question, as nothing in it is unsaved.
  if (stale) await vscode.commands.executeCommand('workbench.action.files.revert');
}

/** Whether a path of a chat, relative to the first folder or absolute, means this document. */
function names(path: string, document: vscode.Uri): boolean {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  return document.scheme === 'file' && real(resolve(root, path)) === real(document.fsPath);
}

/** The editor may show other line ends than the file has, and keeps a byte order mark to itself. */
function lines(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}
