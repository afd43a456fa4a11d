import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Anchors, EventLog, type LogRecord } from '../../../server/eventLog.ts';
import { Journal } from '../../../server/journal.ts';
import { budgetOf } from '../../../server/policies/budget.ts';
import { replay } from '../../../server/policyTest.ts';
import type { LoggedEvent } from '../../../src/common/events.ts';
import { answer, calls, user } from './policies.ts';

const ask: LoggedEvent = {
  type: 'ask',
  ask: 'a',
  call: 'c',
  tool: 'bash',
  title: { kind: 'run', verb: 'Run', object: 'npm test' },
  effects: [],
  verdict: { decision: 'ask', rule: 'r', reason: 'It may.' },
  preview: { kind: 'command', text: 'npm test' },
  folder: '/shop',
};
const answered: LoggedEvent = { type: 'answer', ask: 'a', answer: 'once', by: 'client' };
const pause: LoggedEvent = {
  type: 'interjection',
  interjection: 'i',
  policy: 'p',
  grade: 'pause',
  rule: 'A rule.',
  evidence: 'It did.',
  say: 'Do not.',
};
const decided: LoggedEvent = { type: 'interjection.answer', interjection: 'i', answer: 'continue' };
const parked: LoggedEvent = { type: 'turn.parked', why: 'nobody' };
const lost: LoggedEvent = { type: 'turn.parked', why: 'ended' };
const resumed: LoggedEvent = { type: 'turn.resumed' };
const step = () => calls('bash', { command: 'npm test' });

/** Records that were written so many minutes ago. */
function records(...events: [number, LoggedEvent][]): LogRecord[] {
  const now = Date.now();
  return events.map(([ago, event], at) => ({ v: 1, seq: at + 1, at: now - ago * 60_000, prev: '', event }));
}

it.each<[string, number, ...[number, LoggedEvent][]]>([
  ['counts what the turn worked', 40, [40, user('Go.')], [39, step()]],
  ['not the time until an answer', 10, [90, user('Go.')], [85, ask], [5, answered], [4, step()]],
  ['not while a question is open still', 5, [90, user('Go.')], [85, ask]],
  ['not while it was paused', 12, [90, user('Go.')], [80, pause], [2, decided], [1, step()]],
  ['not while it was parked', 6, [90, user('Go.')], [88, ask], [80, parked], [5, answered], [4, resumed], [1, step()]],
  ['not while Drover was not there', 14, [90, user('Go.')], [85, ask], [80, answered], [10, lost], [9, resumed]],
  ['not the turns before', 3, [90, user('Go.')], [80, answer('Done.')], [3, user('And?')], [2, step()]],
  ['nothing where no turn was', 0],
])('the working time of a turn: %s', (_, minutes, ...events) => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-turn-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { log } = EventLog.open(join(folder, 'c.ndjson'), new Anchors(folder));
  const journal = new Journal(log, records(...events), { after: 60_000, released: () => undefined });
  onTestFinished(() => journal.close());
  expect(Math.round(journal.turnWorked / 60_000)).toBe(minutes);
});

it('a turn that waited an hour for an answer is not paused for the time it took', async () => {
  const budget = budgetOf(() => ({}));
  const waited = await replay(budget, records([90, user('Go.')], [85, ask], [5, answered], [4, step()]));
  expect(waited.said).toEqual([]);
  const worked = await replay(budget, records([90, user('Go.')], [4, step()]));
  expect(worked.said).toEqual(['turn 1, event 2, pause: This turn has taken 86 minutes.']);
});
