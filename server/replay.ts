import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { Endpoint } from '../src/common/engine.ts';
import { Problem } from '../src/common/errors.ts';
import { isDelta, type LoggedEvent } from '../src/common/events.ts';
import { eventLines } from '../src/common/eventLines.ts';
import { agentOf } from '../src/common/chatFacts.ts';
import { toMessages } from '../src/common/transcript.ts';
import { stateFolder } from '../src/node/folders.ts';
import { readAgents, readSystem } from '../src/node/prompts.ts';
import { tools } from '../src/node/tools/list.ts';
import { toolSchemas } from '../src/node/tools/schema.ts';
import { type Call, type LoopDeps, runTurn } from './agent/loop.ts';
import { wrongFlags } from './config.ts';
import { createEngineControl } from './engines/control.ts';
import { logPath, parseRecord } from './eventLog.ts';
import { told as tell } from './told.ts';

const help = `drover replay CHAT [OPTIONS]: go through a recorded chat

Prints what happened, event by event; at a terminal, Enter goes on. Nothing is changed.

  --rerun N             run the turn of the N-th message again: the model is asked anew, and its calls get the recorded
                        results. No tool runs. A call that was not made then is answered with that, and the turn goes on
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
  const person = createInterface({ input: process.stdin, output: process.stdout });
  try {
    for (const [index, line] of lines.entries()) {
      const more = index + 1 < lines.length ? ` (${index + 1} of ${lines.length}, Enter goes on, q ends) ` : '\n';
      if ((await person.question(`${line}${more}`)).trim() === 'q') return 0;
    }
    return 0;
  } finally {
    person.close();
  }
}

function nthMessage(events: readonly LoggedEvent[], number: number): number {
  let count = 0;
  return events.findIndex((event) => event.type === 'user' && ++count === number);
}

/** The turn once more, with its recorded results; prints it and, beside each call, whether it was made then. */
async function rerun(events: readonly LoggedEvent[], start: number, endpoint: Endpoint, root: string): Promise<number> {
  const rest = events.slice(start + 1);
  const next = rest.findIndex(({ type }) => type === 'user');
  const turn = next === -1 ? rest : rest.slice(0, next);
  const user = events[start];
  if (user?.type !== 'user') throw new Error('a turn begins with a message');
  // What was read for the person, and the role, stand before the first answer.
  const head = turn.slice(
    0,
    turn.findIndex(({ type }) => type === 'assistant'),
  );
  const known: LoggedEvent[] = [...events.slice(0, start + 1), ...head.filter(({ type }) => type !== 'turn.start')];
  const results = new Results(turn);
  const prompts = join(root, 'prompts');
  const roles = new Map(readAgents(prompts, tools).map(({ name, text }) => [name, text]));
  const { offered, controlTokens } = endpoint.capabilities;
  const told = tools.filter(({ name }) => offered?.includes(name) !== false);
  const names = new Set(told.map(({ name }) => name));
  let ids = 0;
  const deps: LoopDeps = {
    turn: 1,
    agent: () => agentOf(known),
    checkAgent: () => undefined,
    signal: new AbortController().signal,
    messages: () => toMessages(known, { system: readSystem(prompts), roles, tools: names, controlTokens }),
    tools: () => toolSchemas(told),
    lease: async () => ({ endpoint, release: () => undefined }),
    run: async (call, emit) => results.answer(call).forEach(emit),
    preamble: async () => [],
    judge: async () => undefined,
    boundary: async () => ({ steers: [], tellings: [] }),
    answered: () => false,
    newId: () => `again${String(++ids).padStart(4, '0')}`,
  };
  const made: LoggedEvent[] = [];
  for await (const event of runTurn(deps, { ...user, text: '' })) {
    if (isDelta(event)) continue;
    known.push(event);
    made.push(event);
  }
  console.log('recorded:');
  console.log(eventLines(turn.filter(isSaid)).join('\n'));
  console.log('\nagain:');
  console.log(eventLines(made.filter(isSaid)).join('\n'));
  console.log(`\n${results.told}`);
  return made.some((event) => event.type === 'turn.end' && event.reason === 'failed') ? 1 : 0;
}

function isSaid({ type }: LoggedEvent): boolean {
  return type === 'assistant' || type === 'tool.end' || type === 'error' || type === 'turn.end';
}

type End = LoggedEvent & { type: 'tool.end' };

/** What the calls of a recorded turn came to, each to be had once by a call that is the same. */
class Results {
  private readonly left: { key: string; end: End }[];
  private found = 0;
  private missed = 0;

  constructor(turn: readonly LoggedEvent[]) {
    const ends = new Map(turn.flatMap((event) => (event.type === 'tool.end' ? [[event.call, event] as const] : [])));
    const calls = turn.flatMap((event) => (event.type === 'assistant' ? event.calls : []));
    this.left = calls.flatMap((call) => {
      const end = ends.get(call.id);
      return end ? [{ key: keyOf(call), end }] : [];
    });
  }

  get told(): string {
    return `Calls: ${this.found} as recorded, ${this.missed} new, ${this.left.length} of the record not made.`;
  }

  answer(call: Call): LoggedEvent[] {
    const at = this.left.findIndex(({ key }) => key === keyOf(call));
    const [same] = at === -1 ? [] : this.left.splice(at, 1);
    if (same) {
      this.found++;
      return [{ ...same.end, call: call.id }];
    }
    this.missed++;
    const text = 'This call was not made when the chat was recorded, so there is no result of it. Go on without it.';
    return [
      {
        type: 'tool.end',
        call: call.id,
        tool: call.name,
        outcome: 'skipped',
        text,
        summary: 'not recorded',
        origin: 'model',
      },
    ];
  }
}

/** Arguments in another order, or with other blanks, are the same. */
function keyOf({ name, arguments: text }: { name: string; arguments: string }): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return `${name} ${text}`;
    return `${name} ${JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
  } catch {
    return `${name} ${text}`;
  }
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
