import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { rgPath } from '@vscode/ripgrep';
import { array, assert, asyncProperty, constantFrom } from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { searchFiles, type Search } from '../../../../src/node/search.ts';
import { searchWithRipgrep } from '../../../../src/node/searchRipgrep.ts';
import { listFiles } from '../../../../src/node/walk.ts';
import { Bench } from './support.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench({
    'package.json': '{ "name": "shop" }\n',
    'src/cart.ts': 'export function total(items) {\n  return sum(items);\n}\n// total again\n',
    'src/deep/discount.ts': 'const discount = 1;\nexport { discount };\n',
    'src/a.b.ts': 'total\n',
    'src/notes.md': '# total\r\nsecond\r\n',
    '.github/ci.yml': 'total: yes\n',
    '.git/description': 'total\n',
    'node_modules/x/index.js': 'total\n',
    'dist/out.js': 'total\n',
    'logs/keep.log': 'total\n',
    'logs/other.log': 'total\n',
    '.gitignore': 'dist/\n*.log\n',
    'logs/.gitignore': '!keep.log\n',
    'binary.dat': 'total\0\n',
    'wide.txt': `${'y'.repeat(1000)} total\n`,
  });
});
afterEach(() => bench.remove());

describe('glob', () => {
  const glob = (args: object) => bench.call('glob', args);

  test('finds files by folder and name, in a fixed order, without what is ignored', async () => {
    expect(await glob({ pattern: '**/*.ts' })).toMatchObject({
      outcome: 'ok',
      text: 'src/a.b.ts\nsrc/cart.ts\nsrc/deep/discount.ts',
      summary: '3 files',
    });
    expect((await glob({ pattern: '**' })).text.split('\n')).toEqual([
      '.github/ci.yml',
      '.gitignore',
      'binary.dat',
      'logs/.gitignore',
      'logs/keep.log',
      'package.json',
      'src/a.b.ts',
      'src/cart.ts',
      'src/deep/discount.ts',
      'src/notes.md',
      'wide.txt',
    ]);
  });

  test('a name without a folder is looked for everywhere; a folder stands for what is in it', async () => {
    expect((await glob({ pattern: 'discount.*' })).text).toBe('src/deep/discount.ts');
    expect((await glob({ pattern: 'src/*.{ts,md}' })).text).toBe('src/a.b.ts\nsrc/cart.ts\nsrc/notes.md');
    expect((await glob({ pattern: 'src/deep' })).text).toBe('src/deep/discount.ts');
    expect((await glob({ pattern: 'src/cart.ts' })).text).toBe('src/cart.ts');
    expect((await glob({ pattern: `${bench.root}/src/*.md` })).text).toBe('src/notes.md');
    expect((await glob({ pattern: 'dist/*' })).text).toBe('dist/out.js');
  });

  test('says what was left out, and when there is nothing', async () => {
    expect((await glob({ pattern: '**', max_results: 2 })).text).toMatch(/\n\[9 more are left out\.\]$/);
    expect(await glob({ pattern: '*.rs' })).toMatchObject({ text: '[No file matches *.rs.]', summary: '0 files' });
    expect(await glob({ pattern: 'nowhere/*.ts' })).toMatchObject({
      outcome: 'error',
      text: 'nowhere does not exist.',
    });
  });

  test('a pattern that would take for ever is not taken', async () => {
    expect((await glob({ pattern: '*a'.repeat(20) })).text).toBe('The pattern has more than 8 stars in one name.');
    expect((await glob({ pattern: '{a,b}'.repeat(10) })).text).toContain('more than 8 braces');
  });

  test.skipIf(process.platform === 'win32')('does not follow links, and not out of the workspace', async () => {
    symlinkSync('/etc', `${bench.root}/etc`);
    bench.answer = async () => ({ answer: 'reject', by: 'client' });
    expect((await glob({ pattern: '**/passwd' })).text).toBe('[No file matches **/passwd.]');
    expect(await glob({ pattern: 'etc/*' })).toMatchObject({ outcome: 'denied' });
    expect(await glob({ pattern: '../**' })).toMatchObject({ outcome: 'denied' });
  });
});

