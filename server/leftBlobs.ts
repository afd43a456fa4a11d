import { removeBlob } from '../src/node/blobs.ts';

/**
 * What deleted chats have kept for undo. Files of the same content share it, also with chats that are there, so it is removed
 * when no chat refers to it; while a turn runs that is not known, because what it changes is kept before it is logged.
 */
export class LeftBlobs {
  private readonly folder: string;
  private readonly left = new Set<string>();

  /** @param folder STATE/blobs */
  constructor(folder: string) {
    this.folder = folder;
  }

  get any(): boolean {
    return this.left.size > 0;
  }

  /** A chat that had these is deleted. */
  add(hashes: Iterable<string>): void {
    for (const hash of hashes) this.left.add(hash);
  }

  /** @param chats what each of all chats has; no turn of theirs runs */
  remove(chats: Iterable<ReadonlySet<string>>): void {
    for (const hashes of chats) for (const hash of hashes) this.left.delete(hash);
    for (const hash of this.left) removeBlob(this.folder, hash);
    this.left.clear();
  }
}
