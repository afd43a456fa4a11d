// Runs a script of this project under a Node that can run Drover (22.18 or newer, which also reads TypeScript).
// Where the Node at hand is older, Node 24 is fetched from npm once, into the user's cache, and used instead.
// This file alone must run on Node 20.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

const VERSION = '24.21.0';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const fits = major > 22 || (major === 22 && minor >= 18);
let how = 'found';
const node = fits ? process.execPath : fetched();

// `npm run drover` in a checkout that was not built yet.
const [script = '', ...args] = process.argv.slice(2);
if (script.startsWith('dist/') && !existsSync(script)) {
  const built = spawnSync(node, ['scripts/build.ts'], { stdio: ['ignore', 2, 'inherit'] });
  if (built.status !== 0) process.exit(1);
}

// What has just been fetched is not said to have been found (scripts/parts.ts).
const env = { ...process.env, DROVER_NODE: how, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
// `npm --prefix CHECKOUT run drover` works in the folder that it is called in, which npm has left.
const cwd = process.env.npm_lifecycle_event === 'drover' ? process.env.INIT_CWD : undefined;
const child = spawn(node, ['--disable-warning=ExperimentalWarning', resolve(script), ...args], {
  stdio: 'inherit',
  env,
  cwd,
});
// Ctrl+C at a terminal reaches the child by itself; a second signal would cut its orderly end short.
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});

/** The folder for what only development needs; safe to delete. */
function cache() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'drover');
}

/** Node 24 as npm packages it: the binary of the platform, no install script. */
function fetched() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = join(cache(), `node-${VERSION}`);
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  how = 'fetched';
  console.error(`Drover needs Node 22.18 or newer and this is ${process.version}; fetching Node ${VERSION} from npm …`);
  const part = `${folder}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = [
    'install',
    '--prefix',
    part,
    '--ignore-scripts',
    '--no-fund',
    '--no-audit',
    '--loglevel=error',
    `${name}@${VERSION}`,
  ];
  const result = spawnSync(npm, args, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
  if (result.status !== 0) {
    rmSync(part, { recursive: true, force: true });
    console.error(`Node ${VERSION} could not be fetched. Install Node 22.18 or newer, then run this again.`);
    process.exit(1);
  }
  if (existsSync(folder)) rmSync(part, { recursive: true, force: true });
  else renameSync(part, folder);
  return binary;
}
