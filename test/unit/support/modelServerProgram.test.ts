import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import OpenAI from 'openai';
import { expect, test } from 'vitest';

/** The same server as a process of its own, with a script from a file. */
test('the program plays a file, is led by its standard input, and stops on a signal', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-script-'));
  const script = [
    {
      parts: [
        { part: 'text', text: 'one ' },
        { part: 'hold', name: 'middle' },
        { part: 'text', text: 'two' },
      ],
    },
  ];
  await writeFile(join(folder, 'script.json'), JSON.stringify(script));
  const program = join(import.meta.dirname, '../../support/modelServer.ts');
  const child = spawn(process.execPath, [program, '--script', join(folder, 'script.json'), '--slots', '1'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const url = String((await lines.next()).value).replace('listening on ', '');
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });
    const messages = [{ role: 'user', content: 'Hello' } as const];
    let got = '';
    for await (const chunk of await client.chat.completions.create({ model: '', messages, stream: true })) {
      got += chunk.choices[0]?.delta.content ?? '';
      if (got === 'one ') child.stdin.write('release middle\n');
    }
    expect(got).toBe('one two');
    child.stdin.write('requests\n');
    expect(JSON.parse(String((await lines.next()).value))).toMatchObject([{ outcome: 'done', body: { messages } }]);
    child.kill();
    expect(await once(child, 'exit')).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
});
