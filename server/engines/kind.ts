import type { Endpoint, EngineSettings, EngineStatus } from '../../src/common/engine.ts';
import type { Problem } from '../../src/common/errors.ts';

/** What changed in the status; undefined removes. */
export type StatusPatch = { [K in keyof EngineStatus]?: EngineStatus[K] | undefined };

/** One kind of engine, driven by control.ts, which calls one of these at a time. */
export interface Engine {
  /** Looks what there is without starting anything. */
  survey(signal: AbortSignal): Promise<StatusPatch>;
  /** Starts or probes it; tells of its progress meanwhile. @throws Problem, or the signal's reason */
  start(signal: AbortSignal): Promise<Endpoint>;
  /** Whether what was started is still well. @returns what is wrong with it */
  check(signal: AbortSignal): Promise<Problem | undefined>;
  stop(): Promise<void>;
}

/** What the control lends to an engine. */
export interface EngineContext {
  settings: EngineSettings;
  /** See EngineOptions. */
  mayFetch: boolean;
  managed: string;
  run: string;
  environment: NodeJS.ProcessEnv;
  log: (line: string) => void;
  tell: (patch: StatusPatch) => void;
  /** It ended by itself after it was ready. */
  lost: (problem: Problem) => void;
}
