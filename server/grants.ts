import { createHash } from 'node:crypto';
import type { Grant } from '../src/common/gate/judge.ts';
import { Problem } from '../src/common/errors.ts';
import type { StandingGrant } from '../src/common/protocol.ts';
import { holds, keysIn, type StoredGrant } from '../src/node/standingGrants.ts';

/** Where grants are kept: the person's own configuration, and nothing of a workspace. */
export interface GrantStore {
  readonly grants: readonly StoredGrant[];
  /** @throws Problem when they could not be kept; then nothing has changed */
  saveGrants(grants: readonly StoredGrant[]): void;
}

/** What the person always allows, each in one folder. */
export class Grants {
  private readonly store: GrantStore;

  constructor(store: GrantStore) {
    this.store = store;
  }

  list(): StandingGrant[] {
    return this.store.grants.map(({ folder, key, words, made }) => ({
      id: idOf(folder, key),
      folder,
      words,
      made,
      holds: holds(key),
    }));
  }

  /** Keys of what is always allowed in a workspace with this first folder. */
  keys(folder: string | undefined): string[] {
    return keysIn(this.store.grants, folder);
  }

  /** @throws Problem when it could not be kept */
  add(folder: string, { key, words }: Grant): void {
    const others = this.store.grants.filter((grant) => grant.folder !== folder || grant.key !== key);
    this.store.saveGrants([...others, { folder, key, words, made: Date.now() }]);
  }

  /** @returns the folder in which it held @throws Problem (404) when there is none with this id */
  remove(id: string): string {
    const gone = this.store.grants.find(({ folder, key }) => idOf(folder, key) === id);
    if (gone === undefined) {
      const message = `Nothing that is always allowed has the id ${JSON.stringify(id)}.`;
      throw new Problem('no_grant', message, '`drover grants` lists what there is.', 404, 'id');
    }
    this.store.saveGrants(this.store.grants.filter((grant) => grant !== gone));
    return gone.folder;
  }
}

/** Short, and the same wherever the list is read. */
function idOf(folder: string, key: string): string {
  return createHash('sha256').update(`${folder}\0${key}`).digest('hex').slice(0, 8);
}
