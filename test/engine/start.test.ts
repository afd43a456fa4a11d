import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { always, answer, endless, gone, post, serverPid, testEngine, testFolder } from '../support/engine.ts';
import { writeGguf } from '../support/gguf.ts';

describe('the managed engine', () => {
  test('starts when it is first needed, and says what it can do before the first request', async () => {
    const model = await writeGguf(join(await testFolder(), 'plain.gguf'), 'plain');
    const { control, run, history } = await testEngine({ model });

    const endpoint = await control.ready(always);

    expect(endpoint.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect(endpoint).toMatchObject({
      model: 'plain',
      capabilities: { tools: true, progress: true, slots: 2, context: 16_384 },
    });
    expect(endpoint.capabilities.controlTokens).toEqual(
      expect.arrayContaining(['<|im_start|>', '<|im_end|>', '<tool_call>']),
    );
    expect(control.status()).toMatchObject({
      state: 'ready',
      kind: 'managed',
      tools: true,
      slots: 2,
      url: endpoint.url,
    });
    expect(control.status().server).toMatch(/^llama-server \S+.*DROVER_LLAMA_SERVER$/);
    expect(new Set(history.map(({ state }) => state))).toEqual(new Set(['starting', 'ready']));

    const reply = await answer<{ choices: { message: { content: string } }[] }>(endpoint, '/chat/completions', {
      messages: [{ role: 'user', content: 'Hello' }],
    });
    expect(reply.choices[0]?.message.content).not.toBe('');
    expect((await fetch(`${endpoint.url}/models`)).status, 'without the key').toBe(401);

    const pid = await serverPid(run);
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    expect(endpoint.key, 'others may read the command line').toMatch(/^[\w-]{32,}$/);
    expect(line).not.toContain(endpoint.key);
    await control.close();
    await gone(pid, 0);
    expect(control.status()).toMatchObject({ state: 'stopped' });
    expect(await readdir(run), 'no pid file is left').toEqual(['llama-server.log']);
    expect((await stat(join(run, 'llama-server.log'))).mode & 0o077, 'the log is for the person alone').toBe(0);
  });

  test('many callers share one start, and one that gives up takes it from nobody', async () => {
    const model = await writeGguf(join(await testFolder(), 'plain.gguf'), 'plain');
    const { control, history } = await testEngine({ model });
    const leaving = new AbortController();

    const first = control.ready(leaving.signal);
    const others = [control.ready(always), control.ready(always)];
    leaving.abort(new Error('left'));

    await expect(first).rejects.toThrow('left');
    const [one, two] = await Promise.all(others);
    expect(one).toEqual(two);
    expect(history.filter(({ state }) => state === 'ready')).toHaveLength(1);
  });

  test('serves as many requests at once as it has slots, each with its own context', async () => {
    const model = await writeGguf(join(await testFolder(), 'byte-exact.gguf'), 'byte-exact');
    const { control } = await testEngine({ model, slots: 3, context: 1024 });
    const endpoint = await control.ready(always);
    expect(endpoint.capabilities).toMatchObject({ slots: 3, context: 1024 });

    const over = new AbortController();
    const streams = await Promise.all([0, 1, 2].map(() => endless(endpoint, over.signal)));
    for (const stream of streams) expect((await stream.read()).done).toBe(false);
    over.abort();
  });

  test('refuses a prompt that is longer than a slot with the counts of both', async () => {
    const model = await writeGguf(join(await testFolder(), 'byte-exact.gguf'), 'byte-exact');
    const { control } = await testEngine({ model, slots: 2, context: 512 });
    const endpoint = await control.ready(always);

    const messages = [{ role: 'user', content: 'x'.repeat(2000) }];
    const response = await post(endpoint, '/chat/completions', { messages, stream: true });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { type: 'exceed_context_size_error', n_ctx: 512, n_prompt_tokens: expect.any(Number) },
    });
  });

  test('another model by its path restarts it; the choice is kept', async () => {
    const folder = await testFolder();
    const plain = await writeGguf(join(folder, 'plain.gguf'), 'plain');
    const caller = await writeGguf(join(folder, 'tool-caller.gguf'), 'tool-caller');
    const { control, run, saved, until } = await testEngine({ model: plain });
    const before = await control.ready(always);
    const pid = await serverPid(run);

    await control.act({ action: 'model', model: caller, fetch: false });
    await until(({ state, model }) => state === 'ready' && model?.id === caller);

    const after = await control.ready(always);
    expect(after.model).toBe('tool-caller');
    expect(after.url).not.toBe(before.url);
    expect(saved.model).toBe(caller);
    await gone(pid, 0);
  });

  test('stops, restarts and starts when asked', async () => {
    const model = await writeGguf(join(await testFolder(), 'plain.gguf'), 'plain');
    const { control, run, until } = await testEngine({ model });
    await control.act({ action: 'start' });
    await until(({ state }) => state === 'ready');
    const first = await serverPid(run);

    await control.act({ action: 'restart' });
    const endpoint = await control.ready(always);
    const second = await serverPid(run);
    expect(second).not.toBe(first);

    await control.act({ action: 'stop' });
    const stopped = await until(({ state }) => state === 'stopped');
    expect(stopped).not.toHaveProperty('url');
    await gone(second, 0);
    await expect(fetch(endpoint.url)).rejects.toThrow('fetch failed');

    await control.ready(always);
    expect(control.status().state).toBe('ready');
  });

  test('the newest model in its folder is taken when none was named; the same settings again change nothing', async () => {
    const { control, managed, until, run } = await testEngine({});
    await until(({ state }) => state === 'no-model');
    await writeGguf(join(managed, 'models', 'mine.gguf'), 'plain');

    const endpoint = await control.ready(always);
    expect(endpoint.model).toBe('mine');
    expect(control.status().models.map(({ id }) => id)).toEqual(['mine', 'first-run']);

    const pid = await serverPid(run);
    control.configure({});
    expect(control.status().state).toBe('ready');
    control.configure({ context: 2048 });
    expect((await control.ready(always)).capabilities.context).toBe(2048);
    await gone(pid, 0);
  });
});
