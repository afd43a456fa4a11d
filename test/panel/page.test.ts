import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstRun } from '../../src/common/firstRun.ts';
import type { FromPanel } from '../../src/common/panel.ts';
import { dist, type PanelPage, themeOf } from '../support/panelPage.ts';
import {
  chat,
  chatList,
  childChats,
  fresh,
  handsOver,
  host,
  ran,
  says,
  scenes,
  userSays,
} from '../support/panelScenes.ts';
import { panels } from './browser.ts';

const open = panels();

const turnDone = { type: 'turn.end', turn: 1, reason: 'done', seconds: 3 } as const;

async function posted<T extends FromPanel['type']>(
  panel: PanelPage,
  type: T,
): Promise<Extract<FromPanel, { type: T }>[]> {
  const messages = await panel.posted();
  return messages.filter((message): message is Extract<FromPanel, { type: T }> => message.type === type);
}

it('says that it is ready, once', async () => {
  const panel = await open();
  expect(await panel.posted()).toEqual([{ type: 'ready' }]);
});

describe('every state', () => {
  it('fits into 280 pixels with nothing scrolling sideways, and every control has a name', async () => {
    const panel = await open({ width: 280, height: 700 });
    for (const [name, scene] of Object.entries(scenes)) {
      await panel.post(...scene());
      expect(await panel.page.evaluate(SIDEWAYS), name).toEqual([]);
      expect(await panel.page.evaluate(NAMELESS), name).toEqual([]);
      await panel.post({ type: 'view', view: 'chat' });
    }
  });
});

/** Elements that are wider than the page and not inside something that scrolls by itself. */
const SIDEWAYS = `[...document.querySelectorAll('#app *')].filter((element) => {
  if (element.closest('.diff, pre, .table, .unseen')) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && (box.right > innerWidth + 0.5 || box.left < -0.5);
}).map((element) => element.className).concat(document.scrollingElement.scrollWidth > innerWidth ? ['page'] : [])`;

const NAMELESS = `[...document.querySelectorAll('button, input, textarea, [role=listbox], [role=img], [role=progressbar]')].filter((element) =>
  !(element.textContent.trim() || element.getAttribute('aria-label') || element.closest('label'))).map((element) => element.outerHTML)`;

describe('the list of chats', () => {
  it('is used by the keyboard alone', async () => {
    const panel = await open();
    await panel.post(
      { type: 'state', state: { ...host, chats: chatList(Date.now()) } },
      { type: 'view', view: 'chats' },
    );
    const { page } = panel;
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Delete');
    await page.getByText('Delete this chat for good?').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Delete');
    expect(await posted(panel, 'chat.delete')).toEqual([{ type: 'chat.delete', id: 'c2' }]);
    await page.keyboard.type('zod');
    await page.keyboard.press('Enter');
    expect(await posted(panel, 'chat.open')).toEqual([{ type: 'chat.open', id: 'c4' }]);
    await page.getByLabel('Message').waitFor();
  });
});

