import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { logPath, parseRecord } from '../../server/eventLog.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import {
  call,
  deltas,
  finish,
  hold,
  type Part,
  refusals,
  reply,
  reset,
  status,
  streamError,
  text,
} from '../support/modelServer/script.ts';
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

async function begin(answers: Part[][], args: string[] = []): Promise<void> {
  at = place({ 'a.txt': 'alpha\n' });
  model = await startModelServer({ script: answers.map((parts) => reply(...parts)) });
  drover = await startSupervisor(at, ['--model-endpoint', model.url, ...args]);
}

afterEach(async () => {
  await drover.stop();
  await model.close();
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  at.dispose();
});

const lastMessage = (): string => JSON.stringify(model.requests.at(-1)?.body.messages.at(-1));

describe('what a model gets wrong', () => {
  it.each([
    ['arguments that are no JSON', call('file_read', '{"path": "a.txt'), /JSON/],
    ['a tool that does not exist', call('open_file', { path: 'a.txt' }), /open_file.*file_read/],
    ['a wrong argument type', call('file_read', { path: ['a.txt'] }), /path/],
    ['a missing argument', call('file_edit', { path: 'a.txt' }), /old_text/],
  ])('%s is answered with what was wrong and never executed', async (_, wrong, says) => {
    await begin([[wrong], [text('I see.')]]);
    const events = await startTurn(drover, { message: 'Go.' }).end;
    expect(events.find((event) => event.type === 'tool.end')).toMatchObject({ outcome: 'invalid' });
    expect(events.some((event) => event.type === 'ask')).toBe(false);
    expect(lastMessage()).toMatch(says);
    expect(events.at(-1)).toMatchObject({ reason: 'done' });
    // A replayed call must be valid JSON, or a real server refuses the chat for ever.
    for (const request of model.requests) {
      for (const message of request.body.messages) {
        for (const { function: called } of message.tool_calls ?? []) JSON.parse(called.arguments);
      }
    }
  });

  it('a call that length cut off is not run, and the person is told', async () => {
    await begin([[call('bash', '{"command": "touch x'), finish('length')]]);
    const events = await startTurn(drover, { message: 'Go.' }).end;
    expect(events.find((event) => event.type === 'assistant')).toMatchObject({ calls: [], finish: 'length' });
    expect(events.find((event) => event.type === 'error')).toMatchObject({ problem: { code: 'cut_off' } });
    expect(events.some((event) => event.type === 'tool.start')).toBe(false);
  });
});

