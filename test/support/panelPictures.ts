// Pictures of every state of the panel, to be looked at: node test/support/panelPictures.ts FOLDER [SCENE…]
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { ToPanel } from '../../src/common/panel.ts';
import { openBrowser, openPanel, type PanelPage, type Theme } from './panelPage.ts';
import { asks, host, scenes } from './panelScenes.ts';

interface Picture {
  messages: ToPanel[];
  /** What the person does then. */
  act?: (page: Page, panel: PanelPage) => Promise<void>;
}

const acted: Record<string, { scene: string; act: NonNullable<Picture['act']> }> = {
  fileList: {
    scene: 'files',
    act: async (page, panel) => {
      await page.getByLabel('Message').fill('Look at @ca');
      const files = [
        'src/cart.ts',
        'src/cartItems.ts',
        'test/unit/deeply/nested/folder/of/tests/cart.test.ts',
        'src/catalogue/',
      ];
      await panel.post({ type: 'files', query: 'ca', files });
    },
  },
  agents: { scene: 'greeting', act: (page) => page.getByLabel(/^Agent/).click() },
  justAsked: {
    scene: 'conversation',
    act: (_, panel) =>
      panel.events(asks('second', 'npm publish'), { type: 'answer', ask: 'ask-q1', answer: 'once', by: 'client' }),
  },
  rejecting: { scene: 'conversation', act: (page) => page.getByText('Reject…').click() },
  always: { scene: 'diffAsk', act: (page) => page.getByText('Always…').click() },
  whyResolved: { scene: 'resolvedAsk', act: (page) => page.getByText('Why?').click() },
  why: { scene: 'conversation', act: (page) => page.getByText('Why?').click() },
  output: {
    scene: 'supervised',
    act: (page) =>
      page
        .getByLabel(/output of npm test/)
        .first()
        .click(),
  },
  unfolded: { scene: 'finished', act: (page) => page.getByText('Read 9 files, searched twice').click() },
  thoughts: { scene: 'thinking', act: (page) => page.getByText('Thinking…').click() },
  mayDo: { scene: 'noModel', act: (page) => page.getByText('What it may do').click() },
  firstRunClosed: { scene: 'firstRunChat', act: (page) => page.getByLabel('Close this note').click() },
  deleting: { scene: 'chats', act: (page) => page.keyboard.press('Delete') },
  found: { scene: 'chats', act: (page) => page.getByLabel('Search').fill('zod') },
  typing: {
    scene: 'conversation',
    act: (page) =>
      page
        .getByLabel('Message')
        .fill(
          'A long message\n\nwith a few lines, one of which is so long that it has to be broken\n- and\n- a list\n- of\n- many\n- things\n- that\n- go\n- on\n- and on\n- and on\n- for\n- ever',
        ),
  },
  above: {
    scene: 'finished',
    act: async (page) => {
      await page.mouse.move(200, 300);
      await page.mouse.wheel(0, -300);
      await page.getByLabel('To the end').waitFor();
    },
  },
  earlier: {
    scene: 'greeting',
    act: async (page, panel) => {
      await panel.post({ type: 'state', state: { ...host, chat: 'c1' } });
      const messages = Array.from({ length: 300 }, (_, at) => `Message ${at}`);
      await panel.events(...messages.map((text) => ({ type: 'user', text, agent: 'coding', asks: 'client' }) as const));
      await page.mouse.move(200, 300);
      await page.mouse.wheel(0, -20_000);
      await page.getByText('Show 100 earlier').waitFor();
    },
  },
};

function pictureOf(name: string): Picture {
  const act = acted[name];
  const scene = scenes[act?.scene ?? name];
  if (scene === undefined) throw new Error(`There is no scene ${name}.`);
  return { messages: scene(), ...(act === undefined ? {} : { act: act.act }) };
}

const [folder, ...names] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder for the pictures.');
const themes: Theme[] = ['dark-modern', 'light-modern', 'high-contrast'];
const widths = [280, 340, 400];

await mkdir(folder, { recursive: true });
const browser = await openBrowser();
const panel = await openPanel(browser);
try {
  for (const name of names.length > 0 ? names : [...Object.keys(scenes), ...Object.keys(acted)]) {
    for (const theme of themes) {
      for (const width of widths) {
        await panel.load({ theme, width, height: 830 });
        const { messages, act } = pictureOf(name);
        await panel.post(...messages);
        // A question takes no yes at once, and shows it.
        if ((await panel.page.locator('[data-allow]').count()) > 0)
          await panel.page.locator('[data-allow]:enabled').first().waitFor();
        await act?.(panel.page, panel);
        await panel.page.screenshot({ path: join(folder, `${name}-${theme.split('-')[0]}-${width}.png`) });
        for (const fault of panel.faults()) console.error(`${name} ${theme} ${width}: ${fault}`);
      }
    }
  }
} finally {
  await browser.close();
}
