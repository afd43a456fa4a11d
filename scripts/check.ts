// `npm run check`: what can be known in seconds. Format, lint, types and the unit tests (with the architecture test).
import { counted, good, layers } from './layers.ts';
import { onInterrupt } from './interrupt.ts';

const { signal } = onInterrupt();
const results = await Promise.all([layers.check.run({ signal }), layers.unit.run({ signal })]);
for (const result of results) {
  if (!good(result)) console.log(result.report === '' ? `${result.layer}: no tests` : result.report);
}
console.log(counted(results));
process.exitCode = results.every(good) ? 0 : 1;
