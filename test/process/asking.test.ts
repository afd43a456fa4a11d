import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../../src/common/events.ts';
import { call as request } from '../../src/node/client.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, type Part, reply, text } from '../support/modelServer/script.ts';
import {
  cli,
  type Place,
  place,
  processesOf,
  type Reply,
  type Running,
  startSupervisor,
  startTurn,
  type Turn,
} from '../support/supervisor.ts';

/** What a person is asked, what their answer is bound to, and what they allow for good. */

let at: Place;
let model: ModelServer;
let drover: Running;

type Ask = LoggedEvent & { type: 'ask' };
const settings = '.vscode/settings.json';

async function begin(...answers: Part[][]): Promise<void> {
  at = place({ [settings]: '{ "a": 1 }\n', 'run.sh': 'touch mine\n' });
  model = await startModelServer({ script: answers.map((parts) => reply(...parts)) });
  await start();
}

async function start(): Promise<void> {
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
}

afterEach(async () => {
  await drover.stop();
  await model.close();
  expect(processesOf(at)).toEqual([]);
  at.dispose();
});

const bash = (command: string): Part => call('bash', { command });
const answer = (turn: Turn, { ask, hash }: Ask, body: object): Promise<Reply> =>
  drover.request('POST', `/chat/${turn.id}/answer`, { ask, hash, ...body });
const ends = (events: readonly { type: string }[]) =>
  (events as LoggedEvent[]).filter((event) => event.type === 'tool.end');
const made = (path: string): boolean => existsSync(join(at.workspace, path));
const command = (...args: string[]): string =>
  execFileSync(process.execPath, [cli, 'grants', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DROVER_STATE: at.state, DROVER_CONFIG: join(at.folder, 'config') },
  });

describe('a file with secrets', () => {
  it('is read when it is named, and asked about behind a link of another name, also one that Drover reads itself', async () => {
    await begin([text('Seen.')]);
    writeFileSync(join(at.workspace, '.env'), 'TOKEN=hidden-word\n');
    for (const name of ['AGENTS.md', 'notes.md']) symlinkSync('.env', join(at.workspace, name));
    const events = await startTurn(drover, { message: 'Look at @notes.md.', asks: 'deny' }).end;
    expect(ends(events)).toMatchObject([
      { title: { object: 'AGENTS.md' }, outcome: 'denied' },
      { title: { object: 'notes.md' }, outcome: 'denied' },
    ]);
    expect(JSON.stringify(model.requests)).not.toContain('hidden-word');
    model.add(reply(text('Seen.')));
    const named = await startTurn(drover, { message: 'Look at @.env.', session_id: 'other', asks: 'deny' }).end;
    expect(ends(named).at(-1)).toMatchObject({ title: { object: '.env' }, outcome: 'ok' });
  });
});

