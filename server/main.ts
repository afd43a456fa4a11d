import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import type { EngineSettings } from '../src/common/engine.ts';
import { Problem } from '../src/common/errors.ts';
import { firstRun } from '../src/common/firstRun.ts';
import { dropHidden } from '../src/common/gate/hidden.ts';
import { masked } from '../src/common/mask.ts';
import { PROTOCOL } from '../src/common/protocol.ts';
import { BUILD } from '../src/node/build.ts';
import { type Discovery, runFolder, runMark } from '../src/node/discovery.ts';
import { readJudge, readSystem } from '../src/node/prompts.ts';
import { childEnvironment } from '../src/node/environment.ts';
import { sweep } from '../src/node/spawn.ts';
import { tools } from '../src/node/tools/list.ts';
import { Agents } from './agents.ts';
import { AgentPids } from './agentPids.ts';
import { compiledFolder } from './compiled.ts';
import { type Config, Settings } from './config.ts';
import { createEngineControl } from './engines/control.ts';
import { Grants } from './grants.ts';
import { createDoor } from './door.ts';
import { createApp } from './http.ts';
import { publish, takeLock, withdraw } from './lock.ts';
import { Supervisor } from './supervisor.ts';

/** A running supervisor. */
export interface Served {
  discovery: Discovery;
  /** Ends everything; resolves when nothing of it is left. */
  close(): Promise<void>;
  /** Resolves when a background supervisor has been unused for long enough. */
  unused: Promise<void>;
}

/**
 * Starts the supervisor of this state folder in this process: lock, parts in order, server, discovery file.
 * @param root the folder that holds dist/ and prompts/.
 * @throws Problem `running` when another process holds the lock.
 */
export async function serve(config: Config, root: string): Promise<Served> {
  const run = runFolder(config.state);
  if (!takeLock(run))
    throw new Problem(
      'running',
      'A supervisor already runs for this state folder.',
      'Use that one, or stop it with `drover stop`.',
      409,
    );
  const destination = pino.destination({ dest: join(run, 'supervisor.log'), mkdir: true, mode: 0o600 });
  const logger = pino({ level: config.logLevel }, destination);
  // A full disk is told where it matters, in the chat that cannot be logged.
  destination.on('error', () => undefined);
  const log = (line: string): void => logger.info(masked(dropHidden(line)));
  // What an earlier supervisor of this folder started and could not end, because it was killed.
  await sweep(runMark(run));
  const temporary = join(run, 'tmp');
  await rm(temporary, { recursive: true, force: true });

  const settings = new Settings(config.config);
  const current = (client: EngineSettings): EngineSettings => merged(settings.engine, client, config);
  const engine = createEngineControl({
    settings: current({}),
    mayFetch: config.firstRun !== undefined,
    save: async (patch) => settings.saveEngine(patch),
    managed: config.managed,
    run,
    environment: { ...config.environment, DROVER_RUN: runMark(run) },
    log,
  });
  const agentPids = new AgentPids(run);
  const prompts = join(root, 'prompts');
  const compiled = await compiledFolder(config.state, BUILD);
  const supervisor = new Supervisor({
    state: config.state,
    home: config.home,
    workspace: config.workspace,
    agents: new Agents(prompts, join(config.config, 'agents'), tools),
    system: readSystem(prompts),
    engine,
    settings: current,
    choices: {
      keepDays: settings.keepDays,
      models: { ...settings.models, ...config.models },
      policiesOff: settings.policiesOff,
      budget: settings.budget,
      judge: settings.judge,
      edits: config.edits ?? settings.edits,
      sandbox: config.sandbox ?? settings.sandbox,
    },
    sandbox: {
      managed: config.managed,
      temporary,
      taken: join(config.state, 'taken'),
      hidden: [config.state, config.config],
    },
    grants: new Grants(settings),
    judgePrompt: readJudge(prompts),
    execute: config.execute,
    autoApprove: config.autoApprove,
    idleAgent: config.idle.agent,
    park: config.idle.park,
    program: join(root, 'dist', 'agent.js'),
    historyProgram: join(root, 'dist', 'history.js'),
    agentPids,
    policies: join(config.config, 'policies'),
    policyProgram: join(root, 'dist', 'policy.js'),
    mark: runMark(run),
    environment: { ...childEnvironment(config.environment, []), NODE_COMPILE_CACHE: compiled },
    log,
  });

  const token = config.auth ? randomBytes(32).toString('hex') : undefined;
  const server = createDoor({ fetch: createApp({ supervisor, log }).fetch, token });
  const port = await open(server, config);
  const discovery: Discovery = {
    host: reachable(config.host),
    port,
    token: token ?? null,
    pid: process.pid,
    started: Date.now(),
    protocol: PROTOCOL,
    build: BUILD,
  };
  publish(run, discovery);
  log(`listening on ${config.host}:${port}`);
  void supervisor.metrics.load();
  if (config.firstRun === 'always') await engine.act({ action: 'start' });

  const close = async (): Promise<void> => {
    withdraw(run);
    await supervisor.close();
    // Open event streams would keep the server from closing.
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await sweep(runMark(run));
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
    agentPids.close();
    log('closed');
  };
  return { discovery, close, unused: unusedFor(supervisor, config) };
}

