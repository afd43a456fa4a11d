import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { logPath } from '../../server/eventLog.ts';
import type { LoggedEvent } from '../../src/common/events.ts';
import type { ChatSummary } from '../../src/common/protocol.ts';
import { transcriptOf } from '../../src/common/eventLines.ts';
import { submit } from '../../src/node/client.ts';
import { runFolder } from '../../src/node/discovery.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, hold, type Part, reply, type Step, text } from '../support/modelServer/script.ts';
import {
  attach,
  type Place,
  place,
  processesOf,
  type Running,
  startSupervisor,
  startTurn,
} from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;

beforeEach(async () => {
  at = place({ 'a.txt': 'alpha\n', 'b.txt': 'beta\n' });
  model = await startModelServer({ slots: 2 });
  drover = await startSupervisor(at, ['--model-endpoint', model.url, '--edits', 'ask']);
});

afterEach(async () => {
  await drover.stop();
  await model.close();
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  at.dispose();
});

const delegate = (...tasks: string[]): Part => call('delegate', { tasks: tasks.map((task) => `coding: ${task}`) });
/** What the child with this task answers. */
const child = (task: string, ...parts: Part[]): Step => ({ chat: task, parts });
const ask = (message: string, agent = 'supervisor', session_id: string = crypto.randomUUID()) =>
  startTurn(drover, { message, agent_type: agent, session_id });

async function children(): Promise<ChatSummary[]> {
  const all = (await drover.chats()).filter(({ parent }) => parent !== undefined);
  return all.toSorted((a, b) => (a.title < b.title ? -1 : 1));
}
const states = async (): Promise<string[]> =>
  (await children()).map(({ state, queued, turns }) => (queued > 0 && turns === 0 ? 'queued' : state));

it('four tasks are done by two at a time, and their answers come back in the order of the tasks', async () => {
  const tasks = ['Task one.', 'Task three.', 'Task four.', 'Task two.'];
  model.add(
    { chat: 'Do all', parts: [delegate(...tasks)] },
    ...tasks.map((task) => child(task, hold(task), text(`Done with ${task}`))),
    { chat: 'Do all', parts: [text('All four are done.')] },
  );
  const turn = ask('Do all four.');
  await model.reached('Task one.');
  await model.reached('Task three.');
  // Titles sort as four, one, three, two.
  expect(await states()).toEqual(['queued', 'running', 'running', 'queued']);
  const [four] = await children();
  expect((await events(four)).some(({ type }) => type === 'turn.start')).toBe(false);
  model.release('Task three.');
  await model.reached('Task four.');
  expect(await states()).toEqual(['running', 'running', 'idle', 'queued']);
  for (const task of tasks) model.release(task);
  await expect(transcriptOf(await turn.end)).toMatchFileSnapshot('golden/delegate.txt');
  const told = String(model.requests.at(-1)?.body.messages.at(-1)?.content);
  expect(told.match(/\d\. coding, done: Task \w+\.\nDone with Task \w+\./g)).toHaveLength(4);
  expect(told.indexOf('Done with Task one.')).toBeLessThan(told.indexOf('Done with Task three.'));
  expect((await children()).every(({ parent }) => parent === turn.id)).toBe(true);
});

it('a child is a chat like any: it can be steered, and stopped, and the others go on', async () => {
  model.add(
    { chat: 'Do both', parts: [delegate('Task one.', 'Task two.')] },
    child('Task one.', hold('one'), call('file_read', { path: 'a.txt' })),
    child('Task one.', text('It is alpha.')),
    child('Task two.', hold('two'), text('never')),
    { chat: 'Do both', parts: [text('One of them.')] },
  );
  const turn = ask('Do both.');
  await model.reached('one');
  await model.reached('two');
  const [one, two] = await children();
  await drover.request('POST', `/chat/${one?.id}`, { message: 'Say it in one word.', lane: 'steer' });
  await drover.request('POST', `/chat/${two?.id}/cancel`);
  model.release('one');
  const end = (await turn.end).find((event) => event.type === 'tool.end');
  expect(end).toMatchObject({ outcome: 'ok', summary: '1 of 2 done' });
  expect(end?.type === 'tool.end' ? end.text : '').toMatch(
    /It is alpha\.[^]+cancelled: Task two\.\nThe person stopped it\./,
  );
  expect((await events(one)).some(({ type }) => type === 'steered')).toBe(true);
});

