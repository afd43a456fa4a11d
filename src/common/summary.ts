import { agentOf, workspaceOf } from './chatFacts.ts';
import type { LoggedEvent } from './events.ts';
import { dropHidden } from './gate/hidden.ts';
import { inboxOf } from './inbox.ts';
import { pause } from './interjections.ts';
import type { ChatMessage, ChatSummary } from './protocol.ts';
import { openAsks, turnOpen } from './repair.ts';

/** What the log of a chat does not say of it. */
export type ChatNow = Pick<ChatSummary, 'live' | 'slot'>;

/** The line of a chat in the list. `created` and `updated` in milliseconds since 1970. */
export function summarise(
  events: readonly LoggedEvent[],
  created: number,
  updated: number,
): Omit<ChatSummary, keyof ChatNow> {
  const first = events[0];
  const head = first?.type === 'chat' ? first : { id: '', title: '' };
  const answer = events.findLast((event) => event.type === 'assistant' && event.usage !== undefined);
  const named = events.findLast((event) => event.type === 'chat.edit' && event.title !== undefined);
  const pinned = events.findLast((event) => event.type === 'chat.edit' && event.pinned !== undefined);
  const usage = answer?.type === 'assistant' ? answer.usage : undefined;
  return {
    id: head.id,
    title: named?.type === 'chat.edit' && named.title !== undefined ? named.title : head.title,
    ...(pinned?.type === 'chat.edit' && pinned.pinned === true ? { pinned: true } : {}),
    agent: agentOf(events),
    ...(first?.type === 'chat' && first.parent !== undefined ? { parent: first.parent } : {}),
    ...(first?.type === 'chat' && first.from !== undefined ? { from: first.from } : {}),
    workspace: workspaceOf(events),
    ...standing(events),
    queued: inboxOf(events).length,
    turns: events.filter((event) => event.type === 'turn.end').length,
    changes: events.filter((event) => event.type === 'tool.end' && event.change !== undefined).length,
    ...(usage ? { tokens: usage.prompt + usage.completion } : {}),
    created,
    updated,
  };
}

function standing(events: readonly LoggedEvent[]): Pick<ChatSummary, 'state' | 'detail'> {
  const [ask] = openAsks(events);
  if (turnOpen(events)) {
    if (ask) return { state: 'waiting', detail: `waits for your answer: ${ask.title.object}` };
    const paused = pause(events);
    if (paused) return { state: 'waiting', detail: `paused by the supervisor: ${paused.evidence}` };
    const call = events.findLast((event) => event.type === 'tool.start' || event.type === 'tool.end');
    const busy = call?.type === 'tool.start' ? `${call.title.verb} ${call.title.object}` : 'working';
    return { state: 'running', detail: busy };
  }
  const end = events.findLast((event) => event.type === 'turn.end');
  if (end?.type === 'turn.end' && end.reason === 'failed') {
    const error = events.findLast((event) => event.type === 'error');
    return { state: 'failed', detail: error?.type === 'error' ? error.problem.message : 'failed' };
  }
  const turns = events.filter((event) => event.type === 'turn.end').length;
  const changes = events.filter((event) => event.type === 'tool.end' && event.change !== undefined).length;
  const changed = changes === 0 ? 'no changes' : `${changes} ${changes === 1 ? 'change' : 'changes'}`;
  const detail = turns === 0 ? 'nothing said yet' : `${turns} ${turns === 1 ? 'turn' : 'turns'} · ${changed}`;
  const stopped = end?.type === 'turn.end' && end.reason === 'cancelled';
  return stopped ? { state: 'stopped', detail: `stopped · ${detail}` } : { state: 'idle', detail };
}

/** The transcript as the OpenAI API has it, without system text and frames. */
export function transcript(events: readonly LoggedEvent[]): ChatMessage[] {
  const messages: ChatMessage[] = [];
  for (const event of events) {
    if (event.type === 'user') messages.push({ role: 'user', content: event.text });
    if (event.type === 'assistant') {
      const calls = event.calls.map(({ id, name, arguments: text }) => ({
        id,
        type: 'function' as const,
        function: { name, arguments: text },
      }));
      messages.push({ role: 'assistant', content: event.text, ...(calls.length === 0 ? {} : { tool_calls: calls }) });
    }
    if (event.type === 'tool.end' && event.origin === 'model') {
      messages.push({ role: 'tool', content: event.text, tool_call_id: event.call });
    }
  }
  return messages;
}

/** A title from the first words of a message: one line of at most 60 characters, cut between words. */
export function titleOf(message: string): string {
  const line = dropHidden(message.replaceAll(/\s+/g, ' ')).trim();
  if (line.length <= 60) return line;
  const cut = line.slice(0, 60);
  const blank = cut.lastIndexOf(' ');
  return `${blank > 30 ? cut.slice(0, blank) : cut}…`;
}
