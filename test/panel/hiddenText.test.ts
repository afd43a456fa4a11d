import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { LoggedEvent } from '../../src/common/events.ts';
import { danger, hostileTexts } from '../support/hostileText.ts';
import { chat, chatList, host, look, ran, says, userSays } from '../support/panelScenes.ts';
import { panels } from './browser.ts';

const open = panels();

it('no text of any of these turns around what is drawn, or hides in it', async () => {
  const panel = await open();
  const events = Object.values(hostileTexts).flatMap((text, at): LoggedEvent[] => [
    userSays(text),
    ...look(`l${at}`, { kind: 'search', verb: text, object: text }, text, text),
    ...ran(`r${at}`, text, text, text),
    says(`Said ${text} and \`${text}\`.\n\n\`\`\`js\n${text}\n\`\`\``),
    {
      type: 'tool.end',
      call: `e${at}`,
      tool: text,
      outcome: 'ok',
      text,
      summary: text,
      origin: 'model',
      change: { path: text, before: text, after: text, added: 1, removed: 1, diff: `@@ -1 +1 @@\n-${text}\n+${text}` },
    },
    { type: 'tool.end', call: `d${at}`, tool: text, outcome: 'denied', text, summary: text, origin: 'model' },
    { type: 'error', problem: { code: text, message: text, advice: text } },
  ]);
  await panel.post(...chat([{ type: 'turn.start', turn: 1, agent: 'coding' }, ...events]));
  expect(danger(await drawn(panel.page))).toBeUndefined();
  const [one, two] = Object.values(hostileTexts).filter((text) => text.includes('\u202e'));
  const chats = chatList(Date.now()).map((summary) => ({ ...summary, title: `${one}`, detail: `${two}` }));
  const problem = { code: 'x', message: `${one}`, advice: `${two}` };
  const state = { ...host, chats, folder: `${one}`, remote: `${two}`, sidecar: 'down' as const, problem };
  await panel.post({ type: 'state', state });
  expect(danger(await drawn(panel.page))).toBeUndefined();
  await panel.post({ type: 'view', view: 'chats' });
  expect(danger(await drawn(panel.page))).toBeUndefined();
});

/** All texts of the page, and what stands in attributes that are shown or read out. */
async function drawn(page: Page): Promise<string> {
  const texts = await page.locator('body').allTextContents();
  const shown = ['title', 'aria-label', 'aria-description', 'placeholder', 'alt', 'data-link'];
  const attributes = await page
    .locator('body *')
    .evaluateAll(
      (elements, names) => elements.flatMap((element) => names.map((name) => element.getAttribute(name) ?? '')),
      shown,
    );
  return [...texts, ...attributes].join('\n');
}
