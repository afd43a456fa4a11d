import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fdatasyncSync,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Problem } from '../common/errors.ts';
import type { Files, ResolvedPath } from '../common/tool.ts';
import { anchored, makeFolderIn, Moved, readFolder } from './anchor.ts';
import { type Blobs, hashOf } from './blobs.ts';
import { resolvePath } from './confine.ts';

// File calls are synchronous here: an agent has nothing else to do meanwhile, and each is ten times as fast as
// through the thread pool (a search reads hundreds of files). Nothing can come between two of them in this process.

/** Files larger than this are no source text; a model's context holds a hundredth of it. */
const maxBytes = 10 * 1024 * 1024;

/** `Files`, and what undo needs besides. */
export interface WorkspaceFiles extends Files {
  /** Removes a regular file of the workspace. @throws Problem as `read` does */
  remove(path: ResolvedPath): Promise<void>;
}

interface Settings {
  /** Absolute and real. */
  roots: readonly string[];
  blobs: Blobs;
  /** What `~/` stands for. */
  home?: string;
}

/** File access confined to the roots: what is opened is what was resolved and judged, or nothing. */
export function createFiles({ roots, blobs, home }: Settings): WorkspaceFiles {
  async function write(
    path: ResolvedPath,
    content: Uint8Array,
    expected?: string | null,
  ): Promise<{ before: string | null; after: string }> {
    if (content.length > maxBytes) throw tooLarge(path);
    const old = inside(path, () => readExisting(path));
    const before = old === undefined ? null : await blobs.put(old.content);
    if (expected !== undefined && before !== expected) throw changing(path);
    const after = await blobs.put(content);
    // Nothing is overwritten that is not in the store.
    const check = (): void => {
      const now = readExisting(path);
      if ((now === undefined ? null : hashOf(now.content)) !== before) throw changing(path);
    };
    inside(path, () => {
      check();
      makeFolder(dirname(path.real));
      anchored(dirname(path.real), (folder) => replace(folder, path, { content, mode: old?.mode, check }));
    });
    return { before, after };
  }

  async function remove(path: ResolvedPath): Promise<void> {
    inside(path, () => {
      readRegular(path);
      anchored(dirname(path.real), (folder) => rmSync(join(folder, basename(path.real))));
    });
  }

  return {
    resolve: async (path) => resolvePath(path, roots, home),
    read: async (path) => inside(path, () => readRegular(path).content),
    list: async (path) => {
      if (path.root === undefined) throw outside(path);
      return used(path, () => readFolder(path.real));
    },
    write,
    remove,
  };
}

/** Calls `use` if the path is inside the workspace; what the system says against it becomes a sentence. */
function inside<T>(path: ResolvedPath, use: () => T): T {
  if (path.root === undefined || path.root === path.real) throw outside(path);
  return used(path, use);
}

function outside(path: ResolvedPath): Problem {
  const message = path.root === undefined ? `${path.given} is outside the workspace.` : `${path.given} is a folder.`;
  return new Problem('path.outside', message, 'Use a file inside the workspace.', 403);
}

function used<T>(path: ResolvedPath, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof Moved) throw moved(path);
    throw error instanceof Problem ? error : unusable(path, error);
  }
}

interface Content {
  content: Uint8Array;
  mode: number;
}

/** @throws Problem when the name is taken by a link, a folder and the like, or by what must not be written */
function readExisting(path: ResolvedPath): Content | undefined {
  if (lstatSync(path.real, { throwIfNoEntry: false }) === undefined) return undefined;
  const found = readRegular(path);
  if ((found.mode & 0o200) !== 0) return found;
  throw new Problem('file.readonly', `${path.shown} is read-only.`, 'Change its permissions first.', 403);
}

