import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createEngineControl } from '../../server/engines/control.ts';
import type { Endpoint, EngineSettings, EngineStatus } from '../../src/common/engine.ts';
import { installedServer } from './installedServer.ts';

/** Never aborted. */
export const always = new AbortController().signal;

/** A folder of its own, gone when the test is over. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-engine-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export interface TestEngine {
  control: ReturnType<typeof createEngineControl>;
  run: string;
  managed: string;
  /** What was kept by `save`. */
  saved: EngineSettings;
  log: string[];
  /** Every status since the beginning. */
  history: EngineStatus[];
  /** The first status, from now on, that fits. */
  until: (fits: (status: EngineStatus) => boolean) => Promise<EngineStatus>;
}

/** The engine as the supervisor has it, in folders of its own, closed when the test is over. */
export async function testEngine(
  settings: EngineSettings,
  environment: NodeJS.ProcessEnv = {},
  managed?: string,
): Promise<TestEngine> {
  const server = await installedServer();
  const folder = await testFolder();
  const log: string[] = [];
  const saved: EngineSettings = {};
  const run = join(folder, 'run');
  const own = managed ?? join(folder, 'managed');
  const control = createEngineControl({
    settings,
    save: async (patch) => void Object.assign(saved, patch),
    managed: own,
    run,
    environment: { ...process.env, DROVER_LLAMA_SERVER: server.path, DROVER_OFFLINE: '1', ...environment },
    log: (line) => log.push(line),
  });
  onTestFinished(() => control.close());
  const history: EngineStatus[] = [];
  control.onChange((status) => history.push(status));
  const until = (fits: (status: EngineStatus) => boolean): Promise<EngineStatus> =>
    new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        const last = [...history.slice(-4), control.status()].map((status) => JSON.stringify(status));
        reject(new Error(`the engine never came to it:\n${last.join('\n')}\n${log.join('\n')}`));
      }, 30_000);
      const look = (status: EngineStatus): void => {
        if (!fits(status)) return;
        clearTimeout(limit);
        stop();
        resolve(status);
      };
      const stop = control.onChange(look);
      look(control.status());
    });
  return { control, run, managed: own, saved, log, history, until };
}

/** Process id of the server that this engine runs, from its pid file. */
export async function serverPid(run: string): Promise<number> {
  const { pid } = JSON.parse(await readFile(join(run, 'llama-server.pid'), 'utf8')) as { pid: number };
  return pid;
}

/** The letter that Linux has for what a process does; `Z` is one that has ended. undefined: it is gone. */
async function processState(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  return stat?.charAt(stat.lastIndexOf(')') + 2);
}

/** Whether a process is there and more than a zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  const state = await processState(pid);
  return state !== undefined && state !== 'Z';
}

/** Halts a process, and waits until it is; a busy machine takes its time. */
export async function halt(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  while ((await processState(pid)) !== 'T') await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Resolves when the process is gone; fails after `limit` milliseconds. */
export async function gone(pid: number, limit: number): Promise<void> {
  const deadline = performance.now() + limit;
  while (await isAlive(pid)) {
    if (performance.now() > deadline) throw new Error(`process ${pid} still lives after ${limit} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A request to the engine, on a connection of its own. */
export function post(
  endpoint: Endpoint,
  route: string,
  body: unknown,
  signal: AbortSignal = always,
): Promise<Response> {
  const base = route.startsWith('/chat/completions') ? endpoint.url : endpoint.url.replace(/\/v1$/, '');
  return fetch(`${base}${route}`, {
    method: 'POST',
    headers: {
      connection: 'close',
      'content-type': 'application/json',
      authorization: `Bearer ${endpoint.key ?? ''}`,
    },
    body: JSON.stringify(body),
    signal,
  });
}

/** The reply of `post` as JSON. */
export async function answer<T>(endpoint: Endpoint, route: string, body: unknown): Promise<T> {
  const response = await post(endpoint, route, body);
  if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** A stream that writes until it is ended; resolves with its reader once the first bytes have come. */
export async function endless(endpoint: Endpoint, signal: AbortSignal = always): Promise<ReadableStreamDefaultReader> {
  const messages = [{ role: 'user', content: 'Write.' }];
  const body = { messages, stream: true, ignore_eos: true, max_tokens: 100_000 };
  const response = await post(endpoint, '/chat/completions', body, signal);
  if (!response.ok || response.body === null) throw new Error(`no stream: ${response.status}`);
  const reader = response.body.getReader();
  await reader.read();
  return reader;
}

/** Runs TypeScript in a process of its own, as the supervisor is one; ended when the test is over. */
export function runScript(source: string, args: string[]): ReturnType<typeof spawn> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', source, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
