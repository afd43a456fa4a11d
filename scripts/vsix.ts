import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { lastLines } from './child.ts';
import { tool } from './layers.ts';
import { Missing } from './parts.ts';

/** Packs what `npm run build` made into a VSIX at `out`. Its content is listed in test/package.files.txt. */
export async function packVsix(out: string): Promise<void> {
  const file = path.resolve(out);
  await mkdir(path.dirname(file), { recursive: true });
  // Everything is bundled; and the README's links and pictures are of the repository, which has no fixed address.
  const flags = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository'];
  const ran = await tool('vsce', ['package', ...flags, '--out', file]);
  if (ran.code !== 0)
    throw new Missing(`The packing failed:\n${lastLines(ran.output, 40)}`, 'Mend it, then try again.');
}
