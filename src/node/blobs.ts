import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../common/errors.ts';

/** Contents of files before and after a change, by SHA-256: what undo needs. */
export interface Blobs {
  /** Keeps the content and returns its name. */
  put(content: Uint8Array): Promise<string>;
  /** @throws Problem when it is not there or was damaged. */
  get(hash: string): Promise<Uint8Array>;
}

function place(folder: string, hash: string): string {
  return join(folder, hash.slice(0, 2), hash);
}

const named = /^[0-9a-f]{64}$/;

/** SHA-256 in hexadecimal. */
export function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A store in a folder of its own that only the person can read. */
export function createBlobs(folder: string): Blobs {
  async function put(content: Uint8Array): Promise<string> {
    const hash = hashOf(content);
    const path = place(folder, hash);
    // Not synced, to keep edits fast: what a power cut left short is written again here and refused by `get`.
    const known = await stat(path).catch(ignoreMissing);
    if (known?.size === content.length) return hash;
    const parent = join(folder, hash.slice(0, 2));
    await mkdir(parent, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    const temporary = join(parent, `.${randomBytes(8).toString('hex')}`);
    await writeFile(temporary, content, { flag: 'wx', mode: 0o600 });
    await rename(temporary, path);
    return hash;
  }

  async function get(hash: string): Promise<Uint8Array> {
    const content = named.test(hash) ? await readFile(place(folder, hash)).catch(ignoreMissing) : undefined;
    if (content === undefined || hashOf(content) !== hash) {
      throw new Problem(
        'blob.missing',
        'The earlier content of this file is no longer kept, or was damaged.',
        'Use version control or a backup to get it back.',
        404,
      );
    }
    return content;
  }

  return { put, get };
}

/** At once, so that nothing can come to need it meanwhile. */
export function removeBlob(folder: string, hash: string): void {
  if (named.test(hash)) rmSync(place(folder, hash), { force: true });
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
