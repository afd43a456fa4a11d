import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { type ModelRequest, textOf } from '../support/modelServer/requests.ts';
import { call, reply, type Step, text } from '../support/modelServer/script.ts';
import { type Place, place, processesOf, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;

afterEach(async () => {
  await drover.stop();
  await model.close();
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  at.dispose();
});

/** Follows the sentence in a result that says how to read on. */
function answerOf({ body: { messages } }: ModelRequest): Step {
  const last = textOf(messages.at(-1));
  if (last.includes('Count.')) return reply(call('bash', { command: 'seq 1 100000' }));
  const told = messages.map((message) => textOf(message)).join('\n');
  const [, path = '', line = ''] = /file_read, path (\S+) from start_line (\d+) on/.exec(told) ?? [];
  const read = { path, start_line: Number(line), max_lines: 2 };
  return last.includes('can be read with') || last.includes('Again.')
    ? reply(call('file_read', read))
    : reply(text(last));
}

const kept = (): string[] =>
  readdirSync(join(at.state, 'blobs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /[0-9a-f]{64}$/.test(name),
  );

it('a cut output is read on by its name, after a restart and in a fork too, and goes with the last chat that has it', async () => {
  at = place();
  model = await startModelServer({ script: answerOf });
  const start = () => startSupervisor(at, ['--model-endpoint', model.url, '--auto-approve']);
  drover = await start();
  const first = startTurn(drover, { message: 'Count.' });
  await first.end;
  const said = async (chat: string): Promise<string> => (await drover.said(chat)).at(-1) ?? '';
  expect(await said(first.id)).toMatch(/^(\d+)\n(\d+)\n\[Lines \1-\2 of 100000\./);
  expect(kept()).toHaveLength(1);

  await drover.stop();
  drover = await start();
  await startTurn(drover, { message: 'Again.', session_id: first.id }).end;
  expect(await said(first.id)).toMatch(/ of 100000\. /);

  const { json } = await drover.request('POST', `/chat/${first.id}/fork`, {});
  const fork = z.object({ id: z.string() }).parse(json).id;
  await drover.request('DELETE', `/chat/${first.id}`);
  expect(kept()).toHaveLength(1);
  await startTurn(drover, { message: 'Again.', session_id: fork }).end;
  expect(await said(fork)).toMatch(/ of 100000\. /);
  await drover.request('DELETE', `/chat/${fork}`);
  await expect.poll(kept).toEqual([]);
});