/** The settings in force: what a client brought wins over flags and environment, these over what was stored. */
function merged({ model, ...stored }: EngineSettings, client: EngineSettings, config: Config): EngineSettings {
  const given = fromEnvironment(config);
  // A model was chosen for the server of then; another one has others.
  const same = given.url === undefined || given.url === stored.url;
  const all = { ...stored, ...(same && model !== undefined ? { model } : {}), ...given, ...client };
  if (config.firstRun !== 'always') return all;
  const { url: _url, key: _key, ...rest } = all;
  return { ...rest, model: firstRun.id };
}

/** What the environment says of engines; it wins over config.json. */
function fromEnvironment(config: Config): EngineSettings {
  const { environment, modelEndpoint } = config;
  const { DROVER_LLAMA_SERVER: path, DROVER_MODEL: model, DROVER_ENGINE_KEY: key } = environment;
  return {
    ...(modelEndpoint === undefined ? {} : { url: modelEndpoint }),
    ...(path ? { path } : {}),
    ...(model ? { model } : {}),
    ...(key ? { key } : {}),
  };
}

/** @returns the port */
function open(server: Server, { host, port }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port));
    server.once('error', (error: NodeJS.ErrnoException) => reject(notOpened(error, { host, port })));
  });
}

/** What stands for all addresses of this machine is none that can be called. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function notOpened({ code, message }: NodeJS.ErrnoException, { host, port }: Pick<Config, 'host' | 'port'>): Problem {
  if (code === 'EADDRINUSE') {
    const advice = 'Choose another with --port, or leave it out for a free one.';
    return new Problem('port_taken', `Port ${port} on ${host} is taken.`, advice, 409);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    const advice = 'Leave --host out, or give one that it has.';
    return new Problem('no_address', `This machine has no address ${host}.`, advice, 400);
  }
  const advice = 'Choose another with --host and --port.';
  return new Problem('not_listening', `Drover cannot listen on port ${port} of ${host} (${code ?? message}).`, advice);
}

/** Never for a supervisor that a person started; otherwise when nobody looked on and no turn ran for a while. */
function unusedFor(supervisor: Supervisor, config: Config): Promise<void> {
  if (!config.background) return new Promise(() => undefined);
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const watch = (used: boolean): void => {
      clearTimeout(timer);
      // The listening server keeps the process alive, not this.
      timer = used ? undefined : setTimeout(resolve, config.idle.supervisor).unref();
    };
    supervisor.onUse = watch;
    // A message that waited in an inbox may have been taken up already.
    watch(supervisor.used);
  });
}