function readRegular(path: ResolvedPath): Content {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  // Not blocking: opening a pipe would wait for somebody to write into it. And a terminal shall not become this process's own.
  const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  const file = anchored(dirname(path.real), (folder) => openSync(join(folder, basename(path.real)), flags));
  try {
    const { size, mode, dev, ino } = requireRegular(fstatSync(file), path);
    if (size > maxBytes) throw tooLarge(path);
    requireSame(file, { dev, ino }, path);
    const content = Buffer.allocUnsafe(size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < content.length; length += read) {
      read = readSync(file, content, length, content.length - length, length);
    }
    if (length > size) throw changing(path);
    return { content: content.subarray(0, length), mode: mode & 0o777 };
  } finally {
    closeSync(file);
  }
}

/** What was opened is what has that name: no folder on the way was exchanged for a link. */
function requireSame(file: number, opened: Pick<Stats, 'dev' | 'ino'>, path: ResolvedPath): void {
  if (process.platform === 'linux') {
    if (readlinkSync(`/proc/self/fd/${file}`) !== path.real) throw moved(path);
    return;
  }
  const named = lstatSync(path.real);
  const same = named.ino === opened.ino && named.dev === opened.dev && realpathSync.native(path.real) === path.real;
  if (!same) throw moved(path);
}

function requireRegular(found: Stats, path: ResolvedPath): Stats {
  if (found.isFile()) return found;
  const what = found.isDirectory() ? 'is a folder' : 'is no regular file';
  throw new Problem('file.kind', `${path.shown} ${what}.`, 'Use a regular file.', 400);
}

/** Makes the folder and those above it, each inside the one that was found to be there. */
function makeFolder(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  makeFolder(dirname(folder));
  anchored(dirname(folder), (above) => makeFolderIn(above, basename(folder)));
}

interface Replacement {
  content: Uint8Array;
  /** Of the file that is there; undefined: there is none. */
  mode: number | undefined;
  /** Throws where another content stands there now. */
  check: () => void;
}

/** A whole new file takes the old one's name: no reader sees half of it, and no hard link is written through. */
function replace(folder: string, path: ResolvedPath, { content, mode, check }: Replacement): void {
  const temporary = join(folder, `.drover-${randomBytes(6).toString('hex')}.tmp`);
  const place = join(folder, basename(path.real));
  try {
    const file = openSync(temporary, 'wx', mode ?? 0o666);
    try {
      writeFileSync(file, content);
      // The process' mask applied above; an existing file keeps its mode whatever the mask is.
      if (mode !== undefined) fchmodSync(file, mode);
      fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
    // Once more, as late as can be: bringing the content to the disk takes a while.
    check();
    if (mode !== undefined || !placeNew(temporary, place, path)) renameSync(temporary, place);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Gives a file a name that must be free, which `rename` would not ask. @returns false where the file system cannot */
function placeNew(temporary: string, place: string, path: ResolvedPath): boolean {
  try {
    linkSync(temporary, place);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw changing(path);
    return false;
  }
  rmSync(temporary);
  return true;
}

function tooLarge(path: ResolvedPath): Problem {
  const advice = 'Use a command that reads or changes a part of it.';
  return new Problem('file.large', `${path.shown} is larger than 10 MiB.`, advice, 413);
}

function moved(path: ResolvedPath): Problem {
  return new Problem('path.moved', `${path.shown} is not where it was when it was judged.`, 'Try again.', 409);
}

function changing(path: ResolvedPath): Problem {
  return new Problem('file.changing', `${path.shown} was changed in this very moment.`, 'Read it again.', 409);
}

function unusable(path: ResolvedPath, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return new Problem('file.missing', `${path.shown} does not exist.`, 'Look with glob for its real name.', 404);
    case 'ELOOP':
      return moved(path);
    case 'ENXIO':
      return new Problem('file.kind', `${path.shown} is no regular file.`, 'Use a regular file.', 400);
    case 'ENOTDIR': {
      const message = `A part of ${path.shown} is a file where a folder should be.`;
      return new Problem('file.unusable', message, 'Use another path.', 400);
    }
    default: {
      const message = `${path.shown} cannot be used (${String(code ?? error)}).`;
      return new Problem('file.unusable', message, 'Check its permissions, and the space on the disk.', 403);
    }
  }
}
