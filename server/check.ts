import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { EngineStatus } from '../src/common/engine.ts';
import { asProblem, Problem } from '../src/common/errors.ts';
import { firstRun } from '../src/common/firstRun.ts';
import { call, stream } from '../src/node/client.ts';
import { type Discovery, runFolder, runMark } from '../src/node/discovery.ts';
import { marked } from '../src/node/marks.ts';
import { askAbout } from './checkQuestion.ts';
import { readConfig, wrongFlags } from './config.ts';
import { type Served, serve } from './main.ts';

export const checkHelp = `drover check [OPTIONS]: do the whole job once and tell how it went

  --workspace DIR        the folder to ask about (default: the one you are in)
  --file PATH            the file to ask about, in that folder (default: one that is there)
  --model NAME           a GGUF, or a name in the managed folder (default: the ${firstRun.short}, fetched when it is not there)
  --fallback-model FILE  a GGUF to go on with when that one cannot be had

A fresh state folder is used and removed; a running Drover is not touched. Exit code 0 when all of it worked.`;

const options = {
  workspace: { type: 'string' },
  file: { type: 'string' },
  model: { type: 'string' },
  'fallback-model': { type: 'string' },
} as const;

/** `drover check`: engine, model, tool call with its verdict, answer, times; then everything is ended. */
export async function check(args: string[], root: string): Promise<number> {
  const values = parse(args);
  const workspace = resolve(values.workspace ?? process.cwd());
  const file = values.file ?? pickFile(workspace);
  if (!existsSync(resolve(workspace, file)))
    throw new Problem('usage', `There is no file ${file} in ${workspace}.`, 'Name one with --file.', 400);
  const fresh = mkdtempSync(join(tmpdir(), 'drover-check-'));
  const state = join(fresh, 'state');
  const config = readConfig(
    ['--state', state, '--config', join(fresh, 'config'), '--workspace', workspace],
    process.env,
  );
  let step = 'start the supervisor';
  const tell = (name: string): void => {
    step = name;
    console.log(`${name} …`);
  };
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => stop.abort(new Problem('stopped', 'Stopped.', 'Run it again.')));
  let served: Served | undefined;
  try {
    served = await serve({ ...config, host: '127.0.0.1', port: 0 }, root);
    const { discovery } = served;
    tell('Model server');
    const ready = await prepare(discovery, config.modelEndpoint !== undefined, values, stop.signal);
    console.log(`  ${describe(ready.status)}`);
    tell(`Ask about ${file}`);
    const { status: engine, noise } = ready;
    const answer = await askAbout(discovery, { file, engine, noise }, stop.signal);
    console.log(
      `Times: ready ${seconds(ready.ms)}, first token ${seconds(answer.first)}, answer ${seconds(answer.total)}`,
    );
    tell('Stop everything');
  } catch (error) {
    const problem = asProblem(error);
    console.error(`FAILED at "${step}": ${problem.message} ${problem.advice}`);
    if (problem.code === 'internal' && error instanceof Error) console.error(error.stack);
    return 1;
  } finally {
    await served?.close();
    rmSync(fresh, { recursive: true, force: true });
  }
  const left = marked(runMark(runFolder(state)));
  if (left.length > 0) {
    console.error(`FAILED: still running: ${left.join(', ')}. End these processes by hand, and report it.`);
    return 1;
  }
  console.log('  nothing left running\nAll of it works.');
  return 0;
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw wrongFlags(error, 'check');
  }
}

function pickFile(workspace: string): string {
  if (!existsSync(workspace)) throw new Problem('usage', `${workspace} is not there.`, 'Name a folder that is.', 400);
  const files = [join(workspace, 'src'), workspace]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { withFileTypes: true }).map((entry) => ({ folder, entry })))
    .filter(({ entry }) => entry.isFile() && /\.(md|[cm]?[jt]sx?|py|go|rs|java|c|cc|cpp|rb)$/i.test(entry.name))
    .map(({ folder, entry }) => (folder === workspace ? entry.name : `src/${entry.name}`));
  const [first] = files;
  if (first === undefined)
    throw new Problem('usage', `${workspace} has no file to ask about.`, 'Name one with --file.', 400);
  return first;
}

/** `ms`: from the model to ready. */
interface Ready {
  status: EngineStatus;
  ms: number;
}

/** Makes the engine ready: the server is found or fetched, and so is the model. `noise`: the fallback had to do. */
async function prepare(
  discovery: Discovery,
  given: boolean,
  values: { model?: string | undefined; 'fallback-model'?: string | undefined },
  signal: AbortSignal,
): Promise<Ready & { noise: boolean }> {
  if (given || process.env['DROVER_MODEL']) {
    return { ...(await settle(discovery, { action: 'start' }, signal)), noise: false };
  }
  const fallback = values['fallback-model'];
  try {
    const model = values.model ?? firstRun.id;
    return { ...(await settle(discovery, { action: 'model', model, fetch: true }, signal)), noise: false };
  } catch (error) {
    const problem = asProblem(error);
    if (fallback === undefined || !noModel.has(problem.code)) throw error;
    console.log(`  ${problem.message}`);
    console.log('  Going on with a generated tiny model: its answer is noise, but every step is real.');
    const ready = await settle(discovery, { action: 'model', model: resolve(fallback), fetch: false }, signal);
    return { ...ready, noise: true };
  }
}

/** Codes of what means that no source has the model. */
const noModel = new Set(['fetch_failed', 'no_package_client', 'offline', 'model_not_fetched', 'model_unknown']);

type Action = { action: 'start' } | { action: 'model'; model: string; fetch: boolean };

/** Does the action and follows the engine until it is ready or has failed, printing what it does. */
async function settle(discovery: Discovery, body: Action, signal: AbortSignal): Promise<Ready> {
  const began = performance.now();
  let last = '';
  const left = new AbortController();
  const events = stream(discovery, 'events', { signal: AbortSignal.any([signal, left.signal]) });
  await call(discovery, 'enginePost', { body, signal });
  try {
    for await (const { event } of events) {
      if (event.type !== 'engine') continue;
      const { engine } = event;
      const text = engine.progress?.text;
      if (text !== undefined && text !== last) {
        console.log(`  ${text}`);
        last = text;
      }
      if (engine.state === 'ready') return { status: engine, ms: performance.now() - began };
      if (engine.problem && ['failed', 'absent', 'no-model'].includes(engine.state)) {
        throw new Problem(engine.problem.code, engine.problem.message, engine.problem.advice);
      }
    }
  } finally {
    left.abort();
  }
  throw new Problem(
    'engine',
    'The supervisor ended before the engine was ready.',
    'Run it again with LOG_LEVEL=debug.',
  );
}

function describe({ server, model, slots, context, tools, note }: EngineStatus): string {
  const parts = [
    server ?? 'server',
    model ? `${model.name}${model.note === undefined ? '' : ` (${model.note})`}` : undefined,
    slots === undefined ? undefined : `${slots} slots × ${context ?? '?'} tokens`,
    tools === false ? 'this model cannot call tools' : undefined,
    note,
  ];
  return parts.filter((part) => part !== undefined).join('\n  ');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
