import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { prefixBreak } from '../support/modelServer/requests.ts';
import { call, deltas, hold, reply, text } from '../support/modelServer/script.ts';
import { type Place, place, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';

/** Invariant 2: what the server has read it never reads again. */

let at: Place;
let model: ModelServer;
let drover: Running;

beforeEach(async () => {
  at = place({ 'a.txt': 'alpha\n', 'AGENTS.md': 'Be kind.\n' });
  // One slot, so that its cache shows what was read again.
  model = await startModelServer({ slots: 1 });
  const args = ['--model-endpoint', model.url, '--edits', 'ask'];
  drover = await startSupervisor(at, args, { DROVER_AGENT_IDLE_SECONDS: '0' });
});
afterEach(async () => {
  await drover.stop();
  await model.close();
  at.dispose();
});

it('the messages of each call are a prefix of those of the next, with the same tools, whatever happens in between', async () => {
  model.add(
    reply(call('file_read', { path: 'a.txt' })),
    reply(call('file_edit', { path: 'a.txt', old_text: 'alpha', new_text: 'beta' })),
    reply(call('bash', '{"broken'), call('nothing', {}), call('bash', { command: 'rm -rf /' })),
    reply(text('Edited.')),
    reply(deltas('Half an ans'), hold('stop'), text('wer')),
    reply(text('Reviewed.')),
    reply(call('glob', { pattern: '*' })),
    reply(text('Done.')),
  );
  const turn = startTurn(drover, { message: 'Edit @a.txt.' });
  const ask = await turn.seen('ask');
  await drover.request('POST', `/chat/${turn.id}/answer`, { ask: ask.ask, answer: 'once' });
  const second = await turn.seen('ask', (event) => event.ask !== ask.ask).catch(() => undefined);
  if (second) await drover.request('POST', `/chat/${turn.id}/answer`, { ask: second.ask, answer: 'reject' });
  const events = await turn.end;
  const edit = events.find((event) => event.type === 'tool.end' && event.change !== undefined);
  await drover.request('POST', `/chat/${turn.id}/undo`, { call: edit?.type === 'tool.end' ? edit.call : '' });

  const stopped = startTurn(drover, { message: 'Go on.', session_id: turn.id });
  await model.reached('stop');
  await stopped.seen('text');
  await drover.request('POST', `/chat/${turn.id}/cancel`);
  await stopped.end;
  // Another agent takes over, and an agent process that had the chat is gone.
  await startTurn(drover, { message: 'Check it.', session_id: turn.id, agent_type: 'supervisor' }).end;
  await startTurn(drover, { message: 'List.', session_id: turn.id }).end;

  expect(model.left).toEqual([]);
  for (const [index, request] of model.requests.entries()) {
    const before = model.requests[index - 1];
    if (before) expect(prefixBreak(before, request), `call ${index}`).toBeUndefined();
    expect(JSON.stringify(request.body.tools)).toBe(JSON.stringify(model.requests[0]?.body.tools));
  }
});

it('a follow-up reads only what is new', async () => {
  model.add(reply(text('A long answer that need not be read again.')), reply(text('Short.')));
  const turn = startTurn(drover, { message: 'Explain @a.txt.' });
  await turn.end;
  await startTurn(drover, { message: 'More?', session_id: turn.id }).end;
  const [first, next] = model.requests;
  expect(next?.cached).toBeGreaterThanOrEqual((first?.prompt ?? 0) + (first?.completion ?? 0) - 1);
});

it('a second chat in the same workspace reads its message and nothing that the first has read', async () => {
  model.add(reply(text('One.')), reply(text('Two.')));
  const message = 'thing: explain it.';
  await startTurn(drover, { message: `First ${message}` }).end;
  await startTurn(drover, { message: `Other ${message}` }).end;
  const [first, next] = model.requests;
  // The server's tokens are four characters; the message, and what closes it, is all that differs.
  expect((next?.prompt ?? 0) - (next?.cached ?? 0)).toBeLessThan(message.length / 4 + 15);
  expect(next?.prompt).toBe(first?.prompt);
});
