import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../../src/common/events.ts';
import { call as request } from '../../src/node/client.ts';
import { runFolder, runMark } from '../../src/node/discovery.ts';
import { marked } from '../../src/node/marks.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, hold, reply, text } from '../support/modelServer/script.ts';
import { type Place, place, processesOf, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';

/** `drover ask` and `drover replay` at a real terminal, as the readme has it run: through npm's script and Node's wrapper. */

let at: Place;
let model: ModelServer;
let drover: Running;
let terminal: ChildProcess;
let screen: string;

beforeEach(async () => {
  at = place({ 'a.txt': 'alpha\n' });
  model = await startModelServer({});
  drover = await startSupervisor(at, ['--model-endpoint', model.url, '--edits', 'ask']);
});
afterEach(async () => {
  terminal.kill('SIGKILL');
  await drover.stop();
  await model.close();
  expect(processesOf(at)).toEqual([]);
  at.dispose();
});

function ask(message: string, agent = 'coding'): void {
  atTerminal(`ask --session s --agent ${agent} --workspace ${at.workspace} "${message}"`);
}

function atTerminal(args: string): void {
  const root = join(import.meta.dirname, '..', '..');
  const command = `cd ${root} && exec node scripts/node.mjs dist/cli.js ${args}`;
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
  model.add(reply(call('bash', { command: 'echo started; /bin/sleep 300' })));
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

it.each(['SIGTERM', 'SIGHUP'] as const)('%s stops the turn as Ctrl+C does', async (signal) => {
  model.add(reply(call('file_write', { path: 'b.txt', content: 'beta' })), reply(text('Never.')));
  ask('Write.');
  await shows('Allow once');
  const exit = once(terminal, 'exit');
  const [asking] = processesOf(at).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('cli.js\0ask'),
  );
  process.kill(asking ?? 0, signal);
  await exit;
  expect(await lastTurn()).toBe('stopped');
  expect(model.left).toHaveLength(1);
});

it('a supervisor that does not answer holds nobody', async () => {
  model.add(reply(hold('long'), text('Done at last.')));
  ask('Take your time.');
  await model.reached('long');
  const { pid } = drover.discovery;
  process.kill(pid, 'SIGSTOP');
  const exit = once(terminal, 'exit');
  type('\u0003');
  await exit;
  process.kill(pid, 'SIGCONT');
  expect(screen).toContain('The supervisor does not answer');
  model.release('long');
});

it('says that another turn has not ended; Ctrl+C takes the message back, and that turn goes on', async () => {
  model.add(reply(hold('long'), text('Done at last.')));
  const other = startTurn(drover, { message: 'Take your time.', session_id: 's' });
  await model.reached('long');
  ask('And this?');
  await shows('the message waits for it');
  const exit = once(terminal, 'exit');
  type('\u0003');
  expect(await exit).toEqual([1, null]);
  expect(screen).toContain('The message was taken back.');
  model.release('long');
  expect((await other.end).at(-1)).toMatchObject({ type: 'turn.end', reason: 'done' });
  expect(await lastTurn()).not.toBe('stopped');
});

it('shows what is asked, and takes more than yes and no', async () => {
  model.add(
    reply(call('bash', { command: 'mkdir {one,two}' })),
    reply(call('bash', { command: 'rm a.txt' })),
    reply(call('bash', { command: 'mkdir -p three' })),
    reply(call('bash', { command: 'mkdir -p four' })),
    reply(text('All is done.')),
  );
  ask('Tidy up.');
  await shows('The shell makes of it: mkdir one two');
  expect(screen).toContain('The coding agent asks, for your message: “Tidy up.”');
  await shows('c for this chat');
  type('c\r');
  await shows('It cannot be allowed for good: what it removes or writes over cannot be brought back.');
  await shows(/rm a\.txt[^]*Allow once\? \[y\/N, c for this chat, r no, with a reason\]/);
  type('r\r');
  await shows('Why, or what instead?');
  type('keep it\r');
  await shows('Always would cover, in this folder: mkdir -p ‹file›');
  await shows(/mkdir -p three[^]*Allow once/);
  const exit = once(terminal, 'exit');
  type('a\r');
  expect(await exit).toEqual([0, null]);
  expect(screen).toContain('Denied: keep it');
  expect(at.file('a.txt')).toBe('alpha\n');
  expect(['one', 'two', 'three', 'four'].map((name) => existsSync(join(at.workspace, name)))).toEqual(
    Array.from({ length: 4 }, () => true),
  );
});

it('asks for a part of the work that another chat does', async () => {
  model.add(
    { chat: 'Do it', parts: [call('delegate', { tasks: ['coding: Make a file.'] })] },
    { chat: 'Make a file', parts: [call('bash', { command: 'touch made' })] },
    { chat: 'Make a file', parts: [text('It is made.')] },
    { chat: 'Do it', parts: [text('All is done.')] },
  );
  ask('Do it.', 'supervisor');
  await shows(/Make a file\. · coding: .*touch made/);
  await shows('Allow once');
  const exit = once(terminal, 'exit');
  type('y\r');
  expect(await exit).toEqual([0, null]);
  expect(screen).toContain('All is done.');
  expect(at.file('made')).toBe('');
  const part = (await drover.chats()).find(({ parent }) => parent !== undefined);
  const { json } = await drover.request('GET', `/chat/${part?.id}/audit`);
  expect(json).toMatchObject({
    parent: part?.parent,
    decisions: [{ state: 'approved', approver: { by: 'person', client: { kind: 'cli' } } }],
  });
});

it('an answer from elsewhere ends the question', async () => {
  model.add(reply(call('bash', { command: 'touch made' })), reply(text('It is made.')));
  ask('Make it.');
  await shows('Allow once');
  const exit = once(terminal, 'exit');
  const log = await request(drover.discovery, 'chatExport', {
    id: 's',
    query: { format: 'json' },
    signal: AbortSignal.timeout(5000),
  });
  const { events } = JSON.parse(log) as { events: LoggedEvent[] };
  const asked = events.flatMap((event) => (event.type === 'ask' ? [event.ask] : []));
  await drover.request('POST', '/chat/s/answer', { ask: asked[0], answer: 'once' });
  expect(await exit).toEqual([0, null]);
  expect(screen).toContain('answered elsewhere');
  expect(screen).toContain('It is made.');
});

describe('a pause', () => {
  beforeEach(() => {
    const policies = join(at.folder, 'config', 'policies');
    mkdirSync(policies, { recursive: true });
    const judge = `() => ({ grade: 'pause', evidence: 'It must be decided.', say: 'Wait.' })`;
    const policy = `export default { name: 'p', rule: 'r', on: ['tool.end'], judge: ${judge} };`;
    writeFileSync(join(policies, 'p.mjs'), policy);
    model.add(reply(call('file_read', { path: 'a.txt' })), reply(text('It says alpha.')));
  });

  it('is shown, and a yes lifts it', async () => {
    ask('Look.');
    await shows('It must be decided.');
    await shows('Go on?');
    const exit = once(terminal, 'exit');
    type('y\r');
    expect(await exit).toEqual([0, null]);
    expect(screen).toContain('It says alpha.');
  });

  it('is shown, and a no stops the turn', async () => {
    ask('Look.');
    await shows('Go on?');
    const exit = once(terminal, 'exit');
    type('n\r');
    await exit;
    expect(await lastTurn()).toBe('stopped');
    expect(model.left).toHaveLength(1);
  });
});

describe('a recorded chat', () => {
  beforeEach(async () => {
    model.add(reply(text('Fine.')));
    await startTurn(drover, { message: 'Hello.', session_id: 'r' }).end;
    atTerminal('replay r');
    await shows(/\(1 of \d+, Enter goes on, q ends\)/);
  });

  it('is gone through by single keys, to its end', async () => {
    const exit = once(terminal, 'exit');
    type('\r');
    await shows(/\(2 of \d+/);
    type('\r'.repeat(40));
    expect(await exit).toEqual([0, null]);
    expect(screen).toContain('Fine.');
  });

  it.each([
    ['q', 'q'],
    ['Ctrl+C', '\u0003'],
    ['Ctrl+D', '\u0004'],
  ])('is left with %s, quietly', async (_, key) => {
    const exit = once(terminal, 'exit');
    type(key);
    expect(await exit).toEqual([0, null]);
    expect(screen.trimEnd()).toMatch(/q ends\)$/);
    expect(screen).not.toContain('(2 of');
  });
});
