import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { transcriptOf } from '../../src/common/eventLines.ts';
import { runFolder } from '../../src/node/discovery.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, reply, text } from '../support/modelServer/script.ts';
import {
  attach,
  type Place,
  place,
  processesOf,
  type Running,
  startSupervisor,
  startTurn,
  type Turn,
} from '../support/supervisor.ts';

/** What comes while a command runs that would take long: it reads a pipe that nobody writes to before the test does. */

let at: Place;
let model: ModelServer;
let drover: Running;
let turn: Turn;

beforeEach(async () => {
  at = place();
  execFileSync('mkfifo', [join(at.workspace, 'pipe')]);
  const folder = join(at.folder, 'config', 'policies');
  mkdirSync(folder, { recursive: true });
  // Whatever a person says while the command runs, with the grade that it names.
  writeFileSync(
    join(folder, 'listens.mjs'),
    `export default {
      name: 'listens', rule: 'Somebody says so.', on: ['inbox.put'],
      judge: ({ text }) => /^(pause|stop)$/.test(text) ? { grade: text, evidence: 'It was said.', say: 'So be it.' } : undefined,
    };`,
  );
  model = await startModelServer({
    script: [
      reply(call('bash', { command: 'cat pipe' })),
      reply(call('bash', { command: 'touch after.txt' })),
      reply(text('Done.')),
    ],
  });
  await start();
  turn = startTurn(drover, { message: 'Wait for it.' });
  await turn.seen('tool.start');
});

afterEach(async () => {
  await drover.stop();
  await model.close();
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  at.dispose();
});

async function start(): Promise<void> {
  drover = await startSupervisor(at, ['--model-endpoint', model.url, '--auto-approve']);
}

/** The pause stands, and what the command has done is not known. */
async function decideAfterLoss(interjection: string): Promise<void> {
  const all = attach(drover, turn.id);
  await all.seen('turn.parked');
  expect((await drover.chats())[0]).toMatchObject({ state: 'waiting', detail: expect.stringContaining('paused') });
  expect(all.events.filter(({ type }) => type === 'user')).toHaveLength(1);
  expect(all.events.findLast((event) => event.type === 'tool.end')).toMatchObject({ outcome: 'unknown' });
  expect(model.requests).toHaveLength(1);
  await drover.request('POST', `/chat/${turn.id}/interjection`, { interjection, answer: 'continue' });
  expect(await all.seen('turn.end')).toMatchObject({ turn: 1, reason: 'done' });
  all.leave();
  expect(String(model.requests[1]?.body.messages.at(-1)?.content)).toContain('Outcome unknown');
  expect(at.file('after.txt')).toBe('');
}

const say = (message: string, lane: 'steer' | 'follow-up') =>
  drover.request('POST', `/chat/${turn.id}`, { message, lane });
const finish = (): void => writeFileSync(join(at.workspace, 'pipe'), 'It has come.\n');

it('a steer lands behind the result, and what is queued after the turn', async () => {
  model.add(reply(text('That too.')));
  await say('Make it quick.', 'steer');
  await say('And then?', 'follow-up');
  finish();
  await expect(transcriptOf(await turn.end)).toMatchFileSnapshot('golden/steer-long-command.txt');
  expect(String(model.requests[1]?.body.messages.at(-1)?.content)).toMatch(
    /It has come\.[^]+The person says now: Make it quick\./,
  );
  await expect
    .poll(() => model.requests.at(-1)?.body.messages.at(-1))
    .toMatchObject({ role: 'user', content: 'And then?' });
});

it('a pause lets the command end, and nothing else begins until the person says so', async () => {
  await say('pause', 'follow-up');
  const paused = await turn.seen('interjection');
  finish();
  await turn.seen('tool.end');
  expect((await drover.chats())[0]).toMatchObject({ state: 'waiting', detail: expect.stringContaining('paused') });
  expect(model.requests).toHaveLength(1);
  await drover.request('POST', `/chat/${turn.id}/interjection`, {
    interjection: paused.interjection,
    answer: 'continue',
  });
  await expect(transcriptOf(await turn.end)).toMatchFileSnapshot('golden/pause-long-command.txt');
  expect(at.file('after.txt')).toBe('');
});

it('a pause while it runs outlives Drover: the queue waits, and what the command did is not known', async () => {
  model.add(reply(text('So it is.')));
  await say('pause', 'follow-up');
  const { interjection } = await turn.seen('interjection');
  drover.child.kill('SIGKILL');
  await turn.end.catch(() => undefined);
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  await start();
  await decideAfterLoss(interjection);
});

it('a pause while it runs outlives the agent that runs it', async () => {
  model.add(reply(text('So it is.')));
  await say('pause', 'follow-up');
  const { interjection } = await turn.seen('interjection');
  const file = join(runFolder(at.state), 'agent_pids.json');
  const [agent] = z.array(z.object({ pid: z.int() })).parse(JSON.parse(readFileSync(file, 'utf8')));
  process.kill(agent?.pid ?? 0, 'SIGKILL');
  await decideAfterLoss(interjection);
});

it('a stop ends the command, with everything below it', async () => {
  await say('stop', 'follow-up');
  await expect(transcriptOf(await turn.end)).toMatchFileSnapshot('golden/stop-long-command.txt');
  await expect.poll(() => execFileSync('ps', ['-eo', 'args']).toString()).not.toContain('cat pipe');
  expect(() => at.file('after.txt')).toThrow('ENOENT');
});
