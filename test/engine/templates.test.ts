import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../src/common/engine.ts';
import { managedFolder } from '../../src/node/folders.ts';
import { always, answer, testEngine, testFolder } from '../support/engine.ts';
import { writeGguf } from '../support/gguf.ts';

const tools = [
  {
    type: 'function',
    function: {
      name: 'file_read',
      description: 'Reads a file.',
      parameters: {
        type: 'object',
        properties: { path: { type: 'string', maxLength: 12 }, start_line: { type: 'integer' } },
        required: ['path'],
      },
    },
  },
];

interface Message {
  role: string;
  content: string;
  tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

function call(id: string, path: string): NonNullable<Message['tool_calls']>[number] {
  return { id, type: 'function', function: { name: 'file_read', arguments: JSON.stringify({ path }) } };
}

/** The messages of each model call of one chat, as the agent sends them: every one begins with the one before. */
const chat: Message[][] = [
  [
    { role: 'system', content: 'You are a careful agent.' },
    { role: 'user', content: 'What does cart.ts do?' },
  ],
  [
    { role: 'assistant', content: 'I read it.', tool_calls: [call('a', 'src/cart.ts'), call('b', 'test/cart.ts')] },
    { role: 'tool', tool_call_id: 'a', content: 'export const cart = [];\n' },
    { role: 'tool', tool_call_id: 'b', content: 'no such file' },
  ],
  [
    { role: 'assistant', content: '', tool_calls: [call('c', 'README.md')] },
    { role: 'tool', tool_call_id: 'c', content: '' },
  ],
  [
    { role: 'assistant', content: 'It holds what a person wants to buy.' },
    { role: 'user', content: 'Thanks. And {"name": "x"} or `<b>`?' },
  ],
].map((_, call, parts) => parts.slice(0, call + 1).flat());

async function tokens(endpoint: Endpoint, messages: Message[], generate: boolean): Promise<number[]> {
  const body = { messages, tools, add_generation_prompt: generate };
  const { prompt } = await answer<{ prompt: string }>(endpoint, '/apply-template', body);
  const { tokens: ids } = await answer<{ tokens: number[] }>(endpoint, '/tokenize', { content: prompt });
  return ids;
}

/** In tokens of the server: each call's prompt, without the mark that starts the answer, begins the next one's. */
async function expectPrefixes(endpoint: Endpoint): Promise<void> {
  for (const [index, messages] of chat.entries()) {
    const before = await tokens(endpoint, messages, false);
    expect(before.length).toBeGreaterThan(20);
    expect((await tokens(endpoint, messages, true)).slice(0, before.length)).toEqual(before);
    const next = chat[index + 1];
    if (next) expect((await tokens(endpoint, next, false)).slice(0, before.length)).toEqual(before);
  }
}

interface Delta {
  choices: { delta: { tool_calls?: { function: { name?: string; arguments?: string } }[] } }[];
}

async function streamedCalls(endpoint: Endpoint): Promise<{ name: string; arguments: string }> {
  const response = await fetch(`${endpoint.url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${endpoint.key}`, connection: 'close' },
    body: JSON.stringify({
      messages: [{ role: 'user', content: 'Read a file.' }],
      tools,
      stream: true,
      seed: 7,
      parallel_tool_calls: false,
    }),
  });
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: {'));
  const parts = lines
    .map((line) => JSON.parse(line.slice(6)) as Delta)
    .flatMap(({ choices }) => choices.flatMap(({ delta }) => delta.tool_calls ?? []));
  return {
    name: parts.map((part) => part.function.name ?? '').join(''),
    arguments: parts.map((part) => part.function.arguments ?? '').join(''),
  };
}

