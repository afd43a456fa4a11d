import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../common/errors.ts';
import type { Effect } from '../common/events.ts';
import { pathsOf, readCommand } from '../common/gate/command.ts';
import type { CommandPath } from '../common/gate/form.ts';
import { listsAddresses, listsSettings, mayHoldAddressToken, mayHoldToken } from '../common/gate/gitTokens.ts';
import { namesBranches } from '../common/gate/printed.ts';
import type { LookedUp, ResolvedEffect } from '../common/gate/judge.ts';
import type { Files, ResolvedPath } from '../common/tool.ts';
import { beginLooking, lookBelow } from './below.ts';
import { isInside, refuseControls } from './confine.ts';
import { decidingOver } from './deciding.ts';
import { namesMayBeOptions } from './gitNames.ts';
import { configurationsOf, gitMayRunPrograms } from './gitPrograms.ts';
import { matches } from './matches.ts';
import { readRegularText } from './regular.ts';
import { ledTo } from './sandboxPaths.ts';

/** All that is needed of file access here: nothing is opened. */
export type Lookup = Pick<Files, 'resolve'>;

/**
 * Looks up the paths of effects, so that the gate can judge them.
 *
 * @throws Problem when a path that is read or written cannot be one
 */
export function resolveEffects(
  effects: readonly Effect[],
  files: Lookup,
  roots: readonly string[],
): Promise<ResolvedEffect[]> {
  beginLooking();
  return Promise.all(effects.map((effect) => resolveEffect(effect, files, roots)));
}

async function resolveEffect(effect: Effect, files: Lookup, roots: readonly string[]): Promise<ResolvedEffect> {
  switch (effect.kind) {
    case 'read':
    case 'write':
      refuseControls(effect.path);
      return { ...effect, path: withDecides(withToken(await files.resolve(effect.path))) };
    case 'execute': {
      const [root] = roots;
      const reading = readCommand(effect.command);
      const paths = await Promise.all(pathsOf(reading).map((path) => lookUp(path, files, root)));
      const mayRun = namesBranches(reading.calls) ? mayRunWithNames : gitMayRunPrograms;
      const repositoryRuns = root !== undefined && reading.git.length > 0 && mayRun(root);
      const plainRepositories = await withPlainRepository(reading.git, files, mayRun);
      const plainSettings = listsSettings(reading.calls) && (await settingsArePlain(reading.git, files));
      const tokenInAddress =
        listsAddresses(reading.calls) && !(await settingsArePlain(reading.git, files, mayHoldAddressToken));
      const deciding = root === undefined ? undefined : decidingOver(effect.command, root);
      return { ...effect, reading, paths, repositoryRuns, plainRepositories, plainSettings, tokenInAddress, deciding };
    }
    default:
      return effect;
  }
}

/** Also where git prints names of branches and tags, which a line may put among the words of a program. */
function mayRunWithNames(folder: string): boolean {
  return gitMayRunPrograms(folder) || namesMayBeOptions(folder);
}

/** Those of these folders, inside the workspace, in which git would start no program that a repository names. */
async function withPlainRepository(
  folders: readonly string[],
  files: Lookup,
  mayRun: (folder: string) => boolean,
): Promise<string[]> {
  const below = [...new Set(folders)].filter((folder) => folder !== '');
  const found = await Promise.all(below.map(async (folder) => ({ folder, path: await resolveOrSkip(folder, files) })));
  return found.flatMap(({ folder, path }) =>
    path?.root !== undefined && path.kind === 'folder' && !mayRun(path.real) ? [folder] : [],
  );
}

/** The person's own configurations, as git looks for them where no variable names another place. */
const ownSettings = ['~/.gitconfig', '~/.config/git/config'];

/** Whether in none of what git would list there may be a token. What cannot be found or read counts as if there were one. */
async function settingsArePlain(
  folders: readonly string[],
  files: Lookup,
  mayHold: (configuration: string) => boolean = mayHoldToken,
): Promise<boolean> {
  const own = await Promise.all(ownSettings.map((path) => resolveOrSkip(path, files)));
  const places = await Promise.all(folders.map((folder) => resolveOrSkip(folder === '' ? '.' : folder, files)));
  // Where it is not known what the home is, the name stays as it was given.
  if ([...own, ...places].some((path) => path === undefined || path.absolute.includes('/~/'))) return false;
  const named = own.flatMap((path) => (path !== undefined && existsSync(path.absolute) ? [path.absolute] : []));
  try {
    const repositories = places.flatMap((path) => (path === undefined ? [] : configurationsOf(path.real)));
    return ![...named, ...repositories].some((file) => mayHold(readRegularText(file)));
  } catch {
    return false;
  }
}

/** Of a pattern every file that it fits; one that fits none stands for itself, as in the shell. */
async function lookUp(wanted: CommandPath, files: Lookup, root: string | undefined): Promise<LookedUp> {
  const { path, glob, below } = wanted;
  const names = glob && root !== undefined ? matches(path, root) : [path];
  const known = names === undefined ? undefined : await resolveAll(names, files);
  if (known === undefined || below === undefined) return { ...wanted, found: known };
  const inside: ResolvedPath[] = [];
  for (const folder of known.filter((each) => each.root !== undefined)) {
    const seen = lookBelow(folder, below, wanted.plain === true);
    if (typeof seen === 'string') return { ...wanted, found: undefined, why: seen };
    const given = seen.map((each) => `${folder.given === '/' ? '' : folder.given}/${each}`);
    const reached = await resolveAll(given, files);
    if (reached === undefined) return { ...wanted, found: undefined };
    inside.push(...reached);
  }
  return { ...wanted, found: [...known, ...inside] };
}

async function resolveAll(names: readonly string[], files: Lookup): Promise<ResolvedPath[] | undefined> {
  const found = await Promise.all(names.map((name) => resolveOrSkip(name, files)));
  const known = found.filter((each) => each !== undefined);
  return known.length === found.length ? known : undefined;
}

/** The gate asks about a command of which a path is missing. */
async function resolveOrSkip(path: string, files: Lookup): Promise<ResolvedPath | undefined> {
  return files.resolve(path).then(withToken, (error: unknown) => {
    if (error instanceof Problem) return undefined;
    throw error;
  });
}

/** A configuration of git may hold a token, which its name does not say. */
function withToken(path: ResolvedPath): ResolvedPath {
  if (path.kind !== 'file' || !/\/\.git\/(?:[^]*\/)?config(?:\.worktree)?$/.test(path.real)) return path;
  try {
    return mayHoldToken(readRegularText(path.real)) ? { ...path, token: true } : path;
  } catch {
    return { ...path, token: true };
  }
}

/** What the configuration of a root's repository names for its hooks runs with the next command of git. */
function withDecides(path: ResolvedPath): ResolvedPath {
  const git = path.root === undefined ? undefined : join(path.root, '.git');
  if (git === undefined || !existsSync(git)) return path;
  const led = ledTo(git).filter((each) => !isInside(each, path.root ?? ''));
  return led.some((each) => isInside(each, path.real)) ? { ...path, decides: true } : path;
}
