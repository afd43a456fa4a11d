import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { type ModelRequest, textOf } from '../support/modelServer/requests.ts';
import { call, hold, reply, type Step, text } from '../support/modelServer/script.ts';
import { type Place, place, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';

const CHATS = 32;
const SLOTS = 4;
/** Model calls in a turn. */
const CALLS = 3;

let at: Place;
let model: ModelServer;
let drover: Running;

beforeEach(async () => {
  at = place({ 'a.txt': 'alpha\n' });
  model = await startModelServer({ slots: SLOTS, script: answerOf });
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
});

afterEach(async () => {
  await drover.stop();
  await model.close();
  at.dispose();
});

/** Each answer stands still until the test lets it go. */
function answerOf(request: ModelRequest): Step {
  const number = callOf(request);
  const next = call('file_read', { path: 'a.txt', start_line: number + 1 });
  return reply(hold(nameOf(request)), number < CALLS - 1 ? next : text('Done.'));
}

const chatOf = ({ body: { messages } }: ModelRequest): string =>
  /chat (\d+)\./.exec(textOf(messages.find(({ role }) => role === 'user')))?.[1] ?? '';
const callOf = ({ body: { messages } }: ModelRequest): number => messages.filter(({ role }) => role === 'tool').length;
const nameOf = (request: ModelRequest): string => `${chatOf(request)} ${callOf(request)}`;

it(`${CHATS} chats share ${SLOTS} slots: who asks first is served first, and each waits for as many as the others`, async () => {
  const turns = Array.from({ length: CHATS }, (_, number) =>
    startTurn(drover, { message: `Read it, chat ${number}.` }),
  );
  /** How many were ahead when a chat had to wait, each time. */
  const waits = (chat: number): number[] =>
    (turns[chat]?.events ?? []).flatMap((event) => (event.type === 'waiting' ? [event.ahead] : []));
  await model.arrived(SLOTS - 1);
  const served = model.requests.map((request) => Number(chatOf(request)));
  await expect.poll(() => turns.filter((_, chat) => waits(chat).length > 0).length).toBe(CHATS - SLOTS);
  const queue = Array.from({ length: CHATS }, (_, chat) => chat)
    .filter((chat) => !served.includes(chat))
    .toSorted((a, b) => (waits(a)[0] ?? 0) - (waits(b)[0] ?? 0));

  const longest: number[] = [];
  for (let count = 0; count < CHATS * CALLS; count++) {
    const request = await model.arrived(count);
    await model.reached(nameOf(request));
    const chat = Number(chatOf(request));
    if (count >= SLOTS) expect(chat, `call ${count}`).toBe(queue.shift());
    // The oldest of those that are being served comes to its end, and asks again behind all others.
    if (count < SLOTS - 1) continue;
    const oldest = model.requests[count - SLOTS + 1];
    if (!oldest) throw new Error('no request');
    const asks = callOf(oldest) < CALLS - 1;
    const again = Number(chatOf(oldest));
    const before = waits(again).length;
    model.release(nameOf(oldest));
    if (!asks) continue;
    if (queue.length >= 1) await expect.poll(() => waits(again).length).toBeGreaterThan(before);
    longest.push(waits(again).at(-1) ?? 0);
    queue.push(again);
  }
  for (const request of model.requests.slice(-SLOTS)) model.release(nameOf(request));
  await Promise.all(turns.map((turn) => turn.end));
  console.log(`most others ahead of a call: ${Math.max(...longest)} of ${CHATS - 1}`);
  expect(Math.max(...longest)).toBeLessThanOrEqual(CHATS - SLOTS);
  expect(model.maxInFlight).toBe(SLOTS);
});
