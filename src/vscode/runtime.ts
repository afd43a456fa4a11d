import { Problem } from '../common/errors.ts';
import { run } from '../node/spawn.ts';

/** What can run the supervisor, and the environment that makes it do so. */
export interface Runtime {
  path: string;
  environment: Record<string, string>;
}

/** Exits with 0 under a Node that is new enough and whose SQLite can search texts. */
const PROBE = `
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 16)) process.exit(3);
const { DatabaseSync } = require('node:sqlite');
new DatabaseSync(':memory:').exec('CREATE VIRTUAL TABLE probe USING fts5(text)');
`;

/** Milliseconds that a runtime may take for that. */
const PROBE_LIMIT = 10_000;

/**
 * Finds what to run the supervisor with: the Node that the person named, else the editor's own runtime, else the Node
 * on the PATH. Each is tried before it is believed.
 * @throws Problem naming what was tried
 */
export async function findRuntime(named: string | undefined, signal: AbortSignal): Promise<Runtime> {
  const plain = supervisorEnvironment(process.env);
  if (named !== undefined) {
    if (await runs({ path: named, environment: plain }, signal)) return { path: named, environment: plain };
    throw new Problem(
      'no_node',
      `The setting drover.node.path names ${named}, which is no Node 22.16 or newer with SQLite's text search.`,
      'Name another one, or leave the setting empty.',
    );
  }
  const own = { path: process.execPath, environment: { ...plain, ...asNode() } };
  for (const runtime of [own, { path: 'node', environment: plain }]) {
    if (await runs(runtime, signal)) return runtime;
  }
  throw new Problem(
    'no_node',
    `Drover needs Node 22.16 or newer with SQLite's text search. The editor's own runtime (${process.versions.node}) and the "node" on the PATH are not.`,
    'Install Node 24, or name one in the setting drover.node.path.',
  );
}

/** The editor's binary is Electron on a desktop and Node on a server; only the first must be told to be Node. */
function asNode(): Record<string, string> {
  return process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
}

/** Without what the editor set for itself, which would follow the supervisor into everything that it starts. */
export function supervisorEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const own = /^(VSCODE_|ELECTRON_|CHROME_)|^NODE_OPTIONS$/;
  const entries = Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(entries.filter(([name = '']) => !own.test(name))) as Record<string, string>;
}

async function runs({ path, environment }: Runtime, signal: AbortSignal): Promise<boolean> {
  try {
    const ended = await run({ command: path, args: ['-e', PROBE], env: environment, signal, timeout: PROBE_LIMIT });
    return ended.why === 'exit' && ended.code === 0;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Problem) return false;
    throw error;
  }
}
