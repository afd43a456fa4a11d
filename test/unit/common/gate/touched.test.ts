import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../../src/common/events.ts';
import { touched } from '../../../../src/common/gate/touched.ts';

const run = (command: string): string => {
  const effects: Effect[] = [{ kind: 'execute', command }];
  const preview = { kind: 'command' as const, text: command };
  return touched({ tool: 'bash', effects, preview, grantKey: `execute ${command}` });
};

describe('two commands touch the same', () => {
  it.each([
    ['rm a.txt', 'rm ./a.txt'],
    ['rm a.txt', ' rm   "a.txt" '],
    ['rm a.txt', "rm 'a'.txt\n"],
    ['rm src/a.txt', 'rm ././src/./a.txt'],
    ['ls && rm a.txt', 'ls&&rm a.txt'],
    ['rm *.txt', 'rm  ./*.txt'],
    ['rm a.txt 2>/dev/null', 'rm a.txt  2> /dev/null'],
  ])('%s, %s', (one, other) => {
    expect(run(other)).toBe(run(one));
  });
});

describe('two commands do not', () => {
  it.each([
    ['rm a.txt', 'rm b.txt'],
    ['rm a.txt', 'rm ../a.txt'],
    ['rm a.txt', 'rm -f a.txt'],
    ['rm a b', 'rm "a b"'],
    ['rm $A', "rm '$A'"],
    ['run.sh', './run.sh'],
    ['ls && ./run.sh', 'ls && run.sh'],
    ['ls | rm a', 'ls && rm a'],
    ['ls > a', 'ls < a'],
    ['rm .', 'rm ..'],
    ['A=1 rm a', 'A=2 rm a'],
    ['ls; rm a', 'ls; rm b'],
  ])('%s, %s', (one, other) => {
    expect(run(other)).not.toBe(run(one));
  });
});

it('a change of a file is the same whatever is written, by whatever tool', () => {
  const ask = (tool: string, path: string, text: string): string =>
    touched({ tool, effects: [{ kind: 'write', path }], preview: { kind: 'diff', text }, grantKey: 'write /w/a.txt' });
  expect(ask('file_edit', './a.txt', '+x')).toBe(ask('file_write', 'a.txt', '+y'));
});

it('of what is not known to be the same every byte counts', () => {
  const ask = (text: string): string =>
    touched({ tool: 'file_read', effects: [{ kind: 'read', path: 'pipe' }], preview: { kind: 'text', text } });
  expect(ask('a')).toBe(ask('a'));
  expect(ask('a')).not.toBe(ask('b'));
});
