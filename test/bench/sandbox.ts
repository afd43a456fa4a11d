import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Shut } from '../../src/common/tool.ts';
import { childEnvironment } from '../../src/node/environment.ts';
import { Sandbox } from '../../src/node/sandbox.ts';
import { run } from '../../src/node/spawn.ts';
import { WorkspaceNames } from '../../src/node/workspaceNames.ts';
import { bubblewrapFolder } from '../support/installedBubblewrap.ts';

const ROUNDS = 30;
/** Of the large folder, and in each folder of it. */
const FILES = 20_000;
const IN_EACH = 20;

/**
 * What shutting commands in costs an agent: its start with the first command, and from then on a trivial command inside, and one
 * that only looks, beside the same in plain bash, in a workspace with 300 files; the memory of the process before and after; and what it takes
 * to look through a folder with 20,000 files for names that decide what runs later, the first time and then before and
 * behind each command. Less is better in the ratios.
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

  async function time(shut?: Shut): Promise<number> {
    const began = performance.now();
    const entered = await shut?.enter('true', signal);
    const args = ['--noprofile', '--norc', '-c', entered?.command ?? 'true'];
    const env = { ...environment, ...entered?.environment };
    const { code } = await run({ command: 'bash', args, cwd: root, env, signal, timeout: 10_000 });
    if (code !== 0) throw new Error(`ended with ${code}`);
    entered?.leave();
    return performance.now() - began;
  }

  try {
    await time();
    const before = residentMemory();
    const began = performance.now();
    const problem = await sandbox.obstacle(signal);
    if (problem !== undefined) throw new Error(problem.message);
    const start = performance.now() - began;
    const plain: number[] = [];
    const inside: number[] = [];
    const looks: number[] = [];
    for (let round = 0; round < ROUNDS && !signal.aborted; round++) {
      plain.push(await time());
      inside.push(await time(sandbox));
      looks.push(await time(sandbox.looking));
    }
    const memory = residentMemory();
    const [bare, shut, look] = [middle(plain), middle(inside), middle(looks)];
    console.log(
      `start ${start.toFixed(0)} ms; a trivial command ${shut.toFixed(1)} ms inside, ${look.toFixed(1)} ms where it only looks, ` +
        `${bare.toFixed(1)} ms in plain bash; ` +
        `memory ${before.toFixed(1)} MB before, ${memory.toFixed(1)} MB after ${3 * ROUNDS} commands`,
    );
    const large = await looking(join(base, 'large'), signal);
    const all = `${FILES.toLocaleString('en')} files in ${FILES / IN_EACH} folders`;
    console.log(
      `looking through ${all}: ${large.first.toFixed(0)} ms the first time, then ${large.before.toFixed(1)} ms before and ` +
        `${large.behind.toFixed(1)} ms behind a command; ${large.changed.toFixed(1)} ms where it wrote into every tenth folder`,
    );
    const [first, again] = [large.first / bare, (large.before + large.behind) / bare];
    return { start: start / bare, command: shut / bare, look: look / bare, memory: memory / before, first, again };
  } finally {
    sandbox.close();
    rmSync(base, { recursive: true, force: true });
  }
}

/** In milliseconds. */
async function looking(
  root: string,
  signal: AbortSignal,
): Promise<{ first: number; before: number; behind: number; changed: number }> {
  const folders = Array.from({ length: FILES / IN_EACH }, (_, each) => join(root, `part${each % 25}`, `folder${each}`));
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    for (let each = 0; each < IN_EACH; each++) writeFileSync(join(folder, `component-${each}.ts`), '');
  }
  // What was changed just now is looked at again each time, because it might change once more in the same moment.
  await setTimeout(4000, undefined, { signal });
  const names = new WorkspaceNames(root);
  const first = await timed(() => names.look(signal));
  const rounds: { before: number; behind: number }[] = [];
  for (let round = 0; round < ROUNDS && !signal.aborted; round++) {
    rounds.push({ before: await timed(() => names.look(signal)), behind: await timed(() => names.lookBehind()) });
  }
  for (const [at, folder] of folders.entries()) if (at % 10 === 0) writeFileSync(join(folder, 'new.ts'), '');
  const changed = await timed(() => names.lookBehind());
  return {
    first,
    before: middle(rounds.map((each) => each.before)),
    behind: middle(rounds.map((each) => each.behind)),
    changed,
  };
}

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Of this process, in MB, after what nobody needs any more is gone where the runtime can be asked for that. */
function residentMemory(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 1e6;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
