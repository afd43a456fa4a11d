// The panel's page in a plain Chromium: the very page that the extension gives the editor, with its policy, under the sandbox
// that the editor gives a webview, with the variables of a real theme, and a stand-in for the editor's side of the conversation.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromium as findChromium } from '../../scripts/parts.ts';
import type { Event } from '../../src/common/events.ts';
import type { FromPanel, ToPanel } from '../../src/common/panel.ts';
import { page as pageOf } from '../../src/vscode/page.ts';

/** What is shown is what was built; another folder can be named to look at a build on trial. */
export const dist = process.env['DROVER_DIST'] ?? join(import.meta.dirname, '..', '..', 'dist');
const ORIGIN = 'http://panel.test';

export type Theme = 'dark-modern' | 'light-modern' | 'high-contrast';

export interface PanelOptions {
  theme?: Theme;
  width?: number;
  height?: number;
  /** What `getState` answers when the page comes up. */
  saved?: unknown;
}

export interface PanelPage {
  page: Page;
  /** Begins anew, as after the editor threw the page away. */
  load: (options: PanelOptions) => Promise<void>;
  /** Posts these to the page, as the extension would, and waits until they are drawn. */
  post: (...messages: ToPanel[]) => Promise<void>;
  /** Posts events of the chat in view. */
  events: (...events: Event[]) => Promise<void>;
  /** What the page has posted so far, oldest first. */
  posted: () => Promise<FromPanel[]>;
  /** What the page saved with `setState`. */
  saved: () => Promise<unknown>;
  /** Violations of the policy, uncaught errors, and dialogs: always empty in a good page. */
  faults: () => string[];
  close: () => Promise<void>;
}

/** The browser that all pages of a test file share. @param more arguments for it */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  const { path } = await findChromium(() => undefined);
  return chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      ...more,
    ],
  });
}

/** Opens the panel; nothing has been posted to it yet but it has said `ready`. */
export async function openPanel(browser: Browser, options: PanelOptions = {}): Promise<PanelPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  let faults: string[] = [];
  let stage = await page.addInitScript('');
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(ORIGIN)) faults.push(`request: ${request.url()}`);
  });
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill(document);
    if (/^\/[\w.-]+$/.test(pathname)) return route.fulfill({ path: join(dist, pathname.slice(1)) });
    return route.abort();
  });
  const load = async (next: PanelOptions): Promise<void> => {
    faults = [];
    await stage.dispose();
    stage = await page.addInitScript(await stageOf(next));
    await page.setViewportSize({ width: next.width ?? 400, height: next.height ?? 800 });
    await page.goto(`${ORIGIN}/`);
  };
  await load(options);

  const post = (...messages: ToPanel[]): Promise<void> =>
    page.evaluate((messages) => (globalThis as unknown as Stage).draw(messages), messages);
  return {
    page,
    load,
    post,
    events: (...events) => post(...events.map((event, at): ToPanel => ({ type: 'event', id: String(at), event }))),
    posted: () => page.evaluate(() => (globalThis as unknown as Stage).posted),
    saved: () => page.evaluate(() => (globalThis as unknown as Stage).saved),
    faults: () => faults,
    close: () => context.close(),
  };
}

/** What the stand-in for the editor keeps in the page. */
interface Stage {
  posted: FromPanel[];
  saved: unknown;
  draw: (messages: ToPanel[]) => Promise<void>;
}

/**
 * Runs in the page before anything of it, by the browser's own door, as what the editor puts there does: the policy is for what
 * the page itself brings. Two frames: one in which the panel draws, one after it.
 */
const STAGE = `
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  document.adoptedStyleSheets = [sheet];
  document.addEventListener('DOMContentLoaded', () => (document.body.className = BODY));
  globalThis.posted = [];
  globalThis.saved = SAVED;
  let taken = false;
  globalThis.acquireVsCodeApi = () => {
    if (taken) throw new Error('An instance of the VS Code API has already been acquired');
    taken = true;
    return {
      postMessage: (message) => globalThis.posted.push(structuredClone(message)),
      getState: () => globalThis.saved,
      setState: (state) => (globalThis.saved = structuredClone(state)),
    };
  };
  globalThis.draw = (messages) => new Promise((resolve) => {
    for (const message of messages) window.dispatchEvent(new MessageEvent('message', { data: message }));
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
`;

/** What the editor itself puts into every webview; a layer, so that the panel's own style sheet wins. */
const EDITOR_STYLE = `
  @layer vscode-default {
    html { background: var(--vscode-sideBar-background); }
    html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
    body { background-color: transparent; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family);
      font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
    a, a code { color: var(--vscode-textLink-foreground); }
    a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
    code { font-family: var(--monaco-monospace-font); color: var(--vscode-textPreformat-foreground);
      background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
    pre code { padding: 0; }
    blockquote { background: var(--vscode-textBlockQuote-background); border-color: var(--vscode-textBlockQuote-border); }
    ::-webkit-scrollbar { width: 10px; height: 10px; }
    ::-webkit-scrollbar-thumb { background-color: var(--vscode-scrollbarSlider-background); }
  }
`;

/** The variables of a theme as a real VS Code 1.139 gave them to a webview. */
export async function themeOf(name: Theme): Promise<{ body: string; variables: Record<string, string> }> {
  const text = await readFile(join(import.meta.dirname, 'themes', `${name}.json`), 'utf8');
  return JSON.parse(text) as { body: string; variables: Record<string, string> };
}

async function stageOf({ theme = 'dark-modern', saved }: PanelOptions): Promise<string> {
  const { body, variables } = await themeOf(theme);
  const values = Object.entries(variables).map(([name, value]) => `${name}: ${value};`);
  const told = { STYLE: `:root { ${values.join(' ')} } ${EDITOR_STYLE}`, BODY: body, SAVED: saved ?? null };
  return STAGE.replaceAll(/STYLE|BODY|SAVED/g, (name) => JSON.stringify(told[name as keyof typeof told]));
}

const document = {
  headers: { 'content-type': 'text/html', 'content-security-policy': 'sandbox allow-scripts allow-same-origin' },
  body: pageOf({ own: ORIGIN, script: `${ORIGIN}/panel.js`, style: `${ORIGIN}/panel.css` }),
};
