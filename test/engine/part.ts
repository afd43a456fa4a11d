// Finds or fetches the llama-server of the engine tests, and prints what it is for the line that `npm test` says of it.
import { installedServer } from '../support/installedServer.ts';

const { version, where, path } = await installedServer();
console.log(JSON.stringify({ version, where, path }));
