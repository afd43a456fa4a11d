import * as vscode from 'vscode';
import type { AuditFilter } from '../common/audit.ts';
import { masked } from '../common/mask.ts';
import type { ChatSummary } from '../common/protocol.ts';
import { type AuditView, verified } from './auditRows.ts';
import { type AuditTree, AuditChatNode, DecisionNode } from './auditTree.ts';
import type { CommandParts } from './commandParts.ts';
import { openRecordedDiff } from './diff.ts';

/** What can be done with the decisions in the tree "Audit". */

/** A change of a file as the editor's diff; of anything else the chat that it was decided in, at that call. */
export async function openDecision({ view, blobs }: CommandParts, node: unknown): Promise<void> {
  if (!(node instanceof DecisionNode)) return;
  const { chat, decision } = node;
  const file = decision.files.find(({ path }) => path === decision.change?.path);
  if (file === undefined || file.before === undefined || file.after === undefined) {
    // One that is open already stays as it stands.
    if (view.chat.id !== chat.id) view.chat.open(chat.id);
    return view.show({ type: 'view', view: 'chat', call: decision.call });
  }
  const { path, before, after } = file;
  await openRecordedDiff({ path, before, after }, chat.workspace.roots, blobs);
}

/** All of a decision, to be pasted elsewhere, without what it may hold of secrets. */
export async function copyDecision({ voice }: CommandParts, node: unknown): Promise<void> {
  if (!(node instanceof DecisionNode)) return;
  await vscode.env.clipboard.writeText(masked(JSON.stringify({ chat: node.chat.id, ...node.decision }, null, 2)));
  voice.information('The decision was copied, as JSON.');
}

/** Of all that the tree shows. */
export async function verifyAudit(parts: CommandParts, signal: AbortSignal): Promise<void> {
  return verify(parts, parts.audit.chats(), signal);
}

/** Of the chat whose row was used. */
export async function verifyChatAudit(parts: CommandParts, signal: AbortSignal, node: unknown): Promise<void> {
  if (node instanceof AuditChatNode) await verify(parts, [node.chat], signal);
}

async function verify({ audit, voice }: CommandParts, chats: ChatSummary[], signal: AbortSignal): Promise<void> {
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
export async function filterAudit({ audit }: CommandParts, signal: AbortSignal, chosen?: unknown): Promise<void> {
  const view = isView(chosen) ? chosen : await pickView(audit, signal);
  if (view === undefined) return;
  audit.view = view;
  const filtered = view.only !== 'all' || view.tool !== undefined;
  await vscode.commands.executeCommand('setContext', 'drover.auditFiltered', filtered);
}

type ViewItem = vscode.QuickPickItem & { view?: AuditView };

/** The list says that it waits while logs are read for the tools that were called; who closes it ends that. */
async function pickView(audit: AuditTree, signal: AbortSignal): Promise<AuditView | undefined> {
  const closed = new AbortController();
  const items = viewItems(audit, AbortSignal.any([signal, closed.signal]));
  try {
    return (await vscode.window.showQuickPick(items, { title: 'Drover: Show Which Decisions?' }))?.view;
  } finally {
    closed.abort();
    await items.catch(() => undefined);
  }
}

async function viewItems(audit: AuditTree, signal: AbortSignal): Promise<ViewItem[]> {
  const { only, tool } = audit.view;
  const mark = (now: boolean): { description?: string } => (now ? { description: 'now' } : {});
  const tools = await audit.tools(signal);
  return [
    ...kinds.map(({ label, only: kind }) => ({
      label,
      ...mark(tool === undefined && kind === only),
      view: { only: kind },
    })),
    ...(tools.length === 0 ? [] : [{ label: 'Calls of', kind: vscode.QuickPickItemKind.Separator }]),
    ...tools.map((name) => ({ label: name, ...mark(name === tool), view: { only: 'all' as const, tool: name } })),
  ];
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
