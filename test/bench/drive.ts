import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { ModelRequest } from '../support/modelServer/requests.ts';
import type { Task } from './tasks.ts';

/** A program under measurement, listening on the loopback. */
export interface Served {
  url: string;
  pid: number;
  /** Milliseconds from its start to `listening PORT`. */
  started: number;
  stop(): Promise<void>;
}

/**
 * Starts a Node program that prints `listening PORT`: the floor, or `drover serve`.
 * @throws when it ends before.
 */
export async function serve(args: string[], signal?: AbortSignal): Promise<Served> {
  const begin = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2000)));
  child.on('error', (error) => (complaint += error.message));
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^listening (\d+)$/.exec(line)?.[1];
    if (port === undefined) continue;
    const started = performance.now() - begin;
    child.stdout.resume();
    return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, started, stop: () => stop(child) };
  }
  await closed;
  throw new Error(`${args.join(' ')} ended before it listened: ${complaint}`);
}

/** The floor as plain JavaScript in this folder: what it costs to strip types is not to be measured. */
export async function compileFloor(folder: string): Promise<string> {
  const outfile = join(folder, 'floor.mjs');
  await build({ entryPoints: [join(import.meta.dirname, 'floor.ts')], outfile, format: 'esm', platform: 'node' });
  return outfile;
}

/** The compiled floor, on this model server and this workspace. */
export function serveFloor(
  program: string,
  endpoint: string,
  workspace: string,
  signal?: AbortSignal,
): Promise<Served> {
  return serve([program, '--model-endpoint', endpoint, '--workspace', workspace], signal);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

/**
 * Does a task in a new chat, over `POST /chat/stream`.
 * @returns milliseconds until the turn was over, and the text that was streamed.
 */
export async function doTask(
  served: Served,
  task: Task,
  chat: string,
  signal?: AbortSignal,
): Promise<{ ms: number; said: string }> {
  const begin = performance.now();
  const response = await fetch(`${served.url}/chat/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: task.message, session_id: chat, agent_type: 'coding', stream: true }),
    signal: signal ?? null,
  });
  const stream = await response.text();
  const ms = performance.now() - begin;
  if (!response.ok) throw new Error(`${task.name}: ${response.status} ${stream}`);
  const events = stream.split('\n').filter((line) => line.startsWith('data: {'));
  const parsed = events.map((line) => JSON.parse(line.slice(6)) as { type: string; text?: string });
  return { ms, said: parsed.flatMap((event) => (event.type === 'text' ? (event.text ?? '') : [])).join('') };
}

/** What lay between the end of each answer and the next request, in milliseconds: the agent's own time, tool included. */
export function overheads(requests: readonly ModelRequest[]): number[] {
  return requests.flatMap((request, n) => {
    const before = requests[n - 1]?.ended;
    return before === undefined ? [] : [request.at - before];
  });
}
