import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { openBrowser, openPanel, type PanelOptions, type PanelPage } from '../support/panelPage.ts';

/**
 * One browser for the tests of a file, and pages that begin anew in each of them. A page in which the policy was
 * violated, something was asked of the network, or an error was not caught fails its test.
 * @param args more arguments for the browser
 */
export function panels(
  args: () => Promise<readonly string[]> = async () => [],
): (options?: PanelOptions) => Promise<PanelPage> {
  let browser: Browser;
  const idle: PanelPage[] = [];
  const used: PanelPage[] = [];
  beforeAll(async () => {
    browser = await openBrowser(await args());
  });
  afterEach(() => {
    const pages = used.splice(0);
    idle.push(...pages);
    expect(pages.flatMap((panel) => panel.faults())).toEqual([]);
  });
  afterAll(() => browser.close());
  return async (options = {}) => {
    const known = idle.pop();
    await known?.load(options);
    const panel = known ?? (await openPanel(browser, options));
    used.push(panel);
    return panel;
  };
}
