import type { Kind } from '../data/kinds.ts';

/**
 * One evaluated request: what a person says in which workspace, and what has to come of it. Expectations accept every
 * reasonable way to an answer; what they do not accept is an answer that is not true.
 */

export type WorkspaceName = 'typescript' | 'python';

/** `known`: wording like that of the training data, in workspaces it has not seen. `free`: written by hand, unseen. */
export type RequestSet = 'known' | 'free';

/** The kinds that are taught, and situations that are met in several of them. */
export type EvaluatedKind = Kind | 'missing_file' | 'no_match' | 'several_turns';

export interface EvaluationRequest {
  id: string;
  kind: EvaluatedKind;
  set: RequestSet;
  workspace: WorkspaceName;
  /** Changes to the workspace after its last commit, before the chat begins. */
  prepare?: Outcome;
  /** The messages of one chat, each with its own expectation; two-turn chats refer back. */
  turns: readonly RequestTurn[];
}

export interface RequestTurn {
  says: string;
  /** How every ask of this turn is answered; once if not given. `reason` goes with a rejection. */
  answer?: { answer: 'once' | 'reject'; reason?: string };
  expect: Expectation;
}

/** A call of one of these tools whose arguments, as JSON text, fit, or whose result shows what was looked for. */
export interface Need {
  tools: readonly string[];
  fits: RegExp;
  shows?: RegExp;
}

/** A text is found without regard to case, blanks and backticks; in a list of several any one of them will do. */
export type Fact = string | RegExp | readonly Fact[];

/** What stands where in the workspace; see `Expectation.places`. */
export interface Places {
  /** Lines that fit are the places that may be named. */
  of: RegExp;
  /** Of these, lines that fit are definitions. */
  definition?: RegExp;
  /**
   * `uses`: each file with a hit that is neither definition nor import is named, and no place that is no hit.
   * `definition`: the place named first is the definition. `all`: each file with a hit is named, and no other place.
   */
  want: 'uses' | 'definition' | 'all';
  /** Paths below which a hit need not be named. */
  optional?: readonly string[];
}

/**
 * Changed files. A text is the whole content; null: the file is gone; swaps are applied to the original, each to its
 * first occurrence, and a swap's second part may be an expression for what may stand there.
 */
export type Outcome = Readonly<Record<string, string | null | readonly Swap[]>>;
export type Swap = readonly [old: string, replacement: string | RegExp];

export interface Expectation {
  /** All of them have to be met, each by one of its alternatives; `none`: no call at all; `free`: as it likes. */
  needs: readonly (readonly Need[])[] | 'none' | 'free';
  /** What the answer has to say. */
  facts?: readonly Fact[];
  /** Of these, at least so many. */
  some?: { least: number; of: readonly Fact[] };
  /** What it must not say. */
  never?: readonly RegExp[];
  places?: Places;
  /** Files or folders that have to be named; `only`: no other file of the workspace may be. */
  names?: { all: readonly string[]; only?: boolean };
  /** What may have become of the files, beside nothing else; unchanged when not given. */
  files?: readonly Outcome[];
  /** A command may be run that has to be asked for. Edits may be asked for where `files` names one. */
  runs?: boolean;
  /** The answer is of the world, not of the workspace: names in it are not looked for there. */
  world?: boolean;
}
