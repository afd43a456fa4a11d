import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import type { Event, LoggedEvent, Outcome } from '../../src/common/events.ts';
import type { PanelState, ToPanel } from '../../src/common/panel.ts';
import { hostileMarkdown } from '../support/hostileMarkdown.ts';
import type { PanelPage } from '../support/panelPage.ts';
import {
  asks,
  chat,
  chatList,
  engine,
  fresh,
  host,
  look,
  ran,
  says,
  stepsIn,
  userSays,
} from '../support/panelScenes.ts';
import { panels } from './browser.ts';

// Each of these pages is the real one under its real policy. A violation of it, an uncaught error, a dialog or a request fails a
// test by itself (see browser.ts). What leaves the browser in another way has to go through a proxy, which lists it.

/** First lines of what came to the proxy. */
const left: string[] = [];
let proxy: Server | undefined;
const open = panels(async () => {
  proxy = createServer((socket) => {
    socket.once('data', (data) => {
      const line = String(data).split('\r\n')[0] ?? '';
      // What the browser does by itself.
      if (!/^\w+ (?:https?:\/\/)?[\w.-]+\.(?:google|googleapis|gvt1)\.com[:/]/.test(line)) left.push(line);
      socket.destroy();
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => proxy?.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  return [`--proxy-server=http://127.0.0.1:${port}`, '--proxy-bypass-list=<-loopback>'];
});
afterAll(() => void proxy?.close());

const tags =
  'a blockquote br button code del div em h1 h2 h3 h4 h5 h6 hr li ol p pre s span strong table tbody td th thead tr ul';
const attributes = 'class title role tabindex type start aria-label data-link data-copy dir';
/** Of the page's own elements. */
const elsewhere = 'article aside details footer header input label nav section summary svg circle path textarea';

// Told to the browser as texts: the types of a browser hold in media/ alone.

/** What stands in the page and must not. */
function strangers({ page }: PanelPage): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const tags = '${tags}'.split(' ');
    const own = [...tags, ...'${elsewhere}'.split(' ')];
    const attributes = '${attributes}'.split(' ');
    const never = /^on|^(?:href|src|srcset|srcdoc|action|formaction|xlink:href|ping|background|poster|is)$/;
    const lists = [document.forms, document.images, document.links, document.embeds, document.anchors];
    const found = lists.flatMap((list) => [...list]);
    for (const element of document.querySelectorAll('#app *')) {
      const written = element.closest('.markdown') !== null && !element.matches('.markdown');
      if (!(written ? tags : own).includes(element.localName)) found.push(element);
      for (const { name } of element.attributes)
        if (never.test(name) || (written && !attributes.includes(name))) found.push(element);
      const link = element.getAttribute('data-link');
      if (link !== null && !['https:', 'http:', 'mailto:'].includes(new URL(link, 'none:').protocol)) found.push(element);
    }
    return found.map(({ outerHTML }) => outerHTML.slice(0, 200));
  })()`);
}

/** Nothing has come to be where it should not, and nothing has gone anywhere. */
async function expectHarmless(panel: PanelPage): Promise<void> {
  expect(await strangers(panel)).toEqual([]);
  expect(panel.faults()).toEqual([]);
  expect(panel.page.url()).toBe('http://panel.test/');
  expect(panel.page.context().pages()).toHaveLength(1);
  expect(panel.page.frames()).toHaveLength(1);
  expect(left).toEqual([]);
}

/** Posts these one after the other, each drawn before the next, in one go. */
function drawEach(panel: PanelPage, batches: Event[][]): Promise<void> {
  const messages = batches.map((events) => events.map((event, at): ToPanel => ({ type: 'event', id: `${at}`, event })));
  return panel.page.evaluate(async (messages) => {
    const { draw } = globalThis as unknown as { draw: (messages: ToPanel[]) => Promise<void> };
    for (const batch of messages) await draw(batch);
  }, messages);
}

function batches<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

/**
 * Does to everything in the Markdown what a person could. It asks the extension to open a link or to copy, and nothing else.
 * @returns the links
 */
async function touchAll(panel: PanelPage): Promise<string[]> {
  const before = (await panel.posted()).length;
  await panel.page.evaluate(`for (const element of document.querySelectorAll('.markdown *')) {
    const init = { bubbles: true, cancelable: true };
    for (const type of ['click', 'dblclick', 'mouseover', 'dragstart']) element.dispatchEvent(new MouseEvent(type, init));
    element.dispatchEvent(new MouseEvent('auxclick', { ...init, button: 1 }));
    element.dispatchEvent(new KeyboardEvent('keydown', { ...init, key: 'Enter' }));
  }`);
  const posted = (await panel.posted()).slice(before);
  expect(['copy', 'link']).toEqual(expect.arrayContaining([...new Set(posted.map(({ type }) => type))]));
  return posted.flatMap((message) => (message.type === 'link' ? [message.url] : []));
}

describe('text that a model writes', () => {
  it('runs, loads and navigates nothing while it comes and when it is there', { timeout: 120_000 }, async () => {
    const panel = await open();
    const links: string[] = [];
    for (const samples of batches(hostileMarkdown, 60)) {
      await panel.post(...chat([userSays('Go'), { type: 'turn.start', turn: 1, agent: 'coding' }]));
      const half = (text: string): number => Math.floor(text.length / 2);
      const drawn = samples.flatMap((text, at): Event[][] => [
        [...(at === 0 ? [] : [says(samples[at - 1] ?? '')]), { type: 'text', text: text.slice(0, half(text)) }],
        [{ type: 'text', text: text.slice(half(text)) }],
      ]);
      await drawEach(panel, [...drawn, [says(samples.at(-1) ?? '')]]);
      expect(await panel.page.locator('.said').count()).toBe(samples.length);
      await expectHarmless(panel);
      links.push(...(await touchAll(panel)));
      await expectHarmless(panel);
    }
    expect(new Set(links).size).toBeGreaterThan(10);
    for (const link of links) expect(['https:', 'http:', 'mailto:'], link).toContain(new URL(link).protocol);
  });

  it('is shown however long and monotonous it is', { timeout: 240_000 }, async () => {
    const size = 1_000_000;
    const panel = await open();
    const monotonous = [
      'x',
      '[',
      '![',
      '*a ',
      '_',
      '`',
      '<',
      '&',
      '|',
      '\\',
      '> ',
      '- ',
      '\n',
      '[](',
      '<a',
      '\u0301',
      '\u{1F600}',
    ];
    for (const piece of [...monotonous, '```x\n', 'a|b\n', '[a]: b\n', 'http://', '<![CDATA[']) {
      const text = piece.repeat(size / piece.length);
      const began = Date.now();
      await panel.post(...chat([userSays('Go'), { type: 'turn.start', turn: 1, agent: 'coding' }, says(text)]));
      expect(await panel.page.locator('.said').count(), piece).toBe(1);
      expect(Date.now() - began, `milliseconds for ${JSON.stringify(piece)}`).toBeLessThan(8000);
      await panel.post(...fresh());
    }
    await expectHarmless(panel);
  });
});

