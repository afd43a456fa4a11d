import { Problem } from '../common/errors.ts';
import type { FileState } from '../common/events.ts';
import { commandPaths } from '../common/gate/command.ts';
import { keyOf } from '../common/gate/form.ts';
import type { ResolvedEffect } from '../common/gate/judge.ts';
import type { Files, ResolvedPath } from '../common/tool.ts';
import { hashOf } from './blobs.ts';

/**
 * The files that a call says it writes: those of its effects, and of a command those that its line names as written, as far
 * as the gate can tell. What a program writes beyond that nobody knows before.
 */
export function writtenBy(effects: readonly ResolvedEffect[]): ResolvedPath[] {
  const places = effects.flatMap((effect) => {
    if (effect.kind === 'write') return [effect.path];
    if (effect.kind !== 'execute') return [];
    const written = new Set(
      commandPaths(effect.command).flatMap((named) => (named.effect === 'write' ? [keyOf(named)] : [])),
    );
    return effect.paths.flatMap((each) => (written.has(keyOf(each)) ? (each.found ?? []) : []));
  });
  const files = places.filter(({ kind, root }) => root !== undefined && (kind === 'file' || kind === 'missing'));
  return [...new Map(files.map((place) => [place.real, place])).values()];
}

/** What stands in them now. */
export function statesOf(places: readonly ResolvedPath[], files: Pick<Files, 'read'>): Promise<FileState[]> {
  return Promise.all(
    places.map(async (place): Promise<FileState> => {
      const hash = await files.read(place).then(hashOf, missing);
      return { path: place.shown, ...(hash === undefined ? {} : { hash }) };
    }),
  );
}

/** Null: nothing stands there. Undefined: it cannot be read. */
function missing(error: unknown): null | undefined {
  if (!(error instanceof Problem)) throw error;
  return error.code === 'file.missing' ? null : undefined;
}
