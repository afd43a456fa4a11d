import { constants } from 'node:fs';
import { access, chmod } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asProblem } from '../common/errors.ts';
import { run } from './spawn.ts';

/** Why nothing can be shut in here, and what the person can do, as sentences. */
export interface Obstacle {
  message: string;
  advice: string;
}

/** In milliseconds; a start takes less than a tenth of a second. */
const patience = 10_000;

/** bubblewrap on the PATH, else the one that Drover fetched into its own folder. */
export async function findBubblewrap(environment: NodeJS.ProcessEnv, managed: string): Promise<string | undefined> {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  for (const file of [...folders.map((folder) => join(folder, 'bwrap')), managedBubblewrap(managed)]) {
    if (await isProgram(file)) return file;
  }
  return undefined;
}

/** Where a bubblewrap of Drover's own is, or would be. */
export function managedBubblewrap(managed: string): string {
  return join(managed, 'bwrap', 'bwrap');
}

/**
 * The small program that takes from a command the sockets of other programs (Docker's, an SSH agent's), which no network
 * namespace keeps away: beside the bundle, else in the package. Undefined for a processor that there is none for.
 */
export async function seccompProgram(): Promise<string | undefined> {
  if (process.arch !== 'x64' && process.arch !== 'arm64') return undefined;
  const name = `apply-seccomp-${process.arch}`;
  const here = fileURLToPath(new URL('.', import.meta.url));
  const packaged = join(here, '../../node_modules/@anthropic-ai/sandbox-runtime/vendor/seccomp', process.arch);
  for (const file of [join(here, name), join(packaged, 'apply-seccomp')]) {
    // Not every program that unpacks an archive keeps that a file may be run.
    if (!(await isProgram(file))) await chmod(file, 0o755).catch(() => undefined);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

/**
 * Whether a program can be shut in here, by shutting one in that does nothing.
 *
 * @returns what stands in the way; undefined: nothing
 */
export async function obstacle(
  { environment, managed }: { environment: NodeJS.ProcessEnv; managed: string },
  signal: AbortSignal,
): Promise<Obstacle | undefined> {
  if (process.platform === 'darwin') {
    const said = await tried('/usr/bin/sandbox-exec', ['-p', '(version 1)(allow default)', '/usr/bin/true'], signal);
    return said === undefined ? undefined : refused(said);
  }
  if (process.platform !== 'linux') return elsewhere();
  const bwrap = await findBubblewrap(environment, managed);
  if (bwrap === undefined) return absent();
  const seccomp = await seccompProgram();
  if (seccomp === undefined) return noSeccomp();
  const spaces = ['--unshare-user', '--unshare-pid', '--unshare-net', '--die-with-parent', '--cap-drop', 'ALL'];
  const inner = process.geteuid?.() === 0 ? ['--cap-add', 'CAP_SETFCAP'] : [];
  const folders = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'];
  const said = await tried(bwrap, [...folders, ...spaces, ...inner, '--', seccomp, '/bin/sh', '-c', ':'], signal);
  return said === undefined ? undefined : refused(said);
}

export function absent(): Obstacle {
  return {
    message: 'bubblewrap is not installed.',
    advice: 'Install it with the package manager of your system, such as `sudo apt install bubblewrap`.',
  };
}

export function noSeccomp(): Obstacle {
  return {
    message: `The sandbox has no part for this processor (${process.arch}).`,
    advice: 'It has one for x64 and arm64.',
  };
}

export function elsewhere(): Obstacle {
  const name = process.platform === 'win32' ? 'Windows' : 'this system';
  return { message: `Drover has no sandbox for ${name}.`, advice: 'Work in WSL 2 or in a container to have one.' };
}

/** What stands in the way where a program that shuts in ended with these words. */
export function refused(said: string): Obstacle {
  const [line = 'it said nothing'] = said.trim().split('\n');
  if (/Can't mount proc|mount.*\/proc/i.test(said)) {
    return {
      message: `This container may not mount /proc, which the sandbox needs (${line}).`,
      advice: 'Start it with `--security-opt systempaths=unconfined`, or work outside of a container.',
    };
  }
  if (/namespace|uid.map|Operation not permitted|Permission denied|RTM_NEWADDR/i.test(said)) {
    return {
      message: `This system does not let programs shut others in with user namespaces (${line}).`,
      advice:
        'On Ubuntu, `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` allows it; in a container, start that with `--security-opt seccomp=unconfined`.',
    };
  }
  return { message: `The sandbox does not start (${line}).`, advice: 'The log of Drover tells more.' };
}

/** What it said where it did not end well. */
async function tried(command: string, args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  let said = '';
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
  const output = (bytes: Buffer): void => {
    said += bytes.toString('utf8');
  };
  try {
    const { code, why } = await run({ command, args, cwd: '/', env, signal, timeout: patience, output });
    signal.throwIfAborted();
    if (code === 0) return undefined;
    return why === 'timeout' ? `nothing came of it within ${patience / 1000} s` : said;
  } catch (error) {
    signal.throwIfAborted();
    return asProblem(error).message;
  }
}

async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
