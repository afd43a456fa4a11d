import { closeSync, constants, type Dirent, fstatSync, openSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { Problem } from '../common/errors.ts';
import type { ResolvedPath } from '../common/tool.ts';
import { anchored, readFolder } from './anchor.ts';
import { breather } from './breather.ts';

/** Never looked into: version control's own files, and what a package manager put there. */
const skipped = new Set(['.git', 'node_modules']);

export interface Listing {
  /** Relative to the folder, with forward slashes; folder by folder in the order of their names. */
  files: string[];
  /** False: there are more than `limit`. */
  complete: boolean;
}

/** The rules of one .gitignore, for paths relative to its folder. */
interface Rules {
  folder: string;
  rules: Ignore;
}

/**
 * The regular files below a folder that no .gitignore of it, or of the folders above it in the workspace, leaves out.
 * Links are not followed. What cannot be read is passed over.
 *
 * @throws Problem for a folder outside the workspace
 */
export async function listFiles(folder: ResolvedPath, limit: number, signal: AbortSignal): Promise<Listing> {
  if (folder.root === undefined) {
    throw new Problem('path.outside', `${folder.given} is outside the workspace.`, 'Use a folder inside it.', 403);
  }
  const listing: Listing = { files: [], complete: true };
  await walk(folder.real, rulesAbove(folder), { top: folder.real, limit, pause: breather(signal), listing });
  return listing;
}

interface Walk {
  top: string;
  limit: number;
  pause: () => Promise<void>;
  listing: Listing;
}

async function walk(folder: string, above: readonly Rules[], state: Walk): Promise<void> {
  await state.pause();
  const entries = entriesOf(folder);
  const own = entries.some(({ name }) => name === '.gitignore') ? readRules(folder) : undefined;
  const rules = own === undefined ? above : [...above, own];
  for (const entry of entries) {
    if (!state.listing.complete) return;
    if (skipped.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !isIgnored(`${path}${sep}`, rules)) await walk(path, rules, state);
    if (!entry.isFile() || isIgnored(path, rules)) continue;
    if (state.listing.files.length < state.limit) state.listing.files.push(slashed(relative(state.top, path)));
    else state.listing.complete = false;
  }
}

/** By name; none where the folder cannot be read. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readFolder(folder).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** From the root down to the folder above; none when they leave the folder itself out, since it was asked for. */
function rulesAbove({ real, root }: ResolvedPath): Rules[] {
  if (root === undefined || root === real) return [];
  const parts = relative(root, real).split(sep);
  const above = parts.map((_, depth) => join(root, ...parts.slice(0, depth)));
  const found = above.map(readRules).filter((rules) => rules !== undefined);
  return isIgnored(`${real}${sep}`, found) ? [] : found;
}

function readRules(folder: string): Rules | undefined {
  try {
    return { folder, rules: ignore().add(anchored(folder, readIgnored)) };
  } catch {
    return undefined;
  }
}

/** Git does not follow a link there either (gitignore(5)). */
function readIgnored(folder: string): string {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = openSync(join(folder, '.gitignore'), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    return fstatSync(file).isFile() ? readFileSync(file, 'utf8') : '';
  } finally {
    closeSync(file);
  }
}

/** The nearest rules that say anything decide. A path of a folder ends in a separator. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  for (const { folder, rules: own } of rules.toReversed()) {
    const { ignored, unignored } = own.test(slashed(path.slice(folder.length + 1)));
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** A path below a listed folder, in the form in which tools take and show it. */
export function below(folder: ResolvedPath, path: string): string {
  return folder.shown === '.' ? path : `${folder.shown}/${path}`;
}

function slashed(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}
