// `npm run soak -- [ROUNDS] [SEED]`: kills processes in the middle of turns, over and over, and counts what it costs.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './layers.ts';

interface Soaked {
  lost: number;
  orphans: number;
  twice: number;
  killed: number;
}
type Soak = (rounds: number, seed: number, tell: (line: string) => void) => Promise<Soaked>;

const [rounds = '500', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
if (!/^\d+$/.test(rounds) || !/^\d+$/.test(seed)) {
  console.error('Usage: npm run soak -- [ROUNDS] [SEED], both whole numbers.');
  process.exit(2);
}
const folder = join(root, 'test', 'soak');
const load = (file: string): Promise<unknown> => import(pathToFileURL(join(folder, file)).href);
const { soakKills } = (await load('kills.ts')) as { soakKills: Soak };
const { soakTeam } = (await load('team.ts')) as { soakTeam: Soak };

console.log(`One chat after the other: ${rounds} rounds, seed ${seed}`);
const single = await soakKills(Number(rounds), Number(seed), console.log);
console.log(`Eight chats with queues, children and policies: ${rounds} kills, seed ${seed}`);
const team = await soakTeam(Number(rounds), Number(seed), console.log);
const sum = (key: keyof Soaked): number => single[key] + team[key];
console.log(`${sum('killed')} processes killed while they were at work`);
console.log(`soak: lost ${sum('lost')}, orphans ${sum('orphans')}, twice ${sum('twice')}`);
process.exitCode = sum('lost') + sum('orphans') + sum('twice') > 0 ? 1 : 0;
