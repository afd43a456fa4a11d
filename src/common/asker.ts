import { agentOf } from './chatFacts.ts';
import type { Asker, LoggedEvent } from './events.ts';

/** Characters of the message that are shown with a question. */
const mostText = 300;
/** What was read is named as far as so many, the last ones. */
const mostRead = 5;
/** Tools whose result is what somebody else wrote. */
const readers = new Set(['file_read', 'grep', 'bash', 'use', 'delegate']);

/** Who would ask now, and what has led to it in the turn that is under way. */
export function askerOf(events: readonly LoggedEvent[]): Asker {
  const [first] = events;
  const at = events.findLastIndex((event) => event.type === 'user');
  const turn = events.slice(Math.max(at, 0));
  const said = turn.flatMap((event) => (event.type === 'user' || event.type === 'steered' ? [event.text] : []));
  const text = (said.at(-1) ?? '').trim();
  const read = turn.flatMap((event) => {
    if (event.type !== 'tool.end' || event.outcome === 'skipped' || event.outcome === 'denied') return [];
    if (event.title === undefined || !readers.has(event.tool)) return [];
    return [event.title.kind === 'run' ? event.title.object : `${event.title.verb} ${event.title.object}`];
  });
  const different = [...new Set(read)];
  const more = different.length - mostRead;
  return {
    agent: agentOf(events),
    // The first message of a chat that does a part of the work is that of the agent which delegated it.
    from:
      first?.type === 'chat' && first.parent !== undefined && said.length < 2 && turns(events) < 2 ? 'task' : 'person',
    text: text.length > mostText ? `${text.slice(0, mostText)}…` : text,
    read: more > 0 ? [`${more} more`, ...different.slice(-mostRead)] : different,
  };
}

function turns(events: readonly LoggedEvent[]): number {
  return events.filter((event) => event.type === 'user').length;
}
