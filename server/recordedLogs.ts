import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../src/common/errors.ts';
import { fileProblem, usable } from '../src/node/fileProblem.ts';
import { isFolder } from '../src/node/folders.ts';
import { type LogRecord, logPath, parseRecord } from './eventLog.ts';

/** @throws Problem when there is no such folder: an empty answer would say that there was nothing in it */
export function requireState(state: string): void {
  refuseNoFolder(state);
  if (existsSync(state)) return;
  const advice = 'Name the folder of a supervisor with --state; it makes its own when it runs for the first time.';
  throw new Problem('no_state', `There is no state folder ${state}.`, advice, 404);
}

/** @throws Problem when something else than a folder is there */
export function refuseNoFolder(state: string): void {
  if (!existsSync(state) || isFolder(state)) return;
  const advice = 'Name the folder of a supervisor with --state or DROVER_STATE.';
  throw new Problem('no_state', `${state} is no folder.`, advice, 400);
}

/**
 * The logs of all chats of a state folder; read as they are, also while a supervisor writes them.
 * @throws Problem when there is no such folder, or it cannot be read
 */
export function allLogs(state: string): string[] {
  requireState(state);
  const folder = join(state, 'chats');
  return namesIn(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => join(folder, name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    // No chat was begun yet. That it may not be looked into is something else.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw fileProblem(error, folder) ?? error;
  }
}

/** @throws Problem when there is no such chat, or no such state folder */
export function logOf(state: string, id: string): string {
  requireState(state);
  const path = logPath(state, id);
  if (existsSync(path)) return path;
  const message = `There is no chat ${JSON.stringify(id)} in ${state}.`;
  throw new Problem('no_chat', message, '`drover chats` lists those that there are.', 404);
}

/** As `recordsOf`; of one that cannot be read there are none, and it is told on standard error. */
export function recordsOrTold(log: string): LogRecord[] | undefined {
  try {
    return recordsOf(log);
  } catch (error) {
    // Deleted while the others were read.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    if (!(error instanceof Problem)) throw error;
    const { message, advice } = passedOver(error);
    console.error(`${message} ${advice}`);
    return undefined;
  }
}

/** What is told of a log that cannot be used, where all others are. */
export function passedOver({ code, message, advice, status }: Problem): Problem {
  return new Problem(code, `${message.replace(/\.$/, '')}, so it is passed over.`, advice, status);
}

/** @throws Problem when it cannot be read */
export function recordsOf(log: string): LogRecord[] {
  return usable(log, () => readFileSync(log, 'utf8'))
    .split('\n')
    .flatMap((line) => (line === '' ? [] : (parseRecord(line) ?? [])));
}
