import { expect, it } from 'vitest';
import { soakKills } from '../soak/kills.ts';

it('a sample of the soak: killed processes lose nothing, leave nothing, repeat nothing', async () => {
  const { lost, orphans, twice, killed } = await soakKills(12, 7);
  expect({ lost, orphans, twice }).toEqual({ lost: 0, orphans: 0, twice: 0 });
  // Otherwise nothing was shown.
  expect(killed).toBeGreaterThan(3);
});
