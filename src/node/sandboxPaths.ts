import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { inVersionControl } from '../common/gate/names.ts';
import { isInside } from './confine.ts';
import { makeStateFolder } from './folders.ts';
import { readRegularText } from './regular.ts';
import type { Names } from './workspaceNames.ts';

/** Holds what lets somebody in, and starts nothing: tests write such files, and find them again. */
const onlySecret = /^(?:credentials|secrets?|service[-_]?account|id_(?:rsa|dsa|ecdsa|ed25519)|\.htpasswd|\.pgpass)/i;

/** What a command made and must not have made: where it was, and where it is now; undefined where it could not be moved. */
export interface Taken {
  from: string;
  to: string | undefined;
}

/**
 * What is not to be written in a root: what decides what runs later, and where a repository says that its own files or its
 * hooks lie elsewhere in the root.
 */
export function lockedIn(root: string, { deciding }: Names): string[] {
  const locked = new Set(deciding.values());
  for (const path of deciding.keys()) {
    if (basename(path) !== '.git') continue;
    for (const each of ledTo(path)) if (each !== root && isInside(root, each) && existsSync(each)) locked.add(each);
  }
  return [...locked];
}

/** Where the `.git` of a worktree, or its `config`, leads: folders and files, absolute. */
export function ledTo(git: string): string[] {
  const folder = dirname(git);
  if (lstatSync(git, { throwIfNoEntry: false })?.isFile() !== true) return named(join(git, 'config'), folder, git);
  const [, way] = /^gitdir: (.+?)\s*$/.exec(textOf(git)) ?? [];
  if (way === undefined) return [];
  const place = resolve(folder, way);
  const common = textOf(join(place, 'commondir')).trim();
  const shared = common === '' ? place : resolve(place, common);
  return [place, shared, ...named(join(shared, 'config'), folder, shared)];
}

/** Hooks and further configuration that a `config` of git names: git-config(1), `core.hooksPath` and `include.path`. */
function named(config: string, folder: string, git: string): string[] {
  const found = textOf(config).matchAll(/^\s*(hooksPath|path|fsmonitor)\s*=\s*"?([^"\n]+?)"?\s*$/gim);
  return [...found].flatMap(([, key = '', value = '']) => {
    if (value.startsWith('~')) return [];
    if (isAbsolute(value)) return [value];
    return [resolve(key.toLowerCase() === 'path' ? git : folder, value)];
  });
}

function textOf(file: string): string {
  try {
    return readRegularText(file);
  } catch {
    // It is not there, or no file: then it says nothing.
    return '';
  }
}

/**
 * Moves away what has come to a root since with a name that decides what runs later. Nothing is lost: it may have been
 * somebody else who made it in that time.
 *
 * @param before what decided before, as `WorkspaceNames` found it
 * @param after the same behind the command
 * @param to a folder for it, made when it is needed
 */
export function takeBack(before: Names, after: Names, to: string): Taken[] {
  const added = [...after.deciding.keys()].filter((path) => !before.deciding.has(path));
  return added.filter((path) => mayRun(path)).map((path) => ({ from: path, to: moved(path, to) }));
}

function mayRun(path: string): boolean {
  if (inVersionControl(basename(path)) || !onlySecret.test(basename(path))) return !isEmptyFolder(path);
  return false;
}

function moved(from: string, to: string): string | undefined {
  try {
    // Another command may have put a link in the place of a folder on the way.
    if (realpathSync(dirname(from)) !== dirname(from)) return undefined;
    makeStateFolder(to);
    const place = join(mkdtempSync(join(to, `${basename(from).replace(/^\.+/, '')}-`)), basename(from));
    open(dirname(from));
    open(from);
    try {
      renameSync(from, place);
    } catch {
      // On another file system.
      openAll(from);
      cpSync(from, place, { recursive: true, verbatimSymlinks: true, filter: (source) => isCopied(lstatSync(source)) });
      rmSync(from, { recursive: true, force: true });
    }
    return place;
  } catch {
    // The person is told that it is still there.
    return undefined;
  }
}

/** What can be copied, and means something elsewhere. */
function isCopied(stats: Stats): boolean {
  return stats.isFile() || stats.isDirectory() || stats.isSymbolicLink();
}

/** A command may have taken the right to write from its own folder, which would keep it where it is. */
function open(path: string): void {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink() || stats.uid !== process.getuid?.()) return;
  const wanted = stats.mode | (stats.isDirectory() ? 0o700 : 0o600);
  if (wanted !== stats.mode) chmodSync(path, wanted & 0o7777);
}

function openAll(path: string): void {
  open(path);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) openAll(join(path, name));
}

/** It decides nothing, and may be what another sandbox keeps a name with. */
function isEmptyFolder(path: string): boolean {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() !== true) return stats === undefined;
    return readdirSync(path).length === 0;
  } catch {
    // It cannot be looked at, and so may hold something.
    return false;
  }
}
