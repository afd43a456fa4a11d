import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Anchors, EventLog, readLog } from '../../../server/eventLog.ts';
import type { LoggedEvent } from '../../../src/common/events.ts';

let folder: string;
let path: string;
let anchors: Anchors;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-log-'));
  path = join(folder, 'chats', 'c.ndjson');
  anchors = new Anchors(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const steer = (text: string): LoggedEvent => ({ type: 'steered', item: 'i', text });

function write(...texts: string[]): EventLog {
  const { log } = EventLog.open(path, anchors);
  for (const text of texts) log.append(steer(text));
  return log;
}

const texts = (): string[] =>
  readLog(path, anchors).records.map(({ event }) => (event.type === 'steered' ? event.text : ''));

describe('the event log', () => {
  it('is read back as it was written, and goes on where it ended', () => {
    write('one', 'two').close();
    const log = write('three');
    expect(log.count).toBe(3);
    log.close();
    expect(texts()).toEqual(['one', 'two', 'three']);
    expect(readLog(path, anchors).broken).toBeUndefined();
  });

  it('is readable by the person alone', () => {
    write('one').close();
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(statSync(join(folder, 'audit.key')).mode & 0o077).toBe(0);
  });

  it('drops a last line that a crash cut off, says so, and goes on', () => {
    write('one', 'two').close();
    appendFileSync(path, '{"v":1,"seq":3,"at":1,"pr');
    const { log, state } = EventLog.open(path, anchors);
    expect(state.torn).toBe(true);
    log.append(steer('three'));
    log.close();
    expect(texts()).toEqual(['one', 'two', 'three']);
  });

  it.each([
    ['an edit', (lines: string[]) => lines.map((line) => line.replace('two', 'owt'))],
    ['a removal', (lines: string[]) => lines.filter((line) => !line.includes('two'))],
    ['another order', ([one = '', two = '', three = '']: string[]) => [two, one, three]],
    ['a shorter end', (lines: string[]) => lines.slice(0, 2)],
  ])('notices %s in what is anchored', (_, change) => {
    const log = write('one', 'two', 'three');
    log.anchor();
    log.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(path, `${change(lines).join('\n')}\n`);
    expect(readLog(path, anchors).broken).toBeDefined();
  });

  it('whose anchor cannot be written says so', () => {
    const log = write('one');
    rmSync(join(folder, 'heads'), { recursive: true });
    writeFileSync(join(folder, 'heads'), '');
    expect(() => log.anchor()).toThrow('The log of this chat cannot be written (ENOTDIR).');
    log.close();
  });

  it('notices a head that was anchored with another key', () => {
    const log = write('one');
    log.anchor();
    log.close();
    writeFileSync(join(folder, 'audit.key'), 'x'.repeat(32));
    expect(readLog(path, new Anchors(folder)).broken).toBe('its anchor was changed');
  });
});
