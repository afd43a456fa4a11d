import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOL } from '../../src/common/protocol.ts';
import { call as request } from '../../src/node/client.ts';
import { bubblewrapFolder } from '../support/installedBubblewrap.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, reply, text } from '../support/modelServer/script.ts';
import {
  cli,
  type Place,
  place,
  processesOf,
  type Running,
  startSupervisor,
  startTurn,
} from '../support/supervisor.ts';

/** What `drover explain` and `drover sandbox` know of the person's own choices. */

let managed: string;
let at: Place;
let model: ModelServer;
let drover: Running | undefined;

beforeAll(async () => {
  managed = await bubblewrapFolder();
}, 120_000);
beforeEach(async () => {
  at = place({ 'package.json': '{ "scripts": { "test": "true" } }' });
  model = await startModelServer({});
});
afterEach(async () => {
  await drover?.stop();
  drover = undefined;
  await model.close();
  for (const pid of processesOf(at)) process.kill(pid, 'SIGKILL');
  at.dispose();
});

const config = (): string => join(at.folder, 'config');
const environment = (more: Record<string, string>) => ({
  PATH: process.env['PATH'],
  HOME: join(at.folder, 'home'),
  DROVER_STATE: at.state,
  DROVER_CONFIG: config(),
  DROVER_MANAGED: managed,
  DROVER_OFFLINE: '1',
  ...more,
});

