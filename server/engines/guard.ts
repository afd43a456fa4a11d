import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Started, start } from '../../src/node/spawn.ts';
import { startTime } from '../startTime.ts';
import { signalGroup } from './command.ts';

/**
 * Waits for the end of its input, which comes when Drover is gone, however it went; then ends the group of the process
 * whose number it read first. A second line means that all is over.
 */
const script = 'read -r pid || exit 0; read -r over && exit 0; kill -s KILL -- "-$pid"';

/** Watches over one process until it is released. */
export interface Guard {
  /** Says whom to end, as soon as there is somebody. */
  watch(pid: number): void;
  release(): void;
}

/** On Windows there is none: a server may outlive a Drover that was killed, and is ended at the next start. */
export async function startGuard(environment: NodeJS.ProcessEnv, log: (line: string) => void): Promise<Guard> {
  if (process.platform === 'win32') return { watch: () => undefined, release: () => undefined };
  const open = (): Promise<Started> =>
    start({ command: '/bin/sh', args: ['-c', script], env: { PATH: environment['PATH'] }, stdin: 'pipe' });
  const state = { pid: undefined as number | undefined, released: false, shell: await open() };

  const keep = async (): Promise<void> => {
    for (;;) {
      await state.shell.exited;
      if (state.released) return;
      log('the guard of llama-server was killed; starting another');
      state.shell = await open();
      tell();
    }
  };
  const tell = (): void => {
    const { stdin } = state.shell.child;
    if (state.pid !== undefined) stdin?.write(`${state.pid}\n`);
    if (state.released) stdin?.end('over\n');
  };
  keep().catch((error: unknown) => log(`the guard of llama-server could not be started: ${String(error)}`));

  return {
    watch: (pid) => {
      state.pid = pid;
      tell();
    },
    release: () => {
      const { stdin } = state.shell.child;
      state.released = true;
      stdin?.end(state.pid === undefined ? '' : 'over\n');
    },
  };
}

const Mark = z.object({ pid: z.int(), started: z.string() });

function markFile(run: string): string {
  return path.join(run, 'llama-server.pid');
}

/** Notes which process was started, and when, for the next start to find what was left running. */
export async function writeMark(run: string, pid: number): Promise<void> {
  const started = await startTime(pid);
  if (started === undefined) return;
  await mkdir(run, { recursive: true, mode: 0o700 });
  await writeFile(markFile(run), JSON.stringify({ pid, started }), { mode: 0o600 });
}

export async function removeMark(run: string): Promise<void> {
  await rm(markFile(run), { force: true });
}

/** Ends a server that an earlier Drover left running: only the very process, by its start time, never its number alone. */
export async function reap(run: string, log: (line: string) => void): Promise<void> {
  const text = await readFile(markFile(run), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const mark = Mark.safeParse(parsed(text));
  if (mark.success && (await startTime(mark.data.pid)) === mark.data.started) {
    log(`ending llama-server ${mark.data.pid}, which was left running`);
    signalGroup(mark.data.pid, 'SIGKILL');
    // Its memory must be free before another one is started.
    for (let i = 0; i < 100 && (await startTime(mark.data.pid)) === mark.data.started; i++) await delay(20);
  }
  await removeMark(run);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
