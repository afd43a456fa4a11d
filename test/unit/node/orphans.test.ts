import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { childEnvironment } from '../../../src/node/environment.ts';
import { commandLimits } from '../../../src/node/limits.ts';
import { descendants, type Found, foundInProc, markNumber, marked } from '../../../src/node/marks.ts';
import { type Ended, processesByPs, run, start } from '../../../src/node/spawn.ts';
import { leaving, lowered, stayers, staying, writtenIn } from '../../support/stayers.ts';

/** Ended when what was to stay has said `ready`; without it after `timeout`, or by itself. */
type Way = { timeout?: number; cancel?: boolean };

/** Runs it in a folder of its own, and says what of it was there, and is. */
async function bash(
  finished: (clean: () => void) => void,
  script: string,
  { timeout = 25_000, cancel = false }: Way = {},
) {
  const cwd = mkdtempSync(join(tmpdir(), 'drover-orphans-'));
  finished(() => {
    for (const pid of staying(cwd)) process.kill(pid, 'SIGKILL');
    rmSync(cwd, { recursive: true, force: true });
  });
  const cancelling = new AbortController();
  const ended: Ended = await run({
    command: 'bash',
    args: ['--noprofile', '--norc', '-c', script],
    cwd,
    env: childEnvironment(process.env, []),
    limits: commandLimits(timeout),
    signal: cancelling.signal,
    timeout,
    output: (bytes) => {
      if (cancel && bytes.includes('ready')) cancelling.abort();
    },
  });
  return { ...ended, there: writtenIn(cwd).length, left: staying(cwd) };
}

describe.skipIf(process.platform !== 'linux')('of what a command leaves running nothing is left', () => {
  test.concurrent.for(stayers)('when it ends by itself: $name', async (stayer, { expect, onTestFinished }) => {
    const ended = await bash(onTestFinished, leaving(stayer));
    expect(ended).toMatchObject({ why: 'exit', code: 0, leftovers: true, there: stayer.count, left: [] });
  });

  test.concurrent.for([...stayers, lowered])(
    'when it is stopped: $name',
    async (stayer, { expect, onTestFinished }) => {
      const ended = await bash(onTestFinished, `${leaving(stayer)}\necho ready\nsleep 300`, { cancel: true });
      expect(ended).toMatchObject({ why: 'cancel', there: stayer.count, left: [] });
    },
  );

  test.concurrent.for(stayers.slice(-4, -1))(
    'when its time is over: $name',
    async (stayer, { expect, onTestFinished }) => {
      const ended = await bash(onTestFinished, `${leaving(stayer)}\nsleep 300`, { timeout: 3000 });
      expect(ended).toMatchObject({ why: 'timeout', there: stayer.count, left: [] });
    },
  );
});

describe.skipIf(process.platform !== 'linux')('processes', () => {
  test('are told apart by the numbers of their marks, as by the marks', async () => {
    const begin = async (mark: string) =>
      start({
        command: 'env',
        args: ['-i', 'sleep', '300'],
        env: { PATH: process.env['PATH'], DROVER_RUN: mark },
        limits: commandLimits(60_000),
      });
    const [one, two, other] = await Promise.all([begin('here.a'), begin('here.b'), begin('elsewhere.a')]);
    try {
      await expect.poll(() => new Set(marked('here'))).toEqual(new Set([one.pid, two.pid]));
      expect(marked('here.a')).toEqual([one.pid]);
      expect(marked(two.mark)).toEqual([two.pid]);
      expect(marked('elsewhere')).toEqual([other.pid]);
      expect(marked('nowhere')).toEqual([]);
    } finally {
      await Promise.all([one, two, other].map((each) => each.stop(0)));
    }
    expect(marked('here')).toEqual([]);
  });

  test('have the same family by whichever way it is asked for', async () => {
    const env = { PATH: process.env['PATH'] };
    const top = await start({ command: 'bash', args: ['-c', 'setsid bash -c "sleep 300; true" & sleep 300'], env });
    const family = (all: readonly Found[]) => new Set(descendants(top.pid, all).map(({ pid }) => pid));
    try {
      await expect.poll(() => family(foundInProc()).size).toBe(3);
      expect(family(await processesByPs())).toEqual(family(foundInProc()));
    } finally {
      await top.stop(0);
    }
  });

  test('have marks whose numbers the system takes for a limit', () => {
    for (let at = 0; at < 1000; at++) {
      const number = markNumber(`mark-${at}.agent.${at}`);
      expect(number).toBeGreaterThan(0n);
      expect(number).toBeLessThan(2n ** 63n);
    }
  });
});
