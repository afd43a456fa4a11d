import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { takeUp } from '../../src/vscode/takeUp.ts';
import { unsaved } from '../../src/vscode/window.ts';
import { call, hold, reply, text } from '../support/modelServer/script.ts';
import type { ModelServer } from '../support/modelServer.ts';
import type { Parts } from '../../src/extension.ts';
import { closeEditors, drover, file, root, saveOnlyByHand, scripted, until, watch, type Watch } from './editor.ts';

describe('a chat', () => {
  let parts: Parts;
  let model: ModelServer;
  let panel: Watch;

  const chooseEdits = (edits: 'ask' | undefined) =>
    vscode.workspace.getConfiguration('drover').update('edits', edits, vscode.ConfigurationTarget.Global);

  before(async () => {
    parts = await drover();
    model = await scripted(parts, {});
  });
  after(() => model.close());
  beforeEach(async () => {
    await parts.view.receive({ type: 'chat.new' });
    panel = watch(parts.view);
  });
  afterEach(async () => {
    panel.dispose();
    await closeEditors();
  });

  const send = (message: string) =>
    parts.view.receive({ type: 'send', text: message, agent: 'coding', lane: 'follow-up' });

  /** What the panel was shown of the answer while it was written. */
  const streamed = () => panel.events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');

  it('what an agent wrote is in the editor also where the file watcher does not see it', async () => {
    const files = vscode.workspace.getConfiguration('files');
    await files.update('watcherExclude', { '**': true }, vscode.ConfigurationTarget.Global);
    try {
      const place = file('src/seen.js', 'one\n');
      const { document } = await vscode.window.showTextDocument(place);
      for (const content of ['two\n', 'three\n']) {
        writeFileSync(place.fsPath, content);
        await takeUp('src/seen.js', new AbortController().signal);
        await until(vscode.workspace.onDidChangeTextDocument, () => document.getText() === content);
      }
    } finally {
      await files.update('watcherExclude', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('goes to the model and back, and is remembered by the window', async () => {
    model.add(reply(text('It adds numbers.')));
    await send('What does it do?');
    const answer = await panel.seen('assistant');
    assert.equal(answer.text, 'It adds numbers.');
    assert.equal((await panel.seen('turn.end')).reason, 'done');
    assert.equal(streamed(), 'It adds numbers.');
    const { chat } = parts.view.state;
    await until(parts.sidecar.onDidChange, () => parts.view.state.chats.some(({ id }) => id === chat));
    const summary = parts.view.state.chats.find(({ id }) => id === chat);
    assert.equal(summary?.workspace.trusted, true);
    assert.deepEqual(
      panel.messages.filter(({ type }) => type === 'failed'),
      [],
    );
  });

  it('is there again, with its running turn, for a page that comes back', async () => {
    model.add(reply(text('First half, '), hold('half'), text('second half.')));
    await send('Tell me');
    await until(parts.view.onDidPost, () => streamed() === 'First half, ');
    await parts.view.receive({ type: 'ready' });
    const snapshot = await panel.seen('snapshot');
    assert.equal(snapshot.text, 'First half, ');
    assert.equal(panel.events[0]?.type, 'chat');
    model.release('half');
    assert.equal((await panel.seen('assistant')).text, 'First half, second half.');
  });

  it('asks before it changes a file where that was chosen, shows the difference and takes it back', async () => {
    await chooseEdits('ask');
    const cart = file('cart.ts', 'export const total = 1;\n');
    const edit = { path: 'cart.ts', old_text: 'total = 1', new_text: 'total = 2' };
    model.add(reply(call('file_read', { path: 'cart.ts' })), reply(call('file_edit', edit)), reply(text('Done.')));
    await send('Make it two');
    const ask = await panel.seen('ask');
    assert.match(ask.preview.text, /^\+export const total = 2;$/m);
    assert.match(readFileSync(cart.fsPath, 'utf8'), /total = 1/);
    await until(parts.sidecar.onDidChange, () => parts.status.face.text === '$(bell-dot) scripted');
    await parts.view.receive({ type: 'answer', ask: ask.ask, answer: 'once' });
    const end = await panel.seen('tool.end', ({ change }) => change !== undefined);
    assert.match(readFileSync(cart.fsPath, 'utf8'), /total = 2/);
    await panel.seen('turn.end');

    await parts.view.receive({ type: 'diff', call: end.call });
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.ok(tab?.input instanceof vscode.TabInputTextDiff, 'the editor shows a difference');
    const [before, now] = await Promise.all(
      [tab.input.original, tab.input.modified].map((uri) => vscode.workspace.openTextDocument(uri)),
    );
    assert.equal(before?.getText(), 'export const total = 1;\n');
    assert.equal(now?.getText(), 'export const total = 2;\n');

    await parts.view.receive({ type: 'undo', call: end.call });
    assert.equal((await panel.seen('undo')).done, true);
    assert.match(readFileSync(cart.fsPath, 'utf8'), /total = 1/);
    await chooseEdits(undefined);
    assert.deepEqual(
      panel.messages.filter(({ type }) => type === 'failed'),
      [],
    );
  });

  it('does not change a file that has unsaved changes in the editor', async () => {
    await saveOnlyByHand();
    const notes = file('notes.md', 'old\n');
    const editor = await vscode.window.showTextDocument(notes);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'typed, '));
    assert.ok(unsaved().includes(notes.fsPath));
    await parts.sidecar.tell();
    const edit = { path: 'notes.md', old_text: 'old', new_text: 'new' };
    model.add(reply(call('file_read', { path: 'notes.md' })), reply(call('file_edit', edit)), reply(text('I see.')));
    await send('Change it');
    const end = await panel.seen('tool.end', ({ tool }) => tool === 'file_edit');
    assert.match(end.text, /unsaved changes/);
    assert.equal(readFileSync(notes.fsPath, 'utf8'), 'old\n');
    await panel.seen('turn.end');
    assert.ok(await editor.document.save());
    await until(vscode.workspace.onDidSaveTextDocument, () => !unsaved().includes(notes.fsPath));
  });

  it('stops when it is told to', async () => {
    model.add(reply(text('Endless'), hold('endless')));
    await send('Go on');
    await panel.seen('text');
    await vscode.commands.executeCommand('drover.stopTurn');
    assert.equal((await panel.seen('turn.end')).reason, 'cancelled');
  });

  it('takes a message while it works, for afterwards', async () => {
    model.add(reply(text('One'), hold('one')), reply(text('Two')));
    await send('First');
    await panel.seen('text');
    await until(parts.sidecar.onDidChange, () => parts.view.state.chats.some(({ state }) => state === 'running'));
    await send('Second');
    assert.equal((await panel.seen('inbox.put')).text, 'Second');
    model.release('one');
    assert.equal((await panel.seen('assistant', ({ text: words }) => words === 'Two')).finish, 'stop');
  });

  it('that was deleted makes room for a new one', async () => {
    model.add(reply(text('Short.')));
    await send('Hello');
    await panel.seen('turn.end');
    const { chat } = parts.view.state;
    assert.ok(chat !== null);
    await parts.view.receive({ type: 'chat.delete', id: chat });
    assert.equal(parts.view.state.chat, null);
    await until(parts.sidecar.onDidChange, () => parts.view.state.chats.every(({ id }) => id !== chat));
  });

  it('says in the panel what cannot be done', async () => {
    await parts.view.receive({ type: 'stop' });
    await parts.view.receive({ type: 'open', path: '/etc/passwd' });
    await parts.view.receive({ type: 'link', url: 'command:workbench.action.terminal.new' });
    await parts.view.receive({ type: 'nonsense' });
    const failed = panel.messages.flatMap((message) => (message.type === 'failed' ? [message.problem.code] : []));
    assert.deepEqual(failed, ['no_chat', 'outside', 'link', 'internal']);
  });

  it('opens a file at its line', async () => {
    file('src/deep.ts', 'one\ntwo\nthree\n');
    await parts.view.receive({ type: 'open', path: 'src/deep.ts', line: 3 });
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, `${root()}/src/deep.ts`);
    assert.equal(editor.selection.active.line, 2);
  });

  it('offers files by a part of their name, and not what nobody means', async () => {
    file('src/shopping/basketTotals.ts', '');
    file('node_modules/basket/index.js', '');
    await parts.view.receive({ type: 'files', query: 'bask' });
    const { files } = await panel.posted('files');
    assert.deepEqual(files, ['src/shopping/basketTotals.ts']);
  });
});
