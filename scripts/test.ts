// `npm test [-- LAYER...]`: all layers of tests one after the other, with the parts they need.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundles } from './bundles.ts';
import { lastLines, runTool } from './child.ts';
import { onInterrupt } from './interrupt.ts';
import { counted, good, isLayer, type LayerName, layers, type PartName, type Result, root } from './layers.ts';
import { chromium, codeServer, Missing, node, type Part, part, sandbox } from './parts.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !isLayer(name));
if (unknown.length > 0) {
  console.error(`There is no layer ${unknown.join(', ')}. Layers: ${Object.keys(layers).join(', ')}.`);
  process.exit(2);
}
const all = Object.keys(layers).filter(isLayer);
const chosen = wanted.length === 0 ? all : all.filter((name) => wanted.includes(name));
const { signal } = onInterrupt();
const say = (line: string): void => console.log(line);
// No test may meet the person's own Drover, even one that forgets to say which folders it wants.
const fresh = await mkdtemp(join(tmpdir(), 'drover-test-'));
process.env['DROVER_STATE'] = join(fresh, 'state');
process.env['DROVER_CONFIG'] = join(fresh, 'config');

try {
  await getParts(chosen);
  const results: Result[] = [];
  for (const name of chosen) {
    signal.throwIfAborted();
    results.push(await runLayer(name));
  }
  console.log(
    `seconds: ${results.map((result) => `${result.layer} ${result.seconds.toFixed(1)}`).join(', ')}; ` +
      `in all ${(performance.now() / 1000).toFixed(0)}`,
  );
  console.log(counted(results));
  process.exitCode = results.every(good) ? 0 : 1;
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(`${error.message}\n${error.advice}`);
  process.exitCode = 1;
} finally {
  await rm(fresh, { recursive: true, force: true });
}

async function runLayer(name: LayerName): Promise<Result> {
  const result = await layers[name].run({ signal });
  if (result.report !== '') console.log(`\n${result.report}\n`);
  if (result.passed + result.failed === 0) console.log(`${name} has no tests: that is a failure too.`);
  console.log(`${name}: ${counted([result])}`);
  return result;
}

async function getParts(names: LayerName[]): Promise<void> {
  const needed = new Set<PartName>(names.flatMap((name) => layers[name].parts));
  await part(say, node);
  if (needed.has('code-server')) await part(say, codeServer);
  if (needed.has('chromium')) process.env['DROVER_CHROMIUM'] = (await part(say, chromium)).path;
  if (needed.has('sandbox')) await part(say, sandbox);
  if (needed.has('engine')) await part(say, llamaServer);
  if (needed.has('build')) await part(say, () => bundles(signal));
}

/** The product finds or fetches it, as it does for a person. */
async function llamaServer(): Promise<Part> {
  const ran = await runTool(join(root, 'test', 'engine', 'part.ts'), [], { signal });
  if (ran.code !== 0) {
    throw new Missing(`No llama-server could be had:\n${lastLines(ran.output)}`, 'Install llama.cpp, then try again.');
  }
  const last = ran.output.trimEnd().split('\n').at(-1) ?? '';
  const { version, where, path } = JSON.parse(last) as { version: string; where: string; path: string };
  return { name: `llama-server ${version}`, path, how: `found in ${where}` };
}
