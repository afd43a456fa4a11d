import { Problem } from '../common/errors.ts';
import { outputName } from '../common/outputName.ts';
import type { ChatOutputs } from './runTool.ts';
import type { Blobs } from './blobs.ts';

/**
 * Keeps what commands wrote in the blob store. It goes with the last chat whose log names it, as the contents of changed
 * files do.
 *
 * @param blobOf the blob that the log names for a call; undefined: none
 */
export function createOutputs(blobs: Blobs, blobOf: (call: string) => string | undefined): ChatOutputs {
  return {
    keep: async (call, text) => ({ name: outputName(call), blob: await blobs.put(new TextEncoder().encode(text)) }),
    read: async (call) => {
      const blob = blobOf(call);
      if (blob === undefined) return undefined;
      try {
        return new TextDecoder().decode(await blobs.get(blob));
      } catch (error) {
        // One that was removed or damaged is one that is not kept.
        if (error instanceof Problem) return undefined;
        throw error;
      }
    },
  };
}
