import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Anchors, EventLog } from '../../../../server/eventLog.ts';
import { HistoryStore } from '../../../../server/history/store.ts';
import type { LoggedEvent } from '../../../../src/common/events.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const wasm = readFileSync(join(root, 'node_modules', 'sql.js', 'dist', 'sql-wasm.wasm'));

let state: string;
let open: EventLog[];

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'drover-history-'));
  open = [];
});
afterEach(() => {
  for (const log of open) log.close();
  rmSync(state, { recursive: true, force: true });
});

const user = (text: string): LoggedEvent => ({ type: 'user', text, agent: 'coding', asks: 'client' });
const says = (text: string): LoggedEvent => ({
  type: 'assistant',
  agent: 'coding',
  text,
  calls: [],
  finish: 'stop',
  model: 'm',
});

/** The log of a chat, to be gone on with. */
function chat(id: string, workspace: string | string[], ...events: LoggedEvent[]): EventLog {
  const { log } = EventLog.open(join(state, 'chats', `${id}.ndjson`), new Anchors(state));
  open.push(log);
  const roots = [workspace].flat();
  log.append({
    type: 'chat',
    id,
    agent: 'coding',
    workspace: { roots, trusted: true },
    mark: 'm',
    title: id,
    facts: '',
  });
  for (const event of events) log.append(event);
  return log;
}

async function search(text: string, workspace?: string | string[]): Promise<string[]> {
  const store = await HistoryStore.open(state, wasm);
  try {
    store.fold();
    const hits = store.search({ text, limit: 50, ...(workspace === undefined ? {} : { workspace }) });
    return hits.map((hit) => `${hit.title} ${hit.role}: ${hit.text}`);
  } finally {
    store.close();
  }
}

