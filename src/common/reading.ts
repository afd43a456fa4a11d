import type { Usage } from './events.ts';

/** Tokens of a prompt that the server read: new ones, and such that it had read before and did not keep. */
export function readingOf(usage: Usage, before: Usage | undefined): { fresh: number; reread: number } {
  const known = before === undefined ? 0 : before.prompt + before.completion;
  const read = Math.max(0, usage.prompt - (usage.cached ?? 0));
  const fresh = Math.min(read, Math.max(0, usage.prompt - known));
  return { fresh, reread: read - fresh };
}
