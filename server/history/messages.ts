import type { ProblemInfo } from '../../src/common/events.ts';
import type { HistoryHit, HistoryQuery } from '../../src/common/history.ts';

/** Between the supervisor and the history process. Each request is answered once, in order. */
export type ToHistory = { id: number; state: string } & ({ type: 'fold' } | { type: 'search'; query: HistoryQuery });
export type FromHistory = { id: number; hits: HistoryHit[] } | { id: number; problem: ProblemInfo };
