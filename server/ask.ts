import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { Problem } from '../src/common/errors.ts';
import type { Event } from '../src/common/events.ts';
import { call, stream } from '../src/node/client.ts';
import { attachOrStart, type Discovery } from '../src/node/discovery.ts';
import { configFolder, managedFolder, stateFolder } from '../src/node/folders.ts';
import { wrongFlags } from './config.ts';

export const askHelp = `drover ask [OPTIONS] MESSAGE: send a message and print the answer

  --session ID     the chat to go on with, or the name of a new one
  --agent NAME     who answers (default: coding)
  --workspace DIR  where the agent works (default: the folder you are in)
  --state DIR, --config DIR  as for serve

@path in the message has a file read first. At a terminal you are asked before anything is changed or run;
otherwise it is denied. Ctrl+C stops the turn.`;

const options = {
  session: { type: 'string' },
  agent: { type: 'string' },
  workspace: { type: 'string' },
  state: { type: 'string' },
  config: { type: 'string' },
} as const;

/** `drover ask`. @returns the exit code: 0 when the turn came to its end. */
export async function ask(args: string[], root: string): Promise<number> {
  const { values, positionals } = parse(args);
  const message = positionals.join(' ').trim();
  if (message === '') throw new Problem('usage', 'There is no message.', 'See `drover ask --help`.', 400);
  const stop = new AbortController();
  const supervisor = await attachOrStart({
    state: resolve(values.state ?? stateFolder(process.env)),
    config: resolve(values.config ?? configFolder(process.env)),
    managed: managedFolder(process.env),
    cli: join(root, 'dist', 'cli.js'),
    node: process.execPath,
    environment: process.env,
    signal: stop.signal,
  });
  const person = process.stdin.isTTY && process.stdout.isTTY;
  const body = {
    message,
    session_id: values.session ?? crypto.randomUUID(),
    agent_type: values.agent ?? 'coding',
    workspace: { roots: [resolve(values.workspace ?? process.cwd())], trusted: true },
    asks: person ? ('client' as const) : ('deny' as const),
  };
  const id = body.session_id;
  const cancel = (): void => void call(supervisor, 'chatCancel', { id, signal: stop.signal }).catch(console.error);
  // More than one may come of one Ctrl+C, by way of the programs that started this one.
  process.on('SIGINT', cancel);
  let failed = false;
  for await (const { event } of stream(supervisor, 'chatStream', { body, signal: stop.signal })) {
    show(event);
    if (event.type === 'ask' && person) await answer(supervisor, id, event, cancel);
    if (event.type === 'turn.end') failed = event.reason !== 'done';
  }
  if (values.session === undefined) console.error(`session ${id}`);
  return failed ? 1 : 0;
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: true });
  } catch (error) {
    throw wrongFlags(error, 'ask');
  }
}

/** Asks the person at the terminal; Ctrl+C there is no answer but stops the turn. */
async function answer(
  supervisor: Discovery,
  id: string,
  event: Event & { type: 'ask' },
  cancel: () => void,
): Promise<void> {
  console.error(event.preview.text);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  terminal.once('SIGINT', () => left.abort());
  const said = await terminal.question('Allow once? [y/N] ', { signal: left.signal }).catch(() => '');
  terminal.close();
  // Also when it came right behind an answer: the terminal then hands over both at once.
  if (left.signal.aborted) return cancel();
  const yes = /^y(es)?$/i.test(said.trim());
  const body = { ask: event.ask, answer: yes ? ('once' as const) : ('reject' as const) };
  await call(supervisor, 'chatAnswer', { id, body, signal: AbortSignal.timeout(10_000) });
}

/** Answers to standard output, all else to standard error. */
function show(event: Event): void {
  switch (event.type) {
    case 'text':
      process.stdout.write(event.text);
      return;
    case 'assistant':
      if (event.text !== '') process.stdout.write('\n');
      return;
    case 'tool.start':
      console.error(`· ${event.title.verb} ${event.title.object} (${event.verdict.decision}: ${event.verdict.reason})`);
      return;
    case 'ask':
      console.error(`· ${event.title.verb} ${event.title.object} (asks: ${event.verdict.reason})`);
      return;
    case 'tool.end':
      console.error(`  ${event.outcome === 'ok' ? event.summary : (event.text.split('\n')[0] ?? event.summary)}`);
      return;
    case 'engine.wait':
      console.error(`· ${event.text}`);
      return;
    case 'error':
      console.error(`${event.problem.message} ${event.problem.advice}`);
      return;
    default:
  }
}
