import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gitFoldersOf } from './gitPrograms.ts';
import { readRegularText } from './regular.ts';

/** As a file holds it that git writes: what a name stands for, and a name below `refs` of which git prints what begins with a hyphen. */
const packed = /^\S+ refs\/(?:[^/\n]+\/)?-/m;
const points = /^ref:\s*refs\/(?:[^/\n]+\/)?-/;

/**
 * Whether a branch, a tag or a remote here has a name that would be an option where a line puts it among the words of a program:
 * git makes none, but takes over those that a server has. Unreadable counts, and so does another way of keeping them.
 */
export function namesMayBeOptions(folder: string): boolean {
  try {
    const { git, shared } = gitFoldersOf(folder) ?? {};
    if (git === undefined || shared === undefined) return false;
    if (existsSync(join(shared, 'reftable'))) return true;
    const all = join(shared, 'packed-refs');
    if (points.test(readRegularText(join(git, 'HEAD')))) return true;
    if (existsSync(all) && packed.test(readRegularText(all))) return true;
    const refs = join(shared, 'refs');
    const kinds = readdirSync(refs, { withFileTypes: true });
    const folders = [refs, ...kinds.flatMap((kind) => (kind.isDirectory() ? [join(refs, kind.name)] : []))];
    return folders.some((each) => readdirSync(each).some((name) => name.startsWith('-')));
  } catch {
    return true;
  }
}
