import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Anchors } from '../../server/eventLog.ts';
import { PROTOCOL } from '../../src/common/protocol.ts';
import { HistoryHit } from '../../src/common/history.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, hold, reply, text } from '../support/modelServer/script.ts';
import { type Place, place, processesOf, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;

async function begin(...answers: string[]): Promise<void> {
  at = place({});
  model = await startModelServer({ script: answers.map((said) => reply(text(said))) });
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
}

afterEach(async () => {
  await drover.stop();
  await model.close();
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  at.dispose();
});

async function search(words: string): Promise<string[]> {
  const { json } = await drover.request('POST', '/history', { text: words });
  return z
    .object({ hits: z.array(HistoryHit) })
    .parse(json)
    .hits.map(({ title, role, text }) => `${title} ${role}: ${text}`);
}

describe('the history', () => {
  it('finds what was said in any chat, under the name that the person gave it', async () => {
    await begin('It rounds the total first.', 'Tea.');
    const first = startTurn(drover, { message: 'Why is it wrong?' });
    await first.end;
    await startTurn(drover, { message: 'What does the shop sell?' }).end;
    expect(await search('round')).toEqual(['Why is it wrong? assistant: It rounds the total first.']);
    const renamed = await drover.request('POST', `/chat/${first.id}/edit`, { title: ' The total ', pinned: true });
    expect(renamed).toMatchObject({ status: 200, json: { title: 'The total', pinned: true } });
    expect(await search('round')).toEqual(['The total assistant: It rounds the total first.']);
    expect((await drover.chats()).map(({ title }) => title)).toEqual(['What does the shop sell?', 'The total']);
    await drover.request('DELETE', `/chat/${first.id}`);
    expect(await search('round')).toEqual([]);
  });

  it('is a process of its own: killed, it is started again; and it ends with the supervisor', async () => {
    await begin('It rounds the total first.');
    await startTurn(drover, { message: 'Why?' }).end;
    expect(await search('total')).toHaveLength(1);
    expect(existsSync(join(at.state, 'history.db'))).toBe(true);
    const others = processesOf(at).filter((pid) => pid !== drover.child.pid);
    expect(others).toHaveLength(2);
    for (const pid of others) process.kill(pid, 'SIGKILL');
    await expect.poll(() => processesOf(at)).toEqual([drover.child.pid]);
    expect(await search('total')).toHaveLength(1);
  });

  it('says what is wrong with a request', async () => {
    await begin();
    expect(await drover.request('POST', '/history', { text: 'a', limit: 0 })).toMatchObject({
      status: 400,
      json: { error: { field: 'limit' } },
    });
    expect(await search('* ( "')).toEqual([]);
  });
});

describe('a chat that was deleted', () => {
  const database = (): string => {
    const file = join(at.state, 'history.db');
    return existsSync(file) ? readFileSync(file, 'latin1') : '';
  };

  it('is out of the history at once, while Drover goes on', async () => {
    await begin('It rounds quetzalcoatl first.');
    const { id, end } = startTurn(drover, { message: 'Why?' });
    await end;
    expect(await search('quetzalcoatl')).toHaveLength(1);
    expect(database()).toContain('quetzalcoatl');
    await drover.request('DELETE', `/chat/${id}`);
    await expect.poll(database, { timeout: 5000 }).not.toContain('quetzalcoatl');
  });

  it('is out of it also where Drover ends right after', async () => {
    await begin('It rounds quetzalcoatl first.', 'Tea.');
    const { id, end } = startTurn(drover, { message: 'Why?' });
    await end;
    await startTurn(drover, { message: 'What does it sell?' }).end;
    expect(await search('quetzalcoatl')).toHaveLength(1);
    await drover.request('DELETE', `/chat/${id}`);
    await drover.stop();
    expect(database()).not.toContain('quetzalcoatl');
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    expect(await search('tea')).toHaveLength(1);
  });

  it('leaves no earlier contents of files but those that another chat can undo', async () => {
    at = place({ 'a.txt': 'alpha\n', 'b.txt': 'beta\n' });
    const edit = (path: string, from: string, to: string) => call('file_edit', { path, old_text: from, new_text: to });
    const steps = [[edit('a.txt', 'alpha', 'one')], [edit('b.txt', 'beta', 'one')], [hold('wait'), text('Done.')]];
    const answers = [...steps.slice(0, 1), [text('Done.')], ...steps.slice(1)];
    model = await startModelServer({ script: answers.map((parts) => reply(...parts)) });
    drover = await startSupervisor(at, ['--model-endpoint', model.url, '--auto-approve']);
    const kept = (): number =>
      readdirSync(join(at.state, 'blobs'), { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
        .length;
    const first = startTurn(drover, { message: 'Change a.' });
    await first.end;
    const second = startTurn(drover, { message: 'Change b.' });
    const { call: changed } = await second.seen('tool.end', ({ change }) => change !== undefined);
    // alpha, one, beta: what the second needs too is the same content.
    expect(kept()).toBe(3);
    await drover.request('DELETE', `/chat/${first.id}`);
    model.release('wait');
    await second.end;
    await expect.poll(kept).toBe(2);
    expect((await drover.request('POST', `/chat/${second.id}/undo`, { call: changed })).status).toBe(200);
    expect(at.file('b.txt')).toBe('beta\n');
    await drover.request('DELETE', `/chat/${second.id}`);
    await expect.poll(kept).toBe(0);
  });
});

describe('chats that are old enough', () => {
  it('are deleted where the person wants that, but for pinned ones', async () => {
    await begin('One.', 'Two.');
    const old = startTurn(drover, { message: 'Old.' });
    await old.end;
    const pinned = startTurn(drover, { message: 'Old and pinned.' });
    await pinned.end;
    await drover.request('POST', `/chat/${pinned.id}/edit`, { pinned: true });
    await drover.stop();
    const anchors = new Anchors(at.state);
    for (const file of readdirSync(join(at.state, 'chats'))) tenDaysOlder(join(at.state, 'chats', file), anchors);
    mkdirSync(join(at.folder, 'config'), { recursive: true });
    writeFileSync(join(at.folder, 'config', 'config.json'), '{"history": {"keepDays": 11}}\n');
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    expect((await drover.chats()).map(({ title }) => title)).toEqual(['Old and pinned.', 'Old.']);
    const settings = { keepDays: 9 };
    await drover.request('POST', '/hello', { kind: 'other', protocol: PROTOCOL, build: 'test', settings });
    expect((await drover.chats()).map(({ title }) => title)).toEqual(['Old and pinned.']);
    expect(await search('one')).toEqual([]);
  });
});

/** The log as it would be had all of it happened ten days earlier. */
function tenDaysOlder(path: string, anchors: Anchors): void {
  let prev = '';
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const older = lines.map((line) => {
    const record = z.looseObject({ at: z.int() }).parse(JSON.parse(line));
    const text = JSON.stringify({ ...record, at: record.at - 10 * 24 * 3600 * 1000, prev });
    prev = createHash('sha256').update(text).digest('hex');
    return `${text}\n`;
  });
  writeFileSync(path, older.join(''));
  anchors.set(path, { seq: older.length, hash: prev });
}

describe('an export', () => {
  it('is Markdown to read or JSON with all events', async () => {
    await begin('It rounds the total first.');
    const { id, end } = startTurn(drover, { message: 'Why?' });
    await end;
    const markdown = await drover.request('GET', `/chat/${id}/export`);
    expect(markdown.headers.get('content-type')).toContain('text/markdown');
    expect(markdown.json).toEqual(expect.stringContaining('## You\n\nWhy?\n\n## Coding\n\nIt rounds the total first.'));
    const json = await drover.request('GET', `/chat/${id}/export?format=json`);
    expect(json.json['events']?.[0]).toMatchObject({ type: 'chat', mark: '' });
    const wrong = await drover.request('GET', `/chat/${id}/export?format=pdf`);
    expect(wrong).toMatchObject({ status: 400, json: { error: { field: 'format' } } });
  });
});
