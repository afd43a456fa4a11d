import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Place, processesOf, type Running } from '../support/supervisor.ts';

export interface Soaked {
  /** What was acknowledged and is not in its chat: messages, and decisions. */
  lost: number;
  /** Processes left running 3 s after the end of a supervisor, or 5 s after it was killed. */
  orphans: number;
  /** Effects that happened more than once. */
  twice: number;
  /** Processes killed while something ran. */
  killed: number;
}

/** @returns false when it had ended by itself */
export function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** Ends the supervisor, and counts what of it is still there after three seconds. */
export async function leftAfter(at: Place, drover: Running): Promise<number> {
  await drover.stop();
  return (await staying(at, 3000)).length;
}

/**
 * Counts what a killed supervisor has left that does not see by itself that it is gone, and ends it. The next supervisor
 * would end it too, and nobody would know.
 */
export async function leftByKilled(at: Place): Promise<number> {
  const left = await staying(at, 5000);
  for (const pid of left) kill(pid);
  return left.length;
}

async function staying(at: Place, milliseconds: number): Promise<number[]> {
  const deadline = Date.now() + milliseconds;
  while (processesOf(at).length > 0 && Date.now() < deadline) await delay(50);
  return processesOf(at);
}

/** Lines that stand in `lines.txt` again: each command appends one of its own. */
export function twiceIn(at: Place): number {
  const file = join(at.workspace, 'lines.txt');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  return lines.length - new Set(lines).size;
}
