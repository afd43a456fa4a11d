// `npm run soak -- [ROUNDS] [SEED]`: what takes long. Kills processes in the middle of turns, over and over, and counts what it
// costs; exchanges folders for links while tools are at work in them; holds what the gate reads against real shells and programs.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, tool } from './layers.ts';

interface Soaked {
  lost: number;
  orphans: number;
  twice: number;
  killed: number;
}
/** For each kill so many races of each way: with the usual rounds 5,000. */
const RACES = 10;
/** For each kill so much of what the gate reads, by the variable that its test knows: with the usual rounds 50,000 lists of words. */
const GATE = { DROVER_WORDS: 100, DROVER_LINES: 6, DROVER_PROGRAMS: 60, DROVER_DISGUISES: 100 };

type Race = (rounds: number, tell: (line: string) => void) => Promise<{ escapes: number; fewest: number }>;
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
const { canRace, soakRaces } = (await load('races.ts')) as { canRace: boolean; soakRaces: Race };

/** @returns whether nothing got out, and each way was raced as often as it should */
async function races(): Promise<boolean> {
  if (!canRace) {
    console.log('races: not on this system; they need /proc');
    return true;
  }
  const wanted = Number(rounds) * RACES;
  console.log(`Folders exchanged for links while a tool is at work: ${wanted} rounds of each way`);
  const { escapes, fewest } = await soakRaces(wanted, console.log);
  console.log(`races: escapes ${escapes}, at least ${fewest} rounds of each way`);
  return escapes === 0 && fewest >= wanted;
}

/** @returns whether the gate reads all as shells and programs do, and no disguise softens it */
async function gate(): Promise<boolean> {
  const counts = Object.entries(GATE).map(([name, each]) => [name, String(each * Number(rounds))]);
  const files = ['words', 'lines', 'text', 'disguises'].map((name) => `test/unit/common/gate/${name}.test.ts`);
  const environment = { ...process.env, ...Object.fromEntries(counts) };
  const options = ['run', '--project', 'unit', '--testTimeout', '3600000', ...files];
  const { code, output } = await tool('vitest', options, { environment });
  const what = counts.map(([name = '', count]) => `${count} ${name.replace('DROVER_', '').toLowerCase()}`).join(', ');
  console.log(code === 0 ? `gate: ${what}: as in real shells` : `gate: read otherwise\n${output.trim()}`);
  return code === 0;
}

const raced = await races();
const read = await gate();
console.log(`One chat after the other: ${rounds} rounds, seed ${seed}`);
const single = await soakKills(Number(rounds), Number(seed), console.log);
console.log(`Eight chats with queues, children and policies: ${rounds} kills, seed ${seed}`);
const team = await soakTeam(Number(rounds), Number(seed), console.log);
const sum = (key: keyof Soaked): number => single[key] + team[key];
console.log(`${sum('killed')} processes killed while they were at work`);
console.log(`soak: lost ${sum('lost')}, orphans ${sum('orphans')}, twice ${sum('twice')}`);
const failures = sum('lost') + sum('orphans') + sum('twice');
process.exitCode = failures > 0 || !raced || !read ? 1 : 0;
