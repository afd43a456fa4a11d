// `npm run bench -- NAME`: runs test/bench/NAME.ts and prints its ratios, each measured beside its baseline.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { onInterrupt } from './interrupt.ts';
import { root } from './layers.ts';
import { orUsage } from './options.ts';

/** What a file of test/bench exports as `bench`: measured values by the name of the part; a ratio has no unit. */
export type Bench = (signal: AbortSignal) => Promise<Record<string, number>>;

const folder = join(root, 'test', 'bench');
const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).toSorted();
const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
// The others there are what benches share.
const names = files
  .filter((_, index) => /^export (?:const|(?:async )?function) bench\b/m.test(texts[index] ?? ''))
  .map((file) => file.slice(0, -'.ts'.length));
const list = names.length === 0 ? 'There are no benches.' : `Benches: ${names.join(', ')}.`;
const usage = `Usage: npm run bench -- NAME\n${list}`;
const { positionals } = orUsage(() => parseArgs({ allowPositionals: true, options: {} }), usage);
const [name] = positionals;
if (name === undefined) {
  console.log(usage);
} else if (names.includes(name)) {
  const { bench } = (await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as { bench: Bench };
  const ratios = await bench(onInterrupt().signal);
  for (const [part, value] of Object.entries(ratios)) console.log(`ratio: ${name}/${part} ${value.toFixed(3)}`);
} else {
  console.error(`There is no bench ${name}. ${list}`);
  process.exitCode = 2;
}
