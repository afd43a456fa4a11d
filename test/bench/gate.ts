import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'unbash';
import { explain, type Standing } from '../../src/node/explain.ts';
import { corpus } from '../support/corpus.ts';

/** Times through all lines; the first is not counted. */
const ROUNDS = 4;
/** A project of a usual size: what lies below a folder is looked up for each search. */
const FILES = 4000;
const FOLDERS = 400;

/**
 * What a decision takes in a repository with some thousand files, from the arguments of a call to the verdict with every path
 * looked up, beside the parsing of the same command line alone. Prints decisions a second and their times; less is better in the ratios.
 */
export async function bench(signal: AbortSignal): Promise<Record<string, number>> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'drover-bench-')));
  fill(root);
  const policy = { trusted: true, execute: 'ask', edits: 'ask', contained: true, home: root } as const;
  const standing: Standing = { roots: [root], policy };
  const lines = [...corpus('everyday'), ...corpus('hostile')];
  try {
    const parsing: number[] = [];
    const deciding: number[] = [];
    for (let round = 0; round < ROUNDS && !signal.aborted; round++) {
      for (const command of lines) {
        const began = performance.now();
        parse(command);
        const between = performance.now();
        await explain('bash', JSON.stringify({ command }), standing);
        const ended = performance.now();
        if (round === 0) continue;
        parsing.push(between - began);
        deciding.push(ended - between);
      }
    }
    const seconds = deciding.reduce((sum, time) => sum + time, 0) / 1000;
    const [half, most] = [quantile(deciding, 0.5), quantile(deciding, 0.99)];
    console.log(
      `${Math.round(deciding.length / seconds)} decisions/s, p50 ${half.toFixed(3)} ms, p99 ${most.toFixed(3)} ms`,
    );
    return { p50: half / quantile(parsing, 0.5), p99: most / quantile(parsing, 0.99) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function fill(root: string): void {
  const names = Array.from({ length: FILES }, (_, at) => `src/part${at % FOLDERS}/file${at}.ts`);
  const contents = [
    ...names.map((name) => [name, 'export const total = 1;\n'] as const),
    ['package.json', '{}\n'],
    ['.gitignore', 'dist/\nnode_modules/\n'],
  ] as const;
  for (const [name, content] of contents) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  execFileSync('git', ['-C', root, 'init', '-q']);
  execFileSync('git', ['-C', root, 'add', '-A']);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
