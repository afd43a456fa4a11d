import {
  closeSync,
  constants,
  type Dirent,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { join } from 'node:path';

/** A folder is not where it was when it was looked up: it, or one above it, was exchanged for a link. */
export class Moved extends Error {
  constructor(folder: string) {
    super(`${folder} was moved`);
    this.name = 'Moved';
  }
}

/**
 * Calls `use` with a name for the folder that stays that folder whatever is renamed or linked meanwhile: on Linux its
 * open descriptor. Elsewhere it is its path, which is compared before and after, so what was read of another folder is not
 * given on; a write between two exchanges is not seen there.
 *
 * @param folder absolute and real
 * @throws Moved when that path leads elsewhere by now
 */
export function anchored<T>(folder: string, use: (folder: string) => T): T {
  if (process.platform !== 'linux') {
    if (realpathSync.native(folder) !== folder) throw new Moved(folder);
    const result = use(folder);
    if (realpathSync.native(folder) !== folder) throw new Moved(folder);
    return result;
  }
  const handle = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const anchor = `/proc/self/fd/${handle}`;
    if (readlinkSync(anchor) !== folder) throw new Moved(folder);
    return use(anchor);
  } finally {
    closeSync(handle);
  }
}

/**
 * Makes a folder in another one, by a name for that which stays; one that is there already is left as it is. Not by `recursive`: where
 * the other one was removed meanwhile, Node would try for ever, since its descriptor is still there.
 *
 * @throws Moved where that was removed, or what the system says
 */
export function makeFolderIn(anchor: string, name: string): void {
  try {
    mkdirSync(join(anchor, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Moved(name);
    if (code !== 'EEXIST') throw error;
  }
}

/**
 * What stands in a folder, and not in what it was exchanged for.
 *
 * @param folder absolute and real
 * @throws Moved, or what the system says
 */
export function readFolder(folder: string): Dirent[] {
  return anchored(folder, (anchor) => readdirSync(anchor, { withFileTypes: true }));
}
