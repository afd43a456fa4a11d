import * as vscode from 'vscode';
import type { EngineAction } from '../common/engine.ts';
import { firstRun } from '../common/firstRun.ts';

/**
 * A setting would win again at the next start. Where the person has one, it follows the choice; where they have none,
 * none is made.
 */
export async function keepSetting(action: EngineAction): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('drover');
  const follow = async (name: string, value: string): Promise<void> => {
    if (!configuration.inspect(name)?.globalValue) return;
    await configuration.update(name, value || undefined, vscode.ConfigurationTarget.Global);
  };
  if (action.action === 'url') await follow('engine.url', action.url);
  if (action.action !== 'model') return;
  await follow('engine.model', action.model);
  // It is Drover's own: a server by its address is given up for it.
  if (action.model === firstRun.id) await follow('engine.url', '');
}
