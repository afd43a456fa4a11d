import { Problem } from '../common/errors.ts';
import type { Effect } from '../common/events.ts';
import { commandPaths, readCommand } from '../common/gate/command.ts';
import type { CommandPath } from '../common/gate/form.ts';
import type { LookedUp, ResolvedEffect } from '../common/gate/judge.ts';
import type { Files, ResolvedPath } from '../common/tool.ts';
import { decidingOver } from './deciding.ts';
import { gitMayRunPrograms } from './gitPrograms.ts';
import { matches } from './matches.ts';

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
  return Promise.all(effects.map((effect) => resolveEffect(effect, files, roots)));
}

async function resolveEffect(effect: Effect, files: Lookup, roots: readonly string[]): Promise<ResolvedEffect> {
  switch (effect.kind) {
    case 'read':
    case 'write':
      return { ...effect, path: await files.resolve(effect.path) };
    case 'execute': {
      const [root] = roots;
      const paths = await Promise.all(commandPaths(effect.command).map((path) => lookUp(path, files, root)));
      const usesGit = readCommand(effect.command).git.length > 0;
      const repositoryRuns = root !== undefined && usesGit && gitMayRunPrograms(root);
      const deciding = root === undefined ? undefined : decidingOver(effect.command, root);
      return { ...effect, paths, repositoryRuns, deciding };
    }
    default:
      return effect;
  }
}

/** Of a pattern every file that it fits; one that fits none stands for itself, as in the shell. */
async function lookUp({ path, glob }: CommandPath, files: Lookup, root: string | undefined): Promise<LookedUp> {
  const names = glob && root !== undefined ? matches(path, root) : [path];
  const found = names === undefined ? undefined : await Promise.all(names.map((name) => resolveOrSkip(name, files)));
  const known = found?.filter((each) => each !== undefined);
  return { path, glob, found: known?.length === found?.length ? known : undefined };
}

/** The gate asks about a command of which a path is missing. */
async function resolveOrSkip(path: string, files: Lookup): Promise<ResolvedPath | undefined> {
  return files.resolve(path).catch((error: unknown) => {
    if (error instanceof Problem) return undefined;
    throw error;
  });
}