describe('what a model server gets wrong', () => {
  it.each([
    ['a prompt too long for the slot', [refusals.tooLong(9000, 4096)], 'prompt_too_long', /9,000.*4,096/],
    ['a wrong key', [status(401, 'authentication_error', 'Invalid API Key')], 'engine_key', /key/],
    ['an error', [status(500, 'server_error', 'out of luck')], 'engine_error', /out of luck/],
    ['an error in the stream', [deltas('Half'), streamError('boom')], 'engine_error', /boom/],
    ['a broken connection', [deltas('Half'), reset()], 'engine_lost', /broke/],
  ] as [string, Part[], string, RegExp][])('%s is a sentence, and the chat goes on', async (_, parts, code, says) => {
    await begin([parts, [text('Better.')]]);
    const turn = startTurn(drover, { message: 'Go.' });
    const events = await turn.end;
    const error = events.find((event) => event.type === 'error');
    expect(error).toMatchObject({
      problem: { code, message: expect.stringMatching(says), advice: expect.stringMatching(/\.$/) },
    });
    expect(events.at(-1)).toMatchObject({ type: 'turn.end', reason: 'failed' });
    const again = await startTurn(drover, { message: 'Again.', session_id: turn.id }).end;
    expect(again.at(-1)).toMatchObject({ reason: 'done' });
    expect(model.requests.at(-1)?.body.messages.map((message) => message.role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
    ]);
  });

  it('a server that goes away takes one turn with it; what waits is taken up when it is back', async () => {
    await begin([[hold('one')]]);
    const turn = startTurn(drover, { message: 'One.' });
    await model.reached('one');
    for (const message of ['Two.', 'Three.'])
      await drover.request('POST', `/chat/${turn.id}`, { message, lane: 'follow-up' });
    await model.close();
    await turn.end;
    const engine = async () => (await drover.request('GET', '/engine')).json['state'];
    await expect.poll(engine).toBe('failed');
    const standing = async () => {
      const [chat] = await drover.chats();
      return [chat?.state, chat?.queued, chat?.turns];
    };
    expect(await standing()).toEqual(['failed', 2, 1]);
    model = await startModelServer({ port: Number(new URL(model.url).port) });
    model.add(reply(text('It is back.')), reply(text('And stays.')));
    await drover.request('POST', '/engine', { action: 'restart' });
    await expect.poll(standing).toEqual(['idle', 0, 3]);
    expect((await drover.said(turn.id)).slice(-4)).toEqual(['Two.', 'It is back.', 'Three.', 'And stays.']);
  });

  it('a broken connection to a server that is there holds nothing up', async () => {
    await begin([[hold('one'), reset()], [text('Two it is.')]]);
    const turn = startTurn(drover, { message: 'One.' });
    await model.reached('one');
    await drover.request('POST', `/chat/${turn.id}`, { message: 'Two.', lane: 'follow-up' });
    model.release('one');
    await expect.poll(async () => (await drover.said(turn.id)).at(-1)).toBe('Two it is.');
  });

  it('a plain request is told too', async () => {
    await begin([[status(500, 'server_error', 'out of luck')]]);
    const reply = await drover.request('POST', '/chat', { message: 'Go.', session_id: 's' });
    expect(reply).toMatchObject({ status: 502, json: { error: { code: 'engine_error' }, session_id: 's' } });
  });

  it('silence can be stopped', async () => {
    await begin([[hold('forever')]]);
    const turn = startTurn(drover, { message: 'Go.' });
    await model.reached('forever');
    await drover.request('POST', `/chat/${turn.id}/cancel`);
    expect((await turn.end).at(-1)).toMatchObject({ reason: 'cancelled' });
    expect((await model.ended(0)).outcome).toBe('left');
  });
});

