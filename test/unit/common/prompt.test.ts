import { join } from 'node:path';
import { getEncoding } from 'js-tiktoken';
import { describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../../../src/common/events.ts';
import { toMessages } from '../../../src/common/transcript.ts';
import { readAgents, readSystem } from '../../../src/node/prompts.ts';
import { tools } from '../../../src/node/tools/list.ts';
import { toolSchemas } from '../../../src/node/tools/schema.ts';
import { begun, handOver, roleOf, withTen } from '../../support/handOver.ts';

const prompts = join(import.meta.dirname, '..', '..', '..', 'prompts');
const agents = readAgents(prompts, tools);
const encoding = getEncoding('o200k_base');
const encode = (text: string): number[] => encoding.encode(text);

/** First request of the coding agent in o200k tokens; the target is that of the best peer less a quarter. */
const LIMIT = 900;
/** What a change of the speaker may add to a chat, and what templates put around a message. */
const SWITCH = 150;
const AROUND = 12;

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
  const tokens = encode(counted).length;
  expect(tokens).toBeLessThanOrEqual(LIMIT);
});

it('a second agent costs its role text and nothing else', () => {
  for (const agent of agents) expect(encode(agent.text).length, agent.name).toBeLessThan(120);
});

function answered(agent: string): LoggedEvent {
  return { type: 'assistant', agent, text: 'Done.', calls: [], finish: 'stop', model: 'm' };
}

describe.each([
  ['the shipped agents', agents],
  ['ten more of the person', withTen(agents)],
])('with %s', (_, team) => {
  const contents = (events: LoggedEvent[]): string[] =>
    toMessages(events, { system: '', roles: new Map(), controlTokens: [] }).map(({ content }) => content);
  const tokens = (text: string): number => encode(text).length + AROUND;
  const names = (from: string): string[] => team.map(({ name }) => name).filter((name) => name !== from);

  it.each(team.map(({ name }) => name))(`a switch from %s costs at most ${SWITCH} tokens, to whomever`, (from) => {
    for (const name of names(from)) {
      const handedOver = [...begun(team, from, 'Go.'), ...handOver(team, from, name)];
      expect(tokens(contents(handedOver).at(-1) ?? ''), `handed over to ${name}`).toBeLessThanOrEqual(SWITCH);
      const next: LoggedEvent = { type: 'user', text: '', agent: name, asks: 'client' };
      const chosen = [...begun(team, from, 'Go.'), answered(from), next, roleOf(team, name)];
      expect(tokens(contents(chosen).at(-1) ?? ''), `${name} was chosen`).toBeLessThanOrEqual(SWITCH);
    }
  });

  it('nor do switches get dearer as a chat goes on', () => {
    const events = begun(team, 'coding', 'Go.');
    for (const [at, name] of ['supervisor', 'coding', 'plan', 'coding', 'supervisor', 'review'].entries()) {
      const from = ['coding', 'supervisor', 'coding', 'plan', 'coding', 'supervisor'][at] ?? '';
      const before = contents(events);
      events.push(...handOver(team, from, name));
      const after = contents(events);
      expect(after.slice(0, before.length)).toEqual(before);
      expect(tokens(after.at(-1) ?? ''), `${at}: ${name}`).toBeLessThanOrEqual(SWITCH);
    }
  });
});
