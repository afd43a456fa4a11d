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
 * looked up, beside the parsing of the same command line alone. Prints decisions a second and their times, of all lines and of those
 * of every day alone, which look up more; less is better in the ratios.
 */
export async function bench(signal: AbortSignal): Promise<Record<string, number>> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'drover-bench-')));
  fill(root);
  const policy = { trusted: true, execute: 'ask', edits: 'ask', contained: true, home: root } as const;
  const standing: Standing = { roots: [root], policy };
  const everyday = corpus('everyday');
  const lines = [...everyday, ...corpus('hostile')];
  try {
    const parsing: number[] = [];
    const deciding: number[] = [];
    const usual: number[] = [];
    for (let round = 0; round < ROUNDS && !signal.aborted; round++) {
      for (const [at, command] of lines.entries()) {
        const began = performance.now();
        parse(command);
        const between = performance.now();
        await explain('bash', JSON.stringify({ command }), standing);
        const ended = performance.now();
        if (round === 0) continue;
        parsing.push(between - began);
        deciding.push(ended - between);
        if (at < everyday.length) usual.push(ended - between);
      }
    }
    told('all lines', deciding);
    told('everyday', usual);
    return {
      p50: quantile(deciding, 0.5) / quantile(parsing, 0.5),
      p99: quantile(deciding, 0.99) / quantile(parsing, 0.99),
      'everyday-p99': quantile(usual, 0.99) / quantile(parsing, 0.99),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function told(what: string, times: readonly number[]): void {
  const seconds = times.reduce((sum, time) => sum + time, 0) / 1000;
  const [half, most] = [quantile(times, 0.5), quantile(times, 0.99)];
  const rate = Math.round(times.length / seconds);
  console.log(`${what}: ${rate} decisions/s, p50 ${half.toFixed(3)} ms, p99 ${most.toFixed(3)} ms`);
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
