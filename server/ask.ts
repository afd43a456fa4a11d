import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { asProblem, Problem } from '../src/common/errors.ts';
import type { Event } from '../src/common/events.ts';
import { PROTOCOL } from '../src/common/protocol.ts';
import { dropHidden } from '../src/common/gate/hidden.ts';
import { BUILD } from '../src/node/build.ts';
import { type Address, call, stream } from '../src/node/client.ts';
import { attachOrStart, type Discovery } from '../src/node/discovery.ts';
import { configFolder, managedFolder, stateFolder } from '../src/node/folders.ts';
import { shorten } from '../src/node/text.ts';
import { answerOf, atQuestion } from './atQuestion.ts';
import { AtTerminal, isYes } from './atTerminal.ts';
import { wrongFlags } from './config.ts';

export const askHelp = `drover ask [OPTIONS] MESSAGE: send a message and print the answer

  --session ID     the chat to go on with, or the name of a new one
  --agent NAME     who answers (default: coding)
  --workspace DIR  where the agent works (default: the folder you are in)
  --state DIR, --config DIR  as for serve

@path in the message has a file read first. At a terminal you are asked before anything is changed or run, also
by chats that do parts of the work, and whether to go on where a policy pauses; otherwise it is denied. Ctrl+C, or any
signal that ends a program, stops the turn, or takes the message back where it waits for another turn to end.`;

const options = {
  session: { type: 'string' },
  agent: { type: 'string' },
  workspace: { type: 'string' },
  state: { type: 'string' },
  config: { type: 'string' },
} as const;

/** Milliseconds in which a supervisor that is there answers. */
const PATIENCE = 5000;

/** Somebody is there to be asked. */
const person = process.stdin.isTTY && process.stdout.isTTY;

/** `drover ask`. @returns the exit code: 0 when the turn came to its end. */
export async function ask(args: string[], root: string): Promise<number> {
  const { values, positionals } = parse(args);
  const message = positionals.join(' ').trim();
  if (message === '') throw new Problem('usage', 'There is no message.', 'See `drover ask --help`.', 400);
  const stop = new AbortController();
  const found = await attachOrStart({
    state: resolve(values.state ?? stateFolder(process.env)),
    config: resolve(values.config ?? configFolder(process.env)),
    managed: managedFolder(process.env),
    cli: join(root, 'dist', 'cli.js'),
    node: process.execPath,
    environment: process.env,
    signal: stop.signal,
  });
  const { signal } = stop;
  const client = await helloTo(found, signal);
  const supervisor = { ...found, client };
  const body = {
    message,
    session_id: values.session ?? crypto.randomUUID(),
    agent_type: values.agent ?? 'coding',
    workspace: { roots: [resolve(values.workspace ?? process.cwd())], trusted: true },
    asks: person ? ('client' as const) : ('deny' as const),
  };
  const turn = new Turn(supervisor, body.session_id);
  // More than one may come of one Ctrl+C, by way of the programs that started this one.
  const leave = async (): Promise<void> => {
    if (!(await turn.stop())) stop.abort(silent);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => void leave());
  for await (const { event } of stream(supervisor, 'chatStream', { body, signal, client })) {
    show(event);
    turn.take(event);
  }
  await turn.end();
  if (values.session === undefined) console.error(`session ${body.session_id}`);
  return turn.failed ? 1 : 0;
}

/** @returns by which the log of the chat will know that an answer came from here */
async function helloTo(supervisor: Discovery, signal: AbortSignal): Promise<string> {
  const body = { kind: 'cli' as const, protocol: PROTOCOL, build: BUILD };
  return (await call(supervisor, 'hello', { body, signal })).client;
}

const silent = new Problem(
  'not_answering',
  'The supervisor does not answer, so it is not known whether the turn has stopped.',
  '`drover status` says how it is.',
  500,
);

/** @returns whether the supervisor has answered, be it that there is nothing to stop */
async function cancel(supervisor: Address, id: string): Promise<boolean> {
  let silence = false;
  const cancelled = call(supervisor, 'chatCancel', { id, signal: AbortSignal.timeout(PATIENCE) });
  await tell(
    cancelled.catch((error: unknown) => {
      if (error instanceof Problem) throw error;
      silence = true;
    }),
  );
  return !silence;
}

/** What the person is asked in one turn, also by the chats that do parts of its work. */
class Turn {
  failed = false;
  /** The message, as long as it waits for another turn of the chat to end. */
  private waiting: string | undefined;
  private begins = false;
  private takenBack = false;
  private readonly terminal = new AtTerminal();
  private readonly over = new AbortController();
  /** Settles when whatever was begun here is done. */
  private readonly begun: Promise<void>[] = [];

  private readonly supervisor: Address;
  private readonly id: string;

  constructor(supervisor: Address, id: string) {
    this.supervisor = supervisor;
    this.id = id;
  }

  take(event: Event): void {
    if (event.type === 'child') this.begun.push(this.follow(event));
    if (event.type === 'turn.end') this.failed = event.reason !== 'done';
    this.wait(event);
    this.decide(event, this.id, '');
  }

