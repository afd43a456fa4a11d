import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import type { ModelRequest } from '../support/modelServer/requests.ts';
import { cli } from '../support/supervisor.ts';
import { compileFloor, doTask, overheads, type Served, serve, serveFloor } from './drive.ts';
import { playTasks, type Task, tasks } from './tasks.ts';

/** Runs of each task by each side, interleaved; the best run of each counts, as load only ever adds. */
const RUNS = 3;

interface Figures {
  /** Milliseconds: from start to listening; of each task's turn; an agent's own time between two requests, median. */
  start: number[];
  wall: Map<string, number[]>;
  own: Map<string, number[]>;
  /** Tokens: of the first request; read anew over a task with a perfect cache. */
  first: number;
  read: Map<string, number>;
  /** Private memory in KiB after the tasks. */
  memory: number;
}

/**
 * Drover beside the floor (floor.ts: the least that does these tasks), in the same run on the same scripted model.
 * Ratios: Drover over floor, less is better. A supervisor and an agent process stand against the floor's one process.
 */
export async function bench(signal: AbortSignal): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-bench-'));
  try {
    const floor = await compileFloor(folder);
    const [ours, least] = [empty(), empty()];
    for (let run = 0; run < RUNS; run++) {
      await measure(least, join(folder, `floor${run}`), signal, (url, workspace) =>
        serveFloor(floor, url, workspace, signal),
      );
      await measure(ours, join(folder, `drover${run}`), signal, (url, workspace) =>
        serveDrover(url, workspace, signal),
      );
    }
    return ratios(ours, least);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function empty(): Figures {
  return { start: [], wall: new Map(), own: new Map(), first: 0, read: new Map(), memory: 0 };
}

function serveDrover(url: string, workspace: string, signal: AbortSignal): Promise<Served> {
  const folders = ['--state', `${workspace}.state`, '--config', `${workspace}.config`];
  const args = ['serve', '--no-auth', '--auto-approve', '--model-endpoint', url, '--workspace', workspace, ...folders];
  return serve([cli, ...args], signal);
}

async function measure(
  figures: Figures,
  workspace: string,
  signal: AbortSignal,
  open: (url: string, workspace: string) => Promise<Served>,
): Promise<void> {
  mkdirSync(workspace);
  for (const task of tasks) task.prepare(workspace);
  const model = await startModelServer({ script: playTasks, slots: 1, tokens: 'o200k' });
  const served = await open(model.url, workspace);
  try {
    figures.start.push(served.started);
    for (const task of tasks) await play(figures, task, model, served, signal);
    figures.memory = privateMemory(served.pid);
  } finally {
    await served.stop();
    await model.close();
  }
}

async function play(
  figures: Figures,
  task: Task,
  model: ModelServer,
  served: Served,
  signal: AbortSignal,
): Promise<void> {
  const before = model.requests.length;
  const { ms } = await doTask(served, task, task.name, signal);
  const requests = model.requests.slice(before);
  add(figures.wall, task.name, ms);
  add(figures.own, task.name, median(overheads(requests)));
  if (task.name === 'T1') figures.first = requests[0]?.prompt ?? 0;
  figures.read.set(task.name, readAnew(requests));
}

/** The first request whole, then what each adds. */
function readAnew(requests: readonly ModelRequest[]): number {
  const [first] = requests;
  return requests.reduce((sum, request) => sum + request.prompt - request.cached, 0) + (first?.cached ?? 0);
}

function add(lists: Map<string, number[]>, name: string, value: number): void {
  lists.set(name, [...(lists.get(name) ?? []), value]);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** KiB that only this process has; 0 where the system does not tell. */
function privateMemory(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+)/gm)].reduce((sum, match) => sum + Number(match[1]), 0);
}

function ratios(ours: Figures, least: Figures): Record<string, number> {
  const best = (values: number[] = []): number => Math.min(...values);
  const result: Record<string, number> = {
    start: best(ours.start) / best(least.start),
    memory: ours.memory / Math.max(1, least.memory),
    'first-request-tokens': ours.first / least.first,
  };
  for (const { name } of tasks) {
    result[`${name}-wall`] = best(ours.wall.get(name)) / best(least.wall.get(name));
    result[`${name}-own-time`] = best(ours.own.get(name)) / best(least.own.get(name));
    result[`${name}-tokens-read`] = (ours.read.get(name) ?? 0) / (least.read.get(name) ?? 1);
  }
  console.log(
    `Drover: first request ${ours.first} tokens, read ${[...ours.read].map(([task, tokens]) => `${task} ${tokens}`).join(', ')}`,
  );
  console.log(
    `Floor:  first request ${least.first} tokens, read ${[...least.read].map(([task, tokens]) => `${task} ${tokens}`).join(', ')}`,
  );
  return result;
}