it('who delegated is told which policy stopped a child', async () => {
  model.add({ chat: 'Do it', parts: [delegate('Task one.')] });
  for (let time = 0; time < 5; time++) model.add(child('Task one.', call('file_read', { path: 'a.txt' })));
  model.add({ chat: 'Do it', parts: [text('It was stopped.')] });
  const end = (await ask('Do it.').end).find((event) => event.type === 'tool.end');
  expect(end?.type === 'tool.end' ? end.text : '').toMatch(
    /^1\. coding, cancelled: Task one\.\nThe policy repeated-call stopped it: [^\n]*file_read/,
  );
});

it('who is deleted takes its parts along: what runs, what waits, and what those have delegated', async () => {
  model.add(
    { chat: 'Do all', parts: [delegate('Task one.', 'Task two.', 'Task wait.')] },
    child('Task one.', hold('one'), text('never')),
    child('Task two.', call('bash', { command: 'touch c.txt' })),
  );
  const turn = ask('Do all three.');
  await model.reached('one');
  await expect.poll(states).toContain('waiting');
  expect(await children()).toHaveLength(3);
  expect(await drover.request('DELETE', `/chat/${turn.id}`)).toMatchObject({ status: 200 });
  expect(await drover.chats()).toEqual([]);
  await expect.poll(() => processesOf(at)).toEqual([drover.child.pid]);
  await expect.poll(async () => (await drover.request('GET', '/engine')).json).toMatchObject({ busy: 0 });
});

it('who is stopped stops what it has delegated, also what waits', async () => {
  model.add(
    { chat: 'Do all', parts: [delegate('Task one.', 'Task two.', 'Task wait.')] },
    child('Task one.', hold('one'), text('never')),
    child('Task two.', hold('two'), text('never')),
  );
  const turn = ask('Do all three.');
  await model.reached('one');
  await model.reached('two');
  await drover.request('POST', `/chat/${turn.id}/cancel`);
  await turn.end;
  await expect.poll(states).toEqual(['stopped', 'stopped', 'idle']);
  const [, , waited] = await children();
  expect((await events(waited)).map(({ type }) => type)).toEqual(['chat', 'inbox.put', 'inbox.withdraw']);
  expect(model.requests).toHaveLength(3);
});

/** Ends the agent of a chat as a crash does. */
function killAgent(chat: string): void {
  const folder = runFolder(at.state);
  const entries = z
    .array(z.looseObject({ pid: z.number(), chat: z.string() }))
    .parse(JSON.parse(readFileSync(join(folder, 'agent_pids.json'), 'utf8')));
  process.kill(entries.find((entry) => entry.chat === chat)?.pid ?? 0, 'SIGKILL');
}

it('whose agent crashed is told with the next message what came of its tasks, of those that still run too', async () => {
  model.add(
    { chat: 'Do both', parts: [delegate('Task one.', 'Task two.')] },
    child('Task one.', hold('one'), text('One is done.')),
    child('Task two.', hold('two'), text('Two is done.')),
    { chat: 'Do both', parts: [text('Both are done.')] },
  );
  const turn = ask('Do both.');
  await model.reached('one');
  await model.reached('two');
  killAgent(turn.id);
  expect((await turn.end).at(-1)).toMatchObject({ type: 'turn.end', reason: 'failed' });
  model.release('one');
  await expect.poll(states).toEqual(['idle', 'running']);
  const again = ask('Go on.', 'supervisor', turn.id);
  await again.seen('turn.start');
  expect(model.requests).toHaveLength(3);
  model.release('two');
  await again.end;
  const told = model.requests.at(-1)?.body.messages ?? [];
  expect(String(told.at(-1)?.content)).toMatch(
    /1\. coding, done: Task one\.\nOne is done\.\n\n2\. coding, done: Task two\.\nTwo is done\.[^]*Go on\.$/,
  );
  expect(String(told.find(({ role }) => role === 'tool')?.content)).toContain('is said with the next message');
  model.add({ chat: 'Do both', parts: [text('As I said.')] });
  await ask('And now?', 'supervisor', turn.id).end;
  expect(String(model.requests.at(-1)?.body.messages.at(-1)?.content)).not.toContain('Task one.');
});

