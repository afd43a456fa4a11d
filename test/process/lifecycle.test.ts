import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { attachOrStart, readDiscovery, runFolder } from '../../src/node/discovery.ts';
import { PROTOCOL } from '../../src/common/protocol.ts';
import { call as request, stream } from '../../src/node/client.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, deltas, hold, reply, text } from '../support/modelServer/script.ts';
import {
  cli,
  type Place,
  place,
  processesOf,
  run,
  type Running,
  startSupervisor,
  startTurn,
} from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
beforeEach(async () => {
  at = place({ 'a.txt': 'alpha\n' });
  model = await startModelServer({});
});
afterEach(async () => {
  for (const pid of processesOf(at)) process.kill(pid, 'SIGKILL');
  await model.close();
  at.dispose();
});

const endpoint = (): string[] => ['--model-endpoint', model.url];

async function ended(
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const { child, output } = run(at, args, environment);
  await once(child, 'close');
  return { code: child.exitCode, output: output() };
}

describe('one supervisor', () => {
  it('a second one says where the first is, and leaves', async () => {
    const drover = await startSupervisor(at, endpoint());
    const second = await ended(['serve']);
    expect(second).toMatchObject({ code: 1, output: expect.stringContaining(drover.url) });
    expect(await drover.stop()).toBe(0);
    expect(readDiscovery(runFolder(at.state))).toBeUndefined();
  });

  it('of many that start at once exactly one stays', async () => {
    const starts = Array.from({ length: 6 }, () => run(at, ['serve']));
    await expect.poll(() => starts.filter(({ child }) => child.exitCode === 1).length, { timeout: 20_000 }).toBe(5);
    const staying = starts.filter(({ child }) => child.exitCode === null);
    expect(staying).toHaveLength(1);
    await expect.poll(() => staying[0]?.output()).toMatch(/^listening \d+$/m);
    for (const { child } of starts)
      if (child.exitCode !== 1) expect(child.pid).toBe(readDiscovery(runFolder(at.state))?.pid);
  });

  it('a killed one leaves no lock behind', async () => {
    const first = await startSupervisor(at, endpoint());
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await startSupervisor(at, endpoint());
    expect(second.discovery.pid).not.toBe(first.discovery.pid);
    await second.stop();
  });

  it('asked to end several times over, it still ends in order', async () => {
    model.add(reply(deltas('Half '), hold('rest')));
    const drover = await startSupervisor(at, endpoint());
    const turn = startTurn(drover, { message: 'Wait.' });
    // Its stream breaks with the supervisor.
    turn.end.catch(() => undefined);
    await turn.seen('text');
    for (const name of ['SIGTERM', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const) drover.child.kill(name);
    await once(drover.child, 'exit');
    expect(drover.child.exitCode).toBe(0);
    expect(processesOf(at)).toEqual([]);
    expect(existsSync(join(runFolder(at.state), 'agent_pids.json'))).toBe(false);
  });

  it('is started by who needs it, once, and leaves when unused', async () => {
    const options = {
      state: at.state,
      config: `${at.folder}/config`,
      managed: `${at.folder}/managed`,
      cli,
      node: process.execPath,
      environment: { ...process.env, VLLM_ENDPOINT: model.url, DROVER_IDLE_SECONDS: '1' },
    };
    const [first, second] = await Promise.all([attachOrStart(options), attachOrStart(options)]);
    expect(second.pid).toBe(first.pid);
    const health = await request(first, 'health', { signal: AbortSignal.timeout(5000) });
    expect(health.status).toBe('ok');
    await expect.poll(() => processesOf(at), { timeout: 10_000 }).toEqual([]);
  });
});

describe('the command line', () => {
  it('status and stop', async () => {
    expect(await ended(['status'])).toMatchObject({ code: 1, output: expect.stringContaining('No supervisor runs') });
    const drover = await startSupervisor(at, endpoint());
    expect(await ended(['status'])).toMatchObject({ code: 0, output: expect.stringContaining(drover.url) });
    expect(await ended(['stop'])).toMatchObject({ code: 0, output: expect.stringContaining('Stopped') });
    expect(processesOf(at)).toEqual([]);
  });

  it('stop says that an open window starts another', async () => {
    const drover = await startSupervisor(at, endpoint());
    const left = new AbortController();
    const body = { kind: 'vscode' as const, protocol: PROTOCOL, build: 'test', roots: [], unsaved: [] };
    const { client } = await request(drover.discovery, 'hello', { body, signal: left.signal });
    const window = stream(drover.discovery, 'events', { client, signal: left.signal });
    await window[Symbol.asyncIterator]().next();
    expect(await ended(['stop'])).toMatchObject({
      code: 0,
      output: 'Stopped. A window of VS Code is open on it, and starts it again when it is needed.\n',
    });
    left.abort();
  });

  it('check ended by SIGTERM leaves nothing behind', async () => {
    model.add(reply(hold('answer'), text('Never.')));
    const temporary = join(at.folder, 'temporary');
    mkdirSync(temporary);
    const checking = run(at, ['check', '--workspace', at.workspace, '--file', 'a.txt'], {
      VLLM_ENDPOINT: model.url,
      TMPDIR: temporary,
    });
    await model.reached('answer');
    expect(readdirSync(temporary)).toHaveLength(1);
    checking.child.kill('SIGTERM');
    await once(checking.child, 'close');
    expect(checking.output()).toContain('Stopped.');
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('stop and status say so when a supervisor is there and does not answer', async () => {
    const drover = await startSupervisor(at, endpoint());
    process.kill(drover.discovery.pid, 'SIGSTOP');
    for (const command of ['stop', 'status']) {
      const { code, output } = await ended([command]);
      expect({ command, code }).toEqual({ command, code: 1 });
      expect(output).toContain(`process ${drover.discovery.pid}`);
      expect(output).toContain('does not answer');
    }
    process.kill(drover.discovery.pid, 'SIGCONT');
    expect(await drover.stop()).toBe(0);
  });

  it('stop ends what a killed supervisor left: exactly its agents, with what they started', async () => {
    const drover = await startSupervisor(at, [...endpoint(), '--auto-approve']);
    model.add(reply(call('bash', { command: 'setsid sleep 4713 & sleep 4713' })));
    await startTurn(drover, { message: 'Sleep.' }).seen('tool.start');
    const pids = z.array(z.object({ pid: z.int(), chat: z.string() }));
    const file = join(runFolder(at.state), 'agent_pids.json');
    const [agent] = pids.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (!agent) throw new Error('no agent is noted');
    // As it would be if the agent did not notice that its supervisor is gone.
    process.kill(agent.pid, 'SIGSTOP');
    process.kill(drover.child.pid ?? 0, 'SIGKILL');
    await expect.poll(() => processesOf(at)).not.toContain(drover.child.pid);
    const other = [{ pid: process.pid, started: 'another time', chat: 'c', mark: 'no-such-mark' }];
    writeFileSync(file, JSON.stringify([...JSON.parse(readFileSync(file, 'utf8')), ...other]));
    expect(await ended(['--stop'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('Ended 1 agent process'),
    });
    await expect.poll(() => processesOf(at), { timeout: 5000 }).toEqual([]);
  });

  it('ask prints the answer, and what was looked at', async () => {
    model.add(reply(call('file_read', { path: 'a.txt' })), reply(text('It says alpha.')));
    const asked = await ended(['ask', '--workspace', at.workspace, 'What', 'is', 'in', 'it?'], {
      VLLM_ENDPOINT: model.url,
    });
    expect(asked).toMatchObject({ code: 0 });
    expect(asked.output).toContain('Read a.txt (allow:');
    expect(asked.output).toContain('It says alpha.');
    expect((await ended(['stop'])).code).toBe(0);
  });

  it.each([
    [['fly'], 'no command fly'],
    [['serve', '--prot', '1'], '--prot'],
    [['serve', '--port', 'many'], 'port is many'],
    [['serve', '--no-auth', '--host', '0.0.0.0'], 'loopback'],
    [['ask'], 'no message'],
    [['ask', '--agnet', 'x', 'hi'], "Unknown option '--agnet'. See `drover ask --help`"],
    [['serve', '--model-endpoint', 'nonsense'], '"nonsense" is no address of a model server. Give one like http://'],
    [['serve', '--workspace', '/nonexist'], 'There is no folder /nonexist'],
    [['stop', '--bogus'], "Unknown option '--bogus'. See `drover stop --help`"],
    [['check', '--file', 'nosuch.txt'], 'There is no file nosuch.txt in'],
    [['check', '--bogus'], "Unknown option '--bogus'. See `drover check --help`"],
  ])('%s is refused in a sentence', async (args, says) => {
    const { code, output } = await ended(args);
    expect(code).toBe(2);
    expect(output).toContain(says);
    expect(output).not.toContain('    at ');
  });

  it('a config.json that cannot be understood is named', async () => {
    mkdirSync(`${at.folder}/config`);
    writeFileSync(`${at.folder}/config/config.json`, '{"engine": {"slots": "many"}}');
    const { code, output } = await ended(['serve']);
    expect(code).toBe(1);
    expect(output).toMatch(/config\.json cannot be understood \(engine\.slots/);
  });

  it('an address that this machine has not is named', async () => {
    const { code, output } = await ended(['serve', '--host', '203.0.113.9']);
    expect(code).toBe(1);
    expect(output).toBe('This machine has no address 203.0.113.9. Leave --host out, or give one that it has.\n');
  });

  it.each(['serve', 'ask'])('%s names a state folder that cannot be made', async (command) => {
    const file = join(at.folder, 'afile');
    writeFileSync(file, '');
    const below = join(file, 'st');
    // Where Linux takes no folder, and says so in a way that sends Node round in a circle.
    for (const state of process.platform === 'linux' ? [below, '/proc/nope'] : [below]) {
      const { code, output } = await ended([command, '--state', state, ...(command === 'ask' ? ['Hello.'] : [])]);
      expect(output).toMatch(new RegExp(`^The folder ${state}\\S* cannot be made \\(.+\\).*\\. .*ame another .*\\n$`));
      expect(code).toBe(1);
    }
  });

  it('a taken port is named', async () => {
    const { code, output } = await ended(['serve', '--port', new URL(model.url).port]);
    expect(code).toBe(1);
    expect(output).toContain('is taken');
  });
});

describe('an agent process', () => {
  it('is let go when its chat is idle, and the chat goes on with another', async () => {
    const drover: Running = await startSupervisor(at, endpoint(), { DROVER_AGENT_IDLE_SECONDS: '0' });
    model.add(reply(text('One.')), reply(text('Two.')));
    const turn = startTurn(drover, { message: 'Go.' });
    await turn.end;
    await expect.poll(() => processesOf(at), { timeout: 5000 }).toEqual([drover.child.pid]);
    await startTurn(drover, { message: 'More.', session_id: turn.id }).end;
    expect(model.requests[1]?.body.messages).toHaveLength(4);
    await drover.stop();
  });

  it.each(['is let go', 'dies'])('that %s is no longer live for who looks on', async (how) => {
    const seconds = how === 'dies' ? '60' : '0';
    const drover = await startSupervisor(at, endpoint(), { DROVER_AGENT_IDLE_SECONDS: seconds });
    const end = new AbortController();
    const told: boolean[] = [];
    const watching = (async () => {
      for await (const { event } of stream(drover.discovery, 'events', { signal: end.signal }))
        if (event.type === 'chat') told.push(event.chat.live);
    })().catch(() => undefined);
    model.add(reply(text('One.')));
    await startTurn(drover, { message: 'Go.' }).end;
    await expect.poll(() => told).toContain(true);
    const agents = processesOf(at).filter((pid) => pid !== drover.child.pid);
    if (how === 'dies') for (const pid of agents) process.kill(pid, 'SIGKILL');
    await expect.poll(() => told.at(-1), { timeout: 5000 }).toBe(false);
    end.abort();
    await watching;
    await drover.stop();
  });

  it('there is one for each chat, and no more requests in flight than slots', async () => {
    const drover = await startSupervisor(at, endpoint());
    const count = 5;
    for (let index = 0; index < count; index++) model.add(reply(hold('go'), text('Done.')));
    const turns = Array.from({ length: count }, (_, index) => startTurn(drover, { message: `Chat ${index}.` }));
    await model.reached('go', 2);
    await expect.poll(async () => (await drover.request('GET', '/engine')).json).toMatchObject({ busy: 2, waiting: 3 });
    expect(processesOf(at)).toHaveLength(count + 1);
    model.release('go');
    for (const turn of turns) expect((await turn.end).at(-1)).toMatchObject({ reason: 'done' });
    expect(model.maxInFlight).toBe(2);
    await drover.stop();
  });
});

describe('what the environment says', () => {
  it('ENABLE_CODE_EXECUTION=false denies whatever executes, and --auto-approve does not lift that', async () => {
    const drover = await startSupervisor(at, [...endpoint(), '--auto-approve'], { ENABLE_CODE_EXECUTION: 'false' });
    expect(drover.output()).toContain('WARNING: --auto-approve');
    model.add(reply(call('bash', { command: 'touch x' })), reply(text('No.')));
    const events = await startTurn(drover, { message: 'Go.' }).end;
    expect(events.find((event) => event.type === 'tool.end')).toMatchObject({ outcome: 'denied' });
    await drover.stop();
  });

  it('--auto-approve answers with yes, and the log says who did', async () => {
    const drover = await startSupervisor(at, [...endpoint(), '--auto-approve', '--edits', 'ask']);
    model.add(reply(call('file_write', { path: 'b.txt', content: 'beta\n' })), reply(text('Done.')));
    const events = await startTurn(drover, { message: 'Go.' }).end;
    expect(events.find((event) => event.type === 'answer')).toMatchObject({ answer: 'once', by: 'auto' });
    expect(at.file('b.txt')).toBe('beta\n');
    await drover.stop();
  });

  it('CODING_MODEL names the model of the coding agent', async () => {
    const drover = await startSupervisor(at, endpoint(), { CODING_MODEL: 'coder-7b' });
    model.add(reply(text('One.')), reply(text('Two.')));
    await startTurn(drover, { message: 'Go.' }).end;
    await startTurn(drover, { message: 'Go.', agent_type: 'supervisor' }).end;
    expect(model.requests.map((sent) => sent.body.model)).toEqual(['coder-7b', 'scripted']);
    await drover.stop();
  });
});
