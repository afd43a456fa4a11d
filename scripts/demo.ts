// `npm run demo -- agents`: eight chats at once on a real model server, and what became of each.
import { cp, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from '../src/common/errors.ts';
import type { LoggedEvent } from '../src/common/events.ts';
import { call, stream } from '../src/node/client.ts';
import { attachOrStart, type Discovery } from '../src/node/discovery.ts';
import { configFolder, isFolder, managedFolder, stateFolder } from '../src/node/folders.ts';
import { bundles } from './bundles.ts';
import { onInterrupt } from './interrupt.ts';
import { root } from './layers.ts';
import { orUsage } from './options.ts';
import { Missing, node, part, type Say } from './parts.ts';
import { gone } from './processes.ts';
import { type ChatFigures, figuresOf, table, withFirstRun } from './demoTable.ts';

const usage = `Usage: npm run demo -- agents [OPTION...]

Eight chats work at once on a copy of sample/, with several agents, queued messages, a hand-over and two delegated tasks; then a table
says what became of each. Without options Drover's own llama-server runs the first-run model, in folders that are removed afterwards;
that model is too small to hand over and to delegate, so see these with --attach and a model that calls tools well.

  --attach            use your own Drover (the one that \`npm start\` runs, with its model): its panel shows the chats live, in the
                      tree Agents and in the list; they stay
  --workspace DIR     work there instead; with --attach the folder that is open in the editor
  --help              this text`;

const { values: options } = orUsage(() => {
  const parsed = parseArgs({
    options: { attach: { type: 'boolean' }, workspace: { type: 'string' } },
    allowPositionals: true,
  });
  if (parsed.positionals.join(' ') !== 'agents') throw new Error('There is one demonstration: agents');
  const { workspace } = parsed.values;
  if (workspace !== undefined && !isFolder(workspace)) throw new Error(`There is no folder ${workspace}`);
  return parsed;
}, usage);

/** Milliseconds that a chat may take; a model without end would keep the others waiting. */
const LIMIT = 900_000;

/** Milliseconds that the supervisor has to end, with its agents and the model server. */
const STOP_LIMIT = 15_000;

/** What is asked in each chat: the first message, and what waits behind it, for whom the chat is with or another agent. */
const chats: { agent: string; messages: { text: string; agent?: string }[] }[] = [
  { agent: 'coding', messages: [{ text: 'What does src/cart.js do?' }, { text: 'Where is addItem used?' }] },
  { agent: 'coding', messages: [{ text: 'Which files are in test?' }, { text: 'Show me lines 1-5 of src/money.js' }] },
  { agent: 'coding', messages: [{ text: 'Find all TODO comments.' }, { text: 'thanks' }] },
  { agent: 'supervisor', messages: [{ text: 'Just say that all tests pass.' }] },
  // The policy secrets-read has something to say of it, whatever the model answers.
  { agent: 'review', messages: [{ text: 'What is set in @.env?' }] },
  {
    agent: 'plan',
    messages: [{ text: 'What is this project for?' }, { text: 'Explain src/main.js', agent: 'coding' }],
  },
  {
    agent: 'supervisor',
    messages: [
      { text: 'Hand over to the coding agent: where is discountFor defined?' },
      { text: 'Which version is this?' },
    ],
  },
  {
    agent: 'supervisor',
    messages: [{ text: 'Delegate two tasks to coding: explain src/money.js, and explain src/receipt.js.' }],
  },
];

const say: Say = (line) => console.log(line);
const { signal } = onInterrupt();
const cli = join(root, 'dist', 'cli.js');

try {
  process.exitCode = await main();
} catch (error) {
  if (signal.aborted) say('Stopped.');
  else if (error instanceof Missing || error instanceof Problem) {
    console.error(`${error.message}\n${error.advice}`);
    process.exitCode = 1;
  } else throw error;
}

async function main(): Promise<number> {
  await part(say, node);
  await part(say, () => bundles(signal));
  if (options.attach !== true) return inFreshFolders();
  const discovery = await supervisor(stateFolder(process.env), configFolder(process.env));
  // The chats stay, and so does the folder that they worked in.
  return chatsIn(discovery, options.workspace ?? (await copyOfSample(await freshFolder())));
}

async function inFreshFolders(): Promise<number> {
  const folder = await freshFolder();
  try {
    const discovery = await supervisor(join(folder, 'state'), join(folder, 'config'));
    try {
      const body = { action: 'model', model: 'first-run', fetch: true } as const;
      await call(discovery, 'enginePost', { body, signal });
      return await chatsIn(discovery, options.workspace ?? (await copyOfSample(folder)));
    } finally {
      process.kill(discovery.pid, 'SIGTERM');
      await gone([discovery.pid], STOP_LIMIT);
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

async function freshFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'drover-demo-')));
}

async function copyOfSample(folder: string): Promise<string> {
  const workspace = join(folder, 'shop');
  await cp(join(root, 'sample'), workspace, { recursive: true });
  await writeFile(join(workspace, '.env'), 'SHOP_KEY=an-example\n');
  return workspace;
}

function supervisor(state: string, config: string): Promise<Discovery> {
  return attachOrStart({
    state,
    config,
    managed: managedFolder(process.env),
    cli,
    node: process.execPath,
    environment: process.env,
    signal,
  });
}

async function chatsIn(discovery: Discovery, workspace: string): Promise<number> {
  const figures = await Promise.all(chats.map((chat, number) => drive(discovery, workspace, chat, number)));
  say('');
  for (const line of table(figures)) say(line);
  const { model } = await call(discovery, 'engine', { signal });
  if (model?.id === 'first-run') say(`\n${withFirstRun}`);
  return figures.every(({ ended }) => ended) ? 0 : 1;
}

/** One chat to its end: the first message, the others queued behind it. What takes too long is stopped. */
async function drive(
  discovery: Discovery,
  workspace: string,
  { agent, messages }: (typeof chats)[number],
  number: number,
): Promise<ChatFigures> {
  const id = `demo-${process.pid}-${number + 1}`;
  const [first, ...rest] = messages;
  if (first === undefined) throw new Error('a chat begins with a message');
  const late = setTimeout(() => void call(discovery, 'chatCancel', { id, signal }).catch(() => undefined), LIMIT);
  const body = { message: first.text, session_id: id, agent_type: agent, workspace, asks: 'deny' as const };
  try {
    for await (const { event } of stream(discovery, 'chatStream', { body, signal })) {
      if (event.type !== 'user') continue;
      for (const { text, agent: other } of rest) {
        const to = other === undefined ? {} : { agent_type: other };
        const queued = { message: text, lane: 'follow-up' as const, ...to, asks: 'deny' as const };
        await call(discovery, 'chatPost', { id, body: queued, signal });
      }
    }
    await untilTurns(discovery, id, messages.length);
  } finally {
    clearTimeout(late);
  }
  const log = await call(discovery, 'chatExport', { id, query: { format: 'json' }, signal });
  const { events } = JSON.parse(log) as { events: LoggedEvent[] };
  say(`chat ${number + 1} is done: ${first.text}`);
  return figuresOf(`${number + 1} ${first.text}`, events);
}

async function untilTurns(discovery: Discovery, id: string, count: number): Promise<void> {
  let ended = 0;
  for await (const { event } of stream(discovery, 'chatEvents', { id, signal })) {
    if (event.type === 'turn.end' && ++ended === count) return;
  }
}
