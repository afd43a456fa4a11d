import { existsSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tinyModel } from '../../scripts/tinyModel.ts';
import { always, endless, gone, halt, serverPid, testEngine, testFolder } from '../support/engine.ts';
import { type GgufVariant, writeGguf } from '../support/gguf.ts';
import { installedServer } from '../support/installedServer.ts';

async function modelFile(variant: GgufVariant): Promise<string> {
  return writeGguf(join(await testFolder(), `${variant}.gguf`), variant);
}

describe('when the engine cannot start', () => {
  test.each([
    ['truncated', 'model_truncated', /truncated\.gguf is incomplete: it ends after 0\.3 MB/],
    ['foreign', 'model_foreign', /foreign\.gguf is not a model that llama-server can load: it is no GGUF/],
  ] as const)('a %s model file is named, and nothing is started', async (variant, code, message) => {
    const { control, until, log } = await testEngine({ model: await modelFile(variant) });
    await expect(control.ready(always)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    const failed = await until(({ state }) => state === 'failed');
    expect(failed.problem).toMatchObject({ code, advice: expect.stringContaining('Choose Model') });
    expect(log.join('\n')).not.toMatch(/^llama-server /m);
  });

  test('a model that is not there, by path and by name, is refused at once and changes nothing', async () => {
    const model = await modelFile('plain');
    const { control, saved } = await testEngine({ model });
    await control.ready(always);
    for (const [named, code] of [
      ['/no/such/model.gguf', 'model_missing'],
      ['no-such-model', 'model_unknown'],
      ['smollm2-135m', 'model_not_fetched'],
    ] as const) {
      await expect(control.act({ action: 'model', model: named, fetch: false })).rejects.toMatchObject({ code });
    }
    const truncated = await modelFile('truncated');
    const bad = control.act({ action: 'model', model: truncated, fetch: false });
    await expect(bad).rejects.toMatchObject({ code: 'model_truncated' });
    const fetching = control.act({ action: 'model', model: 'smollm2-135m', fetch: true });
    await expect(fetching).rejects.toMatchObject({ code: 'offline' });
    expect(control.status().state).toBe('ready');
    expect(saved).toEqual({});
  });

  test('no model at all: one sentence, and what to do', async () => {
    const { control, managed } = await testEngine({});
    const message = `There is no model to load: none was chosen, and ${join(managed, 'models')} has no GGUF file.`;
    await expect(control.ready(always)).rejects.toMatchObject({ code: 'no_model', message });
    expect(control.status()).toMatchObject({ state: 'no-model', problem: { code: 'no_model' } });
  });

  // Looked for there besides PATH; a machine may have one.
  const elsewhere = ['/usr/local/bin', '/home/linuxbrew/.linuxbrew/bin'].map((place) => join(place, 'llama-server'));
  test.skipIf(elsewhere.some(existsSync))('no llama-server anywhere: each thing tried is named', async () => {
    const environment = { DROVER_LLAMA_SERVER: undefined, PATH: '/nowhere' };
    const { control, managed } = await testEngine({ model: await modelFile('plain') }, environment);
    await expect(control.ready(always)).rejects.toMatchObject({
      code: 'no_server',
      message: expect.stringContaining(`none in PATH; none in Drover's folder (${join(managed, 'llama-server')});`),
      advice: expect.stringContaining('drover.engine.url'),
    });
    expect(control.status().state).toBe('absent');
  });

  test('a llama-server that was named and does not run is not replaced by another', async () => {
    const folder = await testFolder();
    const path = join(folder, 'llama-server');
    await writeFile(path, '#!/bin/sh\necho "error while loading shared libraries: libfoo.so" >&2\nexit 127\n');
    await chmod(path, 0o755);
    const { control } = await testEngine({ model: await modelFile('plain'), path });
    await expect(control.ready(always)).rejects.toMatchObject({
      code: 'server_unusable',
      message: `The llama-server that the setting drover.engine.path names cannot be used: ${path} does not run (error while loading shared libraries: libfoo.so).`,
    });
    expect(control.status()).toMatchObject({ state: 'failed' });
  });

  test('an argument that this build does not know', async () => {
    const { control } = await testEngine({ model: await modelFile('plain'), args: ['--bogus'] });
    await expect(control.ready(always)).rejects.toMatchObject({
      code: 'server_flag',
      message: 'llama-server refused its arguments: error: invalid argument: --bogus.',
    });
  });

  test('too little memory: once more with half the context, and it says so', async () => {
    const server = await installedServer();
    const folder = await testFolder();
    const path = join(folder, 'llama-server');
    // Each slot of 800,000 tokens takes about 600 MB, half of them half of that.
    await writeFile(path, `#!/bin/sh\nulimit -v 1200000\nexec ${server.path} "$@"\n`);
    await chmod(path, 0o755);
    const { control, log } = await testEngine({ model: await modelFile('plain'), path, context: 800_000 });
    await control.ready(always);
    expect(control.status().note).toBe('Memory was short: each chat has 400000 tokens instead of 800000.');
    expect(log.filter((line) => line.includes('not enough memory'))).toHaveLength(1);
  });
});

describe('when the engine fails in use', () => {
  test('killed in the middle of an answer: the stream breaks, the status says why, the next call starts it', async () => {
    const { control, run, until } = await testEngine({ model: await modelFile('plain') });
    const endpoint = await control.ready(always);
    const stream = await endless(endpoint);

    process.kill(await serverPid(run), 'SIGKILL');
    const failed = await until(({ state }) => state === 'failed');

    expect(failed.problem).toMatchObject({
      code: 'engine_lost',
      message: 'llama-server stopped by itself: it was ended by SIGKILL.',
      advice: expect.stringContaining('started again with the next message'),
    });
    const drained = async (): Promise<void> => {
      while (!(await stream.read()).done);
    };
    await expect(drained()).rejects.toThrow('terminated');
    const again = await control.ready(always);
    expect(again.url).not.toBe(endpoint.url);
    expect(control.status()).not.toHaveProperty('problem');
  });

  test('it hangs: suspected, found silent, ended, and started again', async () => {
    const { control, run } = await testEngine({ model: await modelFile('plain') });
    const before = await control.ready(always);
    const pid = await serverPid(run);
    await halt(pid);
    control.suspect();
    const after = await control.ready(always);
    expect(after.url).not.toBe(before.url);
    await gone(pid, 0);
  }, 30_000);

  test('suspected wrongly, it goes on', async () => {
    const { control, run } = await testEngine({ model: await modelFile('plain') });
    const before = await control.ready(always);
    const pid = await serverPid(run);
    control.suspect();
    expect(await control.ready(always)).toEqual(before);
    expect(await serverPid(run)).toBe(pid);
  });

  test('five failures within ten minutes: it is not started again until the person asks', async () => {
    const { control, run, until } = await testEngine({ model: await modelFile('plain') });
    for (let i = 0; i < 5; i++) {
      await control.ready(always);
      process.kill(await serverPid(run), 'SIGKILL');
      await until(({ state }) => state === 'failed');
    }
    await expect(control.ready(always)).rejects.toMatchObject({
      code: 'engine_unstable',
      message: expect.stringMatching(/^llama-server failed 5 times within 10 minutes; the last time: /),
    });
    await control.act({ action: 'restart' });
    await expect(control.ready(always)).resolves.toMatchObject({ model: 'plain' });
  }, 30_000);

  test('the model file vanished meanwhile: the next start says so', async () => {
    const model = join(await testFolder(), 'mine.gguf');
    await writeFile(model, tinyModel('plain'));
    const { control, run, until } = await testEngine({ model });
    await control.ready(always);
    await rm(model);
    process.kill(await serverPid(run), 'SIGKILL');
    await until(({ state }) => state === 'failed');
    await expect(control.ready(always)).rejects.toMatchObject({ code: 'model_missing' });
  });
});
