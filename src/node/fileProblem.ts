import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from '../common/errors.ts';

/**
 * What the system says of a file that Drover keeps, in words: which file, why it cannot be used, and what to do. Undefined for
 * what the system has not said, which is a bug.
 *
 * @param path the file that is meant where the error names none
 */
export function fileProblem(error: unknown, path?: string): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  const file = 'path' in error && typeof error.path === 'string' ? error.path : path;
  return file === undefined ? undefined : unusable(file, String(error.code));
}

function unusable(file: string, code: string): Problem {
  const [message, advice] = words(file, code);
  return new Problem('unreadable', message, advice, 500);
}

/** What happened, and what to do. */
function words(file: string, code: string): [string, string] {
  switch (code) {
    case 'EISDIR':
      return [`${file} is a folder and no file.`, 'Move it away.'];
    case 'ENOTDIR':
      return [`${file} is no folder, or lies below something that is none.`, 'Move away what is there instead.'];
    case 'EACCES':
    case 'EPERM':
      return [
        `${file} may not be read or written by you (${code}).`,
        `It may belong to another account, as after one \`sudo drover\`: sudo chown -R "$(id -un)" '${dirname(file)}' gives it back.`,
      ];
    case 'EROFS':
      return [`${file} lies on a disk that is read-only.`, 'Name another folder with --state or DROVER_STATE.'];
    case 'ENOSPC':
    case 'EDQUOT':
      return [`${file} cannot be written, because the disk is full.`, 'Make room on it.'];
    case 'ENOENT':
      return [`${file} is not there.`, 'Something else has removed it.'];
    default:
      return [`${file} cannot be used (${code}).`, 'Look at the disk that it lies on, or move the file away.'];
  }
}

/**
 * Reads or opens a file that Drover keeps. A pipe or a device is not opened: it would be waited for.
 *
 * @throws Problem when it is there and cannot be used, ENOENT where it is not there
 */
export function usable<T>(path: string, read: () => T): T {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) throw unusable(path, 'EISDIR');
    if (found !== undefined && !found.isFile()) {
      throw new Problem('unreadable', `${path} is no regular file.`, 'Move it away.', 500);
    }
    return read();
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw gone ? error : (fileProblem(error, path) ?? error);
  }
}
