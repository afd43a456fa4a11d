import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../../src/common/events.ts';
import type { PanelState } from '../../src/common/panel.ts';
import { chat, childChats, delegates, handsOver, host, plan, says, stepsIn, userSays } from '../support/panelScenes.ts';
import { panels } from './browser.ts';

const open = panels();

const ended = { type: 'turn.end', turn: 1, reason: 'done', seconds: 3 } as const;
const begin = (agent: string) =>
  [
    { ...userSays('Make the discount count'), agent },
    { type: 'turn.start', turn: 1, agent },
  ] as const;

describe('a plan', () => {
  it('is a card, and one click has it carried out', async () => {
    const panel = await open();
    await panel.post(...chat([...begin('plan'), says(plan), ended]));
    const card = panel.page.getByRole('region', { name: 'Plan' });
    expect(await card.innerText()).toContain('an unknown code gives 0');
    await card.getByRole('button', { name: 'Start' }).click();
    expect((await panel.posted()).at(-1)).toEqual({
      type: 'send',
      text: 'Carry out this plan.',
      agent: 'coding',
      lane: 'follow-up',
    });
    await expect.poll(() => card.innerText()).toContain('Given to Coding');
    expect(await card.getByRole('button').count()).toBe(0);
    await panel.events(userSays('Carry out this plan.'), { type: 'turn.start', turn: 2, agent: 'coding' });
    await expect.poll(() => card.locator('.card-note').innerText()).toBe('given to Coding');
    expect(await card.getByText('Given to Coding', { exact: true }).count()).toBe(0);
  });

  it('is one also of a single step, and with what a policy says behind it', async () => {
    const panel = await open();
    const short = says('1. `src/cart.ts`: `total()` takes off the discount.');
    const near = stepsIn('n', 'note', 'The context is nearly full.', 'context-near-full');
    const floods: LoggedEvent = {
      type: 'error',
      problem: { code: 'policy_floods', message: 'It floods.', advice: '' },
    };
    await panel.post(...chat([...begin('plan'), short, near, floods, ended]));
    const card = panel.page.getByRole('region', { name: 'Plan' });
    await card.getByRole('button', { name: 'Start' }).click();
    expect((await panel.posted()).at(-1)).toMatchObject({ type: 'send', agent: 'coding' });
  });

  it('cannot be started any more when something was said since', async () => {
    const panel = await open();
    await panel.post(...chat([...begin('plan'), says(plan), ended, ...begin('plan'), says('As you like.'), ended]));
    const card = panel.page.getByRole('region', { name: 'Plan' });
    await card.waitFor();
    expect(await card.getByRole('button').count()).toBe(0);
    expect(await card.locator('.card-note').innerText()).toBe('answered below');
    expect(await panel.page.getByText('As you like.').count()).toBe(1);
  });

  it('is no question of the planning agent, and nothing that another agent says', async () => {
    const panel = await open();
    const question = says('Shall it hold for all customers? 1. or only for members?');
    await panel.post(...chat([...begin('plan'), question, ended, ...begin('coding'), says(plan), ended]));
    await panel.page.getByText('an unknown code gives 0').waitFor();
    expect(await panel.page.getByRole('region', { name: 'Plan' }).count()).toBe(0);
  });
});

describe('a hand-over', () => {
  it('is a line, then the other agent speaks, and the next message goes to it', async () => {
    const panel = await open();
    await panel.post(...chat([...begin('coding'), ...handsOver('h', 'plan', 'it is large'), says(plan), ended]));
    expect(await panel.page.locator('h3.agent').allInnerTexts()).toEqual(['Coding', 'Plan']);
    expect(await panel.page.locator('.log').innerText()).toContain('Handed over to plan');
    expect(await panel.page.getByRole('region', { name: 'Plan' }).count()).toBe(1);
    await panel.page.getByLabel('Message').fill('Go on');
    await panel.page.keyboard.press('Enter');
    expect((await panel.posted()).at(-1)).toMatchObject({ type: 'send', agent: 'plan' });
  });

  it('counts for more than whom the person had chosen before', async () => {
    const panel = await open();
    await panel.post(...chat([...begin('plan'), says('Hm.'), ended]));
    await panel.page.getByLabel(/^Agent/).click();
    await panel.page.getByRole('option', { name: /Supervisor/ }).click();
    await panel.page.getByLabel('Message').fill('Who?');
    await panel.page.keyboard.press('Enter');
    expect((await panel.posted()).at(-1)).toMatchObject({ type: 'send', agent: 'supervisor' });
    await panel.events(...begin('supervisor'), ...handsOver('h', 'coding', 'it is code'), says('Done.'), ended);
    await panel.page.getByText('Done.').waitFor();
    await panel.page.getByLabel('Message').fill('And?');
    await panel.page.keyboard.press('Enter');
    expect((await panel.posted()).at(-1)).toMatchObject({ type: 'send', agent: 'coding' });
  });
});

