// Runs Mocha suites inside the extension host of a real VS Code (code-server, driven by a headless browser tab).
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import { startEditorServer } from '../../scripts/editorServer.ts';
import { codeServer } from '../../scripts/parts.ts';
import { keepEvidence, launchBrowser, openTab, results } from './browser.ts';
import { makePlace, root } from './place.ts';

/** What test/host/run.ts leaves in the file that DROVER_HOST_RESULTS names. */
export interface HostResults {
  passed: number;
  failed: number;
  skipped: number;
  tests: { name: string; error?: string }[];
}

/** One run in the host: which suites, by the names of their files, and what they find there. */
export interface HostRun {
  suites: string[];
  environment?: Record<string, string>;
  settings?: Record<string, unknown>;
  /** Milliseconds. */
  limit?: number;
}

/**
 * Starts a fresh VS Code on a copy of the sample with the extension of this checkout, runs the suites in it, and ends
 * everything. An exit without results, or with none that ran, is a failure.
 */
export async function runInHost(run: HostRun): Promise<HostResults> {
  const place = await makePlace();
  const file = path.join(results, 'host-results.json');
  await rm(file, { force: true });
  const entry = await bundleSuites(run.suites);
  try {
    const { path: server } = await codeServer((line) => console.log(line));
    const editor = await startEditorServer({
      entry: server,
      folder: place.editor,
      environment: place.environment,
      settings: run.settings ?? {},
      // Without the smoke-test driver a built workbench ignores the test payload, silently.
      flags: ['--disable-workspace-trust', '--vscode-option=enable-smoke-test-driver'],
    });
    try {
      const environment = { ...run.environment, DROVER_HOST_RESULTS: file };
      const address = hostAddress(editor.url, place.workspace, entry, environment);
      await drive(address, editor.log, run.limit ?? 180_000);
    } finally {
      await editor.end();
    }
  } finally {
    await place.remove();
  }
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new Error('VS Code ended without results of the suites.');
  return JSON.parse(text) as HostResults;
}

/** One file for the host: it is loaded with `require`, and knows neither TypeScript nor our folders. */
async function bundleSuites(suites: string[]): Promise<string> {
  const outfile = path.join(results, 'host', 'run.cjs');
  await build({
    entryPoints: [path.join(root, 'test', 'host', 'run.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    define: { SUITES: JSON.stringify(suites) },
    logLevel: 'warning',
    // What a support file asks of import.meta only matters where it is a program itself.
    logOverride: { 'empty-import-meta': 'silent' },
  });
  return outfile;
}

function hostAddress(url: string, workspace: string, entry: string, environment: Record<string, string>): string {
  const { host } = new URL(url);
  const remote = (file: string): string => `vscode-remote://${host}${file}`;
  const payload = [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(entry)],
    ['extensionEnvironment', JSON.stringify(environment)],
  ];
  const address = new URL(url);
  address.searchParams.set('folder', workspace);
  address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}

/** Opens the page and waits until the suites have ended; after the limit, evidence is kept and it is an error. */
async function drive(address: string, serverLog: string, limit: number): Promise<void> {
  const browser = await launchBrowser();
  try {
    const tab = await openTab(browser);
    const ended = Promise.withResolvers<number>();
    const said: string[] = [];
    await tab.page.exposeFunction('codeAutomationLog', (type: string, parts: unknown[]) => {
      said.push(`${type}: ${parts.map(String).join(' ')}`);
    });
    await tab.page.exposeFunction('codeAutomationExit', (code: number) => ended.resolve(code));
    await tab.page.goto(address);
    const late = new AbortController();
    const code = await Promise.race([ended.promise, delay(limit, -1, { signal: late.signal })]);
    late.abort();
    if (code === 0) return;
    const logs = { 'host.txt': said.join('\n'), 'code-server.txt': await readFile(serverLog, 'utf8') };
    const folder = await keepEvidence('host', tab, logs);
    console.error(code === -1 ? `The suites did not end within ${limit / 1000} s.` : `The suites ended with ${code}.`);
    console.error(`Picture and logs: ${folder}`);
    if (code === -1) throw new Error('The suites did not end.');
  } finally {
    await browser.close();
  }
}

/** Makes the folder for results; the launcher writes there before anything else does. */
export async function makeResults(): Promise<string> {
  await mkdir(results, { recursive: true });
  return results;
}
