import { connect } from 'node:net';
import OpenAI, { APIError } from 'openai';
import { afterEach, expect, test } from 'vitest';
import { startModelServer, type ModelServer, type ModelServerOptions } from '../../support/modelServer.ts';
import { prefixBreak } from '../../support/modelServer/requests.ts';
import {
  call,
  comment,
  cut,
  deltas,
  end,
  finish,
  hold,
  progress,
  raw,
  reasoning,
  refusals,
  reply,
  replyTo,
  reset,
  streamError,
  text,
} from '../../support/modelServer/script.ts';

/** The scripted model server, driven by the client library that Drover uses and by bare sockets. */

const servers: ModelServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(options: ModelServerOptions = {}): Promise<{ server: ModelServer; client: OpenAI }> {
  const server = await startModelServer(options);
  servers.push(server);
  return { server, client: new OpenAI({ baseURL: `${server.url}/v1`, apiKey: options.key ?? 'none', maxRetries: 0 }) };
}

const tool = { type: 'function', function: { name: 'file_read', parameters: { type: 'object' } } } as const;
type Body = OpenAI.ChatCompletionCreateParamsStreaming & { return_progress?: boolean; id_slot?: number };
type Chunk = OpenAI.ChatCompletionChunk & {
  timings?: { cache_n: number; prompt_n: number; predicted_n: number };
  prompt_progress?: { total: number; cache: number; processed: number };
};

function body(...messages: OpenAI.ChatCompletionMessageParam[]): Body {
  return {
    model: 'scripted',
    messages: messages.length > 0 ? messages : [{ role: 'user', content: 'Hello' }],
    stream: true,
    stream_options: { include_usage: true },
  };
}

async function chunks(client: OpenAI, request: Body = body()): Promise<Chunk[]> {
  const list: Chunk[] = [];
  for await (const chunk of await client.chat.completions.create(request)) list.push(chunk);
  return list;
}

function said(list: Chunk[]): string {
  return list.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
}

