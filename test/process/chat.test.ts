import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROTOCOL } from '../../src/common/protocol.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, deltas, hold, type Part, reply, text } from '../support/modelServer/script.ts';
import {
  attach,
  type Place,
  place,
  processesOf,
  type Running,
  startSupervisor,
  startTurn,
} from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;

async function begin(...answers: Part[][]): Promise<void> {
  await beginWith([], ...answers);
}

/** Where changes of files are asked about too. */
async function asking(...answers: Part[][]): Promise<void> {
  await beginWith(['--edits', 'ask'], ...answers);
}

async function beginWith(args: string[], ...answers: Part[][]): Promise<void> {
  at = place({ 'src/cart.js': 'export const total = 1;\n', 'README.md': '# Shop\n' });
  model = await startModelServer({ script: answers.map((parts) => reply(...parts)) });
  drover = await startSupervisor(at, ['--model-endpoint', model.url, ...args]);
}

afterEach(async () => {
  await drover.stop();
  await model.close();
  expect(processesOf(at)).toEqual([]);
  at.dispose();
});

const edit = call('file_edit', { path: 'src/cart.js', old_text: 'total = 1', new_text: 'total = 2' });

describe('a turn', () => {
  it('streams the answer, ends, and is in the list of chats', async () => {
    await begin([deltas('It adds ', 'things up.')]);
    const turn = startTurn(drover, { message: 'What does this do?' });
    const events = await turn.end;
    expect(events.filter((event) => event.type === 'text').map((event) => event.text)).toEqual([
      'It adds ',
      'things up.',
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'turn.end', reason: 'done' });
    const [chat] = await drover.chats();
    expect(chat).toMatchObject({ id: turn.id, title: 'What does this do?', state: 'idle', turns: 1 });
  });

  it('looks without asking, and tells the model what it saw', async () => {
    await begin([call('file_read', { path: 'src/cart.js' })], [text('It exports a total.')]);
    const events = await startTurn(drover, { message: 'Look at the cart.' }).end;
    expect(events.find((event) => event.type === 'tool.start')).toMatchObject({
      title: { verb: 'Read', object: 'src/cart.js' },
      verdict: { decision: 'allow' },
    });
    expect(events.some((event) => event.type === 'ask')).toBe(false);
    const sent = model.requests[1]?.body.messages.at(-1);
    expect(sent).toMatchObject({ role: 'tool' });
    expect(JSON.stringify(sent)).toContain('export const total = 1;');
  });

  it('asks before it changes a file, changes it after a yes, and puts it back', async () => {
    await asking([edit], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Make it two.' });
    const ask = await turn.seen('ask');
    expect(ask.preview).toMatchObject({ kind: 'diff', text: expect.stringContaining('+export const total = 2;') });
    expect(at.file('src/cart.js')).toContain('total = 1');
    expect((await drover.chats())[0]).toMatchObject({ state: 'waiting' });
    await drover.request('POST', `/chat/${turn.id}/answer`, { ask: ask.ask, answer: 'once' });
    const events = await turn.end;
    expect(at.file('src/cart.js')).toContain('total = 2');
    const end = events.find((event) => event.type === 'tool.end');
    expect(end).toMatchObject({ outcome: 'ok', change: { path: 'src/cart.js', added: 1, removed: 1 } });

    const undone = await drover.request('POST', `/chat/${turn.id}/undo`, {
      call: end?.type === 'tool.end' ? end.call : '',
    });
    expect(undone).toMatchObject({ status: 200, json: { path: 'src/cart.js' } });
    expect(at.file('src/cart.js')).toContain('total = 1');
    model.add(reply(text('I see.')));
    await startTurn(drover, { message: 'And now?', session_id: turn.id }).end;
    expect(JSON.stringify(model.requests.at(-1)?.body.messages.at(-1))).toContain('undid your change of src/cart.js');
  });

  it('changes a file at once where nothing else was chosen, shows the change and puts it back', async () => {
    await begin([edit], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Make it two.', asks: 'deny' });
    const events = await turn.end;
    expect(events.some(({ type }) => type === 'ask')).toBe(false);
    expect(events.find(({ type }) => type === 'tool.start')).toMatchObject({
      verdict: {
        decision: 'allow',
        rule: 'write.edits',
        reason: 'A change that can be undone.',
      },
    });
    const end = events.find((event) => event.type === 'tool.end');
    expect(end).toMatchObject({ change: { diff: expect.stringContaining('+export const total = 2;') } });
    expect(at.file('src/cart.js')).toContain('total = 2');
    await drover.request('POST', `/chat/${turn.id}/undo`, { call: end?.type === 'tool.end' ? end.call : '' });
    expect(at.file('src/cart.js')).toContain('total = 1');
  });

  it('asks from the next call on when the person chooses so, and not any more when they choose otherwise', async () => {
    const to = (from: number, next: number) =>
      call('file_edit', { path: 'src/cart.js', old_text: `total = ${from}`, new_text: `total = ${next}` });
    await begin([to(1, 2)], [hold('asking'), to(2, 3)], [hold('allowing'), to(3, 4)], [text('Four.')]);
    const client = { kind: 'other', protocol: PROTOCOL, build: 'x' };
    const { json } = await drover.request('POST', '/hello', client);
    const choose = (edits: string) =>
      drover.request('POST', '/hello', { ...client, client: json['client'], settings: { edits } });
    const turn = startTurn(drover, { message: 'Count.' });
    await turn.seen('tool.end');
    expect(at.file('src/cart.js')).toContain('total = 2');
    await choose('ask');
    model.release('asking');
    const { ask, verdict } = await turn.seen('ask');
    expect(verdict).toMatchObject({ rule: 'write.inside' });
    await drover.request('POST', `/chat/${turn.id}/answer`, { ask, answer: 'once' });
    await turn.seen('tool.end', ({ change }) => change?.diff.includes('total = 3') === true);
    await choose('allow');
    model.release('allowing');
    const events = await turn.end;
    expect(events.filter(({ type }) => type === 'ask')).toHaveLength(1);
    expect(at.file('src/cart.js')).toContain('total = 4');
    expect((await drover.request('POST', '/hello', { ...client, settings: { edits: 'never' } })).status).toBe(400);
  });

  it('asks where config.json says so', async () => {
    at = place({ 'src/cart.js': 'export const total = 1;\n' });
    mkdirSync(join(at.folder, 'config'));
    writeFileSync(join(at.folder, 'config', 'config.json'), '{"edits": "ask"}\n');
    model = await startModelServer({ script: [reply(edit), reply(text('I may not.'))] });
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    await startTurn(drover, { message: 'Make it two.', asks: 'deny' }).end;
    expect(at.file('src/cart.js')).toContain('total = 1');
  });

  it('asks again for what reaches out, once it has read something', async () => {
    const push = call('bash', { command: 'git push nowhere' });
    await begin([push], [text('Pushed.')], [push], [call('file_read', { path: 'README.md' })], [push], [text('So.')]);
    const first = startTurn(drover, { message: 'Push.' });
    const { ask, grant } = await first.seen('ask');
    expect(grant).toBe('this exact command');
    await drover.request('POST', `/chat/${first.id}/answer`, { ask, answer: 'chat' });
    await first.end;
    const second = startTurn(drover, { message: 'Push, look at the readme, push.', session_id: first.id });
    const asked = await second.seen('ask');
    expect(second.events.filter(({ type }) => type === 'tool.end')).toHaveLength(2);
    expect(asked.verdict.reason).toMatch(
      /It is asked because this turn has read the output of git push nowhere and README\.md\.$/,
    );
    expect(asked).not.toHaveProperty('grant');
    await drover.request('POST', `/chat/${first.id}/answer`, { ask: asked.ask, answer: 'reject' });
    expect((await second.end).at(-1)).toMatchObject({ reason: 'done' });
  });

  it('does not put a file back that was changed since', async () => {
    await begin([edit], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Make it two.' });
    const end = (await turn.end).find((event) => event.type === 'tool.end');
    writeFileSync(join(at.workspace, 'src/cart.js'), 'mine\n');
    const undone = await drover.request('POST', `/chat/${turn.id}/undo`, {
      call: end?.type === 'tool.end' ? end.call : '',
    });
    expect(undone.status).toBe(409);
    expect(undone.json['error']?.['message']).toContain('src/cart.js');
    expect(at.file('src/cart.js')).toBe('mine\n');
  });

  it('tells the model why the person said no', async () => {
    await asking([edit], [text('All right.')]);
    const turn = startTurn(drover, { message: 'Make it two.' });
    const ask = await turn.seen('ask');
    await drover.request('POST', `/chat/${turn.id}/answer`, {
      ask: ask.ask,
      answer: 'reject',
      reason: 'use a constant',
    });
    await turn.end;
    expect(at.file('src/cart.js')).toContain('total = 1');
    expect(JSON.stringify(model.requests[1]?.body.messages.at(-1))).toContain('use a constant');
    const again = await drover.request('POST', `/chat/${turn.id}/answer`, { ask: ask.ask, answer: 'once' });
    expect(again).toMatchObject({ status: 409, json: { error: { code: 'answered' } } });
  });

  it('remembers a yes for the chat, for exactly that command', async () => {
    const touch = call('bash', { command: 'touch made' });
    await begin([touch], [call('bash', { command: 'touch made && touch more' })], [touch], [text('Done.')]);
    const turn = startTurn(drover, { message: 'Touch.' });
    const first = await turn.seen('ask');
    await drover.request('POST', `/chat/${turn.id}/answer`, { ask: first.ask, answer: 'chat' });
    const second = await turn.seen('ask', (ask) => ask.ask !== first.ask);
    expect(second.preview.text).toContain('touch more');
    await drover.request('POST', `/chat/${turn.id}/answer`, { ask: second.ask, answer: 'reject' });
    const events = await turn.end;
    expect(events.filter((event) => event.type === 'ask')).toHaveLength(2);
    expect(existsSync(join(at.workspace, 'made'))).toBe(true);
    expect(existsSync(join(at.workspace, 'more'))).toBe(false);
  });

  it('denies what needs a person when the request came without one', async () => {
    await asking([edit], [text('I may not.')]);
    const events = await startTurn(drover, { message: 'Make it two.', asks: 'deny' }).end;
    expect(events.find((event) => event.type === 'answer')).toMatchObject({ answer: 'reject', by: 'nobody' });
    expect(events.find((event) => event.type === 'tool.end')).toMatchObject({ outcome: 'denied' });
    expect(at.file('src/cart.js')).toContain('total = 1');
  });

  it('reads what a message mentions, through the same gate', async () => {
    await begin([text('A total.')], [text('No.')]);
    const turn = startTurn(drover, { message: 'Explain @src/cart.js, @/etc/shadow and @/etc/passwd' });
    const { ask, hash, verdict } = await turn.seen('ask');
    expect(verdict).toMatchObject({ rule: 'read.outside', reason: 'It reads /etc/passwd, outside the workspace.' });
    await drover.request('POST', `/chat/${turn.id}/answer`, { ask, hash, answer: 'reject' });
    const events = await turn.end;
    const starts = events.filter((event) => event.type === 'tool.start');
    expect(starts.map(({ origin, verdict }) => [origin, verdict.decision])).toEqual([
      ['mention', 'allow'],
      ['mention', 'deny'],
    ]);
    const messages = model.requests[0]?.body.messages ?? [];
    expect(messages.map((message) => message.role)).toEqual(['system', 'user']);
    expect(JSON.stringify(messages[1])).toContain('export const total = 1;');
    expect(JSON.stringify(messages[1])).not.toContain('root:');
  });
});

describe('stopping', () => {
  it('keeps what was said, frees the slot, and the chat goes on', async () => {
    await begin([deltas('One, '), hold('more'), text('two.')], [text('Again.')]);
    const turn = startTurn(drover, { message: 'Count.' });
    await turn.seen('text');
    await drover.request('POST', `/chat/${turn.id}/cancel`);
    const events = await turn.end;
    expect(events.at(-1)).toMatchObject({ type: 'turn.end', reason: 'cancelled' });
    expect(events.find((event) => event.type === 'assistant')).toMatchObject({ text: 'One, ', finish: 'cancelled' });
    const chats = await drover.chats();
    expect(chats.find(({ id }) => id === turn.id)).toMatchObject({
      state: 'stopped',
      detail: expect.stringMatching(/^stopped · /),
    });
    await startTurn(drover, { message: 'Go on.', session_id: turn.id }).end;
    expect(model.requests[1]?.body.messages.map((message) => message.role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
    ]);
    expect((await drover.request('GET', '/engine')).json).toMatchObject({ busy: 0, waiting: 0 });
  });

  it('works while a question is open', async () => {
    await asking([edit], [text('Fine.')]);
    const turn = startTurn(drover, { message: 'Make it two.' });
    await turn.seen('ask');
    await drover.request('POST', `/chat/${turn.id}/cancel`);
    const events = await turn.end;
    expect(events.at(-1)).toMatchObject({ reason: 'cancelled' });
    expect(events.find((event) => event.type === 'answer')).toMatchObject({ by: 'cancel' });
    expect(at.file('src/cart.js')).toContain('total = 1');
  });

  it('ends a running command with all that it started', async () => {
    await begin([call('bash', { command: '(setsid sleep 300 &) ; echo started; sleep 300' })]);
    const turn = startTurn(drover, { message: 'Wait.' });
    const ask = await turn.seen('ask');
    await drover.request('POST', `/chat/${turn.id}/answer`, { ask: ask.ask, answer: 'once' });
    await turn.seen('output', (event) => event.text.includes('started'));
    await drover.request('POST', `/chat/${turn.id}/cancel`);
    const events = await turn.end;
    expect(events.find((event) => event.type === 'tool.end')).toMatchObject({ outcome: 'cancelled' });
    // The supervisor and the agent process, and nothing else.
    await expect.poll(() => processesOf(at).length, { timeout: 5000 }).toBe(2);
  });
});

describe('the inbox', () => {
  it('delivers a steer after the running step, inside the result', async () => {
    await begin([hold('go'), call('file_read', { path: 'README.md' })], [text('In German, then.')]);
    const turn = startTurn(drover, { message: 'Read it.' });
    await model.reached('go');
    const put = await drover.request('POST', `/chat/${turn.id}`, { message: 'Answer in German.', lane: 'steer' });
    expect(put).toMatchObject({ status: 202, json: { item: expect.any(String) } });
    model.release('go');
    const events = await turn.end;
    expect(events.find((event) => event.type === 'steered')).toMatchObject({ item: put.json.item });
    const last = model.requests[1]?.body.messages.at(-1);
    expect(last?.role).toBe('tool');
    expect(JSON.stringify(last)).toContain('The person says now: Answer in German.');
  });

  it('takes a steer that came too late, then a follow-up, as the next turns', async () => {
    await begin([hold('go'), text('First.')], [text('Second.')], [text('Third.')]);
    const turn = startTurn(drover, { message: 'One.' });
    await model.reached('go');
    await drover.request('POST', `/chat/${turn.id}`, { message: 'Two.', lane: 'follow-up' });
    await drover.request('POST', `/chat/${turn.id}`, { message: 'Three.', lane: 'steer' });
    const second = attach(drover, turn.id);
    model.release('go');
    await second.seen('turn.end', (event) => event.turn === 3);
    second.leave();
    expect(await drover.said(turn.id)).toEqual(['One.', 'First.', 'Three.', 'Second.', 'Two.', 'Third.']);
  });
});

describe('a message that waits', () => {
  const put = async (id: string, message: string, lane: 'steer' | 'follow-up' = 'follow-up'): Promise<string> => {
    const reply = await drover.request('POST', `/chat/${id}`, { message, lane });
    return z.object({ item: z.string() }).parse(reply.json).item;
  };
  const change = (id: string, body: Record<string, unknown>) => drover.request('POST', `/chat/${id}/inbox`, body);

  it('can be edited, moved and withdrawn until the agent has it', async () => {
    await begin([hold('go'), text('First.')], [text('Second.')], [text('Third.')]);
    const turn = startTurn(drover, { message: 'One.' });
    await model.reached('go');
    const [two, three, four] = [await put(turn.id, 'Two.'), await put(turn.id, 'Three.'), await put(turn.id, 'Four.')];
    expect((await change(turn.id, { item: two, text: 'Two, better.' })).status).toBe(200);
    expect((await change(turn.id, { item: three, before: two })).status).toBe(200);
    expect((await change(turn.id, { item: four, withdraw: true })).status).toBe(200);
    const all = attach(drover, turn.id);
    model.release('go');
    await all.seen('turn.end', (event) => event.turn === 3);
    all.leave();
    expect(await drover.said(turn.id)).toEqual(['One.', 'First.', 'Three.', 'Second.', 'Two, better.', 'Third.']);
    for (const item of [two, four]) {
      const late = await change(turn.id, { item, text: 'Too late.' });
      expect(late).toMatchObject({ status: 409, json: { error: { code: 'not_waiting', field: 'item' } } });
    }
    expect(await change(turn.id, { item: 'none', withdraw: true })).toMatchObject({ status: 404 });
    expect(await change(turn.id, { item: two })).toMatchObject({ status: 400 });
  });

  it('for the end of the turn can be read after this step instead; who waits for it sees that turn', async () => {
    await begin([hold('go'), call('file_read', { path: 'README.md' })], [text('In German, then.')]);
    const turn = startTurn(drover, { message: 'Read it.' });
    await model.reached('go');
    const second = startTurn(drover, { message: 'Answer in German.', session_id: turn.id });
    const { item } = await second.seen('inbox.put');
    await change(turn.id, { item, lane: 'steer' });
    model.release('go');
    expect((await second.end).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['inbox.put', 'inbox.change', 'steered', 'turn.end']),
    );
    expect(JSON.stringify(model.requests[1]?.body.messages.at(-1))).toContain('The person says now: Answer in German.');
  });

  it('for this step can wait for the end of the turn instead', async () => {
    await begin(
      [hold('go'), call('file_read', { path: 'README.md' })],
      [text('First.')],
      [text('In German.')],
      [text('So.')],
    );
    const turn = startTurn(drover, { message: 'Read it.' });
    await model.reached('go');
    const [steer, later] = [await put(turn.id, 'Answer in German.', 'steer'), await put(turn.id, 'Is it so?')];
    expect((await change(turn.id, { item: steer, lane: 'follow-up', before: later })).status).toBe(200);
    const all = attach(drover, turn.id);
    model.release('go');
    await all.seen('turn.end', (event) => event.turn === 3);
    all.leave();
    expect((await drover.said(turn.id)).slice(-5)).toEqual([
      'First.',
      'Answer in German.',
      'In German.',
      'Is it so?',
      'So.',
    ]);
    expect(all.events.some(({ type }) => type === 'steered')).toBe(false);
  });

  it('that is withdrawn leaves nobody waiting', async () => {
    await begin([hold('go'), text('First.')]);
    const turn = startTurn(drover, { message: 'One.' });
    await model.reached('go');
    const second = startTurn(drover, { message: 'Two.', session_id: turn.id });
    const { item } = await second.seen('inbox.put');
    const plain = drover.request('POST', '/chat', { message: 'Three.', session_id: turn.id });
    const third = await attach(drover, turn.id).seen('inbox.put', (event) => event.text === 'Three.');
    await change(turn.id, { item, withdraw: true });
    await change(turn.id, { item: third.item, withdraw: true });
    expect((await second.end).at(-1)).toMatchObject({ type: 'inbox.withdraw' });
    expect(await plain).toMatchObject({ status: 409, json: { error: { code: 'withdrawn' } } });
    model.release('go');
    await turn.end;
    expect(await drover.said(turn.id)).toEqual(['One.', 'First.']);
  });
});

describe('a fork', () => {
  it('goes on from before a message, reads nothing again, and leaves the chat as it is', async () => {
    await begin([text('Tea.')], [text('Ten.')], [text('Twenty.')]);
    const turn = startTurn(drover, { message: 'What does it sell?' });
    await turn.end;
    await startTurn(drover, { message: 'How many kinds?', session_id: turn.id }).end;
    const fork = await drover.request('POST', `/chat/${turn.id}/fork`, { message: 2 });
    expect(fork).toMatchObject({ status: 201, json: { title: 'What does it sell?', turns: 1, from: turn.id } });
    const id = z.object({ id: z.string() }).parse(fork.json).id;
    await startTurn(drover, { message: 'How many kinds, with herbs?', session_id: id }).end;
    expect(await drover.said(id)).toEqual(['What does it sell?', 'Tea.', 'How many kinds, with herbs?', 'Twenty.']);
    expect(await drover.said(turn.id)).toEqual(['What does it sell?', 'Tea.', 'How many kinds?', 'Ten.']);
    const sent = model.requests.map(({ body }) => body.messages);
    expect(sent[2]?.slice(0, 3)).toEqual(sent[1]?.slice(0, 3));
    expect(await drover.request('POST', `/chat/${turn.id}/fork`, { message: 9 })).toMatchObject({
      status: 404,
      json: { error: { code: 'no_message', field: 'message' } },
    });
  });

  it('takes no yes along that was for the chat it goes on from', async () => {
    await begin(
      [call('bash', { command: 'touch made' })],
      [text('Done.')],
      [call('bash', { command: 'touch made' })],
      [text('No.')],
    );
    const turn = startTurn(drover, { message: 'Make it.' });
    const { ask, hash } = await turn.seen('ask');
    await drover.request('POST', `/chat/${turn.id}/answer`, { ask, hash, answer: 'chat' });
    await turn.end;
    const fork = await drover.request('POST', `/chat/${turn.id}/fork`, { answer: 1 });
    const id = z.object({ id: z.string() }).parse(fork.json).id;
    const events = await startTurn(drover, { message: 'Again.', session_id: id, asks: 'deny' }).end;
    expect(events.filter(({ type }) => type === 'tool.end')).toMatchObject([{ outcome: 'denied' }]);
  });

  it('goes on behind an answer, the last one too', async () => {
    await begin([text('Tea.')], [text('Ten.')], [text('Green.')]);
    const turn = startTurn(drover, { message: 'What does it sell?' });
    await turn.end;
    await startTurn(drover, { message: 'How many kinds?', session_id: turn.id }).end;
    const fork = async (answer: number) => {
      const { status, json } = await drover.request('POST', `/chat/${turn.id}/fork`, { answer });
      expect(status).toBe(201);
      return z.object({ id: z.string() }).parse(json).id;
    };
    expect(await drover.said(await fork(2))).toEqual(['What does it sell?', 'Tea.', 'How many kinds?', 'Ten.']);
    const id = await fork(1);
    await startTurn(drover, { message: 'Which colour?', session_id: id }).end;
    expect(await drover.said(id)).toEqual(['What does it sell?', 'Tea.', 'Which colour?', 'Green.']);
    for (const body of [{ answer: 3 }, { message: 1, answer: 1 }]) {
      const { status, json } = await drover.request('POST', `/chat/${turn.id}/fork`, body);
      expect([status, json['error']?.['field']]).toEqual('message' in body ? [400, ''] : [404, 'answer']);
    }
  });
});

describe('what was queued', () => {
  it('keeps its context variables and its trust', async () => {
    await begin([hold('go'), text('First.')], [edit], [text('Second.')]);
    const turn = startTurn(drover, { message: 'One.' });
    await model.reached('go');
    const roots = [at.workspace];
    const more = { context_variables: { ticket: 'T-42' }, workspace: { roots, trusted: false } };
    const second = startTurn(drover, { message: 'Two.', session_id: turn.id, ...more });
    await second.seen('inbox.put');
    model.release('go');
    const events = await second.end;
    expect(JSON.stringify(model.requests[1]?.body.messages)).toContain('T-42');
    expect(events.find((event) => event.type === 'tool.end')).toMatchObject({ outcome: 'denied' });
    expect(at.file('src/cart.js')).toContain('total = 1');
  });

  it('a steer that mentions a file has it read', async () => {
    await begin([hold('go'), call('file_read', { path: 'README.md' })], [text('I see.')]);
    const turn = startTurn(drover, { message: 'Read it.' });
    await model.reached('go');
    await drover.request('POST', `/chat/${turn.id}`, { message: 'Look at @src/cart.js too.', lane: 'steer' });
    model.release('go');
    await turn.end;
    const last = JSON.stringify(model.requests[1]?.body.messages.at(-1));
    expect(last).toContain('export const total = 1;');
    expect(last).toContain('The person says now: Look at @src/cart.js too.');
  });
});

describe('deleting', () => {
  it('a chat that runs ends its turn for all who wait, and its process', async () => {
    await begin([deltas('Half '), hold('rest')]);
    const turn = startTurn(drover, { message: 'Speak.' });
    await turn.seen('text');
    const second = attach(drover, turn.id);
    await second.seen('snapshot');
    const plain = drover.request('POST', '/chat', { message: 'And this.', session_id: turn.id });
    await second.seen('inbox.put');
    expect((await drover.request('DELETE', `/chat/${turn.id}`)).status).toBe(200);
    expect((await turn.end).at(-1)).toMatchObject({ type: 'turn.end', reason: 'cancelled' });
    await second.end;
    expect(await plain).toMatchObject({ status: 409, json: { error: { code: 'chat_deleted' } } });
    await expect.poll(() => processesOf(at), { timeout: 5000 }).toEqual([drover.child.pid]);
  });
});

describe('attaching in the middle', () => {
  it('gives a second window the same running turn, with all that was said so far', async () => {
    await begin([deltas('Half '), hold('rest'), deltas('whole.')]);
    const turn = startTurn(drover, { message: 'Speak.' });
    await turn.seen('text');
    const second = attach(drover, turn.id);
    expect(await second.seen('snapshot')).toMatchObject({ text: 'Half ' });
    model.release('rest');
    expect(await second.seen('text')).toMatchObject({ text: 'whole.' });
    await second.seen('turn.end');
    second.leave();
    await turn.end;
  });

  it('resumes after the last event that was seen', async () => {
    await begin([text('One.')], [text('Two.')]);
    const turn = startTurn(drover, { message: 'Go.' });
    await turn.end;
    const resumed = attach(drover, turn.id, '3');
    await startTurn(drover, { message: 'More.', session_id: turn.id }).end;
    await resumed.seen('turn.end', (event) => event.turn === 2);
    resumed.leave();
    expect(resumed.events[0]?.type).not.toBe('chat');
    expect(resumed.events.filter((event) => event.type === 'user')).toHaveLength(1);
  });

  it('does not stop a turn whose stream is dropped', async () => {
    await begin([deltas('Half '), hold('rest'), deltas('whole.')]);
    const left = new AbortController();
    const { stream } = await import('../../src/node/client.ts');
    const body = { message: 'Speak.', session_id: 'dropped', agent_type: 'coding' };
    const events = stream(drover.discovery, 'chatStream', { body, signal: left.signal });
    for await (const { event } of events) if (event.type === 'text') break;
    left.abort();
    const second = attach(drover, 'dropped');
    model.release('rest');
    await second.seen('turn.end', (event) => event.reason === 'done');
    second.leave();
  });
});