it('who is stopped after a crash of its agent stops what it has delegated', async () => {
  model.add(
    { chat: 'Do all', parts: [delegate('Task one.', 'Task two.', 'Task wait.')] },
    child('Task one.', hold('one'), text('never')),
    child('Task two.', hold('two'), text('never')),
    { chat: 'Do all', parts: [text('Nothing was done.')] },
  );
  const turn = ask('Do all three.');
  await model.reached('one');
  await model.reached('two');
  killAgent(turn.id);
  await turn.end;
  await drover.request('POST', `/chat/${turn.id}/cancel`);
  await expect.poll(states).toEqual(['stopped', 'stopped', 'idle']);
  await ask('Go on.', 'supervisor', turn.id).end;
  expect(String(model.requests.at(-1)?.body.messages.at(-1)?.content)).toMatch(
    /1\. coding, cancelled: Task one\.\nThe person stopped it\.[^]+3\. coding, cancelled: Task wait\.\nIt was taken back/,
  );
});

it('who waits for its children after a crash can be stopped, and they with it', async () => {
  model.add({ chat: 'Do it', parts: [delegate('Task one.')] }, child('Task one.', hold('one'), text('never')));
  const turn = ask('Do it.');
  await model.reached('one');
  killAgent(turn.id);
  await turn.end;
  const again = ask('Go on.', 'supervisor', turn.id);
  await again.seen('turn.start');
  await drover.request('POST', `/chat/${turn.id}/cancel`);
  expect((await again.end).at(-1)).toMatchObject({ reason: 'cancelled' });
  await expect.poll(states).toEqual(['stopped']);
});

it('a message to a child that waits waits with its task, and stays when the task is taken back', async () => {
  model.add(
    { chat: 'Do all', parts: [delegate('Task one.', 'Task two.', 'Task wait.')] },
    child('Task one.', hold('one'), text('One.')),
    child('Task two.', hold('two'), text('Two.')),
    child('Be quick', text('Quick.')),
    { chat: 'Do all', parts: [text('Two of them.')] },
  );
  const turn = ask('Do all three.');
  await model.reached('one');
  await model.reached('two');
  const [, , waits] = await children();
  const { json } = await drover.request('POST', `/chat/${waits?.id}`, { message: 'More.', lane: 'follow-up' });
  await drover.request('POST', `/chat/${waits?.id}`, { message: 'Be quick.', lane: 'follow-up' });
  await drover.request('POST', `/chat/${waits?.id}/inbox`, { item: json['item'], withdraw: true });
  expect(await states()).toEqual(['running', 'running', 'queued']);
  const put = (await events(waits)).find((event) => event.type === 'inbox.put');
  const task = put?.type === 'inbox.put' ? put.item : '';
  await drover.request('POST', `/chat/${waits?.id}/inbox`, { item: task, withdraw: true });
  model.release('one');
  await expect.poll(() => drover.said(waits?.id ?? '')).toEqual(['Be quick.', 'Quick.']);
  model.release('two');
  const end = (await turn.end).find((event) => event.type === 'tool.end');
  expect(end).toMatchObject({ summary: '2 of 3 done' });
});

it('what the person has put into a child that waits stays when the whole is stopped, and waits for a word', async () => {
  model.add(
    { chat: 'Do all', parts: [delegate('Task one.', 'Task two.', 'Task wait.')] },
    child('Task one.', hold('one'), text('never')),
    child('Task two.', hold('two'), text('never')),
  );
  const turn = ask('Do all three.');
  await model.reached('one');
  await model.reached('two');
  const waits = async (): Promise<ChatSummary | undefined> => (await children())[2];
  const id = (await waits())?.id ?? '';
  await drover.request('POST', `/chat/${id}`, { message: 'More.', lane: 'follow-up' });
  await drover.request('POST', `/chat/${turn.id}/cancel`);
  await turn.end;
  await expect.poll(states).toEqual(['stopped', 'stopped', 'queued']);
  expect(await waits()).toMatchObject({ queued: 1 });
  await drover.stop();
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
  expect(await states()).toEqual(['stopped', 'stopped', 'queued']);
  model.add(child('More.', text('More it is.')), child('More.', text('Gone on.')));
  await drover.request('POST', `/chat/${id}`, { message: 'Go on.', lane: 'follow-up' });
  await expect.poll(() => drover.said(id)).toEqual(['More.', 'More it is.', 'Go on.', 'Gone on.']);
  expect(model.requests).toHaveLength(5);
});

