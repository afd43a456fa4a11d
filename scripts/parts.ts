// The parts that development needs and package.json cannot bring: an editor to run in and a browser to drive it.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLines, run, runTool } from './child.ts';
import { alive } from './processes.ts';

const CODE_SERVER = '4.139.1';

/** A part that is there: where, and in words how it got there. */
export interface Part {
  name: string;
  path: string;
  how: string;
}

/** Says one line to the person. */
export type Say = (line: string) => void;

/** A part could not be had. `advice` says the shortest thing the person can do. */
export class Missing extends Error {
  readonly advice: string;
  constructor(message: string, advice: string) {
    super(message);
    this.name = 'Missing';
    this.advice = advice;
  }
}

/** The folder for what only development needs; safe to delete. scripts/node.mjs uses the same. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'drover');
}

/** Runs `get` and says one line about the part: where it was found, or how long fetching it took. */
export async function part(say: Say, get: (say: Say) => Promise<Part>): Promise<Part> {
  const start = performance.now();
  const found = await get(say);
  const seconds = (performance.now() - start) / 1000;
  say(`${found.name}: ${found.how}${seconds < 1 ? '' : ` in ${seconds.toFixed(0)} s`} (${found.path})`);
  return found;
}

/** The Node that runs this; scripts/node.mjs has found or fetched it. */
export async function node(): Promise<Part> {
  const cached = process.execPath.startsWith(cacheFolder());
  const fetched = process.env['DROVER_NODE'] === 'fetched';
  return {
    name: `Node ${process.versions.node}`,
    path: process.execPath,
    how: fetched ? 'fetched' : cached ? 'found in the cache' : 'found',
  };
}

/**
 * code-server from npm, `path` being its entry script: a real VS Code as a server for a browser. Installed without any
 * install script (they want compilers and headers, and nothing that Drover needs is missing without them). Its own
 * post-install step, skipped with the others, would install two inner folders: so we do that.
 */
export async function codeServer(say: Say): Promise<Part> {
  const name = `code-server ${CODE_SERVER}`;
  const folder = join(cacheFolder(), `code-server-${CODE_SERVER}`);
  const path = join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  if (existsSync(path)) return { name, path, how: 'found in the cache' };
  return alone(`${folder}.lock`, async () => {
    if (existsSync(path)) return { name, path, how: 'found in the cache' };
    say(`${name}: fetching from npm (600 MB on disk) …`);
    const unfinished = `${folder}.${process.pid}`;
    await mkdir(unfinished, { recursive: true });
    try {
      const inner = join(unfinished, 'node_modules', 'code-server', 'lib', 'vscode');
      await npmInstall(unfinished, [`code-server@${CODE_SERVER}`]);
      await npmInstall(inner, ['--omit=dev']);
      await npmInstall(join(inner, 'extensions'), ['--omit=dev']);
      // The rename is the done mark: a folder with the right name is whole.
      await rename(unfinished, folder);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
    return { name, path, how: 'fetched from npm' };
  });
}

async function npmInstall(folder: string, what: string[]): Promise<void> {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const ran = await run(npm, ['install', '--prefix', folder, ...quiet, ...what], { folder, limit: 9 * 60_000 });
  if (ran.code === 0) return;
  throw new Missing(
    `code-server could not be installed from npm:\n${lastLines(ran.output)}`,
    'Check that `npm view code-server version` answers, then try again.',
  );
}

/** Runs `work` while no other process holds this lock; a lock whose owner is gone is taken over. */
export async function alone<T>(lock: string, work: () => Promise<T>): Promise<T> {
  await mkdir(cacheFolder(), { recursive: true });
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (owner > 0 && !alive(owner)) await rm(lock, { force: true });
      else await delay(250);
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** What commands are shut in with: on Linux bubblewrap, which the product finds or fetches. Where it cannot be had, Drover asks instead. */
export async function sandbox(say: Say): Promise<Part> {
  const ran = await runTool(join(import.meta.dirname, '..', 'server', 'cli.ts'), ['sandbox', '--fetch'], {
    limit: 9 * 60_000,
    hear: (text) =>
      text
        .split('\n')
        .filter((line) => /^(?:Reading|Fetching)/.test(line))
        .forEach((line) => say(`sandbox: ${line}`)),
  });
  const [, how = '', path = ''] = /^bubblewrap: (\w+) \((.*)\)$/m.exec(ran.output) ?? [];
  const verdict = ran.output.trimEnd().split('\n').at(-1) ?? '';
  if (ran.code !== 0) say(`sandbox: ${verdict}`);
  const off = verdict.includes('switched off');
  const works = ran.code === 0 ? 'works' : off ? 'is switched off' : 'does not work here';
  return {
    name: 'sandbox',
    path: path || process.platform,
    how: how === '' ? works : `bubblewrap ${how}, ${works}`,
  };
}

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'chrome'];
const BROWSER_PLACES = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A Chromium for the browser tests: DROVER_CHROMIUM, PATH, the usual places, else the system's package, else playwright's. */
export async function chromium(say: Say): Promise<Part> {
  const found = foundChromium();
  if (found !== undefined) return { name: 'Chromium', path: found, how: 'found' };
  if (await isDebianRoot()) {
    say('Chromium: fetching with apt-get …');
    const failed = await aptInstall('chromium');
    const path = foundChromium();
    if (path !== undefined) return { name: 'Chromium', path, how: 'fetched with apt-get' };
    throw new Missing(`Chromium could not be installed:\n${failed}`, 'Run `apt-get install chromium`, then try again.');
  }
  say("Chromium: fetching playwright's …");
  const path = await playwrightChromium();
  if (path !== undefined) return { name: 'Chromium', path, how: 'fetched by playwright' };
  throw new Missing(
    'No Chromium was found, and none could be fetched.',
    'Install Chromium or Chrome, or name one in DROVER_CHROMIUM, then try again.',
  );
}

function foundChromium(): string | undefined {
  const given = process.env['DROVER_CHROMIUM'];
  if (given !== undefined && existsSync(given)) return given;
  return onPath(BROWSERS) ?? BROWSER_PLACES.find((path) => existsSync(path));
}

/** The first of these programs that PATH has. */
export function onPath(names: string[], environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const paths = names.flatMap((name) =>
    folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))),
  );
  return paths.find((path) => existsSync(path));
}

