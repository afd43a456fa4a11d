import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Event } from '../../src/common/events.ts';
import type { ToPanel } from '../../src/common/panel.ts';
import type { Parts } from '../../src/extension.ts';
import type { ChatView } from '../../src/vscode/chatView.ts';
import type { Said } from '../../src/vscode/voice.ts';
import { type ModelServer, type ModelServerOptions, startModelServer } from '../support/modelServer.ts';

/** What the suites share: the running extension, files of the workspace, and waiting for what happens. */

export const id = 'drover.drover';

/** The extension as it runs in this window. */
export async function drover(): Promise<Parts> {
  const extension = vscode.extensions.getExtension<Parts>(id);
  if (!extension) throw new Error('The extension is not installed in this window.');
  return extension.activate();
}

/** The folder that is open. */
export function root(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('No folder is open.');
  return folder.uri.fsPath;
}

/** In a browser the editor saves by itself after a second; a test of unsaved changes is slower than that at times. */
export async function saveOnlyByHand(): Promise<void> {
  await vscode.workspace.getConfiguration('files').update('autoSave', 'off', vscode.ConfigurationTarget.Global);
}

/** Writes a file of the workspace. */
export function file(path: string, text: string): vscode.Uri {
  const place = join(root(), path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
  return vscode.Uri.file(place);
}

/** Waits until `check` holds: looks now and each time the event fires. Mocha's time limit ends a wait in vain. */
export async function until<T>(event: vscode.Event<T>, check: () => boolean): Promise<void> {
  if (check()) return;
  await new Promise<void>((resolve) => {
    const listening = event(() => {
      if (!check()) return;
      listening.dispose();
      resolve();
    });
  });
}

/** What the panel is told from now on. */
export interface Watch extends vscode.Disposable {
  messages: ToPanel[];
  /** Events of the chat in view since it was last opened. */
  readonly events: Event[];
  seen<T extends Event['type']>(type: T, fits?: (event: Event & { type: T }) => boolean): Promise<Event & { type: T }>;
  posted<T extends ToPanel['type']>(type: T): Promise<ToPanel & { type: T }>;
}

export function watch(view: ChatView): Watch {
  const messages: ToPanel[] = [];
  const listening = view.onDidPost((message) => messages.push(message));
  const events = (): Event[] => {
    const begin = messages.findLastIndex((message) => message.type === 'reset');
    return messages.slice(begin + 1).flatMap((message) => (message.type === 'event' ? [message.event] : []));
  };
  return {
    messages,
    get events() {
      return events();
    },
    async seen(type, fits = () => true) {
      const find = () =>
        events().find((event): event is Event & { type: typeof type } => {
          return event.type === type && fits(event as Event & { type: typeof type });
        });
      await until(view.onDidPost, () => find() !== undefined);
      return find() as Event & { type: typeof type };
    },
    async posted(type) {
      const find = () => messages.find((message) => message.type === type);
      await until(view.onDidPost, () => find() !== undefined);
      return find() as ToPanel & { type: typeof type };
    },
    dispose: () => listening.dispose(),
  };
}

/** What the extension says while `act` runs. Nothing said is a failure: no command may end in silence. */
export async function saidBy(parts: Parts, act: () => Thenable<unknown>): Promise<Said> {
  const said: Said[] = [];
  const listening = parts.voice.onDidSay((sentence) => said.push(sentence));
  try {
    await act();
  } finally {
    listening.dispose();
  }
  const [first] = said;
  if (!first) throw new Error('Nothing was said.');
  return first;
}

/** A scripted model server, and Drover told to use it. */
export async function scripted(parts: Parts, options: ModelServerOptions): Promise<ModelServer> {
  const server = await startModelServer(options);
  await parts.view.receive({ type: 'engine', action: { action: 'url', url: `${server.url}/v1` } });
  await until(parts.sidecar.onDidChange, () => {
    const { engine } = parts.sidecar.snapshot;
    return engine?.kind === 'url' && engine.url?.startsWith(server.url) === true;
  });
  return server;
}

/** Closes every editor, throwing unsaved changes away. */
export async function closeEditors(): Promise<void> {
  while (vscode.window.tabGroups.activeTabGroup.activeTab) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}
