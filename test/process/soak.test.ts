import { expect, it } from 'vitest';
import { soakKills } from '../soak/kills.ts';
import { soakTeam } from '../soak/team.ts';

it.each([
  ['one chat after another', () => soakKills(12, 7)],
  ['eight chats with queues, children, policies and people who decide', () => soakTeam(10, 7)],
])('a sample of the soak: killed processes lose nothing, leave nothing, repeat nothing: %s', async (_, soak) => {
  const { lost, orphans, twice, killed } = await soak();
  expect({ lost, orphans, twice }).toEqual({ lost: 0, orphans: 0, twice: 0 });
  // Otherwise nothing was shown.
  expect(killed).toBeGreaterThan(3);
});
