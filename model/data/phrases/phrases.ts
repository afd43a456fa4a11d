// The shapes of what this folder holds.
import { createHash } from 'node:crypto';

/**
 * Wordings of one kind of request. Placeholders such as {file} or {symbol} are filled by plain replacement; quotes and
 * backticks around them belong to the wording.
 */
export type Phrases = readonly string[];

/** The wordings of a kind, parted: `held` ones are never trained on, the evaluation asks with them. */
export interface Parted {
  taught: readonly string[];
  held: readonly string[];
}

/** A question that needs no tool, with its answer. */
export interface Exchange {
  question: string;
  answer: string;
}

/** One of so many wordings is held back. */
const HELD = 8;

/** Parts wordings by a hash of each: nobody chooses which, and adding one moves no other. */
export function parted(wordings: Phrases): Parted {
  const isHeld = (wording: string): boolean =>
    createHash('sha256').update(wording).digest().readUInt32BE() % HELD === 0;
  return { taught: wordings.filter((each) => !isHeld(each)), held: wordings.filter(isHeld) };
}
