import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromium as findChromium } from '../../scripts/parts.ts';
import { root } from './place.ts';

/** Where pictures and logs of failures go; ignored by git. */
export const results = path.join(root, 'test-results');

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A headless Chromium; found or fetched. */
export async function launchBrowser(): Promise<Browser> {
  const { path: executablePath } = await findChromium((line) => console.log(line));
  return chromium.launch({ executablePath, args: FLAGS, headless: true });
}

/** A page in a context of its own (trust, layout and memory of the editor live there) that keeps what its console says. */
export interface Tab {
  page: Page;
  context: BrowserContext;
  console: string[];
}

export async function openTab(browser: Browser, size = { width: 1280, height: 800 }): Promise<Tab> {
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce', colorScheme: 'dark' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`error: ${error.stack ?? error.message}`));
  return { page, context, console: said };
}

/** Keeps what helps after a failure: picture, console of the page, and further logs by name. */
export async function keepEvidence(name: string, tab: Tab, logs: Record<string, string> = {}): Promise<string> {
  const folder = path.join(results, name.replaceAll(/[^\w-]+/g, '-'));
  await mkdir(folder, { recursive: true });
  await tab.page.screenshot({ path: path.join(folder, 'page.png') }).catch((error: unknown) => {
    tab.console.push(`no picture: ${String(error)}`);
  });
  await writeFile(path.join(folder, 'console.txt'), tab.console.join('\n'));
  await Promise.all(Object.entries(logs).map(([log, text]) => writeFile(path.join(folder, log), text)));
  return folder;
}
