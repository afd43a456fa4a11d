import { join } from 'node:path';
import { z } from 'zod';
import { GATE_VERSION } from '../common/gate/version.ts';
import { readRegularText } from './regular.ts';

/** Something that the person always allows: a form by its key, see always.ts, in the workspace with this first folder. */
export const StoredGrant = z.looseObject({ folder: z.string(), key: z.string(), words: z.string(), made: z.int() });
export type StoredGrant = z.infer<typeof StoredGrant>;

/** What was allowed by other rules is asked about again. */
export function holds(key: string): boolean {
  return key.startsWith(`${GATE_VERSION} `);
}

/** Keys of what is always allowed in a workspace with this first folder. */
export function keysIn(grants: readonly StoredGrant[], folder: string | undefined): string[] {
  return grants.filter((grant) => grant.folder === folder && holds(grant.key)).map(({ key }) => key);
}

const Kept = z.looseObject({ grants: z.array(StoredGrant).optional() });

/**
 * The same as CONFIG/config.json has it, which is only read: a supervisor that runs writes each change of them to it. Where it
 * is not there or cannot be understood, nothing is known to be allowed, and more is asked about.
 *
 * @param config the folder of config.json
 */
export function keptKeysIn(config: string, folder: string | undefined): ReadonlySet<string> {
  try {
    const { grants = [] } = Kept.parse(JSON.parse(readRegularText(join(config, 'config.json'))));
    return new Set(keysIn(grants, folder));
  } catch {
    return new Set();
  }
}
