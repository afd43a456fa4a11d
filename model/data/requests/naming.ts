// How people name files, and how one is then found.
import { posix } from 'node:path';
import type { Stage } from './stage.ts';

/** Names that say where their file lies: at the top. All others without a folder are looked for first. */
const atTop = new Set([
  'README.md',
  'package.json',
  'tsconfig.json',
  'Makefile',
  'pyproject.toml',
  'requirements.txt',
  'go.mod',
  'Cargo.toml',
  'pom.xml',
  '.gitignore',
  'LICENSE',
  'CHANGELOG.md',
  'AGENTS.md',
  'Dockerfile',
  '.',
]);

/** The whole path, or only the name where no other file has it. */
export function spoken({ workspace, random }: Stage, path: string, chance = 0.3): string {
  const name = posix.basename(path);
  const alone = [...workspace.files.keys()].filter((each) => posix.basename(each) === name).length === 1;
  return alone && random.chance(chance) ? name : path;
}

/** Looks for a file that was named without its folder. @param text said before the call */
export async function locate({ chat }: Stage, named: string): Promise<void> {
  if (!named.includes('/') && !atTop.has(named)) await chat.call('glob', { pattern: `**/${named}` });
}
