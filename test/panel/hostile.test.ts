import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { LoggedEvent } from '../../src/common/events.ts';
import { danger, hostileTexts } from '../support/hostileText.ts';
import { chat, chatList, host, look, ran, says, userSays } from '../support/panelScenes.ts';
import { panels } from './browser.ts';

const open = panels();

/** Things that have run, loaded or navigated in somebody's Markdown view. */
const samples = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<details open ontoggle=alert(1)>',
  '<form action="https://evil.example"><input autofocus onfocus=alert(1)></form>',
  '<style>@import url(https://evil.example/x.css);</style>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<a href="javascript:alert(1)">x</a>',
  '<object data="data:text/html,<script>alert(1)</script>">',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\u0000script:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](vbscript:msgbox(1))',
  '[x](command:workbench.action.terminal.new)',
  '[x](vscode://file/etc/passwd)',
  '[x](ms-msdt:/id)',
  '[x](file:///etc/passwd)',
  '[x](//evil.example/x)',
  '[x](https://good.example" onmouseover="alert(1))',
  '[x](https://good.example "title\\" onmouseover=\\"alert(1)")',
  '![x](https://evil.example/pixel.png)',
  '![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)',
  '![x" onerror="alert(1)](y)',
  '<https://evil.example/"onmouseover="alert(1)>',
  '<javascript:alert(1)>',
  '```"><img src=x onerror=alert(1)>\ncode\n```',
  '```html\n<script>alert(1)</script><img src=x onerror=alert(1)>\n```',
  '`<img src=x onerror=alert(1)>`',
  '| a |\n|---|\n| <img src=x onerror=alert(1)> |',
  '[x]: javascript:alert(1)\n\n[x]',
  '[x]: https://evil.example/ "\'><script>alert(1)</script>"\n\n[x] ![x]',
  '&lt;img src=x onerror=alert(1)&gt;',
  '<!--><img src=x onerror=alert(1)>-->',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><script>alert(1)</script></template>',
  '# <b onclick=alert(1)>x</b>',
  '<button data-link="javascript:alert(1)" data-copy>x</button>',
];

const FORBIDDEN =
  'script, iframe, img, form, style, object, embed, link, meta, base, math, template, video, audio, details, input:not(.field), [href], [src], [srcdoc], [onerror], [onload], [onclick], [onmouseover], [onfocus]';

it('nothing that a model writes runs, loads or navigates', async () => {
  const panel = await open();
  await panel.post(...chat([userSays('Go'), { type: 'turn.start', turn: 1, agent: 'coding' }]));
  for (const sample of samples) {
    await panel.events(
      { type: 'text', text: sample.slice(0, sample.length / 2) },
      { type: 'text', text: sample.slice(sample.length / 2) },
    );
    await panel.events(says(sample));
  }
  expect(await panel.page.locator('.said').count()).toBe(samples.length);
  expect(await panel.page.locator(`.log :is(${FORBIDDEN})`).count()).toBe(0);
  for (const link of await panel.page.locator('.log [data-link]').all()) await link.click();
  const links = (await panel.posted()).filter((message) => message.type === 'link');
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) expect(link.type === 'link' && link.url).toMatch(/^https:\/\//);
});

it('nor does anything that comes from files, commands, titles or problems', async () => {
  const panel = await open();
  const hostile = samples.flatMap((text, at): LoggedEvent[] => [
    userSays(`${text} @${text}`),
    ...look(`l${at}`, { kind: 'search', verb: text, object: text }, text, text),
    ...ran(`r${at}`, text, text, text),
    {
      type: 'tool.end',
      call: `e${at}`,
      tool: text,
      outcome: 'ok',
      text,
      summary: text,
      origin: 'model',
      change: { path: text, before: text, after: text, added: 1, removed: 1, diff: `@@ -1 +1 @@\n-${text}\n+${text}` },
    },
    { type: 'tool.end', call: `d${at}`, tool: text, outcome: 'denied', text, summary: text, origin: 'model' },
    { type: 'error', problem: { code: text, message: text, advice: text } },
  ]);
  await panel.post(...chat(hostile));
  expect(await panel.page.locator(`#app :is(${FORBIDDEN})`).count()).toBe(0);
  const chats = chatList(Date.now()).map((summary, at) => ({
    ...summary,
    title: samples[at] ?? '',
    detail: samples[at + 6] ?? '',
  }));
  await panel.post(
    { type: 'state', state: { ...host, chats, folder: samples[0] ?? '', remote: samples[1] ?? '' } },
    { type: 'view', view: 'chats' },
  );
  expect(await panel.page.locator(`.chats-list :is(${FORBIDDEN})`).count()).toBe(0);
});

it('no text of any of these turns around what is drawn, or hides in it', async () => {
  const panel = await open();
  const events = Object.values(hostileTexts).flatMap((text, at): LoggedEvent[] => [
    userSays(text),
    ...look(`l${at}`, { kind: 'search', verb: text, object: text }, text, text),
    ...ran(`r${at}`, text, text, text),
    says(`Said ${text} and \`${text}\`.\n\n\`\`\`js\n${text}\n\`\`\``),
    {
      type: 'tool.end',
      call: `e${at}`,
      tool: text,
      outcome: 'ok',
      text,
      summary: text,
      origin: 'model',
      change: { path: text, before: text, after: text, added: 1, removed: 1, diff: `@@ -1 +1 @@\n-${text}\n+${text}` },
    },
    { type: 'tool.end', call: `d${at}`, tool: text, outcome: 'denied', text, summary: text, origin: 'model' },
    { type: 'error', problem: { code: text, message: text, advice: text } },
  ]);
  await panel.post(...chat([{ type: 'turn.start', turn: 1, agent: 'coding' }, ...events]));
  expect(danger(await drawn(panel.page))).toBeUndefined();
  const [one, two] = Object.values(hostileTexts).filter((text) => text.includes('\u202e'));
  const chats = chatList(Date.now()).map((summary) => ({ ...summary, title: `${one}`, detail: `${two}` }));
  const problem = { code: 'x', message: `${one}`, advice: `${two}` };
  const state = { ...host, chats, folder: `${one}`, remote: `${two}`, sidecar: 'down' as const, problem };
  await panel.post({ type: 'state', state });
  expect(danger(await drawn(panel.page))).toBeUndefined();
  await panel.post({ type: 'view', view: 'chats' });
  expect(danger(await drawn(panel.page))).toBeUndefined();
});

/** All texts of the page, and what stands in attributes that are shown or read out. */
async function drawn(page: Page): Promise<string> {
  const texts = await page.locator('body').allTextContents();
  const shown = ['title', 'aria-label', 'aria-description', 'placeholder', 'alt', 'data-link'];
  const attributes = await page
    .locator('body *')
    .evaluateAll(
      (elements, names) => elements.flatMap((element) => names.map((name) => element.getAttribute(name) ?? '')),
      shown,
    );
  return [...texts, ...attributes].join('\n');
}
