// `npm start`: Drover in a real VS Code, on a copy of the sample workspace.
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { address, answers, readDiscovery, runFolder } from '../src/node/discovery.ts';
import { stateFolder } from '../src/node/folders.ts';
import { lastLines, run, runTool } from './child.ts';
import { bundles } from './bundles.ts';
import { installVsix, startEditorServer, writeSettings } from './editorServer.ts';
import { runHeadless } from './headless.ts';
import { onInterrupt } from './interrupt.ts';
import { root } from './layers.ts';
import { orUsage } from './options.ts';
import { codeServer, desktop, Missing, node, part, sandbox, type Say } from './parts.ts';
import { prepareEngine } from './prepareEngine.ts';
import { alive, endTree, gone, marked, mentioning } from './processes.ts';
import { writeTinyModel } from './tinyModel.ts';
import { packVsix } from './vsix.ts';

const usage = `Usage: npm start [-- OPTION...]

  (none)          open VS Code with Drover on a copy of sample/: the desktop's where there is one, else in the browser
  --browser       in the browser, even where there is a desktop VS Code
  --headless      no editor: the supervisor alone, with curl lines to paste; where nothing is set up it fetches the
                  first-run model (98 MB) when it is first needed
    --no-auth     ask for no token (loopback only)
    --port N      listen there
  --stop          end the supervisor that runs, as \`drover stop\` does
  --check         do the whole job once without an editor, print how it went, leave nothing behind
  --help          this text`;

const { values: options } = orUsage(() => {
  const parsed = parseArgs({
    options: {
      browser: { type: 'boolean' },
      headless: { type: 'boolean' },
      'no-auth': { type: 'boolean' },
      port: { type: 'string' },
      stop: { type: 'boolean' },
      check: { type: 'boolean' },
    },
  });
  const { values } = parsed;
  if ([values.browser, values.headless, values.stop, values.check].filter(Boolean).length > 1) {
    throw new Error('--browser, --headless, --stop and --check exclude each other');
  }
  if (!values.headless && (values['no-auth'] || values.port !== undefined)) {
    throw new Error('--no-auth and --port belong to --headless');
  }
  return parsed;
}, usage);

const say: Say = (line) => console.log(line);
const { signal } = onInterrupt();
const cli = join(root, 'dist', 'cli.js');

