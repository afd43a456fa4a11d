// Files with a point a line, to which people add and from which they take.
import type { Random } from '../random.ts';
import { capital } from '../english.ts';
import { FreshWords, remark } from '../words.ts';
import { bareFact } from '../workspace/make.ts';
import { missingText } from './searches.ts';
import { ask, need, type Stage, type Topic } from './stage.ts';

/** Puts such a file into the workspace. @returns its path, and another point in its style */
export function addList({ workspace, chat, random }: Stage): { path: string; point: string } {
  const path = listPath(random);
  if (workspace.files.has(path)) need(undefined, 'free path');
  const mark = random.weighted({ '- ': 6, '* ': 2, '': 2 });
  const point = (): string => `${mark}${remark(random).replace(/^- /, '')}`;
  const title = path.endsWith('.md')
    ? `# ${capital(new FreshWords(random).next())}\n\n`
    : `${new FreshWords(random).next()}\n`;
  const points = Array.from({ length: random.int(3, 8) }, point);
  const text = `${random.chance(0.6) ? title : ''}${points.join('\n')}\n`;
  workspace.files.set(path, text);
  workspace.facts.set(path, bareFact(path, 'document'));
  chat.put(path, text);
  return { path, point: random.chance(0.85) ? point() : remark(random) };
}

/** A line is to go into a file, or out of one, that is not there. */
export async function changeNowhere(stage: Stage, kind: 'append_line' | 'remove_line'): Promise<Topic> {
  const { workspace, random, chat } = stage;
  const path = listPath(random);
  if (workspace.files.has(path)) need(undefined, 'free path');
  await ask(stage, kind, { file: path, text: remark(random) });
  const end = await chat.call('file_read', { path }, { outcome: 'error' });
  chat.answer(missingText(path, end.text));
  return {};
}

function listPath(random: Random): string {
  const word = new FreshWords(random).next();
  return random.pick([
    'notes.txt',
    'TODO.md',
    'ideas.md',
    'CHANGES.md',
    'wishlist.txt',
    `${word}.txt`,
    `${word}.md`,
    `docs/${word}.md`,
    `notes/${word}.txt`,
    `${word}-list.txt`,
  ]);
}
