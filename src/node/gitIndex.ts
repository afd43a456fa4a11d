import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isSecret } from '../common/gate/names.ts';
import { readRegular, readRegularText } from './regular.ts';

/** A file that git knows. */
export interface Tracked {
  /** From the folder that was asked about, with forward slashes. */
  path: string;
  link: boolean;
}

/** What is kept of an index: of most files nobody needs to know more than that they are ordinary. */
interface Index {
  stamp: string;
  /** Links, files with secrets by their names, and those that the shell would not take for one plain word; undefined: unreadable. */
  notable: Tracked[] | undefined;
  /** A repository within this one has the mode 160000 (octal) in it. Other bytes may look like that; then it is asked without need. */
  repositories: boolean;
}

/** Longer ones take too long to go through for each command, in bytes. */
const longest = 4 * 1024 * 1024;
/** So many repositories are remembered. */
const most = 32;
const linkMode = 0o120000;
/** What the index ends in, of SHA-1, in bytes; of longer ones the rest is no name of an extension. */
const hash = 20;
/** Each name is a plain word, from whatever folder the path is told. */
const plainNames = /^(?:[\w.@%+=:,~^#][\w.@%+=:,~^#-]*(?:\/|$))+$/;

const known = new Map<string, Index>();

/**
 * Of the files below a folder that stand in the index of its repository those that are links, hold secrets by their names, or
 * are no plain word: gitformat-index(5), versions 2 and 3.
 *
 * @param whole of all of the repository, from its top
 * @returns undefined where there is no repository, or no index that can be read
 */
export function notableBelow(folder: string, whole = false): Tracked[] | undefined {
  const top = topOf(folder);
  if (top === undefined) return undefined;
  try {
    const index = join(gitFolder(top), 'index');
    if (!existsSync(index)) return [];
    const start = whole ? '' : wayFromTop(folder);
    return readIndex(index)
      .notable?.filter(({ path }) => path.startsWith(start))
      .map(({ path, link }) => ({ path: path.slice(start.length), link }));
  } catch {
    return undefined;
  }
}

/** Whether an index names a repository within its own. @throws Error when it cannot be read */
export function namesRepositories(index: string): boolean {
  return existsSync(index) && readIndex(index).repositories;
}

/** It is written anew as a whole, and so is another file each time. */
function readIndex(index: string): Index {
  const { ino, mtimeMs, ctimeMs, size } = statSync(index);
  const stamp = `${ino} ${mtimeMs} ${ctimeMs} ${size}`;
  const before = known.get(index);
  if (before?.stamp === stamp) return before;
  const bytes = readRegular(index);
  const all = size > longest ? undefined : entriesOf(bytes);
  const read = {
    stamp,
    notable: all?.filter(({ path, link }) => link || isSecret(path) || !plainNames.test(path)),
    repositories: bytes.includes(Buffer.from([0, 0, 0xe0, 0])),
  };
  if (known.size >= most) known.clear();
  known.set(index, read);
  return read;
}

/** How the names in an index begin that lie in this folder: `''` at the top of its repository, else `src/`. */
export function wayFromTop(folder: string): string {
  const top = topOf(folder);
  const way = top === undefined ? '' : relative(top, folder).split(sep).join('/');
  return way === '' ? '' : `${way}/`;
}

function topOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

function gitFolder(top: string): string {
  const place = join(top, '.git');
  if (statSync(place).isDirectory()) return place;
  return resolve(top, readRegularText(place).replace(/^gitdir: |[\r\n]+$/g, ''));
}

/** Each entry is padded to a multiple of 8 bytes, with a NUL at least; the index may be in two parts, of which this is one. */
function entriesOf(bytes: Buffer): Tracked[] | undefined {
  const version = bytes.toString('latin1', 0, 4) === 'DIRC' ? bytes.readUInt32BE(4) : 0;
  if (version !== 2 && version !== 3) return undefined;
  const found: Tracked[] = [];
  let at = 12;
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const mode = bytes.readUInt32BE(at + 24);
    const extended = (bytes.readUInt16BE(at + 60) & 0x4000) !== 0;
    const start = at + (extended ? 64 : 62);
    const end = bytes.indexOf(0, start);
    if (end === -1) return undefined;
    found.push({ path: bytes.toString('utf8', start, end), link: mode === linkMode });
    at += Math.ceil((end - at + 1) / 8) * 8;
  }
  return isInParts(bytes, at) ? undefined : found;
}

/** Behind the entries stand extensions, each a name of four letters and a length; `link` names the other part of the index. */
function isInParts(bytes: Buffer, from: number): boolean {
  for (let at = from; at + 8 + hash <= bytes.length; at += 8 + bytes.readUInt32BE(at + 4)) {
    if (bytes.toString('latin1', at, at + 4) === 'link') return true;
  }
  return false;
}
