import { describe, expect, it } from 'vitest';
import type { FromPanel } from '../../src/common/panel.ts';
import type { PanelPage } from '../support/panelPage.ts';
import { chat, engine, fresh, host, userSays } from '../support/panelScenes.ts';
import { panels } from './browser.ts';

const open = panels();
const running = [userSays('Begin'), { type: 'turn.start', turn: 1, agent: 'coding' }] as const;

async function sent(panel: PanelPage, type: FromPanel['type'] = 'send'): Promise<FromPanel[]> {
  return (await panel.posted()).filter((message) => message.type === type);
}

describe('the box', () => {
  it('sends on Enter, and breaks the line on Shift+Enter', async () => {
    const panel = await open();
    await panel.post(...fresh());
    const box = panel.page.getByLabel('Message');
    await box.pressSequentially('one');
    await box.press('Shift+Enter');
    await box.pressSequentially('two');
    await box.press('Enter');
    expect(await sent(panel)).toEqual([{ type: 'send', text: 'one\ntwo', agent: 'coding', lane: 'follow-up' }]);
    expect(await box.inputValue()).toBe('');
    await panel.page.getByLabel('Sending').getByText('one').waitFor();
    await box.press('Enter');
    expect(await sent(panel)).toHaveLength(1);
  });

  it('steers a running turn on Enter, queues on Alt+Enter, stops on Escape', async () => {
    const panel = await open();
    await panel.post(...chat([...running]));
    const box = panel.page.getByLabel('Message');
    await box.fill('faster');
    await box.press('Enter');
    await box.fill('then this');
    await box.press('Alt+Enter');
    expect(await sent(panel)).toMatchObject([
      { lane: 'steer', text: 'faster' },
      { lane: 'follow-up', text: 'then this' },
    ]);
    await box.press('Escape');
    expect(await sent(panel, 'stop')).toHaveLength(1);
  });

  it('does not send while an input method is composing', async () => {
    const panel = await open();
    await panel.post(...fresh());
    const box = panel.page.getByLabel('Message');
    await box.fill('にほん');
    await box.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    expect(await sent(panel)).toEqual([]);
  });

  it('completes a file by the keyboard', async () => {
    const panel = await open();
    await panel.post(...fresh());
    const { page } = panel;
    const box = page.getByLabel('Message');
    await box.pressSequentially('see @ca');
    await expect.poll(async () => (await sent(panel, 'files')).at(-1)).toEqual({ type: 'files', query: 'ca' });
    await panel.post({ type: 'files', query: 'ca', files: ['src/cart.ts', 'src/case.ts', 'my notes/ca.md'] });
    expect(await page.getByRole('option', { selected: true }).textContent()).toContain('cart.ts');
    await box.press('ArrowDown');
    await box.press('ArrowDown');
    await box.press('Tab');
    expect(await box.inputValue()).toBe('see @"my notes/ca.md" ');
    expect(await page.getByRole('listbox').count()).toBe(0);

    await box.pressSequentially('@ca');
    await page.getByRole('listbox').waitFor();
    await box.press('Escape');
    expect(await page.getByRole('listbox').count()).toBe(0);
    await box.press('Backspace');
    await page.getByRole('listbox').waitFor();
    await box.press('Enter');
    expect(await box.inputValue()).toBe('see @"my notes/ca.md" @src/cart.ts ');
    expect(await sent(panel)).toEqual([]);
  });

  it('recalls what was said', async () => {
    const panel = await open();
    await panel.post(...chat([userSays('first'), userSays('second')]));
    const box = panel.page.getByLabel('Message');
    await box.press('ArrowUp');
    expect(await box.inputValue()).toBe('second');
    await box.press('ArrowUp');
    expect(await box.inputValue()).toBe('first');
    await box.press('ArrowDown');
    await box.press('ArrowDown');
    expect(await box.inputValue()).toBe('');
    await box.fill('draft');
    await box.press('ArrowUp');
    expect(await box.inputValue()).toBe('draft');
  });

  it('keeps the draft when the editor throws the page away', async () => {
    const panel = await open();
    await panel.post(...fresh());
    await panel.page.getByLabel('Message').fill('half a thought');
    const again = await open({ saved: await panel.saved() });
    await again.post(...fresh());
    expect(await again.page.getByLabel('Message').inputValue()).toBe('half a thought');
  });

  it('does not bring back a draft that was sent just before the page was thrown away', async () => {
    const panel = await open();
    await panel.post(...fresh());
    await panel.page.getByLabel('Message').fill('Begin');
    const again = await open({ saved: await panel.saved() });
    await again.post(...chat([...running]));
    await expect.poll(() => again.page.getByLabel('Message').inputValue()).toBe('');
  });

  it('gives back a message that could not be sent, and says why', async () => {
    const panel = await open();
    await panel.post(...fresh());
    const box = panel.page.getByLabel('Message');
    await box.fill('hello');
    await box.press('Enter');
    await panel.post({
      type: 'failed',
      problem: { code: 'no_model', message: 'There is no model.', advice: 'Choose one.' },
    });
    await expect.poll(() => box.inputValue()).toBe('hello ');
    await panel.page.getByRole('alert').getByText('Choose a model…').click();
    expect(await sent(panel, 'command')).toEqual([{ type: 'command', command: 'chooseModel' }]);
  });

  it('offers what is open in the editor', async () => {
    const panel = await open();
    await panel.post(...fresh({ editor: { path: 'src/cart.ts', start: 10, end: 20 } }));
    const { page } = panel;
    await page.getByText('Add src/cart.ts:10-20').click();
    expect(await page.getByLabel('Message').inputValue()).toBe('@src/cart.ts:10-20 ');
    expect(await page.getByText('Add src/cart.ts').count()).toBe(0);
  });

  it('takes a text from the editor and has the focus', async () => {
    const panel = await open();
    await panel.post(...fresh(), { type: 'view', view: 'chats' }, { type: 'insert', text: '@src/cart.ts:3-3' });
    const box = panel.page.getByLabel('Message');
    await expect.poll(() => box.inputValue()).toBe('@src/cart.ts:3-3 ');
    expect(await panel.page.evaluate('document.activeElement.ariaLabel')).toBe('Message');
  });

  it('lets the agent be picked by the keyboard, and remembers it', async () => {
    const panel = await open();
    await panel.post(...fresh());
    const { page } = panel;
    await page.getByLabel('Agent: Coding').press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByLabel('Message').fill('hi');
    await page.getByLabel('Message').press('Enter');
    expect(await sent(panel)).toMatchObject([{ agent: 'plan' }]);
    expect(await panel.saved()).toMatchObject({ agent: 'plan' });
  });

  it('says how full the context is', async () => {
    const panel = await open();
    const usage = { prompt: 9000, completion: 830, context: 32_768 };
    await panel.post(
      ...chat([
        ...running,
        { type: 'assistant', agent: 'coding', text: 'Yes.', calls: [], finish: 'stop', model: 'm', usage },
      ]),
    );
    await panel.page.getByRole('img', { name: 'Context: 9,830 of 32,768 tokens (30 %)' }).waitFor();
  });

  it('grows with its text to a third of the page', async () => {
    const panel = await open({ height: 900 });
    await panel.post(...fresh({ ...host }));
    const box = panel.page.getByLabel('Message');
    const height = async (): Promise<number> => (await box.boundingBox())?.height ?? 0;
    const one = await height();
    await box.fill('a\nb\nc\nd');
    expect(await height()).toBeGreaterThan(one * 2);
    await box.fill('a\n'.repeat(80));
    expect(await height()).toBeLessThanOrEqual(300);
  });
});

it('the model is named in full where its name is cut off', async () => {
  const panel = await open({ width: 280 });
  const model = { id: 'q', name: 'Qwen3-Coder-30B-A3B-Instruct-Q4_K_M' };
  await panel.post(...fresh({ engine: { ...engine, model } }));
  const button = panel.page.getByRole('button', { name: /^Model:/ });
  expect(await button.getAttribute('title')).toBe(`${model.name}. Choose another model`);
});
