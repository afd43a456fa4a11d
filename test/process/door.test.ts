import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BODY_LIMIT, routes } from '../../src/common/protocol.ts';
import { call } from '../../src/node/client.ts';
import { runFolder, runMark } from '../../src/node/discovery.ts';
import { marked } from '../../src/node/marks.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { reply, text } from '../support/modelServer/script.ts';
import { exchange, type RawReply, readReply } from '../support/rawHttp.ts';
import { type Place, place, type Running, startSupervisor } from '../support/supervisor.ts';

// What reaches the supervisor is written here byte by byte: a library would mend what somebody hostile would send.

let at: Place;
let model: ModelServer;
let drover: Running;

beforeAll(async () => {
  at = place({ 'a.txt': 'alpha\n' });
  model = await startModelServer({ script: (request) => reply(text(`Answer ${request.number}.`)) });
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
});
afterAll(async () => {
  await drover.stop();
  await model.close();
  at.dispose();
});

/** PORT and TOKEN stand for the real ones. A header that is undefined is left out, one with a list is sent as often. */
interface Sent {
  line?: string;
  host?: string | string[] | undefined;
  token?: string | string[] | undefined;
  origin?: string;
  type?: string | string[];
  body?: string;
  more?: Record<string, string | string[]>;
}

/** What everybody sent, with what came back. */
const exchanged: { sent: Sent; reply: RawReply }[] = [];

async function send(sent: Sent): Promise<RawReply> {
  const { port, token } = drover.discovery;
  const { line = 'GET /health', origin, type, body } = sent;
  const host = 'host' in sent ? sent.host : '127.0.0.1:PORT';
  const authorization = 'token' in sent ? sent.token : 'Bearer TOKEN';
  const length = body === undefined || sent.more?.['Transfer-Encoding'] ? undefined : String(Buffer.byteLength(body));
  const headers = Object.entries({
    Host: host,
    Origin: origin,
    Authorization: authorization,
    'Content-Type': type,
    'Content-Length': length,
    Connection: 'close',
    ...sent.more,
  }).flatMap(([name, value]) => [value ?? []].flat().map((each) => `${name}: ${each}\r\n`));
  const first = /HTTP\//.test(line) ? line : `${line} HTTP/1.1`;
  const request = `${first}\r\n${headers.join('')}\r\n${body ?? ''}`;
  const filled = request.replaceAll('PORT', String(port)).replaceAll('TOKEN', token ?? '');
  const back = await exchange(port, filled);
  exchanged.push({ sent, reply: back });
  return back;
}

const json = 'application/json';
const hello = '{"kind":"other","protocol":1,"build":"x"}';
const post = { line: 'POST /hello', type: json, body: hello };

