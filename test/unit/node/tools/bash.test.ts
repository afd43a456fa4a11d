import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from './support.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench({ 'src/cart.ts': 'const a = 1;\n' });
});
afterEach(() => bench.remove());

describe.skipIf(process.platform === 'win32')('bash', () => {
  const bash = (command: string, timeout?: number) =>
    bench.call('bash', { command, ...(timeout === undefined ? {} : { timeout }) });

  test('a command that only looks runs at once, in the workspace, and nothing waits for its record', async () => {
    const end = await bash('pwd && cat src/cart.ts');
    expect(end).toMatchObject({ outcome: 'ok', text: `${bench.root}\nconst a = 1;` });
    expect(end.summary).toMatch(/^exit 0 · \d+\.\d s$/);
    expect(bench.story).toEqual(['tool.start', 'tool.end']);
  });

  test('any other is asked about, word for word, and recorded before it runs', async () => {
    const end = await bash('echo hello > out.txt; cat out.txt >&2');
    expect(end).toMatchObject({ outcome: 'ok', text: 'hello' });
    expect(bench.asked[0]).toMatchObject({
      tool: 'bash',
      title: { kind: 'run', verb: 'Run', object: 'echo hello > out.txt; cat out.txt >&2' },
      preview: { kind: 'command', text: 'echo hello > out.txt; cat out.txt >&2' },
      grant: 'this exact command',
      effects: [{ kind: 'execute', command: 'echo hello > out.txt; cat out.txt >&2' }],
    });
    expect(bench.story).toEqual(['ask', 'record', 'tool.end']);
    expect(bench.output).toBe('hello\n');
  });

  test('characters that cannot be seen are shown', async () => {
    await bash('echo a\u202eb');
    expect(bench.asked[0]?.preview.text).toBe('echo a\\u{202e}b');
  });

  test('a failing command says how it ended', async () => {
    expect(await bash('echo no; exit 3')).toMatchObject({ outcome: 'error', text: 'no\n[Exit code 3.]' });
    expect((await bash('kill -9 $$')).text).toBe('[Exit code none: ended by SIGKILL.]');
    expect((await bash('no-such-program-here')).text).toContain('[Exit code 127.]');
    expect((await bash('true')).text).toBe('[Exit code 0, no output.]');
  });

  test('a timeout is said, and a child left behind too', async () => {
    const end = await bash('echo before; sleep 60', 1);
    expect(end).toMatchObject({ outcome: 'error' });
    expect(end.text).toBe('before\n[Stopped after 1 s; give a larger timeout if it needs longer.]');
    expect(end.summary).toMatch(/^stopped · 1\.\d s$/);
    expect((await bash('sleep 60 & echo started')).text).toBe(
      'started\n[Processes that it left running were stopped.]',
    );
  });

  test('of much output the head and the tail are given', async () => {
    const { text } = await bash('seq 1 100000');
    expect(text).toMatch(/^1\n2\n/);
    expect(text).toMatch(/\n99999\n100000\n\[[^\n]+\]$/);
    expect(text).toMatch(/\n\[[\d,]+ characters left out\]\n/);
    expect(text.length).toBeLessThan(33_000);
  });

  test('is cancelled with what it had said so far', async () => {
    const waiting = bench.call('bash', { command: 'echo ready; sleep 60' }, { output: () => bench.cancel.abort() });
    const end = await waiting;
    expect(end).toMatchObject({ outcome: 'cancelled', text: 'ready\n[Stopped by the person.]' });
  });

  test('git that only looks runs nothing that its configuration names', async () => {
    await bash("git init -q . && git config core.fsmonitor 'touch fooled; false' && rm -f fooled");
    await bash('git status --short');
    expect(await bash('ls fooled')).toMatchObject({ outcome: 'error' });
  });

  test('its shell reads no file of the person and gets no secret', async () => {
    process.env['DROVER_TEST_TOKEN'] = 'secret';
    const { text } = await bash('env | sort; shopt -q login_shell || echo "no login"');
    delete process.env['DROVER_TEST_TOKEN'];
    expect(text).not.toContain('secret');
    expect(text).toContain('no login');
    expect(text).toContain('CI=1');
  });
});

test('without a folder there is nowhere to run, and nobody is asked', async () => {
  const end = await bench.call('bash', { command: 'npm test' }, { roots: [] });
  expect(end).toMatchObject({ outcome: 'error', text: /^No folder is open/ });
  expect(bench.asked).toEqual([]);
});
