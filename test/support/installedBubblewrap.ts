import { obtainBubblewrap } from '../../server/bubblewrap.ts';
import { managedFolder } from '../../src/node/folders.ts';

/**
 * Drover's own folder in which the bubblewrap of this machine is, where it is not on the PATH: fetched where there is none.
 * @throws Error where it cannot be had: what it is needed for is not to be passed over
 */
export async function bubblewrapFolder(): Promise<string> {
  const managed = managedFolder(process.env);
  if (process.platform !== 'linux') return managed;
  const report = ({ text }: { text: string }): void => console.log(text);
  const found = await obtainBubblewrap({ environment: process.env, managed, report }, new AbortController().signal);
  if (found === undefined) throw new Error('no bubblewrap, and none can be fetched: install it, then try again');
  return managed;
}
