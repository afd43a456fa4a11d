import { PROTOCOL } from '../common/protocol.ts';
import { answers, attachOrStart, type Discovery, readDiscovery, runFolder } from '../node/discovery.ts';
import { findRuntime } from './runtime.ts';

export interface Folders {
  state: string;
  config: string;
  managed: string;
}

/** The supervisor that runs now and that this build can speak with; none is started. */
export async function running(state: string, signal: AbortSignal): Promise<Discovery | undefined> {
  const found = readDiscovery(runFolder(state));
  return found?.protocol === PROTOCOL && (await answers(found, signal)) ? found : undefined;
}

/**
 * Attaches to the running supervisor, or starts one. `cli` is dist/cli.js, `node` what the person named to run it with.
 * @throws Problem when there is nothing to run it with, or it does not come up
 */
export async function attach(
  folders: Folders,
  cli: string,
  node: string | undefined,
  signal: AbortSignal,
): Promise<Discovery> {
  const there = await running(folders.state, signal);
  if (there) return there;
  const { path, environment } = await findRuntime(node, signal);
  return attachOrStart({ ...folders, cli, node: path, environment, signal });
}

/** Calls `there` if a supervisor runs already: whoever has one should see it, whoever has none should not get one. */
export function whenRunning(state: string, there: () => void): { dispose(): void } {
  const end = new AbortController();
  void running(state, end.signal).then(
    (found) => found && there(),
    // Only the end of the window gets here.
    () => undefined,
  );
  return { dispose: () => end.abort() };
}
