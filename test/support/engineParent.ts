// A process that runs an engine as the supervisor does, for tests that kill it. Arguments: run folder, managed folder,
// server, model. Says "ready PID" once the engine is.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngineControl } from '../../server/engines/control.ts';

const [run = '', managed = '', path = '', model = ''] = process.argv.slice(2);
const control = createEngineControl({
  settings: { path, model },
  save: async () => undefined,
  managed,
  run,
  environment: process.env,
  log: () => undefined,
});
await control.ready(new AbortController().signal);
const mark = JSON.parse(await readFile(join(run, 'llama-server.pid'), 'utf8')) as { pid: number };
console.log(`ready ${mark.pid}`);
setInterval(() => undefined, 1000);
