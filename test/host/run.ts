// Runs inside the extension host: the suites of this folder with Mocha, their results as JSON for the launcher.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import type { HostResults } from '../support/host.ts';

/** Names of the suites; test/support/host.ts puts them here when it bundles this file. */
declare const SUITES: string[];

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: 'spec' });
  // What Mocha does for each file it loads itself: puts `describe` and `it` in place.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  for (const name of SUITES) await import(`./${name}.test.ts`);
  const results: HostResults = { passed: 0, failed: 0, skipped: 0, tests: [] };
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', (test) => {
      results.passed++;
      results.tests.push({ name: test.fullTitle() });
    });
    runner.on('pending', () => results.skipped++);
    runner.on('fail', (test, error: Error) => {
      results.failed++;
      results.tests.push({ name: test.fullTitle(), error: error.stack ?? error.message });
    });
  });
  const file = process.env['DROVER_HOST_RESULTS'];
  if (file === undefined) throw new Error('DROVER_HOST_RESULTS does not say where the results go.');
  writeFileSync(file, JSON.stringify(results));
  if (results.failed > 0) throw new Error(`${results.failed} failed`);
}
