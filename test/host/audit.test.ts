import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Parts } from '../../src/extension.ts';
import { call } from '../../src/node/client.ts';
import { stateFolder } from '../../src/node/folders.ts';
import type { AuditNode } from '../../src/vscode/auditTree.ts';
import type { ModelServer } from '../support/modelServer.ts';
import { call as calling, reply, text } from '../support/modelServer/script.ts';
import { closeEditors, drover, file, root, saidBy, scripted, until, watch } from './editor.ts';

describe('the tree of decisions', () => {
  let parts: Parts;
  let model: ModelServer;
  const id = 'audited in a window';
  /** Of each suite's own time: all suites are read before the first one begins. */
  let signal: AbortSignal;
  const run = (command: string, argument?: unknown) => vscode.commands.executeCommand(`drover.${command}`, argument);
  const nodes = async (): Promise<AuditNode[]> => {
    const chats = await parts.audit.getChildren();
    return (await Promise.all(chats.map((chat) => parts.audit.getChildren(chat)))).flat();
  };
  const rows = async (): Promise<string[]> =>
    (await nodes()).map((node) => {
      const { label, description } = parts.audit.getTreeItem(node);
      return `${textOf(label)}: ${String(description).replace(/ · \d\d:\d\d/, '')}`;
    });
  /** Waits until the tree has drawn this. */
  const drawn = async (fits: (rows: string[]) => boolean): Promise<void> => {
    for (;;) {
      const next = new Promise<void>((resolve) => {
        const listening = parts.audit.onDidChangeTreeData(() => {
          listening.dispose();
          resolve();
        });
      });
      if (fits(await rows())) return;
      await next;
    }
  };

  before(async () => {
    signal = AbortSignal.timeout(60_000);
    parts = await drover();
    file('.vscode/shop.txt', 'one\n');
    model = await scripted(parts, {
      script: [
        reply(calling('file_edit', { path: '.vscode/shop.txt', old_text: 'one', new_text: 'two' })),
        reply(calling('file_write', { path: '.git/config', content: 'x' })),
        reply(text('Done.')),
      ],
    });
    const panel = watch(parts.view);
    await run('openPanel');
    const body = {
      message: 'Make it two.',
      session_id: id,
      agent_type: 'coding',
      workspace: root(),
      asks: 'client',
    } as const;
    const address = await parts.sidecar.address(signal);
    const turn = call(address, 'chat', { body, signal });
    await until(parts.sidecar.onDidChange, () => parts.sidecar.snapshot.chats.some((chat) => chat.id === id));
    await run('openChat', id);
    await vscode.commands.executeCommand('drover.audit.focus');
    await drawn((all) => all.includes('Edit .vscode/shop.txt: asked, not answered · coding'));
    const { ask } = await panel.seen('ask');
    await parts.view.receive({ type: 'answer', ask, answer: 'once' });
    await turn;
    panel.dispose();
  });
  after(async () => {
    await closeEditors();
    await model.close();
  });

  it('follows what happens, the newest first', async () => {
    await drawn((all) => all.length === 2);
    assert.deepEqual(await rows(), [
      'Write .git/config: denied · coding',
      'Edit .vscode/shop.txt: asked and allowed · coding',
    ]);
    const change = (await nodes())[1];
    const { tooltip, contextValue } = parts.audit.getTreeItem(change as AuditNode);
    assert.match(textOf(tooltip), /Decided: asked and allowed, by the person, in VS Code\n/);
    assert.equal(contextValue, 'change');
  });

  it('shows a change as it was made, whatever has become of the file', async () => {
    file('.vscode/shop.txt', 'three\n');
    await run('openDecision', (await nodes())[1]);
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(tab instanceof vscode.TabInputTextDiff);
    const sides = await Promise.all([tab.original, tab.modified].map((uri) => vscode.workspace.openTextDocument(uri)));
    assert.deepEqual(
      sides.map((side) => side.getText()),
      ['one\n', 'two\n'],
    );
  });

  it('is filtered, and says so where nothing fits', async () => {
    await run('filterAudit', { only: 'denied' });
    assert.deepEqual(await rows(), ['Write .git/config: denied · coding']);
    await run('filterAudit', { only: 'all', tool: 'file_edit' });
    assert.deepEqual(await rows(), ['Edit .vscode/shop.txt: asked and allowed · coding']);
    await run('filterAudit', { only: 'all', tool: 'bash' });
    assert.deepEqual(await rows(), ['No decision fits the filter: bash']);
    await run('filterAudit', { only: 'all' });
    assert.equal((await rows()).length, 2);
  });

  it('is that of the chat in view, or of all chats of the workspace', async () => {
    assert.equal((await parts.audit.getChildren()).length, 1);
    await run('auditOfWorkspace');
    const all = await parts.audit.getChildren();
    assert.deepEqual(
      all.map((node) => ('chat' in node ? node.chat.id : '')),
      parts.view.state.chats.map((chat) => chat.id),
    );
    await run('auditOfOpenChat');
    assert.equal((await parts.audit.getChildren()).length, 1);
  });

  it('says how far the anchor of the log reaches', async () => {
    const said = await saidBy(parts, () => run('verifyAudit'));
    assert.equal(said.kind, 'information');
    assert.match(said.text, /^“Make it two\.”: Whole: the anchor of [-\d: ]+ covers all \d+ records\.$/);
  });

  it('warns of a log that was changed, as long as it is', async () => {
    const state = stateFolder(process.env);
    const anchor = join(state, 'heads', `${createHash('sha256').update(id).digest('hex').slice(0, 32)}.json`);
    renameSync(anchor, `${anchor}.kept`);
    const said = await saidBy(parts, () => run('verifyAudit'));
    assert.equal(said.kind, 'warning');
    assert.match(said.text, /^“Make it two\.”: DAMAGED\. Its anchor is missing: it was removed\.$/);
    const [first] = await rows();
    assert.equal(first, 'The log of this chat was changed: Its anchor is missing: it was removed.');
    renameSync(`${anchor}.kept`, anchor);
    assert.equal((await saidBy(parts, () => run('verifyAudit'))).kind, 'information');
    assert.equal((await rows()).length, 2);
  });

  it('is verified as a whole from the title, which is handed the row that has the focus, and by its own row alone', async () => {
    await run('auditOfWorkspace');
    const [first, ...others] = await parts.audit.getChildren();
    assert.ok(others.length > 0);
    const all = await saidBy(parts, () => run('verifyAudit', first));
    assert.match(all.text, new RegExp(`^Nothing was changed in the logs of ${others.length + 1} chats: `));
    const one = await saidBy(parts, () => run('verifyChatAudit', first));
    assert.match(one.text, /^“[^”]+”: /);
    await run('auditOfOpenChat');
  });

  it('offers the calls of all chats that are shown, unfolded or not', async () => {
    model.add(reply(calling('glob', { pattern: '*.none' })), reply(text('None.')));
    const body = { message: 'Look.', session_id: 'folded', agent_type: 'coding', workspace: root() };
    await call(await parts.sidecar.address(signal), 'chat', { body, signal });
    assert.deepEqual(await parts.audit.tools(signal), ['file_edit', 'file_write']);
    await run('auditOfWorkspace');
    const tools = await parts.audit.tools(signal);
    assert.ok(
      ['file_edit', 'file_write', 'glob'].every((tool) => tools.includes(tool)),
      tools.join(' '),
    );
    await run('auditOfOpenChat');
  });

  it('opens the panel at a decision that changed nothing, without reading the chat anew where it is open', async () => {
    const panel = watch(parts.view);
    const [denied] = await nodes();
    await run('openDecision', denied);
    const view = await panel.posted('view');
    assert.equal(view.call, denied !== undefined && 'decision' in denied && denied.decision.call);
    assert.ok(!panel.messages.some(({ type }) => type === 'reset'));
    panel.dispose();
  });

  it('shows an open question in the editor, as a diff', async () => {
    model.add(
      reply(calling('file_edit', { path: '.vscode/shop.txt', old_text: 'three', new_text: 'four' })),
      reply(text('Done.')),
    );
    const panel = watch(parts.view);
    const body = {
      message: 'Make it four.',
      session_id: 'shown',
      agent_type: 'coding',
      workspace: root(),
      asks: 'client',
    } as const;
    const turn = call(await parts.sidecar.address(signal), 'chat', { body, signal });
    await until(parts.sidecar.onDidChange, () => parts.sidecar.snapshot.chats.some((chat) => chat.id === 'shown'));
    await run('openChat', 'shown');
    const { ask } = await panel.seen('ask');
    await parts.view.receive({ type: 'question', ask });
    const { document } = vscode.window.activeTextEditor ?? {};
    assert.equal(document?.languageId, 'diff');
    assert.match(document?.getText() ?? '', /-three\n\+four\n/);
    await parts.view.receive({ type: 'answer', ask, answer: 'reject' });
    await turn;
    panel.dispose();
    await run('openChat', id);
  });

  it('is read page by page', async () => {
    const many = Array.from({ length: 130 }, (_, at) =>
      calling('file_read', { path: '.vscode/shop.txt', start_line: at + 1 }),
    );
    model.add(reply(...many), reply(text('Read.')));
    const body = { message: 'Read it often.', session_id: 'long', agent_type: 'coding', workspace: root() };
    await call(await parts.sidecar.address(signal), 'chat', { body, signal });
    await run('openChat', 'long');
    await drawn((all) => all.length === 101);
    assert.equal((await rows()).at(-1), 'Show 30 more: 30 older');
    await run('moreDecisions', (await nodes()).at(-1));
    assert.equal((await rows()).length, 130);
    const seqs = (await nodes()).map((node) => ('decision' in node ? node.decision.seq : 0));
    assert.deepEqual(
      seqs,
      seqs.toSorted((one, other) => other - one),
    );
  });
});

/** What stands in a row; the tree writes nothing but plain text. */
function textOf(part: vscode.TreeItem['label' | 'tooltip']): string {
  return typeof part === 'string' ? part : '';
}
