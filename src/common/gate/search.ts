import type { Command, Pipeline } from 'unbash';
import { denied, Saved } from './denials.ts';
import type { Given } from './form.ts';
import type { Walk } from './reading.ts';
import { readWord } from './words.ts';

/** Looks through every part, also those that cannot be read otherwise, for what is denied by its words alone. */
export function search(node: unknown, walk: Walk, saved = new Saved()): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) return node.forEach((each) => search(each, walk, saved));
  const { type } = node as { type?: string };
  if (type === 'Pipeline') walk.reading.denied ??= denied((node as Pipeline).commands.map(wordsOf));
  if (type === 'Command') {
    const words = wordsOf(node as Command);
    walk.reading.denied ??= denied([words]) ?? saved.take(words, outputsOf(node as Command));
    walk.reading.calls.push(words.map(({ text }) => text));
  }
  for (const value of Object.values(node)) search(value, walk, saved);
}

function outputsOf({ suffix }: Command): string[] {
  return suffix.flatMap((part) =>
    part.type === 'Redirect' && /^>\|?$/.test(part.operator) && part.target ? [part.target.value] : [],
  );
}

function wordsOf(node: { type: string }): Given[] {
  if (node.type !== 'Command') return [];
  const { name, suffix } = node as Command;
  const words = [...(name === undefined ? [] : [name]), ...suffix.filter((part) => part.type === 'Word')];
  return words.flatMap((word) => readWord(word) ?? [{ text: word.value, glob: false }]);
}
