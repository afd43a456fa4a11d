import { existsSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { Problem } from '../common/errors.ts';

type Kind = 'state' | 'config' | 'managed';

/** Chats, blobs and what runs: DROVER_STATE, else the platform's folder for state (Linux: $XDG_STATE_HOME/drover). */
export function stateFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  return folder('state', 'DROVER_STATE', environment, platform);
}

/** What the person chose: DROVER_CONFIG, else the platform's folder for settings (Linux: $XDG_CONFIG_HOME/drover). */
export function configFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  return folder('config', 'DROVER_CONFIG', environment, platform);
}

/**
 * Engines and models that Drover fetched; all of it can be had again: DROVER_MANAGED, else the platform's folder for
 * data (Linux: $XDG_DATA_HOME/drover).
 */
export function managedFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  return folder('managed', 'DROVER_MANAGED', environment, platform);
}

function folder(kind: Kind, variable: string, environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const given = environment[variable];
  if (given !== undefined && given !== '') return path.resolve(given);
  const home = environment[platform === 'win32' ? 'USERPROFILE' : 'HOME'] || homedir();
  if (platform === 'win32') {
    // A roaming profile must not carry gigabytes of models, hence the local one.
    return path.win32.join(
      environment['LOCALAPPDATA'] || path.win32.join(home, 'AppData', 'Local'),
      'Drover',
      capital(kind),
    );
  }
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', 'drover', kind);
  const base = {
    state: xdg(environment['XDG_STATE_HOME'], path.posix.join(home, '.local', 'state')),
    config: xdg(environment['XDG_CONFIG_HOME'], path.posix.join(home, '.config')),
    managed: xdg(environment['XDG_DATA_HOME'], path.posix.join(home, '.local', 'share')),
  }[kind];
  return path.posix.join(base, 'drover');
}

/** The XDG specification says that a relative path is to be ignored. */
function xdg(value: string | undefined, fallback: string): string {
  return value !== undefined && path.posix.isAbsolute(value) ? value : fallback;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Whether there is a folder of this name. */
export function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Makes a folder of the state and those above it, for the person alone. One by one: where the system takes none (below /proc on
 * Linux) Node goes round in a circle when it is to make them all.
 * @throws Problem when it cannot be made
 */
export function makeStateFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at) && path.dirname(at) !== at; at = path.dirname(at)) missing.unshift(at);
  for (const each of missing) {
    try {
      mkdirSync(each, { mode: 0o700 });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      // Another process may have been quicker.
      if (code === 'EEXIST' && isFolder(each)) continue;
      const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
      const why = denied ? `: you may not write in ${path.dirname(each)}` : '';
      const advice = denied
        ? 'Give it back to your account (chown), or name another folder with --state or DROVER_STATE.'
        : 'Name another with --state or DROVER_STATE.';
      throw new Problem('state_folder', `The folder ${each} cannot be made (${code})${why}.`, advice, 500);
    }
  }
}
