import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/common/events.ts';
import type { PanelPage } from '../support/panelPage.ts';
import { chat, ran, says, scenes, userSays } from '../support/panelScenes.ts';
import { panels } from './browser.ts';

const open = panels();

const story: Event[] = [
  userSays('Tell me a story'),
  { type: 'turn.start', turn: 1, agent: 'coding' },
  ...ran('r', 'npm test', 'exit 0', 'a line\n'.repeat(40)),
  says('A paragraph.\n\n'.repeat(60)),
];
const more: Event = { type: 'text', text: 'And on it goes.\n\n'.repeat(20) };

/** Pixels between what is in view and the end. */
function fromEnd(panel: PanelPage): Promise<number> {
  return panel.page.evaluate(
    '(() => { const log = document.querySelector(".log"); return log.scrollHeight - log.scrollTop - log.clientHeight; })()',
  );
}
async function scroll(panel: PanelPage, by: number): Promise<void> {
  await panel.page.mouse.move(150, 200);
  await panel.page.mouse.wheel(0, by);
}

describe('the view', () => {
  it('follows the end while the person is there', async () => {
    const panel = await open();
    await panel.post(...chat(story));
    expect(await fromEnd(panel)).toBeLessThan(2);
    await panel.events(more, more);
    expect(await fromEnd(panel)).toBeLessThan(2);
  });

  it('stays where the person went, and goes back when asked to', async () => {
    const panel = await open();
    await panel.post(...chat(story));
    await scroll(panel, -400);
    const toEnd = panel.page.getByLabel('To the end');
    await toEnd.waitFor();
    const top = await panel.page.evaluate('document.querySelector(".log").scrollTop');
    await panel.events(more);
    expect(await panel.page.evaluate('document.querySelector(".log").scrollTop')).toBe(top);
    await toEnd.click();
    expect(await fromEnd(panel)).toBeLessThan(2);
    await panel.events(more);
    expect(await fromEnd(panel)).toBeLessThan(2);
    expect(await toEnd.count()).toBe(0);
  });

  it('follows again when the person comes back to the end', async () => {
    const panel = await open();
    await panel.post(...chat(story));
    await scroll(panel, -300);
    await panel.page.getByLabel('To the end').waitFor();
    await scroll(panel, 5000);
    await expect.poll(() => fromEnd(panel)).toBeLessThan(2);
    await panel.events(more);
    expect(await fromEnd(panel)).toBeLessThan(2);
  });

  it('does not push out of sight what the person opens', async () => {
    const panel = await open();
    await panel.post(...chat(story.slice(0, 4)));
    const line = panel.page.getByLabel('Show the output of npm test');
    const before = (await line.boundingBox())?.y;
    await line.click();
    await panel.page.locator('.output').waitFor();
    await panel.events({ type: 'text', text: 'x' });
    expect((await panel.page.getByLabel('Hide the output of npm test').boundingBox())?.y).toBe(before);
  });

  it('shows what has no end from its beginning', async () => {
    const panel = await open({ width: 280, height: 400 });
    await panel.post(...(scenes['noModel']?.() ?? []));
    expect(await panel.page.evaluate('document.querySelector(".log").scrollTop')).toBe(0);
    expect(await panel.page.getByLabel('To the end').count()).toBe(0);
  });

  it('keeps its end in view when the box grows', async () => {
    const panel = await open();
    await panel.post(...chat(story));
    await panel.page.getByLabel('Message').fill('a\nb\nc\nd\ne\nf');
    await expect.poll(() => fromEnd(panel)).toBeLessThan(2);
  });

  it('shows another chat from its end', async () => {
    const panel = await open();
    await panel.post(...chat(story));
    await scroll(panel, -400);
    await panel.page.getByLabel('To the end').waitFor();
    await panel.post({ type: 'reset', chat: 'c2' });
    await panel.events(...story);
    expect(await fromEnd(panel)).toBeLessThan(2);
  });
});