it('the task of a child is its first turn, whatever is put before it while it waits', async () => {
  model.add(
    { chat: 'Do all', parts: [delegate('Task one.', 'Task two.', 'Task wait.')] },
    child('Task one.', hold('one'), text('One.')),
    child('Task two.', hold('two'), text('Two.')),
    child('Task wait.', hold('wait'), text('Forty-two.')),
    child('Task wait.', text('Many.')),
    child('Task wait.', text('So.')),
    { chat: 'Do all', parts: [text('All of them.')] },
  );
  const turn = ask('Do all three.');
  await model.reached('one');
  await model.reached('two');
  const [, , waits] = await children();
  const url = `/chat/${waits?.id}`;
  const [put] = (await events(waits)).filter((event) => event.type === 'inbox.put');
  const { json } = await drover.request('POST', url, { message: 'And why?', lane: 'follow-up' });
  await drover.request('POST', `${url}/inbox`, { item: json['item'], before: put?.item });
  await drover.request('POST', url, { message: 'In a word.', lane: 'steer' });
  model.release('one');
  await model.reached('wait');
  model.release('wait');
  model.release('two');
  const end = (await turn.end).find((event) => event.type === 'tool.end');
  expect(end?.type === 'tool.end' ? end.text : '').toContain('3. coding, done: Task wait.\nForty-two.');
  const said = ['Task wait.', 'Forty-two.', 'In a word.', 'Many.', 'And why?', 'So.'];
  await expect.poll(() => drover.said(waits?.id ?? '')).toEqual(said);
});

it('after a crash no more of them run at once than before', async () => {
  const tasks = ['Task one.', 'Task three.', 'Task four.', 'Task two.', 'Task wait.'];
  model.add({ chat: 'Do all', parts: [delegate(...tasks)] });
  for (const task of tasks) model.add(child(task, hold(task), text(`Done with ${task}`)));
  const turn = ask('Do all of it.');
  await model.reached('Task one.');
  await model.reached('Task three.');
  drover.child.kill('SIGKILL');
  await expect(turn.end).rejects.toThrow();
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
  // Those that ran have failed; of the three that waited two are begun.
  const now = async (): Promise<string[]> => (await states()).toSorted();
  await expect.poll(now).toEqual(['failed', 'failed', 'queued', 'running', 'running']);
  for (const task of tasks) model.release(task);
  await expect.poll(now).toEqual(['failed', 'failed', 'idle', 'idle', 'idle']);
});

/** Has two of four tasks ask the person for leave to run a command; the other two stand at a hold of their name. */
function twoOfFourAsk(): void {
  const tasks = ['Task one.', 'Task two.', 'Task wait.', 'Task x.'];
  model.add({ chat: 'Do all', parts: [delegate(...tasks)] });
  for (const task of tasks.slice(0, 2)) {
    const file = task.replaceAll(/\W/g, '');
    model.add(child(task, call('bash', { command: `touch ${file}` })), child(task, hold(file), text('Done.')));
  }
  for (const task of tasks.slice(2)) model.add(child(task, hold(task), text('Done.')));
}

async function allow(chat: ChatSummary | undefined): Promise<void> {
  const asked = (await events(chat)).find((event) => event.type === 'ask');
  const ask = asked?.type === 'ask' ? asked.ask : '';
  const reply = await drover.request('POST', `/chat/${chat?.id}/answer`, { ask, answer: 'once' });
  expect(reply.status).toBe(200);
}

const went = async (chat: ChatSummary | undefined): Promise<boolean> =>
  (await events(chat)).some(({ type }) => type === 'turn.resumed');

it('those that are answered after a restart wait for a place like the others', async () => {
  twoOfFourAsk();
  const turn = startTurn(drover, { message: 'Do all of it.', agent_type: 'supervisor', asks: 'client' });
  await expect.poll(states).toEqual(['waiting', 'waiting', 'queued', 'queued']);
  drover.child.kill('SIGKILL');
  await expect(turn.end).rejects.toThrow();
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
  await model.reached('Task wait.');
  await model.reached('Task x.');
  const [one, two] = await children();
  await allow(one);
  await allow(two);
  expect(await Promise.all([went(one), went(two)])).toEqual([false, false]);
  model.release('Task wait.');
  await model.reached('Taskone');
  expect(await Promise.all([went(one), went(two)])).toEqual([true, false]);
  for (const held of ['Task x.', 'Taskone', 'Tasktwo']) model.release(held);
  await expect.poll(states).toEqual(['idle', 'idle', 'idle', 'idle']);
});

