import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** What the logs are called; any other one is called by its file. */
const NAMES: Record<string, string> = {
  'supervisor.log': 'Supervisor',
  'supervisor.out': 'Supervisor, what it printed',
  'llama-server.log': 'Engine (llama-server)',
};

interface Log extends vscode.QuickPickItem {
  show(): Thenable<unknown> | void;
}

/**
 * Shows a log: of the supervisor and its engine (files in `folder`), or of this window. Where there is more than one
 * the person chooses.
 */
export async function showLog(folder: string, own: vscode.LogOutputChannel): Promise<void> {
  const logs: Log[] = [
    ...(await logFiles(folder)),
    { label: 'This window', description: 'panel and connection', show: () => own.show() },
  ];
  const chosen = logs.length === 1 ? logs[0] : await vscode.window.showQuickPick(logs, { title: 'Drover: Show Log' });
  await chosen?.show();
}

/** Files with something in them, the one written last first. */
async function logFiles(folder: string): Promise<Log[]> {
  const names = await readdir(folder).catch(noFolder);
  const files = await Promise.all(
    names
      .filter((name) => /\.(log|out|err)$/.test(name))
      .map(async (name) => ({ name, path: join(folder, name), facts: await stat(join(folder, name)) })),
  );
  return files
    .filter(({ facts }) => facts.size > 0)
    .toSorted((a, b) => b.facts.mtimeMs - a.facts.mtimeMs)
    .map(({ name, path, facts }) => ({
      label: NAMES[name] ?? name,
      description: `${name}, ${Math.ceil(facts.size / 1024)} KB, ${facts.mtime.toLocaleString()}`,
      show: () => vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path), { preview: false }),
    }));
}

/** Before the supervisor ran for the first time there is nothing to show. */
function noFolder(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
