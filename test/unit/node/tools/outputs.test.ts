import { readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callOfOutput } from '../../../../src/common/outputName.ts';
import { Bench } from './support.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench({ 'notes.txt': 'of the workspace\n', '.env': 'KEY=secret\n' });
});
afterEach(() => bench.remove());

const bash = (command: string) => bench.call('bash', { command });
const read = (path: string, more: object = {}) => bench.call('file_read', { path, ...more });

describe.skipIf(process.platform === 'win32')('what a command wrote and the model was not given', () => {
  test('can be read on from where it was cut, to the end', async () => {
    const { text } = await bash('seq 1 100000');
    const [, from] =
      /\n\[All 100,000 lines can be read with file_read, path output:call00001 from start_line (\d+) on\.\]$/.exec(
        text,
      ) ?? [];
    const head = text.slice(0, text.indexOf('\n[')).split('\n');
    let next = Number(from);
    // The line of the cut may be there in part, and is read again.
    expect(Math.abs(next - head.length)).toBeLessThanOrEqual(1);
    const seen = head.slice(0, next - 1);
    while (seen.length < 100_000) {
      const part = await read('output:call00001', { start_line: next, max_lines: 20_000 });
      expect(part).toMatchObject({
        outcome: 'ok',
        title: { verb: 'Read', object: `output:call00001:${next}-${next + 19_999}` },
      });
      seen.push(...part.text.replace(/\n\[[^\n]+\]$/, '').split('\n'));
      next = seen.length + 1;
    }
    expect(seen).toEqual(Array.from({ length: 100_000 }, (_, at) => `${at + 1}`));
  });

  test('is read without a question, in a folder that is not trusted too, and the log says what was read', async () => {
    await bash('seq 1 100000');
    bench.policy = { ...bench.policy, trusted: false };
    bench.asked.length = 0;
    expect(await read('output:call00001', { max_lines: 2 })).toMatchObject({
      outcome: 'ok',
      text: '1\n2\n[Lines 1-2 of 100000. Go on with start_line 3.]',
    });
    expect(bench.asked).toEqual([]);
    expect(bench.events.findLast(({ type }) => type === 'tool.start')).toMatchObject({
      effects: [{ kind: 'output', call: 'call00001' }],
      verdict: { decision: 'allow', rule: 'read.output' },
    });
  });

  test('a shorter one is given as it is, and nothing is kept', async () => {
    expect(await bash('seq 1 3')).toMatchObject({ text: '1\n2\n3' });
    expect((await bash('seq 1 3')).output).toBeUndefined();
    expect(await read('output:call00001')).toMatchObject({
      outcome: 'error',
      text: 'output:call00001 is not there: of that call no output is kept. Run the command again.',
    });
  });

  test('is said to be gone where its file was removed or damaged', async () => {
    const { output = '' } = await bash('seq 1 100000');
    const file = join(bench.base, 'blobs', output.slice(0, 2), output);
    writeFileSync(file, 'something else');
    expect((await read('output:call00001')).text).toMatch(/^output:call00001 is not there: /);
    rmSync(file);
    expect((await read('output:call00001')).text).toMatch(/^output:call00001 is not there: /);
  });

  test('lies in a file that only the person can read, outside the workspace', async () => {
    const { output = '' } = await bash('seq 1 100000');
    const file = join(bench.base, 'blobs', output.slice(0, 2), output);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(bench.root).toSorted()).toEqual(['.env', 'notes.txt']);
    expect((await bench.call('glob', { pattern: '**/*' })).text).not.toContain('output');
  });

  test('of what is longer than 1 MiB the beginning and the end are kept, and it is said', async () => {
    const { text } = await bash('seq 1 1000000');
    const [, lines = ''] =
      /\[([\d,]+) lines of its beginning and its end can be read with file_read, path output:call00001/.exec(text) ??
      [];
    const count = Number(lines.replaceAll(',', ''));
    expect((await read('output:call00001', { start_line: count })).text).toMatch(/^1000000\n/);
    const about = Math.round(count / 2);
    expect((await read('output:call00001', { start_line: about - 5000, max_lines: 4 })).text).toMatch(/^\d+\n\d+\n/);
    const found = [];
    for (let start = 1; start < count && found.length === 0; start += 1000) {
      const part = await read('output:call00001', { start_line: start, max_lines: 1000 });
      found.push(...(part.text.match(/\[[\d,]+ characters left out\]/g) ?? []));
    }
    expect(found).toHaveLength(1);
  });

  test('a line of any length is read in parts, whole', async () => {
    await bash("head -c 100000 /dev/zero | tr '\\0' x; echo; echo end");
    const parts = [];
    for (let start = 1; start <= 26; start++) {
      parts.push((await read('output:call00001', { start_line: start, max_lines: 1 })).text.split('\n')[0]);
    }
    expect(parts.join('').replace(/end$/, '')).toBe('x'.repeat(100_000));
  });

  test('has no broken, control or invisible characters in it', async () => {
    await bash("printf 'a\\033[31mb\\xff\\x07c\\xe2\\x80\\xaed\\n'; seq 1 100000");
    expect((await read('output:call00001', { max_lines: 1 })).text.split('\n')[0]).toBe('ab\ufffdcd');
  });

  test('is kept as well where the command failed, took too long or was stopped', async () => {
    expect((await bash('seq 1 100000; exit 3')).text).toMatch(/\n\[Exit code 3\.\]\n\[All 100,000 lines can be read/);
    const late = await bench.call('bash', { command: 'seq 1 100000; sleep 60', timeout: 1 });
    expect(late.text).toMatch(/\[Stopped after 1 s; [^\n]+\]\n\[All 100,000 lines can be read/);
  });

  test('one that would write for ever is ended', async () => {
    const end = await bash('yes');
    expect(end).toMatchObject({ outcome: 'error' });
    expect(end.text).toContain('[Stopped, because it had written more than 32 MiB.]');
    expect(end.text.length).toBeLessThan(34_000);
  });
});

describe('the name of an output', () => {
  test.each([
    'output:',
    'output:call1',
    'output:../../etc/passwd',
    'output:call00001/../../etc/passwd',
    'output:call00001\n',
    ' output:call00001',
    './output:call00001',
    'OUTPUT:call00001',
    'output:call0000１',
  ])('%j is a path like any other', (path) => {
    expect(callOfOutput(path)).toBeUndefined();
  });

  test.skipIf(process.platform === 'win32')(
    'names nothing for any other tool, whatever file is called so',
    async () => {
      await bash('seq 1 100000');
      const name = 'output:call00001';
      symlinkSync('.env', join(bench.root, name));
      bench.asked.length = 0;
      bench.answer = async () => ({ answer: 'reject', by: 'client' });
      for (const [tool, args] of [
        ['file_write', { path: name, content: 'x' }],
        ['file_edit', { path: name, old_text: 'KEY', new_text: 'x' }],
        ['grep', { pattern: 'KEY', path: name }],
        ['bash', { command: `cat ${name}` }],
        ['file_read', { path: `./${name}` }],
      ] as const) {
        expect(await bench.call(tool, args), tool).toMatchObject({ outcome: 'denied' });
      }
      expect(bench.get('.env')).toBe('KEY=secret\n');
      expect((await read(name, { max_lines: 1 })).text).toMatch(/^1\n/);
    },
  );
});
