import { join } from 'node:path';
import { lastLines, runTool } from './child.ts';
import { root } from './layers.ts';
import { Missing, type Part } from './parts.ts';

/** Builds dist/, as a part like the others. */
export async function bundles(signal?: AbortSignal): Promise<Part> {
  const ran = await runTool(join(root, 'scripts', 'build.ts'), [], signal ? { signal } : {});
  if (ran.code !== 0) throw new Missing(`The build failed:\n${lastLines(ran.output, 60)}`, 'Mend it, then try again.');
  return { name: 'bundles', path: join(root, 'dist'), how: 'built' };
}
