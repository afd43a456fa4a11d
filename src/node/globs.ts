import { minimatch } from 'minimatch';

/** Patterns beyond these are no longer about names; a regular expression made of them could take for ever. */
const maxLength = 500;
const maxBraces = 8;
const maxStars = 8;

export interface Glob {
  /** The folder, or file, that the fixed beginning of the pattern names. */
  base: string;
  /** Whether a path relative to `base`, with forward slashes, matches. */
  matches: (path: string) => boolean;
  /** The pattern has no wildcard: it names one file or folder. */
  fixed: boolean;
}

/** Understands a pattern. `**` crosses folders; one without a slash is looked for in every folder. */
export function readGlob(pattern: string): Glob {
  const parts = pattern.split(process.platform === 'win32' ? /[\\/]/ : '/');
  const wild = parts.findIndex((part) => /[*?[\]{}]/.test(part));
  if (wild === -1) return { base: pattern, matches: () => true, fixed: true };
  const base = parts.slice(0, wild).join('/');
  const rest = parts.slice(wild).join('/');
  return {
    base: base === '' ? (wild === 0 ? '.' : '/') : base,
    matches: matcher(rest, parts.length === 1),
    fixed: false,
  };
}

/** Why a pattern is not taken, as a sentence; undefined: it is. */
export function globFault(pattern: string): string | undefined {
  if (pattern === '') return 'The pattern is empty.';
  if (pattern.length > maxLength) return `The pattern is longer than ${maxLength} characters.`;
  if ((pattern.match(/\{/g)?.length ?? 0) > maxBraces) return `The pattern has more than ${maxBraces} braces.`;
  const stars = pattern.split('/').map((part) => part.match(/\*/g)?.length ?? 0);
  return Math.max(...stars) > maxStars ? `The pattern has more than ${maxStars} stars in one name.` : undefined;
}

/** A test for paths with forward slashes. `anywhere`: only the name has to match, whatever folder it is in. */
export function matcher(pattern: string, anywhere = !pattern.includes('/')): (path: string) => boolean {
  const options = {
    dot: true,
    matchBase: anywhere,
    noext: true,
    nonegate: true,
    nocomment: true,
    windowsPathsNoEscape: process.platform === 'win32',
  };
  return minimatch.filter(pattern, options);
}
