import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { EngineSettings } from '../src/common/engine.ts';
import { Problem } from '../src/common/errors.ts';
import { Budget, Edits, Judge, KeepDays, Models, PolicyNames, SandboxMode } from '../src/common/protocol.ts';
import { configFolder, isFolder, managedFolder, stateFolder } from '../src/node/folders.ts';
import { StoredGrant } from '../src/node/standingGrants.ts';
import { endpointUrl } from './engines/remote.ts';

/** Everything that flags and environment decide, parsed once. */
export interface Config {
  host: string;
  /** 0: any free one. */
  port: number;
  auth: boolean;
  /** Where a chat works that names no workspace. */
  workspace: string | undefined;
  home: string;
  state: string;
  config: string;
  managed: string;
  modelEndpoint: string | undefined;
  /** The first-run model: `always`, whatever is set up, or only where nothing is. Either may fetch it. */
  firstRun: 'always' | 'else' | undefined;
  autoApprove: boolean;
  /** ENABLE_CODE_EXECUTION: whether what executes is asked or always denied. */
  execute: 'ask' | 'deny';
  /** What becomes of changes of files that are not protected; undefined: as config.json has it. */
  edits: Edits | undefined;
  /** DROVER_SANDBOX: whether commands are shut in; undefined: as config.json says. */
  sandbox: SandboxMode | undefined;
  /** Models by agent, from SUPERVISOR_MODEL and the like. */
  models: Record<string, string>;
  logLevel: string;
  /** Started by a client: leaves when unused. */
  background: boolean;
  /**
   * Milliseconds without client and turn after which a background supervisor leaves; the same for an idle agent; and
   * without a client for a question, which then waits without its agent.
   */
  idle: { supervisor: number; agent: number; park: number };
  environment: NodeJS.ProcessEnv;
}

export const serveOptions = {
  port: { type: 'string' },
  host: { type: 'string' },
  'no-auth': { type: 'boolean' },
  workspace: { type: 'string' },
  home: { type: 'string' },
  state: { type: 'string' },
  config: { type: 'string' },
  'model-endpoint': { type: 'string' },
  'first-run': { type: 'boolean' },
  'or-first-run': { type: 'boolean' },
  edits: { type: 'string' },
  'auto-approve': { type: 'boolean' },
  background: { type: 'boolean' },
} as const;

export const serveHelp = `drover serve: run the supervisor until it is stopped

  --port N              listen there (default: a free port)
  --host ADDRESS        listen on this address (default 127.0.0.1)
  --no-auth             ask for no token; on loopback only
  --workspace DIR       where chats work that name no workspace
  --home DIR            the person's home, for the gate
  --state DIR           chats, undo and the supervisor's lock
  --config DIR          config.json
  --model-endpoint URL  use this OpenAI-compatible server instead of a managed llama-server
  --first-run           load the first-run model (98 MB) at once, whatever is set up; fetched where it is not there
  --or-first-run        the same with the first message, and only where no model and no server is set up
  --edits allow|ask     whether files that are not protected are changed at once, to be seen and undone, or only after a
                        yes (default: allow)
  --auto-approve        answer every ask with yes (never lifts a denial)

Environment: VLLM_ENDPOINT (as --model-endpoint), SUPERVISOR_MODEL, CODING_MODEL, RAG_MODEL and
IMAGE_MODEL (model by agent), WORKSPACE_DIR,
ENABLE_CODE_EXECUTION (false: whatever executes is denied), DROVER_EDITS (as --edits), HOST, PORT, LOG_LEVEL (fatal, error, warn, info, debug,
trace), DROVER_STATE, DROVER_CONFIG, DROVER_MANAGED (fetched engines and models), DROVER_LLAMA_SERVER (the program to
run), DROVER_MODEL (a GGUF), DROVER_ENGINE_KEY (key of --model-endpoint), DROVER_OFFLINE=1 (fetch nothing),
DROVER_IDLE_SECONDS (120; a supervisor that a client started leaves after it), DROVER_AGENT_IDLE_SECONDS (60),
DROVER_PARK_SECONDS (600; a question that nobody looks at waits without its agent after it),
DROVER_SANDBOX (auto; off: commands that run code of the folder are not shut in, and asked about).
A flag wins over the environment.`;

