import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PROTOCOL } from '../../src/common/protocol.ts';
import { transcriptOf } from '../../src/common/eventLines.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, hold, type Part, reply, type Script, text } from '../support/modelServer/script.ts';
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

const files = {
  'src/total.js': 'export const total = 1;\n',
  'test/total.test.js': [
    "import { equal } from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { total } from '../src/total.js';",
    "test('the total is four', () => equal(total, 4));",
    '',
  ].join('\n'),
  'package.json': '{"type": "module"}\n',
};

async function begin(script: Part[][] | Script, args: string[] = []): Promise<void> {
  at = place(files);
  const steps = Array.isArray(script) ? script.map((step) => (Array.isArray(step) ? reply(...step) : step)) : script;
  model = await startModelServer({ script: steps });
  drover = await startSupervisor(at, ['--model-endpoint', model.url, '--edits', 'ask', ...args]);
}

afterEach(async () => {
  await drover.stop();
  await model.close();
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  at.dispose();
});

const change = (from: number, to: number): Part[] => [
  call('file_edit', { path: 'src/total.js', old_text: `total = ${from}`, new_text: `total = ${to}` }),
];
const runTests = [call('bash', { command: 'node --test' })];
const decide = (id: string, interjection: string, answer: string) =>
  drover.request('POST', `/chat/${id}/interjection`, { interjection, answer });
const golden = (name: string): string => `golden/${name}.txt`;

describe('a policy steps in', () => {
  it('an answer with ERROR draws an interjection and a corrected answer', async () => {
    await begin([[text('ERROR: there is no total.')], [text('The total is 1.')]]);
    const events = await startTurn(drover, { message: 'What is the total?' }).end;
    await expect(transcriptOf(events)).toMatchFileSnapshot(golden('error-answer'));
    const messages = model.requests[1]?.body.messages ?? [];
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(JSON.stringify(messages.at(-1))).toContain('ERROR: there is no total.');
    // Only what comes after is read anew.
    expect(messages.slice(0, 2)).toEqual(model.requests[0]?.body.messages);
  });

  it('who does not acknowledge changes nothing, is paused after two attempts, and goes on when the person says so', async () => {
    await begin([[text('ERROR')], change(1, 2), change(1, 3), [text('I looked again: it is 1.')]]);
    const turn = startTurn(drover, { message: 'What is the total?' });
    const pause = await turn.seen('interjection', ({ grade }) => grade === 'pause');
    await turn.seen('tool.end', ({ outcome, text: said }) => outcome === 'denied' && said.includes('paused'));
    expect((await drover.chats())[0]).toMatchObject({ state: 'waiting', detail: expect.stringContaining('paused') });
    expect(model.requests).toHaveLength(3);
    expect((await decide(turn.id, pause.interjection, 'continue')).status).toBe(200);
    await expect(transcriptOf(await turn.end)).toMatchFileSnapshot(golden('not-acknowledged'));
    expect(at.file('src/total.js')).toContain('total = 1');
    expect((await decide(turn.id, pause.interjection, 'continue')).json).toMatchObject({
      error: { code: 'not_paused' },
    });
  });

  it('who does not acknowledge is paused again and again; taking back what was said lifts the pause too', async () => {
    const tries = [2, 3, 4, 5].map((to) => change(1, to));
    await begin([[text('ERROR')], ...tries, change(1, 6), [text('Done.')]], ['--auto-approve']);
    const turn = startTurn(drover, { message: 'What is the total?' });
    const made = await turn.seen('interjection', ({ grade }) => grade === 'acknowledge');
    const first = await turn.seen('interjection', ({ grade }) => grade === 'pause');
    expect((await decide(turn.id, first.interjection, 'continue')).status).toBe(200);
    const second = await turn.seen(
      'interjection',
      (event) => event.grade === 'pause' && event.interjection !== first.interjection,
    );
    expect(second.interjection).not.toBe(first.interjection);
    expect((await decide(turn.id, made.interjection, 'withdraw')).status).toBe(200);
    expect((await turn.end).at(-1)).toMatchObject({ type: 'turn.end', reason: 'done' });
    expect(at.file('src/total.js')).toContain('total = 6');
  });

  it('who does not acknowledge runs nothing, also what was allowed for the chat, and begins no chats', async () => {
    const echo = [call('bash', { command: 'echo x >> ran.txt' })];
    const delegate = [call('delegate', { tasks: ['coding: Do it.'] })];
    await begin([echo, [text('ERROR')], echo, delegate, [text('I looked again.')]]);
    const agents = join(at.folder, 'config', 'agents');
    mkdirSync(agents, { recursive: true });
    writeFileSync(join(agents, 'lead.md'), '---\ndescription: Leads.\ntools: [execute, delegate]\n---\nYou lead.\n');
    const turn = startTurn(drover, { message: 'Go.', agent_type: 'lead' });
    const asked = await turn.seen('ask');
    await drover.request('POST', `/chat/${turn.id}/answer`, { ask: asked.ask, answer: 'chat' });
    const pause = await turn.seen('interjection', ({ grade }) => grade === 'pause');
    await turn.seen('tool.end', ({ tool }) => tool === 'delegate');
    await decide(turn.id, pause.interjection, 'continue');
    await expect(transcriptOf(await turn.end)).toMatchFileSnapshot(golden('not-acknowledged-granted'));
    expect(at.file('ran.txt')).toBe('x\n');
    expect(await drover.chats()).toHaveLength(1);
  });

  it('a test that fails three times has to be thought about before the next edit', async () => {
    const script = [runTests, change(1, 2), runTests, change(2, 3), runTests, change(3, 5)];
    const after = [[text('I added one each time; four is wanted.')], change(3, 4), runTests, [text('All tests pass.')]];
    await begin([...script, ...after], ['--auto-approve']);
    const events = await startTurn(drover, { message: 'Make the test pass.' }).end;
    await expect(transcriptOf(events)).toMatchFileSnapshot(golden('same-test'));
    expect(at.file('src/total.js')).toContain('total = 4');
  });

  it('the same call again and again is told, then stopped', async () => {
    const same = [call('file_read', { path: 'src/total.js' })];
    await begin([same, same, same, same, same]);
    const turn = startTurn(drover, { message: 'Go.' });
    const made = (await turn.end).filter((event) => event.type === 'interjection');
    expect(made.map(({ policy, grade }) => [policy, grade])).toEqual([
      ['repeated-call', 'note'],
      ['repeated-call', 'stop'],
    ]);
    expect(model.requests[3]?.body.messages.at(-1)).toMatchObject({
      role: 'tool',
      content: expect.stringContaining('The supervisor of this chat says: You made the same call'),
    });
    expect((await drover.chats())[0]).toMatchObject({ state: 'stopped' });
  });

  it('a stop is in time: the command that it is about never runs', async () => {
    const same = [call('bash', { command: 'echo x >> ran.txt' })];
    await begin([same, same, same, same, same], ['--auto-approve']);
    const events = await startTurn(drover, { message: 'Go.' }).end;
    await expect(transcriptOf(events)).toMatchFileSnapshot(golden('stop'));
    expect(at.file('ran.txt')).toBe('x\n'.repeat(4));
  });

  it('what a stop said is told with the next message, behind all that was sent before', async () => {
    const same = [call('file_read', { path: 'src/total.js' })];
    await begin([same, same, same, same, same, [text('It is 1.')]]);
    const { id, end } = startTurn(drover, { message: 'Go.' });
    await end;
    const events = await startTurn(drover, { message: 'Go on.', session_id: id }).end;
    expect(events.filter(({ type }) => type === 'interjected')).toHaveLength(1);
    const [before, after] = model.requests.slice(-2).map(({ body }) => body.messages);
    expect(after?.slice(0, before?.length)).toEqual(before);
    expect(JSON.stringify(after?.at(-1))).toContain(
      'The supervisor of this chat stopped the turn: The agent asked for the same file_read 5 times.',
    );
  });
});

