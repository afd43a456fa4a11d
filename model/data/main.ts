// Writes the training data: dialogues, and the contract that they hold to.
import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { readContract } from './contract.ts';
import { generate } from './generate.ts';

const build = join(import.meta.dirname, '..', 'build');

/** @throws Error with a sentence for a person when an argument cannot be used */
function options(): { dialogues: number; seed: number; out: string } {
  const { values } = parseArgs({
    options: {
      dialogues: { type: 'string', default: '6000' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string' },
    },
  });
  return {
    dialogues: whole('dialogues', values.dialogues),
    seed: whole('seed', values.seed),
    out: values.out ?? join(build, 'dialogues.jsonl'),
  };
}

function whole(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new Error(`--${name} needs a whole number, not "${value}".`);
  return Number(value);
}

async function main(): Promise<void> {
  const { dialogues, seed, out } = options();
  const contract = readContract();
  const began = performance.now();
  mkdirSync(dirname(out), { recursive: true });
  mkdirSync(build, { recursive: true });
  writeFileSync(join(build, 'contract.json'), `${JSON.stringify(contract, null, 2)}\n`);
  const stream = createWriteStream(out);
  let count = 0;
  for await (const dialogue of generate(dialogues, seed, contract)) {
    if (!stream.write(`${JSON.stringify(dialogue)}\n`)) await once(stream, 'drain');
    if (++count % 1000 === 0)
      console.log(`${count} of ${dialogues} dialogues, ${Math.round((performance.now() - began) / 1000)} s`);
  }
  stream.end();
  await finished(stream);
  console.log(`${count} dialogues in ${out}`);
}

await main();
