import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runFolder } from '../../src/node/discovery.ts';
import { bubblewrapFolder } from '../support/installedBubblewrap.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, type Part, reply, text } from '../support/modelServer/script.ts';
import {
  type Place,
  place,
  processesOf,
  type Running,
  startSupervisor,
  startTurn,
  type Turn,
} from '../support/supervisor.ts';

let managed: string;
let at: Place;
let model: ModelServer;
let drover: Running;

beforeAll(async () => {
  managed = await bubblewrapFolder();
}, 120_000);

afterEach(async () => {
  await drover.stop();
  await model.close();
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  at.dispose();
});

const project = {
  'package.json': JSON.stringify({ name: 'shop', scripts: { test: 'node check.js' } }),
  'check.js': `
    const { writeFileSync } = require('node:fs');
    for (const path of ['made.txt', '../outside.txt']) {
      try { writeFileSync(path, process.pid + ''); console.log('wrote ' + path); } catch (e) { console.log(e.code + ' ' + path); }
    }
    console.log('tmp ' + process.env.TMPDIR);
    console.log('here: ' + Object.keys(process.env).filter((name) => /^https?_proxy$/i.test(name)).join());
    if (process.argv[2] === 'wait') { console.log('waiting'); setInterval(() => undefined, 1000); }`,
};

async function begin(answers: Part[][], environment: Record<string, string> = {}): Promise<void> {
  at = place(project);
  model = await startModelServer({ script: answers.map((parts) => reply(...parts)) });
  drover = await startSupervisor(at, ['--model-endpoint', model.url], {
    DROVER_SANDBOX: 'auto',
    DROVER_MANAGED: managed,
    ...environment,
  });
}

const command = (line: string): Part => call('bash', { command: line });
const outside = (): boolean => existsSync(join(at.workspace, '..', 'outside.txt'));
const temporary = (): string => join(runFolder(at.state), 'tmp');
const sandbox = async (): Promise<{ state: string; text: string }> =>
  JSON.parse(JSON.stringify((await drover.request('GET', '/health')).json['sandbox'])) as {
    state: string;
    text: string;
  };

async function allow(turn: Turn): Promise<string> {
  const ask = await turn.seen('ask');
  await drover.request('POST', `/chat/${turn.id}/answer`, { ask: ask.ask, answer: 'once' });
  return ask.verdict.reason;
}

describe('with a sandbox that works', () => {
  it('the tests of a project run without a question, shut in', async () => {
    await begin([[command('npm test')], [text('Done.')]]);
    const events = await startTurn(drover, { message: 'Test it.' }).end;
    expect(events.some(({ type }) => type === 'ask')).toBe(false);
    expect(events.find(({ type }) => type === 'tool.start')).toMatchObject({
      verdict: { decision: 'allow', rule: 'command.contained' },
    });
    const end = events.find((event) => event.type === 'tool.end');
    expect(end).toMatchObject({ outcome: 'ok', text: expect.stringContaining('wrote made.txt\nEROFS ../outside.txt') });
    expect(end).toMatchObject({ text: expect.stringContaining(`tmp ${temporary()}/`) });
    expect(end).toMatchObject({ text: expect.stringMatching(/^here:$/m) });
    expect(at.file('made.txt')).not.toBe('');
    expect(outside()).toBe(false);
    await expect.poll(async () => (await sandbox()).state).toBe('on');
    const folders = readdirSync(temporary());
    expect(folders).toHaveLength(1);
    await drover.stop();
    expect(existsSync(temporary())).toBe(false);
  });

  it('what a person allows runs outside of it, and the question says so', async () => {
    await begin([[command('node check.js')], [text('Done.')]]);
    const turn = startTurn(drover, { message: 'Run it.' });
    expect(await allow(turn)).toMatch(/If you allow it, it runs outside the sandbox\.$/);
    await turn.end;
    expect(outside()).toBe(true);
  });

  it('what only looks is shut in where nothing can be written, but for what looks at the machine', async () => {
    await begin([
      [command('ls; test -w package.json || echo kept')],
      [command('ps -p 1 -o comm | tail -1')],
      [command('for p in 1; do ps -p $p -o comm; done')],
      [text('Done.')],
    ]);
    const events = await startTurn(drover, { message: 'Look.' }).end;
    expect(events.some(({ type }) => type === 'ask')).toBe(false);
    const [files, processes, inside] = events.filter((event) => event.type === 'tool.end');
    expect(files).toMatchObject({ text: 'check.js\npackage.json\nkept' });
    // Inside, the first process would be the sandbox itself.
    expect(processes).toMatchObject({ outcome: 'ok', text: expect.not.stringMatching(/bwrap|bash/) });
    expect(inside).toMatchObject({ outcome: 'ok', text: expect.stringContaining('processes, ports and services') });
  });

  it.each(['agent', 'supervisor'] as const)(
    'a killed %s leaves nothing of a command that is shut in',
    async (victim) => {
      await begin([[command('npm test -- wait')], [text('Done.')]]);
      const turn = startTurn(drover, { message: 'Test it.' });
      turn.end.catch(() => undefined);
      await turn.seen('output', (event) => event.text.includes('waiting'));
      const agent = processesOf(at).find((pid) => pid !== drover.child.pid && commandOf(pid).includes('agent.js'));
      process.kill((victim === 'agent' ? agent : drover.child.pid) ?? 0, 'SIGKILL');
      await expect
        .poll(() => processesOf(at).filter((pid) => /check\.js|bwrap/.test(commandOf(pid))), { timeout: 5000 })
        .toEqual([]);
      if (victim === 'agent') {
        await expect.poll(() => readdirSync(temporary()), { timeout: 5000 }).toEqual([]);
      } else {
        await drover.stop();
        drover = await startSupervisor(at, ['--model-endpoint', model.url]);
        expect(existsSync(temporary())).toBe(false);
      }
    },
  );
});

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

