import { connect } from 'node:net';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BODY_LIMIT, routes } from '../../src/common/protocol.ts';
import { call } from '../../src/node/client.ts';
import { runFolder } from '../../src/node/discovery.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { finish, reply, text } from '../support/modelServer/script.ts';
import { type Place, place, type Running, startSupervisor } from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;

beforeAll(async () => {
  at = place({ 'a.txt': 'alpha\n' });
  model = await startModelServer({
    script: (request) =>
      JSON.stringify(request.body.messages.at(-1)).includes('cut me off')
        ? reply(text('Answ'), finish('length'))
        : reply(text(`Answer ${request.number}.`)),
  });
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
});
afterAll(async () => {
  await drover.stop();
  await model.close();
  at.dispose();
});

describe('a wrong request is told what is wrong with it', () => {
  it.each([
    ['no JSON', '{"message": ', 400, 'not_json', undefined],
    ['no object', '[]', 400, 'wrong_shape', ''],
    ['no message', {}, 400, 'wrong_shape', 'message'],
    ['an empty message', { message: '' }, 400, 'wrong_shape', 'message'],
    ['a message of the wrong type', { message: 5 }, 400, 'wrong_shape', 'message'],
    ['a session without a name', { message: 'x', session_id: '' }, 400, 'wrong_shape', 'session_id'],
    ['an unknown field', { message: 'x', sesion_id: 'y' }, 400, 'wrong_shape', 'sesion_id'],
    ['an unknown agent', { message: 'x', agent_type: 'pilot' }, 400, 'no_agent', 'agent_type'],
    ['a workspace that is not there', { message: 'x', workspace: '/no/such/folder' }, 400, 'no_folder', 'workspace'],
    ['a reserved session', { message: 'x', session_id: 'stream' }, 400, 'wrong_shape', 'session_id'],
  ])('%s', async (_, body, code, name, field) => {
    const answer = await drover.request('POST', '/chat', body);
    expect(answer).toMatchObject({
      status: code,
      json: { error: { code: name, ...(field === undefined ? {} : { field }) } },
    });
    expect(answer.json['error']?.['message']).toMatch(/^(?!.*(Too |Invalid )).*\.$/);
    expect(answer.json['error']?.['advice']).toMatch(/\.$/);
  });

  it('a body that is too large', async () => {
    const answer = await drover.request('POST', '/chat', { message: 'x'.repeat(BODY_LIMIT) });
    expect(answer).toMatchObject({ status: 413, json: { error: { code: 'too_large' } } });
  });

  it('a body that does not say it is JSON', async () => {
    const answer = await drover.request('POST', '/chat', '{"message":"x"}', { 'content-type': 'text/plain' });
    expect(answer).toMatchObject({ status: 415, json: { error: { code: 'not_json' } } });
  });

  it.each([
    ['GET', '/nothing', 404, 'no_route'],
    ['GET', '/chat/none', 404, 'no_chat'],
    ['POST', '/chat/none/cancel', 404, 'no_chat'],
    ['DELETE', '/chat/none', 404, 'no_chat'],
  ])('%s %s', async (method, path, code, name) => {
    expect(await drover.request(method, path)).toMatchObject({ status: code, json: { error: { code: name } } });
  });
});

