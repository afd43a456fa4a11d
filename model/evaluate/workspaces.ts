import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../../src/node/spawn.ts';
import { applyOutcome, readFiles, type WorkspaceFiles } from './files.ts';
import type { Outcome, WorkspaceName } from './request.ts';

const folder = join(import.meta.dirname, 'workspaces');

/** The workspaces have two commits: all but the pages in docs, then those. */
export const commits: Record<WorkspaceName, readonly [string, string]> = {
  typescript: ['Follow parcels', 'Describe statuses and carriers'],
  python: ['Plan beds and water', 'Describe the garden'],
};

/** The branch they are on. */
export const branch = 'main';

/** The files of a workspace as they are in its last commit. */
export function workspaceFiles(name: WorkspaceName): WorkspaceFiles {
  return readFiles(join(folder, name));
}

/** Makes a copy of a workspace with its commits, always with the same hashes, in a folder that is not there yet. */
export async function createWorkspace(name: WorkspaceName, target: string, signal: AbortSignal): Promise<void> {
  mkdirSync(target, { recursive: true });
  for (const [path, text] of workspaceFiles(name)) write(target, path, text);
  const git = (...args: string[]): Promise<void> => runGit(target, args, signal);
  await git('init', '--quiet', `--initial-branch=${branch}`);
  const [first, second] = commits[name];
  await git('add', '--', '.', ':!docs');
  await git('commit', '--quiet', '-m', first);
  await git('add', '--', '.');
  await git('commit', '--quiet', '-m', second);
}

/** Copies a made workspace and changes it as a request wants it. */
export function copyWorkspace(from: string, to: string, prepare: Outcome = {}): void {
  cpSync(from, to, { recursive: true });
  const before = readFiles(to);
  const after = applyOutcome(before, prepare);
  for (const path of Object.keys(prepare)) {
    const text = after.get(path);
    if (text === undefined) rmSync(join(to, path));
    else write(to, path, text);
  }
}

function write(target: string, path: string, text: string): void {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const identity = { name: 'Robin Field', email: 'robin@field.example', date: '2026-05-04T09:00:00+00:00' };

async function runGit(cwd: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  let said = '';
  const { code } = await run({
    command: 'git',
    args,
    cwd,
    signal,
    timeout: 30_000,
    output: (bytes) => (said += String(bytes)),
    env: {
      PATH: process.env['PATH'],
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: identity.name,
      GIT_AUTHOR_EMAIL: identity.email,
      GIT_AUTHOR_DATE: identity.date,
      GIT_COMMITTER_NAME: identity.name,
      GIT_COMMITTER_EMAIL: identity.email,
      GIT_COMMITTER_DATE: identity.date,
    },
  });
  if (code !== 0) throw new Error(`git ${args.join(' ')} failed: ${said}`);
}