describe.each([
  ['in this process', undefined],
  ['with ripgrep', rgPath],
])('grep %s', (_, ripgrep) => {
  const grep = (args: object) => bench.call('grep', args);
  // More files than are read without asking ripgrep.
  beforeEach(() => {
    bench.ripgrep = ripgrep;
    for (let file = 0; file < 310; file++) bench.put(`zz/${file}.txt`, 'nothing\n');
  });

  test('gives path, line and text', async () => {
    expect(await grep({ pattern: 'total' })).toMatchObject({
      outcome: 'ok',
      text: [
        '.github/ci.yml:1:total: yes',
        'logs/keep.log:1:total',
        'src/a.b.ts:1:total',
        'src/cart.ts:1:export function total(items) {',
        'src/cart.ts:4:// total again',
        'src/notes.md:1:# total',
        `wide.txt:1:${'y'.repeat(300)}…`,
      ].join('\n'),
      summary: '7 hits in 6 files',
      title: { kind: 'search', verb: 'Searched', object: '“total”' },
    });
  });

  test('regular expressions, a folder, a file, a kind of file', async () => {
    expect((await grep({ pattern: '^const \\w+ = \\d;$', path: 'src' })).text).toBe(
      'src/deep/discount.ts:1:const discount = 1;',
    );
    expect((await grep({ pattern: '(?i)SUM', path: 'src/cart.ts' })).text).toBe('src/cart.ts:2:  return sum(items);');
    expect((await grep({ pattern: 'total', file_pattern: '*.ts' })).summary).toBe('3 hits in 2 files');
    expect((await grep({ pattern: 'total', file_pattern: '*.{md,yml}' })).summary).toBe('2 hits in 2 files');
    expect((await grep({ pattern: 'discount', file_pattern: 'src/**/*.ts' })).summary).toBe('2 hits in 1 file');
    expect((await grep({ pattern: 'total', path: 'dist' })).text).toBe('dist/out.js:1:total');
  });

  test('what may hold secrets is searched only where it is named, and then asked about', async () => {
    bench.put('.env', 'TOTAL_KEY=total-secret\n');
    bench.put('src/server.pem', 'total-secret\n');
    bench.put('.env.example', 'TOTAL_KEY=total-\n');
    expect((await grep({ pattern: 'total-' })).text).toBe('.env.example:1:TOTAL_KEY=total-');
    expect((await grep({ pattern: 'total-s' })).text).toMatch(/^\[No match\./);
    expect((await grep({ pattern: 'total', file_pattern: '.env*' })).text).not.toContain('secret');
    expect((await grep({ pattern: 'total', path: 'src', context_lines: 3 })).text).not.toContain('secret');
    expect(bench.asked).toEqual([]);
    expect((await grep({ pattern: 'total', path: '.env' })).text).toContain('total-secret');
    expect(bench.asked).toMatchObject([{ verdict: { rule: 'read.secrets' } }]);
  });

  test('lines around a hit, with marks between what does not hang together', async () => {
    expect((await grep({ pattern: 'total', path: 'src', context_lines: 1, file_pattern: '*.ts' })).text).toBe(
      [
        'src/a.b.ts:1:total',
        '--',
        'src/cart.ts:1:export function total(items) {',
        'src/cart.ts-2-  return sum(items);',
        'src/cart.ts-3-}',
        'src/cart.ts:4:// total again',
      ].join('\n'),
    );
  });

  test('what is no regular expression is searched as it stands, and it says so', async () => {
    const end = await grep({ pattern: 'sum(' });
    expect(end.text).toBe(
      'src/cart.ts:2:  return sum(items);\n[sum( is no regular expression here; it was searched for as it stands.]',
    );
  });

  test('nothing found is said, and too much is cut', async () => {
    expect(await grep({ pattern: 'nowhere', path: 'src' })).toMatchObject({
      text: '[No match in src.]',
      summary: 'no hits',
    });
    bench.put('many.txt', 'hit\n'.repeat(500));
    const end = await grep({ pattern: '^hit$' });
    expect(end.summary).toBe('over 100 hits in 1 file');
    expect(end.text).toMatch(/many\.txt:100:hit\n\[There is more; narrow the pattern or give a path\.\]$/);
  });

  test('a pattern is never an option, and binary files are passed over', async () => {
    bench.put('src/odd.ts', 'x --files y\n');
    expect((await grep({ pattern: '--files' })).text).toBe('src/odd.ts:1:x --files y');
    expect((await grep({ pattern: '-e' })).outcome).toBe('ok');
    expect((await grep({ pattern: 'total', path: 'binary.dat' })).summary).toBe('no hits');
  });

  test('an expression that sends others into the woods is no trouble', async () => {
    bench.put('evil.txt', `${'a'.repeat(5000)}!\n`);
    const began = performance.now();
    expect((await grep({ pattern: '(a+)+$' })).outcome).toBe('ok');
    expect(performance.now() - began).toBeLessThan(3000);
  });
});

test('where nothing is found, it is said that files with secrets were passed over', async () => {
  bench.put('.env', 'KEY=xyz\n');
  const end = await bench.call('grep', { pattern: 'xyz' });
  expect(end.text).toBe('[No match. Files that may hold secrets were not searched; give the path of one for that.]');
});

test('both ways of searching give the same for whatever is searched', async () => {
  const word = constantFrom('a', 'ab', 'b a', 'total', '', 'x\ty', 'ä€', '--', 'a:1:b', '\r');
  const place = await bench.files.resolve('src');
  const cancel = new AbortController();
  const deps = {
    ripgrep: rgPath,
    roots: [bench.root],
    environment: {},
    tools: [],
    handoffs: [],
    delegate: async () => [],
    withholds: () => false,
    signal: cancel.signal,
    output: () => undefined,
  };
  await assert(
    asyncProperty(
      array(array(word, { maxLength: 12 }), { minLength: 1, maxLength: 3 }),
      constantFrom('a', 'total', ':1:', 'ä', '--', '^b'),
      constantFrom(0, 1, 2),
      async (contents, pattern, around) => {
        contents.forEach((lines, at) => bench.put(`src/file ${at}.txt`, lines.join('\n')));
        const literal = !pattern.startsWith('^');
        const test = (line: string) => (literal ? line.includes(pattern) : line.startsWith('b'));
        const search: Search = {
          pattern,
          literal,
          test,
          place,
          accepts: (path) => path.endsWith('.txt'),
          filePattern: undefined,
          around,
          maxHits: 20,
          signal: cancel.signal,
        };
        const { files } = await listFiles(place, 1000, cancel.signal);
        const here = await searchFiles(search, files, bench.files);
        expect(await searchWithRipgrep(search, { ...deps, files: bench.files })).toEqual(here);
      },
    ),
    { numRuns: 60 },
  );
});

test('what is listed is what git would list', async () => {
  execFileSync('git', ['init', '-q', bench.root]);
  bench.put('a/.gitignore', '/b\n!c.log\n# comment\n\\#x\n**/gen\n');
  for (const path of ['a/b/x', 'a/c.log', 'a/d/b', 'a/d/gen/y', 'a/#x', 'a/d/z.log', 'build/a']) bench.put(path, 'x');
  bench.put('.gitignore', 'dist/\n*.log\n/build/*\n!/build/a\nnode_modules\n');
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: bench.root,
    encoding: 'utf8',
  });
  const { files } = await listFiles(await bench.files.resolve('.'), 1000, bench.cancel.signal);
  expect(files.toSorted()).toEqual(listed.split('\0').filter(Boolean).toSorted());
  expect(files).toContain('a/c.log');
});
