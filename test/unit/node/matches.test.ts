import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { matches } from '../../../src/node/matches.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-matches-'));
  for (const name of ['src/deep/er', '.hidden', 'a.b', 'empty']) mkdirSync(join(folder, name), { recursive: true });
  const files = [
    'a.ts',
    'b.ts',
    'ab.ts',
    '.env',
    '-rf',
    'a b.ts',
    'aXb',
    'src/a.ts',
    'src/deep/a.ts',
    'src/deep/er/z.ts',
  ];
  for (const name of [...files, '.hidden/x.ts', 'a.b/c+d.ts', 'src/.secret.ts']) writeFileSync(join(folder, name), '');
  symlinkSync('src', join(folder, 'link'));
  symlinkSync('nowhere', join(folder, 'broken'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test
  .skipIf(process.platform === 'win32')
  .each([
    '*',
    '*.ts',
    '?.ts',
    'a*b*',
    '.*v',
    'src/*',
    'src/**',
    'src/**/*.ts',
    '**/*.ts',
    '*/*.ts',
    '*/*/*.ts',
    'link/*',
    'bro*',
    'a.b/c+?.ts',
    '.h*/*',
    'none*',
    './*.ts',
    'src//*.ts',
    'src/*/',
  ])('%s stands for what bash puts in its place', (pattern) => {
  const script = `printf '%s\\0' ${pattern}`;
  const printed = execFileSync('bash', ['--noprofile', '--norc', '-c', script], {
    cwd: folder,
    env: { ...process.env, LC_ALL: 'C' },
    encoding: 'utf8',
  });
  const real = printed.split('\0').slice(0, -1).map(plainly);
  expect(matches(pattern, folder)?.map(plainly).toSorted()).toEqual(real.toSorted());
});

/** A slash too many leads to the same file. */
function plainly(path: string): string {
  return path.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '');
}

test('a pattern at the root of the file system starts there', () => {
  expect(matches(`${folder}/src/*.ts`, '/elsewhere')).toEqual([`${folder}/src/a.ts`]);
});

test.skipIf(process.platform !== 'linux')('where names are no text, or shells differ, nothing or more is said', () => {
  mkdirSync(join(folder, 'odd'));
  writeFileSync(join(folder, 'odd', 'é.md'), '');
  expect(matches('odd/?.md', folder)).toBeUndefined();
  expect(matches('odd/*.md', folder)).toEqual(['odd/é.md']);
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/odd/a`), Buffer.from([0xff])]), '');
  expect(matches('odd/*', folder)).toBeUndefined();
  expect(matches('.?/a.ts', folder)).toContain('../a.ts');
});

test('of more files than anybody has seen nothing is said', () => {
  mkdirSync(join(folder, 'many'));
  for (let at = 0; at < 5001; at++) writeFileSync(join(folder, 'many', String(at)), '');
  expect(matches('many/*', folder)).toBeUndefined();
});
