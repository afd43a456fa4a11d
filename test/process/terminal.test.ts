import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runFolder, runMark } from '../../src/node/discovery.ts';
import { marked } from '../../src/node/spawn.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, reply, text } from '../support/modelServer/script.ts';
import { type Place, place, processesOf, type Running, startSupervisor } from '../support/supervisor.ts';

/** `drover ask` at a real terminal, as the readme has it run: through npm's script and Node's wrapper. */

let at: Place;
let model: ModelServer;
let drover: Running;
let terminal: ChildProcess;
let screen: string;

beforeEach(async () => {
  at = place({ 'a.txt': 'alpha\n' });
  model = await startModelServer({});
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
});
afterEach(async () => {
  terminal.kill('SIGKILL');
  await drover.stop();
  await model.close();
  expect(processesOf(at)).toEqual([]);
  at.dispose();
});

function ask(message: string): void {
  const root = join(import.meta.dirname, '..', '..');
  const command = `cd ${root} && exec node scripts/node.mjs dist/cli.js ask --session s --workspace ${at.workspace} "${message}"`;
  screen = '';
  terminal = spawn('script', ['-qefc', command, '/dev/null'], {
    env: { ...process.env, DROVER_STATE: at.state, DROVER_CONFIG: join(at.folder, 'config') },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  terminal.stdout?.on('data', (data) => (screen += String(data)));
}

const shows = (words: string | RegExp): Promise<void> => expect.poll(() => screen, { timeout: 15_000 }).toMatch(words);
const type = (keys: string): void => void terminal.stdin?.write(keys);
/** What the supervisor has started; the programs of the terminal are not among it. */
const started = (): number[] => marked(runMark(runFolder(at.state)));
const lastTurn = async (): Promise<string | undefined> => (await drover.chats())[0]?.state;

it('asks before it runs something; Ctrl+C then stops the turn and the command', async () => {
  model.add(reply(call('bash', { command: 'echo started; sleep 300' })));
  ask('Wait.');
  await shows('Allow once');
  const exit = once(terminal, 'exit');
  type('y\r');
  // The agent and what it runs (the shell becomes its last command); until then the terminal may still belong to the question.
  await expect.poll(() => started().length, { timeout: 15_000 }).toBeGreaterThanOrEqual(2);
  type('\u0003');
  await exit;
  expect(await lastTurn()).toBe('stopped');
  expect(screen).not.toContain('mistake');
  await expect.poll(() => processesOf(at).length, { timeout: 5000 }).toBeLessThanOrEqual(2);
});

it('Ctrl+C right behind an answer counts', async () => {
  model.add(reply(call('bash', { command: 'touch made; sleep 300' })));
  ask('Wait.');
  await shows('Allow once');
  const exit = once(terminal, 'exit');
  type('y\r\u0003');
  await exit;
  expect(await lastTurn()).toBe('stopped');
  expect(() => at.file('made')).toThrow();
});

it('Ctrl+C at the question is no answer: the turn is stopped, nothing runs', async () => {
  model.add(reply(call('file_write', { path: 'b.txt', content: 'beta' })), reply(text('Never.')));
  ask('Write.');
  await shows('Allow once');
  const exit = once(terminal, 'exit');
  type('\u0003');
  await exit;
  expect(await lastTurn()).toBe('stopped');
  expect(screen).not.toContain('mistake');
  expect(() => at.file('b.txt')).toThrow();
  expect(model.left).toHaveLength(1);
});
