import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import * as vscode from 'vscode';
import { Problem } from '../common/errors.ts';

/**
 * The file that a path of a chat means. Agents write paths relative to the first root, or absolute; the lines of the
 * panel show them relative to the root they are in, so the first root that has it counts.
 * @throws Problem when it is outside these roots: nothing a model wrote opens a file elsewhere
 */
export function placeOf(path: string, roots: string[]): vscode.Uri {
  if (path.includes('\0')) throw outside(path);
  const places = isAbsolute(path) ? [resolve(path)] : roots.map((root) => join(root, path));
  const inside = places.filter((place) => roots.some((root) => within(root, place)));
  const place = inside.find((candidate) => existsSync(candidate)) ?? inside[0];
  if (place !== undefined) return vscode.Uri.file(place);
  throw outside(path);
}

function outside(path: string): Problem {
  return new Problem(
    'outside',
    `${path} is no file of this chat's folders.`,
    'Open it by hand if you want to see it.',
    400,
  );
}

function within(root: string, place: string): boolean {
  const path = relative(root, place);
  return path === '' || (!path.startsWith('..') && !isAbsolute(path));
}

/** Shows a file in the editor, at a line (from 1) if one is given. */
export async function openFile(uri: vscode.Uri, line?: number): Promise<void> {
  const options: vscode.TextDocumentShowOptions = { preview: true };
  if (line !== undefined) {
    const at = new vscode.Position(Math.max(0, line - 1), 0);
    options.selection = new vscode.Range(at, at);
  }
  await vscode.commands.executeCommand('vscode.open', uri, options);
}
