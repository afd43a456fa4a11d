import { describe, expect, test } from 'vitest';
import { canRace, race, type Way, ways } from '../soak/races.ts';

/** In CI; `npm run soak` has 5,000. One that starts a process takes as long as ten others. */
const roundsOf = ({ many }: Way): number => (many === undefined ? 200 : 50);

describe.skipIf(!canRace)('a folder that is exchanged for a link out of the workspace while a tool is at work', () => {
  test.each(ways)('leads nowhere, however often: $name', { timeout: 300_000 }, async (way) => {
    const { escapes, raced, done } = await race(way, roundsOf(way));
    expect(escapes).toBe(0);
    expect(raced).toBe(roundsOf(way));
    // Otherwise it is only always refused.
    if (way.name !== 'file_read of what is not there') expect(done).toBeGreaterThan(0);
  });
});