/** Every place into which a text gets, by what the text is. Each is told its name before the sample. */
const doors: Record<string, (text: (door: string) => string, at: number) => Event[]> = {
  message: (text) => [userSays(`${text('message')} @${text('mention')}`)],
  steer: (text, at) => [{ type: 'steered', item: `s${at}`, text: text('steer') }],
  queue: (text, at) => [{ type: 'inbox.put', item: `q${at}`, lane: 'follow-up', text: text('queue'), asks: 'client' }],
  look: (text, at) =>
    look(`l${at}`, { kind: 'search', verb: text('verb'), object: text('object') }, text('found'), text('result')),
  command: (text, at) => ran(`r${at}`, text('command'), text('exit'), text('output'), at % 2 === 0),
  change: (text, at) => [change(`e${at}`, text)],
  denied: (text, at) => [ended(`d${at}`, text('denied'), 'denied')],
  invalid: (text, at) => [ended(`i${at}`, text('invalid'), 'invalid')],
  unknown: (text, at) => [ended(`u${at}`, text('unknown'), 'unknown')],
  problem: (text) => [
    { type: 'error', problem: { code: text('code'), message: text('problem'), advice: text('advice') } },
  ],
  thoughts: (text) => [{ ...says('Said.'), reasoning: text('thoughts') } as LoggedEvent],
  interjection: (text, at) => [stepsIn(`j${at}`, 'note', text('evidence'), text('policy'))],
  child: (text, at) => [
    ...look(`c${at}`, { kind: 'other', verb: 'Delegated', object: text('tasks') }, text('delegated')).slice(0, 1),
    { type: 'child', call: `c${at}`, chat: `child${at}`, agent: text('child agent'), task: text('task') },
  ],
  undo: (text, at) => [
    change(`w${at}`, text),
    { type: 'undo', call: `w${at}`, path: text('path'), done: false, reason: text('not undone') },
  ],
  agent: (text, at) => [{ type: 'turn.start', turn: at + 2, agent: text('agent') }],
};

