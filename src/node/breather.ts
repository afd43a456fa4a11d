import { setImmediate } from 'node:timers/promises';

/** Work in this process goes on for so long before messages, a cancel among them, are looked at; in milliseconds. */
const stretch = 15;

/**
 * To be called often in long synchronous work: lets everything else have its turn now and then.
 *
 * @throws the signal's reason once it is aborted
 */
export function breather(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > stretch) {
      await setImmediate();
      last = performance.now();
    }
    signal.throwIfAborted();
  };
}
