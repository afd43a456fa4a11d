import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { logPath, parseRecord } from '../../server/eventLog.ts';
import { submit } from '../../src/node/client.ts';
import { transcriptOf } from '../../src/common/eventLines.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, type Part, reply, text } from '../support/modelServer/script.ts';
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
  at = place({ 'a.txt': 'alpha\n' });
  model = await startModelServer({ script: answers.map((parts) => reply(...parts)) });
  await start();
}

async function start(...more: string[]): Promise<void> {
  drover = await startSupervisor(at, ['--model-endpoint', model.url, '--edits', 'ask', ...more], {
    DROVER_PARK_SECONDS: '0',
  });
}

afterEach(async () => {
  await drover.stop();
  await model.close();
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  at.dispose();
});

const id = 'parked';
const edit = [call('file_edit', { path: 'a.txt', old_text: 'alpha', new_text: 'beta' })];
const signal = (): AbortSignal => AbortSignal.timeout(20_000);

/** Sends a message that only a client can answer asks of, and looks away. */
async function sendAndLeave(message: string): Promise<void> {
  const body = { message, session_id: id, agent_type: 'coding', asks: 'client' as const };
  await submit(drover.discovery, { body, signal: signal() });
}

async function isParked(): Promise<void> {
  await expect.poll(() => processesOf(at), { timeout: 10_000 }).toEqual([drover.child.pid]);
  expect((await drover.chats())[0]).toMatchObject({ state: 'waiting', live: false });
}

async function answerIt(answer: 'once' | 'reject'): Promise<string> {
  const all = attach(drover, id);
  const asked = await all.seen('ask');
  expect((await drover.request('POST', `/chat/${id}/answer`, { ask: asked.ask, answer })).status).toBe(200);
  await all.seen('turn.end');
  all.leave();
  return transcriptOf(all.events);
}

/** What a kill right behind this record leaves. */
function cutBehind(record: string): void {
  const log = logPath(at.state, id);
  const lines = readFileSync(log, 'utf8').split('\n');
  const last = lines.findIndex((line) => line.includes(record));
  writeFileSync(log, `${lines.slice(0, last + 1).join('\n')}\n`);
  rmSync(join(at.state, 'heads'), { recursive: true });
}

/** In seconds: what the turn says that it took, how long it waited for the answer, and from its message to its end. */
function timesOf(): { seconds: number; waited: number; whole: number } {
  const lines = readFileSync(logPath(at.state, id), 'utf8').split('\n');
  const records = lines.flatMap((line) => parseRecord(line) ?? []);
  const when = (type: string): number => (records.find(({ event }) => event.type === type)?.at ?? 0) / 1000;
  const end = records.find(({ event }) => event.type === 'turn.end')?.event;
  return {
    seconds: end?.type === 'turn.end' ? end.seconds : 0,
    waited: when('answer') - when('ask'),
    whole: when('turn.end') - when('user'),
  };
}

