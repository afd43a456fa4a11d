import { z } from 'zod';

/** What is looked for in all messages of all chats. `workspace`: only chats of that folder, or of one of several. */
export const HistoryQuery = z.strictObject({
  text: z.string(),
  workspace: z.union([z.string(), z.array(z.string())]).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** A message in which it was found: the part of it around the words, and where they stand in that part. */
export const HistoryHit = z.strictObject({
  chat: z.string(),
  title: z.string(),
  workspace: z.string(),
  role: z.enum(['user', 'assistant', 'tool']),
  /** ISO 8601 */
  ts: z.string(),
  text: z.string(),
  matches: z.array(z.tuple([z.int(), z.int()])),
});
export type HistoryHit = z.infer<typeof HistoryHit>;
