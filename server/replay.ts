import { on } from 'node:events';
import { resolve } from 'node:path';
import { emitKeypressEvents, type Key } from 'node:readline';
import { parseArgs } from 'node:util';
import type { EngineSettings } from '../src/common/engine.ts';
import { Problem } from '../src/common/errors.ts';
import type { LoggedEvent } from '../src/common/events.ts';
import { eventLines } from '../src/common/eventLines.ts';
import { dropHidden } from '../src/common/gate/hidden.ts';
import { configFolder, stateFolder } from '../src/node/folders.ts';
import { Settings, wrongFlags } from './config.ts';
import { createEngineControl } from './engines/control.ts';
import { logOf, recordsOf } from './recordedLogs.ts';
import { rerun } from './rerun.ts';
import { told as tell } from './told.ts';

const help = `drover replay CHAT [OPTIONS]: go through a recorded chat

Prints what happened, event by event; at a terminal, Enter goes on and q ends. Nothing is changed. \`drover chats\` lists the
chats.

  --rerun N             run the turn of the N-th message again: the model is asked anew, and its calls get the recorded
                        results; what the agent was told in the middle of the turn it is told again. No tool runs. A
                        call that was not made then is answered with that, and the turn goes on
  --model-endpoint URL  the model server for --rerun (an OpenAI API), its key in DROVER_ENGINE_KEY; default: the one that
                        Drover is set up with
  --model NAME          the model to ask there
  --state DIR           whose chats (default: those of your own state folder)`;

const options = {
  rerun: { type: 'string' },
  'model-endpoint': { type: 'string' },
  model: { type: 'string' },
  state: { type: 'string' },
} as const;

/**
 * `drover replay`. A bundle of its own, so that it says itself what is wrong.
 * @param root the folder with prompts
 * @returns the exit code: 1 when a turn that ran again failed
 */
export async function replay(args: string[], root: string, environment: NodeJS.ProcessEnv): Promise<number> {
  if (args.includes('--help')) {
    console.log(help);
    return 0;
  }
  return carryOut(args, root, environment).catch(tell);
}

async function carryOut(args: string[], root: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parsed(args);
  const [id] = positionals;
  if (id === undefined || positionals.length > 1) throw usage('It is `drover replay CHAT`.');
  if (values.rerun === undefined && (values.model !== undefined || values['model-endpoint'] !== undefined))
    throw usage('--model and --model-endpoint belong to --rerun.');
  const state = values.state === undefined ? stateFolder(environment) : resolve(values.state);
  const events = recordsOf(logOf(state, id)).map(({ event }) => event);
  if (values.rerun === undefined) return show(events);
  const number = Number(values.rerun);
  const start = nthMessage(events, number);
  if (start === -1) throw new Problem('no_message', `This chat has no message ${values.rerun}.`, 'Count from 1.', 404);
  const control = createEngineControl({
    settings: serverOf(values, environment),
    save: async () => undefined,
    managed: '',
    run: '',
    environment,
    log: () => undefined,
  });
  try {
    const endpoint = await control.ready(new AbortController().signal);
    return await rerun(events, start, endpoint, root);
  } finally {
    await control.close();
  }
}

/** The server that is asked: as for the supervisor, a flag wins over the environment, and that over what is set up. */
function serverOf(
  values: { model?: string | undefined; 'model-endpoint'?: string | undefined },
  environment: NodeJS.ProcessEnv,
): EngineSettings {
  const kept = new Settings(configFolder(environment)).engine;
  const given = values['model-endpoint'] ?? (environment['VLLM_ENDPOINT'] || undefined);
  const url = given ?? kept.url;
  if (url === undefined || url === '')
    throw usage('--rerun needs --model-endpoint: Drover is set up with no address of a server.');
  // A model that was chosen for one server is none of another.
  const model = values.model ?? (url === kept.url ? kept.model : undefined);
  const key = environment['DROVER_ENGINE_KEY'];
  return { url, ...(model === undefined ? {} : { model }), ...(key ? { key } : {}) };
}

/** At a terminal one event at a time, as long as the person wants more. */
async function show(events: readonly LoggedEvent[]): Promise<number> {
  const lines = eventLines(events).map(dropHidden);
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    console.log(lines.join('\n'));
    return 0;
  }
  emitKeypressEvents(process.stdin);
  process.stdin.setRawMode(true);
  const pressed = on(process.stdin, 'keypress', { close: ['end'] });
  try {
    for (const [index, line] of lines.entries()) {
      const last = index + 1 === lines.length;
      process.stdout.write(last ? line : `${line} (${index + 1} of ${lines.length}, Enter goes on, q ends) `);
      const goesOn = !last && (await wantsMore(pressed));
      process.stdout.write('\n');
      if (!goesOn) break;
    }
    return 0;
  } finally {
    process.stdin.setRawMode(false);
    process.stdin.pause();
  }
}

/** Waits for a key that says so. A terminal that is read key by key tells Ctrl+C and Ctrl+D as keys, too. */
async function wantsMore(pressed: AsyncIterator<unknown[]>): Promise<boolean> {
  for (;;) {
    const { done, value } = await pressed.next();
    if (done) return false;
    const [, key] = value as [string | undefined, Key];
    if (key.name === 'return' || key.name === 'enter') return true;
    if (key.name === 'q' || (key.ctrl === true && (key.name === 'c' || key.name === 'd'))) return false;
  }
}

function nthMessage(events: readonly LoggedEvent[], number: number): number {
  let count = 0;
  return events.findIndex((event) => event.type === 'user' && ++count === number);
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: true });
  } catch (error) {
    throw wrongFlags(error, 'replay');
  }
}

function usage(message: string): Problem {
  return new Problem('usage', message, 'See `drover replay --help`.', 400);
}