describe('who is let in, and with what', () => {
  it.each<[string, Sent, number]>([
    // The Host: exactly the two names of this address.
    ['the address', {}, 200],
    ['its name', { host: 'localhost:PORT' }, 200],
    ['the address without its port', { host: '127.0.0.1' }, 403],
    ['the name without its port', { host: 'localhost' }, 403],
    ['another port', { host: '127.0.0.1:1' }, 403],
    ['the port with a zero before it', { host: '127.0.0.1:0PORT' }, 403],
    ['a port and nothing', { host: ':PORT' }, 403],
    ['an empty Host', { host: '' }, 403],
    ['another name', { host: 'evil.example:PORT' }, 403],
    ['a name that begins like ours', { host: 'localhost.evil.example:PORT' }, 403],
    ['a name that ends like ours', { host: 'evil.localhost:PORT' }, 403],
    ['our name with a dot behind it', { host: 'localhost.:PORT' }, 403],
    ['our name in capitals', { host: 'LOCALHOST:PORT' }, 403],
    ['IPv6, where nothing listens', { host: '[::1]:PORT' }, 403],
    ['IPv6 around our address', { host: '[::ffff:127.0.0.1]:PORT' }, 403],
    ['another address of loopback', { host: '127.0.0.2:PORT' }, 403],
    ['our address as a number', { host: '2130706433:PORT' }, 403],
    ['our address in short', { host: '127.1:PORT' }, 403],
    ['all addresses', { host: '0.0.0.0:PORT' }, 403],
    ['somebody in front of our address', { host: 'user@127.0.0.1:PORT' }, 403],
    ['a path in the Host', { host: '127.0.0.1:PORT/x' }, 403],
    ['two Hosts, the right one first', { host: ['127.0.0.1:PORT', 'evil.example'] }, 400],
    ['two Hosts, the right one last', { host: ['evil.example', '127.0.0.1:PORT'] }, 400],
    ['the right Host twice', { host: ['127.0.0.1:PORT', '127.0.0.1:PORT'] }, 400],
    ['no Host', { host: undefined }, 400],
    ['no Host, in the old version', { line: 'GET /health HTTP/1.0', host: undefined }, 400],
    ['the old version with a Host', { line: 'GET /health HTTP/1.0' }, 200],
    // The request line.
    ['an address in the request line', { line: 'GET http://127.0.0.1:PORT/health' }, 400],
    ["somebody's address in the request line", { line: 'GET http://evil.example/health' }, 400],
    ['an address without a scheme', { line: 'GET //evil.example/health' }, 404],
    ['a star', { line: 'OPTIONS *' }, 400],
    ['a tunnel', { line: 'CONNECT 127.0.0.1:PORT' }, 405],
    ['a method that nobody knows', { line: 'STEAL /health' }, 400],
    ['no HTTP', { line: 'HELO' }, 400],
    ['another protocol', { line: 'PRI * HTTP/2.0' }, 400],
    // The Origin: any.
    ['a page', { origin: 'https://example.org' }, 403],
    ['a page of ours', { origin: 'http://127.0.0.1:PORT' }, 403],
    ['a page of nowhere', { origin: 'null' }, 403],
    ['an empty Origin', { origin: '' }, 403],
    ['a webview', { origin: 'vscode-webview://abc' }, 403],
    ['a page that posts', { ...post, origin: 'https://example.org' }, 403],
    ['a page that asks whether it may', { line: 'OPTIONS /chat', origin: 'https://example.org' }, 403],
    ['a page that asks without a token', { line: 'OPTIONS /chat', origin: 'https://a.b', token: undefined }, 403],
    ['a picture in a page', { more: { 'Sec-Fetch-Site': 'cross-site' } }, 403],
    ['a page of the same machine', { more: { 'Sec-Fetch-Site': 'same-site' } }, 403],
    // The token.
    ['no token', { token: undefined }, 401],
    ['an empty one', { token: 'Bearer ' }, 401],
    ['a wrong one', { token: 'Bearer wrong' }, 401],
    ['all but its last character', { token: 'Bearer TOKE' }, 401],
    ['with one character more', { token: 'Bearer TOKENx' }, 401],
    ['without its scheme', { token: 'TOKEN' }, 401],
    ['as a password', { token: 'Basic TOKEN' }, 401],
    ['with the scheme in small letters', { token: 'bearer TOKEN' }, 200],
    ['a wrong one and the right one', { token: ['Bearer wrong', 'Bearer TOKEN'] }, 400],
    ['in the address', { line: 'GET /health?token=TOKEN', token: undefined }, 401],
    ['in the address, as its standard has it', { line: 'GET /health?access_token=TOKEN', token: undefined }, 401],
    ['in a cookie', { token: undefined, more: { Cookie: 'token=TOKEN' } }, 401],
    ['for a proxy', { token: undefined, more: { 'Proxy-Authorization': 'Bearer TOKEN' } }, 401],
    ['the metrics without one', { line: 'GET /metrics', token: undefined }, 401],
    ['the description without one', { line: 'GET /openapi.json', token: undefined }, 401],
    ['what is not there, without one', { line: 'GET /nothing', token: undefined }, 401],
    ['the root without one', { line: 'GET /', token: undefined }, 401],
    // Methods.
    ['only the head', { line: 'HEAD /health' }, 405],
    ['only the head of a stream', { line: 'HEAD /events' }, 405],
    ['which methods there are', { line: 'OPTIONS /chat' }, 405],
    ['a trace', { line: 'TRACE /health' }, 405],
    ['a method that no route has', { line: 'PUT /chat', type: json, body: '{}' }, 405],
    ['a patch', { line: 'PATCH /chat/x', type: json, body: '{}' }, 405],
    ['a wrong method for the route', { line: 'DELETE /health' }, 404],
    // What is sent.
    ['JSON', post, 200],
    ['JSON that names its letters', { ...post, type: 'application/json; charset=utf-8' }, 200],
    ['JSON in capitals', { ...post, type: 'Application/JSON;charset="UTF-8"' }, 200],
    ['JSON in other letters', { ...post, type: 'application/json; charset=utf-16' }, 415],
    ['what a form can send', { ...post, type: 'text/plain' }, 415],
    ['a form', { ...post, type: 'application/x-www-form-urlencoded' }, 415],
    ['a form with parts', { ...post, type: 'multipart/form-data; boundary=x' }, 415],
    ['JSON in the name of a text', { ...post, type: 'text/plain; application/json' }, 415],
    ['what only begins like JSON', { ...post, type: 'application/json5' }, 415],
    ['two types', { ...post, type: [json, 'text/plain'] }, 400],
    ['two types in one', { ...post, type: `${json}, text/plain` }, 415],
    ['no type', { line: 'POST /hello', body: hello }, 415],
    ['a form without anything in it', { line: 'POST /chat/x/cancel', type: 'text/plain', body: '' }, 415],
    ['nothing, where something is needed', { line: 'POST /hello', type: json, body: '' }, 400],
    ['nothing and no type, where something is needed', { line: 'POST /hello' }, 415],
    ['nothing and no type, where nothing is needed', { line: 'POST /chat/x/cancel' }, 404],
    ['a text where a look needs nothing', { line: 'GET /health', type: 'text/plain', body: 'x' }, 415],
    ['compressed', { ...post, more: { 'Content-Encoding': 'gzip' } }, 415],
    ['no JSON', { ...post, body: '{' }, 400],
    ['in pieces', { ...post, more: { 'Transfer-Encoding': 'chunked' }, body: `29\r\n${hello}\r\n0\r\n\r\n` }, 200],
    ['two lengths', { ...post, more: { 'Content-Length': ['41', '3'] } }, 400],
    ['a length and pieces', { ...post, more: { 'Transfer-Encoding': 'chunked', 'Content-Length': '41' } }, 400],
    ['waiting to be asked', { ...post, more: { Expect: '100-continue' } }, 200],
    ['waiting for something else', { ...post, more: { Expect: 'tea' } }, 417],
    ['a socket for ever', { more: { Upgrade: 'websocket', Connection: 'Upgrade, close' } }, 200],
    ['headers without end', { more: { 'X-Long': 'x'.repeat(20_000) } }, 431],
    ['a name with a blank before its colon', { more: { 'X-Name ': 'x' } }, 400],
    ['a head that goes on in the next line', { more: { 'X-Name': 'a\r\n b' } }, 400],
    ['a stream', { line: 'GET /events' }, 200],
    ['a stream without a token', { line: 'GET /events', token: undefined }, 401],
  ])('%s', async (_, sent, status) => {
    expect(await send(sent)).toMatchObject({ status });
  });

  const paths = Object.values(routes).map((route): [string, boolean] => [
    `${route.method.toUpperCase()} ${route.path.replace('{id}', 'x')}`,
    'body' in route,
  ]);
  it.each(paths)('%s is for those alone who have the token and are no page', async (line, takesBody) => {
    const body = takesBody ? { type: json, body: '{}' } : {};
    const replies = await Promise.all([
      send({ line, ...body, token: undefined }),
      send({ line, ...body, token: 'Bearer wrong' }),
      send({ line, ...body, origin: 'https://example.org' }),
      send({ line, ...body, origin: 'null' }),
      send({ line, ...body, host: 'evil.example:PORT' }),
      send({ line, ...body, type: 'text/plain' }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([401, 401, 403, 403, 403, 415]);
  });

  it('of all that, nothing without the token came in', () => {
    expect(exchanged.length).toBeGreaterThan(200);
    const without = exchanged.filter(({ sent }) => 'token' in sent && !/^bearer TOKEN$/i.test(String(sent.token)));
    expect(without.length).toBeGreaterThan(60);
    expect(without.filter(({ reply }) => reply.status < 400)).toEqual([]);
  });

  it('nothing allows a page to read an answer, or to keep one', () => {
    for (const { reply } of exchanged) {
      expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      if (reply.status < 300) expect(reply.headers).toMatchObject({ 'cache-control': 'no-store' });
    }
  });

  it('every refusal says what is wrong and what to do', () => {
    for (const { sent, reply } of exchanged.filter((each) => each.reply.status >= 400)) {
      // The answer to HEAD has none.
      if (sent.line?.startsWith('HEAD') === true) continue;
      expect(reply.headers['content-type'], sent.line).toBe('application/json');
      expect(JSON.parse(reply.body), sent.line).toEqual({
        error: expect.objectContaining({
          code: expect.stringMatching(/^\w+$/),
          message: expect.stringMatching(/\.$/),
          advice: expect.stringMatching(/\.$/),
        }),
      });
    }
  });
});

describe('nobody can use it up', () => {
  it('a body that is too large is not read', async () => {
    const { port, token } = drover.discovery;
    const said = 1024 * 1024 * 1024;
    const head = `POST /chat HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
    for (const length of [`Content-Length: ${said}`, 'Transfer-Encoding: chunked']) {
      const socket = connect(port, '127.0.0.1');
      socket.write(`${head}${length}\r\n\r\n`);
      const chunk = 'x'.repeat(64 * 1024);
      const part = length.startsWith('T') ? `10000\r\n${chunk}\r\n` : chunk;
      const write = (): void => {
        while (!socket.destroyed && socket.write(part));
      };
      socket.on('drain', write);
      write();
      const closed = once(socket, 'close');
      const { status, body } = await readReply(socket);
      expect([status, JSON.parse(body)], length).toMatchObject([413, { error: { code: 'too_large' } }]);
      await closed;
      // What the buffers of both ends hold comes on top of what is let through.
      expect(socket.bytesWritten - socket.writableLength, length).toBeLessThan(BODY_LIMIT + 16 * 1024 * 1024);
    }
  });

  it('a connection without a request is not kept', { timeout: 30_000 }, async () => {
    const { port, token } = drover.discovery;
    const socket = connect(port, '127.0.0.1');
    const closed = once(socket, 'close');
    socket.write(`GET /health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    const [reply] = (await once(socket, 'data')) as [Buffer];
    expect(reply.toString('utf8')).toMatch(/^HTTP\/1\.1 200/);
    socket.resume();
    await closed;
  });

  it('who never comes to an end is sent away, who listens is not', { timeout: 30_000 }, async () => {
    const { port, token } = drover.discovery;
    const head = `Host: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n`;
    const listening = connect(port, '127.0.0.1');
    let heard = '';
    listening.on('data', (data) => (heard += String(data)));
    listening.write(`GET /events HTTP/1.1\r\n${head}\r\n`);
    await once(listening, 'data');

    const slow = ['', 'GET /health HT', `GET /health HTTP/1.1\r\n${head}X-Slow: `].map((begun) => {
      const socket = connect(port, '127.0.0.1');
      if (begun !== '') socket.write(begun);
      return socket;
    });
    // One that still sends a letter now and then is no better.
    const dripping = setInterval(() => slow[2]?.write('x'), 200);
    const replies = await Promise.all(slow.map(readReply));
    clearInterval(dripping);
    for (const { status, body } of replies) {
      expect([status, JSON.parse(body)]).toMatchObject([408, { error: { code: 'too_slow' } }]);
    }
    const before = heard;
    await drover.request('POST', '/chat', { message: 'One.', session_id: 'heard' });
    await expect.poll(() => heard.length > before.length && heard.includes('heard')).toBe(true);
    listening.destroy();
  });

  it('of many connections those that are too many are told so, and there is room again', async () => {
    const { port, token } = drover.discovery;
    const sockets = Array.from({ length: 600 }, () => connect(port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const last = sockets[599] ?? connect(port);
    last.write(`GET /health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    const { status, body } = await readReply(last);
    expect([status, JSON.parse(body)]).toMatchObject([503, { error: { code: 'too_many_connections' } }]);
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(async () => (await send({}).catch(() => undefined))?.status, { timeout: 5000, interval: 20 })
      .toBe(200);
  });

  it('who asks without pause is told to wait, and a burst is not', { timeout: 60_000 }, async () => {
    const { port, token } = drover.discovery;
    const ask = `GET /nothing HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    const statuses: number[] = [];
    const flood = async (): Promise<void> => {
      const socket = connect(port, '127.0.0.1');
      socket.setEncoding('latin1');
      let rest = '';
      let open = 0;
      const more = (): void => {
        for (; open < 64 && !socket.destroyed; open += 1) socket.write(ask);
      };
      socket.on('data', (data) => {
        const parts = (rest + String(data)).split('HTTP/1.1 ');
        rest = `HTTP/1.1 ${parts.pop() ?? ''}`;
        for (const part of parts.slice(1)) {
          statuses.push(Number(part.slice(0, 3)));
          open -= 1;
          if (part.startsWith('429')) {
            expect(part).toMatch(/^retry-after: 1\r$/im);
            socket.destroy();
          }
        }
        more();
      });
      more();
      await once(socket, 'close');
    };
    await Promise.all([flood(), flood(), flood(), flood()]);
    expect(statuses.filter((status) => status === 404).length).toBeGreaterThan(2000);
    // It fills again by itself.
    await expect.poll(async () => (await send({})).status, { interval: 100 }).toBe(200);
  });
});

it('one that listens on all addresses names one that can be called', async () => {
  const there = place();
  const all = await startSupervisor(there, ['--model-endpoint', model.url, '--host', '0.0.0.0']);
  expect(all.discovery.host).toBe('127.0.0.1');
  const health = await call(all.discovery, 'health', { signal: AbortSignal.timeout(5000) });
  expect(health.pid).toBe(all.child.pid);
  await all.stop();
  there.dispose();
});

describe('the token stays between the discovery file and who sends it', () => {
  it('it has 256 bits, and stands in no log, no argument and no environment', async () => {
    const token = drover.discovery.token ?? '';
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    await drover.request('POST', '/chat', { message: 'One.', session_id: 'agent' });
    const run = runFolder(at.state);
    const logs = readdirSync(run).filter((name) => name.endsWith('.log') || name.endsWith('.out'));
    expect(logs).toContain('supervisor.log');
    for (const name of logs) expect(readFileSync(join(run, name), 'utf8'), name).not.toContain(token);
    expect(drover.output()).not.toContain(token);
    const processes = [drover.child.pid ?? 0, ...marked(runMark(run))];
    expect(processes.length).toBeGreaterThan(1);
    for (const pid of processes) {
      for (const file of ['cmdline', 'environ']) {
        expect(readFileSync(`/proc/${pid}/${file}`, 'latin1'), file).not.toContain(token);
      }
    }
  });
});
