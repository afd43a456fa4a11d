import { join } from 'node:path';
import { getEncoding } from 'js-tiktoken';
import { expect, it } from 'vitest';
import type { LoggedEvent } from '../../../src/common/events.ts';
import { toMessages } from '../../../src/common/transcript.ts';
import { readAgents, readSystem } from '../../../src/node/prompts.ts';
import { tools } from '../../../src/node/tools/list.ts';
import { toolSchemas } from '../../../src/node/tools/schema.ts';

const prompts = join(import.meta.dirname, '..', '..', '..', 'prompts');
const agents = readAgents(prompts, tools);

/** First request of the coding agent in o200k tokens; the target is that of the best peer less a quarter. */
const LIMIT = 900;

it(`the first request of the coding agent costs at most ${LIMIT} tokens, with all tools and a ten-word message`, () => {
  const workspace = { roots: ['/home/p/shop'], trusted: true };
  const facts = 'Workspace: shop. Linux, 2026-11-21.';
  const text = 'Why does the total of the cart ignore discount codes?';
  const events: LoggedEvent[] = [
    { type: 'chat', id: 'c', agent: 'coding', workspace, mark: '3fa9c1', title: 't', facts },
    { type: 'user', text, agent: 'coding', asks: 'client' },
  ];
  const roles = new Map(agents.map((agent) => [agent.name, agent.text]));
  const messages = toMessages(events, { system: readSystem(prompts), roles, controlTokens: [] });
  const counted = JSON.stringify({ messages, tools: toolSchemas(tools) });
  const tokens = getEncoding('o200k_base').encode(counted).length;
  expect(tokens).toBeLessThanOrEqual(LIMIT);
});

it('a second agent costs its role text and nothing else', () => {
  for (const agent of agents) expect(getEncoding('o200k_base').encode(agent.text).length, agent.name).toBeLessThan(120);
});
