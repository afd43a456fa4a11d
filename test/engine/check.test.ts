import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { productWith, tiny, writeAdapter } from '../support/adapter.ts';
import { testFolder } from '../support/engine.ts';
import { trained } from '../support/firstRunModel.ts';
import { writeGguf } from '../support/gguf.ts';
import { installedServer } from '../support/installedServer.ts';
import { cli } from '../support/supervisor.ts';

const sample = join(import.meta.dirname, '..', '..', 'sample');

async function check(
  args: string[],
  environment: NodeJS.ProcessEnv = {},
  program: string = cli,
): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [program, 'check', '--workspace', sample, '--file', 'src/cart.js', ...args], {
    env: { ...process.env, DROVER_MODEL: '', VLLM_ENDPOINT: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (data) => (output += String(data)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

test.runIf(trained)('drover check does the whole job: the first-run model reads the file by itself', async () => {
  const server = await installedServer();
  const { code, output } = await check([], { DROVER_LLAMA_SERVER: server.path });
  expect(output).toContain('First-run model (SmolLM2 135M)');
  expect(output).toContain('Question: What does src/cart.js do? Answer in two sentences.');
  expect(output).toMatch(/Read src\/cart\.js: allow \(Reads only, inside the workspace\.\)\n {4}31 lines\n/);
  expect(output).toMatch(/Answer: \S+/);
  expect(output).toMatch(/Times: ready [\d.]+ s, first token [\d.]+ s, answer [\d.]+ s/);
  expect(output).toContain('nothing left running');
  expect(code).toBe(0);
});

test('drover check fails where the first-run model answers without reading, and says what that means', async () => {
  // Noise under the name of the real one: it ends soon, and reads nothing.
  const program = await productWith((file) => writeAdapter(file, tiny));
  const managed = join(await testFolder(), 'managed');
  await writeGguf(join(managed, 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf'), 'plain');
  const server = await installedServer();
  const environment = { DROVER_LLAMA_SERVER: server.path, DROVER_MANAGED: managed };
  const { code, output } = await check([], environment, program);
  expect(output).toMatch(
    /FAILED at "Ask about src\/cart\.js": The first-run model answered without reading src\/cart\.js\./,
  );
  expect(code).toBe(1);
});

test("a person's own model need not read: then the file is named, and that is said", async () => {
  const server = await installedServer();
  const mine = await writeGguf(join(await testFolder(), 'mine.gguf'), 'plain');
  const { code, output } = await check(['--model', mine], { DROVER_LLAMA_SERVER: server.path });
  expect(output).toContain(
    'This model did not read src/cart.js by itself: it is asked again with the file named by @.',
  );
  expect(output).toContain('Question: What does this file do? Answer in two sentences. @src/cart.js');
  expect(output).toContain('Read src/cart.js: allow');
  expect(code).toBe(0);
});

test('one that takes no tools is only asked with the file named', async () => {
  const server = await installedServer();
  const mine = await writeGguf(join(await testFolder(), 'mine.gguf'), 'no-chatml');
  const { code, output } = await check(['--model', mine], { DROVER_LLAMA_SERVER: server.path });
  expect(output).toContain('This model calls no tools: the file is named by @.');
  expect(output.match(/Question:/g)).toHaveLength(1);
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
