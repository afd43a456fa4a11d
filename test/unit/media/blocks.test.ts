import { describe, expect, it } from 'vitest';
import { summarise, toBlocks, toLines } from '../../../media/blocks.ts';
import type { CallItem } from '../../../media/fold.ts';
import { call } from './calls.ts';

describe('runs of calls', () => {
  it('are broken by what has a card of its own', () => {
    const change = { path: 'a', before: null, after: 'x', added: 1, removed: 0, diff: '' };
    const items = [
      call('read', 'a'),
      call('run', 'b'),
      call('edit', 'c', { change }),
      call('read', 'd', { state: 'denied' }),
      call('run', 'e', { state: 'asking' }),
      call('read', 'f'),
    ];
    expect(toBlocks(items).map((block) => (block.kind === 'run' ? block.calls.length : block.item.kind))).toEqual([
      2,
      'call',
      'call',
      'call',
      1,
    ]);
  });

  it('of more than five looks become one line', () => {
    const looks = (count: number): CallItem[] => Array.from({ length: count }, (_, at) => call('read', `f${at}`));
    expect(toLines(looks(5)).map((line) => line.kind)).toEqual(Array(5).fill('call'));
    expect(toLines([...looks(6), call('run', 'x'), ...looks(2)]).map((line) => line.kind)).toEqual([
      'folded',
      'call',
      'call',
      'call',
    ]);
    expect(toLines([...looks(6), call('read', 'x', { state: 'running' })]).map((line) => line.kind)).toEqual([
      'folded',
      'call',
    ]);
  });

  it('are summed up in words', () => {
    expect(
      summarise([
        ...Array.from({ length: 9 }, (_, at) => call('read', `f${at}`)),
        call('search', 'x'),
        call('search', 'y'),
      ]),
    ).toBe('Read 9 files, searched twice');
    expect(summarise([call('read', 'a'), call('read', 'a'), call('list', 'src'), call('search', 'x')])).toBe(
      'Read a file, listed a folder, searched once',
    );
    expect(summarise([call('search', 'x'), call('search', 'y'), call('search', 'z')])).toBe('Searched 3 times');
  });
});
