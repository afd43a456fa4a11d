import { join } from 'node:path';
import { agentOf } from '../src/common/chatFacts.ts';
import type { Endpoint } from '../src/common/engine.ts';
import { eventLines } from '../src/common/eventLines.ts';
import { isDelta, type LoggedEvent } from '../src/common/events.ts';
import type { Boundary } from '../src/common/interjections.ts';
import { toMessages } from '../src/common/transcript.ts';
import { readAgents, readSystem } from '../src/node/prompts.ts';
import { tools } from '../src/node/tools/list.ts';
import { toolSchemas } from '../src/node/tools/schema.ts';
import { type Call, type LoopDeps, runTurn } from './agent/loop.ts';

/**
 * Runs a recorded turn once more: the model is asked anew, its calls get their recorded results, and nothing is done.
 * Prints the turn as it was and as it is now.
 * @param start index of the message that the turn began with
 * @param root the folder with prompts
 * @returns the exit code: 1 when the turn failed
 */
export async function rerun(
  events: readonly LoggedEvent[],
  start: number,
  endpoint: Endpoint,
  root: string,
): Promise<number> {
  const rest = events.slice(start + 1);
  const next = rest.findIndex(({ type }) => type === 'user');
  const turn = next === -1 ? rest : rest.slice(0, next);
  const user = events[start];
  if (user?.type !== 'user') throw new Error('a turn begins with a message');
  const spoken = turn.findIndex(({ type }) => type === 'assistant');
  const work = spoken === -1 ? turn.length : spoken;
  // What was read for the person, the role, and what the agent was told before its first answer.
  const head = turn.slice(0, work).filter(({ type }) => type !== 'turn.start' && type !== 'turn.end');
  const known: LoggedEvent[] = [...events.slice(0, start + 1), ...head];
  const made: LoggedEvent[] = [];
  const recording = new Recording(turn.slice(work));
  const prompts = join(root, 'prompts');
  // Of chats that are older than the record of roles.
  const roles = new Map(readAgents(prompts, tools).map(({ name, text }) => [name, text]));
  const { offered, controlTokens, templateTags = [] } = endpoint.capabilities;
  const told = tools.filter(({ name }) => offered?.includes(name) !== false);
  const names = new Set(told.map(({ name }) => name));
  let ids = 0;
  const deps: LoopDeps = {
    turn: 1,
    agent: () => agentOf(known),
    checkAgent: () => undefined,
    signal: new AbortController().signal,
    messages: () =>
      toMessages(known, { system: readSystem(prompts), roles, tools: names, controlTokens, templateTags }),
    tools: () => toolSchemas(told),
    lease: async () => ({ endpoint, waited: 0, release: () => undefined }),
    run: async (call, emit) => recording.answer(call).forEach(emit),
    preamble: async () => [],
    judge: async () => undefined,
    unpaused: async () => undefined,
    boundary: async (at) => recording.hear(at, made.filter(({ type }) => type === 'assistant').length),
    answered: () => false,
    newId: () => `again${String(++ids).padStart(4, '0')}`,
  };
  for await (const event of runTurn(deps, { ...user, text: '' })) {
    if (isDelta(event)) continue;
    known.push(event);
    made.push(event);
  }
  console.log('recorded:');
  console.log(eventLines(turn.filter(isSaid)).join('\n'));
  console.log('\nagain:');
  console.log(eventLines(made.filter(isSaid)).join('\n'));
  console.log(`\n${recording.told}`);
  return made.some((event) => event.type === 'turn.end' && event.reason === 'failed') ? 1 : 0;
}

function isSaid({ type }: LoggedEvent): boolean {
  return (
    type === 'assistant' ||
    type === 'tool.end' ||
    type === 'steered' ||
    type === 'interjected' ||
    type === 'error' ||
    type === 'turn.end'
  );
}

type End = LoggedEvent & { type: 'tool.end' };
/** Said to the agent in the middle of its turn; `after` so many answers of it. */
type Heard = { after: number; event: LoggedEvent & { type: 'steered' | 'interjected' } };

/** A turn from its first answer on: what its calls came to, and what the agent was told. Each is to be had once. */
class Recording {
  /** Of calls of the model, by name and arguments. */
  private readonly ends: { key: string; end: End }[];
  /** Of files that the person's words named, in their order. */
  private readonly mentions: End[];
  private readonly roles: (LoggedEvent & { type: 'role' })[];
  private readonly heard: Heard[] = [];
  private found = 0;
  private missed = 0;

  constructor(turn: readonly LoggedEvent[]) {
    const ended = turn.filter((event) => event.type === 'tool.end');
    const byCall = new Map(ended.map((event) => [event.call, event]));
    const calls = turn.flatMap((event) => (event.type === 'assistant' ? event.calls : []));
    this.ends = calls.flatMap((call) => {
      const end = byCall.get(call.id);
      return end ? [{ key: keyOf(call), end }] : [];
    });
    this.mentions = ended.filter(({ origin }) => origin === 'mention');
    this.roles = turn.filter((event) => event.type === 'role');
    let after = 0;
    for (const event of turn) {
      if (event.type === 'assistant') after++;
      if (event.type === 'steered' || event.type === 'interjected') this.heard.push({ after, event });
    }
  }

  get told(): string {
    const calls = `Calls: ${this.found} as recorded, ${this.missed} new, ${this.ends.length} of the record not made.`;
    if (this.heard.length === 0) return calls;
    return `${calls} The turn ended before the agent was told: ${eventLines(this.heard.map(({ event }) => event)).join(' ')}`;
  }

  answer(call: Call): LoggedEvent[] {
    if (call.origin === 'mention') {
      const end = this.mentions.shift();
      return end ? [{ ...end, call: call.id }] : [];
    }
    const at = this.ends.findIndex(({ key }) => key === keyOf(call));
    const [same] = at === -1 ? [] : this.ends.splice(at, 1);
    if (same) {
      this.found++;
      return [...this.roleFor(same.end), { ...same.end, call: call.id }];
    }
    this.missed++;
    const text = 'This call was not made when the chat was recorded, so there is no result of it. Go on without it.';
    return [
      {
        type: 'tool.end',
        call: call.id,
        tool: call.name,
        outcome: 'skipped',
        text,
        summary: 'not recorded',
        origin: 'model',
      },
    ];
  }

  /** @param answers that the model has given so far; a steer lands between calls, never behind the last answer */
  hear(at: Boundary, answers: number): Awaited<ReturnType<LoopDeps['boundary']>> {
    const due = this.heard.filter(
      ({ after, event }) => after <= answers && (event.type === 'interjected' || at === 'step'),
    );
    for (const each of due) this.heard.splice(this.heard.indexOf(each), 1);
    return {
      steers: due.flatMap(({ event }) => (event.type === 'steered' ? [{ item: event.item, text: event.text }] : [])),
      tellings: due.flatMap(({ event }) => {
        if (event.type !== 'interjected') return [];
        const { interjection, what, text } = event;
        return [{ interjection, what, text }];
      }),
    };
  }

  /** What the model was told of the agent that the chat was handed over to. */
  private roleFor({ handOff }: End): LoggedEvent[] {
    const at = this.roles.findIndex(({ agent }) => agent === handOff?.agent);
    return at === -1 ? [] : this.roles.splice(at, 1);
  }
}

/** Arguments in another order, or with other blanks, are the same. */
function keyOf({ name, arguments: text }: { name: string; arguments: string }): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return `${name} ${text}`;
    return `${name} ${JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
  } catch {
    return `${name} ${text}`;
  }
}
