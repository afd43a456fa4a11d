import type { LoggedEvent, Outcome } from '../../../src/common/events.ts';
import { policies } from '../../../server/policies/list.ts';
import type { Finding, PolicyView } from '../../../server/policies/policy.ts';

/** Events as a chat has them, and what a policy makes of them. */

export function view(events: readonly LoggedEvent[], more: Partial<PolicyView> = {}): PolicyView {
  const turn = events.slice(events.findLastIndex((event) => event.type === 'user'));
  return { events, turn, seconds: 1, roots: ['/home/ada/shop'], others: [], ...more };
}

/** What the named policy finds in the last of these events. */
export function findings(name: string, events: readonly LoggedEvent[], more?: Partial<PolicyView>): Finding[] {
  const policy = policies.find((each) => each.name === name);
  const last = events.at(-1);
  if (!policy || !last) throw new Error(`there is no policy ${name}, or no event`);
  return policy.on.includes(last.type) ? [policy.judge(last, view(events, more)) ?? []].flat() : [];
}

export function user(text: string): LoggedEvent & { type: 'user' } {
  return { type: 'user', text, agent: 'coding', asks: 'client' };
}

type Assistant = LoggedEvent & { type: 'assistant' };

export function answer(text: string, more: Partial<Assistant> = {}): Assistant {
  return { type: 'assistant', agent: 'coding', text, calls: [], finish: 'stop', model: 'small', ...more };
}

let ids = 0;

export function calls(name: string, args: unknown): Assistant {
  const id = `call${++ids}`;
  return answer('', { calls: [{ id, name, arguments: JSON.stringify(args) }], finish: 'tool_calls' });
}

type Start = LoggedEvent & { type: 'tool.start' };

export function start(call: string, effects: Start['effects'], decision: 'allow' | 'deny' = 'allow'): Start {
  const title = { kind: 'other', verb: 'Do', object: 'it' } as const;
  const verdict = { decision, rule: 'test', reason: 'It may.' };
  return { type: 'tool.start', call, tool: 'bash', title, effects, verdict, origin: 'model' };
}

/** A command that was run, with its output. */
export function ran(command: string, text: string, outcome: Outcome = 'ok'): LoggedEvent[] {
  const asked = calls('bash', { command });
  const call = asked.calls[0]?.id ?? '';
  const end = { type: 'tool.end', call, tool: 'bash', outcome, text, summary: '', origin: 'model' } as const;
  return [asked, start(call, [{ kind: 'execute', command }]), end];
}
