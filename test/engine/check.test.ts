import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../support/engine.ts';
import { writeGguf } from '../support/gguf.ts';
import { installedServer } from '../support/installedServer.ts';
import { cli } from '../support/supervisor.ts';

const sample = join(import.meta.dirname, '..', '..', 'sample');

async function check(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [cli, 'check', '--workspace', sample, '--file', 'src/cart.js', ...args], {
    env: { ...process.env, DROVER_MODEL: '', VLLM_ENDPOINT: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (data) => (output += String(data)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

test('drover check does the whole job with the real small model, and leaves nothing', async () => {
  const server = await installedServer();
  const { code, output } = await check([], { DROVER_LLAMA_SERVER: server.path });
  expect(output).toMatch(/SmolLM2 135M/);
  expect(output).toMatch(/Read src\/cart\.js: allow \(Reads only, inside the workspace\.\)/);
  expect(output).toMatch(/Answer: \S+/);
  expect(output).toMatch(/Times: ready [\d.]+ s, first token [\d.]+ s, answer [\d.]+ s/);
  expect(output).toContain('nothing left running');
  expect(code).toBe(0);
});

test('drover check without a source for the model says so and goes on with noise', async () => {
  const server = await installedServer();
  const folder = await testFolder();
  const noise = await writeGguf(join(folder, 'noise.gguf'), 'plain');
  const nowhere = { DROVER_MANAGED: join(folder, 'managed'), PIP_INDEX_URL: 'http://127.0.0.1:9/', PIP_NO_INDEX: '1' };
  const environment = { ...nowhere, PIP_FIND_LINKS: '', UV_OFFLINE: '1', DROVER_LLAMA_SERVER: server.path };
  const { code, output } = await check(['--fallback-model', noise], environment);
  expect(output).toContain('its answer is noise, but every step is real');
  expect(output).toContain('Read src/cart.js: allow');
  expect(code).toBe(0);
});

test('drover check names the step that failed, and what to do', async () => {
  const { code, output } = await check([], { DROVER_LLAMA_SERVER: '/nowhere/llama-server' });
  expect(output).toMatch(/FAILED at "Model server": .*\/nowhere\/llama-server.*\./);
  expect(code).toBe(1);
});
