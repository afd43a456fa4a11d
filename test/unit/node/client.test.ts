import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { array, assert, constantFrom, nat, property } from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Problem } from '../../../src/common/errors.ts';
import { type Address, call, follow, stream } from '../../../src/node/client.ts';
import { type SseMessage, sseParser } from '../../../src/node/sse.ts';

const never = new AbortController().signal;
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A supervisor reduced to one answer for every request. */
async function listening(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Address> {
  const started = createServer(answer);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (started.address() as AddressInfo).port, token: 'secret' };
}

function eventStream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' });
}

function text(id: string, words: string): string {
  return `id: ${id}\ndata: ${JSON.stringify({ type: 'text', text: words })}\n\n`;
}

/** What a parser gives for these chunks. */
function parse(...chunks: string[]): SseMessage[] {
  const feed = sseParser();
  return chunks.flatMap((chunk) => feed(chunk));
}

/** All events of a stream. */
async function drained<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Problem)) throw new Error(`expected a Problem, got ${String(error)}`);
  return error;
}

describe('server-sent events', () => {
  it('come one for each empty line, with the id named last', () => {
    expect(parse('id: 1\ndata: a\n\ndata: b\n\nid: 2.1\ndata: c\n\n')).toEqual([
      { id: '1', data: 'a' },
      { id: '1', data: 'b' },
      { id: '2.1', data: 'c' },
    ]);
  });

  it('join several data lines and keep all but one leading space', () => {
    expect(parse('data: one\ndata:  two\ndata\n\n')).toEqual([{ id: '', data: 'one\n two\n' }]);
  });

  it('leave out comments, other fields, empty events and one that is not finished', () => {
    expect(parse(': keep-alive\n\nevent: x\nretry: 5\n\ndata: a\n\ndata: unfinished\n')).toEqual([
      { id: '', data: 'a' },
    ]);
  });

  it('may begin with a byte order mark', () => {
    expect(parse('\uFEFFdata: a\n\n')).toEqual([{ id: '', data: 'a' }]);
  });

  it('read the same however the stream is cut and whichever line ending it has', () => {
    const lines = ['id: 7', ': comment', 'data: {"a":1}', '', 'data: x', 'data: y', 'id: 8.2', '', ''];
    const expected = parse(lines.join('\n'));
    expect(expected).toHaveLength(2);
    assert(
      property(constantFrom('\n', '\r\n', '\r'), array(nat(80), { maxLength: 12 }), (ending, cuts) => {
        // A final CR alone may be half of a CRLF; the next event, here a comment, settles it.
        const whole = `${lines.join(ending)}:${ending}`;
        const at = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length];
        const chunks = at.slice(1).map((end, index) => whole.slice(at[index], end));
        expect(parse(...chunks)).toEqual(expected);
      }),
    );
  });
});