function change(call: string, text: (door: string) => string): LoggedEvent {
  const diff = `@@ -1,2 +1,2 @@\n ${text('context')}\n-${text('removed')}\n+${text('added')}\n`;
  return {
    ...ended(call, text('changed'), 'ok'),
    title: { kind: 'edit', verb: text('edit'), object: text('file') },
    change: { path: text('changed path'), before: 'aa', after: 'bb', added: 1, removed: 1, diff },
  };
}

function ended(call: string, text: string, outcome: Outcome): LoggedEvent & { type: 'tool.end' } {
  return { type: 'tool.end', call, tool: text, outcome, text, summary: text, origin: 'model' };
}

/** And those of which there is one at a time. */
function states(text: (door: string) => string): { [name: string]: ToPanel[] } {
  const agents = host.agents.map((agent) => ({
    ...agent,
    name: text('agent name'),
    description: text('agent description'),
    from: 'workspace' as const,
  }));
  const problem = { code: text('state code'), message: text('state problem'), advice: text('state advice') };
  const model = { id: text('model id'), name: text('model'), note: text('model note'), path: text('model path') };
  const told: Partial<PanelState> = {
    folder: text('folder'),
    remote: text('remote'),
    agents,
    agentProblems: [problem],
    editor: { path: text('open file') },
    engine: { ...engine, server: text('server'), note: text('engine note'), model, models: [model] },
  };
  const chats = chatList(Date.now()).map((summary) => ({
    ...summary,
    title: text('chat title'),
    detail: text('chat detail'),
  }));
  const question = (preview: 'command' | 'diff' | 'text') =>
    asks(`a${preview}`, text('asked command'), {
      title: { kind: 'run', verb: text('asked verb'), object: text('asked object') },
      effects: [
        { kind: 'write', path: text('asked path') },
        { kind: 'network', host: text('asked host') },
      ],
      verdict: { decision: 'ask', rule: text('asked rule'), reason: text('asked reason') },
      preview: { kind: preview, text: `@@ -1 +1 @@\n-${text('preview')}\n+${text('preview')}\n` },
      folder: text('asked folder'),
      grant: text('grant'),
    });
  const turn: Event[] = [userSays('Go'), { type: 'turn.start', turn: 1, agent: 'coding' }];
  return {
    new: fresh(told),
    chats: [...fresh({ ...told, chats }), { type: 'view', view: 'chats' }],
    command: [{ type: 'view', view: 'chat' }, ...chat([...turn, question('command')], told)],
    diff: chat([...turn, question('diff')], told),
    text: chat([...turn, question('text')], told),
    running: chat([
      ...turn,
      ...ran('o', text('running'), '', '').slice(0, 1),
      { type: 'output', call: 'o', text: text('live output') },
    ]),
    waiting: chat([...turn, { type: 'engine.wait', text: text('engine wait') }]),
    writing: chat([...turn, { type: 'call', name: text('called tool'), characters: 5 }]),
    pausing: chat([...turn, stepsIn('p', 'pause', text('pause'), text('pausing policy'))]),
    failed: [
      ...chat(turn),
      { type: 'failed', problem: { code: 'x', message: text('failed'), advice: text('failed advice') } },
    ],
    files: [
      ...fresh(),
      { type: 'insert', text: `${text('inserted')} @` },
      { type: 'files', query: '', files: [text('offered file')] },
    ],
    models: fresh({ engine: { ...engine, state: 'no-model', models: [model] } }),
    down: fresh({ sidecar: 'down', problem }),
    engine: fresh({ engine: { ...engine, state: 'failed', problem } }),
    fetching: fresh({
      engine: { ...engine, state: 'fetching', progress: { text: text('progress'), done: 1, total: 2 } },
    }),
  };
}

