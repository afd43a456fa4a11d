// `npm run soak -- [ROUNDS] [SEED]`: kills processes in the middle of turns, over and over, and counts what it costs.
import { soakKills } from '../test/soak/kills.ts';

const [rounds = '500', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
if (!/^\d+$/.test(rounds) || !/^\d+$/.test(seed)) {
  console.error('Usage: npm run soak -- [ROUNDS] [SEED], both whole numbers.');
  process.exit(2);
}
console.log(`${rounds} rounds, seed ${seed}`);
const { lost, orphans, twice, killed } = await soakKills(Number(rounds), Number(seed), console.log);
console.log(`${killed} processes killed in the middle of a turn`);
console.log(`soak: lost ${lost}, orphans ${orphans}, twice ${twice}`);
process.exitCode = lost + orphans + twice > 0 ? 1 : 0;