/** @param command whose help tells of its flags @throws Problem naming the flag or variable that is wrong. */
export function readConfig(args: string[], environment: NodeJS.ProcessEnv, command = 'serve'): Config {
  const flags = parseFlags(args, command);
  if (flags['first-run'] && flags['model-endpoint'] !== undefined) {
    throw usage('--first-run and --model-endpoint exclude each other.');
  }
  const host = flags.host ?? nonEmpty(environment['HOST']) ?? '127.0.0.1';
  const auth = flags['no-auth'] !== true;
  if (!auth && !isLoopback(host)) throw usage(`--no-auth works on loopback only, and the address is ${host}.`);
  const folders = {
    ...environment,
    ...(flags.state === undefined ? {} : { DROVER_STATE: flags.state }),
    ...(flags.config === undefined ? {} : { DROVER_CONFIG: flags.config }),
  };
  const workspace = flags.workspace ?? nonEmpty(environment['WORKSPACE_DIR']);
  return {
    host,
    port: whole('port', flags.port ?? nonEmpty(environment['PORT']) ?? '0', 0, 65_535),
    auth,
    workspace: workspace === undefined ? undefined : resolve(workspace),
    home: resolve(flags.home ?? homedir()),
    state: stateFolder(folders),
    config: configFolder(folders),
    managed: managedFolder(environment),
    modelEndpoint: flags['model-endpoint'] ?? nonEmpty(environment['VLLM_ENDPOINT']),
    firstRun: flags['first-run'] ? 'always' : flags['or-first-run'] ? 'else' : undefined,
    autoApprove: flags['auto-approve'] === true,
    sandbox: sandboxMode(nonEmpty(environment['DROVER_SANDBOX'])),
    execute: /^(false|0|no|off)$/i.test(environment['ENABLE_CODE_EXECUTION'] ?? '') ? 'deny' : 'ask',
    edits: editsOf(flags.edits ?? nonEmpty(environment['DROVER_EDITS'])),
    models: modelsByAgent(environment),
    logLevel: logLevel(nonEmpty(environment['LOG_LEVEL']) ?? 'info'),
    background: flags.background === true,
    idle: {
      supervisor: seconds('DROVER_IDLE_SECONDS', environment, 120),
      agent: seconds('DROVER_AGENT_IDLE_SECONDS', environment, 60),
      park: seconds('DROVER_PARK_SECONDS', environment, 600),
    },
    environment,
  };
}

/**
 * --state and --config of a command that makes neither, as flags for `readConfig`.
 * @throws Problem when one was named and is not there: what is not in it would be said of the wrong folder
 */
export function folderFlags(named: { state?: string; config?: string }, command: string): string[] {
  return (['state', 'config'] as const).flatMap((name) => {
    const folder = named[name];
    if (folder === undefined) return [];
    if (!isFolder(folder)) throw usage(`--${name} is ${resolve(folder)}, and there is no such folder.`, command);
    return [`--${name}`, resolve(folder)];
  });
}

/** What only a supervisor needs: other commands may be called where it is wrong. @throws Problem naming what cannot be used */
export function refuseUnusable({ workspace, modelEndpoint }: Config): void {
  if (workspace !== undefined && !isFolder(workspace)) throw usage(`There is no folder ${workspace} to work in.`);
  if (modelEndpoint === undefined) return;
  try {
    endpointUrl(modelEndpoint);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem('usage', error.message, error.advice, 400);
  }
}

