// How people name files, and how one is then found.
import { posix } from 'node:path';
import type { CallOptions, End } from '../play/chat.ts';
import { Unsuitable } from '../play/unsuitable.ts';
import type { Stage } from './stage.ts';

/** The whole path, or only the name where no other file has it. */
export function spoken({ workspace, random }: Stage, path: string, chance = 0.3): string {
  const name = posix.basename(path);
  const alone = [...workspace.files.keys()].filter((each) => posix.basename(each) === name).length === 1;
  return alone && random.chance(chance) ? name : path;
}

/** A call with the path as it was named; where no file lies there, again with the place that the result names. */
export async function callNamed(
  { chat }: Stage,
  tool: 'file_read' | 'file_edit',
  { named, path, ...rest }: { named: string; path: string; [argument: string]: unknown },
  options: CallOptions = {},
): Promise<End> {
  if (named !== path) {
    const end = await chat.call(tool, { path: named, ...rest }, { outcome: 'error' });
    if (!end.text.endsWith(`Did you mean ${path}?`)) throw new Unsuitable(`${named} is not taken for ${path}`);
  }
  return chat.call(tool, { path, ...rest }, options);
}
