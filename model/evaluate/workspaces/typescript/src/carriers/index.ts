import { postal } from './postal.ts';
import { swift } from './swift.ts';

/** What has to be known of a carrier. */
export interface Carrier {
  name: string;
  /** The two letters its tracking numbers begin with. */
  prefix: string;
  /** Working days it promises to take. */
  workingDays: number;
  trackingUrl(number: string): string;
}

// TODO: Nordfracht wants to be in here too
export const carriers: readonly Carrier[] = [postal, swift];

/** The carrier whose numbers begin with this prefix. */
export function carrierOf(prefix: string): Carrier | undefined {
  return carriers.find((carrier) => carrier.prefix === prefix);
}

/** The carrier of this name; throws when there is none. */
export function carrierNamed(name: string): Carrier {
  const found = carriers.find((carrier) => carrier.name === name);
  if (!found) throw new Error(`Unknown carrier: ${name}`);
  return found;
}