describe('what was delegated', () => {
  const opened = async (state: Partial<PanelState>) => {
    const panel = await open();
    await panel.post(...chat([...begin('supervisor'), ...delegates('d')], state));
    return panel;
  };

  it('is a card in which each part says how it stands, and is opened by a click', async () => {
    const panel = await opened({ chats: childChats(Date.now()) });
    const card = panel.page.getByRole('region', { name: 'Delegated 4 tasks' });
    const rows = await card.getByRole('button').allInnerTexts();
    expect(rows.map((row) => row.split('\n').at(-1))).toEqual([
      'Coding · Read src/upload.ts',
      'Coding · waits for your answer: npm test',
      'Coding · waits for a place',
      'Coding · 1 turn · no changes',
    ]);
    await card.getByRole('button', { name: /Write the test/ }).click();
    expect((await panel.posted()).at(-1)).toEqual({ type: 'chat.open', id: 'child2' });
  });

  it('leads back from a part to the whole', async () => {
    const [part] = childChats(Date.now());
    const panel = await opened({});
    const chats = part
      ? [part, { ...part, id: 'c1', title: 'The whole that is told in a great many words', parent: undefined }]
      : [];
    await panel.post({ type: 'state', state: { ...host, chat: 'child0', chats } }, { type: 'reset', chat: 'child0' });
    await panel.events(...begin('coding'));
    const { page } = panel;
    await page.setViewportSize({ width: 300, height: 800 });
    const widthOf = (place: Locator) => place.evaluate((element) => element.clientWidth);
    const link = page.getByRole('button', { name: /^part of: The whole/ });
    expect(await widthOf(page.locator('.head h2'))).toBeGreaterThan(await widthOf(link));
    await link.click();
    expect((await panel.posted()).at(-1)).toEqual({ type: 'chat.open', id: 'c1' });
  });

  it('that was deleted says so', async () => {
    const panel = await opened({ chats: [] });
    const card = panel.page.getByRole('region', { name: 'Delegated 4 tasks' });
    expect(await card.getByRole('button').first().isDisabled()).toBe(true);
    expect(await card.innerText()).toContain('Coding · deleted');
  });
});

describe('the list of agents', () => {
  const folder = '/home/p/.config/drover/agents';
  const fault = (name: string, line: number) => ({
    code: 'agent_file',
    message: `${folder}/${name}.md:${line}: this agent cannot be used: there is no tool named paint.`,
    advice: 'Correct the file; it is read again with the next message.',
  });
  const team = ['coding', 'plan', 'review', 'supervisor', 'docs', 'release'].map((name) => ({
    name,
    description: 'Does what it is asked for, and says in a sentence that is rather long what that was.',
    tools: [],
    readonly: false,
    handoffs: [],
    from: 'user' as const,
  }));

  it('is read when it is opened, and takes the room that there is', async () => {
    const panel = await open({ width: 340 });
    const { page } = panel;
    await panel.post({ type: 'state', state: { ...host, agents: team } });
    await page.getByLabel(/^Agent:/).click();
    expect((await panel.posted()).at(-1)).toEqual({ type: 'agents' });
    const list = page.getByRole('listbox', { name: 'Agents' });
    expect(await list.getByRole('option').count()).toBe(6);
    const scrolls = () => page.locator('.popup-scroll').evaluate((box) => box.scrollHeight > box.clientHeight);
    expect(await scrolls()).toBe(false);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 340, height: 320 });
    await page.getByLabel(/^Agent:/).click();
    expect(await scrolls()).toBe(true);
    expect((await page.locator('.popup').boundingBox())?.y).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('ArrowUp');
    const last = list.getByRole('option', { name: /Release/ });
    expect(await last.evaluate((row) => row.getBoundingClientRect().bottom <= 320)).toBe(true);
  });

  it('says at its edge what cannot be used, and opens the file', async () => {
    const panel = await open({ width: 340, height: 360 });
    const { page } = panel;
    await panel.post({
      type: 'state',
      state: { ...host, agents: team, agentProblems: [fault('draw', 3), fault('paint', 7)] },
    });
    await page.getByLabel(/^Agent:/).click();
    const edge = page.getByRole('button', { name: '2 agent files cannot be used' });
    const box = await edge.boundingBox();
    expect(box !== null && box.y > 0 && box.y + box.height < 360).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const paint = page.getByRole('button', { name: /paint\.md:7/ });
    await paint.click();
    expect((await panel.posted()).at(-1)).toEqual({ type: 'open', path: `${folder}/paint.md`, line: 7 });
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.popup').count()).toBe(0);
  });
});
