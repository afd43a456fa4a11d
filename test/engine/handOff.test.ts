import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeTinyModel } from '../../scripts/tinyModel.ts';
import type { LoggedEvent } from '../../src/common/events.ts';
import { toMessages } from '../../src/common/transcript.ts';
import { readAgents, readSystem } from '../../src/node/prompts.ts';
import { tools } from '../../src/node/tools/list.ts';
import { toolSchemas } from '../../src/node/tools/schema.ts';
import { always, answer, testEngine, testFolder } from '../support/engine.ts';
import { begun, handOver, refusedHandOver, withTen } from '../support/handOver.ts';
import { usualMerges } from '../support/merges.ts';

/** Tokens that a hand-over may cost, in a chat of so many. */
const COST = 150;
const LENGTH = 10_000;

const prompts = join(import.meta.dirname, '..', '..', 'prompts');
const agents = readAgents(prompts, tools);
const system = readSystem(prompts);

test.each([
  ['the shipped agents', agents],
  ['ten more of the person', withTen(agents)],
])(
  `a hand-over costs at most ${COST} tokens in a chat of ${LENGTH.toLocaleString('en')}, to whomever: %s`,
  async (_, team) => {
    const model = join(await testFolder(), 'tool-caller.gguf');
    await writeTinyModel(model, 'tool-caller', usualMerges());
    const { control } = await testEngine({ model, slots: 1, context: 32_768 });
    const endpoint = await control.ready(always);
    const begin = begun(team, 'coding', 'The cart has a total. '.repeat(2000));
    expect(await read(begin)).toBeGreaterThan(LENGTH);
    for (const { name } of team.filter((agent) => agent.name !== 'coding')) {
      // The same call with the same result, but for the hand-over: what the new messages cost by themselves.
      const own = await readBehind(refusedHandOver('coding', name));
      const whole = await readBehind(handOver(team, 'coding', name));
      expect(whole - own, name).toBeGreaterThan(0);
      expect(whole - own, name).toBeLessThanOrEqual(COST);
    }

    /** Tokens that the server reads for these, when it holds the chat up to them. */
    async function readBehind(events: LoggedEvent[]): Promise<number> {
      await read(begin);
      return read([...begin, ...events]);
    }

    async function read(events: LoggedEvent[]): Promise<number> {
      const messages = toMessages(events, { system, roles: new Map(), controlTokens: [] });
      const body = { messages, tools: toolSchemas(tools), max_tokens: 1, temperature: 0 };
      const { timings } = await answer<{ timings: { prompt_n: number } }>(endpoint, '/v1/chat/completions', body);
      return timings.prompt_n;
    }
  },
);