  /** Stops the turn, or takes the message back before it became one. @returns false where the supervisor does not answer */
  async stop(): Promise<boolean> {
    const { waiting } = this;
    if (waiting === undefined) return cancel(this.supervisor, this.id);
    // Never the turn of somebody else.
    if (this.takenBack) return true;
    this.takenBack = true;
    const body = { item: waiting, withdraw: true as const };
    try {
      await call(this.supervisor, 'chatInbox', { id: this.id, body, signal: AbortSignal.timeout(PATIENCE) });
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) return false;
      // It became a turn in that moment.
      if (error.code === 'not_waiting') return cancel(this.supervisor, this.id);
      this.takenBack = false;
      await tell(Promise.reject(error));
      return true;
    }
  }

  /** Of what is put into the inbox before the turn begins, only the message itself comes here. */
  private wait(event: Event): void {
    if (event.type === 'inbox.put' && !this.begins) {
      this.waiting = event.item;
      console.error('· Another turn of this chat has not ended, and the message waits for it. Ctrl+C takes it back.');
    } else if (event.type === 'user' || event.type === 'steered') {
      this.begins = true;
      this.waiting = undefined;
    } else if (event.type === 'inbox.withdraw' && event.item === this.waiting) {
      this.failed = true;
      console.error('· The message was taken back.');
    }
  }

  async end(): Promise<void> {
    this.over.abort();
    this.terminal.closeAll();
    await Promise.all(this.begun);
  }

  /** The questions of a chat that does a part of the work, with what tells it from others in front. */
  private async follow({ chat, agent, task }: Event & { type: 'child' }): Promise<void> {
    const part = `${shorten(task, 40)} · ${agent}: `;
    const { signal } = this.over;
    const followed = async (): Promise<void> => {
      for await (const { event } of stream(this.supervisor, 'chatEvents', { id: chat, signal })) {
        if (event.type === 'ask' || event.type === 'interjection') show(event, part);
        this.decide(event, chat, part);
      }
    };
    await tell(followed(), signal);
  }

  private decide(event: Event, chat: string, part: string): void {
    if (!person) return;
    if (event.type === 'answer') this.terminal.close(`${chat} ${event.ask}`);
    if (event.type === 'interjection.answer') this.terminal.close(`${chat} ${event.interjection}`);
    if (event.type === 'ask') this.begun.push(this.answer(event, chat, part));
    if (event.type === 'interjection' && event.grade === 'pause') this.begun.push(this.lift(event, chat, part));
  }

  private async answer(ask: Event & { type: 'ask' }, chat: string, part: string): Promise<void> {
    const { lines, question, more } = atQuestion(ask);
    const said = await this.terminal.ask(`${chat} ${ask.ask}`, { lines, question: part + question, more });
    if (said === 'cancel') return void (await cancel(this.supervisor, this.id));
    if (said === 'elsewhere') return;
    const body = answerOf(ask, said.said, said.more);
    await tell(call(this.supervisor, 'chatAnswer', { id: chat, body, signal: AbortSignal.timeout(PATIENCE) }));
  }

  /** A no stops the chat that paused: nothing else could become of it here. */
  private async lift({ interjection }: Event & { type: 'interjection' }, chat: string, part: string): Promise<void> {
    const said = await this.terminal.ask(`${chat} ${interjection}`, { lines: [], question: `${part}Go on? [y/N] ` });
    if (said === 'cancel') return void (await cancel(this.supervisor, this.id));
    if (said === 'elsewhere') return;
    if (!isYes(said.said)) return void (await cancel(this.supervisor, chat));
    const body = { interjection, answer: 'continue' as const };
    await tell(call(this.supervisor, 'chatInterjection', { id: chat, body, signal: AbortSignal.timeout(PATIENCE) }));
  }
}

/** Says what went wrong and goes on: somebody else may have been quicker, or the turn is `over`. */
async function tell(done: Promise<unknown>, over?: AbortSignal): Promise<void> {
  await done.catch((error: unknown) => {
    if (over?.aborted === true) return;
    const { message, advice } = asProblem(error);
    console.error(`${message} ${advice}`);
  });
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: true });
  } catch (error) {
    throw wrongFlags(error, 'ask');
  }
}

/** Answers to standard output, all else to standard error. `part`: what tells the chat from the one that was asked. */
function show(event: Event, part = ''): void {
  switch (event.type) {
    case 'text':
      process.stdout.write(dropHidden(event.text));
      return;
    case 'assistant':
      if (event.text !== '') process.stdout.write('\n');
      return;
    case 'tool.start':
      console.error(`· ${event.title.verb} ${event.title.object} (${event.verdict.decision}: ${event.verdict.reason})`);
      return;
    case 'ask':
      console.error(`· ${part}${event.title.verb} ${event.title.object} (asks: ${event.verdict.reason})`);
      return;
    case 'interjection':
      console.error(`· ${part}The supervisor stepped in (${event.policy}, ${event.grade}): ${event.evidence}`);
      return;
    case 'tool.end':
      console.error(`  ${event.outcome === 'ok' ? event.summary : (event.text.split('\n')[0] ?? event.summary)}`);
      // Also what needed no yes is shown.
      if (event.change) console.error(event.change.diff.trimEnd());
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
