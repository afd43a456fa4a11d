import * as vscode from 'vscode';
import { AUDIT_MOST, AUDIT_PAGE, type Decision, type Verification } from '../common/audit.ts';
import { partsOf } from '../common/chatFacts.ts';
import { asProblem } from '../common/errors.ts';
import type { ChatSummary } from '../common/protocol.ts';
import { type Address, call } from '../node/client.ts';
import { type AuditView, damageRow, decisionRow, merged, noneRow, viewWords } from './auditRows.ts';
import type { OpenChat } from './openChat.ts';
import type { Row } from './rows.ts';
import type { Sidecar } from './sidecar.ts';
import { realRoots } from './window.ts';

/** A decision as an element of the tree; what its menu is asked about. */
export class DecisionNode {
  readonly chat: ChatSummary;
  readonly decision: Decision;
  constructor(chat: ChatSummary, decision: Decision) {
    this.chat = chat;
    this.decision = decision;
  }
}

/** The chat that decisions stand below. */
export class AuditChatNode {
  readonly chat: ChatSummary;
  constructor(chat: ChatSummary) {
    this.chat = chat;
  }
}

/** A row that is no decision: damage, a failure, an empty list, or the way to older decisions. */
class NoteNode {
  readonly row: Row;
  readonly chat: ChatSummary;
  readonly more: boolean;
  constructor(chat: ChatSummary, row: Row, more = false) {
    this.chat = chat;
    this.row = row;
    this.more = more;
  }
}

export type AuditNode = AuditChatNode | DecisionNode | NoteNode;

/** What is known of the decisions of one chat, as the filter lets them through. */
interface Known {
  /** What the supervisor said of the chat when they were asked for: another one means that something happened since. */
  summary: ChatSummary;
  /** The newest first. */
  decisions: Decision[];
  total: number;
  next: number | undefined;
  verification: Verification | undefined;
  problem: string | undefined;
}

/** Milliseconds in which what happens becomes one question to the supervisor. */
const TOGETHER = 300;

/**
 * What was decided in the chat in view, or in all chats of this window's folders: read page by page when a chat is unfolded,
 * and again when something happens in it while the tree is shown.
 */