it('one that waits for a person whom nobody sees leaves its place to others, and stops with the whole', async () => {
  await drover.stop();
  drover = await startSupervisor(at, ['--model-endpoint', model.url], { DROVER_PARK_SECONDS: '0' });
  twoOfFourAsk();
  const body = { message: 'Do all of it.', session_id: 'parent', agent_type: 'supervisor', asks: 'client' as const };
  await submit(drover.discovery, { body, signal: AbortSignal.timeout(20_000) });
  await model.reached('Task wait.');
  await model.reached('Task x.');
  expect(await states()).toEqual(['waiting', 'waiting', 'running', 'running']);
  const [one] = await children();
  await allow(one);
  expect(await went(one)).toBe(false);
  model.release('Task wait.');
  await model.reached('Taskone');
  await drover.request('POST', '/chat/parent/cancel');
  await expect.poll(states).toEqual(['stopped', 'stopped', 'idle', 'stopped']);
});

it('a team that waits for a person keeps Drover no longer than a question does, and goes on when it is answered', async () => {
  await drover.stop();
  const background = { DROVER_PARK_SECONDS: '0', DROVER_IDLE_SECONDS: '1' };
  drover = await startSupervisor(at, ['--model-endpoint', model.url, '--background'], background);
  model.add(
    { chat: 'Do it', parts: [delegate('Task one.')] },
    child('Task one.', call('bash', { command: 'touch made' })),
    child('Task one.', text('It is made.')),
    { chat: 'Do it', parts: [text('Made.')] },
  );
  const body = { message: 'Do it.', session_id: 'parent', agent_type: 'supervisor', asks: 'client' as const };
  await submit(drover.discovery, { body, signal: AbortSignal.timeout(20_000) });
  await expect.poll(() => processesOf(at), { timeout: 10_000 }).toEqual([]);
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
  const [one] = await children();
  expect(one).toMatchObject({ state: 'waiting' });
  await allow(one);
  await ask('Go on.', 'supervisor', 'parent').end;
  expect(String(model.requests.at(-1)?.body.messages.at(-1)?.content)).toContain('It is made.');
});

it('what only looks has only looks done for it', async () => {
  const file = join(at.folder, 'config', 'agents', 'lead.md');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '---\ndescription: Leads.\ntools: [read, delegate]\nreadonly: true\n---\nYou lead.\n');
  model.add(
    { chat: 'Do it', parts: [delegate('Task one.')] },
    child('Task one.', call('file_write', { path: 'a.txt', content: 'x' })),
    child('Task one.', text('I may not.')),
    { chat: 'Do it', parts: [text('Not done.')] },
  );
  await ask('Do it.', 'lead').end;
  const [one] = await children();
  expect((await events(one)).find(({ type }) => type === 'tool.end')).toMatchObject({
    outcome: 'denied',
    text: expect.stringContaining('this agent only looks'),
  });
  expect(at.file('a.txt')).toBe('alpha\n');
});

it('what children changed counts for the chat that delegated, and what it changed for them', async () => {
  const lead = join(at.folder, 'config', 'agents', 'lead.md');
  mkdirSync(dirname(lead), { recursive: true });
  writeFileSync(lead, '---\ndescription: Leads.\ntools: [read, write, execute, delegate]\n---\nYou lead.\n');
  const answer = (id: string, question: string, said = 'once') =>
    drover.request('POST', `/chat/${id}/answer`, { ask: question, answer: said });
  const file = (path: string) => call('file_write', { path, content: '{}\n' });
  const test = call('bash', { command: 'npm test' });
  const make = call('bash', { command: 'make test' });
  model.add(
    { chat: 'Do it', parts: [file('Makefile')] },
    { chat: 'Do it', parts: [delegate('Task one.')] },
    child('Task one.', make),
    child('Task one.', file('package.json')),
    child('Task one.', text('Done.')),
    { chat: 'Do it', parts: [test] },
    { chat: 'Do it', parts: [text('All done.')] },
  );
  const turn = ask('Do it.', 'lead');
  const written = await turn.seen('ask');
  await answer(turn.id, written.ask);
  await turn.seen('child');
  const [one] = await children();
  const inChild = attach(drover, one?.id ?? '');
  const made = await inChild.seen('ask');
  expect(made.verdict.reason).toContain('It is asked because Makefile was changed in this chat');
  await answer(one?.id ?? '', made.ask, 'reject');
  const second = await inChild.seen('ask', (each) => each.ask !== made.ask);
  await answer(one?.id ?? '', second.ask);
  const tested = await turn.seen('ask', ({ effects: [effect] }) => effect?.kind === 'execute');
  expect(tested.verdict.reason).toContain('It is asked because package.json was changed in this chat');
  await answer(turn.id, tested.ask, 'reject');
  await turn.end;
  inChild.leave();
});

