import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, hold, reply, text } from '../support/modelServer/script.ts';
import { type Place, place, run, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;
let id: string;

beforeEach(async () => {
  at = place({ 'a.txt': 'alpha\n' });
  model = await startModelServer({
    script: [
      reply(call('file_read', { path: 'a.txt' })),
      reply(call('bash', { command: 'touch made.txt' })),
      reply(text('It says alpha, and made.txt is there.')),
    ],
  });
  drover = await startSupervisor(at, ['--model-endpoint', model.url, '--auto-approve']);
  const turn = startTurn(drover, { message: 'Read a.txt and make made.txt.' });
  await turn.end;
  ({ id } = turn);
});

afterEach(async () => {
  await drover.stop();
  await model.close();
  at.dispose();
});

const replay = (...args: string[]) => told(['replay', ...args]);

async function told(args: string[]): Promise<{ code: number | null; output: string }> {
  const { child, output } = run(at, args);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output: output() };
}

it('a recorded chat is told, event by event', async () => {
  const { code, output } = await replay(id);
  expect(code).toBe(0);
  expect(output.split('\n').filter((line) => /^\w+, /.test(line))).toEqual([
    'coding, tool_calls: file_read {"path":"a.txt"}',
    'coding, tool_calls: bash {"command":"touch made.txt"}',
    'coding, stop: It says alpha, and made.txt is there.',
  ]);
});

it('a turn is run again with what its calls came to then, and nothing is done', async () => {
  const [first] = model.requests;
  rmSync(join(at.workspace, 'made.txt'));
  model.add(
    reply(call('file_read', '{ "path": "a.txt" }')),
    reply(call('grep', { pattern: 'alpha' })),
    reply(text('It says alpha.')),
  );
  const { code, output } = await replay(id, '--rerun', '1', '--model-endpoint', model.url);
  expect(output).toContain('Calls: 1 as recorded, 1 new, 1 of the record not made.');
  expect(output).toContain('skipped: not recorded');
  expect(code).toBe(0);
  expect(model.requests[3]?.body.messages).toEqual(first?.body.messages);
  expect(model.requests[4]?.body.messages.at(-1)).toMatchObject({ role: 'tool', content: 'alpha' });
  expect(() => at.file('made.txt')).toThrow('ENOENT');
});

it('a turn is run again on the server that Drover is set up with', async () => {
  mkdirSync(join(at.folder, 'config'), { recursive: true });
  writeFileSync(join(at.folder, 'config', 'config.json'), JSON.stringify({ engine: { url: model.url } }));
  model.add(reply(text('It says alpha.')));
  const { code, output } = await replay(id, '--rerun', '1');
  expect(output).toContain('It says alpha.');
  expect(code).toBe(0);
});

it('the recorded chats are listed, the newest first, also without a supervisor', async () => {
  model.add(reply(text('Hello.')));
  await startTurn(drover, { message: 'Hi\nthere', session_id: 'second', agent_type: 'plan' }).end;
  await drover.stop();
  const { code, output } = await told(['chats']);
  expect(code).toBe(0);
  const when = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`;
  const [second, first] = output.split('\n');
  expect(second).toMatch(new RegExp(`^second +${when}  plan {4}idle +Hi there$`));
  expect(first).toMatch(new RegExp(`^${id}  ${when}  coding {2}idle +Read a.txt and make made.txt.$`));
  expect((await told(['chats', '--state', at.workspace])).output).toBe(`There is no chat in ${at.workspace}.\n`);
});

it('what the agent was told in the middle, and whom the chat was handed over to, come again', async () => {
  // An agent of the person's own, whose file is gone when the turn is run again.
  const file = join(at.folder, 'config', 'agents', 'docs.md');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '---\ndescription: Writes docs.\ntools: [file_read]\n---\nYou are the docs agent.\n');
  const over = call('hand_off', { agent: 'docs', why: 'It writes.' });
  model.add(reply(hold('go'), over), reply(text('Auf Deutsch also.')));
  const turn = startTurn(drover, { message: 'Document it.', agent_type: 'supervisor' });
  await model.reached('go');
  await drover.request('POST', `/chat/${turn.id}`, { message: 'In German, as in @a.txt.', lane: 'steer' });
  model.release('go');
  await turn.end;
  const then = model.requests.slice(3).map(({ body }) => body.messages);
  expect(JSON.stringify(then[1])).toMatch(/You are the docs agent\..*alpha.*The person says now: In German/);
  rmSync(file);

  model.add(reply(over), reply(text('Auf Deutsch.')));
  const { code, output } = await replay(turn.id, '--rerun', '1', '--model-endpoint', model.url);
  expect(output).toContain('Calls: 1 as recorded, 0 new, 0 of the record not made.\n');
  const again = model.requests.slice(3 + then.length).map(({ body }) => body.messages);
  const withoutIds = (messages: unknown[]) => JSON.stringify(messages).replaceAll(/"(?:tool_call_)?id":"\w+"/g, '');
  expect(again.map(withoutIds)).toEqual(then.map(withoutIds));

  model.add(reply(text('No.')));
  const short = await replay(turn.id, '--rerun', '1', '--model-endpoint', model.url);
  expect(short.output).toContain('The turn ended before the agent was told: steered #1: In German, as in @a.txt.');
  expect([code, short.code]).toEqual([0, 0]);
});

it('what cannot be replayed is a sentence', async () => {
  expect(await replay('nothing')).toEqual({
    code: 1,
    output: expect.stringMatching(/There is no chat "nothing" in .*\. `drover chats` lists those that there are\./),
  });
  expect(await replay(id, '--rerun', '2', '--model-endpoint', model.url)).toEqual({
    code: 1,
    output: expect.stringContaining('This chat has no message 2.'),
  });
  expect(await replay(id, '--rerun', '1')).toEqual({
    code: 2,
    output: expect.stringContaining('--rerun needs --model-endpoint: Drover is set up with no address'),
  });
  expect(await replay(id, '--model', 'foo')).toEqual({
    code: 2,
    output: expect.stringContaining('--model and --model-endpoint belong to --rerun.'),
  });
});
