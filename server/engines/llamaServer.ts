import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../../src/common/errors.ts';
import { type Exit, type Started, start } from '../../src/node/spawn.ts';
import { Lines, signalGroup } from './command.ts';
import { classify, startProblem } from './failures.ts';
import type { Server } from './find.ts';
import type { GgufHeader } from './gguf.ts';
import { type Guard, removeMark, startGuard, writeMark } from './guard.ts';
import { ask } from './http.ts';
import { ServerLog } from './serverLog.ts';

export interface Launch {
  server: Server;
  model: GgufHeader;
  /** What the server calls the model. */
  alias: string;
  slots: number;
  /** Tokens for each slot. */
  context: number;
  /** A chat template in place of the model's own. */
  template: string | undefined;
  /** A LoRA adapter to load with the model. */
  adapter: string | undefined;
  /** The person's own arguments, put last. */
  args: string[];
  /** Folder for log and pid file. */
  run: string;
  environment: NodeJS.ProcessEnv;
  log: (line: string) => void;
}

/** A llama-server that answers. */
export interface RunningServer {
  /** Without /v1. */
  base: string;
  key: string;
  pid: number;
  exited: Promise<Exit>;
  /** The last lines it wrote. */
  lines(): string[];
  logPath: string;
  /** Asked, asked again after 1.5 s, made to after 3 s: a server with live streams often does not heed the first. */
  stop(): Promise<void>;
  /** At once. */
  kill(): Promise<void>;
}

/** Milliseconds without a sign of life after which a start has failed: a floor, and more for larger files. */
const SILENCE = 60_000;
const BYTES_PER_MS = 20_000;
const STEP = 1500;

/** A start that failed, by kind: out of memory can be tried again with less. */
export class LaunchFailure extends Error {
  readonly memory: boolean;
  readonly problem: Problem;

  constructor(problem: Problem, memory: boolean) {
    super(problem.message);
    this.problem = problem;
    this.memory = memory;
  }
}

/**
 * Starts llama-server on a free port of this machine with a key of its own, and waits until it is healthy. Aborting
 * ends it.
 * @throws LaunchFailure, or the signal's reason
 */
export async function launch(options: Launch, signal: AbortSignal): Promise<RunningServer> {
  signal.throwIfAborted();
  const key = randomBytes(24).toString('base64url');
  const log = new ServerLog(options.run);
  const guard = await startGuard(options.environment, options.log);
  const port = Promise.withResolvers<number>();
  let heard = performance.now();
  const lines = new Lines((line) => {
    heard = performance.now();
    log.add(line);
    const found = listeningPort(line);
    if (found !== undefined) port.resolve(found);
  });
  let started: Started;
  try {
    started = await start({
      command: options.server.path,
      args: serverArguments(options),
      env: serverEnvironment(options.environment, key),
      output: (bytes, stream) => lines.add(bytes, stream),
    });
  } catch (error) {
    guard.release();
    log.close();
    throw error instanceof Problem ? new LaunchFailure(error, false) : error;
  }
  guard.watch(started.pid);
  await writeMark(options.run, started.pid);
  const exited = started.exited.then(async (exit) => {
    await over(options.run, guard, started, log);
    return exit;
  });
  const running = handle(started, exited, log, key);
  try {
    const patience = Math.max(SILENCE, options.model.size / BYTES_PER_MS);
    running.base = await healthy({ port: port.promise, key, exited, lines: log, patience, heard: () => heard }, signal);
    return running;
  } catch (error) {
    await running.kill();
    signal.throwIfAborted();
    if (!(error instanceof Ended)) throw error;
    const failure = classify(log.lines(), error.exit);
    throw new LaunchFailure(
      startProblem(failure, { model: options.model.path, adapter: options.adapter, log: log.path }),
      failure.kind === 'memory',
    );
  }
}

async function over(run: string, guard: Guard, started: Started, log: ServerLog): Promise<void> {
  guard.release();
  await removeMark(run);
  await Promise.race([started.closed, delay(200)]);
  log.close();
}

function handle(started: Started, exited: Promise<Exit>, log: ServerLog, key: string): RunningServer {
  const waited = (ms: number): Promise<'ended' | undefined> =>
    Promise.race([exited.then(() => 'ended' as const), delay(ms, undefined, { ref: false })]);
  return {
    base: '',
    key,
    pid: started.pid,
    exited,
    lines: () => log.lines(),
    logPath: log.path,
    stop: async () => {
      for (const name of ['SIGTERM', 'SIGTERM', 'SIGKILL'] as const) {
        signalGroup(started.pid, name);
        if (name !== 'SIGKILL' && (await waited(STEP)) === 'ended') return;
      }
      await exited;
    },
    kill: async () => {
      signalGroup(started.pid, 'SIGKILL');
      await exited;
    },
  };
}

