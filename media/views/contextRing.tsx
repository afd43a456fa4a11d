import type { Usage } from '../../src/common/events.ts';
import { count } from '../words.ts';

const RADIUS = 6;
const AROUND = 2 * Math.PI * RADIUS;

/** Part of the slot from which on the ring warns. */
const FULL = 0.85;

/** How much of its slot the chat fills, by the server's own counts. */
export function ContextRing({ usage, size }: { usage: Usage | null; size: number | undefined }) {
  const context = usage?.context ?? size;
  const used = usage === null ? 0 : usage.prompt + usage.completion;
  const part = context === undefined ? 0 : Math.min(1, used / context);
  const words = ringWords(used, context);
  return (
    <span class={part >= FULL ? 'ring full' : 'ring'} role="img" aria-label={words} title={words}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <circle class="ring-track" cx="8" cy="8" r={RADIUS} />
        <circle class="ring-used" cx="8" cy="8" r={RADIUS} stroke-dasharray={`${AROUND * part} ${AROUND}`} />
      </svg>
    </span>
  );
}

function ringWords(used: number, context: number | undefined): string {
  if (used === 0)
    return context === undefined ? 'Context: nothing yet' : `Context: nothing of ${count(context)} tokens`;
  if (context === undefined) return `Context: ${count(used)} tokens; the size of the slot is not known`;
  return `Context: ${count(used)} of ${count(context)} tokens (${Math.round((used / context) * 100)} %)`;
}
