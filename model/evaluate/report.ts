import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { judgeRequest } from './checks.ts';
import type { Result } from './evaluate.ts';
import { applyOutcome, type WorkspaceFiles } from './files.ts';
import type { RecordedTurn } from './record.ts';
import type { EvaluationRequest, Outcome } from './request.ts';
import { type Scores, scoresOf } from './table.ts';
import { workspaceFiles } from './workspaces.ts';

/** A turn as it is kept: of the files only what it changed, by path; null: it is gone. */
const KeptTurn = z.object({
  says: z.string(),
  mentioned: z.array(z.string()),
  calls: z.array(
    z.object({
      name: z.string(),
      arguments: z.string(),
      outcome: z.string(),
      result: z.string(),
      asked: z.boolean(),
    }),
  ),
  texts: z.array(z.string()),
  finish: z.string().optional(),
  end: z.string().optional(),
  problems: z.array(z.string()),
  seconds: z.number(),
  changed: z.record(z.string(), z.string().nullable()),
});
type KeptTurn = z.infer<typeof KeptTurn>;

const KeptRun = z.object({
  results: z.array(z.looseObject({ id: z.string(), turns: z.array(KeptTurn) })),
});
const Report = z.object({ model: KeptRun, base: KeptRun.optional() });

/** What is written of one model. */
export interface Kept {
  scores: Scores;
  results: {
    id: string;
    kind: string;
    set: string;
    workspace: string;
    right: boolean;
    faults: readonly string[];
    turns: KeptTurn[];
  }[];
}

/** Scores and transcripts, as data. `faults`: what was wrong with a result. */
export function kept(results: readonly Result[], faults: (result: Result) => string[]): Kept {
  return {
    scores: scoresOf(results),
    results: results.map((result) => {
      const { id, kind, set, workspace } = result.request;
      const wrong = faults(result);
      return { id, kind, set, workspace, right: wrong.length === 0, faults: wrong, turns: result.turns.map(keptTurn) };
    }),
  };
}

function keptTurn({ before, after, calls, mentioned, texts, problems, finish, end, ...turn }: RecordedTurn): KeptTurn {
  const paths = new Set([...before.keys(), ...after.keys()]);
  const changed = [...paths].filter((path) => before.get(path) !== after.get(path));
  return {
    ...turn,
    mentioned: [...mentioned],
    calls: [...calls],
    texts: [...texts],
    problems: [...problems],
    ...(finish === undefined ? {} : { finish }),
    ...(end === undefined ? {} : { end }),
    changed: Object.fromEntries(changed.map((path) => [path, after.get(path) ?? null])),
  };
}

/**
 * The transcripts of a report, judged as these requests are judged today; requests that it does not have are left out.
 * @throws Error when it is no report
 */
export function judgeAgain(file: string, requests: readonly EvaluationRequest[]): { model: Result[]; base?: Result[] } {
  const report = Report.parse(JSON.parse(readFileSync(file, 'utf8')));
  const again = ({ results }: z.infer<typeof KeptRun>): Result[] =>
    requests.flatMap((request) => {
      const found = results.find(({ id }) => id === request.id);
      if (found === undefined) return [];
      const turns = withFiles(request, found.turns);
      return [{ request, turns, judgement: judgeRequest(request, turns) }];
    });
  return { model: again(report.model), ...(report.base === undefined ? {} : { base: again(report.base) }) };
}

function withFiles(request: EvaluationRequest, turns: readonly KeptTurn[]): RecordedTurn[] {
  let files: WorkspaceFiles = applyOutcome(workspaceFiles(request.workspace), request.prepare ?? {});
  return turns.map(({ changed, finish, end, ...turn }) => {
    const before = files;
    files = applyOutcome(files, changed satisfies Outcome);
    return { ...turn, finish, end, before, after: files };
  });
}
