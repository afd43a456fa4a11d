import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileRead } from '../../../../src/node/tools/fileRead.ts';
import { use } from '../../../../src/node/tools/use.ts';
import { Bench } from './support.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench({ 'src/cart.ts': 'export const total = 1;\n' });
});
afterEach(() => bench.remove());

describe('hand_off', () => {
  test('gives the chat to another agent, with what it is to know', async () => {
    const context = { ticket: 7 };
    expect(await bench.call('hand_off', { agent: 'plan', why: 'it is large', context })).toMatchObject({
      outcome: 'ok',
      text: 'The plan agent goes on: it is large',
      title: { verb: 'Handed over to', object: 'plan' },
      handOff: { agent: 'plan', context },
    });
    expect(bench.asked).toEqual([]);
  });

  test('to whom the role does not name is refused, and it says to whom it may', async () => {
    const end = await bench.call('hand_off', { agent: 'painter', why: 'a picture' });
    expect(end).toMatchObject({
      outcome: 'error',
      text: 'The chat cannot be handed over to painter. There are: coding, plan.',
    });
    expect(end).not.toHaveProperty('handOff');
    const tired = await bench.call('hand_off', { agent: 'plan', why: 'again' }, { handoffs: [] });
    expect(tired.text).toBe('The chat cannot be handed over to plan. Nobody can take over now; go on yourself.');
  });

  test('is understood by the name that Swarm gives it', async () => {
    for (const name of ['transfer_to_plan', 'transfer_to_plan_agent']) {
      expect(await bench.call(name, {})).toMatchObject({ tool: 'hand_off', handOff: { agent: 'plan' } });
    }
    expect(await bench.call('transfer_to_plan', '')).toMatchObject({ outcome: 'ok' });
  });
});

describe('use', () => {
  test('without arguments says what a tool takes', async () => {
    const { outcome, text } = await bench.call('use', { tool: 'grep' });
    expect(outcome).toBe('ok');
    expect(JSON.parse(text)).toMatchObject({ name: 'grep', parameters: { required: ['pattern'] } });
  });

  test('with arguments is a call of that tool, judged and shown as such', async () => {
    const edit = { path: 'src/cart.ts', old_text: 'total', new_text: 'sum' };
    const end = await bench.call('use', { tool: 'file_edit', arguments: edit });
    expect(end).toMatchObject({ tool: 'file_edit', outcome: 'ok', title: { verb: 'Edit' } });
    expect(bench.asked[0]).toMatchObject({ tool: 'file_edit', verdict: { decision: 'ask' } });
    expect(await bench.call('use', { tool: 'file_read', arguments: {} })).toMatchObject({
      outcome: 'invalid',
      text: 'Not run: the arguments of file_read are wrong (path is missing). It takes: path, start_line, max_lines.',
    });
  });

  test('reaches no tool that the role has not', async () => {
    const reader = { agent: 'plan', tools: [fileRead, use], lacking: ['bash'] };
    const text = 'Denied: the plan agent may not call bash. The tools are: file_read, use.';
    const run = { tool: 'bash', arguments: { command: 'ls' } };
    expect(await bench.call('use', run, reader)).toMatchObject({ outcome: 'denied', text });
    expect(await bench.call('bash', { command: 'ls' }, reader)).toMatchObject({ outcome: 'denied', text });
    expect(await bench.call('use', { ...run, tool: 'paint' }, reader)).toMatchObject({ outcome: 'invalid' });
    expect(await bench.call('use', { tool: 'bash' }, reader)).toMatchObject({
      outcome: 'error',
      text: 'There is no tool named bash. The tools are: file_read, use.',
    });
  });
});

describe('a role that only looks', () => {
  const policy = { trusted: true, execute: 'ask', readonly: true } as const;

  test('reads, and runs what only looks, without being asked', async () => {
    bench.policy = policy;
    expect(await bench.call('file_read', { path: 'src/cart.ts' })).toMatchObject({ outcome: 'ok' });
    expect(await bench.call('bash', { command: 'cat src/cart.ts' })).toMatchObject({ outcome: 'ok' });
    expect(bench.asked).toEqual([]);
  });

  test('is denied all else, without anybody being asked, whatever was allowed before', async () => {
    bench.granted.add('execute node -e 1');
    bench.policy = policy;
    const edit = { path: 'src/cart.ts', old_text: 'total', new_text: 'sum' };
    const denied = { outcome: 'denied', text: expect.stringContaining('this agent only looks') };
    expect(await bench.call('file_edit', edit)).toMatchObject(denied);
    expect(await bench.call('bash', { command: 'node -e 1' })).toMatchObject(denied);
    expect(bench.asked).toEqual([]);
    expect(bench.get('src/cart.ts')).toBe('export const total = 1;\n');
  });
});
