import * as vscode from 'vscode';
import type { EngineAction, EngineStatus } from '../common/engine.ts';
import { Problem } from '../common/errors.ts';
import { call } from '../node/client.ts';
import type { Sidecar } from './sidecar.ts';

const UNSETTLED = new Set<EngineStatus['state']>(['fetching', 'starting', 'stopping']);

/**
 * Asks the supervisor to do something with the engine and waits until that is done, with its progress at the bottom of
 * the window.
 * @throws Problem when it is refused or ends in failure
 */
export async function actOnEngine(sidecar: Sidecar, action: EngineAction, signal: AbortSignal): Promise<EngineStatus> {
  const title = {
    start: 'Starting the engine',
    stop: 'Stopping the engine',
    restart: 'Restarting the engine',
    model: 'Changing the model',
    url: 'Changing the engine',
  }[action.action];
  const location = vscode.ProgressLocation.Window;
  return vscode.window.withProgress({ location, title: `Drover: ${title}` }, async (progress) => {
    await call(await sidecar.address(signal), 'enginePost', { body: action, signal });
    const status = await settled(sidecar, (message) => progress.report({ message }), signal);
    const { problem } = status;
    if (status.state === 'failed' && problem) throw new Problem(problem.code, problem.message, problem.advice);
    return status;
  });
}

/** The status once nothing is under way any more. Asked for after each change, so that none can be missed. */
async function settled(sidecar: Sidecar, report: (text: string) => void, signal: AbortSignal): Promise<EngineStatus> {
  for (;;) {
    const asked = new AbortController();
    const changed = sidecar.changed(AbortSignal.any([signal, asked.signal]));
    const status = await call(await sidecar.address(signal), 'engine', { signal });
    if (status.progress) report(status.progress.text);
    if (UNSETTLED.has(status.state)) await changed;
    asked.abort();
    if (!UNSETTLED.has(status.state)) return status;
  }
}
