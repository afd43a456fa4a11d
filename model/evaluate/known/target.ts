import type { Kind } from '../../data/kinds.ts';
import type { Expectation, Outcome, RequestTurn, WorkspaceName } from '../request.ts';

/** What a wording is filled with, in one of the workspaces, and what has to come of it. */
export interface Target {
  kind: Kind;
  workspace: WorkspaceName;
  /** Values of the wording's placeholders, by name. */
  fill: Readonly<Record<string, string>>;
  expect: Expectation;
  prepare?: Outcome;
  answer?: RequestTurn['answer'];
  /** The whole message, where no wording could be filled: a question of the world. */
  says?: string;
}

type More = Pick<Target, 'prepare' | 'answer' | 'says'>;

/** A target in the TypeScript workspace. */
export function ts(kind: Kind, fill: Target['fill'], expect: Expectation, more: More = {}): Target {
  return { kind, workspace: 'typescript', fill, expect, ...more };
}

/** A target in the Python workspace. */
export function py(kind: Kind, fill: Target['fill'], expect: Expectation, more: More = {}): Target {
  return { kind, workspace: 'python', fill, expect, ...more };
}
