import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

/** What is under way; `done` and `total` in bytes. */
export interface Progress {
  text: string;
  done?: number;
  total?: number;
}
export type Report = (progress: Progress) => void;

/** Bytes of all files below a folder that others may be writing to. */
export async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        lstat(path.join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          // Renamed or removed since it was listed.
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Measures four times a second and tells what changed. @returns what ends it */
export function watchSize(measure: () => Promise<number>, tell: (size: number) => void): () => void {
  let last = -1;
  let stopped = false;
  const look = async (): Promise<void> => {
    const size = await measure();
    if (!stopped && size !== last) tell(size);
    last = size;
  };
  const timer = setInterval(() => {
    void look();
  }, 250);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}
