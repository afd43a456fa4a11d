import { expect, it } from 'vitest';
import type { Event } from '../../src/common/events.ts';
import { chat, edited, ran, read, says, userSays } from '../support/panelScenes.ts';
import { panels } from './browser.ts';

const open = panels();

/** 100 turns of 30 events. */
const long: Event[] = Array.from({ length: 100 }, (_, at): Event[] => [
  userSays(`Message ${at}`),
  { type: 'turn.start', turn: at, agent: 'coding' },
  ...Array.from({ length: 8 }, (_, file) => read(`r${at}-${file}`, `src/${file}.ts`, '9 lines')).flat(),
  says('I looked at **all** of them.\n\n```ts\nconst a = 1;\n```\n\n- one\n- two', 'tool_calls'),
  ...edited,
  ...ran(`t${at}`, 'npm test', 'exit 0', 'fine\n'),
  ...Array.from({ length: 6 }, (): Event => ({ type: 'text', text: 'It is `done`. ' })),
  says('It is `done`. '.repeat(6)),
  { type: 'turn.end', turn: at, reason: 'done', seconds: 3 },
]).flat();

/** Milliseconds that the browser itself needs for 3000 plain lines; the best of three. */
const BASELINE = `(() => {
  const place = document.body.appendChild(document.createElement('div'));
  let best = Infinity;
  for (let round = 0; round < 3; round += 1) {
    place.replaceChildren();
    const begun = performance.now();
    for (let line = 0; line < 3000; line += 1) {
      const element = document.createElement('p');
      element.textContent = 'A line of text ' + line;
      place.append(element);
    }
    place.getBoundingClientRect();
    best = Math.min(best, performance.now() - begun);
  }
  place.remove();
  return best;
})()`;

it('a chat of 3000 events is folded and drawn in a few times what 3000 plain lines take, and goes on at ease', async () => {
  expect(long.length).toBeGreaterThanOrEqual(3000);
  const panel = await open();
  const baseline: number = await panel.page.evaluate(BASELINE);
  await panel.page.evaluate((messages) => Object.assign(globalThis, { messages }), chat(long));
  const whole: number = await panel.page.evaluate(timed('messages'));
  await panel.page.evaluate(
    (messages) => Object.assign(globalThis, { messages }),
    Array.from({ length: 60 }, () => ({
      type: 'event',
      id: 'x',
      event: { type: 'text', text: 'More and more **words**. ' },
    })),
  );
  const frames: number = await panel.page.evaluate(
    `(async () => { let worst = 0; for (const each of messages) worst = Math.max(worst, await ${timed('[each]')}); return worst; })()`,
  );
  console.log(
    `3000 plain lines ${baseline.toFixed(1)} ms; 3000 events ${whole.toFixed(1)} ms; one delta then at most ${frames.toFixed(1)} ms`,
  );
  expect(whole / baseline).toBeLessThan(60);
  expect(frames / baseline).toBeLessThan(12);
});

/** The work for these messages, from the first to the page laid out; the wait for the frame is not in it. */
function timed(messages: string): string {
  return `new Promise((resolve) => {
    const frame = requestAnimationFrame;
    globalThis.requestAnimationFrame = (work) => frame(() => {
      globalThis.requestAnimationFrame = frame;
      const begun = performance.now();
      work();
      document.body.getBoundingClientRect();
      resolve(performance.now() - begun);
    });
    for (const message of ${messages}) window.dispatchEvent(new MessageEvent('message', { data: message }));
  })`;
}
