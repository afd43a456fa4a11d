// `npm run check`: what can be known in seconds. Format, lint, types and the unit tests (with the architecture test).
import { join } from 'node:path';
import { readContract } from '../model/data/contract.ts';
import { onInterrupt } from './interrupt.ts';
import { counted, good, layers, root } from './layers.ts';
import { trainingWarning } from './trained.ts';

const { signal } = onInterrupt();
const results = await Promise.all([layers.check.run({ signal }), layers.unit.run({ signal })]);
for (const result of results) {
  if (!good(result)) console.log(result.report === '' ? `${result.layer}: no tests` : result.report);
}
const warning = await trainingWarning(join(root, 'model', 'trained.json'), readContract().hash);
if (warning !== undefined) console.log(`Warning: ${warning}`);
console.log(counted(results));
process.exitCode = results.every(good) ? 0 : 1;
