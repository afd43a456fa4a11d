import { openPromise } from 'yauzl';

/** A file in a ZIP archive; `size` in bytes, unpacked. */
export interface Entry {
  name: string;
  size: number;
}

/** Lists a ZIP archive without unpacking it; folders are left out. */
export async function listArchive(path: string): Promise<Entry[]> {
  const zip = await openPromise(path, { lazyEntries: true });
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    if (!entry.fileName.endsWith('/')) entries.push({ name: entry.fileName, size: entry.uncompressedSize });
  }
  return entries;
}
