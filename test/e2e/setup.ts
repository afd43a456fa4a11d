import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { packVsix } from '../../scripts/vsix.ts';
import { root } from '../support/place.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the packed extension. */
    vsix: string;
  }
}

/** Packs what was built: the browser tests see what a person would install. */
export async function setup(project: TestProject): Promise<void> {
  if (!existsSync(path.join(root, 'dist', 'extension.cjs')))
    throw new Error('Nothing is built: `npm run build` first.');
  const vsix = path.join(root, 'test-results', 'drover.vsix');
  await packVsix(vsix);
  project.provide('vsix', vsix);
}
