import { basename, dirname } from 'node:path';
import { showName } from '../common/gate/hidden.ts';
import type { ResolvedPath, ToolContext } from '../common/tool.ts';
import { readFolder } from './anchor.ts';
import { nearest } from './nearest.ts';
import { below, listFiles } from './walk.ts';

/** Larger trees are searched this far. */
const maxFiles = 20_000;
/** More files of one name than this are no advice. */
const most = 3;

/**
 * What is said of a path that does not exist, with the place that was probably meant: a file of the same name in
 * another folder of the workspace, else what is most alike beside it.
 */
export async function missingPath(path: ResolvedPath, context: ToolContext): Promise<{ text: string; advice: string }> {
  const meant = await namesakes(path, context);
  const places = meant.length > 0 ? meant : beside(path);
  const advice =
    places.length === 0 ? 'Look with glob for its real place.' : `Did you mean ${places.map(showName).join(' or ')}?`;
  return { text: `${path.shown} does not exist.`, advice };
}

async function namesakes(path: ResolvedPath, { files, signal }: ToolContext): Promise<string[]> {
  if (path.root === undefined) return [];
  const name = basename(path.real);
  const root = await files.resolve(path.root);
  const { files: all } = await listFiles(root, maxFiles, signal);
  const found = all.filter((each) => basename(each) === name);
  return found.length > most ? [] : found.map((each) => below(root, each));
}

function beside(path: ResolvedPath): string[] {
  const names = path.root === undefined ? [] : namesIn(dirname(path.real));
  const name = nearest(basename(path.real), names);
  return name === undefined ? [] : [path.shown.slice(0, path.shown.length - basename(path.shown).length) + name];
}

function namesIn(folder: string): string[] {
  try {
    return readFolder(folder).map(({ name }) => name);
  } catch {
    return [];
  }
}
