import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../common/errors.ts';
import { makeStateFolder } from './folders.ts';
import { type Limits, limited } from './limits.ts';
import { descendants, type Found, foundByPs, foundInProc, groupsOf, marked, markName } from './marks.ts';

/** What is asked to end gets this long before it is ended, in milliseconds. */
const grace = 2000;
/** How long output is waited for once the program itself has ended, in milliseconds. */
const lastWords = 200;

export interface StartOptions {
  command: string;
  args: readonly string[];
  cwd?: string;
  /** The whole environment of the child; only the run mark is added. A mark in it is continued. */
  env: Readonly<Record<string, string | undefined>>;
  /** Absent: none but those of this process. They mark the program also by a number, see `markNumber`. */
  limits?: Limits;
  /** Absent: no input. `pipe`: through `child.stdin`. */
  stdin?: 'pipe';
  /** Everything it writes; without it the pipes are drained and their content dropped. */
  output?: (bytes: Buffer, stream: 'stdout' | 'stderr') => void;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Started {
  child: ChildProcess;
  pid: number;
  /** What `sweep` finds it and its descendants by. */
  mark: string;
  /** The program itself has ended; descendants may live on. */
  exited: Promise<Exit>;
  /** And nobody holds its output open any more. */
  closed: Promise<void>;
  /** Ends it with everything it started: asked first, after `graceMs` (default 2 s) made to. */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts a program in a process group of its own, without a shell.
 *
 * @throws Problem when it cannot be started
 */
export async function start({ command, args, cwd, env, limits, stdin, output }: StartOptions): Promise<Started> {
  const above = env[markName] ?? process.env[markName];
  const own = randomBytes(8).toString('hex');
  const mark = above === undefined ? own : `${above}.${own}`;
  const what = limits && process.platform !== 'win32' ? limited(command, args, mark, limits) : { command, args };
  const child = spawn(what.command, what.args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...env, [markName]: mark },
    stdio: [stdin ?? 'ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, name) => resolve({ code, signal: name }));
  });
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  child.stdout?.on('data', (bytes: Buffer) => output?.(bytes, 'stdout'));
  child.stderr?.on('data', (bytes: Buffer) => output?.(bytes, 'stderr'));
  // A child that stops reading is known by its exit.
  child.stdin?.on('error', () => undefined);
  const pid = await started(child, command);
  return { child, pid, mark, exited, closed, stop: (graceMs = grace) => killTree(pid, mark, exited, graceMs) };
}

function started(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'it, or the folder to run it in, does not exist' : error.message;
      const message = `${command} could not be started: ${why}.`;
      reject(new Problem('spawn', message, 'Check that it is installed and may be run.', 500));
    });
  });
}

/**
 * Starts one of our own programs under this same runtime, with a channel for messages and in a process group of its
 * own. Both outputs are pipes that the caller has to read.
 *
 * @param env the whole environment, with the run mark that `sweep` shall find it by
 */
