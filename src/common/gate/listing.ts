import type { Redirection } from 'unbash';
import type { Below } from './below.ts';
import type { Given } from './form.ts';

/** The names of files that a program prints, and another one takes for its words. */
export interface Listing {
  /** The folders that the names begin with, as they are given; each with what is listed below it. */
  folders: readonly { folder: string; below: Below }[];
  /** Patterns of the shell that the names fit. */
  patterns?: readonly string[];
  /** Each name ends in NUL, and not in a line feed. */
  zero: boolean;
  /** The names begin where the repository does, which has to be here. */
  top?: boolean;
  /** Some may be names of files that git does not know any more: only for what runs shut in, from which such files are hidden. */
  loose?: boolean;
  /** They are names of commits, each by its hash, and of no files. */
  commits?: boolean;
  /** Each line begins with the hash of a commit and a blank. */
  commitFirst?: boolean;
  /** They are numbers of lines. */
  numbers?: boolean;
  /** They are words of letters. */
  words?: boolean;
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

/** Whether a command reads something else than what it is fed by its pipeline. */
export function readsElsewhere(redirects: readonly Redirection[]): boolean {
  return redirects.some((each) => each.type !== 'Redirect' || each.operator.startsWith('<'));
}

/** Whether it prints more than its results: the words of an error, which could be any, would count as names too. */
export function printsErrors(redirects: readonly Redirection[]): boolean {
  return redirects.some((each) => {
    if (each.type !== 'Redirect' || each.target?.text === '/dev/null') return false;
    const { descriptor, operator } = each;
    return descriptor === undefined
      ? operator.startsWith('&')
      : descriptor.type !== 'FileDescriptor' || descriptor.value > 1;
  });
}

/** A word for each of the folders below which files are listed, and for each pattern. */
export function filesOf({ folders, patterns = [], loose = false }: Listing): Given[] {
  return [
    ...folders.map(({ folder, below }) => ({ text: folder, glob: true, below })),
    // What stands behind may have left none of them, or several.
    ...patterns.map((text) => ({ text, glob: true, plain: true, perhaps: true as const })),
  ].map((given) => (loose ? { ...given, loose } : given));
}
