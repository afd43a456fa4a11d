// The shapes of what this folder holds.

/**
 * Wordings of one kind of request. Placeholders such as {file} or {symbol} are filled by plain replacement; quotes and
 * backticks around them belong to the wording. `held` is never trained on and differs in structure from `taught`.
 */
export interface Phrases {
  taught: readonly string[];
  held: readonly string[];
}

/** A question that needs no tool, with its answer. */
export interface Exchange {
  question: string;
  answer: string;
}
