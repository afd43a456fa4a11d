import type { ResolvedPath } from '../tool.ts';
import type { CommandReading } from './command.ts';
import type { CommandPath } from './form.ts';

/**
 * An effect whose paths have been looked up. `paths` of a command: what `commandPaths` named; `repositoryRuns`: git would
 * start programs there that the repository itself names.
 */
export type ResolvedEffect =
  | { kind: 'read'; path: ResolvedPath }
  | { kind: 'write'; path: ResolvedPath; hidden?: true | undefined }
  | {
      kind: 'execute';
      command: string;
      paths: readonly LookedUp[];
      /** Of this very command; absent: it is read here. */
      reading?: CommandReading;
      repositoryRuns?: boolean;
      /** Folders in which git would be run, as the reading names them, where no repository names programs. */
      plainRepositories?: readonly string[];
      /** Where it lists the configuration of git: nothing in that may be a token. */
      plainSettings?: boolean;
      /** Where it shows addresses of git: one of them may have what lets somebody in. */
      tokenInAddress?: boolean;
      /** The files that say what it runs; absent where there are none. */
      deciding?: Deciding | undefined;
    }
  | { kind: 'network'; host: string }
  | { kind: 'model' }
  | { kind: 'delegate'; agent: string }
  | { kind: 'output'; call: string };

/**
 * One path of a command. `found`: where it leads, of a pattern every file that fits, of a folder that is read with all that
 * lies below also what in it holds secrets or leads elsewhere; undefined: that is not known, and `why` says why.
 */
export interface LookedUp extends Omit<CommandPath, 'effect' | 'before' | 'nameOnly'> {
  found: readonly ResolvedPath[] | undefined;
  why?: string;
}

/** What a yes for more than once would cover: `key` is remembered, `words` are shown. */
export interface Grant {
  key: string;
  words: string;
}

/** Files like `package.json` and `Makefile`: their names, and a hash over what stands in them. */
export interface Deciding {
  names: readonly string[];
  hash: string;
}
