import * as vscode from 'vscode';

/**
 * Opens the editor's settings at a query. All of Drover's have machine scope: where the files are on another machine,
 * so are they, and the editor shows them on a page of its own.
 */
export async function openSettings(query: string): Promise<void> {
  if (vscode.env.remoteName === undefined) await vscode.commands.executeCommand('workbench.action.openSettings', query);
  else await vscode.commands.executeCommand('workbench.action.openRemoteSettings', { query });
}
