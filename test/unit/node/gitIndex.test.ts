import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { trackedBelow } from '../../../src/node/gitIndex.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'drover-index-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const git = (...args: string[]): string => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });

it('what git knows is what git says', () => {
  expect(trackedBelow(folder)).toBe(undefined);
  git('init', '-q');
  expect(trackedBelow(folder)).toEqual([]);
  const names = [
    'a',
    'links/x',
    'src/seven77',
    'src/eight888',
    `src/${'long'.repeat(50)}`,
    'sub/deep/é ä',
    'tree/link',
  ];
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
  symlinkSync('a', join(folder, 'src', 'to'));
  git('add', '.');
  git('-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '-qm', 'x');
  git('update-index', '--skip-worktree', 'a');
  const told = git('ls-files', '-z').split('\0').slice(0, -1);
  expect(trackedBelow(folder)?.map(({ path }) => path)).toEqual(told);
  expect(trackedBelow(join(folder, 'src'))?.find(({ link }) => link)).toEqual({ path: 'to', link: true });
});

it('an index in another form or in two parts is not told', () => {
  git('init', '-q');
  writeFileSync(join(folder, 'a'), '');
  git('add', 'a');
  git('update-index', '--index-version', '4');
  expect(trackedBelow(folder)).toBe(undefined);
  git('update-index', '--index-version', '2');
  git('update-index', '--split-index');
  expect(trackedBelow(folder)).toBe(undefined);
});