describe('the first run', () => {
  it('has three ways to a model', async () => {
    const panel = await open();
    await panel.post(...(scenes['noModel']?.() ?? []));
    const { page } = panel;
    await page.getByText('Choose a model file…').click();
    await page.getByLabel('Address of the server').fill('http://localhost:11434/v1');
    await page.getByText('Try it').click();
    await page.getByText('Start the first-run model').click();
    expect(await posted(panel, 'command')).toEqual([{ type: 'command', command: 'chooseModel' }]);
    expect((await posted(panel, 'engine')).map(({ action }) => action)).toEqual([
      { action: 'url', url: 'http://localhost:11434/v1' },
      { action: 'model', model: 'first-run', fetch: true },
    ]);
  });

  it('says what the first-run model can do, and the way to another; a card and a note', async () => {
    const panel = await open();
    const { page } = panel;
    for (const scene of ['noModel', 'firstRunModel', 'firstRunChat']) {
      await panel.post(...(scenes[scene]?.() ?? []));
      await page.getByText(firstRun.sentence).waitFor();
      await page.getByRole('button', { name: 'Choose a model for real work' }).click();
      expect((await panel.posted()).at(-1), scene).toEqual({ type: 'command', command: 'chooseModel' });
    }
    await page.getByRole('button', { name: 'Model: first-run model. Choose another' }).waitFor();
    // Another model's page says nothing of the kind.
    await panel.post(...fresh());
    expect(await page.getByText(firstRun.sentence).count()).toBe(0);
  });

  it('the note is closed and found again by the keyboard alone, and stays closed', async () => {
    const panel = await open({ width: 280 });
    const { page } = panel;
    const scene = scenes['firstRunModel']?.() ?? [];
    const note = page.getByText(firstRun.sentence);
    const tabTo = async (name: string): Promise<void> => {
      const target = page.getByRole('button', { name, exact: true });
      for (let tabs = 0; tabs < 20; tabs++) {
        if (await target.evaluate((element) => element.matches(':focus'))) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`${name} cannot be reached by Tab`);
    };
    await panel.post(...scene);
    await tabTo('Choose a model for real work');
    await tabTo('Close this note');
    await page.keyboard.press('Enter');
    await note.waitFor({ state: 'detached' });
    const saved = await panel.saved();
    expect(saved).toMatchObject({ firstRunClosed: true });

    await panel.load({ width: 280, saved });
    await panel.post(...scene);
    expect(await note.count()).toBe(0);
    await tabTo('What the first-run model can do');
    await page.keyboard.press('Enter');
    await note.waitFor();
    expect(await panel.saved()).toMatchObject({ firstRunClosed: false });
  });

  it.each([
    ['noFolder', 'Open folder…', { type: 'command', command: 'openFolder' }],
    ['untrusted', 'Trust this folder', { type: 'command', command: 'manageTrust' }],
    ['stopped', 'Start', { type: 'engine', action: { action: 'start' } }],
    ['engineFailed', 'Restart', { type: 'engine', action: { action: 'restart' } }],
    ['down', 'Reconnect', { type: 'command', command: 'reconnect' }],
    ['noEngine', 'Copy the set-up command', { type: 'command', command: 'copySetup' }],
    ['noEngineDebian', 'Start the engine', { type: 'engine', action: { action: 'start' } }],
    ['addressFailed', 'Change the address', { type: 'command', command: 'openSettings' }],
    ['crashed', 'Continue', { type: 'send', text: 'Go on where you stopped.', agent: 'coding', lane: 'follow-up' }],
    ['error', 'Restart the engine', { type: 'engine', action: { action: 'restart' } }],
  ])('in state %s the next step is one click: %s', async (scene, label, message) => {
    const panel = await open();
    await panel.post(...(scenes[scene]?.() ?? []));
    await panel.page.getByRole('button', { name: label, exact: true }).click();
    expect((await panel.posted()).at(-1)).toEqual(message);
  });

  it('a failure offers its next step once, and says when the chat has gone on', async () => {
    const panel = await open();
    await panel.post(...(scenes['crashed']?.() ?? []));
    const card = panel.page.getByRole('alert');
    await card.getByRole('button', { name: 'Continue' }).click();
    await expect.poll(() => card.getByRole('button').allInnerTexts()).toEqual(['Show log']);
    await panel.events(userSays('Go on where you stopped.'), { type: 'turn.start', turn: 2, agent: 'coding' });
    await expect.poll(() => card.innerText()).toContain('The chat went on');
    expect(await card.getByRole('button').allInnerTexts()).toEqual(['Show log']);
    await panel.load({});
    await panel.post(...(scenes['error']?.() ?? []));
    await panel.events(userSays('Again.'), { type: 'turn.start', turn: 2, agent: 'coding' });
    await expect.poll(() => card.getByRole('button').allInnerTexts()).toEqual(['Show log']);
  });

  it('puts an example into the box and sends nothing', async () => {
    const panel = await open();
    await panel.post(...fresh());
    await panel.page.getByText('Explain how this project').click();
    await expect.poll(() => panel.page.getByLabel('Message').inputValue()).toContain('Explain how');
    expect(await posted(panel, 'send')).toEqual([]);
  });
});

describe('a change', () => {
  it('opens at its line, as a diff, and is undone', async () => {
    const panel = await open();
    await panel.post(...(scenes['conversation']?.() ?? []));
    const { page } = panel;
    const card = page.getByLabel('Change of src/cart.ts', { exact: true });
    await card.getByTitle('Open src/cart.ts').click();
    await card.getByText('Open diff').click();
    await card.getByText('Undo', { exact: true }).click();
    expect((await panel.posted()).slice(1)).toEqual([
      { type: 'open', path: 'src/cart.ts', line: 2 },
      { type: 'diff', call: 'edit1' },
      { type: 'undo', call: 'edit1' },
    ]);
  });
});

