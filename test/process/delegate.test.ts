import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { LoggedEvent } from '../../src/common/events.ts';
import type { ChatSummary } from '../../src/common/protocol.ts';
import { transcriptOf } from '../../src/common/eventLines.ts';
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
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
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
const ask = (message: string, agent = 'supervisor') => startTurn(drover, { message, agent_type: agent });

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

it('an agent that there is not is said, and nothing is begun', async () => {
  model.add(reply(call('delegate', { tasks: ['coding: One.', 'painter: Two.'] })), reply(text('There is none.')));
  const end = (await ask('Do both.').end).find((event) => event.type === 'tool.end');
  expect(end).toMatchObject({ outcome: 'error', text: expect.stringContaining('There is no agent "painter".') });
  expect(await children()).toEqual([]);
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
