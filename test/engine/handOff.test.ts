import { join } from 'node:path';
import { getEncoding } from 'js-tiktoken';
import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../src/common/events.ts';
import { toMessages } from '../../src/common/transcript.ts';
import { readAgents, readSystem } from '../../src/node/prompts.ts';
import { tools } from '../../src/node/tools/list.ts';
import { toolSchemas } from '../../src/node/tools/schema.ts';
import { always, answer, testEngine, testFolder } from '../support/engine.ts';
import { writeGguf } from '../support/gguf.ts';

/** Tokens that a hand-over may cost, in a chat of so many. */
const COST = 150;
const LENGTH = 10_000;
/** What templates put around a message. */
const AROUND = 12;

const prompts = join(import.meta.dirname, '..', '..', 'prompts');
const agents = readAgents(prompts, tools);
const system = readSystem(prompts);

test(`a hand-over costs at most ${COST} tokens in a chat of ${LENGTH.toLocaleString('en')}, to whomever`, async () => {
  const model = await writeGguf(join(await testFolder(), 'tool-caller.gguf'), 'tool-caller');
  const { control } = await testEngine({ model, slots: 1, context: 32_768 });
  const endpoint = await control.ready(always);
  const begin: LoggedEvent[] = [
    {
      type: 'chat',
      id: 'c',
      agent: 'coding',
      workspace: { roots: ['/home/p/shop'], trusted: true },
      mark: '3fa9c1',
      title: 't',
      facts: 'Workspace: shop. Linux, 2026-11-21.',
    },
    { type: 'user', text: 'The cart has a total. '.repeat(600), agent: 'coding', asks: 'client' },
    role('coding'),
  ];
  expect(await read(begin)).toBeGreaterThan(LENGTH);
  const costs = new Map<string, number>();
  for (const { name } of agents.filter((agent) => agent.name !== 'coding')) {
    const after = [...begin, ...handOver(name)];
    const [before, whole] = [await prompt(begin), await prompt(after)];
    expect(whole.startsWith(before)).toBe(true);
    await read(begin);
    // A token of this model is a byte: what is read is what is new, and the mark that begins the answer.
    expect(await read(after)).toBeLessThanOrEqual(Buffer.byteLength(whole.slice(before.length)) + 40);
    // The call itself the model has written, so that a server has it already.
    const result = bodyOf(after).messages.at(-1)?.content ?? '';
    expect(result).toContain(name === 'supervisor' ? 'You are the supervisor agent.' : 'You are the');
    costs.set(name, getEncoding('o200k_base').encode(result).length);
  }
  for (const [name, cost] of costs) expect(cost + AROUND, name).toBeLessThanOrEqual(COST);

  function bodyOf(events: LoggedEvent[]) {
    return { messages: toMessages(events, { system, roles: new Map(), controlTokens: [] }), tools: toolSchemas(tools) };
  }

  async function read(events: LoggedEvent[]): Promise<number> {
    const body = { ...bodyOf(events), max_tokens: 1 };
    const { timings } = await answer<{ timings: { prompt_n: number } }>(endpoint, '/v1/chat/completions', body);
    return timings.prompt_n;
  }

  async function prompt(events: LoggedEvent[]): Promise<string> {
    const body = { ...bodyOf(events), add_generation_prompt: false };
    return (await answer<{ prompt: string }>(endpoint, '/apply-template', body)).prompt;
  }
});

function role(name: string): LoggedEvent {
  const agent = agents.find((each) => each.name === name);
  const others = agents.filter((each) => agent?.handoffs.includes(each.name));
  const handoffs = others.map((each) => ({ name: each.name, description: each.description }));
  const delegates = agent?.tools.includes('delegate') === true;
  const told = { type: 'role' as const, agent: name, text: agent?.text ?? '', handoffs };
  return delegates ? { ...told, delegates } : told;
}

function handOver(name: string): LoggedEvent[] {
  const why = 'it suits better';
  const call = { id: 'call00001', name: 'hand_off', arguments: JSON.stringify({ agent: name, why }) };
  return [
    { type: 'assistant', agent: 'coding', text: '', calls: [call], finish: 'tool_calls', model: 'm' },
    role(name),
    {
      type: 'tool.end',
      call: call.id,
      tool: 'hand_off',
      outcome: 'ok',
      text: `The ${name} agent goes on: ${why}`,
      summary: '',
      handOff: { agent: name },
      origin: 'model',
    },
  ];
}