/** The server ended before it was ready. */
class Ended extends Error {
  readonly exit: Exit;

  constructor(exit: Exit) {
    super('ended');
    this.exit = exit;
  }
}

interface Waiting {
  port: Promise<number>;
  key: string;
  exited: Promise<Exit>;
  lines: ServerLog;
  /** Milliseconds of silence that are too many. */
  patience: number;
  /** When it last wrote something. */
  heard: () => number;
}

/** @returns the base address once /health is well */
async function healthy(waiting: Waiting, signal: AbortSignal): Promise<string> {
  const over = new AbortController();
  const ended = waiting.exited.then((exit) => {
    throw new Ended(exit);
  });
  // Raced below; when the race is over its loser must not count as unhandled.
  ended.catch(() => undefined);
  try {
    const limits = AbortSignal.any([signal, over.signal]);
    return await Promise.race([ended, silence(waiting, limits), poll(waiting, limits)]);
  } finally {
    over.abort();
  }
}

async function silence({ heard, patience, lines }: Waiting, signal: AbortSignal): Promise<never> {
  for (;;) {
    await delay(1000, undefined, { signal });
    if (performance.now() - heard() < patience) continue;
    const message = `llama-server wrote nothing for ${Math.round(patience / 1000)} s and was not ready.`;
    throw new LaunchFailure(new Problem('server_silent', message, `Its log is ${lines.path}.`, 503), false);
  }
}

async function poll({ port, key }: Waiting, signal: AbortSignal): Promise<string> {
  const base = `http://127.0.0.1:${await port}`;
  for (let wait = 50; ; wait = Math.min(wait * 1.5, 1000)) {
    // While it loads a model it answers 503, or, not yet listening, nothing.
    const reply = await ask(`${base}/health`, { signal, limit: 10_000, key }).catch(() => undefined);
    if (reply?.status === 200) return base;
    await delay(wait, undefined, { signal });
  }
}

/** From "listening on http://127.0.0.1:43369", or the older "listening, hostname: 127.0.0.1, port: 43369". */
export function listeningPort(line: string): number | undefined {
  const found = /listening\b.*?(?:https?:\/\/[^\s/]+?:|port: ?)(\d+)/.exec(line)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Arguments for this build: what it does not know is left out. */
export function serverArguments(
  options: Pick<Launch, 'alias' | 'args' | 'context' | 'model' | 'slots' | 'template' | 'adapter'> & {
    server: Pick<Server, 'flags'>;
  },
): string[] {
  const { flags } = options.server;
  const always = ['-m', options.model.path, '--host', '127.0.0.1', '--port', '0'];
  const sizes = ['-np', String(options.slots), '-c', String(options.slots * options.context)];
  const wanted: string[][] = [
    ['--alias', options.alias],
    ['--no-ui'],
    ['--no-webui'],
    ['--metrics'],
    ['--slots'],
    ['--jinja'],
    ['--no-context-shift'],
    ['--sse-ping-interval', '5'],
    // With a long system prompt shared by all chats, any similarity above 0 takes another chat's slot.
    ['-sps', '0'],
    // A prompt is read, and its progress told, batch by batch, and an abort waits for the end of one.
    ['-b', '512'],
    ['--cors-origins', 'http://127.0.0.1'],
    ['--offline'],
    ...(options.template === undefined ? [] : [['--chat-template-file', options.template]]),
    ...(options.adapter === undefined ? [] : [['--lora', listed(options.adapter)]]),
  ];
  const known = wanted.filter(([flag = '']) => flags.has(flag));
  // Both names are one flag in builds that know the newer one.
  const optional = known.filter(([flag]) => !(flag === '--no-webui' && flags.has('--no-ui')));
  return [...always, ...sizes, ...optional.flat(), ...options.args];
}

/** The flag takes a list: a path with a comma in it has to be quoted. */
function listed(file: string): string {
  return file.includes(',') ? `"${file.replaceAll('"', '""')}"` : file;
}

function serverEnvironment(environment: NodeJS.ProcessEnv, key: string): NodeJS.ProcessEnv {
  // LLAMA_ARG_* would quietly override what is left out above.
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('LLAMA_ARG_'));
  return { ...Object.fromEntries(kept), LLAMA_API_KEY: key };
}