it('a fork of a child is a chat of the person: it is part of nothing, and does what its agent may', async () => {
  model.add(
    { chat: 'Look at it', parts: [delegate('Task one.')] },
    child('Task one.', text('It is alpha.')),
    { chat: 'Look at it', parts: [text('It is.')] },
    child('Task one.', call('file_edit', { path: 'a.txt', old_text: 'alpha', new_text: 'gamma' })),
    child('Task one.', text('Done.')),
  );
  const looker = join(at.folder, 'config', 'agents', 'looker.md');
  mkdirSync(dirname(looker), { recursive: true });
  writeFileSync(looker, '---\ndescription: Looks.\ntools: [read, delegate]\nreadonly: true\n---\nYou look.\n');
  await ask('Look at it.', 'looker').end;
  const [one] = await children();
  expect((await events(one))[0]).toMatchObject({ type: 'chat', readonly: true });
  const { json } = await drover.request('POST', `/chat/${one?.id}/fork`, {});
  const { id } = z.object({ id: z.string() }).parse(json);
  expect((await drover.chats()).find((chat) => chat.id === id)?.parent).toBeUndefined();
  const turn = startTurn(drover, { message: 'Make it gamma.', session_id: id });
  const { ask: question } = await turn.seen('ask');
  await drover.request('POST', `/chat/${id}/answer`, { ask: question, answer: 'once' });
  await turn.end;
  expect(at.file('a.txt')).toBe('gamma\n');
});

it('a no of the person counts in all of a team', async () => {
  const run = call('bash', { command: 'touch made.txt' });
  model.add(
    { chat: 'Do both', parts: [delegate('Task one.', 'Task two.')] },
    child('Task one.', run),
    child('Task two.', hold('two'), run),
    child('Task one.', text('I was not allowed.')),
    child('Task two.', text('Nor I.')),
    { chat: 'Do both', parts: [text('Not allowed.')] },
  );
  const turn = startTurn(drover, { message: 'Do both.', agent_type: 'supervisor', asks: 'client' });
  await model.reached('two');
  const [one, two] = await children();
  const asked = await attach(drover, one?.id ?? '').seen('ask');
  await drover.request('POST', `/chat/${one?.id}/answer`, { ask: asked.ask, answer: 'reject', reason: 'not in here' });
  model.release('two');
  await turn.end;
  expect((await events(two)).find(({ type }) => type === 'answer')).toMatchObject({
    by: 'team',
    answer: 'reject',
    reason: expect.stringContaining('in the chat “Task one.”'),
  });
});

it.each([
  ['command', call('bash', { command: 'rm a.txt' }), call('bash', { command: 'rm  "./a.txt"' })],
  [
    'file',
    call('file_edit', { path: 'a.txt', old_text: 'alpha', new_text: 'x' }),
    call('file_write', { path: './a.txt', content: 'y\n' }),
  ],
])('a no counts for the same %s also where it is written otherwise', async (_, once, again) => {
  model.add(
    { chat: 'Do both', parts: [delegate('Task one.', 'Task two.')] },
    child('Task one.', once),
    child('Task two.', hold('two'), call('file_read', { path: 'a.txt' })),
    child('Task two.', again),
    child('Task one.', text('I was not allowed.')),
    child('Task two.', text('Nor I.')),
    { chat: 'Do both', parts: [text('Not allowed.')] },
  );
  const turn = startTurn(drover, { message: 'Do both.', agent_type: 'supervisor', asks: 'client' });
  await model.reached('two');
  const [one, two] = await children();
  const asked = await attach(drover, one?.id ?? '').seen('ask');
  await drover.request('POST', `/chat/${one?.id}/answer`, { ask: asked.ask, answer: 'reject', reason: 'it must stay' });
  model.release('two');
  await attach(drover, two?.id ?? '').seen('ask');
  expect((await turn.end).at(-1)).toMatchObject({ reason: 'done' });
  expect((await events(two)).find(({ type }) => type === 'answer')).toMatchObject({ by: 'team', answer: 'reject' });
  expect(at.file('a.txt')).toBe('alpha\n');
});

