import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { FromPanel } from '../../src/common/panel.ts';
import type { Parts } from '../../src/extension.ts';
import type { ModelServer } from '../support/modelServer.ts';
import { panelMessages } from '../support/panelMessages.ts';
import { closeEditors, drover, file, root, scripted, watch } from './editor.ts';

/** What the page could do if it were somebody else's: everything is tried on the real handler. */
describe('messages of the page', () => {
  let parts: Parts;
  let model: ModelServer;

  before(async () => {
    parts = await drover();
    model = await scripted(parts, {});
    file('src/inside.ts', 'inside\n');
    await parts.view.receive({ type: 'chat.new' });
  });
  after(async () => {
    await closeEditors();
    await model.close();
  });

  /** What acting on a message would change. */
  const now = async () => ({
    chat: parts.view.state.chat,
    chats: parts.view.state.chats.map(({ id }) => id),
    engine: parts.view.state.engine,
    clipboard: await vscode.env.clipboard.readText(),
    editors: vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label)),
    terminals: vscode.window.terminals.length,
    requests: model.requests.length,
  });

  /** What the page is told in reply. */
  const replies = async (message: unknown): Promise<string[]> => {
    const panel = watch(parts.view);
    try {
      await parts.view.receive(message);
      return panel.messages.map((each) => (each.type === 'failed' ? each.problem.code : each.type));
    } finally {
      panel.dispose();
    }
  };

  it('that are none are refused in a sentence, and nothing comes of them', async function () {
    this.timeout(120_000);
    await vscode.env.clipboard.writeText('mine');
    const before = await now();
    const valid = fc.constantFrom(...panelMessages);
    const invalid = fc
      .oneof(
        fc.anything({ withNullPrototype: true, withMap: true, withBigInt: true }),
        fc.tuple(valid, fc.string(), fc.jsonValue()).map(([message, name, value]) => ({ ...message, [name]: value })),
        fc.tuple(valid, fc.jsonValue()).map(([message, value]) => {
          const [last = 'type'] = Object.keys(message).toReversed();
          return { ...message, [last]: value };
        }),
        fc.dictionary(fc.string(), fc.jsonValue()),
      )
      .filter((message) => !FromPanel.safeParse(message).success);
    await fc.assert(
      fc.asyncProperty(invalid, async (message) => {
        const told = (await replies(message)).filter((type) => type !== 'state');
        assert.deepEqual(told, ['internal']);
      }),
      { numRuns: 300 },
    );
    assert.deepEqual(await now(), before);
  });

  it('about what is not there, or is elsewhere, are refused as well', async function () {
    this.timeout(120_000);
    await vscode.env.clipboard.writeText('mine');
    const before = await now();
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '../../etc/passwd', '__proto__', 'a/b?c#d', '%2e%2e', '\0'),
    );
    const path = fc.oneof(
      fc.constantFrom('/etc/passwd', '../x', 'src/../../x', 'src/a\0b', '/proc/self/environ', '..', '../'.repeat(50)),
      name.map((each) => `../${each}`),
    );
    const link = fc.oneof(
      fc.constantFrom(
        'command:workbench.action.terminal.new',
        'vscode://x',
        'file:///etc/passwd',
        'javascript:1',
        '//x',
      ),
      name.map((each) => `command:${each}`),
    );
    const hostile = fc.oneof(
      fc.record({ type: fc.constant('open'), path, line: fc.maxSafeInteger() }),
      fc.record({ type: fc.constant('link'), url: link }),
      fc.record({ type: fc.constantFrom('diff', 'undo'), call: name }),
      fc.record({ type: fc.constant('answer'), ask: name, answer: fc.constantFrom('once', 'chat') }),
      fc.record({ type: fc.constant('interjection'), interjection: name, answer: fc.constantFrom('continue', 'mute') }),
      fc.record({ type: fc.constant('inbox'), item: name }),
      fc.record({ type: fc.constant('fork'), message: fc.integer({ min: 1000 }) }),
      fc.constant({ type: 'stop' }),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (message) => {
        const told = (await replies(message)).filter((type) => type !== 'state');
        assert.equal(told.length, 1, JSON.stringify([message, told]));
        assert.notEqual(told[0], 'internal', JSON.stringify(message));
      }),
      { numRuns: 200 },
    );
    assert.deepEqual(await now(), before);
    assert.equal(existsSync(join(root(), '..', 'x')), false);
  });

  it('a link is asked about by the editor itself, with all of its address', async () => {
    // In a test the editor refuses to draw a dialog, and says which.
    const panel = watch(parts.view);
    await parts.view.receive({ type: 'link', url: 'https://good.example@\u0430pple.com/' });
    const [failed] = panel.messages.flatMap((message) => (message.type === 'failed' ? [message.problem.message] : []));
    panel.dispose();
    assert.match(failed ?? '', /refused to show dialog.*Open a page of xn--pple-43d\.com\?/);
  });
});
