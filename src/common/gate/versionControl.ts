const names = new Set(['.git', '.hg', '.svn', '.jj']);

/**
 * True when a path goes through the internals of a version control system. Names are compared as the most forgiving
 * file system would: case folded, normalised, without trailing dots, blanks and streams, with Windows' short name.
 */
export function inVersionControl(path: string): boolean {
  return path.split(/[\\/]/).some((part) => {
    const name = part
      .normalize('NFKC')
      .replace(/[\p{Cf}\p{Cc}]/gu, '')
      .replace(/:.*$/, '')
      .replace(/[. ]+$/, '')
      .toLowerCase();
    return names.has(name) || /^git~\d+$/.test(name);
  });
}
