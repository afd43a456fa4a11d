import { Problem } from '../../src/common/errors.ts';

/** Whether the person forbade to fetch anything. */
export function isOffline(environment: NodeJS.ProcessEnv): boolean {
  return /^(1|true|yes|on)$/i.test(environment['DROVER_OFFLINE'] ?? '');
}

/** @throws Problem when a model would have to be fetched and must not be */
export function refuseOffline(environment: NodeJS.ProcessEnv): void {
  if (!isOffline(environment)) return;
  throw new Problem('offline', 'DROVER_OFFLINE forbids to fetch a model.', 'Unset it, or choose a GGUF file.', 409);
}