export function fork(program: string, env: NodeJS.ProcessEnv, nodeArgs: readonly string[] = []): ChildProcess {
  // The editor's own runtime is Node only when it is told so.
  const runtime = process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
  return spawn(process.execPath, [...nodeArgs, program], {
    env: { ...env, ...runtime },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

/**
 * Starts a program that outlives this one: nothing here waits for it or ends it, and no run mark makes a sweep end it. Only
 * where this one belongs to a command of an agent, the number of its mark stays, and it ends with that command.
 *
 * @param log a file that gets all it writes, begun anew
 * @returns what tells its exit code, once it has ended
 */
export function launch(
  command: string,
  args: readonly string[],
  { environment, log }: { environment: NodeJS.ProcessEnv; log: string },
): { exited(): number | undefined } {
  makeStateFolder(dirname(log));
  const file = openSync(log, 'w', 0o600);
  const { [markName]: _, ...env } = environment;
  let code: number | undefined;
  const child = spawn(command, args, { env, stdio: ['ignore', file, file], detached: true, windowsHide: true });
  closeSync(file);
  child.once('exit', (value) => (code = value ?? -1));
  child.once('error', (error) => {
    appendFileSync(log, `${command} could not be started: ${error.message}\n`);
    code = -1;
  });
  child.unref();
  return { exited: () => code };
}

export interface RunOptions extends Omit<StartOptions, 'stdin'> {
  signal: AbortSignal;
  /** In milliseconds. */
  timeout: number;
}

export interface Ended extends Exit {
  why: 'exit' | 'timeout' | 'cancel';
  /** In milliseconds. */
  ms: number;
  /** It had left processes running, which were ended. */
  leftovers: boolean;
}

/**
 * Runs a program to its end, and leaves nothing of it running whichever way it ends.
 *
 * @throws Problem when it cannot be started, the signal's reason when that is aborted already
 */
export async function run(options: RunOptions): Promise<Ended> {
  const began = performance.now();
  options.signal.throwIfAborted();
  const running = await start(options);
  const over = new AbortController();
  const cancelled = new Promise<'cancel'>((resolve) => {
    const cancel = (): void => resolve('cancel');
    if (options.signal.aborted) cancel();
    options.signal.addEventListener('abort', cancel, { once: true, signal: over.signal });
  });
  const timeout = delay(options.timeout, 'timeout' as const, { signal: over.signal }).catch(() => 'exit' as const);
  const exit = running.exited.then(() => 'exit' as const);
  const why = await Promise.race([exit, cancelled, timeout]);
  over.abort();
  const quick = performance.now() - began < 1000;
  const leftovers = why === 'exit' ? await endLeftovers(running, quick) : await running.stop().then(() => false);
  const result = await running.exited;
  await Promise.race([running.closed, delay(lastWords, undefined, { ref: false })]);
  running.child.stdout?.destroy();
  running.child.stderr?.destroy();
  return { ...result, why, ms: performance.now() - began, leftovers };
}

/**
 * The program has ended by itself; what it left behind goes too. After a quick one only the processes numbered after
 * it are looked at: in so short a time the numbers do not come round.
 */
async function endLeftovers(running: Started, quick: boolean): Promise<boolean> {
  if (process.platform === 'win32') return false;
  const after = quick ? running.pid : 0;
  let left = isAlive(running.pid, running.mark, after);
  // While a program takes the place of another, its environment cannot be read for a moment.
  if (!left && signal(-running.pid, 0)) {
    await delay(2);
    left = isAlive(running.pid, running.mark, after);
  }
  if (left) await running.stop();
  // Who has done away with its marks may still be known by its group.
  else signal(-running.pid, 'SIGKILL');
  return left;
}

/**
 * Ends a process group and all that bears the mark: TERM, then KILL after `graceMs`.
 *
 * @param exited settles when the leader of the group has ended
 */
export async function killTree(pid: number, mark: string, exited: Promise<unknown>, graceMs = grace): Promise<void> {
  if (process.platform === 'win32') {
    const killer = await start({ command: 'taskkill', args: ['/pid', `${pid}`, '/T', '/F'], env: process.env });
    await Promise.all([killer.exited, exited]);
    return;
  }
  const deadline = performance.now() + graceMs;
  // Who has left the group and done away with its marks is known as long as its parents live.
  const running = await Promise.race([exited.then(() => false), delay(0, true)]);
  const family = running ? descendants(pid, await processes()) : [];
  signal(-pid, 'SIGTERM');
  for (const each of new Set([...marked(mark), ...family.map((one) => one.pid)])) signal(each, 'SIGTERM');
  await Promise.race([exited, delay(graceMs, undefined, { ref: false })]);
  // The leader is gone, or its time is over; whoever else is in the group has the rest of the time.
  while (isAlive(pid, mark) && performance.now() < deadline) await delay(10);
  signal(-pid, 'SIGKILL');
  const now = family.length === 0 ? [] : await processes();
  for (const { pid: each, began } of family) {
    if (now.some((other) => other.pid === each && other.began === began)) signal(each, 'SIGKILL');
  }
  await sweep(mark);
  await exited;
}

async function processes(): Promise<Found[]> {
  return process.platform === 'linux' ? foundInProc() : processesByPs().catch(() => []);
}

/** As macOS tells of them. */
export async function processesByPs(): Promise<Found[]> {
  let printed = '';
  const output = (bytes: Buffer): void => {
    printed += bytes.toString('latin1');
  };
  const ps = await start({ command: 'ps', args: ['-axo', 'pid=,ppid=,lstart='], env: process.env, output });
  await ps.closed;
  return foundByPs(printed);
}

/** By the marks where there are any: a group also counts its dead until somebody has asked how they ended. */
function isAlive(pid: number, mark: string, after = 0): boolean {
  return process.platform === 'linux' ? marked(mark, after).length > 0 : signal(-pid, 0);
}

/**
 * Ends every process on this machine that bears the mark, or one that goes on from it (see marks.ts), and waits
 * until they are gone. Linux only; elsewhere it finds none. Returns how many there were.
 */
export async function sweep(mark: string): Promise<number> {
  const ended = new Set<number>();
  const deadline = performance.now() + grace;
  // What was killed has to leave, and what it had just started is found in the next round. Two rounds have to find
  // nothing: while a program takes the place of another, its environment cannot be read for a moment.
  for (let empty = 0; empty < 2 && performance.now() < deadline;) {
    const found = marked(mark);
    empty = found.length === 0 ? empty + 1 : 0;
    // A group is ended in one act, also what it is just starting.
    for (const group of groupsOf(found)) signal(-group, 'SIGKILL');
    for (const pid of found) {
      ended.add(pid);
      signal(pid, 'SIGKILL');
    }
    if (empty < 2 && process.platform === 'linux') await delay(2);
  }
  return ended.size;
}

/** Sends a signal; false when nobody is there to get it. A negative number is a process group. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    // Gone, or (on macOS, a group of which only zombies are left) not to be signalled any more.
    return false;
  }
}
