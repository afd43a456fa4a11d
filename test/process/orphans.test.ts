import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { runFolder } from '../../src/node/discovery.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, reply, text } from '../support/modelServer/script.ts';
import { leaving, stayers, staying, writtenIn } from '../support/stayers.ts';
import { type Place, place, processesOf, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';

/** All ways of staying at once, by a command that goes on itself. */
const all = stayers.reduce((sum, { count }) => sum + count, 0);
const command = `${leaving({
  name: 'all',
  script: stayers.map(({ script }) => script).join('\n'),
  count: all,
})}\ntouch ready\nsleep 300`;

let at: Place;
let model: ModelServer;
let drover: Running;

beforeEach(async () => {
  at = place();
  model = await startModelServer({ script: [reply(call('bash', { command })), reply(text('Done.'))] });
  drover = await startSupervisor(at, ['--model-endpoint', model.url, '--auto-approve']);
});

afterEach(async () => {
  await drover.stop();
  await model.close();
  for (const pid of staying(at.workspace)) process.kill(pid, 'SIGKILL');
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  at.dispose();
});

function agentPid(): number {
  const file = join(runFolder(at.state), 'agent_pids.json');
  const [agent] = z.array(z.object({ pid: z.int() })).parse(JSON.parse(readFileSync(file, 'utf8')));
  return agent?.pid ?? 0;
}

it.each([
  ['its turn is stopped', (id: string) => drover.request('POST', `/chat/${id}/cancel`, {})],
  ['its agent is killed', () => process.kill(agentPid(), 'SIGKILL')],
  ['the supervisor is killed', () => drover.child.kill('SIGKILL')],
  ['the supervisor is asked to end', () => drover.child.kill('SIGTERM')],
])('three seconds after %s nothing of a command is left, wherever it went', async (_, kill) => {
  const turn = startTurn(drover, { message: 'Leave something.' });
  void turn.end.catch(() => undefined);
  await expect.poll(() => existsSync(join(at.workspace, 'ready')), { timeout: 20_000 }).toBe(true);
  expect(staying(at.workspace)).toHaveLength(all);
  await kill(turn.id);
  await expect.poll(() => staying(at.workspace), { timeout: 3000, interval: 50 }).toEqual([]);
  expect(writtenIn(at.workspace)).toHaveLength(all);
});

it('what was left when agent and supervisor were killed at once is ended by the next', async () => {
  const turn = startTurn(drover, { message: 'Leave something.' });
  void turn.end.catch(() => undefined);
  await expect.poll(() => existsSync(join(at.workspace, 'ready')), { timeout: 20_000 }).toBe(true);
  process.kill(agentPid(), 'SIGKILL');
  drover.child.kill('SIGKILL');
  await drover.stop();
  expect(staying(at.workspace)).not.toEqual([]);
  drover = await startSupervisor(at, ['--model-endpoint', model.url, '--auto-approve']);
  expect(staying(at.workspace)).toEqual([]);
});
