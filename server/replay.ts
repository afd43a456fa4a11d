import { on } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { emitKeypressEvents, type Key } from 'node:readline';
import { parseArgs } from 'node:util';
import { Problem } from '../src/common/errors.ts';
import type { LoggedEvent } from '../src/common/events.ts';
import { eventLines } from '../src/common/eventLines.ts';
import { stateFolder } from '../src/node/folders.ts';
import { wrongFlags } from './config.ts';
import { createEngineControl } from './engines/control.ts';
import { logPath, parseRecord } from './eventLog.ts';
import { rerun } from './rerun.ts';
import { told as tell } from './told.ts';

const help = `drover replay CHAT [OPTIONS]: go through a recorded chat

Prints what happened, event by event; at a terminal, Enter goes on. Nothing is changed.

  --rerun N             run the turn of the N-th message again: the model is asked anew, and its calls get the recorded
                        results; what the agent was told in the middle of the turn it is told again. No tool runs. A
                        call that was not made then is answered with that, and the turn goes on
  --model-endpoint URL  the model server for --rerun (an OpenAI API), its key in DROVER_ENGINE_KEY
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
  const events = recorded(values.state === undefined ? stateFolder(environment) : resolve(values.state), id);
  if (values.rerun === undefined) return show(events);
  const number = Number(values.rerun);
  const start = nthMessage(events, number);
  if (start === -1) throw new Problem('no_message', `This chat has no message ${values.rerun}.`, 'Count from 1.', 404);
  if (values['model-endpoint'] === undefined) throw usage('--rerun needs --model-endpoint.');
  const control = createEngineControl({
    settings: {
      url: values['model-endpoint'],
      ...(values.model === undefined ? {} : { model: values.model }),
      ...(environment['DROVER_ENGINE_KEY'] ? { key: environment['DROVER_ENGINE_KEY'] } : {}),
    },
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

function recorded(state: string, id: string): LoggedEvent[] {
  const path = logPath(state, id);
  if (!existsSync(path))
    throw new Problem('no_chat', `There is no chat ${JSON.stringify(id)} in ${state}.`, 'GET /chats lists them.', 404);
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : (parseRecord(line)?.event ?? [])));
}

/** At a terminal one event at a time, as long as the person wants more. */
async function show(events: readonly LoggedEvent[]): Promise<number> {
  const lines = eventLines(events);
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