export class AuditTree implements vscode.TreeDataProvider<AuditNode>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #sidecar: Sidecar;
  readonly #open: OpenChat;
  readonly #known = new Map<string, Known>();
  /** The tools that were called in each chat that was asked about. */
  readonly #called = new Map<string, { summary: ChatSummary; tools: readonly string[] }>();
  readonly #loading = new Map<string, Promise<Known>>();
  readonly #listening: vscode.Disposable[];
  readonly #end = new AbortController();
  #view: AuditView = { only: 'all' };
  #everywhere = false;
  #visible = false;
  #due: NodeJS.Timeout | undefined;
  /** Which chats it showed when it was drawn last. */
  #drawn = '';

  constructor(sidecar: Sidecar, open: OpenChat) {
    this.#sidecar = sidecar;
    this.#open = open;
    const soon = (): void => this.#refreshSoon();
    this.#listening = [sidecar.onDidChange(soon), open.onDidOpen(soon)];
  }

  /** Draws it in the side bar. */
  register(): vscode.Disposable {
    const view = vscode.window.createTreeView<AuditNode>('drover.audit', { treeDataProvider: this });
    const shown = (visible: boolean): void => {
      this.#visible = visible;
      if (visible) this.#refreshSoon();
    };
    shown(view.visible);
    const words = this.onDidChangeTreeData(() => (view.description = viewWords(this.#view)));
    return vscode.Disposable.from(
      view,
      words,
      view.onDidChangeVisibility((event) => shown(event.visible)),
    );
  }

  /** Which decisions are shown. */
  get view(): AuditView {
    return this.#view;
  }

  set view(view: AuditView) {
    this.#view = view;
    this.#known.clear();
    this.#changed.fire();
  }

  /** Whether all chats of this window's folders are shown, not the one in view alone. */
  get everywhere(): boolean {
    return this.#everywhere;
  }

  set everywhere(value: boolean) {
    this.#everywhere = value;
    this.#changed.fire();
  }

  /** Names of the tools that were called in all that is shown, unfolded or not. @throws Problem */
  async tools(signal: AbortSignal): Promise<string[]> {
    const address = await this.#sidecar.address(signal);
    const found = new Set<string>();
    for (const chat of this.chats()) {
      for (const tool of await this.#toolsOf(chat, address, signal)) found.add(tool);
    }
    return [...found].toSorted();
  }

  /** Read again only when something has happened in the chat since. */
  async #toolsOf(chat: ChatSummary, address: Address, signal: AbortSignal): Promise<readonly string[]> {
    const known = this.#called.get(chat.id);
    if (known?.summary === chat) return known.tools;
    try {
      const { tools } = await call(address, 'chatAudit', { id: chat.id, query: { limit: '1' }, signal });
      this.#called.set(chat.id, { summary: chat, tools });
      return tools;
    } catch (error) {
      // It was deleted meanwhile.
      if (asProblem(error).status === 404) return [];
      throw error;
    }
  }

  /** The chats whose decisions are shown: the one in view with what it delegated; where none is in view, all of this window. */
  chats(): ChatSummary[] {
    const { chats } = this.#sidecar.snapshot;
    const open = this.#everywhere ? undefined : chats.find(({ id }) => id === this.#open.id);
    if (open) return [open, ...partsOf(chats, open.id)];
    const folders = new Set(realRoots());
    return chats.filter(({ workspace: { roots } }) =>
      folders.size === 0 ? roots.length === 0 : roots.some((root) => folders.has(root)),
    );
  }

  async getChildren(node?: AuditNode): Promise<AuditNode[]> {
    if (node === undefined) return this.chats().map((chat) => new AuditChatNode(chat));
    if (!(node instanceof AuditChatNode)) return [];
    const { chat } = node;
    const known = await this.#of(chat);
    const { decisions, next, total, problem, verification } = known;
    const damage = verification && damageRow(verification);
    const notes = damage ? [new NoteNode(chat, damage)] : [];
    if (problem !== undefined) {
      const row = { label: 'The decisions cannot be read', description: problem, icon: 'error', tooltip: problem };
      return [...notes, new NoteNode(chat, row)];
    }
    const rows = decisions.map((decision) => new DecisionNode(chat, decision));
    if (rows.length === 0) return [...notes, new NoteNode(chat, noneRow(this.#view))];
    if (next === undefined) return [...notes, ...rows];
    const left = total - decisions.length;
    const label = `Show ${Math.min(left, AUDIT_PAGE)} more`;
    const row = { label, description: `${left.toLocaleString('en')} older`, icon: 'ellipsis', tooltip: label };
    return [...notes, ...rows, new NoteNode(chat, row, true)];
  }

  getTreeItem(node: AuditNode): vscode.TreeItem {
    if (node instanceof AuditChatNode) return this.#chatItem(node);
    const row = node instanceof NoteNode ? node.row : decisionRow(node.decision, Date.now());
    const item = new vscode.TreeItem(row.label);
    item.description = row.description;
    item.tooltip = row.tooltip;
    item.iconPath = new vscode.ThemeIcon(row.icon);
    if (node instanceof DecisionNode) {
      item.id = `${node.chat.id} ${node.decision.seq}`;
      item.contextValue = node.decision.change === undefined ? 'decision' : 'change';
      item.command = { command: 'drover.openDecision', title: 'Open', arguments: [node] };
    } else if (node.more) item.command = { command: 'drover.moreDecisions', title: 'Show More', arguments: [node] };
    return item;
  }

  #chatItem({ chat }: AuditChatNode): vscode.TreeItem {
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(chat.title, chat.id === this.#open.id ? Expanded : Collapsed);
    const known = this.#known.get(chat.id);
    item.id = chat.id;
    item.description = known
      ? `${known.total.toLocaleString('en')} ${known.total === 1 ? 'decision' : 'decisions'}`
      : '';
    item.tooltip = chat.title;
    item.contextValue = 'auditChat';
    return item;
  }

  /** Reads the next page of the chat whose row for that was clicked. @throws Problem */
  async more(node: unknown, signal: AbortSignal): Promise<void> {
    if (!(node instanceof NoteNode)) return;
    const { id } = node.chat;
    const known = this.#known.get(id);
    if (known?.next === undefined) return;
    const page = await call(await this.#sidecar.address(signal), 'chatAudit', {
      id,
      query: this.#query(AUDIT_PAGE, known.next),
      signal,
    });
    if (this.#known.get(id) !== known) return this.more(node, signal);
    this.#known.set(id, { ...known, decisions: [...known.decisions, ...page.decisions], next: page.next });
    this.#changed.fire();
  }

  /** Compares the logs of these chats with their anchors, now. @throws Problem */
  async verify(chats: readonly ChatSummary[], signal: AbortSignal): Promise<Verification[]> {
    const address = await this.#sidecar.address(signal);
    const found: Verification[] = [];
    for (const { id } of chats) {
      const verification = await call(address, 'chatVerify', { id, signal });
      const known = this.#known.get(id);
      if (known) this.#known.set(id, { ...known, verification });
      found.push(verification);
    }
    this.#changed.fire();
    return found;
  }

  dispose(): void {
    this.#end.abort();
    clearTimeout(this.#due);
    for (const listening of this.#listening) listening.dispose();
    this.#changed.dispose();
  }

  /** What is known of a chat, which is asked for where nothing is. */
  async #of(chat: ChatSummary): Promise<Known> {
    return this.#known.get(chat.id) ?? this.#load(chat);
  }

  /** One question at a time for each chat. */
  #load(chat: ChatSummary): Promise<Known> {
    const under = this.#loading.get(chat.id);
    if (under) return under;
    const view = this.#view;
    const loading = this.#read(chat)
      .finally(() => this.#loading.delete(chat.id))
      .then((known) => {
        // The filter was changed meanwhile: what was read is no answer to it.
        if (this.#view !== view) return this.#load(chat);
        this.#known.set(chat.id, known);
        return known;
      });
    this.#loading.set(chat.id, loading);
    return loading;
  }

  /** Never throws: why it cannot be read stands in the tree. */
  async #read(chat: ChatSummary): Promise<Known> {
    const { signal } = this.#end;
    const before = this.#known.get(chat.id);
    const summary = this.#sidecar.snapshot.chats.find(({ id }) => id === chat.id) ?? chat;
    try {
      const address = await this.#sidecar.address(signal);
      const shown = before?.decisions ?? [];
      const limit = Math.min(Math.max(shown.length, AUDIT_PAGE), AUDIT_MOST);
      const { decisions, total, next } = await call(address, 'chatAudit', {
        id: chat.id,
        query: this.#query(limit),
        signal,
      });
      const reaches = next === undefined || shown.length <= limit;
      return {
        summary,
        decisions: reaches ? decisions : merged(decisions, shown),
        total,
        next: reaches ? next : before?.next,
        verification: await this.#verified(summary, before),
        problem: undefined,
      };
    } catch (error) {
      const { message, advice } = asProblem(error);
      const nothing = { decisions: [], total: 0, next: undefined, verification: undefined };
      return { summary, ...nothing, problem: `${message} ${advice}` };
    }
  }

  /** While a turn runs nothing is anchored: the log is looked at when it has ended. */
  async #verified({ id, state }: ChatSummary, before: Known | undefined): Promise<Verification | undefined> {
    const runs = state === 'running' || state === 'waiting';
    if (runs && before?.verification) return before.verification;
    const { signal } = this.#end;
    return call(await this.#sidecar.address(signal), 'chatVerify', { id, signal });
  }

  #query(limit: number, before?: number): Record<string, string> {
    const { only, tool } = this.#view;
    return {
      limit: String(limit),
      only,
      ...(tool === undefined ? {} : { tool }),
      ...(before === undefined ? {} : { before: String(before) }),
    };
  }

  #refreshSoon(): void {
    if (!this.#visible) return;
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      void this.#refresh();
    }, TOGETHER);
  }

  /** Asks again for what something has happened in, and draws where that changes anything. */
  async #refresh(): Promise<void> {
    const { chats } = this.#sidecar.snapshot;
    for (const held of [this.#known, this.#called]) {
      for (const id of held.keys()) if (!chats.some((chat) => chat.id === id)) held.delete(id);
    }
    const stale = this.#stale();
    await Promise.all(stale.map((chat) => this.#load(chat)));
    const drawn = JSON.stringify([this.#open.id, this.chats().map(({ id, title }) => [id, title])]);
    if (this.#end.signal.aborted || (stale.length === 0 && drawn === this.#drawn)) return;
    this.#drawn = drawn;
    this.#changed.fire();
    // More has happened while that was read.
    if (this.#stale().length > 0) this.#refreshSoon();
  }

  #stale(): ChatSummary[] {
    return this.chats().filter((chat) => {
      const known = this.#known.get(chat.id);
      return known !== undefined && known.summary !== chat;
    });
  }
}