describe('a killed process', () => {
  const agentOf = (): number => {
    const others = processesOf(at).filter((pid) => pid !== drover.child.pid);
    expect(others).toHaveLength(1);
    return others[0] ?? 0;
  };

  it('an agent in the middle of an answer costs that turn and nothing else', async () => {
    await begin([[deltas('Half'), hold('more')], [text('Whole.')]]);
    const turn = startTurn(drover, { message: 'Go.' });
    await turn.seen('text');
    process.kill(agentOf(), 'SIGKILL');
    const events = await turn.end;
    expect(events.find((event) => event.type === 'error')).toMatchObject({ problem: { code: 'agent_crashed' } });
    expect(events.find((event) => event.type === 'assistant')).toMatchObject({ text: 'Half', finish: 'failed' });
    expect((await drover.request('GET', '/engine')).json.busy).toBe(0);
    const again = await startTurn(drover, { message: 'Again.', session_id: turn.id }).end;
    expect(again.at(-1)).toMatchObject({ reason: 'done' });
  });

  it('an agent in the middle of a command leaves nothing running, and the outcome is unknown', async () => {
    await begin([[call('bash', { command: 'echo started; setsid sleep 300 & sleep 300' })], [text('I will look.')]]);
    const turn = startTurn(drover, { message: 'Go.' });
    const ask = await turn.seen('ask');
    const agent = agentOf();
    await drover.request('POST', `/chat/${turn.id}/answer`, { ask: ask.ask, answer: 'once' });
    await turn.seen('output', (event) => event.text.includes('started'));
    process.kill(agent, 'SIGKILL');
    const events = await turn.end;
    expect(events.find((event) => event.type === 'tool.end')).toMatchObject({ outcome: 'unknown' });
    await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([drover.child.pid]);
    await startTurn(drover, { message: 'Go on.', session_id: turn.id }).end;
    expect(JSON.stringify(model.requests.at(-1)?.body.messages)).toContain('Outcome unknown');
  });

  it('a supervisor in the middle of a turn: all ends, the next one has the chat and closes the turn', async () => {
    await begin([[call('file_read', { path: 'a.txt' })], [deltas('Half'), hold('more')], [text('Whole.')]]);
    const turn = startTurn(drover, { message: 'Go.' });
    await turn.seen('text');
    await drover.request('POST', `/chat/${turn.id}`, { message: 'Then this.' });
    drover.child.kill('SIGKILL');
    await expect(turn.end).rejects.toThrow();
    await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    const again = attach(drover, turn.id);
    const end = await again.seen('turn.end', (event) => event.reason === 'failed');
    expect(await again.seen('error')).toMatchObject({ problem: { code: 'supervisor_ended' } });
    // The time without Drover does not count.
    const records = readFileSync(logPath(at.state, turn.id), 'utf8').split('\n').map(parseRecord);
    const when = (type: string): number => records.find((record) => record?.event.type === type)?.at ?? 0;
    expect(end.seconds).toBe((when('inbox.put') - when('user')) / 1000);
    again.leave();
    // What waited in the inbox was not lost: it comes first.
    model.add(reply(text('And this.')));
    await startTurn(drover, { message: 'And that.', session_id: turn.id }).end;
    expect((await drover.said(turn.id)).filter((text) => /^(Go|Then|And)/.test(text))).toEqual([
      'Go.',
      'Then this.',
      'And that.',
      'And this.',
    ]);
  });
});

describe('an idle agent process', () => {
  it('that was killed costs the next turn nothing', async () => {
    await begin([[text('One.')], [text('Two.')]]);
    const turn = startTurn(drover, { message: 'Go.' });
    await turn.end;
    const [agent = 0] = processesOf(at).filter((pid) => pid !== drover.child.pid);
    // Stopped, so that the message is on its way to it when it is ended.
    process.kill(agent, 'SIGSTOP');
    const next = startTurn(drover, { message: 'More.', session_id: turn.id });
    await next.seen('user');
    process.kill(agent, 'SIGKILL');
    const events = await next.end;
    expect(events.at(-1)).toMatchObject({ type: 'turn.end', reason: 'done' });
    expect(events.some((event) => event.type === 'error')).toBe(false);
  });

  it('is not let go in the middle of an undo; one that dies there is told', async () => {
    const write = call('file_write', { path: 'b.txt', content: 'beta\n' });
    await begin([[write], [text('Done.')]], ['--auto-approve']);
    const turn = startTurn(drover, { message: 'Go.' });
    const end = (await turn.end).find((event) => event.type === 'tool.end');
    const [agent = 0] = processesOf(at).filter((pid) => pid !== drover.child.pid);
    process.kill(agent, 'SIGSTOP');
    const undone = drover.request('POST', `/chat/${turn.id}/undo`, { call: end?.type === 'tool.end' ? end.call : '' });
    const first = await Promise.race([
      undone.then(() => 'answered'),
      drover.request('GET', '/health').then(() => 'waits'),
    ]);
    expect(first).toBe('waits');
    process.kill(agent, 'SIGKILL');
    expect(await undone).toMatchObject({ status: 500, json: { error: { code: 'agent_crashed' } } });
    expect(at.file('b.txt')).toBe('beta\n');
  });
});

