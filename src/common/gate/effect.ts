import type { ResolvedPath } from '../tool.ts';

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
      repositoryRuns?: boolean;
      /** The files that say what it runs; absent where there are none. */
      deciding?: Deciding | undefined;
    }
  | { kind: 'network'; host: string }
  | { kind: 'model' }
  | { kind: 'delegate'; agent: string }
  | { kind: 'output'; call: string };

/** One path of a command. `found`: where it leads, of a pattern every file that fits; undefined: that is not known. */
export interface LookedUp {
  path: string;
  glob: boolean;
  found: readonly ResolvedPath[] | undefined;
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
