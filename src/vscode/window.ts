import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import * as vscode from 'vscode';

/** What this window shows, as the supervisor and the panel need to know it. */

/** The folders on this machine that are open, by their paths. */
export function roots(): string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === 'file')
    .map((folder) => folder.uri.fsPath);
}

/** The same with links resolved, as the supervisor knows them. */
export function realRoots(): string[] {
  return roots().map(real);
}

/**
 * Paths of documents with unsaved changes, sorted. Where a link leads to one, its real path stands beside it, because
 * an agent knows files by their real paths.
 */
export function unsaved(): string[] {
  const documents = [...vscode.workspace.textDocuments, ...vscode.workspace.notebookDocuments];
  const paths = documents
    .filter((document) => document.isDirty && document.uri.scheme === 'file')
    .flatMap((document) => [document.uri.fsPath, real(document.uri.fsPath)]);
  return [...new Set(paths)].toSorted();
}

export function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    // The file was never saved, or is gone; its own path is all there is.
    return path;
  }
}

/** The path as an agent would write it: relative to the first root, else absolute. Undefined: outside the workspace. */
export function shownPath(uri: vscode.Uri): string | undefined {
  const folder = uri.scheme === 'file' ? vscode.workspace.getWorkspaceFolder(uri) : undefined;
  if (!folder) return undefined;
  return folder.index === 0 ? vscode.workspace.asRelativePath(uri, false) : uri.fsPath;
}

/** The file that the person looks at and the lines selected in it (from 1); null when there is none to offer. */
export function inEditor(): { path: string; start?: number; end?: number } | null {
  const editor = vscode.window.activeTextEditor;
  const uri = editor?.document.uri ?? activeTabUri();
  const path = uri && shownPath(uri);
  if (path === undefined) return null;
  return editor && !editor.selection.isEmpty ? { path, ...lines(editor.selection) } : { path };
}

/** An editor that was just opened may not be the active one yet while its tab already is. */
export function activeTabUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText ? input.uri : undefined;
}

/** First and last line, from 1. A selection that ends at the start of a line does not include that line. */
export function lines(selection: vscode.Selection): { start: number; end: number } {
  const { start, end } = selection;
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return { start: start.line + 1, end: last + 1 };
}

/** Where the files are, when that is another machine than the one with the keyboard: "SSH: box". */
export function remote(): string | null {
  const { remoteName } = vscode.env;
  if (remoteName === undefined) return null;
  const kinds: Record<string, string> = {
    'ssh-remote': 'SSH',
    wsl: 'WSL',
    'dev-container': 'Container',
    'attached-container': 'Container',
    codespaces: 'Codespace',
    tunnel: 'Tunnel',
  };
  return `${kinds[remoteName] ?? 'Server'}: ${hostname()}`;
}
