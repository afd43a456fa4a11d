import * as vscode from 'vscode';
import type { AuditFilter } from '../common/audit.ts';
import { type AuditView, verified } from './auditRows.ts';
import { type AuditTree, AuditChatNode, DecisionNode } from './auditTree.ts';
import type { CommandParts } from './commandParts.ts';
import { openRecordedDiff } from './diff.ts';

/** What can be done with the decisions in the tree "Audit". */

/** A change of a file as the editor's diff; of anything else the chat that it was decided in. */
export async function openDecision({ view, blobs }: CommandParts, node: unknown): Promise<void> {
  if (!(node instanceof DecisionNode)) return;
  const { chat, decision } = node;
  const file = decision.files.find(({ path }) => path === decision.change?.path);
  if (file === undefined || file.before === undefined || file.after === undefined) {
    view.chat.open(chat.id);
    return view.show({ type: 'view', view: 'chat' });
  }
  const { path, before, after } = file;
  await openRecordedDiff({ path, before, after }, chat.workspace.roots, blobs);
}

/** All of a decision, to be pasted elsewhere. */
export async function copyDecision({ voice }: CommandParts, node: unknown): Promise<void> {
  if (!(node instanceof DecisionNode)) return;
  await vscode.env.clipboard.writeText(JSON.stringify({ chat: node.chat.id, ...node.decision }, null, 2));
  voice.information('The decision was copied, as JSON.');
}

/** Of the chat whose row was used; from the title of the tree, of all that it shows. */
export async function verifyAudit({ audit, voice }: CommandParts, signal: AbortSignal, node: unknown): Promise<void> {
  const chats = node instanceof AuditChatNode ? [node.chat] : audit.chats();
  const found = await audit.verify(chats, signal);
  const sentence = verified(found, new Map(chats.map(({ id, title }) => [id, title])));
  if (found.some(({ state }) => state === 'damaged')) voice.warning(sentence);
  else voice.information(sentence);
}

const kinds: { label: string; only: AuditFilter }[] = [
  { label: 'All decisions', only: 'all' },
  { label: 'Asked about', only: 'asked' },
  { label: 'Denied or rejected', only: 'denied' },
  { label: 'Changes of files', only: 'changes' },
];

/** @param chosen what to show, where a key is bound to it; else the person picks. */
export async function filterAudit({ audit }: CommandParts, chosen?: unknown): Promise<void> {
  const view = isView(chosen) ? chosen : await pickView(audit);
  if (view === undefined) return;
  audit.view = view;
  const filtered = view.only !== 'all' || view.tool !== undefined;
  await vscode.commands.executeCommand('setContext', 'drover.auditFiltered', filtered);
}

async function pickView(audit: AuditTree): Promise<AuditView | undefined> {
  const { only, tool } = audit.view;
  type Item = vscode.QuickPickItem & { view?: AuditView };
  const mark = (now: boolean): { description?: string } => (now ? { description: 'now' } : {});
  const items: Item[] = kinds.map(({ label, only: kind }) => ({
    label,
    ...mark(tool === undefined && kind === only),
    view: { only: kind },
  }));
  if (audit.tools.length > 0) items.push({ label: 'Calls of', kind: vscode.QuickPickItemKind.Separator });
  for (const name of audit.tools)
    items.push({ label: name, ...mark(name === tool), view: { only: 'all', tool: name } });
  return (await vscode.window.showQuickPick(items, { title: 'Drover: Show Which Decisions?' }))?.view;
}

function isView(value: unknown): value is AuditView {
  if (typeof value !== 'object' || value === null || !('only' in value)) return false;
  return kinds.some(({ only }) => only === value.only) && (!('tool' in value) || typeof value.tool === 'string');
}

/** The title of the tree offers the other of the two. */
export async function showAuditOf(audit: AuditTree, everywhere: boolean): Promise<void> {
  audit.everywhere = everywhere;
  await vscode.commands.executeCommand('setContext', 'drover.auditOfWorkspace', everywhere);
}