/** Unfolds what is folded, twice: there is more in it. */
async function unfold({ page }: PanelPage): Promise<void> {
  for (const _ of [1, 2]) {
    await page.evaluate(`(() => {
      const folded = '[aria-expanded="false"]:not([aria-haspopup])';
      for (const button of document.querySelectorAll('.log ' + folded + ', .card ' + folded)) button.click();
      return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    })()`);
  }
}

/** The choice of agents, and that of files behind an `@`. */
async function openLists({ page }: PanelPage): Promise<void> {
  await page.evaluate(`(() => {
    for (const button of document.querySelectorAll('[aria-haspopup][aria-expanded="false"]')) button.click();
    const box = document.querySelector('textarea[aria-haspopup]');
    if (box !== null && box.value.trimEnd().endsWith('@')) {
      box.value = box.value.trimEnd();
      box.focus();
      box.setSelectionRange(box.value.length, box.value.length);
      box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  })()`);
}

/** Whatever can be read in the page: text, what is shown when it is pointed at, what is in fields. */
function readable({ page }: PanelPage): Promise<string> {
  return page.evaluate<string>(`[...document.querySelectorAll('#app *')]
    .flatMap((element) => [
      ...[...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ textContent }) => textContent),
      ...[...element.attributes].map(({ value }) => value),
      element.value ?? '',
    ])
    .join(' ')`);
}

describe('text that comes from anywhere else', () => {
  it('runs, loads and navigates nothing, in the log of a chat', { timeout: 240_000 }, async () => {
    const panel = await open();
    const shown: string[] = [];
    for (const samples of batches(hostileMarkdown, 10)) {
      const events = samples.flatMap((sample, at) =>
        Object.values(doors).flatMap((door) => door((name) => `(${name}) ${sample}`, at)),
      );
      await panel.post(...chat(events));
      await unfold(panel);
      shown.push(await readable(panel));
      await expectHarmless(panel);
    }
    const all = shown.join(' ');
    const names = JSON.stringify(Object.values(doors).map((door) => door((name) => `(${name})`, 0))).match(
      /\([a-z ]+\)/g,
    );
    const unshown = ['(changed)', '(edit)', '(file)', '(code)', '(path)'];
    expect([...new Set(names)].filter((name) => !all.includes(name))).toEqual(unshown);
  });

  it('runs, loads and navigates nothing, wherever else it is shown', { timeout: 240_000 }, async () => {
    const panel = await open();
    const shown: string[] = [];
    const samples = hostileMarkdown.filter((sample) => sample.length < 1000);
    for (let at = 0; at < samples.length; at += 24) {
      let next = at;
      const scenes = states((name) => `(${name}) ${samples[next++ % samples.length] ?? ''}`);
      for (const messages of Object.values(scenes)) {
        await panel.post(...messages);
        await unfold(panel);
        await openLists(panel);
        if (at === 0) shown.push(await readable(panel));
        await expectHarmless(panel);
      }
    }
    const all = shown.join('\n');
    const names = new Set(JSON.stringify(states((name) => `(${name}) `)).match(/\([a-z ]+\)/g));
    const unshown = [
      '(model id)',
      '(model note)',
      '(model path)',
      '(state code)',
      '(asked verb)',
      '(asked object)',
      '(called tool)',
    ];
    expect([...names].filter((name) => !all.includes(name))).toEqual(unshown);
  });
});

it('what would leave the browser is seen: a page without a policy is caught', async () => {
  const panel = await open();
  const free = await panel.page.context().newPage();
  const html = '<link rel=preconnect href="https://evil.example"><img src="http://evil.example/pixel.png">';
  await free.setContent(html, { waitUntil: 'domcontentloaded' });
  await expect.poll(() => left.some((line) => line.includes('evil.example'))).toBe(true);
  await free.close();
  left.length = 0;
});
