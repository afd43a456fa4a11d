import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headPath, logPath } from '../../server/eventLog.ts';
import { call as request, stream } from '../../src/node/client.ts';
import { attachOrStart, runFolder } from '../../src/node/discovery.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { replyTo, text } from '../support/modelServer/script.ts';
import { cli, type Place, place, processesOf, run, startSupervisor, startTurn } from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
beforeEach(async () => {
  at = place();
  model = await startModelServer({ script: [{ ...replyTo(/./, text('Tea.')), repeat: true }] });
});
afterEach(async () => {
  for (const pid of processesOf(at)) process.kill(pid, 'SIGKILL');
  await model.close();
  at.dispose();
});

const endpoint = (): string[] => ['--model-endpoint', model.url];
const limit = (): AbortSignal => AbortSignal.timeout(10_000);

async function told(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { child, output } = run(at, args);
  await once(child, 'close');
  return { code: child.exitCode, output: output() };
}

/** Two chats, of which the log of the second is a folder from then on; another folder is named like a log. */
async function twoChats(): Promise<{ lost: string; folder: string }> {
  const drover = await startSupervisor(at, endpoint());
  for (const id of ['kept', 'lost']) await startTurn(drover, { message: `I am ${id}.`, session_id: id }).end;
  await drover.stop();
  const lost = logPath(at.state, 'lost');
  rmSync(lost);
  mkdirSync(lost);
  const folder = join(at.state, 'chats', 'x.ndjson');
  mkdirSync(folder);
  return { lost, folder };
}

describe('what cannot be read of a state folder', () => {
  it('is passed over, and named with what to do, wherever chats are listed', async () => {
    const { lost, folder } = await twoChats();
    const listed = await told('chats');
    expect(listed.code).toBe(1);
    expect(listed.output).toContain('I am kept.');
    for (const path of [lost, folder]) {
      expect(listed.output).toContain(`${path} is a folder and no file, so it is passed over. Move it away.`);
    }
    expect(listed.output).not.toMatch(/mistake|^\s+at /m);
  });

  it('does not keep the supervisor from serving all others, and it says so', async () => {
    const { lost, folder } = await twoChats();
    const drover = await startSupervisor(at, endpoint());
    expect((await drover.chats()).map(({ id }) => id)).toEqual(['kept']);
    const health = await request(drover.discovery, 'health', { signal: limit() });
    const messages = (health.problems ?? []).map(({ message }) => message);
    for (const path of [lost, folder]) expect(messages.join('\n')).toContain(path);
    for await (const { event } of stream(drover.discovery, 'events', { signal: limit() })) {
      if (event.type !== 'chats') continue;
      expect(event.problems?.map(({ message }) => message)).toEqual(messages);
      break;
    }
    expect((await told('status')).output).toContain(`${lost} is a folder and no file`);
    const log = readFileSync(join(runFolder(at.state), 'supervisor.log'), 'utf8');
    expect(log).toContain(lost);
    // What goes on in the others, also in the history, is not touched by it.
    await startTurn(drover, { message: 'And now?', session_id: 'kept' }).end;
    const { hits } = await request(drover.discovery, 'history', { body: { text: 'now' }, signal: limit() });
    expect(hits.map(({ chat }) => chat)).toContain('kept');
    const again = await drover.request('POST', '/chat', { message: 'Back?', session_id: 'lost' });
    expect(again.json['message'] ?? again.json['error']).toBeDefined();
    expect(JSON.stringify(again.json)).toContain('is a folder and no file');
    await drover.stop();
  });

  it('is told by the audit of all chats, which fails, and checks the others', async () => {
    const { lost, folder } = await twoChats();
    const all = await told('audit', 'verify', '--all');
    expect(all.code).toBe(3);
    expect(all.output).toMatch(/^kept: Whole:/m);
    expect(all.output).toContain(`${lost} is a folder and no file`);
    expect(all.output).toContain(`${folder} is a folder and no file`);
    rmSync(folder, { recursive: true });
    rmSync(lost, { recursive: true });
    rmSync(headPath(at.state, lost));
    expect((await told('audit', 'verify', '--all')).code).toBe(0);
    const head = headPath(at.state, logPath(at.state, 'kept'));
    rmSync(head);
    mkdirSync(head);
    expect(await told('audit', 'verify', '--all')).toMatchObject({ code: 3, output: expect.stringContaining(head) });
  });

  it.skipIf(process.getuid?.() === 0)('is also what may not be read', async () => {
    const { lost } = await twoChats();
    rmSync(lost, { recursive: true });
    writeFileSync(lost, '');
    chmodSync(lost, 0);
    expect((await told('chats')).output).toContain(`${lost} may not be read or written by you`);
  });
});

describe('a supervisor that cannot start', () => {
  const attach = () =>
    attachOrStart({
      state: at.state,
      config: join(at.folder, 'config'),
      managed: join(at.folder, 'managed'),
      cli,
      node: process.execPath,
      environment: { PATH: process.env['PATH'], HOME: at.folder, DROVER_OFFLINE: '1' },
      signal: limit(),
    });

  it.each([
    ['its key is a folder', () => mkdirSync(join(at.state, 'audit.key'), { recursive: true }), 'audit.key is a folder'],
    ['its logs are a file', () => writeFileSync(join(at.state, 'chats'), ''), 'chats is no folder'],
    ['its lock is a folder', () => mkdirSync(join(runFolder(at.state), 'lock.db'), { recursive: true }), 'lock.db'],
    ['its folder is a file', () => writeFileSync(join(at.state, 'run'), ''), 'cannot be made (ENOTDIR)'],
    [
      'its choices are a folder',
      () => mkdirSync(join(at.folder, 'config', 'config.json'), { recursive: true }),
      'config.json',
    ],
  ])('says so in a sentence, and who waits for it is told at once: %s', async (_, spoil, words) => {
    mkdirSync(at.state, { recursive: true, mode: 0o700 });
    spoil();
    chmodSync(at.state, 0o700);
    const served = await told('serve');
    expect(served.code).toBe(1);
    expect(served.output).toContain(words);
    expect(served.output).not.toMatch(/mistake|^\s+at |file:\/\//m);
    const began = performance.now();
    const failure = await attach().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: 'Problem', message: expect.stringContaining(words) });
    expect((failure as Error).message).not.toMatch(/ at |file:\/\/|\n/);
    expect(performance.now() - began).toBeLessThan(8000);
  });

  it('a bug is told by its sentence, without the way through the code', async () => {
    const program = join(at.folder, 'broken.js');
    writeFileSync(program, 'function deep() { throw new Error("It broke."); }\ndeep();\n');
    const options = { state: at.state, config: at.folder, managed: at.folder, cli: program, node: process.execPath };
    await expect(attachOrStart({ ...options, environment: process.env, signal: limit() })).rejects.toMatchObject({
      message: "Drover's supervisor could not be started: Error: It broke.",
    });
  });
});
