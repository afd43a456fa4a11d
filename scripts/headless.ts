import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { address, readDiscovery, runFolder } from '../src/node/discovery.ts';
import { stateFolder } from '../src/node/folders.ts';
import type { Say } from './parts.ts';

/** Runs `drover serve` with these flags, prints curl lines once it listens, and stays until it ends. */
export async function runHeadless(cli: string, flags: string[], say: Say, signal: AbortSignal): Promise<number> {
  const child = spawn(process.execPath, [cli, 'serve', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Ctrl+C reaches it through us, once.
    detached: true,
  });
  const stop = (): void => void child.kill('SIGTERM');
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  let said = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    const known = said.includes('listening ');
    said += text;
    process.stdout.write(text);
    if (!known && /^listening \d+$/m.test(said)) for (const line of curlLines()) say(line);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

/** What can be pasted into another terminal; the token is read from the discovery file, not printed. */
function curlLines(): string[] {
  const run = runFolder(stateFolder(process.env));
  const discovery = readDiscovery(run);
  if (discovery === undefined) return [`It listens, but ${run} does not say where.`];
  const url = address(discovery);
  const token = discovery.token === null ? '' : ' -H "Authorization: Bearer $TOKEN"';
  const json = ' -H "Content-Type: application/json"';
  return [
    '',
    'Paste into another terminal:',
    '',
    ...(token === '' ? [] : [`TOKEN=$(node -p 'JSON.parse(fs.readFileSync("${run}/supervisor.json", "utf8")).token')`]),
    `curl${token} ${url}/agents`,
    `curl${token} -X POST ${url}/engine${json} -d '{"action": "start"}'`,
    `curl${token} -X POST ${url}/chat${json} -d '{"message": "What does this project do? @README.md", "session_id": "first"}'`,
    `curl${token} -N -X POST ${url}/chat/stream${json} -d '{"message": "Explain @src/cart.js", "stream": true}'`,
    '',
    'Ctrl+C ends it.',
  ];
}
