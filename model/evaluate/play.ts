import type { Event } from '../../src/common/events.ts';
import { call, stream } from '../../src/node/client.ts';
import type { Discovery } from '../../src/node/discovery.ts';
import { readFiles } from './files.ts';
import { recordTurn, type RecordedTurn } from './record.ts';
import type { EvaluationRequest, RequestTurn } from './request.ts';

export interface PlayOptions {
  /** A fresh copy of the request's workspace. */
  workspace: string;
  /** Milliseconds for one message; then the turn is stopped, and judged as what it is by then. */
  limit: number;
  signal: AbortSignal;
}

/** Holds the chat of a request through the supervisor, as a client that answers asks itself. */
export async function playRequest(
  discovery: Discovery,
  request: EvaluationRequest,
  options: PlayOptions,
): Promise<RecordedTurn[]> {
  const chat = crypto.randomUUID();
  const turns: RecordedTurn[] = [];
  for (const turn of request.turns) {
    const before = readFiles(options.workspace);
    const events = await playTurn(discovery, chat, turn, options);
    turns.push(recordTurn(turn.says, events, { before, after: readFiles(options.workspace) }));
    // What follows would only be said into the void.
    if (events.at(-1)?.type !== 'turn.end') break;
  }
  return turns;
}

async function playTurn(
  discovery: Discovery,
  chat: string,
  { says, answer = { answer: 'once' } }: RequestTurn,
  { workspace, limit, signal }: PlayOptions,
): Promise<Event[]> {
  const events: Event[] = [];
  const body = { message: says, session_id: chat, agent_type: 'coding', asks: 'client' as const, workspace };
  const stop = async (): Promise<void> => {
    await call(discovery, 'chatCancel', { id: chat, signal });
  };
  const late = AbortSignal.timeout(limit);
  // A turn that ended in the same moment has nothing to be stopped.
  late.addEventListener('abort', () => void stop().catch(() => undefined), { once: true });
  for await (const { event } of stream(discovery, 'chatStream', { body, signal })) {
    events.push(event);
    if (event.type !== 'ask') continue;
    await call(discovery, 'chatAnswer', { id: chat, body: { ask: event.ask, ...answer }, signal });
  }
  return events;
}
