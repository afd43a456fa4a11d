import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { notableBelow } from '../../../src/node/gitIndex.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'drover-index-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const git = (...args: string[]): string => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });

it('what is notable of what git knows is what git says', () => {
  expect(notableBelow(folder)).toBe(undefined);
  git('init', '-q');
  expect(notableBelow(folder)).toEqual([]);
  const names = [
    'a.key',
    'links/x.key',
    'src/seven77.key',
    'src/eight888.key',
    `src/${'long'.repeat(50)}.key`,
    'sub/deep/é ä',
    'sub/-first',
    'tree/.env',
  ];
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
  writeFileSync(join(folder, 'ordinary.ts'), '');
  symlinkSync('a.key', join(folder, 'src', 'to'));
  git('add', '.');
  git('-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '-qm', 'x');
  git('update-index', '--skip-worktree', 'a.key');
  const told = git('ls-files', '-z').split('\0').slice(0, -1);
  expect(told).toContain('ordinary.ts');
  expect(notableBelow(folder)?.map(({ path }) => path)).toEqual(told.filter((path) => path !== 'ordinary.ts'));
  expect(notableBelow(join(folder, 'sub'))).toEqual([
    { path: '-first', link: false },
    { path: 'deep/é ä', link: false },
  ]);
  expect(notableBelow(join(folder, 'src'))?.find(({ link }) => link)).toEqual({ path: 'to', link: true });
});

it('an index in another form or in two parts is not told', () => {
  git('init', '-q');
  writeFileSync(join(folder, 'a'), '');
  git('add', 'a');
  git('update-index', '--index-version', '4');
  expect(notableBelow(folder)).toBe(undefined);
  git('update-index', '--index-version', '2');
  git('update-index', '--split-index');
  expect(notableBelow(folder)).toBe(undefined);
});
