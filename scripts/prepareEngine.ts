import type { EngineStatus } from '../src/common/engine.ts';
import { asProblem } from '../src/common/errors.ts';
import { call, stream } from '../src/node/client.ts';
import { attachOrStart } from '../src/node/discovery.ts';
import { configFolder, managedFolder, stateFolder } from '../src/node/folders.ts';
import type { Say } from './parts.ts';

/** States in which nothing more happens by itself. */
const SETTLED = new Set<EngineStatus['state']>(['absent', 'no-model', 'ready', 'failed']);

/**
 * Starts the supervisor and lets it find or fetch its llama-server, a line for each step. What it cannot do is said
 * and left to the panel, which offers the choices: an editor without an engine is still of use.
 */
export async function prepareEngine(
  cli: string,
  environment: NodeJS.ProcessEnv,
  say: Say,
  signal: AbortSignal,
): Promise<void> {
  try {
    const discovery = await attachOrStart({
      state: stateFolder(environment),
      config: configFolder(environment),
      managed: managedFolder(environment),
      cli,
      node: process.execPath,
      environment,
      signal,
    });
    say(`supervisor: listening on port ${discovery.port} (process ${discovery.pid})`);
    await call(discovery, 'enginePost', { body: { action: 'start' }, signal });
    const enough = new AbortController();
    let last = '';
    for await (const { event } of stream(discovery, 'events', { signal: AbortSignal.any([signal, enough.signal]) })) {
      if (event.type !== 'engine') continue;
      const { engine } = event;
      const text = engine.progress?.text ?? '';
      if (text !== '' && text !== last) say(`engine: ${text}`);
      last = text;
      if (!SETTLED.has(engine.state)) continue;
      for (const line of summary(engine)) say(line);
      enough.abort();
      break;
    }
  } catch (error) {
    signal.throwIfAborted();
    const problem = asProblem(error);
    say(`engine: ${problem.message} ${problem.advice}`);
  }
}

function summary(engine: EngineStatus): string[] {
  const where =
    engine.kind === 'url' ? `model server: ${engine.url ?? ''}` : `llama-server: ${engine.server ?? 'none'}`;
  const model = engine.model === undefined ? 'model: none yet; the panel offers some' : `model: ${engine.model.name}`;
  const problem = engine.problem === undefined ? [] : [`engine: ${engine.problem.message} ${engine.problem.advice}`];
  return [where, model, ...problem, ...(engine.note === undefined ? [] : [`note: ${engine.note}`])];
}
