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

const grade = `must be ${Grade.options.join(', ')}`;
const text = (most: number): string => `must be a text of 1 to ${most} characters`;
const key = 'must be a text of at most 200 characters';

const Finding = z.strictObject(
  {
    grade: z.enum(Grade.options, grade),
    evidence: z.string(text(1000)).min(1, text(1000)).max(1000, text(1000)),
    say: z.string(text(4000)).min(1, text(4000)).max(4000, text(4000)),
    key: z.string(key).max(200, key).optional(),
  },
  {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys' ? `there is no field ${keys.join(', ')}` : 'it must have grade, evidence and say',
  },
);

/** What `judge` may return: nothing, one or a list. */
export const Findings = z.preprocess(
  (found) => (found === undefined || found === null ? [] : [found].flat()),
  z.array(Finding).max(10, 'at most ten may be returned at once'),
);

/** What is wrong with it, each thing once. */
export function faultsOf({ issues }: z.ZodError): string {
  // The first part of a path is which of the findings it is.
  const faults = issues.map(({ path, message }) => [...path.slice(1).map(String), message].join(' '));
  return [...new Set(faults)].join('; ');
}
