import { Problem } from '../common/errors.ts';
import type { Effect } from '../common/events.ts';
import { commandPaths } from '../common/gate/command.ts';
import type { ResolvedEffect } from '../common/gate/judge.ts';
import type { Files, ResolvedPath } from '../common/tool.ts';
import { gitMayRunPrograms } from './gitPrograms.ts';

/**
 * Looks up the paths of effects, so that the gate can judge them.
 *
 * @throws Problem when a path that is read or written cannot be one
 */
export function resolveEffects(
  effects: readonly Effect[],
  files: Files,
  roots: readonly string[],
): Promise<ResolvedEffect[]> {
  return Promise.all(effects.map((effect) => resolveEffect(effect, files, roots)));
}

async function resolveEffect(effect: Effect, files: Files, roots: readonly string[]): Promise<ResolvedEffect> {
  switch (effect.kind) {
    case 'read':
    case 'write':
      return { kind: effect.kind, path: await files.resolve(effect.path) };
    case 'execute': {
      const paths = await Promise.all(commandPaths(effect.command).map((path) => resolveOrSkip(path, files)));
      const [root] = roots;
      // Wherever the word stands: at worst a command is asked about that need not be.
      const repositoryRuns = root !== undefined && /\bgit\b/.test(effect.command) && gitMayRunPrograms(root);
      return { ...effect, paths: paths.filter((path) => path !== undefined), repositoryRuns };
    }
    default:
      return effect;
  }
}

/** The gate asks about a command of which a path is missing. */
async function resolveOrSkip(path: string, files: Files): Promise<ResolvedPath | undefined> {
  return files.resolve(path).catch((error: unknown) => {
    if (error instanceof Problem) return undefined;
    throw error;
  });
}
