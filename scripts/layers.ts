// The layers of the tests: what each runs, and how its passes and failures are counted.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { lastLines, type Ran, type RunOptions, runTool } from './child.ts';

export const root = join(import.meta.dirname, '..');

/** Where layers leave their counts, and failed ones their logs and pictures; ignored by git. */
export const resultsFolder = join(root, 'test-results');

export interface Result {
  layer: string;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
  /** What to read when something failed; empty otherwise. */
  report: string;
}

/** Milliseconds after which a layer is ended and counts as failed. */
const LAYER_LIMIT = 15 * 60_000;

export type LayerName = 'check' | 'unit' | 'process' | 'panel' | 'engine' | 'host' | 'e2e';
export type PartName = 'build' | 'chromium' | 'code-server' | 'engine' | 'sandbox';

interface Layer {
  parts: PartName[];
  run: (options: RunOptions) => Promise<Result>;
}

/** The order is that of the cost: what is cheap and likely to fail comes first. */
export const layers: Record<LayerName, Layer> = {
  check: { parts: [], run: staticChecks },
  unit: { parts: ['sandbox'], run: (options) => vitest('unit', options) },
  process: { parts: ['build', 'sandbox'], run: (options) => vitest('process', options) },
  panel: { parts: ['build', 'chromium'], run: (options) => vitest('panel', options) },
  engine: { parts: ['build', 'engine'], run: (options) => vitest('engine', options) },
  host: { parts: ['build', 'code-server', 'chromium'], run: host },
  e2e: { parts: ['build', 'code-server', 'chromium'], run: (options) => vitest('e2e', options) },
};

export function isLayer(name: string): name is LayerName {
  return Object.hasOwn(layers, name);
}

/** Format, lint and types; four programs side by side, each counts as one. */
async function staticChecks(options: RunOptions): Promise<Result> {
  const checks: [name: string, bin: string, args: string[]][] = [
    ['format', 'oxfmt', ['--check']],
    ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
    ['types', 'tsc', ['-p', '.']],
    ['types of media', 'tsc', ['-p', 'media']],
  ];
  const start = performance.now();
  const outcomes = await Promise.all(
    checks.map(async ([name, bin, args]) => ({ name, ...(await tool(bin, args, options)) })),
  );
  const bad = outcomes.filter((outcome) => outcome.code !== 0);
  return {
    layer: 'check',
    passed: outcomes.length - bad.length,
    failed: bad.length,
    skipped: 0,
    seconds: (performance.now() - start) / 1000,
    report: bad.map((outcome) => `${outcome.name}:\n${outcome.output.trim()}\n`).join('\n'),
  };
}

/** Programs whose package has another name. */
const PACKAGES: Record<string, string> = { tsc: 'typescript', vsce: '@vscode/vsce' };

/** Runs a program that a package of ours brings. */
export async function tool(bin: string, args: string[], options: RunOptions = {}): Promise<Ran> {
  const manifest = createRequire(import.meta.url).resolve(`${PACKAGES[bin] ?? bin}/package.json`);
  const { bin: bins } = JSON.parse(await readFile(manifest, 'utf8')) as { bin: string | Record<string, string> };
  const path = typeof bins === 'string' ? bins : bins[bin];
  if (path === undefined) throw new Error(`${manifest} has no program ${bin}`);
  return runTool(join(dirname(manifest), path), args, { folder: root, ...options });
}

/** The parts of vitest's JSON report that are counted. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  success: boolean;
  testResults: { name: string; status: string; assertionResults: unknown[] }[];
}

/**
 * How many test files run side by side: one at a time where they start model servers and browsers, or two cores are too few
 * for their time limits. vitest itself would leave one core free.
 */
const WORKERS = { unit: '100%', process: '2', panel: '1', engine: '1', e2e: '1' };

async function vitest(layer: keyof typeof WORKERS, options: RunOptions): Promise<Result> {
  const start = performance.now();
  const file = join(resultsFolder, `${layer}.json`);
  await mkdir(resultsFolder, { recursive: true });
  await rm(file, { force: true });
  const ran = await tool(
    'vitest',
    [
      'run',
      `--project=${layer}`,
      '--reporter=dot',
      '--reporter=json',
      `--outputFile=${file}`,
      `--maxWorkers=${WORKERS[layer]}`,
    ],
    { limit: LAYER_LIMIT, ...options, environment: { ...process.env, NO_COLOR: '1', ...options.environment } },
  );
  const counts = await readCounts(file, ran.code === 0);
  return {
    layer,
    ...counts,
    seconds: (performance.now() - start) / 1000,
    report: counts.failed === 0 ? '' : lastLines(ran.output, 400),
  };
}

type Counts = Pick<Result, 'passed' | 'failed' | 'skipped'>;

/** A file that could not be loaded has no tests, yet it failed; so has a run without a report, or that ended badly. */
export async function readCounts(file: string, endedWell: boolean): Promise<Counts> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(text) as Report;
  const unloaded = report.testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.length === 0,
  );
  const failed = report.numFailedTests + unloaded.length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !(endedWell && report.success) ? 1 : failed,
    skipped: report.numPendingTests,
  };
}

/** The suites inside a real VS Code: a program of its own that leaves its counts in a file. */
async function host(options: RunOptions): Promise<Result> {
  const start = performance.now();
  const file = join(resultsFolder, 'host.json');
  await mkdir(resultsFolder, { recursive: true });
  await rm(file, { force: true });
  const ran = await runTool(join(root, 'test', 'host', 'launch.ts'), [], {
    folder: root,
    limit: LAYER_LIMIT,
    ...options,
  });
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const counts = text === undefined ? { passed: 0, failed: 1, skipped: 0 } : (JSON.parse(text) as Counts);
  const failed = counts.failed === 0 && ran.code !== 0 ? 1 : counts.failed;
  return {
    layer: 'host',
    passed: counts.passed,
    failed,
    skipped: counts.skipped,
    seconds: (performance.now() - start) / 1000,
    report: failed === 0 ? '' : lastLines(ran.output, 400),
  };
}

/** `12 passed, 0 failed`, with the skipped ones where there are any. */
export function counted(results: Counts[]): string {
  const sum = (key: keyof Counts): number => results.reduce((total, result) => total + result[key], 0);
  const skipped = sum('skipped');
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

/** A layer without a single test is broken, not good. */
export function good(result: Result): boolean {
  return result.failed === 0 && result.passed > 0;
}
