// `npm run package -- --out FILE`: builds, then packs the extension.
import { parseArgs } from 'node:util';
import { bundles } from './bundles.ts';
import { orUsage } from './options.ts';
import { Missing } from './parts.ts';
import { packVsix } from './vsix.ts';

const usage = 'Usage: npm run package -- [--out FILE]   FILE is drover.vsix unless given.';
const { values } = orUsage(() => parseArgs({ options: { out: { type: 'string' } } }), usage);
const { out = 'drover.vsix' } = values;
try {
  await bundles();
  await packVsix(out);
  console.log(`packed ${out}`);
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(`${error.message}\n${error.advice}`);
  process.exitCode = 1;
}