describe('a call', () => {
  it('sends token and body, and gives the parsed reply', async () => {
    let seen = '';
    const address = await listening((request, response) => {
      request.on('data', (chunk) => (seen += String(chunk)));
      request.on('end', () => {
        seen = `${request.method} ${request.url} ${request.headers.authorization} ${seen}`;
        response.writeHead(202).end(JSON.stringify({ item: 'i1' }));
      });
    });
    const body = { message: 'hi', lane: 'steer', asks: 'client' } as const;
    expect(await call(address, 'chatPost', { id: 'a/b c', body, signal: never })).toEqual({ item: 'i1' });
    expect(seen).toBe('POST /chat/a%2Fb%20c Bearer secret {"message":"hi","lane":"steer","asks":"client"}');
  });

  it('hands on what the supervisor refuses, word for word', async () => {
    const address = await listening((_, response) => {
      const error = { code: 'invalid', message: 'No message.', advice: 'Write one.', field: 'message' };
      response.writeHead(400).end(JSON.stringify({ error }));
    });
    const problem = await problemOf(call(address, 'chats', { signal: never }));
    expect(problem.info).toEqual({ code: 'invalid', message: 'No message.', advice: 'Write one.', field: 'message' });
    expect(problem.status).toBe(400);
  });

  it('says so when the answer is not Drover’s', async () => {
    const address = await listening((_, response) => response.end('<html>hello</html>'));
    expect((await problemOf(call(address, 'chats', { signal: never }))).code).toBe('foreign_reply');
    const refusing = await listening((_, response) => response.writeHead(404).end('no'));
    expect((await problemOf(call(refusing, 'chats', { signal: never }))).message).toContain('status 404');
  });

  it('says so when nobody answers', async () => {
    const address = await listening(() => undefined);
    server?.close();
    const problem = await problemOf(call(address, 'health', { signal: never }));
    expect(problem.message).toBe('The supervisor does not answer (ECONNREFUSED).');
  });

  it('ends when its signal does', async () => {
    const abort = new AbortController();
    const address = await listening(() => abort.abort());
    await expect(call(address, 'health', { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a stream', () => {
  it('yields events whole even where a character is cut in two', async () => {
    const address = await listening((_, response) => {
      const bytes = Buffer.from(text('3.1', 'grün'));
      const cut = bytes.indexOf(0xbc);
      eventStream(response).write(bytes.subarray(0, cut));
      setImmediate(() => response.end(bytes.subarray(cut)));
    });
    const events = await drained(stream(address, 'chatEvents', { id: 'c', signal: never }));
    expect(events).toEqual([{ id: '3.1', event: { type: 'text', text: 'grün' } }]);
  });

  it('refuses an event that is none', async () => {
    const address = await listening((_, response) => eventStream(response).end('data: {"type":"nonsense"}\n\n'));
    const problem = await problemOf(drained(stream(address, 'chatEvents', { id: 'c', signal: never })));
    expect(problem.code).toBe('foreign_reply');
  });
});

describe('following', () => {
  it('resumes after the last event it saw, however the connection ended', async () => {
    const asked: (string | undefined)[] = [];
    const address = await listening((request, response) => {
      asked.push(request.headers['last-event-id']?.toString());
      eventStream(response);
      if (asked.length === 1) response.write(text('1', 'a'), () => response.destroy());
      else if (asked.length === 2) response.end(text('2.5', 'b'));
      else response.write(text('3', 'c'));
    });
    const end = new AbortController();
    const broke: string[] = [];
    const words: string[] = [];
    const events = follow(async () => address, 'chatEvents', {
      id: 'c',
      after: '0',
      signal: end.signal,
      wait: () => 1,
      broke: (problem) => broke.push(problem.code),
    });
    for await (const { event } of events) {
      if (event.type === 'text') words.push(event.text);
      if (words.length === 3) end.abort();
    }
    expect(words).toEqual(['a', 'b', 'c']);
    expect(asked).toEqual(['0', '1', '2.5']);
    expect(broke).toEqual(['broken', 'broken']);
  });

  it('asks again for the address, so that a new supervisor is found', async () => {
    const dead: Address = { host: '127.0.0.1', port: 9, token: null };
    const address = await listening((_, response) => eventStream(response).write(text('1', 'here')));
    const addresses = [dead, address];
    const waits: number[] = [];
    const end = new AbortController();
    const events = follow(async () => addresses.shift() ?? address, 'chatEvents', {
      id: 'c',
      signal: end.signal,
      wait: (failures) => waits.push(failures),
    });
    for await (const { event } of events) {
      expect(event).toEqual({ type: 'text', text: 'here' });
      end.abort();
    }
    expect(waits).toEqual([0]);
  });

  it('gives up when the supervisor refuses', async () => {
    const address = await listening((_, response) => {
      const error = { code: 'no_chat', message: 'There is no such chat.', advice: 'Begin a new one.' };
      response.writeHead(404).end(JSON.stringify({ error }));
    });
    const events = follow(async () => address, 'chatEvents', { id: 'gone', signal: never });
    expect((await problemOf(drained(events))).code).toBe('no_chat');
  });
});
