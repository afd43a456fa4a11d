import type { Carrier } from './index.ts';

/** The state's postal service. */
export const postal: Carrier = {
  name: 'Postal',
  prefix: 'WP',
  workingDays: 3,
  trackingUrl: (number) => `https://postal.example/track/${number}`,
};
