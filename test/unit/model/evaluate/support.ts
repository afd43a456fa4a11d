import type { RecordedCall, RecordedTurn } from '../../../../model/evaluate/record.ts';
import { applyOutcome } from '../../../../model/evaluate/files.ts';
import { faultsOf, judgeRequest } from '../../../../model/evaluate/checks.ts';
import { freePython } from '../../../../model/evaluate/free/python.ts';
import { freeTypescript } from '../../../../model/evaluate/free/typescript.ts';
import { knownRequests } from '../../../../model/evaluate/known/requests.ts';
import type { EvaluationRequest, Outcome } from '../../../../model/evaluate/request.ts';
import { workspaceFiles } from '../../../../model/evaluate/workspaces.ts';

/** What a model did with one message, written down by hand. */
export interface Played {
  calls?: readonly RecordedCall[];
  answer: string;
  /** What became of the files. */
  after?: Outcome;
  more?: Partial<RecordedTurn>;
}

/** A call that worked. */
export function called(name: string, args: Record<string, unknown>, more: Partial<RecordedCall> = {}): RecordedCall {
  return { name, arguments: JSON.stringify(args), outcome: 'ok', result: '', asked: false, ...more };
}

/** One that a person was asked about. */
export function asked(name: string, args: Record<string, unknown>, more: Partial<RecordedCall> = {}): RecordedCall {
  return called(name, args, { asked: true, ...more });
}

/** @throws Error when there is no such request */
export function requestNamed(id: string): EvaluationRequest {
  const found = [...freeTypescript, ...freePython, ...knownRequests()].find((request) => request.id === id);
  if (found === undefined) throw new Error(`no request ${id}`);
  return found;
}

/** Everything that is wrong with what was done. */
export function faultsWith(id: string, ...played: readonly Played[]): string[] {
  const request = requestNamed(id);
  let files = applyOutcome(workspaceFiles(request.workspace), request.prepare ?? {});
  const turns = played.map(({ calls = [], answer, after = {}, more }, index): RecordedTurn => {
    const before = files;
    files = applyOutcome(files, after);
    return {
      says: request.turns[index]?.says ?? '',
      mentioned: [],
      calls,
      texts: [...(calls.length > 0 ? [''] : []), answer],
      finish: 'stop',
      end: 'done',
      problems: [],
      seconds: 1,
      before,
      after: files,
      ...more,
    };
  });
  return faultsOf(judgeRequest(request, turns));
}