function parseFlags(args: string[], command: string) {
  try {
    return parseArgs({ args, options: serveOptions, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw wrongFlags(error, command);
  }
}

function modelsByAgent(environment: NodeJS.ProcessEnv): Record<string, string> {
  const found: Record<string, string> = {};
  for (const agent of ['supervisor', 'coding', 'rag', 'image']) {
    const model = nonEmpty(environment[`${agent.toUpperCase()}_MODEL`]);
    if (model !== undefined) found[agent] = model;
  }
  return found;
}

function sandboxMode(text: string | undefined): SandboxMode | undefined {
  if (text === undefined) return undefined;
  const { data, success } = SandboxMode.safeParse(text);
  if (success) return data;
  throw usage(`DROVER_SANDBOX is ${text}; it can be ${SandboxMode.options.join(' or ')}.`);
}

function logLevel(level: string): string {
  const lower = level.toLowerCase().replace('warning', 'warn').replace('critical', 'fatal');
  if (['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].includes(lower)) return lower;
  throw usage(`LOG_LEVEL is ${level}; it can be fatal, error, warn, info, debug or trace.`);
}

function seconds(name: string, environment: NodeJS.ProcessEnv, fallback: number): number {
  return whole(name, nonEmpty(environment[name]) ?? String(fallback), 0, 1_000_000) * 1000;
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most && text.trim() !== '') return value;
  throw usage(`${name} is ${text}; it must be a whole number from ${least} to ${most}.`);
}

function editsOf(text: string | undefined): Edits | undefined {
  if (text === undefined) return undefined;
  const { data } = Edits.safeParse(text);
  if (data === undefined) throw usage(`--edits is allow or ask, not ${text}.`);
  return data;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** Names and addresses that never leave this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function usage(message: string, command = 'serve'): Problem {
  return new Problem('usage', message, `See \`drover ${command} --help\`.`, 400);
}

/** What Node's parser of flags throws, as one sentence. */
export function wrongFlags(error: unknown, command: string): Problem {
  const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
  return usage(`${sentence.replace(/\.$/, '')}.`, command);
}

const Stored = z.looseObject({
  engine: EngineSettings.optional(),
  policies: z
    .looseObject({ off: PolicyNames.optional(), budget: Budget.optional(), judge: Judge.optional() })
    .optional(),
  agents: z.looseObject({ models: Models.optional() }).optional(),
  edits: Edits.optional(),
  sandbox: SandboxMode.optional(),
  history: z.looseObject({ keepDays: KeepDays.optional() }).optional(),
  grants: z.array(StoredGrant).optional(),
});

/** CONFIG/config.json: what the person chose, kept across starts. */
export class Settings {
  private readonly path: string;
  private value: z.infer<typeof Stored>;

  /** @throws Problem when the file is there and cannot be read or understood. */
  constructor(folder: string) {
    this.path = join(folder, 'config.json');
    this.value = this.read();
  }

  get engine(): EngineSettings {
    return this.value.engine ?? {};
  }

  /** Names of policies that are not to step in. */
  get policiesOff(): string[] {
    return this.value.policies?.off ?? [];
  }

  /** What a turn may take. */
  get budget(): Budget {
    return this.value.policies?.budget ?? {};
  }

  /** The model that judges; see `Judge`. */
  get judge(): string {
    return this.value.policies?.judge ?? '';
  }

  /** Models by agent. */
  get models(): Record<string, string> {
    return this.value.agents?.models ?? {};
  }

  /** What becomes of changes of files that are not protected. */
  get edits(): Edits {
    return this.value.edits ?? 'allow';
  }

  get sandbox(): SandboxMode {
    return this.value.sandbox ?? 'auto';
  }

  /** Days that chats are kept; undefined: for ever. */
  get keepDays(): number | undefined {
    return this.value.history?.keepDays;
  }

  /** Keeps what changed. An undefined value removes its key. @throws Problem when the file cannot be understood any more */
  saveEngine(patch: { [K in keyof EngineSettings]?: EngineSettings[K] | undefined }): void {
    const { engine: kept } = this.read();
    const engine = EngineSettings.parse(
      Object.fromEntries(Object.entries({ ...kept, ...patch }).filter(([, value]) => value !== undefined)),
    );
    // A key stays in memory: the editor keeps it in its own secret store.
    delete engine.key;
    this.save({ engine });
  }

  /** What the person always allows. */
  get grants(): readonly StoredGrant[] {
    return this.value.grants ?? [];
  }

  /** @throws Problem when they could not be kept; then nothing has changed */
  saveGrants(grants: readonly StoredGrant[]): void {
    try {
      this.save({ grants: [...grants] });
    } catch (error) {
      if (error instanceof Problem) throw error;
      const why = error instanceof Error ? error.message : String(error);
      const advice = 'Check its permissions, and the space on the disk.';
      throw new Problem('config', `${this.path} could not be written (${why}), so nothing was kept.`, advice, 500);
    }
  }

  /** On top of what stands in the file now: the person may have written to it since it was read. */
  private save(change: Partial<z.infer<typeof Stored>>): void {
    const value = { ...this.read(), ...change };
    mkdirSync(join(this.path, '..'), { recursive: true, mode: 0o700 });
    const part = `${this.path}.part`;
    writeFileSync(part, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(part, this.path);
    this.value = value;
  }

  private read(): z.infer<typeof Stored> {
    if (!existsSync(this.path)) return {};
    try {
      return Stored.parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch (error) {
      const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
      const why = error instanceof Error ? error.message : String(error);
      const where = issue ? ` (${issue.path.join('.')}: ${issue.message})` : ` (${why})`;
      throw new Problem('config', `${this.path} cannot be understood${where}.`, 'Correct it or remove it.', 400);
    }
  }
}
