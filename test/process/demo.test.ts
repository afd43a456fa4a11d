import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from '../../scripts/layers.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, reply, text } from '../support/modelServer/script.ts';
import { type Place, place, type Running, startSupervisor } from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;

beforeEach(async () => {
  at = place({ 'README.md': '# Shop\n' });
  model = await startModelServer({
    slots: 2,
    script: ({ body: { messages } }) => {
      const asked = JSON.stringify(messages);
      const handed = asked.includes('hand_off to:') && asked.includes('JSON?') && messages.at(-1)?.role === 'user';
      if (handed && !asked.includes('transfer')) return reply(call('hand_off', { agent: 'coding', why: 'transfer' }));
      return reply(text(asked.includes('Just say') && messages.length < 3 ? 'All tests pass.' : 'So it is.'));
    },
  });
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
});

afterEach(async () => {
  await drover.stop();
  await model.close();
  at.dispose();
});

it('eight chats come to their end, and a table says what became of each', async () => {
  const child = spawn(
    process.execPath,
    [join(root, 'scripts', 'demo.ts'), 'agents', '--attach', '--workspace', at.workspace],
    {
      env: { ...process.env, DROVER_STATE: at.state, DROVER_CONFIG: join(at.folder, 'config') },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const [code] = (await once(child, 'close')) as [number];
  const rows = output.split('\n').filter((line) => /^\d /.test(line));
  expect(output).toMatch(/^chat +agents +turns +hand-offs +interjections +queue wait +tokens re-read$/m);
  expect(rows).toHaveLength(8);
  expect(rows[0]).toMatch(/^1 What does src\/cart\.js do\? +coding +2 +0 +0 +[\d.]+ s +\d+$/);
  expect(rows[6]).toMatch(/^7 What is JSON\? +supervisor → coding +2 +1 +0 /);
  expect(rows[7]).toMatch(/ supervisor +1 +0 +1 /);
  expect(code).toBe(0);
  // They stay, so that the panel shows them.
  expect(await drover.chats()).toHaveLength(8);
});
