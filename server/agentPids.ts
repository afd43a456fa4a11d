import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { sweep } from '../src/node/spawn.ts';
import { signalGroup } from './engines/command.ts';
import { startTime } from './startTime.ts';

/** A live agent process. `started` only serves for comparing; `mark` is what all that it starts carries. */
const Entry = z.strictObject({ pid: z.int(), started: z.string(), chat: z.string(), mark: z.string() });
type Entry = z.infer<typeof Entry>;

/** Milliseconds that an agent has to end by itself. */
const GRACE = 2000;

/**
 * RUN/agent_pids.json: the agent processes of the supervisor of this machine, so that `drover stop` ends exactly those,
 * also where the supervisor was killed and could not.
 */
export class AgentPids {
  private readonly path: string;
  private entries: Entry[] = [];
  private closed = false;

  constructor(run: string) {
    this.path = fileIn(run);
  }

  async add(pid: number, chat: string, mark: string): Promise<void> {
    const started = await startTime(pid);
    // It is gone already.
    if (started === undefined) return;
    this.write([...this.entries, { pid, started, chat, mark }]);
  }

  remove(pid: number): void {
    if (this.entries.some((entry) => entry.pid === pid)) this.write(this.entries.filter((entry) => entry.pid !== pid));
  }

  /** After the last of them has ended: the file goes, and nothing is written any more. */
  close(): void {
    this.closed = true;
    rmSync(this.path, { force: true });
  }

  private write(entries: Entry[]): void {
    if (this.closed) return;
    this.entries = entries;
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const part = `${this.path}.part`;
    writeFileSync(part, `${JSON.stringify(entries, null, 2)}\n`, { mode: 0o600 });
    renameSync(part, this.path);
  }
}

/**
 * Ends the agent processes that are still running, with all that they started: only the very processes, by their start
 * time, never by number alone. @returns how many there were
 */
export async function endAgents(run: string): Promise<number> {
  const path = fileIn(run);
  const entries = existsSync(path) ? read(path) : [];
  const there = (await Promise.all(entries.map(async (entry) => ((await runs(entry)) ? [entry] : [])))).flat();
  for (const { pid } of there) signalGroup(pid, 'SIGTERM');
  await Promise.all(there.map(end));
  rmSync(path, { force: true });
  return there.length;
}

async function end(entry: Entry): Promise<void> {
  const deadline = Date.now() + GRACE;
  while (Date.now() < deadline && (await runs(entry))) await delay(20);
  if (await runs(entry)) signalGroup(entry.pid, 'SIGKILL');
  await sweep(entry.mark);
}

async function runs({ pid, started }: Entry): Promise<boolean> {
  return (await startTime(pid)) === started;
}

function read(path: string): Entry[] {
  try {
    return z.array(Entry).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Written by another version, or damaged: nothing is ended that is not known for certain.
    return [];
  }
}

function fileIn(run: string): string {
  return join(run, 'agent_pids.json');
}
