import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, runTool } from '../../../scripts/child.ts';
import { alone } from '../../../scripts/parts.ts';
import { alive, descendants, endTree, gone, marked } from '../../../scripts/processes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'drover-processes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A shell that starts two sleepers, one of which does not listen to a polite request. */
function family(environment: NodeJS.ProcessEnv = process.env): Promise<{ pid: number; said: string }> {
  const script = '(trap "" TERM; sleep 60; sleep 60) & sleep 60 & echo started; wait';
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], env: environment });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.stdout.once('data', (said) => resolve({ pid: child.pid ?? 0, said: String(said) }));
  });
}

describe.skipIf(process.platform === 'win32')('ending processes', () => {
  it('ends a whole tree, also what ignores the request', async () => {
    const { pid } = await family();
    const tree = [pid, ...(await descendants(pid))];
    expect(tree.length).toBeGreaterThanOrEqual(3);
    await endTree(pid, 200);
    expect(await gone(tree, 1000)).toBe(true);
  });

  it('finds by its mark what has left the tree', async () => {
    const mark = randomUUID();
    const { pid } = await family({ ...process.env, DROVER_TEST_MARK: mark });
    const tree = await descendants(pid);
    process.kill(pid, 'SIGKILL');
    await gone([pid], 1000);
    const found = await marked(`DROVER_TEST_MARK=${mark}`);
    for (const each of found) await endTree(each, 100);
    if (process.platform === 'linux') expect(found).toEqual(expect.arrayContaining(tree));
    expect(await gone(tree, 1000)).toBe(true);
  });
});

describe('running a program', () => {
  it('keeps what it says and how it ended', async () => {
    expect(await runTool('-e', ['console.log("one"); console.error("two"); process.exit(3)'])).toEqual({
      code: 3,
      output: expect.stringMatching(/one\n[^]*two\n|two\n[^]*one\n/),
    });
  });

  it('says why it could not be started', async () => {
    const ran = await run(path.join(folder, 'no-such-program'), []);
    expect(ran.code).toBeNull();
    expect(ran.output).toMatch(/ENOENT/);
  });

  it('ends it when its time is up', async () => {
    const ran = await runTool('-e', ['setInterval(() => {}, 1000)'], { limit: 300 });
    expect(ran.output).toMatch(/ended: TimeoutError/);
  });
});

describe('one at a time', () => {
  it('lets the second wait for the first', async () => {
    const lock = path.join(folder, 'a.lock');
    const order: string[] = [];
    const [second] = await alone(lock, async () => {
      const waiting = alone(lock, async () => void order.push('second'));
      order.push('first');
      return [waiting];
    });
    await second;
    expect(order).toEqual(['first', 'second']);
    expect(existsSync(lock)).toBe(false);
  });

  it('takes over a lock whose owner is gone', async () => {
    const lock = path.join(folder, 'b.lock');
    const child = spawn(process.execPath, ['-e', '']);
    const pid = child.pid ?? 0;
    await new Promise((resolve) => child.on('exit', resolve));
    expect(alive(pid)).toBe(false);
    await writeFile(lock, String(pid));
    expect(await alone(lock, () => readFile(lock, 'utf8'))).toBe(String(process.pid));
  });
});