/** The bytes of one chat answer, over a bare socket, and whether the connection ended in order. */
function bare(server: ModelServer, request: object): Promise<{ bytes: Buffer; clean: boolean }> {
  return new Promise((resolve) => {
    const content = JSON.stringify(request);
    const chunks: Buffer[] = [];
    const done = (clean: boolean) => resolve({ bytes: Buffer.concat(chunks), clean });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(content)}\r\n\r\n${content}`,
      );
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => done(true));
    socket.on('error', () => done(false));
  });
}

/** The HTTP chunks of a reply as they were written. */
function httpChunks(bytes: Buffer): Buffer[] {
  const list: Buffer[] = [];
  let at = bytes.indexOf('\r\n\r\n') + 4;
  while (at < bytes.length) {
    const line = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, line).toString(), 16);
    if (size > 0) list.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return list;
}

/** What stood between `data: ` and the blank line, without what differs from answer to answer. */
function events(bytes: Buffer): unknown[] {
  return Buffer.concat(httpChunks(bytes))
    .toString()
    .split('\n\n')
    .filter(Boolean)
    .map((event) => (event.startsWith('data: {') ? JSON.parse(event.slice(6)) : event));
}

test('an answer has the chunks of llama-server, in its order', async () => {
  const { server } = await start({ script: [reply(deltas('Hel', 'lo'))] });
  const { bytes, clean } = await bare(server, body());
  const head = {
    created: expect.any(Number),
    id: expect.stringMatching(/^chatcmpl-\w{32}$/),
    model: 'scripted',
    system_fingerprint: 'b11669-Debian',
    object: 'chat.completion.chunk',
  };
  const choice = (delta: object, finish_reason: string | null = null) => ({
    choices: [{ finish_reason, index: 0, delta }],
    ...head,
  });
  expect(clean).toBe(true);
  expect(bytes.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\nserver: llama\.cpp\r\n[^]*text\/event-stream/);
  expect(events(bytes)).toEqual([
    choice({ role: 'assistant', content: null }),
    choice({ content: 'Hel' }),
    choice({ content: 'lo' }),
    choice({}, 'stop'),
    {
      choices: [],
      ...head,
      usage: {
        completion_tokens: 3,
        prompt_tokens: expect.any(Number),
        total_tokens: expect.any(Number),
        prompt_tokens_details: { cached_tokens: 0 },
      },
      timings: expect.objectContaining({ cache_n: 0, predicted_n: 3, prompt_ms: expect.any(Number) }),
    },
    'data: [DONE]',
  ]);
  expect(server.requests[0]).toMatchObject({
    outcome: 'done',
    deltas: 2,
    completion: 3,
    inFlight: 1,
    raw: JSON.stringify(body()),
  });
});

test('without include_usage the timings are in the chunk with the finish reason', async () => {
  const { server } = await start({ script: [reply(text('Hi'))] });
  const { bytes } = await bare(server, { messages: [{ role: 'user', content: 'Hello' }], stream: true });
  expect(events(bytes).at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }], timings: { prompt_n: 11 } });
});

test('who asks for no stream gets one reply', async () => {
  const { client } = await start({ script: [reply(reasoning('Hm.'), text('Hi'), call('file_read', { path: 'a' }))] });
  const answer = await client.chat.completions.create({
    ...body(),
    stream: false,
    stream_options: null,
    tools: [tool],
  });
  expect(answer.choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: { content: 'Hi', reasoning_content: 'Hm.', tool_calls: [{ function: { arguments: '{"path":"a"}' } }] },
  });
});

test('calls come in fragments, several at once, and word for word even when they are broken', async () => {
  const script = [
    reply(
      text('Look.'),
      call('file_read', '{"path": "src/a.ts"}'),
      call('no_such_tool', '{"pa', { id: 'same' }),
      call('x', '7', { id: null }),
    ),
  ];
  const { client } = await start({ script });
  const list = await chunks(client, { ...body(), tools: [tool] });
  const fragments = list.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
  expect(fragments[0]).toEqual({
    index: 0,
    id: expect.stringMatching(/^\w{32}$/),
    type: 'function',
    function: { name: 'file_read', arguments: '{' },
  });
  expect(fragments[1]).toEqual({ index: 0, function: { arguments: expect.any(String) } });
  const texts = [0, 1, 2].map((n) =>
    fragments
      .filter((f) => f.index === n)
      .map((f) => f.function?.arguments)
      .join(''),
  );
  expect(texts).toEqual(['{"path": "src/a.ts"}', '{"pa', '7']);
  expect(fragments.find((f) => f.index === 1)?.id).toBe('same');
  expect(fragments.find((f) => f.index === 2)).not.toHaveProperty('id');
  expect(list.at(-2)?.choices[0]?.finish_reason).toBe('tool_calls');
});

test('max_tokens cuts a call in the middle, and says length', async () => {
  const { client } = await start({ script: [reply(call('file_write', { path: 'a.txt', content: 'x'.repeat(100) }))] });
  const list = await chunks(client, { ...body(), tools: [tool], max_tokens: 20 });
  const args = list.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []).map((f) => f.function?.arguments);
  expect(() => JSON.parse(args.join(''))).toThrow();
  expect(list.at(-2)?.choices[0]?.finish_reason).toBe('length');
  expect(list.at(-1)?.usage?.completion_tokens).toBe(20);
});

test('a script can cut a call too', async () => {
  const { client } = await start({ script: [reply(call('file_write', '{"path": "a.t'), finish('length'))] });
  const list = await chunks(client, { ...body(), tools: [tool] });
  expect(list.at(-2)?.choices[0]?.finish_reason).toBe('length');
});

test('an answer ends with length where the slot is full', async () => {
  const { client } = await start({ context: 30, script: [reply(text('word '.repeat(100)))] });
  const usage = (await chunks(client)).at(-1)?.usage;
  expect(usage?.total_tokens).toBe(30);
});

test('reasoning comes before the text, in its own field', async () => {
  const { client } = await start({ script: [reply(reasoning('Let me see.'), text('Yes.'))] });
  const list = await chunks(client);
  expect(list[1]?.choices[0]?.delta).toEqual({ reasoning_content: 'Let ' });
  expect(said(list)).toBe('Yes.');
});

test('progress of the prompt is told to who asks for it', async () => {
  const { server, client } = await start({
    script: [reply(progress(0.5), hold('reading'), text('Hi')), reply(text('Hi'))],
  });
  const seen: Chunk[] = [];
  const stream = await client.chat.completions.create({ ...body(), return_progress: true } as Body);
  const reading = (async () => {
    for await (const chunk of stream) seen.push(chunk);
  })();
  await server.reached('reading');
  server.release('reading');
  await reading;
  const shares = seen.flatMap((chunk) => chunk.prompt_progress ?? []);
  expect(shares.map(({ total, cache, processed }) => [processed, cache, total])).toEqual([
    [0, 0, 11],
    [6, 0, 11],
    [11, 0, 11],
  ]);
  expect(seen.filter((chunk) => chunk.prompt_progress)[0]?.choices[0]?.delta).toEqual({
    role: 'assistant',
    content: null,
  });
  expect((await chunks(client)).some((chunk) => chunk.prompt_progress)).toBe(false);
});

test('a test can stop an answer exactly after a delta, and sees the client go', async () => {
  const { server, client } = await start({
    slots: 1,
    script: [reply(deltas('one ', 'two '), hold('middle'), text('three')), reply(text('next'))],
  });
  const stopping = new AbortController();
  const stream = await client.chat.completions.create(body(), { signal: stopping.signal });
  let got = '';
  const reading = (async () => {
    for await (const chunk of stream) got += chunk.choices[0]?.delta.content ?? '';
  })();
  await server.reached('middle');
  expect(server.requests[0]).toMatchObject({ deltas: 2, outcome: 'running' });
  stopping.abort();
  await reading;
  expect(await server.ended(0)).toMatchObject({ deltas: 2, outcome: 'left' });
  expect('one two '.startsWith(got)).toBe(true);
  expect(said(await chunks(client))).toBe('next');
});

test('a call can be held in the middle of its arguments', async () => {
  const { server, client } = await start({
    script: [reply(call('file_read', { path: 'a.txt' }, { hold: { name: 'half', after: 2 } }))],
  });
  const reading = chunks(client, { ...body(), tools: [tool] });
  await server.reached('half');
  expect(server.requests[0]?.deltas).toBe(2);
  server.release('half');
  expect((await reading).at(-2)?.choices[0]?.finish_reason).toBe('tool_calls');
});

test('a request hangs before the headers, another one after them', async () => {
  const { server, client } = await start({
    slots: 2,
    script: [reply(hold('silent'), text('a')), reply(comment(), hold('open'), text('b'))],
  });
  let headers = 0;
  const first = client.chat.completions.create(body()).then(() => headers++);
  await server.reached('silent');
  const second = await client.chat.completions.create(body());
  await server.reached('open');
  expect(headers).toBe(0);
  server.release('silent');
  server.release('open');
  await first;
  let got = '';
  for await (const chunk of second) got += chunk.choices[0]?.delta.content ?? '';
  expect(got).toBe('b');
});

test.each([
  [refusals.tooLong(9000, 4096), 400, 'exceed_context_size_error'],
  [refusals.unauthorized(), 401, 'authentication_error'],
  [refusals.failed(), 500, 'server_error'],
  [refusals.loading(), 503, 'unavailable_error'],
])('%o comes to the client with its status and type', async (part, status, type) => {
  const { server, client } = await start({ script: [reply(part)] });
  const error = await chunks(client).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(APIError);
  expect(error).toMatchObject({ status, type });
  expect(server.requests[0]?.outcome).toBe('refused');
});

test('a prompt that does not fit is refused with both counts', async () => {
  const { server } = await start({ context: 50, script: [reply(text('Hi'))] });
  const { bytes } = await bare(server, body({ role: 'user', content: 'word '.repeat(100) }));
  expect(bytes.toString()).toContain('"type":"exceed_context_size_error","n_prompt_tokens":134,"n_ctx":50');
  expect(server.left).toHaveLength(1);
});

test('while loading everything is 503, with a key all but the health', async () => {
  const { server, client } = await start({ ready: false, key: 'secret', script: [reply(text('Hi'))] });
  expect(await (await fetch(`${server.url}/health`)).json()).toEqual({
    error: { message: 'Loading model', type: 'unavailable_error', code: 503 },
  });
  server.loaded();
  expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ status: 'ok' });
  expect((await fetch(`${server.url}/props`)).status).toBe(401);
  expect(said(await chunks(client))).toBe('Hi');
  expect(server.probes).toEqual(['GET /health', 'GET /health', 'GET /props']);
});

test('an error inside the stream ends it without [DONE]', async () => {
  const { server, client } = await start({
    script: [reply(text('a'), streamError()), reply(text('a'), streamError())],
  });
  await expect(chunks(client)).rejects.toMatchObject({ code: 500, status: undefined });
  const { bytes } = await bare(server, body());
  expect(events(bytes).at(-1)).toEqual({
    error: { code: 500, message: 'Context size has been exceeded.', type: 'server_error' },
  });
});

test('a reset connection is an error, a stream that just ends is not', async () => {
  const { server, client } = await start({
    script: [reply(text('a'), reset()), reply(text('a'), end()), reply(text('a'), reset())],
  });
  await expect(chunks(client)).rejects.toThrow('terminated');
  const ended = await chunks(client);
  expect(ended.every((chunk) => !chunk.choices[0]?.finish_reason)).toBe(true);
  expect((await bare(server, body())).clean).toBe(false);
  expect(server.requests.map((request) => request.outcome)).toEqual(['cut', 'cut', 'cut']);
});

test('garbage reaches the client as it is', async () => {
  const { client } = await start({
    script: [reply(text('a'), raw('data: {"choices":[{"del\n\n')), reply(raw(': hm\n\n\n'), text('a'))],
  });
  await expect(chunks(client)).rejects.toThrow(SyntaxError);
  expect(said(await chunks(client))).toBe('a');
});

test('bytes can be cut anywhere, also inside a character', async () => {
  const { server, client } = await start({
    script: [reply(cut(1), text('größer €5 🐑')), reply(cut(7), text('größer €5 🐑'))],
  });
  const { bytes } = await bare(server, body());
  expect(Math.max(...httpChunks(bytes).map((chunk) => chunk.length))).toBe(1);
  expect(JSON.stringify(events(bytes))).toContain('🐑');
  expect(said(await chunks(client))).toBe('größer €5 🐑');
});

test.each(['chars', 'o200k'] as const)('a growing chat reads only what is new, counted in %s', async (tokens) => {
  const answers = [
    reply(reasoning('Read it.'), call('file_read', { path: 'a.ts' })),
    reply(text(' It says\n\nhi.')),
    reply(text('Bye')),
  ];
  const { server, client } = await start({ slots: 1, tokens, script: answers });
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: 'system', content: 'You are a helper.' },
    { role: 'user', content: 'What is in a.ts?' },
  ];
  for (let n = 0; n < answers.length; n++) {
    const list = await chunks(client, { ...body(...messages), tools: [tool] });
    const calls = list.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    const args = calls.map((fragment) => fragment.function?.arguments).join('');
    const thought = n === 0 ? { reasoning_content: 'Read it.' } : {};
    const toolCalls = [{ id: 'c', type: 'function' as const, function: { name: 'file_read', arguments: args } }];
    messages.push({ role: 'assistant', content: said(list), ...thought, ...(args ? { tool_calls: toolCalls } : {}) });
    messages.push(args ? { role: 'tool', tool_call_id: 'c', content: '\nhi\n' } : { role: 'user', content: 'And?' });
    expect(list.at(-1)?.usage?.prompt_tokens_details?.cached_tokens).toBe(server.requests[n]?.cached);
  }
  const [first, second, third] = server.requests;
  // All of the prompt before, and of the answer all but its last token, the end mark.
  expect(second?.cached).toBe((first?.prompt ?? 0) + (first?.completion ?? 0) - 1);
  expect(third?.cached).toBe((second?.prompt ?? 0) + (second?.completion ?? 0) - 1);
  expect(first && second && prefixBreak(first, second)).toBeUndefined();
  expect(first && second && prefixBreak(second, first)).toBe('there are fewer messages');
});

test('the same prompt again evaluates its last token only', async () => {
  const { server, client } = await start({ slots: 1, script: [{ ...reply(text('Hi')), repeat: true }] });
  await chunks(client);
  const again = await chunks(client);
  expect(again.at(-1)?.timings).toMatchObject({ cache_n: 10, prompt_n: 1 });
  expect(server.left).toEqual([]);
});

test('a pin keeps a chat in its slot; without one the least recently used slot is taken', async () => {
  const { server, client } = await start({ slots: 2, script: [{ ...reply(text('Hi')), repeat: true }] });
  for (const pin of [1, 1, 0, undefined, undefined, 7]) {
    await chunks(client, { ...body(), ...(pin === undefined ? {} : { id_slot: pin }) });
  }
  expect(server.requests.map((request) => [request.slot, request.cached])).toEqual([
    [1, 0],
    [1, 10],
    [0, 0],
    [1, 10],
    [0, 10],
    [1, 10],
  ]);
});

test('requests beyond the slots wait, and are counted', async () => {
  const { server, client } = await start({ slots: 2, script: [{ ...reply(hold('all'), text('Hi')), repeat: true }] });
  const three = [chunks(client), chunks(client), chunks(client)];
  await server.arrived(2);
  await server.reached('all', 2);
  expect(server.maxInFlight).toBe(3);
  expect(server.requests.filter((request) => request.slot === undefined)).toHaveLength(1);
  server.release('all');
  await Promise.all(three);
  expect(server.requests.every((request) => request.outcome === 'done')).toBe(true);
});

test('what llama-server evicts from a slot comes back from memory', async () => {
  const { server, client } = await start({ slots: 1, script: [{ ...reply(text('Hi')), repeat: true }] });
  const [a, b] = ['first chat '.repeat(9), 'another one '.repeat(9)].map((content) => body({ role: 'user', content }));
  for (const request of [a, b, a]) if (request) await chunks(client, request);
  const [first, , third] = server.requests;
  expect(third?.cached).toBe((first?.prompt ?? 0) - 1);
});

test('requests that llama-server refuses are refused', async () => {
  const { server } = await start({ script: [] });
  const post = async (content: string) => {
    const response = await fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body: content });
    return { status: response.status, text: await response.text() };
  };
  const poisoned = {
    role: 'assistant',
    tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{bad' } }],
  };
  expect(await post('{bad')).toMatchObject({ status: 400 });
  expect(await post('{}')).toMatchObject({ status: 400, text: expect.stringContaining("'messages' is required") });
  expect(await post(String.raw`{"messages":[{"role":"user","content":"a\ud800"}]}`)).toMatchObject({ status: 400 });
  expect(await post(JSON.stringify({ messages: [poisoned] }))).toMatchObject({
    status: 500,
    text: expect.stringContaining('Failed to parse tool call arguments as JSON'),
  });
  expect(await post('{"messages":[]}')).toMatchObject({ status: 500, text: expect.stringContaining('no step') });
});

test('steps are found by what a request says', async () => {
  const script = [
    replyTo('weather', text('Sunny.')),
    replyTo(/^2\+2$/, text('4')),
    { ...reply(text('From the second chat.')), chat: 'second' },
    replyTo((request) => request.body.messages.length > 3, text('Long.')),
    reply(text('Anything.')),
  ];
  const { server, client } = await start({ script });
  const ask = async (content: string) => said(await chunks(client, body({ role: 'user', content })));
  expect([await ask('2+2'), await ask('The weather?'), await ask('second chat'), await ask('hm')]).toEqual([
    '4',
    'Sunny.',
    'From the second chat.',
    'Anything.',
  ]);
  expect(server.left).toHaveLength(1);
  server.add(reply(text('More.')));
  expect(await ask('hm')).toBe('More.');
});

test('a function can answer, knowing the request', async () => {
  const { client } = await start({ script: (request) => reply(text(`Request ${request.number}.`)) });
  expect(said(await chunks(client))).toBe('Request 0.');
  expect(said(await chunks(client))).toBe('Request 1.');
});

test('llama-server tells what it is', async () => {
  const { server } = await start({ slots: 3, context: 4096, model: 'm' });
  const get = async (path: string): Promise<unknown> => (await fetch(server.url + path)).json();
  const post = async (path: string, content: object): Promise<unknown> =>
    (await fetch(server.url + path, { method: 'POST', body: JSON.stringify(content) })).json();
  expect(await get('/props')).toMatchObject({
    total_slots: 3,
    default_generation_settings: { n_ctx: 4096 },
    chat_template_caps: { supports_tools: true },
    chat_template: expect.stringContaining('<tool_call>'),
  });
  expect(await get('/slots')).toHaveLength(3);
  expect(await get('/v1/models')).toMatchObject({ data: [{ id: 'm', meta: { n_ctx: 4096 } }] });
  const messages = [{ role: 'user', content: 'hi' }];
  expect(await post('/apply-template', { messages })).toEqual({
    prompt: '<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n',
  });
  const pieces = { content: 'ab<|im_end|>', with_pieces: true };
  expect(await post('/tokenize', pieces)).toMatchObject({ tokens: [{ piece: 'ab' }, { piece: '<|im_end|>' }] });
  expect(await post('/tokenize', { ...pieces, parse_special: false })).toMatchObject({
    tokens: [{ piece: 'ab<|' }, { piece: 'im_e' }, { piece: 'nd|>' }],
  });
  expect((await fetch(`${server.url}/nothing`)).status).toBe(404);
});

test('a template without tools leaves them out, and the model writes them as text', async () => {
  const { server, client } = await start({
    template: 'no-tools',
    script: [{ ...reply(call('file_read', { path: 'a' })), repeat: true }],
  });
  const list = await chunks(client, { ...body(), tools: [tool] });
  expect(said(list)).toContain('<tool_call>');
  await chunks(client);
  expect(server.requests[0]?.prompt).toBe(server.requests[1]?.prompt);
  expect(await (await fetch(`${server.url}/props`)).json()).toMatchObject({
    chat_template_caps: { supports_tools: false },
  });
});

test('a strict template refuses two user messages in a row', async () => {
  const { server, client } = await start({ template: 'strict', script: [reply(text('Hi'))] });
  const user = { role: 'user', content: 'a' } as const;
  await expect(chunks(client, body(user, user))).rejects.toMatchObject({ status: 400 });
  const applied = await fetch(`${server.url}/apply-template`, {
    method: 'POST',
    body: JSON.stringify({ messages: [user, user] }),
  });
  expect(applied.status).toBe(400);
  expect(said(await chunks(client, body({ role: 'system', content: 's' }, user)))).toBe('Hi');
});

test('vLLM: no props, slots, timings or progress; reasoning has another name', async () => {
  const { server, client } = await start({
    dialect: 'vllm',
    context: 4096,
    script: [reply(reasoning('Hm.'), call('file_read', { path: 'a' }))],
  });
  const list = await chunks(client, { ...body(), tools: [tool], return_progress: true });
  expect(list[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
  expect(list[1]?.choices[0]?.delta).toEqual({ reasoning: 'Hm.' });
  expect(list.some((chunk) => chunk.prompt_progress ?? chunk.timings)).toBe(false);
  expect(list.at(-1)?.usage).not.toHaveProperty('prompt_tokens_details');
  const models: unknown = await (await fetch(`${server.url}/v1/models`)).json();
  expect(models).toMatchObject({ data: [{ owned_by: 'vllm', max_model_len: 4096 }] });
  expect(await (await fetch(`${server.url}/health`)).text()).toBe('');
  expect((await fetch(`${server.url}/props`)).status).toBe(404);
  expect((await fetch(`${server.url}/slots`)).status).toBe(404);
});

test('vLLM without a tool parser refuses tools', async () => {
  const { client } = await start({ dialect: 'vllm', tools: false, script: [reply(text('Hi'))] });
  await expect(chunks(client, { ...body(), tools: [tool] })).rejects.toThrow('--enable-auto-tool-choice');
  expect(said(await chunks(client))).toBe('Hi');
});

test('Ollama: a whole call in one chunk, with or without an id', async () => {
  const { server, client } = await start({
    dialect: 'ollama',
    script: [reply(call('file_read', { path: 'a' }, { id: null })), reply(call('file_read', { path: 'a' }))],
  });
  for (const id of [undefined, expect.stringMatching(/^call_\w{8}$/)]) {
    const list = await chunks(client, { ...body(), tools: [tool] });
    expect(list[0]?.choices[0]?.delta).toMatchObject({
      role: 'assistant',
      content: '',
      tool_calls: [{ index: 0, function: { name: 'file_read', arguments: '{"path":"a"}' } }],
    });
    expect(list[0]?.choices[0]?.delta.tool_calls?.[0]?.id).toEqual(id);
  }
  expect(await (await fetch(server.url)).text()).toBe('Ollama is running');
});

test('a client that opens a connection for each request is seen to', async () => {
  const { server } = await start({ script: [{ ...reply(text('Hi')), repeat: true }] });
  await bare(server, body());
  await bare(server, body());
  expect(server.requests.map((request) => request.connection)).toEqual([0, 1]);
});
