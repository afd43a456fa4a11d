import { z } from 'zod';
import { Grade, type LoggedEvent } from '../../src/common/events.ts';
import type { PolicyView } from '../policies/policy.ts';

/** Between the supervisor and the process of one user policy. */

export type ToPolicy =
  | { type: 'load'; file: string; stamp: string }
  /** `events` are those of the chat from number `from` on: the ones before were sent already. */
  | {
      type: 'judge';
      id: number;
      chat: string;
      from: number;
      events: LoggedEvent[];
      view: Omit<PolicyView, 'events' | 'turn'>;
    }
  /** The next event of this chat comes with all those before. */
  | { type: 'forget'; chat: string };

export type FromPolicy =
  | { type: 'loaded'; head: Head }
  | { type: 'unusable'; why: string }
  | { type: 'judged'; id: number; findings: z.infer<typeof Findings> }
  | { type: 'threw'; id: number; why: string };

/** What a policy says of itself. */
export interface Head {
  name: string;
  rule: string;
  on: LoggedEvent['type'][];
}

const Finding = z.strictObject({
  grade: Grade,
  evidence: z.string().min(1).max(1000),
  say: z.string().min(1).max(4000),
  key: z.string().max(200).optional(),
});

/** What `judge` may return. */
export const Findings = z
  .union([z.undefined(), z.null(), Finding, z.array(Finding).max(10)])
  .transform((found) => (found === undefined || found === null ? [] : [found].flat()));
