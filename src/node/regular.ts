import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/**
 * The text of a file in a folder that others fill. Opened without blocking: a pipe would be waited for, and with it all
 * that the process does.
 * @throws Error also where it is no regular file
 */
export function readRegularText(path: string): string {
  return readRegular(path).toString('utf8');
}

/** Its bytes. @throws Error as `readRegularText` does */
export function readRegular(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) throw new Error('it is no regular file');
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
