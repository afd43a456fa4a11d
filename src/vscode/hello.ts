import * as vscode from 'vscode';
import { type Hello, PROTOCOL } from '../common/protocol.ts';
import { BUILD } from '../node/build.ts';
import { editorRipgrep } from './ripgrep.ts';
import type { Settings } from './settings.ts';
import { roots, unsaved } from './window.ts';

/** What the supervisor is told of this window. `key` is for the server that `drover.engine.url` names. */
export function hello(settings: Settings, key: string | undefined): Omit<Hello, 'client'> {
  const ripgrep = editorRipgrep(vscode.env.appRoot);
  return {
    kind: 'vscode',
    protocol: PROTOCOL,
    build: BUILD,
    roots: roots(),
    trusted: vscode.workspace.isTrusted,
    unsaved: unsaved(),
    settings: {
      engine: { ...settings.engine, ...(key === undefined ? {} : { key }) },
      ...(settings.keepDays === undefined ? {} : { keepDays: settings.keepDays }),
      ...(settings.models === undefined ? {} : { models: settings.models }),
      ...(settings.judge === undefined ? {} : { judge: settings.judge }),
      ...(settings.policiesOff === undefined ? {} : { policiesOff: settings.policiesOff }),
      ...(settings.sandbox === undefined ? {} : { sandbox: settings.sandbox }),
      ...(settings.budget === undefined ? {} : { budget: settings.budget }),
      ...(settings.edits === undefined ? {} : { edits: settings.edits }),
    },
    ...(ripgrep === undefined ? {} : { ripgrep }),
  };
}

/**
 * Calls `tell` when something of that changed. Typing does not: only whether a document has unsaved changes matters.
 */
export function watchWindow(secrets: Pick<vscode.SecretStorage, 'onDidChange'>, tell: () => void): vscode.Disposable {
  let told = now();
  const look = (): void => {
    if (told === now()) return;
    told = now();
    tell();
  };
  const { workspace } = vscode;
  return vscode.Disposable.from(
    workspace.onDidChangeTextDocument(look),
    workspace.onDidSaveTextDocument(look),
    workspace.onDidCloseTextDocument(look),
    workspace.onDidChangeNotebookDocument(look),
    workspace.onDidSaveNotebookDocument(look),
    workspace.onDidCloseNotebookDocument(look),
    workspace.onDidChangeWorkspaceFolders(look),
    workspace.onDidGrantWorkspaceTrust(look),
    workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('drover') && tell()),
    secrets.onDidChange(tell),
  );
}

function now(): string {
  return JSON.stringify([roots(), vscode.workspace.isTrusted, unsaved()]);
}
