import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from './tools/support.ts';

let bench: Bench;
let outside: string;

beforeEach(() => {
  bench = new Bench({
    'src/a.ts': 'one\n',
    '.env': 'KEY=so\n',
    '.git/config': '[core]\n',
    '.vscode/tasks.json': '{"o":1}\n',
  });
  bench.policy = { trusted: true, execute: 'ask', edits: 'allow', contained: true };
  bench.answer = async () => ({ answer: 'reject', by: 'client' });
  outside = join(bench.base, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'a.txt'), 'outside\n');
});
afterEach(() => bench.remove());

const at = (path: string): string => join(bench.root, path);
const read = (path: string) => bench.call('file_read', { path });
const write = (path: string) => bench.call('file_write', { path, content: 'changed\n' });
const edit = (path: string) => bench.call('file_edit', { path, old_text: 'o', new_text: 'x' });
const cat = (path: string) => bench.call('bash', { command: `cat ${path}` });

/** The rule that decided on the last call. */
function rule(): string | undefined {
  const event = bench.asked.at(-1) ?? bench.events.findLast((one) => one.type === 'tool.start');
  return event !== undefined && 'verdict' in event ? event.verdict.rule : undefined;
}

describe.skipIf(process.platform === 'win32')('by whatever name it is reached', () => {
  test.each([
    ['settings', '.env', 'read.secrets', 'write.protected'],
    ['deep/tasks.json', '.vscode/tasks.json', undefined, 'write.protected'],
    ['not-yet', '.vscode/launch.json', undefined, 'write.protected'],
    ['keys', '.env.not-yet', undefined, 'write.protected'],
    ['repository/config', '.git/config', undefined, 'write.versionControl'],
  ])('%s, a link to %s, is judged as that', async (link, target, reading, writing) => {
    const [first = '', second] = link.split('/');
    if (second === undefined) symlinkSync(target, at(first));
    else symlinkSync(join(target, '..'), at(first));
    const before = existsSync(at(target)) ? bench.get(target) : undefined;
    await write(link);
    expect(rule()).toBe(writing);
    bench.asked.length = 0;
    await edit(link);
    if (before !== undefined) expect(rule()).toBe(writing);
    bench.asked.length = 0;
    await read(link);
    if (reading !== undefined) expect(rule()).toBe(reading);
    bench.asked.length = 0;
    await cat(link);
    if (reading !== undefined) expect(rule()).toBe(reading);
    expect(existsSync(at(target)) ? bench.get(target) : undefined).toBe(before);
  });

  test.each(['.git/hooks/new', '.GIT/config', '.git./config', 'sub/.git/config', '.git'])(
    'writing %s is denied, there or not',
    async (path) => {
      expect(await write(path)).toMatchObject({ outcome: 'denied' });
      expect(bench.asked).toEqual([]);
      expect(rule()).toBe('write.versionControl');
    },
  );

  test.each([
    '.vscode/new.json',
    '.Env.Local',
    'a/b/.github/workflows/x.yml',
    '.npmrc',
    '.mcp.json.',
    '.husky/pre-push',
  ])('writing %s is asked, there or not', async (path) => {
    expect(await write(path)).toMatchObject({ outcome: 'denied' });
    expect(bench.asked).toHaveLength(1);
    expect(rule()).toBe('write.protected');
  });
});

describe.skipIf(process.platform === 'win32')('what is no plain file', () => {
  const pipe = async (path: string) => execFileSync('mkfifo', [path]);
  const socket = async (path: string) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    // It goes with the folder.
    server.unref();
  };

  test.each([
    ['a pipe', pipe],
    ['a socket', socket],
  ])(
    '%s is asked about and refused even after a yes, and nothing waits for it',
    { timeout: 10_000 },
    async (_, make) => {
      await make(at('special'));
      bench.answer = async () => ({ answer: 'once', by: 'client' });
      for (const call of [read, write, edit]) {
        const end = await call('special');
        expect(end).toMatchObject({ outcome: 'error', text: /special is no regular file\./ });
      }
      expect((await bench.call('grep', { pattern: 'x' })).outcome).toBe('ok');
      expect((await bench.call('glob', { pattern: '**/*' })).text).not.toContain('special');
      expect(statSync(at('special')).isFile()).toBe(false);
    },
  );

  test.each(['/dev/null', '/dev/zero', '/dev/tty', '/dev/stdin', '/proc/self/mem', '/proc/kcore'])(
    '%s, and a link to it, is outside',
    async (device) => {
      symlinkSync(device, at('link'));
      for (const path of [device, 'link']) {
        for (const call of [read, write, edit]) expect(await call(path), path).toMatchObject({ outcome: 'denied' });
      }
    },
  );

  test('a link that leads in circles is a sentence', async () => {
    symlinkSync('two', at('one'));
    symlinkSync('one', at('two'));
    for (const call of [read, write, edit]) {
      expect(await call('one')).toMatchObject({ outcome: 'error', text: /leads in circles|cannot be reached/ });
    }
  });

  test('a link that leads nowhere is written through only inside', async () => {
    symlinkSync(join(outside, 'new.txt'), at('out'));
    symlinkSync('src/new.txt', at('in'));
    expect(await write('out')).toMatchObject({ outcome: 'denied' });
    expect(existsSync(join(outside, 'new.txt'))).toBe(false);
    expect(await write('in')).toMatchObject({ outcome: 'ok' });
    expect(bench.get('src/new.txt')).toBe('changed\n');
  });
});

describe.skipIf(process.platform === 'win32')('a hard link to a file outside', () => {
  test('is read as any file, and broken by a change: what is outside stays as it is', async () => {
    for (const name of ['written', 'edited']) linkSync(join(outside, 'a.txt'), at(name));
    expect((await read('written')).text).toBe('outside');
    expect(await write('written')).toMatchObject({ outcome: 'ok' });
    expect(await edit('edited')).toMatchObject({ outcome: 'ok' });
    expect([bench.get('written'), bench.get('edited')]).toEqual(['changed\n', 'xutside\n']);
    expect(readFileSync(join(outside, 'a.txt'), 'utf8')).toBe('outside\n');
    expect(statSync(join(outside, 'a.txt')).nlink).toBe(1);
  });
});
