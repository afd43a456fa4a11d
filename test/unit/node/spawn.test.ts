import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { childEnvironment } from '../../../src/node/environment.ts';
import { createCapture } from '../../../src/node/output.ts';
import { marked } from '../../../src/node/marks.ts';
import { type Ended, fork, run, start, sweep } from '../../../src/node/spawn.ts';

const env = childEnvironment(process.env, []);
const linux = process.platform === 'linux';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-spawn-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Story {
  timeout?: number;
  signal?: AbortSignal;
  said?: (text: string) => void;
}

async function shell(script: string, story: Story = {}): Promise<Ended & { text: string; bytes: number }> {
  const capture = createCapture(1000, story.said);
  const ended = await run({
    command: 'bash',
    args: ['--noprofile', '--norc', '-c', script],
    cwd: folder,
    env,
    signal: story.signal ?? new AbortController().signal,
    timeout: story.timeout ?? 20_000,
    output: (bytes, stream) => capture.push(bytes, stream),
  });
  return { ...ended, ...capture.end() };
}

/** Processes whose command line has the word. */
async function running(word: string): Promise<string> {
  const { text } = await shell(`ps -eo pid,args | grep -F '${word}' | grep -v grep || true`);
  return text
    .split('\n')
    .filter((line) => line.includes(word) && !line.includes('ps -eo'))
    .join('\n');
}

describe.skipIf(process.platform === 'win32')('running a program to its end', () => {
  test('gives its output and its exit code', async () => {
    const { text, code, why, leftovers } = await shell('echo out; echo err >&2; exit 3');
    expect(text.split('\n').toSorted()).toEqual(['', 'err', 'out']);
    expect({ code, why, leftovers }).toEqual({ code: 3, why: 'exit', leftovers: false });
  });

  test('input is closed, so that nothing waits for a person', async () => {
    expect((await shell('read -r line || echo nobody')).text).toBe('nobody\n');
  });

  test('a program that does not exist is a sentence', async () => {
    const options = { args: [], env, signal: new AbortController().signal, timeout: 1000 };
    await expect(run({ command: 'no-such-program', ...options })).rejects.toThrow(
      'no-such-program could not be started: it, or the folder to run it in, does not exist.',
    );
  });

  test('a cancel ends it at once, with its children', async () => {
    const cancel = new AbortController();
    const began = performance.now();
    const result = await shell('sleep 4711 & echo ready; sleep 4711; echo never', {
      signal: cancel.signal,
      said: () => cancel.abort(),
    });
    expect(result).toMatchObject({ why: 'cancel', text: 'ready\n' });
    expect(performance.now() - began).toBeLessThan(1000);
    expect(await running('sleep 4711')).toBe('');
  });

  test('what ignores TERM is killed two seconds after the timeout', async () => {
    const result = await shell("trap '' TERM; echo ready; while :; do sleep 0.05; done", { timeout: 300 });
    expect(result).toMatchObject({ why: 'timeout', signal: 'SIGKILL', text: 'ready\n' });
    expect(result.ms).toBeGreaterThan(2000);
    expect(result.ms).toBeLessThan(4000);
  });

  test('what it leaves running is ended and said', async () => {
    const result = await shell('sleep 4712 >/dev/null 2>&1 & echo done');
    expect(result).toMatchObject({ why: 'exit', code: 0, text: 'done\n', leftovers: true });
    expect(await running('sleep 4712')).toBe('');
  });

  test.skipIf(!linux)('even what left its process group, by the mark it bears', async () => {
    const result = await shell(
      'setsid sleep 4713 >/dev/null 2>&1 & setsid bash -c "setsid sleep 4713 & disown" ; echo done',
    );
    expect(result.leftovers).toBe(true);
    expect(await running('sleep 4713')).toBe('');
  });

  test.skipIf(!linux)('a mark is continued, so that who stands above finds all below', async () => {
    const above = `test-${process.pid}-${Date.now()}`;
    const child = await start({
      command: 'bash',
      args: ['-c', 'setsid sleep 4714; true'],
      env: { ...env, DROVER_RUN: above },
    });
    expect(child.mark.startsWith(`${above}.`)).toBe(true);
    await expect.poll(() => marked(above).length).toBeGreaterThan(1);
    expect(await sweep(above)).toBeGreaterThan(0);
    await child.exited;
    expect(marked(above)).toEqual([]);
    expect(await sweep(above)).toBe(0);
  });
});

describe.skipIf(process.platform === 'win32')('a program that stays', () => {
  test('is drained, answers on its input, and is stopped with everything below it', async () => {
    const lines: string[] = [];
    const heard = Promise.withResolvers<void>();
    const child = await start({
      command: 'bash',
      args: ['-c', 'head -c 3000000 /dev/zero; read -r line; echo "got $line"; sleep 4715 & sleep 4715'],
      env,
      stdin: 'pipe',
      output: (bytes) => {
        if (!bytes.includes('got')) return;
        lines.push(bytes.toString().replaceAll('\0', ''));
        heard.resolve();
      },
    });
    child.child.stdin?.write('word\n');
    await heard.promise;
    expect(lines.join('')).toBe('got word\n');
    await child.stop();
    await child.closed;
    expect(await running('sleep 4715')).toBe('');
  });

  test('one of our own programs has a channel', async () => {
    const program = join(folder, 'echo.mjs');
    writeFileSync(program, "process.on('message', (m) => process.send({ got: m, mark: process.env.DROVER_RUN }));");
    const child = fork(program, { ...env, DROVER_RUN: 'test-fork' });
    const answer = await new Promise((resolve) => {
      child.once('message', resolve);
      child.send('hello');
    });
    expect(answer).toEqual({ got: 'hello', mark: 'test-fork' });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    await gone;
  });
});

