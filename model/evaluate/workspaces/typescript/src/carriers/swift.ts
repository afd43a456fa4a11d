import type { Carrier } from './index.ts';

/** An express service: dearer, and there the next day. */
export const swift: Carrier = {
  name: 'Swift',
  prefix: 'SW',
  workingDays: 1,
  trackingUrl: (number) => `https://swift.example/?parcel=${number}`,
};
