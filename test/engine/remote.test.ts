import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Endpoint } from '../../src/common/engine.ts';
import { always, answer, serverPid, isAlive, testEngine, testFolder } from '../support/engine.ts';
import { writeGguf } from '../support/gguf.ts';

/** A llama-server that "the person already runs": another managed one, of which only address and key are known. */
async function theirs(): Promise<{ endpoint: Endpoint; pid: number; stop: () => Promise<void> }> {
  const model = await writeGguf(join(await testFolder(), 'plain.gguf'), 'plain');
  const { control, run } = await testEngine({ model, slots: 3, context: 2048 });
  return { endpoint: await control.ready(always), pid: await serverPid(run), stop: () => control.close() };
}

/** A web server that is not what it was taken for. */
async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a server that the person runs', () => {
  test('is used by its address, with or without /v1; nothing is started or stopped', async () => {
    const { endpoint: real, pid } = await theirs();
    const key = real.key ?? '';
    const { control, until } = await testEngine({ url: real.url.replace('/v1', ''), key });

    const endpoint = await control.ready(always);
    expect(endpoint).toMatchObject({
      url: real.url,
      key,
      model: 'plain',
      capabilities: { tools: true, progress: true, slots: 3, context: 2048 },
    });
    expect(endpoint.capabilities.controlTokens).toContain('<|im_end|>');
    expect(control.status()).toMatchObject({ kind: 'url', state: 'ready', models: [{ id: 'plain', name: 'plain' }] });
    await answer(endpoint, '/chat/completions', { messages: [{ role: 'user', content: 'Hello' }], max_tokens: 4 });

    await control.act({ action: 'stop' });
    await until(({ state }) => state === 'stopped');
    await control.close();
    expect(await isAlive(pid)).toBe(true);
  });

  test('chosen in the panel, it takes the place of the managed one, and an empty address brings that back', async () => {
    const { endpoint: real } = await theirs();
    const model = await writeGguf(join(await testFolder(), 'mine.gguf'), 'plain');
    const { control, run, saved, until } = await testEngine({ model });
    await control.ready(always);
    const pid = await serverPid(run);

    await control.act({ action: 'url', url: real.url, key: real.key ?? '' });
    const endpoint = await control.ready(always);
    expect(endpoint.url).toBe(real.url);
    expect(await isAlive(pid)).toBe(false);
    expect(saved).toEqual({ url: real.url, model: undefined });

    await control.act({ action: 'url', url: '' });
    await until(({ kind, state }) => kind === 'managed' && state === 'no-model');
    expect(control.status().models.map(({ id }) => id)).toEqual(['first-run']);
  });

  test('an address that does not answer is not kept; once it answers it is', async () => {
    const { endpoint: real } = await theirs();
    const { control, saved, until } = await testEngine({});
    await control.act({ action: 'url', url: 'http://127.0.0.1:9' });
    await until(({ kind, state }) => kind === 'url' && state === 'failed');
    expect(saved).toEqual({});
    await control.act({ action: 'url', url: real.url, key: real.key ?? '' });
    await control.ready(always);
    expect(saved).toEqual({ url: real.url, model: undefined });
  });

  test('a wrong key, a name that is not there, and a server that went away: a sentence for each', async () => {
    const { endpoint: real, stop } = await theirs();
    const wrong = await testEngine({ url: real.url, key: 'wrong' });
    await expect(wrong.control.ready(always)).rejects.toMatchObject({
      code: 'engine_key',
      message: `${real.url} wants a key, or another one (status 401).`,
    });

    const key = real.key ?? '';
    const other = await testEngine({ url: real.url, key, model: 'gpt-17' });
    await expect(other.control.ready(always)).rejects.toMatchObject({
      code: 'model_unknown',
      message: `${real.url} has no model named gpt-17; it has plain.`,
    });
    await other.control.act({ action: 'model', model: 'plain', fetch: false });
    await expect(other.control.ready(always)).resolves.toMatchObject({ model: 'plain' });

    await stop();
    other.control.suspect();
    await other.until(({ state }) => state === 'failed');
    await expect(other.control.ready(always)).rejects.toMatchObject({
      code: 'engine_refused',
      message: `Nothing listens at ${real.url}.`,
    });
  });

  test('what is no model server is told apart', async () => {
    const page = await listen((_, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8').end('<!DOCTYPE html><title>Router</title>');
    });
    const { control } = await testEngine({ url: page });
    await expect(control.ready(always)).rejects.toMatchObject({
      code: 'engine_foreign',
      message: `${page}/v1 is no model server that Drover understands: it answers with a web page.`,
    });

    const other = await listen((_, response) => {
      response.statusCode = 500;
      response.end('oops');
    });
    await control.act({ action: 'url', url: other });
    await expect(control.ready(always)).rejects.toMatchObject({
      message: `${other}/v1 is no model server that Drover understands: it answers with status 500 and no list of models.`,
    });
    await expect(control.act({ action: 'url', url: 'ftp://x' })).rejects.toMatchObject({ field: 'url', status: 400 });
  });

  test('one that lists models and takes no tools is asked, not guessed', async () => {
    const asked: string[] = [];
    const url = await listen((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.setHeader('content-type', 'application/json');
      if (request.url === '/v1/models') {
        const data = [{ id: 'text-embedder' }, { id: 'qwen', max_model_len: 4096 }];
        response.end(JSON.stringify({ object: 'list', data }));
        return;
      }
      response.statusCode = request.url === '/v1/chat/completions' ? 400 : 404;
      const message = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set';
      response.end(JSON.stringify({ error: { message } }));
    });
    const { control } = await testEngine({ url });
    const { model, capabilities } = await control.ready(always);
    expect(model).toBe('qwen');
    expect(capabilities).toMatchObject({
      tools: false,
      progress: false,
      slots: 4,
      context: 4096,
    });
    expect(asked).toEqual(['GET /v1/models', 'GET /props', 'POST /v1/chat/completions']);
  });
});
