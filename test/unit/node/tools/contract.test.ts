import { getEncoding } from 'js-tiktoken';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { tools } from '../../../../src/node/tools/list.ts';
import { toolSchemas } from '../../../../src/node/tools/schema.ts';
import { Bench } from './support.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench({ 'src/cart.ts': 'export const total = 1;\n' });
});
afterEach(() => bench.remove());

/** For every tool a call outside the workspace, and one that would go on for long. A new tool fails until it has both. */
const outside: Record<string, object> = {
  file_read: { path: '../secret' },
  file_write: { path: '../new', content: 'x' },
  file_edit: { path: '/etc/hosts', old_text: 'a', new_text: 'b' },
  glob: { pattern: '/etc/**' },
  grep: { pattern: 'root', path: '/etc' },
  bash: { command: 'echo x > /etc/profile' },
};
const long: Record<string, object> = {
  file_read: { path: 'src/cart.ts' },
  file_write: { path: 'src/cart.ts', content: 'x' },
  file_edit: { path: 'src/cart.ts', old_text: 'total', new_text: 'sum' },
  glob: { pattern: '**' },
  grep: { pattern: '(a|b)+x' },
  bash: { command: '/bin/sleep 60' },
};

const every = tools.map((tool) => [tool.name, tool] as const);

describe.each(every)('%s', (name, tool) => {
  test('says what it does, and takes an object', () => {
    expect(tool.description.length).toBeGreaterThan(10);
    expect(tool.name).toMatch(/^[a-z_]{2,32}$/);
    const schema = z.toJSONSchema(tool.parameters, { io: 'input' });
    expect(schema.type).toBe('object');
  });

  test('with wrong arguments says what it takes, and does nothing', async () => {
    const end = await bench.call(name, { nonsense: 1 });
    expect(end).toMatchObject({ outcome: 'invalid' });
    expect(end.text).toContain('It takes: ');
    expect(bench.story).toEqual(['tool.end']);
  });
});

describe.each(every.filter(([, { group }]) => group !== 'team'))('%s', (name, tool) => {
  test('takes only plain values', () => {
    const schema = z.toJSONSchema(tool.parameters, { io: 'input' });
    for (const field of Object.values(schema.properties ?? {})) {
      expect(field).toMatchObject({ type: expect.stringMatching(/^(string|integer|boolean)$/) });
    }
  });

  test('outside the workspace changes nothing, and reads only after a yes', async () => {
    bench.answer = async () => ({ answer: 'reject', by: 'client' });
    const end = await bench.call(name, outside[name]);
    expect(end.outcome).toBe('denied');
    if (tool.group === 'read') expect(bench.asked).toMatchObject([{ verdict: { rule: 'read.outside' } }]);
    else expect(end.text).toMatch(/^Denied: .+ is outside the workspace\. .+\.$/);
    expect(bench.asked).toHaveLength(tool.group === 'read' ? 1 : 0);
  });

  test('in an untrusted folder only looks', async () => {
    bench.policy = { ...bench.policy, trusted: false };
    const end = await bench.call(name, long[name]);
    if (tool.group === 'read') expect(end.outcome).toBe('ok');
    else expect(end.text).toContain('"Trust this folder"');
    expect(bench.get('src/cart.ts')).toBe('export const total = 1;\n');
  });

  test('an abort ends it within a second', async () => {
    const began = performance.now();
    const { cancel } = bench;
    bench.answer = async () => {
      setImmediate(() => cancel.abort());
      return { answer: 'once', by: 'client' };
    };
    if (tool.group === 'read') setImmediate(() => cancel.abort());
    const end = await bench.call(name, long[name]);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(['ok', 'cancelled', 'skipped']).toContain(end.outcome);
    if (name === 'bash') expect(end.outcome).not.toBe('ok');
  });
});

test('all of it costs a model at most 560 tokens', () => {
  const text = JSON.stringify(toolSchemas(tools));
  expect(getEncoding('o200k_base').encode(text).length).toBeLessThanOrEqual(560);
});

test('a team costs who uses none at most 60 tokens', () => {
  const text = JSON.stringify(toolSchemas(tools.filter(({ name }) => name === 'delegate'))[0]);
  expect(getEncoding('o200k_base').encode(text).length).toBeLessThanOrEqual(60);
});

test('the schemas are the same bytes every time, with nothing superfluous', () => {
  const text = JSON.stringify(toolSchemas(tools));
  expect(JSON.stringify(toolSchemas(tools))).toBe(text);
  expect(text).not.toMatch(/\$schema|additionalProperties|imum|Length/);
  expect(toolSchemas(tools)[0]).toEqual({
    type: 'function',
    function: {
      name: 'file_read',
      description: 'Read a text file, or list a folder.',
      parameters: {
        type: 'object',
        properties: {
          path: { type: 'string' },
          start_line: { type: 'integer' },
          max_lines: { type: 'integer' },
        },
        required: ['path'],
      },
    },
  });
});