async function isDebianRoot(): Promise<boolean> {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && onPath(['apt-get']) !== undefined;
}

/** @returns what went wrong, empty when nothing did */
async function aptInstall(name: string): Promise<string> {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const patience = ['-o', 'DPkg::Lock::Timeout=300', '-q'];
  const options = { environment, limit: 5 * 60_000 };
  const install = (): ReturnType<typeof run> =>
    run('apt-get', [...patience, 'install', '-y', '--no-install-recommends', name], options);
  const lists = await readdir('/var/lib/apt/lists').catch(() => []);
  if (lists.some((list) => list.includes('Packages'))) {
    const ran = await install();
    if (ran.code === 0) return '';
  }
  // No lists yet, or lists that name packages which are no longer there.
  const update = await run('apt-get', [...patience, 'update'], options);
  const ran = await install();
  return ran.code === 0 ? '' : lastLines(`${update.output}\n${ran.output}`);
}

async function playwrightChromium(): Promise<string | undefined> {
  const cli = join(import.meta.dirname, '..', 'node_modules', 'playwright-core', 'cli.js');
  const ran = await runTool(cli, ['install', 'chromium', '--no-shell'], { limit: 5 * 60_000 });
  if (ran.code !== 0) return undefined;
  const { chromium: browser } = await import('playwright-core');
  const path = browser.executablePath();
  return existsSync(path) ? path : undefined;
}

/** The version of VS Code that the manifest asks for, e.g. 1.125. */
async function wantedVersion(): Promise<[number, number]> {
  const manifest = join(import.meta.dirname, '..', 'package.json');
  const { engines } = JSON.parse(await readFile(manifest, 'utf8')) as { engines: { vscode: string } };
  const [major = 0, minor = 0] = engines.vscode.replace('^', '').split('.').map(Number);
  return [major, minor];
}

/**
 * A desktop VS Code that can show a window here: DROVER_VSCODE, an installed `code`, else one that
 * @vscode/test-electron downloads. Undefined where there is no screen, no download, or only one that is too old.
 */
export async function desktop(say: Say): Promise<Part | undefined> {
  const screen = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  // Inside a remote window `code` only talks to that window.
  if (!screen || process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) return undefined;
  const given = process.env['DROVER_VSCODE'];
  const installed = given ?? onPath(['code']) ?? '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code';
  if (existsSync(installed)) {
    const version = (await run(installed, ['--version'], { limit: 20_000 })).output.split('\n')[0] ?? '';
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const [wantedMajor, wantedMinor] = await wantedVersion();
    if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) {
      return { name: `VS Code ${version}`, path: installed, how: 'found' };
    }
    say(`VS Code ${version} is installed, but Drover needs ${wantedMajor}.${wantedMinor} or newer.`);
  }
  return downloadedDesktop(say);
}

async function downloadedDesktop(say: Say): Promise<Part | undefined> {
  const { downloadAndUnzipVSCode, resolveCliPathFromVSCodeExecutablePath } = await import('@vscode/test-electron');
  say('VS Code: fetching …');
  try {
    const executable = await downloadAndUnzipVSCode({
      version: 'stable',
      cachePath: join(cacheFolder(), 'vscode'),
      timeout: 10_000,
    });
    return { name: 'VS Code', path: resolveCliPathFromVSCodeExecutablePath(executable), how: 'fetched' };
  } catch (error) {
    say(
      `VS Code: none installed and none could be fetched (${error instanceof Error ? error.message : String(error)}).`,
    );
    return undefined;
  }
}
