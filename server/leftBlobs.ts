import type { LoggedEvent } from '../src/common/events.ts';
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

  /** The chat of these events is deleted. */
  add(events: readonly LoggedEvent[]): void {
    for (const hash of blobsOf(events)) this.left.add(hash);
  }

  /** @param chats the events of all chats; no turn of theirs runs */
  remove(chats: Iterable<readonly LoggedEvent[]>): void {
    for (const events of chats) for (const hash of blobsOf(events)) this.left.delete(hash);
    for (const hash of this.left) removeBlob(this.folder, hash);
    this.left.clear();
  }
}

function blobsOf(events: readonly LoggedEvent[]): string[] {
  const changes = events.flatMap((event) => (event.type === 'tool.end' && event.change ? [event.change] : []));
  return changes.flatMap(({ before, after }) => [before, after]).filter((hash) => hash !== null);
}
