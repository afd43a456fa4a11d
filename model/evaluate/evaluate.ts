import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Judgement, judgeRequest } from './checks.ts';
import { playRequest } from './play.ts';
import type { RecordedTurn } from './record.ts';
import type { EvaluationRequest, WorkspaceName } from './request.ts';
import { startSupervisor, type Subject } from './supervisor.ts';
import { copyWorkspace, createWorkspace } from './workspaces.ts';

/** One request, how it went, and what is to be said of it. */
export interface Result {
  request: EvaluationRequest;
  turns: RecordedTurn[];
  judgement: Judgement;
}

export interface EvaluateOptions {
  /** `dist/cli.js` */
  cli: string;
  /** Requests under way at once. */
  parallel: number;
  /** Milliseconds for one message. */
  limit: number;
  signal: AbortSignal;
  /** Told of each result as it comes. */
  told?: (result: Result, count: number) => void;
}

/**
 * Plays all requests through a supervisor of their own and judges them, in their order. Interrupted, it gives those
 * that were played. Nothing that it started or made is left.
 * @throws Error when the supervisor or its engine cannot be started
 */
export async function evaluate(
  requests: readonly EvaluationRequest[],
  subject: Subject,
  options: EvaluateOptions,
): Promise<Result[]> {
  const { signal } = options;
  const folder = mkdtempSync(join(tmpdir(), 'drover-evaluate-'));
  const results = new Map<string, Result>();
  try {
    const originals = await makeOriginals(requests, folder, signal);
    const supervisor = await startSupervisor(options.cli, folder, subject);
    try {
      const waiting = [...requests];
      const play = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
          const workspace = join(folder, next.id, next.workspace);
          copyWorkspace(originals[next.workspace], workspace, next.prepare);
          const turns = await playRequest(supervisor.discovery, next, { workspace, limit: options.limit, signal });
          const result = { request: next, turns, judgement: judgeRequest(next, turns) };
          results.set(next.id, result);
          options.told?.(result, results.size);
        }
      };
      await Promise.all(Array.from({ length: options.parallel }, play));
    } finally {
      await supervisor.stop();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return requests.flatMap(({ id }) => results.get(id) ?? []);
}

async function makeOriginals(
  requests: readonly EvaluationRequest[],
  folder: string,
  signal: AbortSignal,
): Promise<Record<WorkspaceName, string>> {
  const originals = { typescript: join(folder, 'original', 'typescript'), python: join(folder, 'original', 'python') };
  for (const name of new Set(requests.map(({ workspace }) => workspace))) {
    await createWorkspace(name, originals[name], signal);
  }
  return originals;
}
