import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { danger, hostileTexts } from '../support/hostileText.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, deltas, reply, text } from '../support/modelServer/script.ts';
import { type Place, place, processesOf, run, type Running, startSupervisor } from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;
const all = Object.values(hostileTexts);
const some = all.join(' ');

beforeEach(async () => {
  at = place({ 'odd.txt': `${all.join('\n')}\n` });
  model = await startModelServer({});
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
});
afterEach(async () => {
  await drover.stop();
  await model.close();
  expect(processesOf(at)).toEqual([]);
  at.dispose();
});

async function printed(...args: string[]): Promise<string> {
  const { child, output } = run(at, args);
  await once(child, 'close');
  return output();
}

it('nothing of a model or a file acts in the terminal, whichever command prints it', async () => {
  model.add(
    reply(call('file_read', { path: 'odd.txt' })),
    reply(call('file_read', { path: `nowhere/${some}` })),
    reply(call('bash', { command: `touch "${some}"` })),
    reply(call(some.slice(0, 60), {})),
    reply(text('Read: '), deltas(...all)),
  );
  const answer = await printed('ask', '--session', 's', '--workspace', at.workspace, `Look at it: ${all[3] ?? ''}`);
  expect(answer).toContain('Read: ');
  expect(answer).toContain('Denied');
  expect(danger(answer)).toBeUndefined();
  for (const args of [['chats'], ['replay', 's'], ['explain', '--workspace', at.workspace, `cat ${all[19] ?? ''}`]]) {
    const said = await printed(...args);
    expect(said.trim(), args[0]).not.toBe('');
    expect(danger(said), args[0]).toBeUndefined();
  }
  expect(danger(await printed('ask', '--session', 's', '--agent', all[4] ?? '', 'Hello.'))).toBeUndefined();
  // What the model was sent of the results holds nothing of it either.
  const results = model.requests.flatMap(({ body }) => body.messages.filter(({ role }) => role === 'tool'));
  expect(results.length).toBeGreaterThan(3);
  for (const { content } of results) expect(danger(String(content))).toBeUndefined();
});
