import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readlink, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Problem } from '../common/errors.ts';
import type { Files, ResolvedPath } from '../common/tool.ts';
import type { Blobs } from './blobs.ts';
import { resolvePath } from './confine.ts';

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
  async function read(path: ResolvedPath): Promise<Uint8Array> {
    return withFolder(path, async (anchor) => {
      const file = await openRegular(join(anchor, basename(path.real)), path);
      try {
        return await readAll(file, path);
      } finally {
        await file.close();
      }
    });
  }

  async function write(path: ResolvedPath, content: Uint8Array): Promise<{ before: string | null; after: string }> {
    if (content.length > maxBytes) throw tooLarge(path);
    requireInside(path);
    await makeFolder(dirname(path.real), path);
    return withFolder(path, async (anchor) => {
      const target = join(anchor, basename(path.real));
      const old = await readExisting(target, path);
      const before = old === undefined ? null : await blobs.put(old.content);
      const after = await blobs.put(content);
      await replace(anchor, target, content, old?.mode);
      return { before, after };
    });
  }

  async function remove(path: ResolvedPath): Promise<void> {
    return withFolder(path, async (anchor) => {
      const target = join(anchor, basename(path.real));
      await (await openRegular(target, path)).close();
      await rm(target);
    });
  }

  return { resolve: (path) => resolvePath(path, roots, home), read, write, remove };
}

async function withFolder<T>(path: ResolvedPath, use: (anchor: string) => Promise<T>): Promise<T> {
  requireInside(path);
  return anchored(dirname(path.real), path, use);
}

/** Makes the folder and those above it, each inside the one that was found to be there. */
async function makeFolder(folder: string, path: ResolvedPath): Promise<void> {
  const found = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unusable(path, error);
  });
  if (found !== undefined) return;
  await makeFolder(dirname(folder), path);
  await anchored(dirname(folder), path, (anchor) =>
    mkdir(join(anchor, basename(folder))).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw unusable(path, error);
    }),
  );
}

/**
 * Calls `use` with a name for the folder that stays that folder whatever is renamed or linked meanwhile: on Linux its
 * open descriptor; elsewhere its path, which has just been compared.
 */
async function anchored<T>(folder: string, path: ResolvedPath, use: (anchor: string) => Promise<T>): Promise<T> {
  if (process.platform !== 'linux') {
    if ((await realpath(folder).catch(() => undefined)) !== folder) throw moved(path);
    return use(folder);
  }
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const handle = await open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch(async (error: unknown) => {
    // A link in place of the folder is no directory either, but says something else.
    const link = await lstat(folder).then(
      (found) => found.isSymbolicLink(),
      () => false,
    );
    throw link ? moved(path) : unusable(path, error);
  });
  try {
    const anchor = `/proc/self/fd/${handle.fd}`;
    if ((await readlink(anchor)) !== folder) throw moved(path);
    return await use(anchor);
  } finally {
    await handle.close();
  }
}

async function openRegular(target: string, path: ResolvedPath): Promise<FileHandle> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  // Not blocking: opening a pipe would wait for somebody to write into it.
  const file = await open(target, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    throw unusable(path, error);
  });
  try {
    const opened = await file.stat();
    if (!opened.isFile()) throw notRegular(path, opened.isDirectory());
    if (process.platform !== 'linux') {
      const named = await lstat(target);
      if (named.ino !== opened.ino || named.dev !== opened.dev) throw moved(path);
    }
    if (opened.size > maxBytes) throw tooLarge(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** To the end, and no further than the limit, although the file may grow while it is read. */
async function readAll(file: FileHandle, path: ResolvedPath): Promise<Uint8Array> {
  const content = Buffer.allocUnsafe(Math.min((await file.stat()).size, maxBytes) + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(content, length, content.length - length, length);
    length += bytesRead;
    if (bytesRead === 0 || length === content.length) break;
  }
  if (length < content.length) return content.subarray(0, length);
  throw new Problem('file.changing', `${path.shown} grew while it was read.`, 'Read it again.', 409);
}

async function readExisting(
  target: string,
  path: ResolvedPath,
): Promise<{ content: Uint8Array; mode: number } | undefined> {
  const found = await lstat(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unusable(path, error);
  });
  if (found === undefined) return undefined;
  if (found.isSymbolicLink()) throw moved(path);
  const file = await openRegular(target, path);
  try {
    const { mode } = await file.stat();
    if ((mode & 0o200) === 0) {
      throw new Problem('file.readonly', `${path.shown} is read-only.`, 'Change its permissions first.', 403);
    }
    return { content: await readAll(file, path), mode: mode & 0o777 };
  } finally {
    await file.close();
  }
}

/** A whole new file takes the old one's name: no reader sees half of it, and no hard link is written through. */
async function replace(anchor: string, target: string, content: Uint8Array, mode: number | undefined): Promise<void> {
  const temporary = join(anchor, `.drover-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode ?? 0o666);
    try {
      await file.writeFile(content);
      // The process' mask applied above; an existing file keeps its mode whatever the mask is.
      if (mode !== undefined) await file.chmod(mode);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function requireInside(path: ResolvedPath): void {
  if (path.root !== undefined && path.root !== path.real) return;
  const message = path.root === undefined ? `${path.given} is outside the workspace.` : `${path.given} is a folder.`;
  throw new Problem('path.outside', message, 'Use a file inside the workspace.', 403);
}

function notRegular(path: ResolvedPath, folder: boolean): Problem {
  const what = folder ? 'is a folder' : 'is no regular file';
  return new Problem('file.kind', `${path.shown} ${what}.`, 'Use a regular file.', 400);
}

function tooLarge(path: ResolvedPath): Problem {
  const advice = 'Use a command that reads or changes a part of it.';
  return new Problem('file.large', `${path.shown} is larger than 10 MiB.`, advice, 413);
}

function moved(path: ResolvedPath): Problem {
  return new Problem('path.moved', `${path.shown} is not where it was when it was judged.`, 'Try again.', 409);
}

function unusable(path: ResolvedPath, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') {
    return new Problem('file.missing', `${path.shown} does not exist.`, 'Look with glob for its real name.', 404);
  }
  if (code === 'ELOOP') return moved(path);
  if (code === 'ENXIO') return notRegular(path, false);
  if (code === 'EISDIR') return notRegular(path, true);
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    const message = `A part of ${path.shown} is a file where a folder should be.`;
    return new Problem('file.unusable', message, 'Use another path.', 400);
  }
  const message = `${path.shown} cannot be used (${String(code ?? error)}).`;
  return new Problem('file.unusable', message, 'Check its permissions.', 403);
}
