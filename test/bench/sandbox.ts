import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../src/node/environment.ts';
import { Sandbox } from '../../src/node/sandbox.ts';
import { run } from '../../src/node/spawn.ts';
import { bubblewrapFolder } from '../support/installedBubblewrap.ts';

const ROUNDS = 30;

/**
 * What shutting commands in costs an agent: its start with the first command, and from then on a trivial command inside
 * beside the same in plain bash, in a workspace with 300 files; and the memory of the process before and after. Less is
 * better in the ratios.
 */
export async function bench(signal: AbortSignal): Promise<Record<string, number>> {
  const managed = await bubblewrapFolder();
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'drover-bench-')));
  const root = join(base, 'shop');
  const environment = childEnvironment(process.env, [root]);
  execFileSync('git', ['init', '-q', root]);
  for (let each = 0; each < 300; each++) writeFileSync(join(root, `file${each}.ts`), '');
  const plan = { managed, temporary: join(base, 'tmp'), taken: join(base, 'taken'), hidden: [] };
  const sandbox = new Sandbox({ plan, roots: [root], home: process.env['HOME'], environment });

  async function time(contained: boolean): Promise<number> {
    const began = performance.now();
    const entered = contained ? await sandbox.enter('true', signal) : undefined;
    const args = ['--noprofile', '--norc', '-c', entered?.command ?? 'true'];
    const env = { ...environment, ...entered?.environment };
    const { code } = await run({ command: 'bash', args, cwd: root, env, signal, timeout: 10_000 });
    if (code !== 0) throw new Error(`ended with ${code}`);
    entered?.leave();
    return performance.now() - began;
  }

  try {
    await time(false);
    const before = residentMemory();
    const began = performance.now();
    const problem = await sandbox.obstacle(signal);
    if (problem !== undefined) throw new Error(problem.message);
    const start = performance.now() - began;
    const plain: number[] = [];
    const inside: number[] = [];
    for (let round = 0; round < ROUNDS && !signal.aborted; round++) {
      plain.push(await time(false));
      inside.push(await time(true));
    }
    const memory = residentMemory();
    const [bare, shut] = [middle(plain), middle(inside)];
    console.log(
      `start ${start.toFixed(0)} ms; a trivial command ${shut.toFixed(1)} ms inside, ${bare.toFixed(1)} ms in plain bash; ` +
        `memory ${before.toFixed(1)} MB before, ${memory.toFixed(1)} MB after ${2 * ROUNDS} commands`,
    );
    return { start: start / bare, command: shut / bare, memory: memory / before };
  } finally {
    sandbox.close();
    rmSync(base, { recursive: true, force: true });
  }
}

/** Of this process, in MB, after what nobody needs any more is gone where the runtime can be asked for that. */
function residentMemory(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 1e6;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