it('an agent that there is not is said, and nothing is begun', async () => {
  model.add(reply(call('delegate', { tasks: ['coding: One.', 'painter: Two.'] })), reply(text('There is none.')));
  const end = (await ask('Do both.').end).find((event) => event.type === 'tool.end');
  expect(end).toMatchObject({ outcome: 'error', text: expect.stringContaining('There is no agent "painter".') });
  expect(await children()).toEqual([]);
});

it('where not all can be kept none is begun, and none is left for later', async () => {
  const long = 'x'.repeat(8000);
  model.add(
    { chat: 'Do both', parts: [hold('go'), delegate(`Task one. ${long}`, 'Task two.')] },
    { chat: 'Do both', parts: [text('The disk is full.')] },
  );
  const turn = ask('Do both.');
  await model.reached('go');
  // Room for the call, and not for what is said of its first child.
  const bytes = statSync(logPath(at.state, turn.id)).size + long.length + 5000;
  execFileSync('prlimit', ['--pid', String(drover.child.pid), `--fsize=${bytes}:unlimited`]);
  model.release('go');
  const end = (await turn.end).find((event) => event.type === 'tool.end');
  expect(end).toMatchObject({ outcome: 'error', text: expect.stringContaining('cannot be written (EFBIG)') });
  expect(await children()).toEqual([]);
  expect(readdirSync(join(at.state, 'chats'))).toHaveLength(1);
});

it('who has been given a part does it, and gives it to nobody', async () => {
  model.add(
    { chat: 'Do it', parts: [call('delegate', { tasks: ['supervisor: Task one.'] })] },
    child('Task one.', delegate('Task of a task.')),
    child('Task one.', text('Then I do it myself.')),
    { chat: 'Do it', parts: [text('Done.')] },
  );
  await ask('Do it.').end;
  const [one] = await children();
  expect((await events(one)).find(({ type }) => type === 'tool.end')).toMatchObject({
    outcome: 'denied',
    text: expect.stringContaining('may not call delegate'),
  });
  expect(await children()).toHaveLength(1);
});

it('when Drover is stopped, no task that waits is taken up before it ends', async () => {
  model.add(
    { chat: 'Do all', parts: [delegate('Task one.', 'Task two.', 'Task wait.')] },
    child('Task one.', hold('one'), text('never')),
    child('Task two.', hold('two'), text('never')),
    child('Task wait.', text('Done after all.')),
  );
  const turn = ask('Do all three.');
  await model.reached('one');
  await model.reached('two');
  await drover.stop();
  await turn.end.catch(() => undefined);
  expect(model.requests).toHaveLength(3);
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
  await expect.poll(states).toEqual(['failed', 'failed', 'idle']);
  const [, , waited] = await children();
  expect(await drover.said(waited?.id ?? '')).toContain('Done after all.');
});

it('when Drover is killed, children keep their task and do it after the restart', async () => {
  model.add(
    { chat: 'Do all', parts: [delegate('Task one.', 'Task two.', 'Task wait.')] },
    child('Task one.', hold('one'), text('never')),
    child('Task two.', hold('two'), text('never')),
    child('Task wait.', text('Done after all.')),
  );
  const turn = ask('Do all three.');
  await model.reached('one');
  await model.reached('two');
  drover.child.kill('SIGKILL');
  await turn.end.catch(() => undefined);
  await drover.stop();
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
  await expect.poll(states, { timeout: 5000 }).toEqual(['failed', 'failed', 'idle']);
  const [, , waited] = await children();
  expect(await drover.said(waited?.id ?? '')).toContain('Done after all.');
});

async function events(chat: ChatSummary | undefined): Promise<LoggedEvent[]> {
  const { json } = await drover.request('GET', `/chat/${chat?.id}/export?format=json`);
  return json['events'] as unknown as LoggedEvent[];
}