describe('the history', () => {
  it('finds words of all chats, whole and as beginnings, newest first', async () => {
    const answer = says('Because the cart rounds first.');
    chat('shop', '/shop', user('Why does the total ignore discounts?'), answer, user('In the cart?'));
    expect(await search('cart')).toEqual(['shop user: In the cart?', 'shop assistant: Because the cart rounds first.']);
    chat('blog', '/blog', user('Count the totals of each month.'));
    expect((await search('total')).toSorted()).toEqual([
      'blog user: Count the totals of each month.',
      'shop user: Why does the total ignore discounts?',
    ]);
    expect(await search('cart ROUNDS')).toEqual(['shop assistant: Because the cart rounds first.']);
    expect(await search('"rounds cart"')).toEqual([]);
    expect(await search('total', '/shop')).toHaveLength(1);
    expect(await search('nothing like this')).toEqual([]);
  });

  it('is searched for chats of some folders, each of which may be any of the chat', async () => {
    chat('shop', ['/shop', '/shared'], user('Count the tea.'));
    chat('blog', '/blog', user('Tea is brewed.'));
    chat('none', [], user('No tea.'));
    expect(await search('tea', '/shared')).toEqual(['shop user: Count the tea.']);
    expect((await search('tea', ['/blog', '/shared'])).toSorted()).toEqual([
      'blog user: Tea is brewed.',
      'shop user: Count the tea.',
    ]);
    expect(await search('tea', '/sha')).toEqual([]);
    expect(await search('tea', [])).toEqual([]);
    expect(await search('tea')).toHaveLength(3);
  });

  it('says where the words stand', async () => {
    chat('shop', '/shop', user('The total of the totals'));
    const store = await HistoryStore.open(state, wasm);
    store.fold();
    const [hit] = store.search({ text: 'total', limit: 1 });
    expect(hit?.matches.map(([begin, end]) => hit.text.slice(begin, end))).toEqual(['total', 'totals']);
    store.close();
  });

  it('takes in what is new, and only that', async () => {
    const log = chat('shop', '/shop', user('First.'));
    expect(await search('first')).toHaveLength(1);
    log.append(says('Second.'));
    log.append({ type: 'chat.edit', title: 'Renamed' });
    expect(await search('second')).toEqual(['Renamed assistant: Second.']);
    expect(await search('first')).toEqual(['Renamed user: First.']);
  });

  it('forgets a chat whose log is gone, and reads one anew that was changed', async () => {
    const log = chat('shop', '/shop', user('Alpha.'));
    chat('blog', '/blog', user('Alpha too.'));
    expect(await search('alpha')).toHaveLength(2);
    rmSync(join(state, 'chats', 'blog.ndjson'));
    expect(await search('alpha')).toEqual(['shop user: Alpha.']);
    writeFileSync(log.path, readFileSync(log.path, 'utf8').replace('Alpha.', 'Beta, longer.'));
    expect(await search('alpha')).toEqual([]);
    expect(await search('beta')).toEqual(['shop user: Beta, longer.']);
  });

  it('has no word more of a chat that is gone, in no part of its file', async () => {
    chat('shop', '/shop', user('Alpha.'));
    const words = ['quetzalcoatl', 'xylophone', 'zeppelin'];
    for (const [at, word] of words.entries())
      chat(`secret${at}`, '/shop', user(`Alpha, and ${word} ${'y'.repeat(3000)}.`));
    expect(await search('alpha')).toHaveLength(4);
    const file = (): string => readFileSync(join(state, 'history.db'), 'latin1');
    for (const word of [...words, 'secret']) expect(file()).toContain(word);
    for (const at of words.keys()) rmSync(join(state, 'chats', `secret${at}.ndjson`));
    expect(await search('alpha')).toEqual(['shop user: Alpha.']);
    for (const word of [...words, 'secret']) expect(file()).not.toContain(word);
  });

  it('goes on when a log vanishes while it is read', async () => {
    chat('shop', '/shop', user('Alpha.'));
    // Listed, and not there.
    symlinkSync(join(state, 'nowhere'), join(state, 'chats', 'gone.ndjson'));
    expect(await search('alpha')).toHaveLength(1);
  });

  it('passes over a log that cannot be read, and keeps what it knows of it', async () => {
    const log = chat('shop', '/shop', user('Alpha.'));
    mkdirSync(join(state, 'chats', 'wrong.ndjson'));
    expect(await search('alpha')).toHaveLength(1);
    rmSync(log.path);
    mkdirSync(log.path);
    chat('yard', '/yard', user('Beta.'));
    expect(await search('beta')).toHaveLength(1);
    expect(await search('alpha')).toHaveLength(1);
    rmSync(log.path, { recursive: true });
    expect(await search('alpha')).toHaveLength(0);
  });

  it('waits for the end of a line that is being written', async () => {
    const log = chat('shop', '/shop', user('Alpha.'));
    const line = readFileSync(log.path, 'utf8').split('\n')[1] ?? '';
    appendFileSync(log.path, line.slice(0, 20));
    expect(await search('alpha')).toHaveLength(1);
  });

  it('is made anew when it is missing or damaged', async () => {
    chat('shop', '/shop', user('Alpha.'));
    expect(await search('alpha')).toHaveLength(1);
    const file = join(state, 'history.db');
    writeFileSync(file, readFileSync(file).fill(7, 4000, 9000));
    expect(await search('alpha')).toHaveLength(1);
    writeFileSync(file, 'no database');
    expect(await search('alpha')).toHaveLength(1);
    rmSync(file);
    expect(await search('alpha')).toHaveLength(1);
  });

  it('keeps the beginning of a result, and no character that marks a match', async () => {
    const end = { type: 'tool.end', call: 'k', tool: 'bash', outcome: 'ok', summary: '', origin: 'model' } as const;
    chat('shop', '/shop', user('Go\u0001 on.'), { ...end, text: `alpha ${'x'.repeat(2000)} omega` });
    expect(await search('omega')).toEqual([]);
    expect(await search('alpha')).toHaveLength(1);
    expect(await search('go')).toEqual(['shop user: Go on.']);
  });

  it('is a file that any sqlite reads', async ({ skip }) => {
    chat('shop', '/shop', user('Alpha.'), says('Beta.'));
    await search('alpha');
    const script = [
      'import sqlite3, sys',
      'rows = sqlite3.connect(sys.argv[1]).execute("SELECT chat_id, role, content FROM chat_history ORDER BY ts, id")',
      'print([tuple(row) for row in rows])',
    ].join('\n');
    let text = '';
    try {
      text = execFileSync('python3', ['-c', script, join(state, 'history.db')], { encoding: 'utf8' });
    } catch {
      skip('there is no python3 with sqlite3');
    }
    expect(text.trim()).toBe("[('shop', 'user', 'Alpha.'), ('shop', 'assistant', 'Beta.')]");
    expect(existsSync(join(state, 'history.db.part'))).toBe(false);
  });
});
