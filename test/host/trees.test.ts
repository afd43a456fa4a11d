import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Parts } from '../../src/extension.ts';
import type { ChatSummary } from '../../src/common/protocol.ts';
import { call } from '../../src/node/client.ts';
import { stateFolder } from '../../src/node/folders.ts';
import type { AgentsTree, HistoryTree } from '../../src/vscode/trees.ts';
import type { ModelServer } from '../support/modelServer.ts';
import { call as delegating, text } from '../support/modelServer/script.ts';
import { drover, root, scripted, until, watch } from './editor.ts';

describe('the trees', () => {
  let parts: Parts;
  let model: ModelServer;
  /** Of each suite's own time: all suites are read before the first one begins. */
  let signal: AbortSignal;
  const run = (command: string, argument?: unknown) => vscode.commands.executeCommand(`drover.${command}`, argument);
  type Tree = AgentsTree | HistoryTree;
  type Node = ReturnType<Tree['getChildren']>[number];
  const nodes = (tree: Tree, under?: Node): Node[] =>
    tree.getChildren(under).flatMap((node) => ('chats' in node ? nodes(tree, node) : [node]));
  const rows = (tree: Tree): string[] =>
    nodes(tree).map((node) => {
      const { id, contextValue } = tree.getTreeItem(node);
      return `${parts.sidecar.snapshot.chats.find((chat) => chat.id === id)?.title} (${contextValue})`;
    });
  const chatNamed = (title: string): (Node & { chat: ChatSummary }) | undefined =>
    nodes(parts.history).find(
      (node): node is Node & { chat: ChatSummary } => 'chat' in node && node.chat.title === title,
    );

  after(() => model.close());
  before(async () => {
    signal = AbortSignal.timeout(60_000);
    parts = await drover();
    model = await scripted(parts, {
      script: [
        { chat: 'What does it sell', parts: [text('It sells tea.')] },
        { chat: 'Elsewhere', parts: [text('Nowhere.')] },
      ],
    });
    const address = await parts.sidecar.address(signal);
    const body = { message: 'What does it sell?', agent_type: 'coding', workspace: root() };
    await call(address, 'chat', { body, signal });
    await until(parts.sidecar.onDidChange, () => chatNamed('What does it sell?')?.chat.state === 'idle');
  });

  it('show a chat as long as its agent is live, and in the history', () => {
    assert.ok(rows(parts.agents).includes('What does it sell? (idle)'));
    assert.ok(rows(parts.history).includes('What does it sell? (chat)'));
  });

  it('open a chat by a click', async () => {
    const panel = watch(parts.view);
    await run('openChat', chatNamed('What does it sell?'));
    await panel.seen('assistant', (event) => event.text === 'It sells tea.');
    panel.dispose();
  });

  it('show what a chat has delegated below it', async () => {
    model.add(
      {
        chat: 'Do both',
        parts: [delegating('delegate', { tasks: ['coding: The first part', 'coding: The second part'] })],
      },
      { chat: 'The first part', parts: [text('Done.')] },
      { chat: 'The second part', parts: [text('Done.')] },
      { chat: 'Do both', parts: [text('Both are done.')] },
    );
    const address = await parts.sidecar.address(signal);
    const body = { message: 'Do both', agent_type: 'supervisor', workspace: root() };
    await call(address, 'chat', { body, signal });
    await until(parts.sidecar.onDidChange, () => chatNamed('Do both')?.chat.state === 'idle');
    for (const tree of [parts.agents, parts.history]) {
      const whole = nodes(tree).find((node) => 'chat' in node && node.chat.title === 'Do both');
      const below = tree.getChildren(whole).map((node) => ('chat' in node ? node.chat.title : ''));
      assert.deepEqual(below.toSorted(), ['The first part', 'The second part']);
      assert.ok(!rows(tree).some((row) => row.startsWith('The first part')));
    }
  });

  it('pin a chat and let it go again', async () => {
    await run('pinChat', chatNamed('What does it sell?'));
    await until(parts.sidecar.onDidChange, () => chatNamed('What does it sell?')?.chat.pinned === true);
    assert.ok(rows(parts.history).includes('What does it sell? (pinned)'));
    await run('unpinChat', chatNamed('What does it sell?'));
    await until(parts.sidecar.onDidChange, () => chatNamed('What does it sell?')?.chat.pinned !== true);
  });

  it('show only the chats of this workspace where that is wanted', async () => {
    const address = await parts.sidecar.address(signal);
    const body = { message: 'Elsewhere', workspace: { roots: [], trusted: true } };
    await call(address, 'chat', { body, signal });
    await until(parts.sidecar.onDidChange, () => chatNamed('Elsewhere') !== undefined);
    await run('historyOfWorkspace');
    assert.ok(!rows(parts.history).some((row) => row.startsWith('Elsewhere')));
    await run('historyOfAll');
    assert.ok(rows(parts.history).some((row) => row.startsWith('Elsewhere')));
  });

  it('say of a chat that cannot be read which file it is, and what to do', async () => {
    const folder = join(stateFolder(process.env), 'chats', 'x.ndjson');
    mkdirSync(folder);
    const { pid } = await parts.sidecar.address(signal);
    process.kill(pid, 'SIGKILL');
    await until(parts.sidecar.onDidChange, () => parts.sidecar.snapshot.chatProblems?.length === 1);
    const [first] = parts.history.getChildren();
    assert.ok(first);
    const { label, tooltip } = parts.history.getTreeItem(first);
    assert.equal(label, 'A chat cannot be read');
    assert.equal(tooltip, `${folder} is a folder and no file, so it is passed over. Move it away.`);
    rmdirSync(folder);
  });
});
