import type { HereDoc, HereString } from 'unbash';
import { type Place, refuse, scopeAt, understood, type Walk } from './reading.ts';
import { beyond, unknownPart } from './sentences.ts';
import { readWord } from './words.ts';

/**
 * A text that stands in the line itself, as the input of a program: no more than `echo TEXT |` before it, so it is harmless where
 * nothing in it is expanded. Where it begins and ends is looked at once more on the text.
 */
export function readDocument(written: HereDoc | HereString, place: Place, walk: Walk): void {
  if (written.descriptor !== undefined) return refuse(walk, beyond);
  if (written.type === 'HereString') return readString(written, place, walk);
  const { operator, delimiter, body, closing, pos, end } = written;
  const [, first, second, third] = /^(?:'([\w-]+)'|"([\w-]+)"|(\w+))$/.exec(delimiter?.text ?? '') ?? [];
  const word = first ?? second ?? third;
  const { text } = walk;
  if (
    delimiter === undefined ||
    closing === undefined ||
    word === undefined ||
    (third !== undefined) !== !delimiter.quoted
  ) {
    return refuse(walk, beyond);
  }
  const signed =
    new RegExp(String.raw`^${operator}[ \t]*$`).test(text.slice(pos, delimiter.pos)) && end === delimiter.end;
  // It begins with the line behind this one: no other text and no quoted line feed stands between.
  const begins = text.indexOf('\n', end) === body.pos - 1;
  const lines = text.slice(body.pos, body.end);
  const last = text.slice(closing.pos, closing.end);
  const bare = (line: string): string => (operator === '<<-' ? line.replace(/^\t+/, '') : line);
  const ends =
    closing.pos >= body.end &&
    /^\t*$/.test(text.slice(body.end, closing.pos)) &&
    bare(last) === word &&
    /^(?:\n|$)/.test(text.slice(closing.end)) &&
    (lines === '' || lines.endsWith('\n')) &&
    !lines.split('\n').some((line) => bare(line) === word);
  if (!signed || !begins || !ends) return refuse(walk, beyond);
  if (third !== undefined && /[$`\\]/.test(lines)) return refuse(walk, unknownPart(`the text behind <<${word}`));
  understood(walk, { pos, end });
  // With the line feed before it, so that the line of the command ends there as well.
  understood(walk, { pos: body.pos, end: closing.end });
  walk.reading.beyond = true;
}

/** The lines behind `<<`, as the program is given them. */
export function linesOf({ operator, body }: HereDoc, { text }: Walk): string {
  const lines = text.slice(body.pos, body.end);
  return operator === '<<-' ? lines.replaceAll(/^\t+/gm, '') : lines;
}

function readString({ target, pos }: HereString, place: Place, walk: Walk): void {
  const known = { scope: scopeAt(walk, place), assigned: true };
  if (target === undefined || !walk.text.startsWith('<<<', pos) || readWord(target, known) === undefined) {
    return refuse(walk, target === undefined ? beyond : unknownPart(target.text));
  }
  understood(walk, { pos, end: pos + 3 });
  understood(walk, target, target);
  walk.reading.beyond = true;
}
