import * as vscode from 'vscode';
import type { ChatSummary } from '../common/protocol.ts';
import { agentRow, historyGroups, historyRow, liveChats, type Row } from './rows.ts';
import type { Sidecar } from './sidecar.ts';
import { realRoots } from './window.ts';

/** A chat as an element of a tree; what its menu is asked about. */
export class ChatNode {
  readonly chat: ChatSummary;
  constructor(chat: ChatSummary) {
    this.chat = chat;
  }
}

class GroupNode {
  readonly label: string;
  readonly chats: ChatSummary[];
  constructor(label: string, chats: ChatSummary[]) {
    this.label = label;
    this.chats = chats;
  }
}

type Node = ChatNode | GroupNode;

/** Milliseconds in which several changes become one drawing. */
const TOGETHER = 100;

/** What both trees have in common: they draw what the supervisor says of its chats. */
abstract class ChatTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #listening: vscode.Disposable;
  #due: NodeJS.Timeout | undefined;
  protected readonly sidecar: Sidecar;

  constructor(sidecar: Sidecar) {
    this.sidecar = sidecar;
    this.#listening = sidecar.onDidChange(() => this.refreshSoon());
  }

  abstract getChildren(node?: Node): Node[];
  protected abstract row(chat: ChatSummary): Row;
  protected abstract context(chat: ChatSummary): string;

  getTreeItem(node: Node): vscode.TreeItem {
    if (node instanceof GroupNode) return new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Expanded);
    const { label, description, icon, tooltip } = this.row(node.chat);
    const item = new vscode.TreeItem(label);
    item.id = node.chat.id;
    item.description = description;
    item.tooltip = tooltip;
    item.iconPath = new vscode.ThemeIcon(icon);
    item.contextValue = this.context(node.chat);
    item.command = { command: 'drover.openChat', title: 'Open', arguments: [node] };
    return item;
  }

  dispose(): void {
    clearTimeout(this.#due);
    this.#listening.dispose();
    this.#changed.dispose();
  }

  protected refreshSoon(): void {
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      this.#changed.fire();
    }, TOGETHER);
  }
}

/** Live chats: agent, slot, queue, tokens. */
export class AgentsTree extends ChatTree {
  getChildren(node?: Node): Node[] {
    return node ? [] : liveChats(this.sidecar.snapshot.chats).map((chat) => new ChatNode(chat));
  }

  protected row(chat: ChatSummary): Row {
    return agentRow(chat);
  }

  protected context(chat: ChatSummary): string {
    return chat.state === 'running' || chat.state === 'waiting' ? 'running' : 'idle';
  }
}

/** All chats, those of this window's folders alone where the person wants that. */
export class HistoryTree extends ChatTree {
  #onlyHere = false;

  /** Whether only chats of the folders of this window are shown. */
  get onlyHere(): boolean {
    return this.#onlyHere;
  }

  set onlyHere(value: boolean) {
    this.#onlyHere = value;
    this.refreshSoon();
  }

  getChildren(node?: Node): Node[] {
    if (node instanceof ChatNode) return [];
    if (node) return node.chats.map((chat) => new ChatNode(chat));
    const folders = new Set(realRoots());
    const chats = this.sidecar.snapshot.chats.filter(
      ({ workspace }) => !this.#onlyHere || workspace.roots.some((root) => folders.has(root)),
    );
    return historyGroups(chats, Date.now()).map((group) => new GroupNode(group.label, group.chats));
  }

  protected row(chat: ChatSummary): Row {
    return historyRow(chat, Date.now());
  }

  protected context(chat: ChatSummary): string {
    return chat.pinned === true ? 'pinned' : 'chat';
  }
}
