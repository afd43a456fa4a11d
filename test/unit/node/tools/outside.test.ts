import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from './support.ts';

/** What stands outside the workspace is read by the tools for files as by a command: after a yes, and keys never. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench({ 'a.txt': 'inside\n' });
  put('library/include/list.h', 'int total(void);\n');
  put('library/include/deep/sum.h', 'int sum(void); /* total */\n');
  put('library/.ssh/config', 'total\n');
  put('.ssh/id_rsa', 'total key\n');
  bench.policy = { ...bench.policy, home: bench.base, hidden: [join(bench.base, 'state')] };
});
afterEach(() => bench.remove());

function put(path: string, content: string): void {
  mkdirSync(dirname(join(bench.base, path)), { recursive: true });
  writeFileSync(join(bench.base, path), content);
}
const at = (path: string): string => join(bench.base, path);

describe('a file outside the workspace', () => {
  test('is read after a yes', async () => {
    const end = await bench.call('file_read', { path: '../library/include/list.h' });
    expect(end).toMatchObject({ outcome: 'ok', text: 'int total(void);' });
    expect(bench.asked).toMatchObject([
      { verdict: { rule: 'read.outside', reason: 'It reads ../library/include/list.h, outside the workspace.' } },
    ]);
    expect(bench.asked[0]?.grant).toBe(`reading ${at('library/include/list.h')}`);
  });

  test('is not read after a no', async () => {
    bench.answer = async () => ({ answer: 'reject', by: 'client', reason: 'look in the workspace' });
    const end = await bench.call('file_read', { path: at('library/include/list.h') });
    expect(end).toMatchObject({ outcome: 'denied', text: 'Denied: look in the workspace' });
  });

  test('can be allowed for the chat, and nothing beside it', async () => {
    bench.answer = async () => ({ answer: 'chat', by: 'client' });
    await bench.call('file_read', { path: at('library/include/list.h') });
    await bench.call('file_read', { path: at('library/include/list.h') });
    expect(bench.asked).toHaveLength(1);
    await bench.call('file_read', { path: at('library/include/deep/sum.h') });
    expect(bench.asked).toHaveLength(2);
  });

  test('that is another one when the answer comes is not read', async () => {
    symlinkSync(at('library/include/list.h'), join(bench.root, 'link'));
    bench.answer = async () => {
      renameSync(join(bench.root, 'link'), join(bench.root, 'old'));
      symlinkSync(at('.ssh/id_rsa'), join(bench.root, 'link'));
      return { answer: 'once', by: 'client' };
    };
    const end = await bench.call('file_read', { path: 'link' });
    expect(end).toMatchObject({ outcome: 'error', summary: 'changed meanwhile' });
    expect(end.text).not.toContain('key');
  });

  test('that is not there is said not to be, and nothing of what lies beside it', async () => {
    const end = await bench.call('file_read', { path: at('library/include/lists.h') });
    expect(end).toMatchObject({ outcome: 'error', summary: 'not found' });
    expect(end.text).not.toContain('list.h ');
  });

  test('is read by an agent that only looks, after the same question', async () => {
    bench.policy = { ...bench.policy, readonly: true };
    expect(await bench.call('file_read', { path: at('library/include/list.h') })).toMatchObject({ outcome: 'ok' });
    expect(bench.asked).toHaveLength(1);
  });

  test('is not written, whoever would say yes', async () => {
    const end = await bench.call('file_write', { path: '../library/new.txt', content: 'x' });
    expect(end).toMatchObject({ outcome: 'denied' });
    expect(bench.asked).toEqual([]);
  });
});

describe('a folder outside the workspace', () => {
  test('is listed, and searched by names', async () => {
    const listed = await bench.call('file_read', { path: '../library/include' });
    expect(listed.text).toBe('deep/\nlist.h');
    const found = await bench.call('glob', { pattern: `${at('library')}/**/*.h` });
    expect(found.text.split('\n')).toEqual([at('library/include/deep/sum.h'), at('library/include/list.h')]);
    expect(bench.asked.map(({ verdict }) => verdict.rule)).toEqual(['read.outside', 'read.outside']);
  });

  test.each([undefined, rgPath])('is searched without what holds keys there (%s)', async (ripgrep) => {
    bench.ripgrep = ripgrep;
    // So many that ripgrep is worth its start.
    for (let i = 0; i < 310; i++) put(`library/more/${i}.txt`, 'nothing\n');
    const found = await bench.call('grep', { pattern: 'total', path: at('library') });
    expect(found.text.split('\n')).toEqual([
      `${at('library/include/deep/sum.h')}:1:int sum(void); /* total */`,
      `${at('library/include/list.h')}:1:int total(void);`,
    ]);
  });
});

describe('what holds keys', () => {
  test.each([
    '.ssh/id_rsa',
    '.ssh',
    '.config/gh/hosts.yml',
    '.bash_history',
    'state/discovery.json',
    '.claude.json',
    '.m2/settings.xml',
  ])('is denied without a question: %s', async (path) => {
    for (const tool of ['file_read', 'grep'] as const) {
      const end = await bench.call(tool, tool === 'grep' ? { pattern: 'x', path: at(path) } : { path: at(path) });
      expect(end).toMatchObject({ outcome: 'denied' });
      const whose = path.startsWith('state/')
        ? 'belongs to Drover itself'
        : 'holds keys, credentials or what is other people';
      expect(end.text).toContain(whose);
    }
    expect(bench.asked).toEqual([]);
  });
});