describe('without a sandbox', () => {
  it.each([
    ['that is switched off', { DROVER_SANDBOX: 'off' }, 'off', /the sandbox is switched off \(drover\.sandbox\)/i],
    [
      'that is not installed',
      { DROVER_MANAGED: '/nowhere' },
      'unavailable',
      /bubblewrap is not installed.*Install it with/,
    ],
  ])('%s the same is asked, with the reason, and runs where it is allowed', async (_, environment, state, why) => {
    // Node and the programs that it starts are found without bubblewrap.
    const without = state === 'unavailable' ? { PATH: withoutBubblewrap() } : {};
    await begin([[command('npm test')], [text('Done.')]], { ...environment, ...without });
    const turn = startTurn(drover, { message: 'Test it.' });
    const reason = await allow(turn);
    expect(reason).toMatch(
      /^It may run code of this folder, and nothing here shuts that in: it could do whatever you can\. /,
    );
    expect(reason).toMatch(why);
    const events = await turn.end;
    expect(events.find((event) => event.type === 'tool.end')).toMatchObject({ outcome: 'ok' });
    expect(outside()).toBe(true);
    await expect.poll(async () => (await sandbox()).state).toBe(state);
    expect((await sandbox()).text).toMatch(/^Commands that run code of your folder are asked about: /);
    expect((await sandbox()).text).toMatch(why);
    expect(existsSync(temporary())).toBe(false);
  });

  it('for a workspace with more to keep than it can keep, the same is asked, with the reason', async () => {
    await begin([[command('npm test')], [text('Done.')]]);
    for (let each = 0; each <= 1000; each++) {
      mkdirSync(join(at.workspace, `packages/p${each}`), { recursive: true });
      writeFileSync(join(at.workspace, `packages/p${each}/.npmrc`), '');
    }
    const turn = startTurn(drover, { message: 'Test it.' });
    expect(await allow(turn)).toMatch(/ has 1,001 files and folders that hold secrets .* Open a smaller folder/);
    expect((await turn.end).find((event) => event.type === 'tool.end')).toMatchObject({ outcome: 'ok' });
    expect(outside()).toBe(true);
  });

  it('a client that switches it off is obeyed from the next message on', async () => {
    await begin([[command('npm test')], [text('Done.')], [command('npm test')], [text('No.')]]);
    const first = startTurn(drover, { message: 'Test it.' });
    expect((await first.end).some(({ type }) => type === 'ask')).toBe(false);
    const { protocol, build } = drover.discovery;
    const said = { kind: 'other', protocol, build, settings: { sandbox: 'off' } };
    expect((await drover.request('POST', '/hello', said)).status).toBe(200);
    expect(await sandbox()).toMatchObject({ state: 'off' });
    const second = startTurn(drover, { message: 'Again.', session_id: first.id });
    expect(await allow(second)).toContain('switched off');
    await second.end;
  });
});

function withoutBubblewrap(): string {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.filter((folder) => !existsSync(join(folder, 'bwrap'))).join(':');
}
