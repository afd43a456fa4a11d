import { parseArgs } from 'node:util';
import { asProblem } from '../src/common/errors.ts';
import { obstacle } from '../src/node/bubblewrap.ts';
import { obtainBubblewrap } from './bubblewrap.ts';
import { folderFlags, readConfig, wrongFlags } from './config.ts';
import { sandboxSetting } from './sandboxSetting.ts';

export const sandboxHelp = `drover sandbox [--fetch]: whether commands can be shut in on this machine

  --fetch   where bubblewrap is missing, unpack it from the packages of Debian or Ubuntu (15 MB) into Drover's own folder

  --state DIR   whose supervisor is asked whether the sandbox is switched off, where one runs
  --config DIR  the folder of config.json

Exit code 0: they can, and are; 1: they cannot, or it is switched off. DROVER_OFFLINE=1 fetches nothing.`;

/** `drover sandbox`: tries it out and says in a sentence what came of it. */
export async function sandbox(args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const { fetch, ...folders } = parse(args);
  const config = readConfig(folderFlags(folders, 'sandbox'), environment, 'sandbox');
  const { managed } = config;
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
  const { off, told } = await sandboxSetting(config);
  if (problem !== undefined) console.log(`${problem.message} ${problem.advice}`);
  else if (off !== undefined) {
    console.log(`Commands can be shut in here, but it is switched off: ${off}. So they are asked about.`);
  } else {
    console.log('Commands can be shut in here.');
    if (!told) console.log(unknown);
  }
  return problem === undefined && off === undefined ? 0 : 1;
}

const unknown =
  'No supervisor runs, so only DROVER_SANDBOX and config.json are known here: drover.sandbox in VS Code may switch it off.';

function parse(args: string[]) {
  const options = { fetch: { type: 'boolean' }, state: { type: 'string' }, config: { type: 'string' } } as const;
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw wrongFlags(error, 'sandbox');
  }
}
