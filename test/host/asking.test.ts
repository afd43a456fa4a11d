import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Parts } from '../../src/extension.ts';
import { call as request, submit } from '../../src/node/client.ts';
import { call, reply, text } from '../support/modelServer/script.ts';
import type { ModelServer } from '../support/modelServer.ts';
import { closeEditors, drover, root, scripted, until } from './editor.ts';

describe('a question that the panel does not show', () => {
  let parts: Parts;
  let model: ModelServer;
  const { signal } = new AbortController();
  const run = (command: string) => vscode.commands.executeCommand(command);

  before(async () => {
    parts = await drover();
    model = await scripted(parts, {});
    await parts.view.receive({ type: 'chat.new' });
  });
  after(() => model.close());
  afterEach(closeEditors);

  const state = (id: string) => parts.view.state.chats.find((chat) => chat.id === id)?.state;

  async function begin(id: string, command: string): Promise<void> {
    model.add(reply(call('bash', { command })), reply(text('Done.')));
    const workspace = { roots: [root()], trusted: true };
    const body = { message: 'Do it', session_id: id, agent_type: 'coding', workspace, asks: 'client' as const };
    await submit(await parts.sidecar.address(signal), { body, signal });
  }

  it('is put by a notification, whose first button allows it once', async () => {
    const asked: string[] = [];
    const listening = parts.person.onDidAsk((message) => asked.push(message));
    await begin('out-of-sight', 'mkdir asked');
    await until(parts.person.onDidAsk, () => asked.length > 0);
    assert.match(asked[0] ?? '', /^Allow this command\? “mkdir asked” In “/);
    assert.equal(state('out-of-sight'), 'waiting');
    await run('notification.acceptPrimaryAction');
    await until(parts.sidecar.onDidChange, () => state('out-of-sight') === 'idle');
    const made = await vscode.workspace.fs.stat(vscode.Uri.joinPath(vscode.Uri.file(root()), 'asked'));
    assert.equal(made.type, vscode.FileType.Directory);
    listening.dispose();
  });

  it('what is always allowed is listed, and taken back by choosing it', async () => {
    const address = await parts.sidecar.address(signal);
    await parts.view.receive({ type: 'chat.open', id: 'for-good' });
    await begin('for-good', 'mkdir for-good');
    await until(parts.sidecar.onDidChange, () => state('for-good') === 'waiting');
    const log = JSON.parse(
      await request(address, 'chatExport', { id: 'for-good', query: { format: 'json' }, signal }),
    ) as { events: { type: string; ask?: string; hash?: string }[] };
    const ask = log.events.find(({ type }) => type === 'ask');
    const body = { ask: ask?.ask ?? '', hash: ask?.hash ?? '', answer: 'always' as const };
    await request(address, 'chatAnswer', { id: 'for-good', body, signal });
    const list = async () => (await request(address, 'grants', { signal })).grants;
    assert.match((await list())[0]?.words ?? '', /^mkdir ‹file›/);
    const managed = run('drover.manageGrants');
    while ((await list()).length > 0) await run('workbench.action.acceptSelectedQuickOpenItem');
    await run('workbench.action.closeQuickOpen');
    await managed;
    assert.deepEqual(await list(), []);
  });
});
