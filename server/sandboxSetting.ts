import { join } from 'node:path';
import type { SandboxStatus } from '../src/common/protocol.ts';
import { call } from '../src/node/client.ts';
import { readDiscovery, runFolder } from '../src/node/discovery.ts';
import { type Config, Settings } from './config.ts';

/** Whether commands are to be shut in, as far as it is known in a command line. */
export interface SandboxSetting {
  /** Who has switched it off, as the end of a sentence; undefined: nobody that is known here. */
  off: string | undefined;
  /** A supervisor runs and has said so: it knows the setting of the editor. */
  told: boolean;
}

/**
 * What counts, in the order in which it does: what a supervisor that runs was told (it has its own environment),
 * DROVER_SANDBOX, config.json.
 *
 * @throws Problem when config.json cannot be understood, whether it counts or not
 */
export async function sandboxSetting({ sandbox, state, config }: Config): Promise<SandboxSetting> {
  const settings = new Settings(config);
  const running = await ofRunning(state);
  if (running === 'off') {
    const off = 'so the supervisor that runs was told, by drover.sandbox in VS Code or when it was started';
    return { off, told: true };
  }
  if (running !== undefined) return { off: undefined, told: true };
  if (sandbox === 'off') return { off: 'DROVER_SANDBOX is off', told: false };
  const kept = sandbox ?? settings.sandbox;
  return { off: kept === 'off' ? `sandbox is off in ${join(config, 'config.json')}` : undefined, told: false };
}

/** Undefined: none runs that answers at once. */
async function ofRunning(state: string): Promise<SandboxStatus['state'] | undefined> {
  try {
    const found = readDiscovery(runFolder(state));
    if (found === undefined) return undefined;
    const { sandbox } = await call(found, 'health', { signal: AbortSignal.timeout(1000) });
    return sandbox.state;
  } catch {
    // What one that was killed has left, or one of another build: it says nothing that is understood here.
    return undefined;
  }
}
