import { expect, it } from 'vitest';
import { figuresOf, table } from '../../../scripts/demoTable.ts';
import type { LoggedEvent } from '../../../src/common/events.ts';
import { answer, user } from '../server/policies.ts';

const end: LoggedEvent = { type: 'turn.end', turn: 1, reason: 'done', seconds: 1 };
const handedOver: LoggedEvent = {
  type: 'tool.end',
  call: 'c',
  tool: 'hand_off',
  outcome: 'ok',
  text: '',
  summary: '',
  origin: 'model',
  handOff: { agent: 'coding' },
};

it('a hand-over is what an agent does; that the person chose another one is none', () => {
  const byAgent = [user('Go.'), answer('', { agent: 'supervisor' }), handedOver, answer('Done.'), end];
  const byPerson = [user('Go.'), answer('Done.', { agent: 'plan' }), end, user('Start.'), answer('Done.'), end];
  expect(figuresOf('a', byAgent)).toMatchObject({ agents: ['supervisor', 'coding'], handOffs: 1 });
  expect(figuresOf('b', byPerson)).toMatchObject({ agents: ['plan', 'coding'], handOffs: 0, turns: 2, ended: true });
  expect(table([figuresOf('b', byPerson)])[1]).toMatch(/^b +plan → coding +2 +0 +0 +0 /);
});
