// `npm run soak -- [ROUNDS] [SEED]`: kills processes in the middle of turns, over and over, and counts what it costs.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './layers.ts';

interface Soak {
  soakKills: (
    rounds: number,
    seed: number,
    tell: (line: string) => void,
  ) => Promise<{ lost: number; orphans: number; twice: number; killed: number }>;
}

const [rounds = '500', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
if (!/^\d+$/.test(rounds) || !/^\d+$/.test(seed)) {
  console.error('Usage: npm run soak -- [ROUNDS] [SEED], both whole numbers.');
  process.exit(2);
}
console.log(`${rounds} rounds, seed ${seed}`);
const { soakKills } = (await import(pathToFileURL(join(root, 'test', 'soak', 'kills.ts')).href)) as Soak;
const { lost, orphans, twice, killed } = await soakKills(Number(rounds), Number(seed), console.log);
console.log(`${killed} processes killed in the middle of a turn`);
console.log(`soak: lost ${lost}, orphans ${orphans}, twice ${twice}`);
process.exitCode = lost + orphans + twice > 0 ? 1 : 0;