describe('who may call', () => {
  it.each(Object.values(routes).map((route) => [route.method.toUpperCase(), route.path.replace('{id}', 'x')]))(
    '%s %s needs the token',
    async (method, path) => {
      const without = await drover.request(method, path, undefined, { authorization: '' });
      expect(without).toMatchObject({ status: 401, json: { error: { code: 'unauthorized' } } });
      const wrong = await drover.request(method, path, undefined, { authorization: 'Bearer wrong' });
      expect(wrong.status).toBe(401);
    },
  );

  it('no web page', async () => {
    const answer = await drover.request('GET', '/health', undefined, { origin: 'https://example.org' });
    expect(answer).toMatchObject({ status: 403, json: { error: { code: 'foreign' } } });
  });

  it('not under another host name', async () => {
    const { port, token } = drover.discovery;
    const answer = await raw(
      port,
      `GET /health HTTP/1.1\r\nHost: evil.example:${port}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 403/);
  });

  it("the token and the logs are the person's alone", () => {
    const run = runFolder(at.state);
    for (const path of [run, join(run, 'supervisor.json'), join(run, 'supervisor.log')]) {
      expect(statSync(path).mode & 0o077, path).toBe(0);
    }
  });
});

describe('the protocol', () => {
  it('describes itself, every route of it', async () => {
    const { json } = await drover.request('GET', '/openapi.json');
    expect(json.openapi).toBe('3.1.0');
    for (const route of Object.values(routes))
      expect(json['paths']?.[route.path]?.[route.method], route.path).toBeDefined();
    expect(JSON.stringify(json)).not.toContain('"$schema"');
  });

  it('lists the agents', async () => {
    const { agents } = await call(drover.discovery, 'agents', { signal: AbortSignal.timeout(5000) });
    expect(agents.map((agent) => agent.name)).toEqual(expect.arrayContaining(['coding', 'supervisor']));
  });

  it('is healthy', async () => {
    expect((await drover.request('GET', '/health')).json).toMatchObject({ status: 'ok', pid: drover.child.pid });
  });

  it('answers in the shape that scripts expect, and remembers the session', async () => {
    const first = await drover.request('POST', '/chat', { message: 'One.', session_id: '../../etc/passwd' });
    expect(first).toMatchObject({ status: 200, json: { agent_name: 'supervisor', session_id: '../../etc/passwd' } });
    const second = await drover.request('POST', '/chat', {
      message: 'Two.',
      agent_type: 'coding',
      session_id: '../../etc/passwd',
    });
    expect(second.json.agent_name).toBe('coding');
    expect(await drover.said('../../etc/passwd')).toEqual(['One.', first.json.response, 'Two.', second.json.response]);
    const gone = await drover.request('DELETE', `/chat/${encodeURIComponent('../../etc/passwd')}`);
    expect(gone.status).toBe(200);
    expect(await drover.chats()).toEqual([]);
  });

  it('says in the plain reply what went wrong on the way', async () => {
    const answer = await drover.request('POST', '/chat', { message: 'cut me off', session_id: 'cut' });
    expect(answer).toMatchObject({ status: 200, json: { response: 'Answ', error: { code: 'cut_off' } } });
    await drover.request('DELETE', '/chat/cut');
  });

  it('keeps a key that was given with an address, whoever says hello', async () => {
    const guarded = await startModelServer({ key: 'secret', script: [{ parts: [{ part: 'text', text: 'In.' }] }] });
    await drover.request('POST', '/engine', { action: 'url', url: guarded.url, key: 'secret' });
    const hello = { kind: 'other', protocol: 1, build: 'x', settings: { engine: {} } };
    expect((await drover.request('POST', '/hello', hello)).status).toBe(200);
    const answer = await drover.request('POST', '/chat', { message: 'One.', session_id: 'key' });
    expect(answer).toMatchObject({ status: 200, json: { response: 'In.' } });
    await drover.request('DELETE', '/chat/key');
    await drover.request('POST', '/engine', { action: 'url', url: model.url });
    await guarded.close();
  });

  it('an address that does not answer is not taken over: the model in use goes on', async () => {
    await drover.request('POST', '/chat', { message: 'One.', session_id: 'goes-on' });
    const before = (await drover.request('GET', '/engine')).json;
    for (const url of ['localhost:1', 'http://127.0.0.1:9']) {
      const refused = await drover.request('POST', '/engine', { action: 'url', url });
      expect(refused).toMatchObject({ status: 502, json: { error: { code: 'url_unanswered', field: 'url' } } });
    }
    expect((await drover.request('GET', '/engine')).json).toEqual(before);
    const answer = await drover.request('POST', '/chat', { message: 'Two.', session_id: 'goes-on' });
    expect(answer.json['error']).toBeUndefined();
    expect(answer.json['response']).toMatch(/^Answer/);
    await drover.request('DELETE', '/chat/goes-on');
  });

  it('streams in the form that is documented', async () => {
    const response = await fetch(`${drover.url}/chat/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${drover.discovery.token}` },
      body: JSON.stringify({ message: 'Explain quantum computing', stream: true }),
    });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const body = await response.text();
    expect(body).toMatch(/^id: 1\ndata: \{"type":"chat","id":"[^"]+"/);
    expect(body).toMatch(/^data: \{"type":"text","text":"[^"]+"\}$/m);
    expect(body.trimEnd().split('\n').at(-1)).toContain('"type":"turn.end"');
  });
});

function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(text));
    socket.on('data', (data) => (reply += String(data)));
    socket.on('end', () => resolve(reply));
    socket.on('error', reject);
  });
}
