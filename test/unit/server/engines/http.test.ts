import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask } from '../../../../server/engines/http.ts';
import { acceptsTools, probeTemplate } from '../../../../server/engines/probe.ts';
import { RemoteEngine } from '../../../../server/engines/remote.ts';
import { startModelServer } from '../../../support/modelServer.ts';

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a model server that sends callers on to another address', () => {
  const signal = new AbortController().signal;

  test.each([301, 302, 303, 307, 308])(
    'by status %i is not followed: nobody has named that address',
    async (status) => {
      const elsewhere: string[] = [];
      const other = await listen((request, response) => {
        elsewhere.push(`${request.method} ${request.url}`);
        response.end('{"data":[{"id":"theirs"}]}');
      });
      const url = await listen((request, response) => {
        response.writeHead(status, { location: `${other}${request.url}` }).end();
      });

      expect(await ask(url, { signal, limit: 5000, key: 'secret', body: { messages: [] } })).toMatchObject({ status });
      await acceptsTools(url, 'secret', 'theirs', signal);
      const engine = new RemoteEngine({
        settings: { url, key: 'secret' },
        mayFetch: false,
        managed: '/nowhere',
        run: '/nowhere',
        environment: {},
        tell: () => undefined,
        lost: () => undefined,
        log: () => undefined,
      });
      await expect(engine.start(signal)).rejects.toMatchObject({
        code: 'engine_foreign',
        message: `${url}/v1 is no model server that Drover understands: it sends callers on to ${other}/v1/models.`,
      });
      expect(elsewhere).toEqual([]);
    },
  );
});

describe('what a chat template writes around contents', () => {
  const signal = new AbortController().signal;
  const tried = async (options: Parameters<typeof startModelServer>[0]) => {
    const server = await startModelServer(options);
    onTestFinished(() => server.close());
    return probeTemplate(server.url, undefined, signal);
  };

  test('is known from a conversation with a call, which it is asked to render', async () => {
    expect(await tried({})).toEqual({
      tools: true,
      tags: ['<|im_end|>', '<|im_start|>', '<tool_call>', '</tool_call>'],
    });
  });

  test('of one without tools, from what people and it say', async () => {
    expect(await tried({ template: 'no-tools' })).toEqual({ tools: false, tags: ['<|im_end|>', '<|im_start|>'] });
  });

  test('cannot be known where nothing renders it', async () => {
    expect(await tried({ dialect: 'vllm' })).toBeUndefined();
  });
});
