import { parseArgs } from 'node:util';
import { asProblem } from '../src/common/errors.ts';
import { obstacle } from '../src/node/bubblewrap.ts';
import { managedFolder } from '../src/node/folders.ts';
import { obtainBubblewrap } from './bubblewrap.ts';
import { wrongFlags } from './config.ts';

export const sandboxHelp = `drover sandbox [--fetch]: whether commands can be shut in on this machine

  --fetch   where bubblewrap is missing, unpack it from the packages of Debian or Ubuntu (15 MB) into Drover's own folder

Exit code 0: they can. DROVER_OFFLINE=1 fetches nothing.`;

/** `drover sandbox`: tries it out and says in a sentence what came of it. */
export async function sandbox(args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const { fetch } = parse(args);
  const managed = managedFolder(environment);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  if (fetch === true && environment['DROVER_OFFLINE'] !== '1') {
    const report = ({ text }: { text: string }): void => {
      if (text !== said) console.log(text);
      said = text;
    };
    let said = '';
    try {
      const found = await obtainBubblewrap({ environment, managed, report }, stop.signal);
      if (found) console.log(`bubblewrap: ${found.fetched ? 'fetched' : 'found'} (${found.path})`);
    } catch (error) {
      stop.signal.throwIfAborted();
      const { message, advice } = asProblem(error);
      console.log(`${message} ${advice}`);
    }
  }
  const problem = await obstacle({ environment, managed }, stop.signal);
  console.log(problem === undefined ? 'Commands can be shut in here.' : `${problem.message} ${problem.advice}`);
  return problem === undefined ? 0 : 1;
}

function parse(args: string[]): { fetch?: boolean | undefined } {
  try {
    return parseArgs({ args, options: { fetch: { type: 'boolean' } }, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw wrongFlags(error, 'sandbox');
  }
}
