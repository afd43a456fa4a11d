import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileRead } from '../../../../src/node/tools/fileRead.ts';
import { tools } from '../../../../src/node/tools/list.ts';
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

describe('delegate', () => {
  const results = [
    { agent: 'coding', task: 'One.', chat: 'a', state: 'done' as const, text: 'It is 1.' },
    { agent: 'review', task: 'Two.', chat: 'b', state: 'failed' as const, text: 'The model server is gone.' },
  ];

  test('gives the answers in the order of the tasks, and nobody is asked', async () => {
    bench.delegate = async () => results;
    const tasks = ['coding: One.', 'review: Two.'];
    expect(await bench.call('delegate', { tasks })).toMatchObject({
      outcome: 'ok',
      title: { verb: 'Delegated', object: '2 tasks' },
      summary: '1 of 2 done',
      text: '1. coding, done: One.\nIt is 1.\n\n2. review, failed: Two.\nThe model server is gone.',
    });
    expect(bench.asked).toEqual([]);
    // It begins something, so it is recorded before it does.
    expect(bench.story).toEqual(['record', 'tool.end']);
  });

  test('fails when nothing was done', async () => {
    bench.delegate = async () => results.slice(1);
    expect(await bench.call('delegate', { tasks: ['review: Two.'] })).toMatchObject({ outcome: 'error' });
  });

  test('takes a task in other shapes too, and says which it wants', async () => {
    const asked: unknown[] = [];
    bench.delegate = async (tasks) => {
      asked.push(...tasks);
      return results;
    };
    const task = { agent: 'review', task: 'See: it works.' };
    for (const args of [{ tasks: ['review: See: it works.'] }, { tasks: [task] }, task]) {
      expect(await bench.call('delegate', args)).toMatchObject({ outcome: 'ok' });
    }
    expect(asked).toEqual([task, task, task]);
    expect(await bench.call('delegate', { tasks: ['do it'] })).toMatchObject({
      outcome: 'invalid',
      text: expect.stringContaining('tasks.0: must be "agent: task", such as "coding: mend the test"'),
    });
  });

  test('long answers share what there is room for', async () => {
    bench.delegate = async () => results.map((result) => ({ ...result, text: 'x'.repeat(100_000) }));
    const tasks = ['coding: One.', 'review: Two.'];
    expect((await bench.call('delegate', { tasks })).text.length).toBeLessThan(26_000);
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
    const reader = { agent: 'plan', tools: [fileRead, use], lacking: ['bash'], known: tools };
    const text = 'Denied: the plan agent may not call bash. The tools are: file_read, use.';
    const run = { tool: 'bash', arguments: { command: 'ls' } };
    const shown = { tool: 'bash', title: { object: 'ls' }, summary: 'The plan agent may not call bash.' };
    const asTold = { outcome: 'denied', text, ...shown };
    expect(await bench.call('use', run, reader)).toMatchObject(asTold);
    expect(await bench.call('bash', { command: 'ls' }, reader)).toMatchObject(asTold);
    const garbled = await bench.call('bash', '{', reader);
    expect(garbled).toMatchObject({ outcome: 'denied', text, tool: 'bash' });
    expect(garbled.title).toBeUndefined();
    expect(await bench.call('use', { ...run, tool: 'paint' }, reader)).toMatchObject({ outcome: 'invalid' });
    expect(await bench.call('use', { tool: 'bash' }, reader)).toMatchObject({
      outcome: 'error',
      text: 'There is no tool named bash. The tools are: file_read, use.',
    });
  });
});

describe('a role that only looks', () => {
  const policy = { trusted: true, execute: 'ask', edits: 'ask', contained: false, readonly: true } as const;

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
