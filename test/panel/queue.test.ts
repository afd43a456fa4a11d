import { describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../../src/common/events.ts';
import { chat, userSays } from '../support/panelScenes.ts';
import type { PanelPage } from '../support/panelPage.ts';
import { panels } from './browser.ts';

const open = panels();

const put = (item: string, lane: 'steer' | 'follow-up', text = item): LoggedEvent => ({
  type: 'inbox.put',
  item,
  lane,
  text,
  asks: 'client',
});

async function waiting(width = 400): Promise<PanelPage> {
  const panel = await open({ width });
  await panel.post(
    ...chat([
      userSays('Do it'),
      { type: 'turn.start', turn: 1, agent: 'coding' },
      put('a', 'steer', 'Also cover the 503 case'),
      put('b', 'follow-up', 'Then update the changelog'),
      put('c', 'follow-up', 'And the tests'),
    ]),
  );
  return panel;
}

const posted = async (panel: PanelPage) => (await panel.posted()).filter(({ type }) => type === 'inbox');

describe('a message that was sent', () => {
  it('can be said otherwise: a new chat goes on from before it', async () => {
    const panel = await open();
    await panel.post(
      ...chat([
        userSays('What does it sell?'),
        { type: 'turn.start', turn: 1, agent: 'coding' },
        { type: 'turn.end', turn: 1, reason: 'done', seconds: 1 },
        userSays('How many kinds?'),
        { type: 'turn.start', turn: 2, agent: 'coding' },
        { type: 'turn.end', turn: 2, reason: 'done', seconds: 1 },
      ]),
    );
    const second = panel.page.getByRole('article', { name: 'You' }).nth(1);
    await second.getByRole('button', { name: 'Edit and run again' }).click();
    const field = panel.page.getByLabel('Edit your message');
    await field.press('Escape');
    await second.getByRole('button', { name: 'Edit and run again' }).press('Enter');
    await field.fill('How many kinds, with herbs?');
    await field.press('Enter');
    expect((await panel.posted()).filter(({ type }) => type === 'rerun' || type === 'stop')).toEqual([
      { type: 'rerun', message: 2, text: 'How many kinds, with herbs?', agent: 'coding' },
    ]);
  });
});

describe('a fork', () => {
  const turns = (): LoggedEvent[] => [
    userSays('What does it sell?'),
    { type: 'turn.start', turn: 1, agent: 'coding' },
    { type: 'turn.end', turn: 1, reason: 'done', seconds: 1 },
    userSays('How many kinds?'),
    { type: 'turn.start', turn: 2, agent: 'coding' },
    { type: 'turn.end', turn: 2, reason: 'done', seconds: 1 },
  ];
  const forks = async (panel: PanelPage) => (await panel.posted()).filter(({ type }) => type === 'fork');

  it('begins before any message, which is put into the box', async () => {
    const panel = await open();
    await panel.post(...chat(turns()));
    const second = panel.page.getByRole('article', { name: 'You' }).nth(1);
    await second.getByRole('button', { name: 'Fork from here' }).click();
    expect(await forks(panel)).toEqual([{ type: 'fork', message: 2, text: 'How many kinds?' }]);
  });

  it('begins before a message that was sent meanwhile, which can be said otherwise', async () => {
    const panel = await open();
    const steered: LoggedEvent = { type: 'steered', item: 'i', text: 'In grams.' };
    await panel.post(...chat(turns().toSpliced(5, 0, steered)));
    const steer = panel.page.getByRole('article', { name: 'You, while it worked' });
    await steer.getByRole('button', { name: 'Fork from here' }).click();
    expect(await forks(panel)).toEqual([{ type: 'fork', steer: 1, text: 'In grams.' }]);
    await steer.getByRole('button', { name: 'Edit and run again' }).click();
    const edit = panel.page.getByRole('textbox', { name: 'Edit your message' });
    await edit.fill(' ');
    await expect.poll(() => panel.page.getByRole('button', { name: 'Run in a new chat' }).isDisabled()).toBe(true);
    await edit.fill('In ounces.');
    await panel.page.getByRole('button', { name: 'Run in a new chat' }).click();
    expect((await panel.posted()).at(-1)).toMatchObject({ type: 'rerun', steer: 1, text: 'In ounces.' });
  });

  it('begins behind any answer, by the keyboard too', async () => {
    const panel = await open({ width: 280 });
    await panel.post(...chat(turns()));
    const answers = panel.page.locator('.turn-end').getByRole('button', { name: 'Fork from here' });
    await answers.nth(0).click();
    await answers.nth(1).press('Enter');
    expect(await forks(panel)).toEqual([
      { type: 'fork', answer: 1 },
      { type: 'fork', answer: 2 },
    ]);
  });

  it('is not offered of a turn that runs', async () => {
    const panel = await open();
    await panel.post(...chat(turns().slice(0, -1)));
    expect(await panel.page.locator('.turn-end').getByRole('button', { name: 'Fork from here' }).count()).toBe(1);
  });
});

describe('a message that waits', () => {
  it('stands in the order in which it is read, and can be read sooner and later', async () => {
    const panel = await waiting();
    const rows = panel.page.getByRole('list', { name: 'Waiting messages' }).getByRole('listitem');
    const texts = () => rows.locator('.queue-text').allInnerTexts();
    // It came last, and is read after this step.
    await panel.events(put('d', 'steer', 'In German'));
    await expect
      .poll(texts)
      .toEqual(['Also cover the 503 case', 'In German', 'Then update the changelog', 'And the tests']);
    const move = (row: number, name: string) => rows.nth(row).getByRole('button', { name }).click();
    await move(2, 'Read it after this step');
    await move(3, 'Move it up');
    await move(1, 'Move it up');
    await move(0, 'Move it down');
    await move(1, 'Read it after this turn');
    await move(2, 'Move it down');
    expect(await posted(panel)).toEqual([
      { type: 'inbox', item: 'b', lane: 'steer', before: null },
      { type: 'inbox', item: 'c', before: 'b' },
      { type: 'inbox', item: 'd', before: 'a' },
      { type: 'inbox', item: 'a', before: null },
      { type: 'inbox', item: 'd', lane: 'follow-up', before: 'b' },
      { type: 'inbox', item: 'b', before: null },
    ]);
    // The first has nowhere up to go, and the last nowhere down.
    expect(await rows.nth(0).getByRole('button', { name: 'Move it up' }).count()).toBe(0);
    expect(
      await rows
        .nth(3)
        .getByRole('button', { name: /down|after this turn/ })
        .count(),
    ).toBe(0);
    await panel.events({ type: 'inbox.change', item: 'd', lane: 'follow-up', before: 'b' });
    await expect
      .poll(texts)
      .toEqual(['Also cover the 503 case', 'In German', 'Then update the changelog', 'And the tests']);
    await panel.events({ type: 'inbox.change', item: 'b', before: null });
    await expect
      .poll(texts)
      .toEqual(['Also cover the 503 case', 'In German', 'And the tests', 'Then update the changelog']);
  });

  it('can be edited by the keyboard; Escape leaves it, and does not stop the turn', async () => {
    const panel = await waiting();
    const row = panel.page.getByRole('listitem').filter({ hasText: 'Then update' });
    const field = panel.page.getByLabel('Edit the waiting message');
    await row.getByRole('button', { name: 'Edit this message' }).press('Enter');
    await field.fill('Never mind');
    await field.press('Escape');
    expect(await row.innerText()).toContain('Then update the changelog');
    await row.getByRole('button', { name: 'Edit this message' }).press('Enter');
    await field.fill('Then update both changelogs');
    await field.press('Enter');
    expect(await posted(panel)).toEqual([{ type: 'inbox', item: 'b', text: 'Then update both changelogs' }]);
    expect((await panel.posted()).some(({ type }) => type === 'stop')).toBe(false);
    expect(await panel.page.getByLabel('Message', { exact: true }).inputValue()).toBe('');
  });

  it('that is delivered while it is edited leaves what was written in the box', async () => {
    const panel = await waiting();
    await panel.page.getByRole('button', { name: 'Edit this message' }).first().click();
    await panel.page.getByLabel('Edit the waiting message').fill('Also cover the 504 case');
    await panel.events({ type: 'steered', item: 'a', text: 'Also cover the 503 case' });
    await expect.poll(() => panel.page.getByLabel('Message', { exact: true }).inputValue()).toContain('504');
  });

  it('can be withdrawn, and has room in 280 pixels', async () => {
    const panel = await waiting(280);
    const rows = panel.page.getByRole('list', { name: 'Waiting messages' }).getByRole('listitem');
    await rows.nth(2).getByRole('button', { name: 'Withdraw this message' }).click();
    expect(await posted(panel)).toEqual([{ type: 'inbox', item: 'c', withdraw: true }]);
    const text = await rows.nth(1).locator('.queue-text').boundingBox();
    expect(text?.width).toBeGreaterThan(80);
  });
});
