import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Discovery } from '../src/node/discovery.ts';
import { Problem } from '../src/common/errors.ts';
import { usable } from '../src/node/fileProblem.ts';
import { makeStateFolder } from '../src/node/folders.ts';

/**
 * The handles of held locks. They live here because a handle that is collected lets its lock go.
 */
const held = new Map<string, DatabaseSync>();

/**
 * Takes the lock of this run folder for the life of the process: an exclusive SQLite transaction, which the kernel
 * releases however the process ends. Nothing is ever written to the file, and nothing else in this process may open it
 * (closing any descriptor of it would drop the POSIX lock).
 * @returns false when another process holds it.
 * @throws Problem when it cannot be had at all
 */
export function takeLock(run: string): boolean {
  makeStateFolder(run);
  chmodSync(run, 0o700);
  const path = join(run, 'lock.db');
  // Not imported: where it is missing, the program must get far enough to say so in a sentence.
  const sqlite = process.getBuiltinModule('node:sqlite');
  const database = usable(path, () => opened(path, () => new sqlite.DatabaseSync(path, { timeout: 0 })));
  try {
    database.exec('PRAGMA journal_mode = DELETE');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return false;
    throw error;
  }
  held.set(path, database);
  return true;
}

/** SQLite does not say which file it is about. */
function opened(path: string, open: () => DatabaseSync): DatabaseSync {
  try {
    return open();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const advice = `Make ${dirname(path)} a folder that you may write, or name another with --state or DROVER_STATE.`;
    throw new Problem('state_folder', `The lock ${path} cannot be opened (${why}).`, advice, 500);
  }
}

/** Publishes where this supervisor listens. Readable by the person alone; never half written. */
export function publish(run: string, discovery: Discovery): void {
  const path = join(run, 'supervisor.json');
  const part = `${path}.${randomBytes(6).toString('hex')}`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // `wx` (O_EXCL): a name that is there, or a link to somewhere else, is not written through.
  writeFileSync(part, `${JSON.stringify(discovery)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(part, path);
}

/** Takes the discovery file back at the end. */
export function withdraw(run: string): void {
  rmSync(join(run, 'supervisor.json'), { force: true });
}
