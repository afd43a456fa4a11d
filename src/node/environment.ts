import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute } from 'node:path';
import { isInside } from './confine.ts';

/** What a child may see of the environment it is started from. Everything else, tokens above all, stays here. */
const passed = [
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'JAVA_HOME',
  'GOPATH',
  'CARGO_HOME',
  'RUSTUP_HOME',
  'VIRTUAL_ENV',
];
/** Without these next to nothing starts on Windows. */
const passedOnWindows = [
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
  'COMSPEC',
  'PATHEXT',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'USERNAME',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'PROGRAMFILES(X86)',
];

/** Nobody is there to answer, to page or to admire colours. */
const settings = {
  TERM: 'dumb',
  CI: '1',
  NO_COLOR: '1',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_EDITOR: ':',
};

/**
 * For commands that ran without a question: git starts no program that a repository's configuration names for the
 * sake of looking, and takes no folder for a repository that only looks like one. It fetches nothing either: for an object
 * that is missing it would start what the configuration calls the other side's program.
 */
export const lookingEnvironment: Record<string, string> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_COUNT: '3',
  GIT_CONFIG_KEY_0: 'core.fsmonitor',
  GIT_CONFIG_VALUE_0: 'false',
  GIT_CONFIG_KEY_1: 'core.hooksPath',
  GIT_CONFIG_VALUE_1: '/dev/null',
  GIT_CONFIG_KEY_2: 'safe.bareRepository',
  GIT_CONFIG_VALUE_2: 'explicit',
  // The same for git before 2.31, which does not know the variables above: what `git -c` gives to the programs of git.
  GIT_CONFIG_PARAMETERS: "'core.fsmonitor=false' 'core.hooksPath=/dev/null' 'safe.bareRepository=explicit'",
  GIT_ALLOW_PROTOCOL: 'none',
};

/**
 * The environment for children: an allowlist out of `source`. Folders of `PATH` that are relative or inside one of
 * the roots are left out, so that no program of the workspace takes the name of a known one.
 */
export function childEnvironment(
  source: NodeJS.ProcessEnv,
  roots: readonly string[],
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const windows = platform === 'win32';
  // Only there names are the same in capitals and small letters.
  const given = new Map(Object.entries(source).map(([name, value]) => [windows ? name.toUpperCase() : name, value]));
  const result: Record<string, string> = {};
  for (const name of windows ? [...passed, ...passedOnWindows] : passed) {
    const value = given.get(name);
    if (value !== undefined) result[name] = value;
  }
  result['LANG'] ??= 'C.UTF-8';
  const folders = (given.get('PATH') ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter);
  const safe = folders.filter((folder) => isAbsolute(folder) && !leadsInto(roots, folder));
  return { ...result, PATH: safe.join(delimiter), ...settings };
}

function leadsInto(roots: readonly string[], folder: string): boolean {
  return roots.some((root) => isInside(root, folder) || isInside(root, realOr(folder)));
}

/** A folder that is not there holds no program. */
function realOr(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}
