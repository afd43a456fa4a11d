import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { ModelInfo } from '../../src/common/engine.ts';
import { Problem } from '../../src/common/errors.ts';
import { catalogue, type CatalogueEntry, entryOf, offer } from './catalogue.ts';
import { megabytes } from './gguf.ts';

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
      const stem = path.parse(name).name;
      // A person's own file may have the name of an entry.
      const own = { id: entryOf(stem) === undefined ? stem : name, name: stem };
      return { ...(entry === undefined ? own : offer(entry)), path: path.join(folder, name), size };
    });
  const rest = catalogue.filter(({ id }) => !found.some((model) => model.id === id)).map(offer);
  return [...found, ...rest];
}

/** Only the first part of a model in several files, and no projectors. */
function isModelName(name: string): boolean {
  if (!name.endsWith('.gguf') || name.startsWith('mmproj')) return false;
  const part = /-(\d{5})-of-\d{5}\.gguf$/.exec(name)?.[1];
  return part === undefined || part === '00001';
}

/**
 * The model that a setting names: a path, or an id or file name in Drover's folder; without a setting the newest one
 * there that is a person's own, else the first-run model.
 * @returns undefined when nothing was named and nothing is there
 * @throws Problem when what was named is not there
 */
export async function chooseModel(setting: string | undefined, managed: string): Promise<ModelInfo | undefined> {
  const models = (await listModels(managed)).filter((model) => model.path !== undefined);
  if (setting === undefined || setting === '') {
    return models.find((model) => !catalogue.some(({ id }) => id === model.id)) ?? models[0];
  }
  const wanted = entryOf(setting)?.id ?? setting;
  const named = models.find(({ id, path: file }) => id === wanted || path.basename(file ?? '') === wanted);
  if (named) return named;
  if (looksLikePath(setting)) return fromPath(expandHome(setting));
  const offered = entryOf(setting);
  if (offered) throw notFetched(offered);
  throw new Problem(
    'model_unknown',
    `There is no model named ${setting} in ${modelsFolder(managed)}.`,
    'Name a GGUF file by its path, or put it there.',
    404,
    'model',
  );
}

/** As `chooseModel`; but what can be fetched counts as well, and has no path then. */
export async function chooseOrOffer(setting: string | undefined, managed: string): Promise<ModelInfo | undefined> {
  const entry = setting === undefined || setting === '' ? catalogue[0] : entryOf(setting);
  try {
    return (await chooseModel(setting, managed)) ?? (entry && offer(entry));
  } catch (error) {
    if (entry !== undefined && error instanceof Problem && error.code === 'model_not_fetched') return offer(entry);
    throw error;
  }
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