describe('a question that nobody looks at', () => {
  it('of an agent that is gone is answered, nothing is done, and the chat says why', async () => {
    await begin(edit);
    const docs = join(at.folder, 'config', 'agents', 'docs.md');
    mkdirSync(dirname(docs), { recursive: true });
    writeFileSync(docs, '---\ndescription: Writes docs.\ntools: [write]\n---\nYou are the docs agent.\n');
    const body = { message: 'Make it beta.', session_id: id, agent_type: 'docs', asks: 'client' as const };
    await submit(drover.discovery, { body, signal: signal() });
    await isParked();
    rmSync(docs);
    const lines = await answerIt('once');
    expect(lines).toContain('There is no agent docs for this chat any more.');
    expect(at.file('a.txt')).toBe('alpha\n');
    expect((await drover.chats())[0]).toMatchObject({ state: 'failed' });
    expect(model.requests).toHaveLength(1);
  });

  it('waits without its agent, and an answer lets another one go on', async () => {
    await begin(edit, [text('Done.')]);
    await sendAndLeave('Make it beta.');
    await isParked();
    await expect(await answerIt('once')).toMatchFileSnapshot('golden/parked.txt');
    expect(at.file('a.txt')).toBe('beta\n');
    // The second agent sends what the first would have sent.
    expect(model.requests[1]?.body.messages.slice(0, 2)).toEqual(model.requests[0]?.body.messages);
  });

  it('outlives Drover: it is asked again after a restart, and done once', async () => {
    await begin(edit, [text('Done.')]);
    await sendAndLeave('Make it beta.');
    await isParked();
    await drover.stop();
    await start();
    expect((await drover.chats())[0]).toMatchObject({ state: 'waiting' });
    const told = await answerIt('once');
    expect(told.match(/ok: /g)).toHaveLength(1);
    expect(at.file('a.txt')).toBe('beta\n');
    const { seconds, waited, whole } = timesOf();
    expect(seconds).toBeLessThan(whole - waited);
  });

  it('outlives Drover: where the next one needs no yes, nobody has to give it', async () => {
    await begin(edit, [text('Done.')]);
    await sendAndLeave('Make it beta.');
    await isParked();
    await drover.stop();
    await start('--auto-approve');
    await expect.poll(async () => (await drover.said(id)).at(-1)).toBe('Done.');
    expect(at.file('a.txt')).toBe('beta\n');
  });

  it('answered in the last moment of Drover, it is gone on with after a restart', async () => {
    await begin(edit, [text('Done.')]);
    await sendAndLeave('Make it beta.');
    await isParked();
    await answerIt('once');
    await drover.stop();
    cutBehind('"type":"answer"');
    model.add(reply(text('Done.')));
    writeFileSync(join(at.workspace, 'a.txt'), 'alpha\n');
    await start();
    await expect.poll(async () => (await drover.said(id)).at(-1)).toBe('Done.');
    expect(at.file('a.txt')).toBe('beta\n');
  });

  it('answered in front of somebody in the last moment of Drover, it is gone on with after a restart', async () => {
    await begin(edit, [text('Done.')], [text('Done again.')]);
    const turn = startTurn(drover, { message: 'Make it beta.', session_id: id });
    const { ask } = await turn.seen('ask');
    await drover.request('POST', `/chat/${id}/answer`, { ask, answer: 'once' });
    await turn.end;
    await drover.stop();
    cutBehind('"type":"answer"');
    writeFileSync(join(at.workspace, 'a.txt'), 'alpha\n');
    await start();
    await expect.poll(async () => (await drover.said(id)).at(-1)).toBe('Done again.');
    expect(at.file('a.txt')).toBe('beta\n');
  });

  it('answered just before its agent is lost, it is gone on with by another', async () => {
    await begin(edit, [text('Done.')]);
    const turn = startTurn(drover, { message: 'Make it beta.', session_id: id });
    const { ask } = await turn.seen('ask');
    const [agent = 0] = processesOf(at).filter((pid) => pid !== drover.child.pid);
    // So it does not hear the answer.
    process.kill(agent, 'SIGSTOP');
    expect((await drover.request('POST', `/chat/${id}/answer`, { ask, answer: 'once' })).status).toBe(200);
    process.kill(agent, 'SIGKILL');
    expect((await turn.end).at(-1)).toMatchObject({ type: 'turn.end', reason: 'done' });
    expect(at.file('a.txt')).toBe('beta\n');
  });

  it('is not gone on with when the turn was stopped behind the answer', async () => {
    await begin(edit);
    const turn = startTurn(drover, { message: 'Make it beta.', session_id: id });
    const { ask } = await turn.seen('ask');
    const [agent = 0] = processesOf(at).filter((pid) => pid !== drover.child.pid);
    process.kill(agent, 'SIGSTOP');
    await drover.request('POST', `/chat/${id}/answer`, { ask, answer: 'once' });
    expect((await drover.request('POST', `/chat/${id}/cancel`)).status).toBe(200);
    drover.child.kill('SIGKILL');
    await turn.end.catch(() => undefined);
    // A stopped process does not see that its supervisor is gone.
    if (processesOf(at).includes(agent)) process.kill(agent, 'SIGKILL');
    await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
    await start();
    expect((await drover.chats())[0]).toMatchObject({ state: 'stopped' });
    expect(at.file('a.txt')).toBe('alpha\n');
  });

  it('outlives Drover also when that is killed in front of somebody', async () => {
    await begin(edit, [text('Done.')]);
    const turn = startTurn(drover, { message: 'Make it beta.', session_id: id });
    await turn.seen('ask');
    drover.child.kill('SIGKILL');
    await expect(turn.end).rejects.toThrow();
    await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
    await start();
    expect((await answerIt('once')).match(/ok: /g)).toHaveLength(1);
    expect(at.file('a.txt')).toBe('beta\n');
  });

  it('outlives the agent that asked it', async () => {
    await begin(edit, [text('Done.')]);
    const turn = startTurn(drover, { message: 'Make it beta.', session_id: id });
    const { ask } = await turn.seen('ask');
    const [agent = 0] = processesOf(at).filter((pid) => pid !== drover.child.pid);
    process.kill(agent, 'SIGKILL');
    expect(await turn.seen('error')).toMatchObject({ problem: { code: 'agent_crashed' } });
    expect((await drover.request('POST', `/chat/${id}/answer`, { ask, answer: 'once' })).status).toBe(200);
    expect((await turn.end).at(-1)).toMatchObject({ type: 'turn.end', reason: 'done' });
    expect(at.file('a.txt')).toBe('beta\n');
  });

  it('is asked anew when what it was about has changed', async () => {
    await begin([call('file_edit', { path: 'a.txt', old_text: 'alpha', new_text: 'beta' })], [text('I see.')]);
    await sendAndLeave('Make it beta.');
    await isParked();
    writeFileSync(join(at.workspace, 'a.txt'), 'one\nalpha\n');
    const all = attach(drover, id);
    const first = await all.seen('ask');
    await drover.request('POST', `/chat/${id}/answer`, { ask: first.ask, answer: 'once' });
    const second = await all.seen('ask', ({ ask }) => ask !== first.ask);
    expect(second.preview.text).toContain('one');
    expect(at.file('a.txt')).toBe('one\nalpha\n');
    await drover.request('POST', `/chat/${id}/answer`, { ask: second.ask, answer: 'reject' });
    await all.seen('turn.end');
    all.leave();
  });

  it('can be stopped, and what waits behind it is taken up', async () => {
    await begin(edit, [text('Next.')]);
    await sendAndLeave('Make it beta.');
    await isParked();
    await drover.request('POST', `/chat/${id}`, { message: 'Then this.' });
    await drover.request('POST', `/chat/${id}/cancel`);
    const all = attach(drover, id);
    await all.seen('turn.end', ({ turn, reason }) => turn === 2 && reason === 'done');
    all.leave();
    expect(await drover.said(id)).toContain('Next.');
    expect(at.file('a.txt')).toBe('alpha\n');
  });
});

