import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLines, runTool } from './child.ts';
import { Missing } from './parts.ts';
import { alive, endTree } from './processes.ts';

/** A code-server that runs: VS Code for a browser. */
export interface EditorServer {
  /** `http://127.0.0.1:PORT` */
  url: string;
  pid: number;
  /** Path of what it printed. */
  log: string;
  /** Ends it with everything below it: file watchers, terminals, extension hosts and what these started. */
  end(): Promise<void>;
}

export interface EditorServerOptions {
  /** code-server's entry script. */
  entry: string;
  /** A fresh folder for its configuration, user data, extensions and log. */
  folder: string;
  /** Absent: whoever reaches the address is let in (tests). */
  password?: string;
  /** More flags. */
  flags?: string[];
  settings?: Record<string, unknown>;
  environment?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/** An editor without the noise of a first start, and with nothing that calls home. */
export const quietSettings: Record<string, unknown> = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'window.commandCenter': false,
  'chat.disableAIFeatures': true,
  'js/ts.tsserver.automaticTypeAcquisition.enabled': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  // Every loopback port that a program below the editor opens would be announced.
  'remote.autoForwardPorts': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
};

/** @returns the folder of extensions of a code-server that was given this folder */
export function extensionsFolder(folder: string): string {
  return join(folder, 'extensions');
}

/** Writes the settings of the person, where an editor with this user-data folder looks for them. */
export async function writeSettings(userData: string, settings: Record<string, unknown>): Promise<void> {
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(join(userData, 'User', 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

/** Flags without which code-server would write to the person's own folders. */
async function ownFolders(folder: string, password: string | undefined): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'code-server.yaml');
  await writeFile(config, password === undefined ? '{}\n' : `password: ${password}\n`, { mode: 0o600 });
  return [
    `--config=${config}`,
    `--user-data-dir=${join(folder, 'user-data')}`,
    `--extensions-dir=${extensionsFolder(folder)}`,
  ];
}

/** Installs a VSIX for the server that will run in this folder. */
export async function installVsix(entry: string, folder: string, vsix: string): Promise<void> {
  const flags = await ownFolders(folder, undefined);
  const ran = await runTool(entry, [...flags, '--install-extension', vsix], { limit: 60_000, environment: offline() });
  if (ran.code === 0) return;
  throw new Missing(`VS Code refused the extension:\n${lastLines(ran.output)}`, 'Report this with the lines above.');
}

/** Without a gallery nothing is asked outside. */
function offline(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...environment, EXTENSIONS_GALLERY: '{}' };
}

/**
 * Starts code-server on a free port of loopback and waits until it answers.
 * @throws Missing when it ends at once or does not answer within 30 s
 */
export async function startEditorServer(options: EditorServerOptions): Promise<EditorServer> {
  const { entry, folder, password, flags = [], settings = {}, environment, signal } = options;
  const own = await ownFolders(folder, password);
  const userData = join(folder, 'user-data');
  await writeSettings(userData, settings);
  // A browser is a remote window: settings of machine scope count only where they are the machine's.
  const ours = Object.entries(settings).filter(([name]) => name.startsWith('drover.'));
  await mkdir(join(userData, 'Machine'), { recursive: true });
  await writeFile(join(userData, 'Machine', 'settings.json'), JSON.stringify(Object.fromEntries(ours), null, 2));
  const log = join(folder, 'code-server.log');
  const output = openSync(log, 'a');
  const args = [
    ...own,
    '--bind-addr=127.0.0.1:0',
    `--auth=${password === undefined ? 'none' : 'password'}`,
    // Cookies know no ports: without a name of our own we would log out another code-server of this person.
    '--cookie-suffix=drover',
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    '--disable-proxy',
    // Otherwise every page that was closed keeps its extension host for three hours.
    '--reconnection-grace-time=2',
    ...flags,
  ];
  const child = spawn(process.execPath, [entry, ...args], {
    env: offline(environment),
    stdio: ['ignore', output, output],
    // Ctrl+C is for us alone: we end it in order.
    detached: true,
  });
  const pid = child.pid;
  if (pid === undefined) throw new Missing('code-server could not be started.', `Look at ${log}.`);
  const end = (): Promise<void> => endTree(pid);
  try {
    const url = await listening(pid, log, signal);
    return { url, pid, log, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Waits for the line that names the port, and for an answer from there. */
async function listening(pid: number, log: string, signal: AbortSignal | undefined): Promise<string> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    const text = await readFile(log, 'utf8');
    const url = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
    if (url !== undefined && (await healthy(url))) return url;
    if (!alive(pid)) throw new Missing(`code-server ended at once:\n${lastLines(text)}`, `Its output is in ${log}.`);
    await delay(50);
  }
  throw new Missing('code-server did not answer within 30 s.', `Look at ${log}, then try again.`);
}

async function healthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false;
  }
}