describe('an answer', () => {
  it('that is empty says so, and what can be done', async () => {
    const panel = await open();
    const turn = { type: 'turn.start', turn: 1, agent: 'coding' } as const;
    await panel.post(...chat([userSays('Hello?'), turn, says(''), { ...turnDone, seconds: 0.1 }]));
    const said = panel.page.locator('.said');
    await expect
      .poll(() => said.innerText())
      .toBe('The model gave an empty answer. Send the message again, or choose another model.');
    await said.getByRole('button', { name: 'choose another model' }).click();
    expect((await panel.posted()).at(-1)).toEqual({ type: 'command', command: 'chooseModel' });
    await panel.post(...chat([userSays('Hello?'), turn, says('', 'tool_calls'), says('Hi.'), turnDone]));
    await expect.poll(() => said.allInnerTexts()).toEqual(['Hi.']);
  });

  it('has code that can be copied and links that are asked about', async () => {
    const panel = await open();
    await panel.post(...(scenes['finished']?.() ?? []));
    const { page } = panel;
    await page.getByLabel('Copy code').click();
    expect((await posted(panel, 'copy'))[0]?.text).toMatch(/^export function total/);
    await page.getByRole('link', { name: 'checkout' }).press('Enter');
    expect(await posted(panel, 'link')).toEqual([{ type: 'link', url: 'https://example.com/checkout' }]);
  });
});

describe('what is built', () => {
  it('is small, and uses only variables that a real theme has', async () => {
    const { size } = await stat(join(dist, 'panel.js'));
    expect(size).toBeLessThan(350_000);
    const { variables } = await themeOf('dark-modern');
    const used = (await sheets()).flatMap((text) => [...text.matchAll(/var\((--vscode-[\w-]+)([,)])/g)]);
    expect(used.length).toBeGreaterThan(50);
    // A fallback says that a theme may lack it.
    expect(used.filter(([, name = '', end]) => end === ')' && !(name in variables)).map(([, name]) => name)).toEqual(
      [],
    );
  });

  it('has no colour of its own', async () => {
    for (const text of await sheets()) expect(text.match(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/gi)).toBeNull();
  });
});

async function sheets(): Promise<string[]> {
  const folder = join(import.meta.dirname, '..', '..', 'media', 'styles');
  return Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
}

it('who deletes a chat with parts is told that they go too', async () => {
  const panel = await open();
  const parts = childChats(Date.now()).map((part) => ({ ...part, parent: 'c3' }));
  await panel.post({ type: 'state', state: { ...host, chats: [...chatList(Date.now()), ...parts] } });
  await panel.post({ type: 'view', view: 'chats' });
  const row = panel.page.getByRole('option', { name: /Explain the build/ });
  await row.hover();
  await row.getByRole('button', { name: /Delete/ }).click();
  expect(await row.innerText()).toContain(
    'Delete this chat and its 4 parts for good? Those that are at work are stopped.',
  );
});

describe('details', () => {
  const wraps = (panel: PanelPage) =>
    panel.page.locator('.output').evaluate((box) => box.scrollWidth <= box.clientWidth);
  const long = 'a reason that is told in so many words that no panel is as wide as they are long, whatever it shows';

  it('in words are wrapped, what a command wrote is not', async () => {
    const panel = await open({ width: 300 });
    await panel.post(
      ...chat([userSays('Go.'), ...handsOver('h', 'coding', long), ...ran('r', 'cat a', 'exit 0', long)]),
    );
    const handedOver = panel.page.getByRole('button', { name: 'Handed over to coding', exact: true });
    await handedOver.click();
    await expect.poll(() => wraps(panel)).toBe(true);
    expect(await panel.page.locator('.output').innerText()).toContain('whatever it shows');
    await handedOver.click();
    await panel.page.getByRole('button', { name: 'Show the output of cat a' }).click();
    await expect.poll(() => wraps(panel)).toBe(false);
  });

  it('of what was not understood begin with the reason, and are said once', async () => {
    const panel = await open({ width: 300 });
    const text = `Not run: the arguments of delegate are wrong (tasks: ${long}). It takes: tasks.`;
    const end = { type: 'tool.end', call: 'd', tool: 'delegate', outcome: 'invalid', origin: 'model' } as const;
    await panel.post(...chat([userSays('Go.'), { ...end, text, summary: 'not understood' }]));
    const card = panel.page.getByRole('region', { name: 'Not understood' });
    await card.waitFor();
    const words = await card.innerText();
    expect(words.match(/not understood/gi)).toHaveLength(1);
    expect(words).toContain(`The arguments of delegate are wrong (tasks: ${long}).`);
    await card.getByRole('button', { name: 'Details' }).click();
    await expect.poll(() => wraps(panel)).toBe(true);
    expect(await card.locator('.output').innerText()).toContain('It takes: tasks.');
  });
});