describe('a pause', () => {
  const write = (grade: string): void => {
    const folder = join(at.folder, 'config', 'policies');
    mkdirSync(folder, { recursive: true });
    const finding = `{ grade: '${grade}', evidence: 'Beta.', say: 'Think twice.' }`;
    const body = `if (event.text.includes('beta')) return ${finding};`;
    writeFileSync(
      join(folder, 'beta.mjs'),
      `export default { name: 'beta', rule: 'Mine.', on: ['user'], judge(event) { ${body} } };\n`,
    );
  };

  it('before the model was asked outlives Drover, and what the message names is read once', async () => {
    await begin([text('It is alpha.')]);
    write('pause');
    const turn = startTurn(drover, { message: 'Is @a.txt beta?', session_id: id });
    const made = await turn.seen('interjection');
    drover.child.kill('SIGKILL');
    await expect(turn.end).rejects.toThrow();
    await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
    await start();
    expect((await drover.chats())[0]).toMatchObject({ state: 'waiting', live: false });
    const body = { interjection: made.interjection, answer: 'continue' };
    expect((await drover.request('POST', `/chat/${id}/interjection`, body)).status).toBe(200);
    const all = attach(drover, id);
    await all.seen('turn.end', ({ reason }) => reason === 'done');
    all.leave();
    expect(all.events.filter(({ type }) => type === 'tool.end')).toHaveLength(1);
    expect(all.events.filter(({ type }) => type === 'turn.start')).toHaveLength(1);
    expect(JSON.stringify(model.requests[0]?.body.messages)).toContain('Think twice.');
  });

  it('lifted in the last moment of Drover, it is gone on with after a restart', async () => {
    await begin([text('It is alpha.')], [text('It is alpha again.')]);
    write('pause');
    const turn = startTurn(drover, { message: 'Is it beta?', session_id: id });
    const { interjection } = await turn.seen('interjection');
    const body = { interjection, answer: 'continue' };
    expect((await drover.request('POST', `/chat/${id}/interjection`, body)).status).toBe(200);
    await turn.end;
    await drover.stop();
    cutBehind('"type":"interjection.answer"');
    await start();
    await expect.poll(async () => (await drover.said(id)).at(-1)).toBe('It is alpha again.');
    expect(JSON.stringify(model.requests[1]?.body.messages)).toContain('Think twice.');
  });

  it('behind an answer that does not end the turn, lifted in the last moment, keeps nothing from being done', async () => {
    await begin([text('I have thought twice.')], [text('Not yet.')], [text('Done.')]);
    write('acknowledge');
    const pause =
      "event.text === 'I have thought twice.' ? { grade: 'pause', evidence: 'So soon.', say: 'So soon.' } : []";
    const policy = `{ name: 'soon', rule: 'Mine.', on: ['assistant'], judge: (event) => ${pause} }`;
    writeFileSync(join(at.folder, 'config', 'policies', 'soon.mjs'), `export default ${policy};\n`);
    const turn = startTurn(drover, { message: 'Make it beta.', session_id: id });
    const { interjection } = await turn.seen('interjection', ({ grade }) => grade === 'pause');
    await drover.request('POST', `/chat/${id}/interjection`, { interjection, answer: 'continue' });
    await turn.end;
    await drover.stop();
    cutBehind('"what":"go-on"');
    await start();
    await expect.poll(async () => (await drover.said(id)).at(-1)).toBe('Done.');
  });

  it('holds every further call of the answer, whatever its kind, until it is lifted', async () => {
    const calls = [
      call('bash', { command: 'touch made' }),
      call('file_read', { path: 'a.txt' }),
      call('hand_off', { agent: 'review', why: 'It is to be reviewed.' }),
    ];
    await begin(calls, [text('Done.')]);
    const pause = "event.tool === 'bash' ? { grade: 'pause', evidence: 'A command.', say: 'No commands.' } : []";
    const policy = `{ name: 'commands', rule: 'Mine.', on: ['tool.start'], judge: (event) => ${pause} }`;
    mkdirSync(join(at.folder, 'config', 'policies'), { recursive: true });
    writeFileSync(join(at.folder, 'config', 'policies', 'commands.mjs'), `export default ${policy};\n`);
    await drover.stop();
    // A second is time enough for what is not held.
    const args = ['--model-endpoint', model.url, '--auto-approve'];
    drover = await startSupervisor(at, args, { DROVER_PARK_SECONDS: '1' });
    await sendAndLeave('Make it.');
    await expect.poll(async () => (await drover.chats())[0], { timeout: 5000 }).toMatchObject({ live: false });
    const all = attach(drover, id);
    await all.seen('turn.parked');
    const { interjection } = await all.seen('interjection');
    const begun = (): string[] => all.events.flatMap((event) => (event.type === 'tool.start' ? [event.tool] : []));
    expect(begun()).toEqual(['bash']);
    await drover.request('POST', `/chat/${id}/interjection`, { interjection, answer: 'continue' });
    await all.seen('turn.end', ({ reason }) => reason === 'done');
    all.leave();
    expect(begun()).toEqual(['bash', 'file_read', 'hand_off']);
    expect(existsSync(join(at.workspace, 'made'))).toBe(false);
  });

  it('that only wants an answer first does not keep the work from being done', async () => {
    await begin([text('I have thought twice.')], edit, [text('Done.')]);
    write('acknowledge');
    await drover.stop();
    await start('--auto-approve');
    const events = await startTurn(drover, { message: 'Make it beta.', session_id: id }).end;
    expect(events.at(-1)).toMatchObject({ type: 'turn.end', reason: 'done' });
    expect(at.file('a.txt')).toBe('beta\n');
  });
});
