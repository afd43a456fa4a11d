import * as vscode from 'vscode';
import type { ChatSummary } from '../common/protocol.ts';
import { call } from '../node/client.ts';
import type { CommandParts } from './commandParts.ts';
import { deletion, fileName, historyRow, hitRow, type Row, titled, titleFault } from './rows.ts';
import { ChatNode } from './trees.ts';
import { realRoots } from './window.ts';

/** What can be done with a chat of the trees, or with one that is picked. */

export async function openChat({ view }: CommandParts, node: unknown): Promise<void> {
  const id = node instanceof ChatNode ? node.chat.id : typeof node === 'string' ? node : undefined;
  if (id === undefined) return;
  view.chat.open(id);
  await view.show({ type: 'view', view: 'chat' });
}

export async function stopChat({ sidecar }: CommandParts, signal: AbortSignal, node: unknown): Promise<void> {
  if (!(node instanceof ChatNode)) return;
  await call(await sidecar.address(signal), 'chatCancel', { id: node.chat.id, signal });
}

export async function renameChat(parts: CommandParts, signal: AbortSignal, node: unknown): Promise<void> {
  const chat = await chosen(parts, signal, node, 'Drover: Rename Which Chat?');
  if (!chat) return;
  const title = await vscode.window.showInputBox({
    title: 'Drover: Rename Chat',
    value: chat.title,
    validateInput: titleFault,
  });
  if (title === undefined || title.trim() === chat.title) return;
  const body = { title: title.trim() };
  await call(await parts.sidecar.address(signal), 'chatEdit', { id: chat.id, body, signal });
}

export async function pinChat(parts: CommandParts, signal: AbortSignal, node: unknown, pinned: boolean): Promise<void> {
  const title = pinned ? 'Drover: Pin Which Chat?' : 'Drover: Unpin Which Chat?';
  const chat = await chosen(parts, signal, node, title, (each) => (each.pinned === true) !== pinned);
  if (chat) await call(await parts.sidecar.address(signal), 'chatEdit', { id: chat.id, body: { pinned }, signal });
}

export async function deleteChat(parts: CommandParts, signal: AbortSignal, node: unknown): Promise<void> {
  const chat = await chosen(parts, signal, node, 'Drover: Delete Which Chat?');
  if (!chat) return;
  const remove = 'Delete';
  const detail = deletion(parts.sidecar.snapshot.chats, chat.id);
  const answer = await vscode.window.showWarningMessage(`Delete “${chat.title}”?`, { modal: true, detail }, remove);
  if (answer !== remove) return;
  await call(await parts.sidecar.address(signal), 'chatDelete', { id: chat.id, signal });
  if (parts.view.chat.id === chat.id) parts.view.chat.open(null);
}

/** Asks for a place; the ending of the file's name decides the format. */
export async function exportChat(parts: CommandParts, signal: AbortSignal, node: unknown): Promise<void> {
  const chat = await chosen(parts, signal, node, 'Drover: Export Which Chat?');
  if (!chat) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const place = await vscode.window.showSaveDialog({
    title: 'Export Chat',
    filters: { Markdown: ['md'], JSON: ['json'] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `${fileName(chat.title)}.md`) } : {}),
  });
  if (!place) return;
  const format = place.path.endsWith('.json') ? 'json' : 'markdown';
  const query = { format };
  const text = await call(await parts.sidecar.address(signal), 'chatExport', { id: chat.id, query, signal });
  await vscode.workspace.fs.writeFile(place, Buffer.from(text));
  const open = { title: 'Open', run: () => vscode.commands.executeCommand('vscode.open', place) };
  parts.voice.information(
    `The chat was written to ${vscode.workspace.asRelativePath(place)}; secrets are masked.`,
    open,
  );
}

/** Milliseconds without a key before the words are looked for. */
const PAUSE = 200;

/** Looks for words in all messages and titles of the chats that the tree shows, all or those of this window, while the person types. */
export async function searchHistory(
  { sidecar, view, voice, history }: CommandParts,
  signal: AbortSignal,
): Promise<void> {
  const { onlyHere } = history;
  const within = onlyHere ? { workspace: realRoots() } : {};
  const address = await sidecar.address(signal);
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { chat?: string }>();
  pick.title = onlyHere ? 'Drover: Search the Chats of This Workspace' : 'Drover: Search All Chats';
  pick.placeholder = 'Words of a message or a title; “in quotes” in this order';
  const none = onlyHere ? 'No chat of this workspace has these words.' : 'No chat has these words.';
  let asked = new AbortController();
  let due: NodeJS.Timeout | undefined;
  const search = async (text: string, current: AbortSignal): Promise<void> => {
    try {
      const { hits } = await call(address, 'history', { body: { text, ...within }, signal: current });
      if (current.aborted) return;
      const items = [
        ...titled(history.chats(), text).map((chat) => ({ ...item(historyRow(chat, Date.now())), chat: chat.id })),
        ...hits.map((hit) => ({ ...item(hitRow(hit, Date.now())), chat: hit.chat })),
      ];
      pick.items = items.length > 0 ? items : [{ label: none, alwaysShow: true }];
    } catch (error) {
      if (!current.aborted) voice.problem(error);
    } finally {
      if (!current.aborted) pick.busy = false;
    }
  };
  pick.onDidChangeValue((text) => {
    clearTimeout(due);
    asked.abort();
    asked = new AbortController();
    pick.busy = text.trim() !== '';
    if (text.trim() === '') pick.items = [];
    else due = setTimeout(() => void search(text, AbortSignal.any([asked.signal, signal])), PAUSE);
  });
  await new Promise<void>((resolve) => {
    pick.onDidAccept(() => {
      const [{ chat } = { chat: undefined }] = pick.selectedItems;
      if (chat === undefined) return;
      pick.hide();
      view.chat.open(chat);
      void view.show({ type: 'view', view: 'chat' });
    });
    pick.onDidHide(() => resolve());
    pick.show();
  });
  clearTimeout(due);
  asked.abort();
  pick.dispose();
}

/** The chat whose menu was used; from the palette, the one that the person picks. */
async function chosen(
  { sidecar }: CommandParts,
  signal: AbortSignal,
  node: unknown,
  title: string,
  suits: (chat: ChatSummary) => boolean = () => true,
): Promise<ChatSummary | undefined> {
  if (node instanceof ChatNode) return node.chat;
  const { chats } = await call(await sidecar.address(signal), 'chats', { signal });
  type Item = vscode.QuickPickItem & { chat?: ChatSummary };
  const items: Item[] = chats.filter(suits).map((chat) => ({ ...item(historyRow(chat, Date.now())), chat }));
  if (items.length === 0) items.push({ label: 'There is no such chat.' });
  return (await vscode.window.showQuickPick(items, { title }))?.chat;
}

function item({ label, description, icon }: Row): vscode.QuickPickItem {
  return { label, description, iconPath: new vscode.ThemeIcon(icon), alwaysShow: true };
}
