import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { childEnvironment } from '../../../../src/node/environment.ts';
import { Sandbox } from '../../../../src/node/sandbox.ts';
import { bubblewrapFolder } from '../../../support/installedBubblewrap.ts';
import { Bench } from './support.ts';

let managed: string;
let bench: Bench;
let sandbox: Sandbox;

beforeAll(async () => {
  managed = await bubblewrapFolder();
}, 120_000);
beforeEach(() => {
  bench = new Bench({ 'package.json': '{"scripts":{"test":"sh test.sh"}}', 'test.sh': 'echo fine\n' });
  bench.policy = { ...bench.policy, contained: true, home: bench.base };
  sandbox = new Sandbox({
    plan: { managed, temporary: join(bench.base, 'tmp'), taken: join(bench.base, 'taken'), hidden: [] },
    roots: [bench.root],
    home: bench.base,
    environment: childEnvironment(process.env, [bench.root]),
  });
});
afterEach(() => {
  sandbox.close();
  bench.remove();
});

describe.skipIf(process.platform === 'win32')('bash with a sandbox', () => {
  const bash = (command: string, timeout?: number) =>
    bench.call('bash', { command, ...(timeout === undefined ? {} : { timeout }) }, { shut: sandbox });

  test('runs tests without a question, and recorded before', async () => {
    expect(await bash('npm test')).toMatchObject({ outcome: 'ok', text: expect.stringMatching(/fine$/) });
    expect(bench.story).toEqual(['record', 'tool.end']);
    expect(bench.output).toContain('fine\n');
  });

  test('tells why something failed that wanted out', async () => {
    bench.put('test.sh', 'echo x > ../outside.txt');
    const end = await bash('npm test');
    expect(end.outcome).toBe('error');
    expect(end.text).toContain('Read-only file system');
    expect(end.text).toMatch(
      /\[Exit code \d+\. It ran in the sandbox: no network, and only the workspace and \$TMPDIR/,
    );
    expect(existsSync(join(bench.base, 'outside.txt'))).toBe(false);
  });

  test('a failure of its own is told as everywhere', async () => {
    bench.put('test.sh', 'echo broken; exit 1');
    expect((await bash('npm test')).text).toMatch(/\[Exit code 1\.\]$/);
  });

  test('what it made that decides what runs later is told with its result', async () => {
    bench.put('test.sh', 'echo x > .envrc');
    expect((await bash('npm test')).text).toMatch(/\.envrc came into being while it ran.*moved to \S+taken/);
    expect(existsSync(join(bench.root, '.envrc'))).toBe(false);
  });

  test('a time-out and its advice are as everywhere', async () => {
    bench.put('test.sh', 'echo before; sleep 60');
    const end = await bash('npm test', 2);
    expect(end.text).toContain('before\n[Stopped after 2 s; give a larger timeout if it needs longer.]');
  });

  test('what a person allows runs outside, and the question says so', async () => {
    const end = await bash(`sh -c 'echo x > "$HOME/../x"; echo "$TMPDIR" > made.txt'`);
    expect(bench.asked[0]?.verdict.reason).toMatch(/ If you allow it, it runs outside the sandbox\.$/);
    expect(end.summary).toMatch(/^exit/);
    expect(readFileSync(join(bench.root, 'made.txt'), 'utf8')).not.toContain(join(bench.base, 'tmp'));
  });

  test('where it cannot be shut in after all, nothing runs', async () => {
    sandbox = new Sandbox({
      plan: { managed, temporary: '/proc/none', taken: '/proc/none', hidden: [] },
      roots: [bench.root],
      home: bench.base,
      environment: childEnvironment(process.env, [bench.root]),
    });
    bench.put('test.sh', 'touch made.txt');
    mkdirSync(join(bench.base, 'tmp'), { recursive: true });
    const end = await bash('npm test');
    expect(end).toMatchObject({
      outcome: 'error',
      text: expect.stringContaining('Nothing was run, because the sandbox'),
    });
    expect(existsSync(join(bench.root, 'made.txt'))).toBe(false);
  });

  test('without one to run in, a call that was allowed because of it does not run', async () => {
    bench.put('test.sh', 'touch made.txt');
    expect(await bench.call('bash', { command: 'npm test' })).toMatchObject({
      outcome: 'error',
      summary: 'mistake in Drover',
    });
    expect(existsSync(join(bench.root, 'made.txt'))).toBe(false);
  });
});
