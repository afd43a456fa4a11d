import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { summarise } from '../src/common/summary.ts';
import { stateFolder } from '../src/node/folders.ts';
import { wrongFlags } from './config.ts';
import { allLogs, recordsOrTold } from './recordedLogs.ts';

export const chatsHelp = `drover chats: list the recorded chats, the newest first

Id, time of the last event, agent, state and title of each. They are read from their logs: no supervisor is needed.

  --state DIR  whose chats (default: those of your own state folder)

Exit code 1: there is no folder of that name, or a log could not be read and was passed over.`;

/** `drover chats`. @returns the exit code */
export function chats(args: string[], environment: NodeJS.ProcessEnv): number {
  const given = parsed(args).state;
  const state = given === undefined ? stateFolder(environment) : resolve(given);
  // Who has not used Drover yet has no folder, and made no mistake.
  const unused = given === undefined && environment['DROVER_STATE'] === undefined && !existsSync(state);
  const logs = unused ? [] : allLogs(state).map(recordsOrTold);
  const found = logs
    .filter((records) => records !== undefined)
    .map((records) => {
      const last = records.at(-1)?.at ?? 0;
      return summarise(
        records.map(({ event }) => event),
        records[0]?.at ?? 0,
        last,
      );
    })
    // One whose first line cannot be read has no name to call it by.
    .filter(({ id }) => id !== '')
    .toSorted((one, other) => other.updated - one.updated);
  if (found.length === 0 && !logs.includes(undefined)) console.log(`There is no chat in ${state}.`);
  const rows = found.map(({ id, updated, agent, state: standing, title }) => [
    id,
    time(updated),
    agent,
    standing,
    title,
  ]);
  for (const row of rows) {
    const cells = row.map((cell, column) => cell.padEnd(Math.max(...rows.map((each) => each[column]?.length ?? 0))));
    console.log(
      cells
        .join('  ')
        .replaceAll(/\s*\n\s*/g, ' ')
        .trimEnd(),
    );
  }
  return logs.includes(undefined) ? 1 : 0;
}

/** As the person's clock showed it, in a form that sorts. */
export function time(at: number): string {
  const date = new Date(at);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

function parsed(args: string[]): { state?: string | undefined } {
  try {
    return parseArgs({ args, options: { state: { type: 'string' } }, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw wrongFlags(error, 'chats');
  }
}
