import { join } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from './support.ts';

/** Where the workspace is the home, credentials are asked about as outside, and what is Drover's own is seen by nobody. */

let bench: Bench;
const personal = [
  '.bash_history',
  '.config/gh/hosts.yml',
  '.claude.json',
  '.ssh/id_ed25519',
  '.mozilla/firefox/x/logins.json',
];
const ofDrover = ['.local/state/drover/chats/x.ndjson', '.local/state/drover/audit.key', '.config/drover/config.json'];

beforeEach(() => {
  bench = new Bench({ 'projects/a.txt': 'the word\n' });
  for (const path of [...personal, ...ofDrover]) bench.put(path, 'the word\n');
  const hidden = ['.local/state/drover', '.config/drover'].map((path) => join(bench.root, path));
  bench.policy = { ...bench.policy, home: bench.root, hidden };
});
afterEach(() => bench.remove());

describe.each([
  ['with ripgrep', rgPath],
  ['without', undefined],
])('a search %s', (_, ripgrep) => {
  test.each([undefined, '.config', '.local', '.'])('shows nothing of either, in %s', async (path) => {
    bench.ripgrep = ripgrep;
    // More files than are read without a process.
    for (let file = 0; file < 320; file++) bench.put(`projects/many/${file}.txt`, 'another\n');
    const { text } = await bench.call('grep', { pattern: 'the word', ...(path === undefined ? {} : { path }) });
    expect(text.split('\n').filter((line) => line.startsWith('.'))).toEqual([]);
    if (path === undefined || path === '.') expect(text).toContain('projects/a.txt');
    expect(bench.asked).toEqual([]);
  });
});

test('names of what is Drover’s are not listed', async () => {
  const { text } = await bench.call('glob', { pattern: '**/*.{ndjson,key,json,txt}' });
  expect(text.split('\n').toSorted()).toEqual(['.claude.json', '.mozilla/firefox/x/logins.json', 'projects/a.txt']);
});

test('a file that is named is asked about, and not read where it is Drover’s', async () => {
  expect(await bench.call('grep', { pattern: 'the word', path: '.config/gh/hosts.yml' })).toMatchObject({
    outcome: 'ok',
  });
  expect(bench.asked).toMatchObject([{ verdict: { rule: 'read.secrets' } }]);
  for (const path of ofDrover) {
    expect(await bench.call('grep', { pattern: 'the word', path })).toMatchObject({ outcome: 'denied' });
    expect(await bench.call('file_read', { path })).toMatchObject({ outcome: 'denied' });
  }
});
