import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from '../src/common/errors.ts';
import type { StandingGrant } from '../src/common/protocol.ts';
import { call } from '../src/node/client.ts';
import { type Discovery, runFolder } from '../src/node/discovery.ts';
import { configFolder, stateFolder } from '../src/node/folders.ts';
import { Settings, wrongFlags } from './config.ts';
import { Grants } from './grants.ts';
import { refuseNoFolder } from './recordedLogs.ts';

export const grantsHelp = `drover grants: what is always allowed without a question

  drover grants                list it: id, folder, what it covers
  drover grants remove ID...   take it back; it is asked about again, in running chats too

  --state DIR   whose supervisor, where one runs (default: the one of your own state folder)
  --config DIR  the folder of config.json, where none runs`;

/** Where grants are listed and taken back: the supervisor that runs, else the file itself. */
interface Access {
  list(): Promise<StandingGrant[]>;
  remove(id: string): Promise<unknown>;
}

/** `drover grants`. @param findRunning the supervisor of a run folder, if there is one @returns the exit code */
export async function grantsCommand(
  args: string[],
  environment: NodeJS.ProcessEnv,
  findRunning: (run: string) => Promise<Discovery | undefined>,
): Promise<number> {
  const { values, positionals } = parsed(args);
  const [command, ...ids] = positionals;
  if (command !== undefined && command !== 'remove') throw wrong(`There is no \`drover grants ${command}\`.`);
  if (command === 'remove' && ids.length === 0) throw wrong('It has to be said which: the id that the list shows.');
  const state = folder(values.state) ?? stateFolder(environment);
  refuseNoFolder(state);
  const running = await findRunning(runFolder(state));
  const settings = new Settings(folder(values.config) ?? configFolder(environment));
  const access = running === undefined ? ofFile(settings) : ofRunning(running);
  if (command === undefined) return show(await access.list());
  for (const id of ids) {
    await access.remove(id);
    console.log(`${id} is asked about again.`);
  }
  return 0;
}

function ofRunning(supervisor: Discovery): Access {
  const options = () => ({ signal: AbortSignal.timeout(10_000) });
  return {
    list: async () => (await call(supervisor, 'grants', options())).grants,
    remove: (id) => call(supervisor, 'grantRemove', { id, ...options() }),
  };
}

function ofFile(settings: Settings): Access {
  const grants = new Grants(settings);
  return { list: async () => grants.list(), remove: async (id) => grants.remove(id) };
}

function show(grants: readonly StandingGrant[]): number {
  if (grants.length === 0) console.log('Nothing is always allowed.');
  for (const { id, folder: where, words, holds } of grants) {
    console.log(`${id}  ${where}  ${words}${holds ? '' : ' (asked about again, because the rules have changed)'}`);
  }
  return 0;
}

function folder(given: string | undefined): string | undefined {
  return given === undefined ? undefined : resolve(given);
}

function parsed(args: string[]) {
  try {
    const options = { state: { type: 'string' }, config: { type: 'string' } } as const;
    return parseArgs({ args, options, strict: true, allowPositionals: true });
  } catch (error) {
    throw wrongFlags(error, 'grants');
  }
}

function wrong(message: string): Problem {
  return new Problem('usage', message, 'See `drover grants --help`.', 400);
}
