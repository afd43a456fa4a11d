import type { Agent } from '../../src/common/agent.ts';
import type { LoggedEvent } from '../../src/common/events.ts';

/** Hand-overs as a chat logs them. */

/** Ten that a person may have of their own, with what each is for. */
const own: [string, string][] = [
  ['accessibility', 'Checks pages for people who do not see or point.'],
  ['api-docs', 'Writes the reference of the interface from the code.'],
  ['db-migrations', 'Plans and writes changes of the database, with the way back.'],
  ['docs', "Writes the user's manual below manual/, in short sentences."],
  ['onboarding', 'Explains the code base to those who are new to it.'],
  ['perf', 'Measures what is slow, and makes it faster.'],
  ['release-notes', 'Sums up what has changed since the last release.'],
  ['security-audit', 'Looks for holes in what takes input from outside.'],
  ['test-writer', 'Writes tests for what has none, and mends those that fail now and then.'],
  ['translations', 'Keeps the texts of all languages together and complete.'],
];

/** These agents, and ten of the person's own to whom they may hand over. */
export function withTen(agents: readonly Agent[]): Agent[] {
  const names = [...agents.map(({ name }) => name), ...own.map(([name]) => name)].toSorted();
  const others = (name: string): string[] => names.filter((other) => other !== name);
  const ten = own.map(([name, description]): Agent => {
    const text = `You are the ${name} agent. ${description}`;
    const rest = { model: undefined, tools: ['read'], readonly: false, start: undefined, from: 'user' as const };
    return { name, description, text, handoffs: others(name), ...rest };
  });
  const shipped = agents.map((agent) =>
    agent.handoffs.length > 0 ? { ...agent, handoffs: others(agent.name) } : agent,
  );
  return [...shipped, ...ten].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The begin of a chat with `agent`. */
export function begun(agents: readonly Agent[], agent: string, text: string): LoggedEvent[] {
  const workspace = { roots: ['/home/p/shop'], trusted: true };
  const facts = 'Workspace: shop. Linux, 2026-11-21.';
  return [
    { type: 'chat', id: 'c', agent, workspace, mark: '3fa9c1', title: 't', facts },
    { type: 'user', text, agent, asks: 'client' },
    roleOf(agents, agent),
  ];
}

/** What the model is told of a role. */
export function roleOf(agents: readonly Agent[], name: string): LoggedEvent {
  const agent = agents.find((each) => each.name === name);
  const others = agents.filter((each) => agent?.handoffs.includes(each.name));
  const handoffs = others.map((each) => ({ name: each.name, description: each.description }));
  const delegates = agent?.tools.includes('delegate') === true;
  const told = { type: 'role' as const, agent: name, text: agent?.text ?? '', handoffs };
  return delegates ? { ...told, delegates } : told;
}

/** `from` hands over to `name`. */
export function handOver(agents: readonly Agent[], from: string, name: string): LoggedEvent[] {
  const [call, end] = refusedHandOver(from, name);
  return [call, roleOf(agents, name), { ...end, outcome: 'ok', handOff: { agent: name } }];
}

/** The same call with the same result, and nobody takes over. */
export function refusedHandOver(
  from: string,
  name: string,
): [LoggedEvent & { type: 'assistant' }, LoggedEvent & { type: 'tool.end' }] {
  const why = 'it suits better';
  const id = 'call00001';
  const call = { id, name: 'hand_off', arguments: JSON.stringify({ agent: name, why }) };
  const text = `The ${name} agent goes on: ${why}`;
  return [
    { type: 'assistant', agent: from, text: '', calls: [call], finish: 'tool_calls', model: 'm' },
    { type: 'tool.end', call: id, tool: 'hand_off', outcome: 'error', text, summary: '', origin: 'model' },
  ];
}