describe('what the person decides', () => {
  it('takes an interjection back: the agent is told, and need not acknowledge', async () => {
    await begin(
      [[text('ERROR is the name of the level.')], [hold('thinking'), ...change(1, 2)], [text('Done.')]],
      ['--auto-approve'],
    );
    const turn = startTurn(drover, { message: 'Which level is it? Then make the total 2.' });
    const made = await turn.seen('interjection');
    await turn.seen('interjected');
    expect((await decide(turn.id, made.interjection, 'withdraw')).status).toBe(200);
    model.release('thinking');
    await expect(transcriptOf(await turn.end)).toMatchFileSnapshot(golden('withdrawn'));
    expect(at.file('src/total.js')).toContain('total = 2');
    expect(JSON.stringify(model.requests[2]?.body.messages.at(-1))).toContain('The person took back');
  });

  it('mutes a policy in this chat', async () => {
    await begin([[text('ERROR')], [text('Fine.')], [text('ERROR')]]);
    const turn = startTurn(drover, { message: 'Go.' });
    const made = await turn.seen('interjection');
    await turn.end;
    await decide(turn.id, made.interjection, 'mute');
    const events = await startTurn(drover, { message: 'Again.', session_id: turn.id }).end;
    expect(events.some(({ type }) => type === 'interjection')).toBe(false);
    expect(events.at(-1)).toMatchObject({ type: 'turn.end', reason: 'done' });
  });

  it('is told when there is nothing to decide', async () => {
    await begin([[text('Hello.')]]);
    const turn = startTurn(drover, { message: 'Hello.' });
    await turn.end;
    expect(await decide(turn.id, 'none', 'withdraw')).toMatchObject({
      status: 404,
      json: { error: { code: 'no_interjection', field: 'interjection' } },
    });
  });
});

