import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { root } from './layers.ts';

/** Packs what `npm run build` made into a VSIX at `out`. Its content is listed in test/package.files.txt. */
export async function packVsix(out: string): Promise<void> {
  await mkdir(path.dirname(path.resolve(out)), { recursive: true });
  // Loaded late: it is large, and most runs of the scripts pack nothing.
  const { createVSIX } = await import('@vscode/vsce');
  await createVSIX({
    cwd: root,
    packagePath: path.resolve(out),
    // Everything is bundled.
    dependencies: false,
    // The README's links and pictures are of the repository, which has no fixed address.
    rewriteRelativeLinks: false,
    allowMissingRepository: true,
  });
}
