import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Problem } from '../src/common/errors.ts';
import { BUILD } from '../src/node/build.ts';
import { call } from '../src/node/client.ts';
import {
  address,
  ALREADY_RUNS,
  answers,
  type Discovery,
  distrusted,
  readDiscovery,
  runFolder,
} from '../src/node/discovery.ts';
import { endAgents } from './agentPids.ts';
import { ask, askHelp } from './ask.ts';
import { auditCommand, auditHelp } from './audit/command.ts';
import { chats, chatsHelp } from './chats.ts';
import { check, checkHelp } from './check.ts';
import { type Config, readConfig, refuseUnusable, serveHelp } from './config.ts';
import { explainCommand, explainHelp } from './explain.ts';
import { grantsCommand, grantsHelp } from './grantsCommand.ts';
import { takeLock } from './lock.ts';
import { serve } from './main.ts';
import { endWithOutput, plainConsole } from './plainConsole.ts';
import { sandbox, sandboxHelp } from './sandboxCommand.ts';
import { policyHelp, policyTest } from './policyTest.ts';
import { refuseNoFolder } from './recordedLogs.ts';
import type * as Replay from './replay.ts';
import { told } from './told.ts';

const help = `drover COMMAND

  serve    run the supervisor until it is stopped
  ask      send a message and print the answer; the supervisor is started where none runs
  check    do the whole job once: engine, model, tool call, answer
  chats    list the recorded chats
  replay   go through a recorded chat, or run one of its turns again
  policy   test what a policy would have said in recorded chats
  grants   list what is always allowed, and take it back
  explain  what the gate would say to a command or a call, without running it
  audit    what was decided in a recorded chat, and whether its log is what Drover wrote
  sandbox  whether commands can be shut in on this machine
  status   where the supervisor listens, and how it is
  stop     end the supervisor
  --version, --help

\`drover COMMAND --help\` tells more.`;

/** The folder that holds dist/ and prompts/. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const [command, ...args] = process.argv.slice(2);
plainConsole();
endWithOutput(command === 'serve');
try {
  process.exitCode = await main(command, args);
} catch (error) {
  process.exitCode = told(error);
}

async function main(name: string | undefined, rest: string[]): Promise<number> {
  if (!process.getBuiltinModule?.('node:sqlite')) {
    const advice = 'Install Node 22.16 or newer; from a checkout, `npm run -s drover` fetches one.';
    throw new Problem('usage', `Drover needs Node 22.16 or newer, and this is ${process.version}.`, advice, 400);
  }
  const asked = rest.includes('--help') || rest.includes('-h');
  switch (name) {
    case 'serve':
      return asked ? print(serveHelp) : runServe(readConfig(rest, process.env));
    case 'ask':
      return asked ? print(askHelp) : ask(rest, root);
    case 'check':
      return asked ? print(checkHelp) : check(rest, root);
    case 'status':
      return asked
        ? print(folderHelp('status', 'say where the supervisor listens'))
        : status(readConfig(rest, process.env, 'status'));
    case 'stop':
    case '--stop':
      return asked ? print(folderHelp('stop', 'end the supervisor')) : stop(readConfig(rest, process.env, 'stop'));
    case 'policy':
      return asked ? print(policyHelp) : policyTest(rest, root, process.env);
    case 'chats':
      return asked ? print(chatsHelp) : chats(rest, process.env);
    case 'grants':
      return asked ? print(grantsHelp) : grantsCommand(rest, process.env, findRunning);
    case 'explain':
      return asked ? print(explainHelp) : explainCommand(rest, process.env);
    case 'audit':
      return asked ? print(auditHelp) : auditCommand(rest, process.env);
    case 'sandbox':
      return asked ? print(sandboxHelp) : sandbox(rest, process.env);
    case 'replay':
      return runReplay(rest, asked);
    case '--version':
      return print(BUILD);
    case undefined:
    case '--help':
    case '-h':
    case 'help':
      return print(help);
    default:
      throw new Problem('usage', `There is no command ${name}.`, 'See `drover --help`.', 400);
  }
}

/** A file of its own: what it needs is large, and the supervisor has no use for it. */
async function runReplay(rest: string[], asked: boolean): Promise<number> {
  const file = pathToFileURL(join(root, 'dist', 'replay.js')).href;
  const { replay } = (await import(file)) as typeof Replay;
  return replay(asked ? ['--help'] : rest, root, process.env);
}

