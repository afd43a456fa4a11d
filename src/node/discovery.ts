import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Problem } from '../common/errors.ts';
import { PROTOCOL } from '../common/protocol.ts';
import { fileProblem } from './fileProblem.ts';
import { launch } from './spawn.ts';

/** What the supervisor writes for its clients (0600). `started` in milliseconds since 1970. */
export const Discovery = z.object({
  host: z.string(),
  port: z.int(),
  token: z.string().nullable(),
  pid: z.int(),
  started: z.int(),
  protocol: z.int(),
  build: z.string(),
});
export type Discovery = z.infer<typeof Discovery>;

/**
 * Where the one supervisor of this user, on this machine, keeps its lock, discovery file and logs. A state folder may
 * be shared between machines and containers, so each has a folder of its own.
 */
export function runFolder(state: string): string {
  return join(state, 'run', machine());
}

/** Everything that is started on behalf of a run folder carries a mark in its environment that begins so. */
export function runMark(run: string): string {
  return `drover-${createHash('sha256').update(run).digest('hex').slice(0, 16)}`;
}

function machine(): string {
  const parts = [readOr('/etc/machine-id', hostname()), linkOr('/proc/self/ns/net', '')];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

function readOr(path: string, fallback: string): string {
  try {
    return readFileSync(path, 'utf8').trim() || fallback;
  } catch {
    return fallback;
  }
}

function linkOr(path: string, fallback: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return fallback;
  }
}

/** The discovery file, or undefined when there is none that can be read, or not the person alone can have written it. */
export function readDiscovery(run: string): Discovery | undefined {
  if (whyDistrusted(run) !== undefined) return undefined;
  let file: number | undefined;
  try {
    file = openSync(fileOf(run), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    // Once more, now of what was opened.
    if (faultOf(fstatSync(file)) !== undefined) return undefined;
    return Discovery.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Why a discovery file that is there is not used, for the person to mend; undefined: it may be used, or is not there. */
export function distrusted(run: string): Problem | undefined {
  const fault = whyDistrusted(run);
  if (fault === undefined) return undefined;
  const advice = `Remove ${run}, or take the rights of others away (chmod go= ${run} ${fileOf(run)}), then try again.`;
  return new Problem('discovery_distrusted', `Drover's discovery file is not used: ${fault}`, advice, 403);
}

/**
 * Whoever can write it, or its folder, could send a client with all that it says to an address of his own; who can read it
 * has the token.
 */
function whyDistrusted(run: string): string | undefined {
  for (const path of [run, fileOf(run)]) {
    const found = statsOf(path);
    const fault = found && faultOf(found);
    if (fault !== undefined) return `${path} ${fault}`;
  }
  return undefined;
}

/** Undefined: nothing is there, or cannot be. */
function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function fileOf(run: string): string {
  return join(run, 'supervisor.json');
}

/** Windows has neither of these: there a profile's folders are its owner's alone. */
function faultOf(found: Stats): string | undefined {
  if (process.getuid === undefined) return undefined;
  if (found.isSymbolicLink()) return 'is a link.';
  if (found.uid !== process.getuid()) return 'belongs to another account.';
  const mode = found.mode & 0o777;
  return (mode & 0o077) === 0 ? undefined : `can be used by others (mode ${mode.toString(8)}).`;
}

/** The address that clients use. */
export function address(discovery: Pick<Discovery, 'host' | 'port'>): string {
  return `http://${discovery.host.includes(':') ? `[${discovery.host}]` : discovery.host}:${discovery.port}`;
}

/** Whether the supervisor that wrote this answers and is the same process. */
export async function answers(discovery: Discovery, signal?: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.timeout(2000);
  try {
    const response = await fetch(`${address(discovery)}/health`, {
      headers: discovery.token === null ? {} : { authorization: `Bearer ${discovery.token}` },
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    const body = z.object({ pid: z.int() }).safeParse(await response.json());
    return body.success && body.data.pid === discovery.pid;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

export interface AttachOptions {
  state: string;
  config: string;
  managed: string;
  /** dist/cli.js */
  cli: string;
  /** A Node of 22.16 or newer. */
  node: string;
  environment: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/** The exit code of a supervisor that a client started and that found the lock taken: another one is about to answer. */
export const ALREADY_RUNS = 3;

/**
 * The running supervisor of this state folder; started when there is none. Two callers at once get the same one: the
 * second process finds the lock taken and leaves.
 * @throws Problem when none could be started within 15 s, as soon as the one that was started has ended, or when the one
 * that runs speaks another protocol.
 */
export async function attachOrStart(options: AttachOptions): Promise<Discovery> {
  try {
    return await attachOrStartIn(runFolder(options.state), options);
  } catch (error) {
    throw fileProblem(error) ?? error;
  }
}

async function attachOrStartIn(run: string, options: AttachOptions): Promise<Discovery> {
  const running = readDiscovery(run);
  if (running && (await answers(running, options.signal))) return checked(running);

  const log = join(run, 'supervisor.out');
  const folders = ['--state', options.state, '--config', options.config];
  const child = launch(options.node, [options.cli, 'serve', '--background', ...folders], {
    environment: { ...options.environment, DROVER_MANAGED: options.managed },
    log,
  });
  const deadline = Date.now() + 15_000;
  let wait = 20;
  while (Date.now() < deadline) {
    await delay(wait, undefined, options.signal ? { signal: options.signal } : {});
    wait = Math.min(wait * 1.5, 250);
    const found = readDiscovery(run);
    if (found && (await answers(found, options.signal))) return checked(found);
    // Whatever else it ended with will not get better.
    if (child.exited() !== undefined && child.exited() !== ALREADY_RUNS) break;
  }
  const distrust = distrusted(run);
  if (distrust) throw distrust;
  const said = lastSentences(log);
  throw new Problem(
    'supervisor_failed',
    `Drover's supervisor could not be started${said === '' ? '.' : `: ${said}`}`,
    `Look at ${log}, then try again.`,
    503,
  );
}

function checked(discovery: Discovery): Discovery {
  if (discovery.protocol === PROTOCOL) return discovery;
  throw new Problem(
    'protocol',
    `The running supervisor speaks protocol ${discovery.protocol} and this client ${PROTOCOL}.`,
    'Stop it with `drover stop`, then try again.',
    409,
  );
}

/** What a program said last, without the way through its code: that stays in the file. */
function lastSentences(path: string): string {
  const lines = readOr(path, '').split('\n');
  const first = lines.findIndex((line) => /^\s+at /.test(line));
  const said = (first === -1 ? lines : lines.slice(0, first)).filter((line) => line.trim() !== '');
  // Of an error that nobody caught, Node shows where it is thrown before it says what it is.
  return said
    .slice(first === -1 ? -3 : -1)
    .join(' ')
    .slice(-500);
}
