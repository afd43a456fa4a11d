import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChat } from '../../../server/audit/verify.ts';
import { Anchors, EventLog, headPath, logPath, sha256 } from '../../../server/eventLog.ts';
import type { LoggedEvent } from '../../../src/common/events.ts';

let state: string;
let anchors: Anchors;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'drover-verify-'));
  anchors = new Anchors(state);
});
afterEach(() => rmSync(state, { recursive: true }));

const workspace = { roots: ['/shop'], trusted: true };
const head = (more: object = {}): LoggedEvent => ({
  type: 'chat',
  id: 'c',
  agent: 'coding',
  workspace,
  mark: 'm',
  title: 'Tea',
  facts: '',
  ...more,
});
const said: LoggedEvent = { type: 'user', text: 'Go.', agent: 'coding', asks: 'client' };
const ended: LoggedEvent = { type: 'turn.end', turn: 1, reason: 'done', seconds: 1 };
const start: LoggedEvent = {
  type: 'tool.start',
  call: '1',
  tool: 'glob',
  title: { kind: 'list', verb: 'List', object: '*' },
  effects: [],
  verdict: { decision: 'allow', rule: 'read.inside', reason: 'It looks.' },
  origin: 'model',
};

/** A log as Drover writes one. */
function write(events: LoggedEvent[], anchored = true): string {
  const path = logPath(state, 'c');
  const { log } = EventLog.open(path, anchors);
  for (const event of events) log.append(event);
  if (anchored) log.anchor();
  log.close();
  return path;
}

const verify = () => verifyChat(state, 'c');

describe('a log', () => {
  it('of which nothing is anchored yet says so', async () => {
    write([head(), said], false);
    expect(await verify()).toMatchObject({
      state: 'unanchored',
      covered: 0,
      text: 'The chain of 2 records holds; none of them is anchored yet, so nobody can tell whether all of it was written anew.',
    });
  });

  it('of before is whole, and says what it does not tell', async () => {
    write([head(), said, start, ended]);
    expect(await verify()).toMatchObject({
      state: 'whole',
      covered: 4,
      notes: [
        '1 of its decisions is from before Drover named who let them pass: that is told by the answers in the log.',
      ],
    });
  });

  it('of a later version is checked as far as its chain goes', async () => {
    const path = write([head(), said, ended], false);
    const [first = '', ...rest] = readFileSync(path, 'utf8').trimEnd().split('\n');
    let prev = first;
    const lines = rest.map((line) => {
      const record = { ...(JSON.parse(line) as object), v: 2, prev: sha256(prev), event: { type: 'turn.dreamt' } };
      prev = JSON.stringify(record);
      return prev;
    });
    writeFileSync(path, `${[first, ...lines].join('\n')}\n`);
    expect(await verify()).toMatchObject({
      state: 'unanchored',
      records: 3,
      notes: [
        '2 records are of another version of Drover: the chain was checked, and what it says cannot be read here.',
      ],
    });
  });

  it.each([
    ['that was copied before copies had an anchor need not have one', { from: 'b' }, [said, ended], 'unanchored'],
    ['that is a copy in which no turn has ended since need not', { from: 'b', copied: 2 }, [said, ended], 'unanchored'],
    ['that is a copy in which one has must', { from: 'b', copied: 2 }, [said, ended, said, ended], 'damaged'],
    ['in which a turn has ended must have an anchor', {}, [said, ended], 'damaged'],
  ])('%s', async (_, more, events, standing) => {
    write([head(more), ...events]);
    rmSync(headPath(state, logPath(state, 'c')));
    expect((await verify()).state).toBe(standing);
    const { log, state: read } = EventLog.open(logPath(state, 'c'), anchors);
    log.close();
    expect(read.broken).toBe(standing === 'damaged' ? 'its anchor is missing' : undefined);
  });

  it('of another chat in its place is noticed, anchored or not', async () => {
    write([head({ id: 'another' }), said], false);
    expect((await verify()).findings).toEqual(['It is the log of another chat, "another".']);
  });

  it('whose key others can read says so', async () => {
    write([head(), said, ended]);
    chmodSync(join(state, 'audit.key'), 0o644);
    expect((await verify()).notes).toEqual([
      `Others than you can read ${join(state, 'audit.key')}, and could forge anchors: chmod 600 it.`,
    ]);
  });

  it('is looked at without anything being made or changed', async () => {
    const path = write([head(), said, ended]);
    rmSync(join(state, 'audit.key'));
    const before = readFileSync(path);
    expect((await verify()).state).toBe('damaged');
    expect(readFileSync(path)).toEqual(before);
    expect(() => readFileSync(join(state, 'audit.key'))).toThrow('ENOENT');
  });
});
