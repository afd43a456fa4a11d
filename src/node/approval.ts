import { dirname } from 'node:path';
import { Problem } from '../common/errors.ts';
import type { ResolvedEffect } from '../common/gate/judge.ts';
import { GATE_VERSION } from '../common/gate/version.ts';
import type { Files, ResolvedPath } from '../common/tool.ts';
import { hashOf } from './blobs.ts';
import { contentOf, decidingFiles, filesUsed, foldersOf } from './deciding.ts';

/** What a person was shown, all that decides what a yes to it does. */
export interface Shown {
  tool: string;
  args: unknown;
  /** Absolute; where it would be done. */
  folder: string;
  /** What stands on the card: the exact command, or the diff. */
  preview: unknown;
  rule: string;
  effects: readonly ResolvedEffect[];
}

/** What a yes is bound to. */
export interface Approval {
  /** SHA-256 over what was shown, over where its paths lead, and over what stands there. */
  hash: string;
  /** Of each file that would be written, by its real path: the SHA-256 of what stands there, null where nothing does. */
  before: ReadonlyMap<string, string | null>;
}

/**
 * Looks at what would be read, run and written, and binds a yes to it.
 * @param version of the rules: by others the same question is another one
 */
export function approvalOf({ effects, ...shown }: Shown, version: number = GATE_VERSION): Approval {
  const places = effects.flatMap(placesOf).map(({ real, kind }) => [real, kind]);
  const before = new Map<string, string | null>();
  for (const effect of effects) {
    if (effect.kind === 'write') before.set(effect.path.real, contentOf(effect.path.real));
  }
  const run = effects.flatMap((effect) =>
    effect.kind === 'execute' ? runBy(effect.command, shown.folder).map((path) => [path, contentOf(path)]) : [],
  );
  const text = JSON.stringify([version, shown, places, [...before], run]);
  return { hash: hashOf(Buffer.from(text)), before };
}

function placesOf(effect: ResolvedEffect): readonly ResolvedPath[] {
  if ('path' in effect) return [effect.path];
  return 'paths' in effect ? effect.paths.flatMap(({ found }) => found ?? []) : [];
}

/** The files of the folder that a command names, and those that say what it runs. */
function runBy(command: string, folder: string): string[] {
  if (folder === '') return [];
  return [...new Set([...foldersOf(command, folder).flatMap(decidingFiles), ...filesUsed(command, folder)])];
}

/**
 * File access of one call: each path that was judged leads where it led when it was judged, and where a person has said yes,
 * what is read and written over is what stood there when they were asked. What it was judged to read outside the workspace
 * counts as inside for this call: that one file, or what lies below that folder.
 */
export function asJudged(files: Files, effects: readonly ResolvedEffect[], approval?: Approval): Files {
  const judged = new Map(effects.flatMap(placesOf).map((path) => [path.given, path.real]));
  const writes = new Set(effects.flatMap((effect) => (effect.kind === 'write' ? [effect.path.real] : [])));
  const elsewhere = new Set(
    effects.flatMap((effect) => (effect.kind === 'read' && effect.path.root === undefined ? [effect.path.real] : [])),
  );
  return {
    async resolve(path) {
      const now = await files.resolve(path);
      const then = judged.get(path);
      if (then !== undefined && then !== now.real) throw moved(now);
      return elsewhere.has(now.real) ? letIn(now) : now;
    },
    async read(path) {
      const content = await files.read(path);
      const before = approval?.before.get(path.real);
      if (before !== undefined && before !== hashOf(content)) throw changed(path);
      return content;
    },
    list: (path) => files.list(path),
    async write(path, content) {
      if (!writes.has(path.real)) throw moved(path);
      return files.write(path, content, approval?.before.get(path.real));
    },
  };
}

function letIn(path: ResolvedPath): ResolvedPath {
  if (path.kind === 'file') return { ...path, root: dirname(path.real) };
  return path.kind === 'folder' ? { ...path, root: path.real } : path;
}

function moved(path: ResolvedPath): Problem {
  return new Problem('path.moved', `${path.given} leads somewhere else than when it was judged.`, 'Try again.', 409);
}

function changed(path: ResolvedPath): Problem {
  return new Problem(
    'file.changing',
    `${path.shown} was changed after the person had been asked.`,
    'Look at it again, then try anew.',
    409,
  );
}