describe('a turn that takes long', () => {
  const reading: Script = (request) => {
    const line = request.body.messages.length;
    return reply(call('file_read', { path: 'src/total.js', start_line: line }));
  };

  it('is paused after fifty steps until the person decides, and a stop ends it', async () => {
    await begin(reading);
    const turn = startTurn(drover, { message: 'Go.' });
    const pause = await turn.seen('interjection');
    expect(pause).toMatchObject({ policy: 'budget', grade: 'pause', evidence: 'This turn has taken 50 steps.' });
    await expect.poll(() => model.requests.length).toBe(50);
    await drover.request('POST', `/chat/${turn.id}/cancel`);
    expect((await turn.end).at(-1)).toMatchObject({ type: 'turn.end', reason: 'cancelled' });
    expect(model.requests).toHaveLength(50);
  });

  it('ends at once where nobody is there to decide', async () => {
    await begin(reading);
    const reply = await drover.request('POST', '/chat', { message: 'Go.', agent_type: 'coding' });
    expect(reply.json).toMatchObject({
      error: {
        code: 'cancelled',
        message: expect.stringContaining('by the supervisor: This turn has taken 50 steps.'),
      },
    });
  });

  it('is told to a second window as to the first', async () => {
    await begin([[text('ERROR')], [hold('look'), text('Fine.')]]);
    const turn = startTurn(drover, { message: 'Go.' });
    const made = await turn.seen('interjection');
    const other = attach(drover, turn.id);
    expect(await other.seen('interjection')).toEqual(made);
    model.release('look');
    await turn.end;
    other.leave();
  });
});

describe('a policy that is switched off', () => {
  const error = [text('ERROR is the name of the level.')];
  const steppedIn = async (message: string): Promise<boolean> =>
    (await startTurn(drover, { message }).end).some(({ type }) => type === 'interjection');

  it('does not step in, until it is switched on again', async () => {
    at = place(files);
    mkdirSync(join(at.folder, 'config'));
    writeFileSync(join(at.folder, 'config', 'config.json'), '{"policies": {"off": ["answer-with-error"]}}\n');
    model = await startModelServer({ script: [reply(...error), reply(...error), reply(text('It is a level.'))] });
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    const listed = async () => {
      const { json } = await drover.request('GET', '/policies');
      return (json['policies'] as unknown as { name: string; off: boolean }[]).find(
        ({ name }) => name === 'answer-with-error',
      );
    };
    expect(await listed()).toMatchObject({ off: true, rule: expect.stringContaining('ERROR') });
    expect(await steppedIn('Which level?')).toBe(false);
    const hello = { kind: 'other', protocol: PROTOCOL, build: 'x', settings: { policiesOff: [] } };
    const { json } = await drover.request('POST', '/hello', hello);
    expect(await listed()).toMatchObject({ off: false });
    expect(await steppedIn('Which level now?')).toBe(true);
    // The person empties the setting: what is stored holds again.
    await drover.request('POST', '/hello', { ...hello, client: json['client'], settings: {} });
    expect(await listed()).toMatchObject({ off: true });
  });
});

describe('what a turn may take', () => {
  it('is said by the person: in config.json, and by a client', async () => {
    at = place(files);
    mkdirSync(join(at.folder, 'config'));
    writeFileSync(join(at.folder, 'config', 'config.json'), '{"policies": {"budget": {"steps": 2}}}\n');
    const look = (line: number) => reply(call('file_read', { path: 'src/total.js', start_line: line }));
    model = await startModelServer({
      script: [look(1), look(2), look(3), reply(text('One.')), look(1), reply(text('So.'))],
    });
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    const rule = async () => {
      const { json } = await drover.request('GET', '/policies');
      return (json['policies'] as unknown as { name: string; rule: string }[]).find(({ name }) => name === 'budget')
        ?.rule;
    };
    expect(await rule()).toBe('One turn took 2 steps, 30 minutes of work, or read and wrote 400,000 tokens.');
    const turn = startTurn(drover, { message: 'What is the total?' });
    const made = await turn.seen('interjection');
    expect(made).toMatchObject({ policy: 'budget', grade: 'pause', evidence: 'This turn has taken 2 steps.' });
    await decide(turn.id, made.interjection, 'continue');
    await turn.end;
    const settings = { budget: { steps: 1, minutes: 0, tokens: 0 } };
    await drover.request('POST', '/hello', { kind: 'other', protocol: PROTOCOL, build: 'x', settings });
    expect(await rule()).toBe('One turn took 1 step.');
    const next = startTurn(drover, { message: 'Again.' });
    const { interjection, evidence } = await next.seen('interjection');
    expect(evidence).toBe('This turn has taken 1 step.');
    await decide(next.id, interjection, 'continue');
    expect((await next.end).at(-1)).toMatchObject({ reason: 'done' });
  });
});
