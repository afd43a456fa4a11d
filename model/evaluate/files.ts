import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome, Swap } from './request.ts';

/** The text files of a workspace by path, with forward slashes; folders of git and of Python's cache are not in it. */
export type WorkspaceFiles = ReadonlyMap<string, string>;

const skipped = new Set(['.git', '__pycache__', 'node_modules']);

/** Reads a workspace as it is now. */
export function readFiles(folder: string): WorkspaceFiles {
  const found = new Map<string, string>();
  const visit = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      if (skipped.has(entry.name)) continue;
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) found.set(path, readFileSync(join(folder, path), 'utf8'));
    }
  };
  visit('');
  return found;
}

/**
 * The files with an outcome applied.
 * @throws Error when it names a text that is not there, or is no exact text: then the request itself is wrong
 */
export function applyOutcome(files: WorkspaceFiles, outcome: Outcome): WorkspaceFiles {
  const result = new Map(files);
  for (const [path, change] of Object.entries(outcome)) {
    if (change === null) result.delete(path);
    else if (typeof change === 'string') result.set(path, change);
    else result.set(path, swapped(path, files.get(path) ?? '', change));
  }
  return result;
}

function swapped(path: string, text: string, swaps: readonly Swap[]): string {
  return swaps.reduce((result, [old, replacement]) => {
    if (!result.includes(old)) throw new Error(`${path} has no ${JSON.stringify(old)}`);
    if (typeof replacement !== 'string') throw new Error(`${path}: an expression cannot be written`);
    return result.replace(old, () => replacement);
  }, text);
}

/** What differs from every outcome that is right, as one sentence; undefined when one of them holds. */
export function filesFault(
  before: WorkspaceFiles,
  after: WorkspaceFiles,
  outcomes: readonly Outcome[] = [{}],
): string | undefined {
  const faults = outcomes.map((outcome) => outcomeFault(before, after, outcome));
  return faults.includes(undefined) ? undefined : faults[0];
}

function outcomeFault(before: WorkspaceFiles, after: WorkspaceFiles, outcome: Outcome): string | undefined {
  const paths = new Set([...before.keys(), ...after.keys(), ...Object.keys(outcome)]);
  for (const path of [...paths].toSorted()) {
    const now = after.get(path);
    const change = outcome[path];
    if (change === undefined) {
      if (now === before.get(path)) continue;
      return before.has(path) ? `${path} was ${now === undefined ? 'removed' : 'changed'}` : `${path} was created`;
    }
    if (change === null ? now === undefined : now !== undefined && fits(now, before.get(path) ?? '', change)) continue;
    if (now === before.get(path)) return `${path} is unchanged`;
    return `${path} is not as wanted: ${difference(before.get(path) ?? '', now ?? '')}`;
  }
  return undefined;
}

/** A line feed more or less at the end of a file is no difference. */
function fits(now: string, before: string, change: string | readonly Swap[]): boolean {
  if (typeof change === 'string') return sameButEnd(now, change);
  const [only, ...more] = change;
  if (only !== undefined && more.length === 0 && typeof only[1] !== 'string') return fitsAround(now, before, only);
  return sameButEnd(now, swapped('', before, change));
}

function fitsAround(now: string, before: string, [old, replacement]: Swap): boolean {
  const at = before.indexOf(old);
  const [head, tail] = [before.slice(0, at), before.slice(at + old.length)];
  if (at < 0 || now.length < head.length + tail.length || !now.startsWith(head) || !now.endsWith(tail)) return false;
  const middle = now.slice(head.length, now.length - tail.length);
  const whole = typeof replacement === 'string' ? undefined : new RegExp(`^(?:${replacement.source})$`);
  return whole === undefined ? middle === replacement : whole.test(middle);
}

function sameButEnd(one: string, other: string): boolean {
  return one.replace(/\n+$/, '') === other.replace(/\n+$/, '');
}

/** The first lines that differ. */
function difference(before: string, now: string): string {
  const [old, fresh] = [before.split('\n'), now.split('\n')];
  const at = fresh.findIndex((line, index) => line !== old[index]);
  if (at < 0) return `it ends after line ${fresh.length}`;
  return `line ${at + 1} is ${JSON.stringify((fresh[at] ?? '').slice(0, 120))}`;
}
