import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../../src/common/errors.ts';
import { runCommand } from './command.ts';
import { findDistribution, type Distribution } from './debian.ts';

/** A llama-server that runs on this machine. */
export interface Server {
  path: string;
  /** Where it was found, in words. */
  where: string;
  /** As it prints it: "0.7.0 (build 11669, commit Debian)". */
  version: string;
  /** The flags it knows, from its `--help`. */
  flags: ReadonlySet<string>;
  /** What the person should know of it. */
  note: string | undefined;
}

export interface Search {
  /** The person's setting. */
  setting: string | undefined;
  environment: NodeJS.ProcessEnv;
  /** Drover's folder for what it fetched. */
  managed: string;
  /** Looked into after PATH, which is a short one in many editors; by default where package managers put programs. */
  places?: string[];
}

/** Nothing was found: what was tried, and the distribution whose packages could be unpacked. */
export interface NoServer {
  tried: string[];
  distribution: Distribution | undefined;
}

/** Where a server of Drover's own is, or would be. */
export function managedServer(managed: string): string {
  return path.join(managed, 'llama-server', executable);
}

const executable = process.platform === 'win32' ? 'llama-server.exe' : 'llama-server';

/**
 * Looks for llama-server: the setting, the environment's DROVER_LLAMA_SERVER, PATH and the places of package managers,
 * Drover's folder. Changes nothing and fetches nothing.
 * @throws Problem when the person named a program that does not run: then no other one is taken instead.
 */
export async function findServer(search: Search, signal: AbortSignal): Promise<Server | NoServer> {
  const variable = search.environment['DROVER_LLAMA_SERVER'];
  const setting = search.setting === variable ? undefined : search.setting;
  for (const [named, where] of [
    [setting, 'the setting drover.engine.path'],
    [variable, 'DROVER_LLAMA_SERVER'],
  ] as const) {
    if (named === undefined || named === '') continue;
    const found = await tryServer(named, where, search.environment, signal);
    if (typeof found !== 'string') return found;
    throw new Problem(
      'server_unusable',
      `The llama-server that ${where} names cannot be used: ${found}.`,
      `Correct ${where}, or remove it so that Drover looks for one.`,
      400,
    );
  }

  const tried: string[] = [];
  const candidates = [
    ...(await inPath(search)).map((file) => [file, 'PATH'] as const),
    [managedServer(search.managed), "Drover's folder"] as const,
  ];
  for (const [file, where] of candidates) {
    const found = await tryServer(file, where, search.environment, signal);
    if (typeof found !== 'string') return found;
    const absent = where !== 'PATH' && found.endsWith('is not there');
    tried.push(absent ? `none in Drover's folder (${path.dirname(file)})` : found);
  }
  if (candidates.length === 1) tried.unshift('none in PATH');
  const distribution = await findDistribution();
  if (typeof distribution === 'string') tried.push(distribution);
  return { tried, distribution: typeof distribution === 'string' ? undefined : distribution };
}

/** One sentence for each thing tried, and the shortest thing that the person can do on this platform. */
export function noServerProblem(tried: string[], platform: NodeJS.Platform = process.platform): Problem {
  return new Problem('no_server', `No llama-server was found: ${tried.join('; ')}.`, noServerAdvice(platform), 503);
}

function noServerAdvice(platform: NodeJS.Platform): string {
  const install = {
    darwin: 'Run `brew install llama.cpp`',
    win32: 'Run `winget install llama.cpp`',
  }[platform as string];
  const other = 'or set drover.engine.url to a model server that already runs.';
  return `${install ?? 'Install llama.cpp (a package of your distribution, or `brew install llama.cpp`)'} and start the engine again, ${other}`;
}

function usualPlaces({ LOCALAPPDATA }: NodeJS.ProcessEnv): string[] {
  if (process.platform === 'darwin') return ['/opt/homebrew/bin', '/usr/local/bin'];
  if (process.platform === 'linux') return ['/usr/local/bin', '/home/linuxbrew/.linuxbrew/bin'];
  return LOCALAPPDATA === undefined ? [] : [path.join(LOCALAPPDATA, 'Microsoft', 'WinGet', 'Links')];
}

