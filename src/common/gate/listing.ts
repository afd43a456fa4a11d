import type { Below } from './below.ts';
import type { Given } from './form.ts';

/** The names of files that a program prints, and another one takes for its words. */
export interface Listing {
  /** The folders that the names begin with, as they are given; each with what is listed below it. */
  folders: readonly { folder: string; below: Below }[];
  /** Each name ends in NUL, and not in a line feed. */
  zero: boolean;
}

interface Lister {
  lists?(words: readonly Given[]): Listing | undefined;
  passes?(words: readonly Given[]): boolean;
}

/** What a command of a pipeline hands on: names that it lists itself, or some of those it was fed. */
export function passOn(
  program: Lister | undefined,
  words: readonly Given[],
  fed: Listing | undefined,
): Listing | undefined {
  return program?.lists?.(words) ?? (fed !== undefined && program?.passes?.(words) === true ? fed : undefined);
}

/** A word for each of the folders below which files are listed. */
export function filesOf({ folders }: Listing): Given[] {
  return folders.map(({ folder, below }) => ({ text: folder, glob: true, below }));
}