function command(args: string[], more: Record<string, string> = {}, input = '') {
  const ran = spawnSync(process.execPath, [cli, ...args], {
    input,
    cwd: at.workspace,
    encoding: 'utf8',
    env: environment(more),
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

function configured(value: object): void {
  mkdirSync(config(), { recursive: true });
  writeFileSync(join(config(), 'config.json'), JSON.stringify(value));
}

describe('what the person always allows', () => {
  beforeEach(async () => {
    model.add(reply(call('bash', { command: 'mkdir -p one' })), reply(text('Done.')));
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    const turn = startTurn(drover, { message: 'Make one.' });
    const { ask, hash } = await turn.seen('ask');
    await drover.request('POST', `/chat/${turn.id}/answer`, { ask, hash, answer: 'always' });
    await turn.end;
    await drover.stop();
  });

  it('is said to be allowed, in that folder, unless it is to be left out', () => {
    const off = { DROVER_SANDBOX: 'off' };
    const kept = readFileSync(join(config(), 'config.json'), 'utf8');
    const verdict = command(['explain', 'mkdir -p two'], off);
    expect(verdict).toMatchObject({ code: 0, err: '' });
    expect(verdict.out).toMatch(/^allow \(grant\.always\): You always allow this in this folder: mkdir -p ‹file›/);
    const line = JSON.stringify({ tool: 'bash', args: { command: 'mkdir -p two' } });
    expect(JSON.parse(command(['explain', '--stdin'], off, line).out)).toMatchObject({ rule: 'grant.always' });
    expect(command(['explain', '--no-grants', 'mkdir -p two'], off)).toMatchObject({ code: 3 });
    expect(command(['explain', '--config', at.folder, 'mkdir -p two'], off)).toMatchObject({ code: 3 });
    expect(command(['explain', '--workspace', at.folder, 'mkdir -p two'], off)).toMatchObject({ code: 3 });
    // A denial is never softened, and another program is asked about.
    expect(command(['explain', 'mkdir -p /two'], off)).toMatchObject({ code: 4 });
    expect(command(['explain', 'touch two'], off)).toMatchObject({ code: 3 });
    expect(readFileSync(join(config(), 'config.json'), 'utf8')).toBe(kept);
  });
});

describe.skipIf(process.platform === 'win32')('a sandbox that works and is switched off', () => {
  const test = ['explain', 'npm test'];

  it('is said to be: by the environment', () => {
    expect(command(['sandbox'])).toMatchObject({ code: 0, out: expect.stringContaining('Commands can be shut in') });
    expect(command(['sandbox']).out).toContain('drover.sandbox');
    expect(command(test)).toMatchObject({ code: 0 });
    const off = command(['sandbox'], { DROVER_SANDBOX: 'off' });
    expect(off).toMatchObject({ code: 1, out: expect.stringContaining('it is switched off: DROVER_SANDBOX is off') });
    const asked = command(test, { DROVER_SANDBOX: 'off' });
    expect(asked).toMatchObject({ code: 3, out: expect.stringContaining('switched off: DROVER_SANDBOX is off') });
    const wrong = { code: 2, err: expect.stringContaining('DROVER_SANDBOX is banana; it can be auto or off.') };
    expect(command(['sandbox'], { DROVER_SANDBOX: 'banana' })).toMatchObject(wrong);
    expect(command(test, { DROVER_SANDBOX: 'banana' })).toMatchObject(wrong);
  });

  it('by the configuration', () => {
    configured({ sandbox: 'off' });
    const file = join(config(), 'config.json');
    expect(command(['sandbox'])).toMatchObject({ code: 1, out: expect.stringContaining(file) });
    expect(command(test)).toMatchObject({ code: 3, out: expect.stringContaining(file) });
    // What the environment says comes first.
    expect(command(['sandbox'], { DROVER_SANDBOX: 'auto' })).toMatchObject({ code: 0 });
  });

  it('by the editor, as a supervisor that runs knows', async () => {
    drover = await startSupervisor(at, ['--model-endpoint', model.url], { DROVER_SANDBOX: 'auto' });
    expect(command(['sandbox'])).toMatchObject({ code: 0 });
    const settings = { sandbox: 'off' as const };
    const body = { kind: 'vscode' as const, protocol: PROTOCOL, build: 'test', settings };
    await request(drover.discovery, 'hello', { body, signal: AbortSignal.timeout(10_000) });
    expect(command(['sandbox'])).toMatchObject({ code: 1, out: expect.stringContaining('drover.sandbox') });
    expect(command(test)).toMatchObject({ code: 3, out: expect.stringContaining('drover.sandbox') });
    expect(command(['explain', '--sandbox', 'on', 'npm test'])).toMatchObject({ code: 0 });
  });

  it('for this command line alone, beside a supervisor that was started otherwise and is the one that counts', async () => {
    drover = await startSupervisor(at, ['--model-endpoint', model.url], { DROVER_SANDBOX: 'auto' });
    expect(command(['sandbox'], { DROVER_SANDBOX: 'off' })).toMatchObject({ code: 0 });
    expect(command(test, { DROVER_SANDBOX: 'off' })).toMatchObject({ code: 0 });
    await drover.stop();
    drover = await startSupervisor(at, ['--model-endpoint', model.url], { DROVER_SANDBOX: 'off' });
    expect(command(['sandbox'])).toMatchObject({ code: 1, out: expect.stringContaining('when it was started') });
  });
});

describe('what is wrong with a call', () => {
  it.each([
    [['explain', ''], 'The command is empty.'],
    [['explain', '   '], 'The command is empty.'],
    [['explain', '--tool', 'bash', '--args', '{"command"'], '--args is no JSON object'],
    [['explain', '--tool', 'bash', '--args', '[1]'], '--args is no JSON object'],
    [['explain', '--tool', 'bash', '--args', 'null'], '--args is no JSON object'],
  ])('is said as elsewhere: %j', (args, words) => {
    const said = command(args, { DROVER_SANDBOX: 'off' });
    expect(said).toMatchObject({ code: 2, out: '', err: expect.stringContaining(words) });
    expect(said.err).toContain('drover explain --help');
  });

  it.each([
    [['explain', 'ls', '-la'], 'A command goes in quotes, as one argument.'],
    [['explain', '--home', 'package.json', 'ls'], 'package.json is no folder.'],
    [['explain', '--workspace', 'nowhere', 'ls'], 'nowhere is no folder.'],
    [['explain', '--state', 'nowhere', 'ls'], 'nowhere, and there is no such folder.'],
    [['explain', '--config', 'package.json', 'ls'], 'package.json, and there is no such folder.'],
    [['sandbox', '--state', 'package.json'], 'package.json, and there is no such folder.'],
    [['sandbox', '--config', 'nowhere'], 'nowhere, and there is no such folder.'],
  ])('as a folder or a command is, before anything is answered: %j', (args, words) => {
    const said = command(args);
    expect(said).toMatchObject({ code: 2, out: '', err: expect.stringContaining(words) });
    expect(said.err).toContain(`drover ${args[0]} --help`);
  });

  it.each([[['explain', 'ls']], [['sandbox']], [['grants']]])(
    'as a config.json that nobody can read is: %j',
    (args) => {
      mkdirSync(config(), { recursive: true });
      writeFileSync(join(config(), 'config.json'), '{ "sandbox": "of');
      const said = command(args);
      expect(said).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining('config.json cannot be understood'),
      });
    },
  );
});

describe('what was written to config.json by hand while a supervisor runs', () => {
  const grants = async (more: object): Promise<void> => {
    model.add(reply(call('bash', { command: 'mkdir -p one' })), reply(text('Done.')));
    const turn = startTurn(drover as Running, { message: 'Make one.' });
    const { ask, hash } = await turn.seen('ask');
    const { status } = await (drover as Running).request('POST', `/chat/${turn.id}/answer`, {
      ask,
      hash,
      answer: 'always',
    });
    expect(status).toBe('status' in more ? more.status : 200);
    if (status !== 200) await (drover as Running).request('POST', `/chat/${turn.id}/cancel`);
    await turn.end;
  };

  it('stays there when Drover keeps something in it', async () => {
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    configured({ edits: 'ask', engine: { slots: 3 }, mine: [1] });
    await grants({});
    const kept = JSON.parse(readFileSync(join(config(), 'config.json'), 'utf8'));
    expect(kept).toMatchObject({
      edits: 'ask',
      engine: { slots: 3 },
      mine: [1],
      grants: [{ words: expect.stringContaining('mkdir -p') }],
    });
  });

  it('stays there too where it cannot be understood, which is said', async () => {
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    mkdirSync(config(), { recursive: true });
    writeFileSync(join(config(), 'config.json'), '{ "edits": "as');
    await grants({ status: 400 });
    expect(readFileSync(join(config(), 'config.json'), 'utf8')).toBe('{ "edits": "as');
  });
});

describe('a state folder', () => {
  it.each([['chats'], ['audit', 'verify', '--all'], ['audit', 'verify', 'x'], ['audit', 'x'], ['replay', 'x']])(
    'that is not there, or none, is said: %j',
    (...args) => {
      const missing = command([...args, '--state', join(at.folder, 'nowhere')]);
      expect(missing).toMatchObject({ code: 1, out: '', err: expect.stringContaining('There is no state folder') });
      const file = join(at.workspace, 'package.json');
      expect(command([...args, '--state', file])).toMatchObject({ code: 1, out: '' });
      expect(command([...args, '--state', file]).err).toMatch(/package\.json is no folder\. [^\n]+\n$/);
    },
  );

  it.each([['policy', 'test', 'budget'], ['status'], ['stop'], ['grants']])('that is a file, too: %j', (...args) => {
    const said = command([...args, '--state', join(at.workspace, 'package.json')]);
    expect(said.code).toBe(1);
    expect(said.err).toMatch(/^[^\n]*package\.json is no folder\. [^\n]+\n$/);
  });
});

describe('an output that nobody reads any more', () => {
  it('ends a command quietly', async () => {
    const args = ['explain', '--stdin'];
    const child = spawn(process.execPath, [cli, ...args], { env: environment({ DROVER_SANDBOX: 'off' }) });
    let said = '';
    child.stderr.on('data', (data) => (said += String(data)));
    const ended = once(child, 'close');
    child.stdin.on('error', () => undefined);
    child.stdout.destroy();
    const line = `${JSON.stringify({ tool: 'bash', args: { command: 'ls' } })}\n`;
    child.stdin.end(line.repeat(2000));
    await ended;
    expect(said).toBe('');
  });

  it('does not end a supervisor', async () => {
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    drover.child.stdout?.destroy();
    drover.child.stderr?.destroy();
    expect(await drover.stop()).toBe(0);
  });
});
