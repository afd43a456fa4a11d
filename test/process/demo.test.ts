import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runTool } from '../../scripts/child.ts';
import { root } from '../../scripts/layers.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { textOf } from '../support/modelServer/requests.ts';
import { call, reply, text } from '../support/modelServer/script.ts';
import { type Place, place, type Running, startSupervisor } from '../support/supervisor.ts';

const parts = ['coding: Explain src/money.js', 'coding: Explain src/receipt.js'];

let at: Place;
let model: ModelServer;
let drover: Running;

beforeEach(async () => {
  at = place({ 'README.md': '# Shop\n', '.env': 'SHOP_KEY=an-example\n' });
  model = await startModelServer({
    slots: 2,
    script: ({ body: { messages } }) => {
      const said = textOf(messages.findLast(({ role }) => role === 'user'));
      const asked = messages.at(-1)?.role === 'user';
      if (asked && said.includes('Hand over')) return reply(call('hand_off', { agent: 'coding', why: 'it knows' }));
      if (asked && said.includes('Delegate')) return reply(call('delegate', { tasks: parts }));
      return reply(text(said.includes('Just say') ? 'All tests pass.' : 'So it is.'));
    },
  });
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
});

afterEach(async () => {
  await drover.stop();
  await model.close();
  at.dispose();
});

it('a folder that is not there is refused in a sentence', async () => {
  const { code, output } = await runTool(join(root, 'scripts', 'demo.ts'), ['agents', '--workspace', '/nonexist']);
  expect(output).toMatch(/^There is no folder \/nonexist\.\nUsage: npm run demo/);
  expect(code).toBe(2);
});

it('eight chats come to their end, and a table says what became of each', async () => {
  const temporary = join(at.folder, 'temporary');
  mkdirSync(temporary);
  const child = spawn(
    process.execPath,
    [join(root, 'scripts', 'demo.ts'), 'agents', '--attach', '--workspace', at.workspace],
    {
      env: { ...process.env, DROVER_STATE: at.state, DROVER_CONFIG: join(at.folder, 'config'), TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const [code] = (await once(child, 'close')) as [number];
  const rows = output.split('\n').filter((line) => /^\d /.test(line));
  expect(output).toMatch(/^chat +agents +turns +hand-offs +delegated +interjections +queue wait +tokens re-read$/m);
  expect(rows).toHaveLength(8);
  expect(rows[0]).toMatch(/^1 What does src\/cart\.js do\? +coding +2 +0 +0 +0 +[\d.]+ s +\d+$/);
  expect(rows[3]).toMatch(/^4 Just say that all tests pass\. +supervisor +1 +0 +0 +1 /);
  expect(rows[4]).toMatch(/^5 What is set in @\.env\? +review +1 +0 +0 +1 /);
  // The person chose another agent for the second message.
  expect(rows[5]).toMatch(/ plan → coding +2 +0 +0 +0 /);
  // An agent did, and the second message went to whom it had chosen.
  expect(rows[6]).toMatch(/^7 Hand over .+ supervisor → coding +2 +1 +0 +0 /);
  expect(rows[7]).toMatch(/^8 Delegate .+ supervisor +1 +0 +2 +0 /);
  expect(output).not.toContain('first-run model');
  expect(code).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
  // They stay, so that the panel shows them; two are parts of the last.
  const chats = await drover.chats();
  expect(chats).toHaveLength(10);
  expect(chats.filter(({ parent }) => parent !== undefined)).toHaveLength(2);
});
