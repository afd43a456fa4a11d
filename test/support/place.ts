import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../../scripts/parts.ts';
import { endTree, gone, marked } from '../../scripts/processes.ts';
import { readDiscovery, runFolder } from '../../src/node/discovery.ts';

export const root = path.join(import.meta.dirname, '..', '..');

/** Fresh folders for one run of an editor with Drover, and the environment that sends both there. */
export interface Place {
  folder: string;
  /** A copy of sample/. */
  workspace: string;
  state: string;
  config: string;
  /** For the editor: user data, extensions, log. */
  editor: string;
  environment: NodeJS.ProcessEnv;
  /**
   * Ends the supervisor as a person would, and removes the folders.
   * @throws Error naming what was still running 5 s later (it is ended then as well)
   */
  remove(): Promise<void>;
}

/** Makes a fresh place. Everything that is started with its environment carries a mark by which it is found again. */
export async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(path.join(tmpdir(), 'drover-place-'));
  const at = (name: string): string => path.join(folder, name);
  const mark = randomUUID();
  const workspace = at('shop');
  await cp(path.join(root, 'sample'), workspace, { recursive: true });
  await mkdir(at('home'));
  const state = at('state');
  return {
    folder,
    workspace,
    state,
    config: at('config'),
    editor: at('editor'),
    environment: {
      ...withoutEditor(process.env),
      HOME: at('home'),
      // The parts that were fetched are the person's; a run that finds them writes nothing there.
      XDG_CACHE_HOME: path.dirname(cacheFolder()),
      XDG_CONFIG_HOME: at('home/.config'),
      XDG_DATA_HOME: at('home/.local/share'),
      XDG_STATE_HOME: at('home/.local/state'),
      DROVER_STATE: state,
      DROVER_CONFIG: at('config'),
      DROVER_MANAGED: at('managed'),
      // What is asked must not depend on what is installed.
      DROVER_SANDBOX: 'off',
      DROVER_TEST_MARK: mark,
    },
    async remove() {
      try {
        await endAll(state, `DROVER_TEST_MARK=${mark}`);
      } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

/** A test that is started in a terminal of VS Code must not talk to that window. */
function withoutEditor(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(?:VSCODE|ELECTRON)_/.test(name)));
}

async function endAll(state: string, mark: string): Promise<void> {
  const supervisor = readDiscovery(runFolder(state))?.pid;
  if (supervisor !== undefined) await endTree(supervisor, 5000);
  const left = await marked(mark);
  if (await gone(left, 5000)) return;
  const names = (await marked(mark)).map((pid) => `${pid}: ${commandOf(pid)}`);
  for (const pid of left) await endTree(pid, 1000);
  throw new Error(`left running:\n${names.join('\n')}`);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return 'gone meanwhile';
  }
}