try {
  process.exitCode = await main();
} catch (error) {
  if (signal.aborted) {
    say('Stopped.');
  } else if (error instanceof Missing) {
    console.error(`${error.message}\n${error.advice}`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}

async function main(): Promise<number> {
  if (options.stop) return stop();
  if (options.headless) await refuseSecond();
  await part(say, node);
  await part(say, () => bundles(signal));
  if (process.env['DROVER_SANDBOX'] !== 'off') await part(say, sandbox);
  const folder = await mkdtemp(join(tmpdir(), 'drover-'));
  const workspace = join(folder, 'shop');
  await cp(join(root, 'sample'), workspace, { recursive: true });
  if (options.check) {
    try {
      return await check(folder, workspace);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  say(`sample: copied to ${workspace}`);
  if (options.headless) {
    const args = [
      `--workspace=${workspace}`,
      '--or-first-run',
      ...(options['no-auth'] ? ['--no-auth'] : []),
      ...(options.port === undefined ? [] : [`--port=${options.port}`]),
    ];
    return runHeadless(cli, args, say, signal);
  }
  return openEditor(folder, workspace);
}

async function stop(): Promise<number> {
  if (!existsSync(cli)) await part(say, () => bundles(signal));
  const ran = await runTool(cli, ['stop'], { signal, hear: (text) => process.stdout.write(text) });
  return ran.code ?? 1;
}

/** Before anything is built or copied for it. */
async function refuseSecond(): Promise<void> {
  const running = readDiscovery(runFolder(stateFolder(process.env)));
  if (!running || !(await answers(running, signal))) return;
  const where = `${address(running)} (process ${running.pid})`;
  const advice = 'Use that one, or end it with `npm start -- --stop`.';
  throw new Missing(`A supervisor already runs for this state folder: ${where}.`, advice);
}

/** The whole job once; the tiny model is what it goes on with where no real one can be had. */
async function check(folder: string, workspace: string): Promise<number> {
  const tiny = join(folder, 'tiny.gguf');
  await writeTinyModel(tiny, 'plain');
  const args = ['check', '--workspace', workspace, '--fallback-model', tiny];
  const ran = await runTool(cli, args, { signal, hear: (text) => process.stdout.write(text) });
  return ran.code ?? 1;
}

/** Opens VS Code and stays until Ctrl+C (or, on a desktop, until the window is closed); then ends what it started. */
async function openEditor(folder: string, workspace: string): Promise<number> {
  const before = readDiscovery(runFolder(stateFolder(process.env)))?.pid;
  const mark = `DROVER_START=${randomUUID()}`;
  const environment = { ...process.env, DROVER_START: mark.slice('DROVER_START='.length) };
  const editor = join(folder, 'editor');
  const vsix = join(folder, 'drover.vsix');
  try {
    await packVsix(vsix);
    const window = options.browser ? undefined : await desktop(say);
    const server = window === undefined ? await part(say, codeServer) : await part(say, async () => window);
    await prepareEngine(cli, environment, say, signal);
    if (window === undefined) await browserEditor(server.path, editor, vsix, workspace, environment);
    else await desktopEditor(window.path, editor, vsix, workspace, environment);
    return 0;
  } finally {
    say('Ending what was started …');
    await endRest(before, mark, editor);
    await rm(editor, { recursive: true, force: true });
    await rm(vsix, { force: true });
    say(`Your copy of the sample stays: ${workspace}`);
  }
}

async function browserEditor(
  entry: string,
  folder: string,
  vsix: string,
  workspace: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const password = randomBytes(9).toString('base64url');
  await installVsix(entry, folder, vsix);
  // The folder is our own copy: there is nothing in it that the person would have to decide about first.
  const flags = ['--disable-workspace-trust'];
  const server = await startEditorServer({ entry, folder, password, flags, environment, signal });
  try {
    say('');
    say(`VS Code is ready: ${server.url}/?folder=${encodeURI(workspace)}`);
    say(`Password: ${password}`);
    say('Click the Drover icon at the left. Ctrl+C here ends it all.');
    await ended(server.pid);
    if (!signal.aborted) throw new Missing('code-server ended by itself.', 'Run `npm start` again.');
  } finally {
    await server.end();
  }
}

async function desktopEditor(
  code: string,
  folder: string,
  vsix: string,
  workspace: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const userData = join(folder, 'user-data');
  await writeSettings(userData, {});
  const own = ['--user-data-dir', userData, '--extensions-dir', join(folder, 'extensions')];
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const installed = await run(code, [...own, ...asRoot, '--install-extension', vsix], { environment, limit: 60_000 });
  if (installed.code !== 0) {
    throw new Missing(
      `VS Code refused the extension:\n${lastLines(installed.output)}`,
      'Try `npm start -- --browser`.',
    );
  }
  say('');
  say(`VS Code opens on ${workspace}.`);
  say('Click the Drover icon at the left. Closing the window, or Ctrl+C here, ends it all.');
  const flags = ['--new-window', '--wait', '--disable-workspace-trust'];
  const ran = await run(code, [...own, ...asRoot, ...flags, workspace], { environment, signal });
  if (ran.code !== 0 && !signal.aborted) {
    throw new Missing(`VS Code ended badly:\n${lastLines(ran.output)}`, 'Try `npm start -- --browser`.');
  }
}

/** Resolves when the process is gone or the person pressed Ctrl+C. */
async function ended(pid: number): Promise<void> {
  while (alive(pid) && !signal.aborted) await gone([pid], 200);
}

/** The supervisor that this start caused, and whatever else left its process tree. One that ran before stays. */
async function endRest(before: number | undefined, mark: string, editor: string): Promise<void> {
  const caused = readDiscovery(runFolder(stateFolder(process.env)))?.pid;
  if (caused !== undefined && caused !== before) await endTree(caused, 5000);
  for (const pid of [...(await marked(mark)), ...(await mentioning(editor))]) await endTree(pid);
}
