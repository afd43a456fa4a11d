import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Discovery, readDiscovery, runFolder, runMark } from '../../src/node/discovery.ts';
import { managedFolder } from '../../src/node/folders.ts';
import { start, sweep } from '../../src/node/spawn.ts';

/** What answers the requests. */
export type Subject =
  /** The model as it is shipped: `drover serve --first-run`. */
  | { type: 'first-run' }
  /** A GGUF, alone or with an adapter. `link`: it is loaded from another path, where Drover does not know it. */
  | { type: 'file'; model: string; adapter?: string; link?: boolean; sampling: readonly string[] }
  /** A server that already runs. */
  | { type: 'endpoint'; url: string };

export interface RunningSupervisor {
  discovery: Discovery;
  /** Ends it, its agents and its model server. */
  stop(): Promise<void>;
}

/** It ends its agents and its model server itself when it is asked to, which may take this many milliseconds. */
const patience = 15_000;

/**
 * Starts `drover serve` with folders of its own below `folder`; models and llama-server are those of the person.
 * @throws Error with what it printed, when it ends before it listens
 */
export async function startSupervisor(cli: string, folder: string, subject: Subject): Promise<RunningSupervisor> {
  const state = join(folder, 'state');
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  const { flags, environment } = settingsFor(folder, subject);
  let said = '';
  let heard = (): void => undefined;
  const running = await start({
    command: process.execPath,
    // Each change and each test is asked about, because requests say how the person answers.
    args: [cli, 'serve', '--edits', 'ask', ...flags],
    env: {
      ...inherited(process.env),
      // Commands of the workspaces run with the Node that runs this.
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      HOME: home,
      DROVER_STATE: state,
      DROVER_CONFIG: join(folder, 'config'),
      DROVER_MANAGED: managedFolder(process.env),
      LOG_LEVEL: 'warn',
      DROVER_SANDBOX: 'off',
      ...environment,
    },
    output: (bytes) => {
      said += String(bytes);
      heard();
    },
  });
  const ended = running.exited.then(() => true);
  while (!/^listening \d+$/m.test(said)) {
    const more = new Promise<boolean>((resolve) => (heard = () => resolve(false)));
    if (await Promise.race([ended, more])) throw new Error(`drover serve ended: ${said.trim()}`);
  }
  const discovery = readDiscovery(runFolder(state));
  const stop = async (): Promise<void> => {
    // Asked once and alone: a second signal, or one to its guard, would take from it the time to clear up.
    running.child.kill('SIGTERM');
    await Promise.race([ended, delay(patience, undefined, { ref: false })]);
    await running.stop(0);
    await sweep(runMark(runFolder(state)));
  };
  if (discovery !== undefined) return { discovery, stop };
  await stop();
  throw new Error(`drover serve listens, but ${runFolder(state)} does not say where`);
}

/** Nothing of the person's own choice of a model, nor a run mark or a token, is passed on. */
function inherited(environment: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const foreign = /^(?:DROVER_|VLLM_ENDPOINT$|WORKSPACE_DIR$|(?:SUPERVISOR|CODING)_MODEL$|HOST$|PORT$|ENABLE_CODE)/;
  const needed = /^DROVER_(?:LLAMA_SERVER|OFFLINE)$/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => needed.test(name) || !foreign.test(name)));
}

function settingsFor(folder: string, subject: Subject): { flags: string[]; environment: Record<string, string> } {
  switch (subject.type) {
    case 'first-run':
      return { flags: ['--first-run'], environment: {} };
    case 'endpoint':
      return { flags: ['--model-endpoint', subject.url], environment: {} };
    case 'file': {
      const { adapter, sampling } = subject;
      const args = [...(adapter === undefined ? [] : ['--lora', adapter]), ...sampling];
      mkdirSync(join(folder, 'config'), { recursive: true });
      writeFileSync(join(folder, 'config', 'config.json'), JSON.stringify({ engine: { args } }));
      return {
        flags: [],
        environment: { DROVER_MODEL: subject.link === true ? linked(folder, subject.model) : subject.model },
      };
    }
    default:
      return subject satisfies never;
  }
}

function linked(folder: string, model: string): string {
  const link = join(folder, `plain-${basename(model)}`);
  symlinkSync(model, link);
  return link;
}
