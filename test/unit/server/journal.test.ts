import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Anchors, EventLog } from '../../../server/eventLog.ts';
import { Journal } from '../../../server/journal.ts';
import type { LoggedEvent } from '../../../src/common/events.ts';
import { user } from './policies.ts';

let folder: string;
let log: EventLog;
let journal: Journal;
let released = 0;
const end: LoggedEvent = { type: 'turn.end', turn: 1, reason: 'done', seconds: 1 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-journal-'));
  const opened = EventLog.open(join(folder, 'chat.ndjson'), new Anchors(folder));
  log = opened.log;
  released = 0;
  journal = new Journal(log, opened.state.records, { after: 5, released: () => released++ });
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});

const rests = () => expect.poll(() => journal.resting, { interval: 5 }).toBe(true);

it('lets the events of a chat go in which nothing happens, and has them again when somebody looks', async () => {
  const said = [user('Go.'), end];
  for (const event of said) journal.append(event);
  await rests();
  expect(released).toBe(1);
  expect([journal.count, journal.open, journal.first]).toEqual([2, false, said[0]]);
  expect(journal.updated).toBeGreaterThanOrEqual(journal.created);
  expect(journal.resting).toBe(true);
  expect(journal.events).toEqual(said);
  await rests();
  journal.append(user('More.'));
  expect(journal.events).toEqual([...said, user('More.')]);
});

it('keeps them while a turn is open, or somebody listens', async () => {
  journal.append(user('Go.'));
  const idle = EventLog.open(join(folder, 'idle.ndjson'), new Anchors(folder));
  const other = new Journal(idle.log, [], { after: 5, released: () => undefined });
  await expect.poll(() => other.resting, { interval: 5 }).toBe(true);
  expect(journal.resting).toBe(false);
  journal.append(end);
  const leave = journal.subscribe(2, () => undefined);
  expect(other.events).toEqual([]);
  await expect.poll(() => other.resting, { interval: 5 }).toBe(true);
  expect(journal.resting).toBe(false);
  leave();
  await rests();
  other.close();
});

it('says so when they are not all there any more', async () => {
  journal.append(user('Go.'));
  journal.append(end);
  await rests();
  truncateSync(log.path, 0);
  expect(() => journal.events).toThrow('2 events were written, 0 are there.');
});

it('leaves out a line that was damaged, again and again, and goes on behind it', async () => {
  for (const event of [user('Go.'), user('Once more.'), end]) journal.append(event);
  journal.close();
  const lines = readFileSync(log.path, 'utf8').split('\n');
  writeFileSync(log.path, lines.map((line, at) => (at === 1 ? line.slice(0, 20) : line)).join('\n'));
  const opened = EventLog.open(log.path, new Anchors(folder));
  expect(opened.state.broken).toBe('line 2 is not a record');
  journal = new Journal(opened.log, opened.state.records, { after: 5, released: () => released++ });
  await rests();
  expect([journal.count, journal.events]).toEqual([2, [user('Go.'), end]]);
  await rests();
  const seen: string[] = [];
  const leave = journal.subscribe(1, (seq, event) => seen.push(`${seq} ${event.type}`));
  journal.append(user('More.'));
  journal.show({ type: 'text', text: 'Y' });
  leave();
  expect(seen).toEqual(['2 turn.end', '3 user', '3.1 text']);
  journal.append(end);
  await rests();
  // What somebody takes out later is noticed still.
  writeFileSync(log.path, readFileSync(log.path, 'utf8').split('\n').slice(1).join('\n'));
  expect(() => journal.events).toThrow('4 events were written, 3 are there.');
});

it('shows nothing of a message that was lost with the agent that wrote it', () => {
  journal.append(user('Go.'));
  journal.show({ type: 'text', text: 'Half of an' });
  journal.append({ type: 'turn.parked', why: 'ended' });
  const seen: string[] = [];
  journal.subscribe(2, (_, event) => seen.push(event.type))();
  expect(seen).toEqual([]);
});