describe('an answer', () => {
  it('is bound to what was shown, and counts once', async () => {
    await begin([bash('touch made')], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Touch it.' });
    const ask = await turn.seen('ask');
    expect(ask.hash).toMatch(/^[0-9a-f]{64}$/);
    const other = await answer(turn, ask, { answer: 'once', hash: '0'.repeat(64) });
    expect(other).toMatchObject({ status: 409, json: { error: { code: 'other_question', field: 'hash' } } });
    expect(other.json['error']?.['message']).toContain('something else than what is asked now');
    expect(made('made')).toBe(false);
    expect((await answer(turn, ask, { answer: 'once' })).status).toBe(200);
    const again = await answer(turn, ask, { answer: 'once' });
    expect(again).toMatchObject({ status: 409, json: { error: { code: 'answered' } } });
    expect(again.json['error']?.['message']).toContain('no longer open');
    expect(ends(await turn.end)).toMatchObject([{ outcome: 'ok' }]);
    expect(made('made')).toBe(true);
  });

  it('says who asks, for which message, and what was read before', async () => {
    await begin([bash('cat run.sh')], [bash('touch {a,b} "c d"')], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Touch\nthem.' });
    const ask = await turn.seen('ask');
    expect(ask.asker).toEqual({ agent: 'coding', from: 'person', text: 'Touch\nthem.', read: ['cat run.sh'] });
    expect(ask).toMatchObject({ folder: at.workspace, preview: { kind: 'command', text: 'touch {a,b} "c d"' } });
    expect(ask.resolved).toBe('touch a b "c d"');
    await answer(turn, ask, { answer: 'reject', reason: 'not at home' });
    await turn.end;
    expect(JSON.stringify(model.requests.at(-1)?.body.messages.at(-1))).toContain('not at home');
  });

  it('to a file that was changed since is none: it is asked about as it is then', async () => {
    const edit = call('file_edit', { path: settings, old_text: '"a": 1', new_text: '"a": 2' });
    await begin([edit], [edit], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Make it two.' });
    const first = await turn.seen('ask');
    writeFileSync(join(at.workspace, settings), '{ "a": 1, "b": 1 }\n');
    await answer(turn, first, { answer: 'once' });
    const second = await turn.seen('ask', ({ ask }) => ask !== first.ask);
    expect(at.file(settings)).toBe('{ "a": 1, "b": 1 }\n');
    expect(second.hash).not.toBe(first.hash);
    expect(second.preview.text).toContain('"b": 1');
    await answer(turn, second, { answer: 'once' });
    expect(ends(await turn.end)).toMatchObject([{ outcome: 'error', summary: 'changed meanwhile' }, { outcome: 'ok' }]);
    expect(at.file(settings)).toBe('{ "a": 2, "b": 1 }\n');
  });

  it('to a command whose script was changed since is none', async () => {
    await begin([bash('bash run.sh')], [text('I look again.')]);
    const turn = startTurn(drover, { message: 'Run it.' });
    const ask = await turn.seen('ask');
    writeFileSync(join(at.workspace, 'run.sh'), 'touch theirs\n');
    await answer(turn, ask, { answer: 'once' });
    expect(ends(await turn.end)).toMatchObject([{ outcome: 'error', summary: 'changed meanwhile' }]);
    expect(made('mine') || made('theirs')).toBe(false);
    expect(JSON.stringify(model.requests.at(-1)?.body.messages.at(-1))).toContain('Look at it again');
  });

  it('that nobody can give is a denial that says so; with a person it waits', async () => {
    await begin([bash('touch made')], [text('I may not.')]);
    const events = await startTurn(drover, { message: 'Touch it.', asks: 'deny' }).end;
    expect(events.find((event) => event.type === 'answer')).toMatchObject({ answer: 'reject', by: 'nobody' });
    expect(ends(events)).toMatchObject([
      { outcome: 'denied', text: expect.stringContaining('nobody is there who could give it') },
    ]);
    model.add(reply(bash('touch made')), reply(text('Done.')));
    const turn = startTurn(drover, { message: 'Again.' });
    const ask = await turn.seen('ask');
    expect((await drover.chats()).find(({ id }) => id === turn.id)).toMatchObject({ state: 'waiting' });
    await answer(turn, ask, { answer: 'once' });
    await turn.end;
    expect(made('made')).toBe(true);
  });
});

describe('what is always allowed', () => {
  const mkdir = (path: string): Part => bash(`mkdir -p ${path}`);

  async function removeFirst(): Promise<number> {
    const signal = AbortSignal.timeout(10_000);
    const [grant] = (await request(drover.discovery, 'grants', { signal })).grants;
    return (await drover.request('DELETE', `/grants/${grant?.id}`)).status;
  }

  async function allowed(path: string, asks: 'client' | 'deny' = 'client'): Promise<LoggedEvent[]> {
    model.add(reply(mkdir(path)), reply(text('Done.')));
    return (await startTurn(drover, { message: `Make ${path}.`, asks }).end) as LoggedEvent[];
  }

  it('holds in other chats and after a start anew, until it is taken back', async () => {
    await begin([mkdir('one')], [mkdir('two')], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Make two.' });
    const ask = await turn.seen('ask');
    expect(ask.always?.map(({ words }) => words)).toEqual([
      'mkdir -p ‹file›, ‹file› being any file or folder of this workspace',
    ]);
    const blind = await answer(turn, ask, { answer: 'always', hash: undefined });
    expect(blind).toMatchObject({ status: 409, json: { error: { code: 'other_question' } } });
    expect((await answer(turn, ask, { answer: 'always' })).status).toBe(200);
    const events = await turn.end;
    expect(events.filter(({ type }) => type === 'ask')).toHaveLength(1);
    expect(made('one') && made('two')).toBe(true);
    const starts = (events as LoggedEvent[]).filter((event) => event.type === 'tool.start');
    expect(starts[1]).toMatchObject({ verdict: { decision: 'allow', rule: 'grant.always' } });

    // In the person's own configuration and nowhere in the workspace.
    const file = join(at.folder, 'config', 'config.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ grants: [{ folder: at.workspace }] });
    expect(statSync(file).mode & 0o777).toBe(0o600);

    expect((await allowed('three')).some(({ type }) => type === 'ask')).toBe(false);
    // Also where nobody could be asked.
    await allowed('four', 'deny');
    expect(made('three') && made('four')).toBe(true);
    await drover.stop();
    await start();
    expect((await allowed('five')).some(({ type }) => type === 'ask')).toBe(false);

    const listed = command();
    expect(listed).toContain('mkdir -p ‹file›');
    expect(listed).toContain(at.workspace);
    const [id = ''] = listed.split(/\s/);
    expect(command('remove', id)).toBe(`${id} is asked about again.\n`);
    expect((await drover.request('GET', '/grants')).json).toEqual({ grants: [] });
    const denied = await allowed('six', 'deny');
    expect(ends(denied)).toMatchObject([{ outcome: 'denied' }]);
    expect(made('six')).toBe(false);
  });

  it('is taken back in a chat whose agent is there', async () => {
    await begin([mkdir('one')], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Make one.' });
    await answer(turn, await turn.seen('ask'), { answer: 'always' });
    await turn.end;
    expect((await drover.chats())[0]).toMatchObject({ live: true });
    expect(await removeFirst()).toBe(200);
    model.add(reply(mkdir('two')), reply(text('Done.')));
    const next = startTurn(drover, { message: 'Make two.', session_id: turn.id });
    await answer(next, await next.seen('ask'), { answer: 'reject' });
    await next.end;
    expect(made('two')).toBe(false);
  });

  it('is asked about again when what is run has changed', async () => {
    const format = bash('npm run format');
    await begin([format], [text('Done.')]);
    const manifest = join(at.workspace, 'package.json');
    writeFileSync(manifest, '{ "scripts": { "format": "touch formatted" } }');
    const turn = startTurn(drover, { message: 'Format.' });
    const ask = await turn.seen('ask');
    expect(ask.always?.map(({ words }) => words)).toEqual([
      'npm run format, whatever the code of this folder is then, until package.json changes',
    ]);
    await answer(turn, ask, { answer: 'always' });
    await turn.end;
    model.add(reply(format), reply(text('Done.')));
    const same = await startTurn(drover, { message: 'Once more.', session_id: turn.id, asks: 'deny' }).end;
    expect(ends(same)).toMatchObject([{ outcome: 'ok' }]);
    writeFileSync(manifest, '{ "scripts": { "format": "touch stolen" } }');
    model.add(reply(format), reply(text('Done.')));
    const events = await startTurn(drover, { message: 'Again.', asks: 'deny' }).end;
    expect(ends(events)).toMatchObject([{ outcome: 'denied' }]);
    expect(made('stolen')).toBe(false);
  });

  it('holds in its own folder only', async () => {
    await begin([mkdir('one')], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Make one.' });
    await answer(turn, await turn.seen('ask'), { answer: 'always' });
    await turn.end;
    const other = join(at.folder, 'other');
    mkdirSync(other);
    model.add(reply(mkdir('two')), reply(text('Done.')));
    const events = await startTurn(drover, { message: 'Make two.', workspace: other, asks: 'deny' }).end;
    expect(ends(events)).toMatchObject([{ outcome: 'denied' }]);
  });

  it('is nothing that is not offered, and the answer says why', async () => {
    await begin([bash('rm run.sh')], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Remove it.' });
    const ask = await turn.seen('ask');
    expect(ask).toMatchObject({ notAlways: 'what it removes or writes over cannot be brought back.' });
    const refused = await answer(turn, ask, { answer: 'always', key: '1 command ["rm"]' });
    expect(refused).toMatchObject({ status: 400, json: { error: { code: 'not_offered', field: 'answer' } } });
    expect(refused.json['error']?.['message']).toContain('cannot be brought back');
    await answer(turn, ask, { answer: 'reject' });
    await turn.end;
    expect(made('run.sh')).toBe(true);
    expect((await drover.request('GET', '/grants')).json).toEqual({ grants: [] });
  });

  it('is nothing that the workspace says of itself', async () => {
    await begin([mkdir('one')], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Make one.' });
    await answer(turn, await turn.seen('ask'), { answer: 'always' });
    await turn.end;
    const file = join(at.folder, 'config', 'config.json');
    const grants = readFileSync(file, 'utf8');
    await removeFirst();
    for (const path of ['config.json', '.drover/config.json', '.vscode/settings.json']) {
      mkdirSync(join(at.workspace, path, '..'), { recursive: true });
      writeFileSync(join(at.workspace, path), grants);
    }
    expect(ends(await allowed('two', 'deny'))).toMatchObject([{ outcome: 'denied' }]);
  });

  it('is asked about again when the rules have changed; without a supervisor it can be taken back too', async () => {
    await begin([mkdir('one')], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Make one.' });
    await answer(turn, await turn.seen('ask'), { answer: 'always' });
    await turn.end;
    await drover.stop();
    const file = join(at.folder, 'config', 'config.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"key": "\d+ /, '"key": "0 '));
    expect(command()).toContain('because the rules have changed');
    await start();
    expect(ends(await allowed('two', 'deny'))).toMatchObject([{ outcome: 'denied' }]);
    await drover.stop();
    command('remove', command().slice(0, 8));
    expect(command()).toBe('Nothing is always allowed.\n');
    expect(() => command('remove', '00000000')).toThrow(/Nothing that is always allowed has the id "00000000"/);
    await start();
  });
});
