import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDiscovery, runFolder } from '../../src/node/discovery.ts';
import { alive } from '../../scripts/processes.ts';
import { launchBrowser, openTab } from '../support/browser.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { makePlace, type Place, root } from '../support/place.ts';
import { workbench } from './selectors.ts';
import { eventually } from './session.ts';

let place: Place;
let model: ModelServer;
let child: ChildProcess;
let said = '';

beforeAll(async () => {
  [place, model] = await Promise.all([makePlace(), startModelServer()]);
  const environment = { ...place.environment, VLLM_ENDPOINT: `${model.url}/v1` };
  child = spawn(process.execPath, [path.join(root, 'scripts', 'start.ts'), '--browser'], { env: environment });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += String(text)));
});
afterAll(async () => {
  child.kill('SIGKILL');
  await model.close();
  await place.remove();
});

describe('npm start, in the browser', () => {
  it('says where it opened VS Code, and lets in who has the password', async () => {
    await eventually(async () => said, 60_000).toMatch(/^Password: /m);
    const [, url = ''] = /VS Code is ready: (\S+)/.exec(said) ?? [];
    const [, password = ''] = /Password: (\S+)/.exec(said) ?? [];
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?folder=/);
    const browser = await launchBrowser();
    try {
      const { page } = await openTab(browser);
      await page.goto(url);
      await page.fill('input[type=password]', password);
      await page.keyboard.press('Enter');
      await page.waitForSelector(workbench.status, { timeout: 60_000 });
      await page.click(workbench.activity);
      const panel = page.frameLocator(workbench.webview).frameLocator(workbench.webviewPage);
      await panel.getByRole('heading', { name: 'What shall we do in shop?' }).waitFor({ timeout: 30_000 });
    } finally {
      await browser.close();
    }
  });

  it('ends everything on Ctrl+C and leaves the copy of the sample', async () => {
    const supervisor = readDiscovery(runFolder(place.state))?.pid ?? 0;
    expect(alive(supervisor)).toBe(true);
    const [, copy = ''] = /sample: copied to (\S+)/.exec(said) ?? [];
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(alive(supervisor)).toBe(false);
    expect(existsSync(path.join(copy, 'package.json'))).toBe(true);
    await rm(path.dirname(copy), { recursive: true });
  });
});