async function inPath({ environment, places = usualPlaces(environment) }: Search): Promise<string[]> {
  const folders = [...(environment['PATH'] ?? environment['Path'] ?? '').split(path.delimiter), ...places];
  const found: string[] = [];
  // A relative entry of PATH would make the program depend on where Drover was started.
  for (const folder of new Set(folders.filter((entry) => path.isAbsolute(entry)))) {
    const file = path.join(folder, executable);
    if (await isExecutable(file)) found.push(file);
  }
  return found;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** What `--version` and `--help` said, by path and time of change: asking costs two starts. */
const known = new Map<string, Server>();

/** @returns the server, or in words why it is none. */
async function tryServer(
  file: string,
  where: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Server | string> {
  if (!(await isExecutable(file))) return `${file} is not there`;
  const key = `${file}\n${(await stat(file)).mtimeMs}`;
  const before = known.get(key);
  if (before) return { ...before, where };
  const limits = { environment, signal, limit: 20_000 };
  const answer = await runCommand(file, ['--version'], limits);
  const version = parseVersion(answer.lines);
  if (version === undefined) {
    const said = answer.missing ?? answer.lines.at(-1) ?? `it ended with code ${answer.code}`;
    return `${file} does not run (${said.trim()})`;
  }
  const help = await runCommand(file, ['--help'], limits);
  const server: Server = { path: file, where, version, flags: parseFlags(help.lines), note: undefined };
  const gpu = await findGpu(environment);
  if (gpu !== undefined) {
    const devices = await runCommand(file, ['--list-devices'], limits);
    if (!hasDevices(devices.lines)) {
      server.note = `This llama-server is a CPU build, but this machine has a GPU (${gpu}): a build for it is many times faster.`;
    }
  }
  known.set(key, server);
  return server;
}

/** "version: 0.7.0 (build 11669, commit Debian)", in older builds "version: 4567 (abc1234)". */
export function parseVersion(lines: string[]): string | undefined {
  return lines.map((line) => /\bversion: (\S.*)$/.exec(line)?.[1]?.trim()).find((version) => version !== undefined);
}

/** The flags that a help text lists at the beginning of its lines. */
export function parseFlags(lines: string[]): Set<string> {
  const flags = new Set<string>();
  for (const line of lines) {
    // "-np,   --parallel N        number of server slots": the flags end where two spaces follow a value.
    const head = /^(-{1,2}[A-Za-z].*?)(?:\s{2,}[^-\s].*)?$/.exec(line)?.[1] ?? '';
    for (const [flag] of head.matchAll(/(?<![\w-])--?[A-Za-z][\w-]*/g)) flags.add(flag);
  }
  return flags;
}

/** `--list-devices` names what it can compute on besides the CPU; some builds count the CPU among them. */
export function hasDevices(lines: string[]): boolean {
  const start = lines.findIndex((line) => /available devices/i.test(line));
  return lines.slice(start + 1).some((line) => /^\s+\S+:/.test(line) && !/^\s+CPU\b/i.test(line));
}

/** A sign of a GPU on this machine, in words. */
export async function findGpu(environment: NodeJS.ProcessEnv, devices = '/dev'): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const names = await readdir(devices).catch((): string[] => []);
  const nvidia = names.find((name) => /^nvidia\d+$/.test(name));
  if (nvidia !== undefined) return path.join(devices, nvidia);
  if (names.includes('kfd')) return path.join(devices, 'kfd');
  const render = (await readdir(path.join(devices, 'dri')).catch(() => [])).find((name) => name.startsWith('renderD'));
  if (render !== undefined) return path.join(devices, 'dri', render);
  for (const folder of (environment['PATH'] ?? '').split(path.delimiter)) {
    if (path.isAbsolute(folder) && (await isExecutable(path.join(folder, 'nvidia-smi')))) return 'nvidia-smi';
  }
  return undefined;
}