describe('a log that is not as Drover left it', () => {
  const logOf = (): string => join(at.state, 'chats', readdirSync(join(at.state, 'chats'))[0] ?? '');

  it('changed by somebody: said in the chat, once', async () => {
    await begin([[text('One.')], [text('Two.')]]);
    const turn = startTurn(drover, { message: 'Go.' });
    await turn.end;
    await drover.stop();
    writeFileSync(logOf(), readFileSync(logOf(), 'utf8').replace('"Go."', '"No."'));
    for (const _ of ['first', 'second']) {
      drover = await startSupervisor(at, ['--model-endpoint', model.url]);
      const seen = attach(drover, turn.id);
      expect(await seen.seen('error')).toMatchObject({ problem: { code: 'log_changed' } });
      seen.leave();
      expect(seen.events.filter((event) => event.type === 'error')).toHaveLength(1);
      await startTurn(drover, { message: 'More.', session_id: turn.id }).end;
      await drover.stop();
      model.add(reply(text('Three.')));
    }
  });

  it('cut between a turn and the message that waited for its end: that message is taken up', async () => {
    await begin([[hold('go'), text('One.')], [text('Two.')]]);
    const turn = startTurn(drover, { message: 'Go.' });
    await model.reached('go');
    await drover.request('POST', `/chat/${turn.id}`, { message: 'Then this.' });
    model.release('go');
    await turn.end;
    await expect.poll(() => drover.said(turn.id)).toHaveLength(4);
    await drover.stop();
    const lines = readFileSync(logOf(), 'utf8').split('\n');
    const end = lines.findIndex((line) => line.includes('"turn.end"'));
    writeFileSync(logOf(), `${lines.slice(0, end + 1).join('\n')}\n`);
    model.add(reply(text('Two again.')));
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    await expect.poll(async () => (await drover.said(turn.id)).slice(2)).toEqual(['Then this.', 'Two again.']);
  });
});

describe('a chat cut off before its first message was kept', () => {
  it('is gone at the next start: nobody was told that it is there', async () => {
    await begin([[text('One.')]]);
    const turn = startTurn(drover, { message: 'Go.' });
    await turn.end;
    await drover.stop();
    const chats = join(at.state, 'chats');
    const [log = ''] = readdirSync(chats);
    const [opening = ''] = readFileSync(join(chats, log), 'utf8').split('\n');
    const cut = logPath(at.state, 'cut');
    writeFileSync(cut, `${opening.replace(turn.id, 'cut')}\n{"v":1,"se`);
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    expect((await drover.chats()).map(({ id }) => id)).toEqual([turn.id]);
    expect(readdirSync(chats)).toEqual([log]);
  });
});

describe('a full disk', () => {
  /** No file of the supervisor may grow beyond this many bytes: what a full disk does, to one process. */
  const limitFiles = (bytes: number | 'unlimited'): void => {
    execFileSync('prlimit', ['--pid', String(drover.child.pid), `--fsize=${bytes}:unlimited`]);
  };

  it('is told in the chat, nothing is acknowledged that is not kept, and the chat goes on when there is room', async () => {
    await begin([[text('One.')], [deltas('Two'), hold('full'), text(' and more.')], [text('Three.')]]);
    const turn = startTurn(drover, { message: 'Go.' });
    await turn.end;
    const [log = ''] = readdirSync(join(at.state, 'chats'));
    const running = startTurn(drover, { message: 'More.', session_id: turn.id });
    await running.seen('text');
    limitFiles(statSync(join(at.state, 'chats', log)).size);
    model.release('full');
    const events = await running.end;
    expect(events.findLast((event) => event.type === 'error')).toMatchObject({ problem: { code: 'log_unwritable' } });
    const refused = await drover.request('POST', '/chat', { message: 'Again.', session_id: turn.id });
    expect(refused).toMatchObject({ status: 507, json: { error: { code: 'log_unwritable' } } });
    limitFiles('unlimited');
    const again = await startTurn(drover, { message: 'Now.', session_id: turn.id }).end;
    expect(again.at(-1)).toMatchObject({ reason: 'done' });
    expect(await drover.said(turn.id)).toEqual(['Go.', 'One.', 'More.', 'Two and more.', 'Now.', 'Three.']);
  });
});
