import { findBubblewrap } from '../src/node/bubblewrap.ts';
import { type Bundle, findDistribution, unpackBundle } from './engines/debian.ts';
import type { Report } from './engines/progress.ts';

const bundle: Bundle = {
  name: 'bwrap',
  packages: ['bubblewrap'],
  without: [],
  program: 'usr/bin/bwrap',
  advice: 'Install bubblewrap with the package manager of your system, or go on without a sandbox.',
};

/**
 * Finds bubblewrap, or unpacks the distribution's into Drover's own folder: about 4 MB beside the package lists.
 *
 * @returns where it is and how it got there; undefined: no packages of Debian can be unpacked here, or none are needed
 * @throws Problem when they could not be; the signal's reason when aborted
 */
export async function obtainBubblewrap(
  { environment, managed, report }: { environment: NodeJS.ProcessEnv; managed: string; report: Report },
  signal: AbortSignal,
): Promise<{ path: string; fetched: boolean } | undefined> {
  if (process.platform !== 'linux') return undefined;
  const found = await findBubblewrap(environment, managed);
  if (found !== undefined) return { path: found, fetched: false };
  const distribution = await findDistribution();
  if (typeof distribution === 'string') return undefined;
  await unpackBundle(bundle, { distribution, managed, environment, report }, signal);
  const path = await findBubblewrap(environment, managed);
  return path === undefined ? undefined : { path, fetched: true };
}