describe('tools and the chat template', () => {
  test('a template with tools is used as it is', async () => {
    const model = await writeGguf(join(await testFolder(), 'tool-caller.gguf'), 'tool-caller');
    const { control } = await testEngine({ model, context: 4096 });
    const endpoint = await control.ready(always);
    const made = await streamedCalls(endpoint);
    expect(made.name).toBe('file_read');
    expect(JSON.parse(made.arguments)).toEqual(expect.objectContaining({ path: expect.any(String) }));
  });

  test("one without tools, but ChatML's control tokens: Drover's own template brings them", async () => {
    const model = await writeGguf(join(await testFolder(), 'no-tools.gguf'), 'no-tools');
    const { control, log } = await testEngine({ model, context: 4096 });
    const endpoint = await control.ready(always);
    expect(endpoint.capabilities).toMatchObject({ tools: true });
    expect(log).toContain("the template of no-tools has no tools: using Drover's own for ChatML");
    expect(
      log.filter((line) => line.startsWith('llama-server ')),
      'one start is enough',
    ).toHaveLength(1);
    expect((await streamedCalls(endpoint)).name).toBe('file_read');
    await expectPrefixes(endpoint);
  });

  test('tags of plain text around results, calls and turns are known, whatever the template calls them', async () => {
    const folder = await testFolder();
    const model = await writeGguf(join(folder, 'no-tools.gguf'), 'no-tools');
    const ours = await (await testEngine({ model, context: 4096 })).control.ready(always);
    expect(ours.capabilities.templateTags).toEqual(
      expect.arrayContaining(['<tool_response>', '</tool_response>', '<tool_call>', '</tool_call>']),
    );
    const template = join(folder, 'own.jinja');
    const text = `{% for m in messages %}{% if m.role == 'tool' %}<obs>{{ m.content }}</obs>{% else %}[{{ m.role }}]{{ m.content or '' }}{% for c in m.tool_calls or [] %}<act>{{ c.function | tojson }}</act>{% endfor %}[/END]{% endif %}{% endfor %}{{ tools | tojson if tools else '' }}`;
    await writeFile(template, text);
    const args = ['--chat-template-file', template];
    const theirs = await (await testEngine({ model, context: 4096, args })).control.ready(always);
    expect(theirs.capabilities.templateTags).toEqual(
      expect.arrayContaining(['<obs>', '</obs>', '<act>', '</act>', '[/END]']),
    );
  });

  test('neither: it is said that this model cannot call tools', async () => {
    const model = await writeGguf(join(await testFolder(), 'no-chatml.gguf'), 'no-chatml');
    const { control } = await testEngine({ model, context: 4096 });
    const endpoint = await control.ready(always);
    expect(endpoint.capabilities.tools).toBe(false);
    expect(control.status().tools).toBe(false);
  });

  test('a control token in a message is live, which is why they are named', async () => {
    const model = await writeGguf(join(await testFolder(), 'plain.gguf'), 'plain');
    const { control } = await testEngine({ model, context: 4096 });
    const endpoint = await control.ready(always);
    const count = async (content: string): Promise<number> =>
      (await answer<{ tokens: number[] }>(endpoint, '/tokenize', { content })).tokens.length;
    for (const text of endpoint.capabilities.controlTokens) {
      expect(await count(text), text).toBe(1);
      expect(await count(`${text.slice(0, 1)} ${text.slice(1)}`), text).toBeGreaterThan(1);
    }
  });
});

describe('SmolLM2 135M', () => {
  test('is fetched, gets tools by the own template, answers, and never reads a token twice', async () => {
    // Drover's own folder, so that a machine fetches it once; what happens on the way is in fetch.test.ts.
    const { control, until } = await testEngine({ context: 2048 }, { DROVER_OFFLINE: '' }, managedFolder(process.env));
    await control.act({ action: 'model', model: 'first-run', fetch: true });
    const settled = await until(({ state, model }) => state === 'failed' || (state === 'ready' && model !== undefined));
    expect(settled.problem).toBeUndefined();
    const endpoint = await control.ready(always);
    expect(endpoint).toMatchObject({
      model: 'First-run model (SmolLM2 135M)',
      capabilities: { tools: true, context: 2048 },
    });
    expect(endpoint.capabilities.controlTokens).toContain('<|im_end|>');
    await expectPrefixes(endpoint);

    const messages = [{ role: 'user', content: 'What is the capital of France?' }];
    const reply = await answer<{ choices: { message: { content: string } }[] }>(endpoint, '/chat/completions', {
      messages,
      temperature: 0,
      max_tokens: 24,
    });
    expect(reply.choices[0]?.message.content).not.toBe('');
  });
});
