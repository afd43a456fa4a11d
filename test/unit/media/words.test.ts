import { describe, expect, it } from 'vitest';
import type { CallItem } from '../../../media/fold.ts';
import {
  allowedBecause,
  baseName,
  bytes,
  chatDetail,
  contextSize,
  count,
  duration,
  effectLines,
  proseParts,
  question,
  short,
  speed,
  timeLeft,
  when,
} from '../../../media/words.ts';
import { chatList } from '../../support/panelScenes.ts';
import { call } from './calls.ts';

describe('words', () => {
  it('write figures as people do', () => {
    expect([count(12_400), short(640), short(3300), short(30_100), short(128_000)]).toEqual([
      '12,400',
      '640',
      '3.3k',
      '30.1k',
      '128k',
    ]);
    expect([bytes(98_000_000), bytes(2_600_000_000), contextSize(32_768)]).toEqual(['98 MB', '2.6 GB', '32k']);
    expect([duration(0.42), duration(12.4), duration(125), duration(120)]).toEqual([
      '0.4 s',
      '12.4 s',
      '2 min 5 s',
      '2 min',
    ]);
    expect([speed(41.3), speed(4.25)]).toEqual(['41 tokens/s', '4.3 tokens/s']);
  });

  it('say how long reading will take', () => {
    expect(timeLeft({ at: 0, done: 0 }, { at: 2000, done: 1000 }, 5000)).toBe(8);
    expect(timeLeft({ at: 0, done: 0 }, { at: 100, done: 1000 }, 5000)).toBeUndefined();
    expect(timeLeft({ at: 0, done: 5 }, { at: 2000, done: 5 }, 5000)).toBeUndefined();
  });

  it('say when a chat was', () => {
    const now = new Date(2026, 10, 21, 12, 0).getTime();
    expect(when(new Date(2026, 10, 21, 9, 5).getTime(), now)).toBe('09:05');
    expect(when(new Date(2026, 10, 18, 9, 5).getTime(), now)).toBe('Wed');
    expect(when(new Date(2026, 9, 12).getTime(), now)).toBe('12 Oct');
    expect(when(new Date(2025, 9, 12).getTime(), now)).toBe('12 Oct 2025');
  });

  it('ask in words', () => {
    const ask = {
      id: 'a',
      preview: { kind: 'diff' as const, text: '--- /dev/null\n+++ b/x' },
      folder: '',
      grant: null,
      always: [],
      notAlways: null,
      resolved: null,
      hash: null,
      asker: null,
    };
    expect([
      question(call('run', 'ls')),
      question(call('edit', 'a.ts')),
      question(call('edit', 'a.ts', { ask })),
      question(call('read', 'b')),
    ]).toEqual(['Run this command?', 'Change a.ts?', 'Create a.ts?', 'Read b?']);
  });

  it('name effects plainly, and not what the card shows already', () => {
    const effects = (of: CallItem): string[] => effectLines(of).map((line) => line.text);
    expect(
      effects(
        call('run', 'npm i', {
          effects: [
            { kind: 'execute', command: 'npm i' },
            { kind: 'network', host: '' },
            { kind: 'write', path: 'a' },
            { kind: 'write', path: 'b' },
          ],
        }),
      ),
    ).toEqual(['uses the network', 'changes a, b']);
    expect(effects(call('edit', 'a.ts', { effects: [{ kind: 'write', path: 'a.ts' }] }))).toEqual([]);
    expect(
      effects(
        call('run', 'npm test', {
          effects: [
            { kind: 'execute', command: 'vitest run' },
            { kind: 'network', host: 'a.b' },
          ],
        }),
      ),
    ).toEqual(['uses the network: a.b', 'runs vitest run']);
  });

  it('mark code and the names of buttons in our own sentences', () => {
    expect(proseParts('Run `ls *.ts`, then *Trust this folder*, not *.ts.')).toEqual([
      { kind: 'text', text: 'Run ' },
      { kind: 'code', text: 'ls *.ts' },
      { kind: 'text', text: ', then ' },
      { kind: 'name', text: 'Trust this folder' },
      { kind: 'text', text: ', not *.ts.' },
    ]);
  });

  it('name a folder by its last part', () => {
    expect([baseName('/home/ada/shop'), baseName('C:\\work\\shop\\'), baseName('shop'), baseName('/')]).toEqual([
      'shop',
      'shop',
      'shop',
      '/',
    ]);
  });

  it('say why something was let through', () => {
    const verdict = { decision: 'allow', rule: 'r', reason: 'workspace file' } as const;
    expect(allowedBecause(call('edit', 'a', { verdict }))).toBe('workspace file');
    expect(allowedBecause(call('edit', 'a', { verdict, answer: { answer: 'chat', reason: null, by: 'client' } }))).toBe(
      'you allowed it in this chat',
    );
  });
});

it('a chat in the list says that it goes on from another, and that nothing was said in it yet', () => {
  const [, , done] = chatList(0);
  if (done === undefined) throw new Error('no chat');
  expect(chatDetail({ ...done, from: 'c1' })).toBe('fork · 4 turns · no changes');
  expect(chatDetail({ ...done, from: 'c1', turns: 0 })).toBe('fork · nothing said yet');
});
