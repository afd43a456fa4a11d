import * as vscode from 'vscode';
import type { ProblemInfo } from '../common/events.ts';
import type { ChatSummary } from '../common/protocol.ts';
import { agentRow, historyGroups, historyRow, liveChats, type Row, topChats } from './rows.ts';
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

/** A chat that could not be read. */
class ProblemNode {
  readonly problem: ProblemInfo;
  constructor(problem: ProblemInfo) {
    this.problem = problem;
  }
}

type Node = ChatNode | GroupNode | ProblemNode;

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
  /** Whether what a chat delegated is shown from the start. */
  protected abstract readonly unfolded: boolean;
  protected abstract row(chat: ChatSummary): Row;
  protected abstract context(chat: ChatSummary): string;

  getTreeItem(node: Node): vscode.TreeItem {
    if (node instanceof GroupNode) return new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Expanded);
    if (node instanceof ProblemNode) return problemItem(node.problem);
    const { label, description, icon, tooltip } = this.row(node.chat);
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const parts = childrenOf(node.chat, this.sidecar.snapshot.chats).length;
    const item = new vscode.TreeItem(label, parts === 0 ? None : this.unfolded ? Expanded : Collapsed);
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

function problemItem({ message, advice }: ProblemInfo): vscode.TreeItem {
  const item = new vscode.TreeItem('A chat cannot be read');
  item.description = message;
  item.tooltip = `${message} ${advice}`;
  item.iconPath = new vscode.ThemeIcon('warning');
  item.contextValue = 'problem';
  item.command = { command: 'drover.showLog', title: 'Show Log' };
  return item;
}

function childrenOf({ id }: ChatSummary, chats: readonly ChatSummary[]): ChatNode[] {
  return chats.filter(({ parent }) => parent === id).map((chat) => new ChatNode(chat));
}

/** Live chats: agent, slot, queue, tokens, and what they delegated. */
export class AgentsTree extends ChatTree {
  protected readonly unfolded = true;

  getChildren(node?: Node): Node[] {
    const chats = this.sidecar.snapshot.chats;
    if (node instanceof ChatNode) return childrenOf(node.chat, chats);
    // Children stay below a chat that is live for as long as it is.
    const live = new Set(liveChats(chats).map(({ id }) => id));
    const shown = chats.filter(({ id, parent }) => live.has(id) || (parent !== undefined && live.has(parent)));
    return topChats(shown).map((chat) => new ChatNode(chat));
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
  protected readonly unfolded = false;
  #onlyHere = false;

  /** Whether only chats of the folders of this window are shown. */
  get onlyHere(): boolean {
    return this.#onlyHere;
  }

  set onlyHere(value: boolean) {
    this.#onlyHere = value;
    this.refreshSoon();
  }

  /** All chats, or those of this window's folders. */
  chats(): ChatSummary[] {
    const folders = new Set(realRoots());
    return this.sidecar.snapshot.chats.filter(
      ({ workspace }) => !this.#onlyHere || workspace.roots.some((root) => folders.has(root)),
    );
  }

  getChildren(node?: Node): Node[] {
    const all = this.sidecar.snapshot.chats;
    if (node instanceof ChatNode) return childrenOf(node.chat, all);
    if (node instanceof GroupNode) return node.chats.map((chat) => new ChatNode(chat));
    if (node) return [];
    const groups = historyGroups(topChats(this.chats()), Date.now());
    return [
      ...(this.sidecar.snapshot.chatProblems ?? []).map((problem) => new ProblemNode(problem)),
      ...groups.map((group) => new GroupNode(group.label, group.chats)),
    ];
  }

  protected row(chat: ChatSummary): Row {
    return historyRow(chat, Date.now(), this.sidecar.snapshot.chats);
  }

  protected context(chat: ChatSummary): string {
    return chat.pinned === true ? 'pinned' : 'chat';
  }
}
