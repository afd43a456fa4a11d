import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { Problem } from '../common/errors.ts';
import type { ResolvedPath } from '../common/tool.ts';

/** As long as the shortest limits of the usual systems: Linux' PATH_MAX and a name in its file systems, in bytes. */
const maxPath = 4096;
const maxName = 255;
/** Linux gives up after as many links in one path. */
const maxLinks = 40;

/**
 * Looks a path up the way the kernel will: links are followed before `..` is taken, a link that leads nowhere counts
 * as the place it points to, and of what does not exist yet the nearest folder that does is what matters. What leads
 * through the folder that Linux has for a process counts as outside.
 *
 * @param roots absolute and real; the first is where relative paths start
 * @param home what `~/` stands for
 * @throws Problem for what cannot be a path here
 */
export function resolvePath(given: string, roots: readonly string[], home?: string): ResolvedPath {
  const [first] = roots;
  if (first === undefined) {
    throw new Problem('path.none', 'No folder is open, so there are no files.', 'Open a folder first.', 409);
  }
  checkSpelling(given);
  const expanded = home !== undefined && /^~(?=[/\\]|$)/.test(given) ? home + given.slice(1) : given;
  const wanted = isAbsolute(expanded) ? expanded : `${first}${sep}${expanded}`;
  if (throughProcess(wanted)) {
    const absolute = resolve(wanted);
    return { given, absolute, real: absolute, root: undefined, shown: absolute, kind: 'other' };
  }
  const real = realPath(wanted, given);
  const root = roots.find((candidate) => isInside(candidate, real));
  return {
    given,
    absolute: resolve(wanted),
    real,
    root,
    shown: isInside(first, real) ? relative(first, real).split(sep).join('/') || '.' : real,
    kind: kindOf(real),
  };
}

/** True when `path` is `folder` or below it. Both absolute and real. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Those that somebody may have meant to type. */
const controls: Readonly<Record<number, string>> = {
  0x09: 'a tab',
  0x0a: 'a line feed',
  0x0d: 'a carriage return',
  0x1b: 'an escape',
  0x7f: 'a delete',
};

/**
 * For paths that a tool is given: one with a control character (C0, DEL, C1) names a file that a person takes for another one, or for
 * several. Commands are judged by what the shell makes of them, also where that is such a path.
 * @throws Problem that says which character it is
 */
export function refuseControls(given: string): void {
  const found = /[\u0001-\u001f\u007f-\u009f]/.exec(given)?.[0].charCodeAt(0);
  if (found === undefined) return;
  const which = [`U+${found.toString(16).toUpperCase().padStart(4, '0')}`, controls[found] ?? []].flat().join(', ');
  throw new Problem(
    'path.invalid',
    `The path has a control character in it (${which}).`,
    'Give another path; a command can rename a file that is called so.',
    400,
    'path',
  );
}

function checkSpelling(given: string): void {
  const wrong = (message: string) => new Problem('path.invalid', message, 'Give another path.', 400, 'path');
  if (given === '') throw wrong('The path is empty.');
  if (given.includes('\0')) throw wrong('The path has a NUL character in it.');
  if (Buffer.byteLength(given) > maxPath) throw wrong('The path is too long.');
  const names = given.split(process.platform === 'win32' ? /[\\/]/ : '/');
  if (names.some((name) => Buffer.byteLength(name) > maxName)) throw wrong('A name in the path is too long.');
  if (process.platform !== 'win32') return;
  // Streams of a file, devices and paths past the file system's own rules.
  const { root } = parse(given);
  if (root.startsWith('\\\\') || given.slice(root.length).includes(':')) {
    throw wrong('Only plain paths on a drive can be used.');
  }
}

/** Folders with links that lead each process elsewhere: to its own working folder, root and open files (proc(5)). */
const ofProcess = /^\/(?:proc\/(?:self|thread-self|\d+)|dev\/(?:fd|stdin|stdout|stderr))(?:\/|$)/;

/** Whether the kernel would go through such a folder: what it finds there says nothing of what another process will find. */
function throughProcess(wanted: string): boolean {
  if (process.platform !== 'linux') return false;
  const rest = wanted.split('/').toReversed();
  let at = '/';
  for (let links = 0; rest.length > 0 && links <= maxLinks;) {
    const name = rest.pop() ?? '';
    if (name === '' || name === '.') continue;
    const next = name === '..' ? dirname(at) : join(at, name);
    if (ofProcess.test(next)) return true;
    const target = name === '..' ? undefined : linkTarget(next);
    if (target === undefined) {
      at = next;
      continue;
    }
    links++;
    rest.push(...target.split('/').toReversed());
    if (isAbsolute(target)) at = '/';
  }
  return false;
}

function realPath(wanted: string, given: string): string {
  const wrong = (message: string) => new Problem('path.invalid', message, 'Give another path.', 400, 'path');
  const missing: string[] = [];
  let path = wanted;
  for (let links = 0; links <= maxLinks;) {
    // `link/` would be looked up as the folder that the link leads to.
    path = path.replace(/(?<=[^/\\:])[/\\]+$/, '');
    try {
      return join(realpathSync.native(path), ...missing.toReversed());
    } catch (error) {
      if (!isMissing(error) || dirname(path) === path) throw unusable(given, error);
    }
    const target = linkTarget(path);
    if (target !== undefined) {
      links++;
      path = isAbsolute(target) ? target : `${dirname(path)}${sep}${target}`;
      continue;
    }
    const name = basename(path);
    if (name === '..') throw wrong(`${given} leads through a folder that does not exist.`);
    if (name !== '.') missing.push(name);
    path = dirname(path);
  }
  throw wrong(`${given} leads in circles: its links point to one another.`);
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch (error) {
    if (isMissing(error) || isUnreadable(error)) return undefined;
    throw error;
  }
}

function kindOf(real: string): ResolvedPath['kind'] {
  try {
    // It has no link in it, unless one was put there in this moment.
    const found = lstatSync(real);
    if (found.isFile()) return 'file';
    return found.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (isMissing(error)) return 'missing';
    throw unusable(real, error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function isUnreadable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EACCES', 'ELOOP', 'ENAMETOOLONG'].includes(String(error.code));
}

function unusable(given: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return new Problem('path.unusable', `${given} cannot be reached (${code}).`, 'Use another path.', 400, 'path');
}