describe('output as plain text', () => {
  const said = (...pieces: (string | Buffer)[]) => {
    const capture = createCapture(1000);
    for (const piece of pieces) capture.push(Buffer.from(piece), 'stdout');
    return capture.end().text;
  };

  test('escape sequences are gone, also when they come in pieces', () => {
    expect(said('\u001b[1;31mred\u001b[0m \u001b]0;title\u0007x\u001b]8;;http://a\u001b\\link\u001b]8;;\u001b\\')).toBe(
      'red xlink',
    );
    expect(said('a\u001b[', '31', 'mb')).toBe('ab');
    expect(said('a\u001b]0;ti', 'tle\u0007b')).toBe('ab');
    expect(said('a\u001b(Bb\u001bcc\u009b2Jd')).toBe('abcd');
  });

  test('control, bidirectional and zero-width characters are gone; what is unclosed stays readable', () => {
    expect(said('a\u0000b\u0007c\bd\u202ee\u200bf\u0085g\th')).toBe('abcdefg\th');
    expect(said('\u001b]0;never closed')).toBe(']0;never closed');
  });

  test('of a line written over and over the last state is kept', () => {
    expect(said('10%\r20%\r', '100%\ndone\r\n')).toBe('100%\ndone\n');
    expect(said('a\r', '\nb')).toBe('a\nb');
    expect(said('1\r2\r', '3')).toBe('3');
  });

  test('characters that come in two pieces are whole, and broken ones are replaced', () => {
    const euro = Buffer.from('€');
    expect(said(euro.subarray(0, 1), euro.subarray(1))).toBe('€');
    expect(said(Buffer.from([0x61, 0xff, 0x62]))).toBe('a\ufffdb');
    expect(said(Buffer.from([0x61, 0xe2]))).toBe('a\ufffd');
  });

  test('of too much the head and the tail are kept, and it says how much is not', () => {
    const capture = createCapture(100);
    for (let line = 0; line < 10_000; line++) capture.push(Buffer.from(`line ${line}\n`), 'stdout');
    const { text, bytes, leftOut } = capture.end();
    expect(text).toMatch(/^line 0\nline 1\n/);
    expect(text).toMatch(/\[[\d,]+ characters left out\]\n/);
    expect(text).toMatch(/line 9999\n$/);
    expect(text.length).toBeLessThan(150);
    expect(bytes).toBe(98_890 - 10_000 + 10_000);
    expect(leftOut).toBe(98_890 - 100);
  });

  test('what is shown as it comes is as plain', () => {
    let live = '';
    const capture = createCapture(10, (text) => {
      live += text;
    });
    for (const piece of ['a\u001b[3', '1mb\r', 'c\u202e\n', 'and more than ten characters']) {
      capture.push(Buffer.from(piece), 'stdout');
    }
    capture.end();
    expect(live).toBe('ab\nc\nand more than ten characters');
  });
});

test('what is shown as it comes has an end', () => {
  let live = '';
  const capture = createCapture(10, (text) => {
    live += text;
  });
  for (let round = 0; round < 20; round++) capture.push(Buffer.alloc(64 * 1024, 'x'), 'stdout');
  expect(capture.end().bytes).toBe(20 * 64 * 1024);
  expect(live.length).toBeLessThan(400 * 1024);
  expect(live).toMatch(/\[What else it writes is not shown while it runs\.\]\n$/);
});

describe('the environment of children', () => {
  test('is an allowlist: no token, no loader, no options', () => {
    const result = childEnvironment(
      {
        PATH: '/usr/bin',
        HOME: '/home/me',
        GITHUB_TOKEN: 'x',
        OPENAI_API_KEY: 'x',
        NODE_OPTIONS: '--require x',
        LD_PRELOAD: 'x',
        BASH_ENV: 'x',
        'BASH_FUNC_ls%%': '() { x; }',
        GIT_EXTERNAL_DIFF: 'x',
        HTTPS_PROXY: 'x',
        PYTHONPATH: 'x',
        ELECTRON_RUN_AS_NODE: '1',
      },
      [],
      'linux',
    );
    expect(Object.keys(result).toSorted()).toEqual([
      'CI',
      'GIT_EDITOR',
      'GIT_OPTIONAL_LOCKS',
      'GIT_PAGER',
      'GIT_TERMINAL_PROMPT',
      'HOME',
      'LANG',
      'NO_COLOR',
      'PAGER',
      'PATH',
      'TERM',
    ]);
  });

  test.skipIf(process.platform === 'win32')('no folder of the workspace is on its PATH', async () => {
    writeFileSync(join(folder, 'ls'), '#!/bin/sh\necho fooled\n');
    chmodSync(join(folder, 'ls'), 0o755);
    symlinkSync(folder, `${folder}.link`);
    const wanted = `.:${folder}:${folder}/bin:${folder}.link::/usr/bin:/bin`;
    const { PATH } = childEnvironment({ PATH: wanted }, [realpathSync(folder)]);
    rmSync(`${folder}.link`);
    expect(PATH).toBe('/usr/bin:/bin');
  });

  test.skipIf(!linux)('reaches the child like that', async () => {
    await shell('env > environment');
    const names = readFileSync(join(folder, 'environment'), 'utf8')
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(names).toContain('DROVER_RUN');
    expect(names).not.toContain('NODE_OPTIONS');
    expect(names.filter((name) => name?.startsWith('VITEST'))).toEqual([]);
  });
});
