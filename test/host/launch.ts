// The host layer: runs every suite of this folder inside a real VS Code and leaves the counts in test-results/host.json.
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeResults, runInHost } from '../support/host.ts';

const suites = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.test.ts'.length))
  .toSorted();
const folder = await makeResults();
const { tests, ...counts } = await runInHost({ suites });
for (const { name, error } of tests) console.log(error === undefined ? `ok   ${name}` : `FAIL ${name}\n     ${error}`);
await writeFile(path.join(folder, 'host.json'), JSON.stringify(counts));
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
