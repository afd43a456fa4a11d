import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { type EditorServer, installVsix, startEditorServer } from '../../scripts/editorServer.ts';
import { codeServer } from '../../scripts/parts.ts';
import { keepEvidence, launchBrowser, openTab, results, type Tab } from '../support/browser.ts';
import { makePlace, type Place } from '../support/place.ts';
import { editor, quickInput, workbench } from './selectors.ts';

/** The theme follows the system, which is the page: see `theme`. */
const THEMES = {
  'window.autoDetectColorScheme': true,
  'workbench.preferredDarkColorTheme': 'Dark Modern',
  'workbench.preferredLightColorTheme': 'Light Modern',
};

export interface SessionOptions {
  settings?: Record<string, unknown>;
  environment?: Record<string, string>;
  /** False: the folder is one that VS Code does not trust yet. */
  trusted?: boolean;
}

/** A person in front of a real VS Code that has the packed extension, on a copy of the sample. */
export class Session {
  readonly place: Place;
  readonly page: Page;
  readonly #server: EditorServer;
  readonly #browser: Browser;
  readonly #tab: Tab;

  constructor(place: Place, server: EditorServer, browser: Browser, tab: Tab) {
    this.place = place;
    this.page = tab.page;
    this.#server = server;
    this.#browser = browser;
    this.#tab = tab;
  }

  /** The page of Drover's panel. */
  get panel(): FrameLocator {
    return this.page.frameLocator(workbench.webview).frameLocator(workbench.webviewPage);
  }

  /** The chat itself: without what is said to screen readers alone. */
  get log(): Locator {
    return this.panel.getByRole('log', { name: 'Chat' });
  }

  /** Waits until the extension runs, not merely the page. */
  async ready(): Promise<void> {
    await this.page.waitForSelector(workbench.ready, { timeout: 60_000 });
    await this.page.waitForSelector(workbench.status, { timeout: 60_000 });
  }

  async showPanel(): Promise<void> {
    const box = this.panel.getByRole('textbox', { name: 'Message' });
    if ((await this.page.locator(workbench.activityOpen).count()) === 0) await this.page.click(workbench.activity);
    // The icon's hint would cover a part of the panel.
    await this.page.mouse.move(1000, 400);
    await box.waitFor({ timeout: 30_000 });
  }

  /** Types a message and sends it with the keyboard. */
  async send(text: string): Promise<void> {
    const box = this.panel.getByRole('textbox', { name: 'Message' });
    await box.fill(text);
    await box.press('Enter');
  }

  /** Runs a command from the palette by its title. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.pick(title, `>${title}`);
  }

  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.pick(name);
    await this.page.waitForSelector(`${editor.activeTab}:has-text("${name}")`);
  }

  /** Filters what the quick pick offers with this text and clicks the row: Enter would take whatever is first. */
  async pick(row: string, filter = row): Promise<void> {
    await this.page.fill(quickInput.box, filter);
    await this.page.locator(quickInput.row).filter({ hasText: row }).first().click();
  }

  /** Answers an input box that VS Code shows. */
  async type(text: string): Promise<void> {
    await this.page.locator(quickInput.row).first().waitFor({ state: 'hidden' });
    await this.page.fill(quickInput.box, text);
    await this.page.keyboard.press('Enter');
    await this.page.locator(quickInput.widget).waitFor({ state: 'hidden' });
  }

  /** The visible text of the editor in front. */
  async editorText(): Promise<string> {
    const text = await this.page.locator(editor.lines).first().innerText();
    return text.replaceAll('\u00a0', ' ');
  }

  file(name: string): Promise<string> {
    return readFile(path.join(this.place.workspace, name), 'utf8');
  }

  /** Switches the colour theme, as the system would, and waits until the page has it. */
  async theme(kind: 'dark' | 'light'): Promise<void> {
    await this.page.emulateMedia({ colorScheme: kind });
    await this.page.waitForSelector(`.monaco-workbench.${kind === 'dark' ? 'vs-dark' : 'vs'}`);
  }

  /** Drags the edge of the side bar until it is about so wide, in pixels. */
  async sideBarWidth(width: number): Promise<void> {
    const box = await this.page.locator(workbench.sideBar).boundingBox();
    if (box === null) throw new Error('There is no side bar.');
    const y = box.y + box.height / 2;
    await this.page.mouse.move(box.x + box.width, y);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + width, y, { steps: 5 });
    await this.page.mouse.up();
    // The edge is lit while the pointer is on it.
    await this.page.mouse.move(1000, y);
    await this.page.locator('.monaco-sash.hover').waitFor({ state: 'detached' });
  }

  /** A picture for people to look at: test-results/screens/NAME.png. */
  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(results, 'screens', `${name}.png`) });
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  async evidence(name: string): Promise<string> {
    return keepEvidence(name, this.#tab, { 'code-server.txt': await readFile(this.#server.log, 'utf8') });
  }

  /** Ends it all; an error when something was left running. */
  async end(): Promise<void> {
    await this.#browser.close();
    await this.#server.end();
    await this.place.remove();
  }
}

/**
 * Opens VS Code before the tests of a file and ends it after the last one; keeps evidence of each that failed.
 * @returns the session, once a test runs
 */
export function useSession(choose: () => SessionOptions | Promise<SessionOptions> = () => ({})): () => Session {
  let session: Session | undefined;
  beforeAll(async () => {
    session = await openSession(await choose());
    await session.ready();
  }, 120_000);
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') console.error(`Picture and logs: ${await session?.evidence(task.name)}`);
  });
  afterAll(() => session?.end(), 30_000);
  return () => {
    if (session === undefined) throw new Error('The session is not open yet.');
    return session;
  };
}

async function openSession(options: SessionOptions): Promise<Session> {
  const place = await makePlace();
  const environment = { ...place.environment, ...options.environment };
  const entry = (await codeServer((line) => console.log(line))).path;
  await installVsix(entry, place.editor, inject('vsix'));
  const flags = options.trusted === false ? [] : ['--disable-workspace-trust'];
  const settings = { ...THEMES, ...options.settings };
  const server = await startEditorServer({ entry, folder: place.editor, flags, settings, environment });
  const browser = await launchBrowser();
  const tab = await openTab(browser);
  await tab.page.goto(`${server.url}/?folder=${encodeURI(place.workspace)}`);
  return new Session(place, server, browser, tab);
}

/** Waits until `look` finds what is wanted, 10 s unless said otherwise. */
export function eventually<T>(look: () => Promise<T>, timeout = 10_000): ReturnType<typeof expect.poll<T>> {
  return expect.poll(look, { timeout, interval: 50 });
}
