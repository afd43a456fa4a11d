import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Does the work while no other process does anything under the same lock file; waits for its turn. The lock is an
 * exclusive SQLite transaction, which the kernel ends with the process.
 */
export async function exclusively<T>(lock: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(lock), { recursive: true });
  // Not imported: see server/lock.ts.
  const sqlite = process.getBuiltinModule('node:sqlite');
  const database = new sqlite.DatabaseSync(lock, { timeout: 0 });
  try {
    while (!took(database)) await delay(200, undefined, { signal });
    return await work();
  } finally {
    database.close();
  }
}

function took(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) return false;
    throw error;
  }
}
