import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../src/common/errors.ts';
import { type LogRecord, logPath, parseRecord } from './eventLog.ts';

/** The logs of all chats of a state folder; read as they are, also while a supervisor writes them. */
export function allLogs(state: string): string[] {
  const folder = join(state, 'chats');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => join(folder, name));
}

/** @throws Problem when there is no such chat */
export function logOf(state: string, id: string): string {
  const path = logPath(state, id);
  if (existsSync(path)) return path;
  const message = `There is no chat ${JSON.stringify(id)} in ${state}.`;
  throw new Problem('no_chat', message, '`drover chats` lists those that there are.', 404);
}

export function recordsOf(log: string): LogRecord[] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : (parseRecord(line) ?? [])));
}