function folderHelp(name: string, what: string): string {
  return `drover ${name}: ${what}\n\n  --state DIR   whose supervisor (default: the one of your own state folder)`;
}

function print(text: string): number {
  console.log(text);
  return 0;
}

async function runServe(config: Config): Promise<number> {
  refuseUnusable(config);
  const run = runFolder(config.state);
  const served = await serve(config, root).catch(async (error: unknown) => {
    if (!(error instanceof Problem) || error.code !== 'running') throw error;
    const other = await running(run, 5000);
    if (other)
      console.error(
        `A supervisor already runs for this state folder: ${address(other)} (process ${other.pid}). Use that one, or end it with \`drover stop\`.`,
      );
    else console.error(`${error.message} It has not said yet where it listens.`);
    return undefined;
  });
  if (!served) return config.background ? ALREADY_RUNS : 1;
  const { discovery } = served;
  // Before anybody is told that it is there. Each time: a second one, sent to the whole group for example, must not end it
  // before it has put everything away.
  const ended = new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => resolve(name));
  });
  if (config.autoApprove) {
    console.error('WARNING: --auto-approve is on. Every question an agent asks is answered with yes, without you.');
  }
  if (!config.auth) console.error('No token is asked for: every program of this machine may use this address.');
  console.log(`listening ${discovery.port}`);
  const signal = await Promise.race([ended, served.unused.then(() => 'unused')]);
  await served.close();
  if (!config.background) console.error(`stopped (${signal})`);
  return 0;
}

/** The supervisor that runs, waiting a while for one that is just starting. */
async function running(run: string, patience: number): Promise<Discovery | undefined> {
  const deadline = Date.now() + patience;
  do {
    const found = readDiscovery(run);
    if (found && (await answers(found))) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (Date.now() < deadline);
  return undefined;
}

/** The supervisor of this run folder, if there is one. @throws Problem when one is there and does not answer */
async function findRunning(run: string): Promise<Discovery | undefined> {
  const distrust = distrusted(run);
  if (distrust) throw distrust;
  const found = await running(run, 0);
  const said = readDiscovery(run);
  // What one that was killed has left says nothing: it holds no lock.
  if (found !== undefined || said === undefined || takeLock(run)) return found;
  // Another may have just begun.
  const late = await running(run, 3000);
  if (late !== undefined) return late;
  const advice = `Wait, or end it by hand (kill -9 ${said.pid}); then \`drover stop\` ends what it had started.`;
  throw new Problem('not_answering', `A supervisor is there (process ${said.pid}) and does not answer.`, advice, 500);
}

async function status(config: Config): Promise<number> {
  refuseNoFolder(config.state);
  const run = runFolder(config.state);
  const found = await findRunning(run);
  if (!found) {
    console.log(`No supervisor runs for ${config.state}.`);
    return 1;
  }
  console.log(`${address(found)} (process ${found.pid}, build ${found.build})`);
  console.log(`Token and log: ${run}`);
  // One of another build may not say it in a way that is understood here.
  const health = await call(found, 'health', { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
  if (health) console.log(health.sandbox.text);
  for (const { message, advice } of health?.problems ?? []) console.log(`${message} ${advice}`);
  return 0;
}

async function stop(config: Config): Promise<number> {
  refuseNoFolder(config.state);
  const run = runFolder(config.state);
  const found = await findRunning(run);
  if (!found) {
    const left = await endAgents(run);
    const ended = left === 0 ? '' : ` Ended ${left} agent ${left === 1 ? 'process' : 'processes'} that one had left.`;
    return print(`No supervisor runs for ${config.state}.${ended}`);
  }
  // One of another build may not say it in a way that is understood here, and is to end all the same.
  const health = await call(found, 'health', { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
  const windows = health?.windows ?? 0;
  process.kill(found.pid, 'SIGTERM');
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    if (!alive(found.pid)) {
      await endAgents(run);
      if (windows === 0) return print('Stopped.');
      const open = windows === 1 ? 'A window of VS Code is' : `${windows} windows of VS Code are`;
      return print(
        `Stopped. ${open} open on it, and ${windows === 1 ? 'starts' : 'start'} it again when it is needed.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Problem('still_running', `Process ${found.pid} has not ended after 10 s.`, 'End it by hand.', 500);
}

/** Whether the process still does anything: one that has ended may stay in the list until its parent looks. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    // There is no such process any more.
    return false;
  }
}
