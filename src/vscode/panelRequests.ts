import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { Problem } from '../common/errors.ts';
import { unreachable } from '../common/events.ts';
import type { FromPanel, ToPanel } from '../common/panel.ts';
import type { ChatSummary } from '../common/protocol.ts';
import { questionText } from '../common/question.ts';
import type { Blobs } from '../node/blobs.ts';
import { call, submit } from '../node/client.ts';
import { openDiff } from './diff.ts';
import type { MentionFiles } from './files.ts';
import { keepSetting } from './keepSetting.ts';
import type { Person } from './nativeQuestions.ts';
import type { OpenChat } from './openChat.ts';
import { openFile, placeOf } from './places.ts';
import type { Sidecar } from './sidecar.ts';
import { opening } from './url.ts';
import { roots } from './window.ts';

/** What carrying out a request of the panel takes. */
export interface PanelParts {
  sidecar: Sidecar;
  chat: OpenChat;
  files: MentionFiles;
  blobs: Blobs;
  person: Pick<Person, 'read'>;
  post: (message: ToPanel) => void;
}

type Request = Exclude<FromPanel, { type: 'ready' }>;

/** @throws Problem, to be shown in the panel */
export async function carryOut(request: Request, parts: PanelParts, signal: AbortSignal): Promise<void> {
  const { sidecar, chat, post } = parts;
  switch (request.type) {
    case 'send':
      return send(request, parts, signal);
    case 'stop':
      await call(await sidecar.address(signal), 'chatCancel', { id: opened(chat), signal });
      return;
    case 'answer': {
      const { type: _, ...body } = request;
      await call(await sidecar.address(signal), 'chatAnswer', { id: opened(chat), body, signal });
      return;
    }
    case 'undo': {
      const body = { call: request.call };
      await call(await sidecar.address(signal), 'chatUndo', { id: opened(chat), body, signal });
      return;
    }
    case 'rerun':
      return rerun(request, parts, signal);
    case 'fork':
      return fork(request, parts, signal);
    case 'inbox': {
      const { type: _, ...body } = request;
      await call(await sidecar.address(signal), 'chatInbox', { id: opened(chat), body, signal });
      return;
    }
    case 'interjection': {
      const { interjection, answer } = request;
      const body = { interjection, answer };
      await call(await sidecar.address(signal), 'chatInterjection', { id: opened(chat), body, signal });
      return;
    }
    case 'chat.new':
      return chat.open(null);
    case 'chat.open':
      return chat.open(request.id);
    case 'chat.delete':
      await call(await sidecar.address(signal), 'chatDelete', { id: request.id, signal });
      if (chat.id === request.id) chat.open(null);
      return;
    case 'agents':
      return sidecar.refreshAgents(signal);
    case 'engine':
      // No setting follows an address that is refused.
      if (request.action.action !== 'url') await keepSetting(request.action);
      await call(await sidecar.address(signal), 'enginePost', { body: request.action, signal });
      if (request.action.action === 'url') await keepSetting(request.action);
      return;
    case 'open':
      return openFile(placeOf(request.path, chatRoots(parts)), request.line);
    case 'diff':
      return showDiff(request.call, parts);
    case 'question':
      return showQuestion(request.ask, parts);
    case 'files':
      post({ type: 'files', query: request.query, files: await parts.files.find(request.query, signal) });
      return;
    case 'copy':
      await vscode.env.clipboard.writeText(request.text);
      return;
    case 'link':
      return openLink(request.url);
    case 'command':
      return run(request.command, parts);
    default:
      return unreachable(request);
  }
}

/**
 * A message for a running turn goes into the chat's inbox. Any other begins a turn, of a new chat perhaps: its id is
 * chosen here, so that the window knows it before anything runs.
 */
async function send(
  { text, agent, lane }: Request & { type: 'send' },
  parts: PanelParts,
  signal: AbortSignal,
): Promise<void> {
  const { sidecar, chat } = parts;
  const address = await sidecar.address(signal);
  const known = summaryOf(parts);
  if (known?.state === 'running' || known?.state === 'waiting') {
    const body = { message: text, lane, agent_type: agent, asks: 'client' } as const;
    await call(address, 'chatPost', { id: known.id, body, signal });
    return;
  }
  const id = chat.id ?? randomUUID();
  const body = {
    message: text,
    session_id: id,
    agent_type: agent,
    workspace: { roots: chatRoots(parts), trusted: vscode.workspace.isTrusted },
    asks: 'client',
  } as const;
  await submit(address, { body, signal });
  if (chat.id !== id) chat.open(id);
}

/** The chat as it was stays as it is, and so do the files. */
async function rerun(request: Request & { type: 'rerun' }, parts: PanelParts, signal: AbortSignal): Promise<void> {
  const { sidecar, chat } = parts;
  const { type: _, text, agent, ...place } = request;
  const address = await sidecar.address(signal);
  const workspace = { roots: chatRoots(parts), trusted: vscode.workspace.isTrusted };
  const { id } = await call(address, 'chatFork', { id: opened(chat), body: place, signal });
  const body = { message: text, session_id: id, agent_type: agent, workspace, asks: 'client' } as const;
  await submit(address, { body, signal });
  chat.open(id);
}

/** Nothing runs in it until the person sends something. */
async function fork(
  request: Request & { type: 'fork' },
  { sidecar, chat, post }: PanelParts,
  signal: AbortSignal,
): Promise<void> {
  const { type: _, text, ...body } = request;
  const { id } = await call(await sidecar.address(signal), 'chatFork', { id: opened(chat), body, signal });
  chat.open(id);
  if (text !== undefined) post({ type: 'insert', text });
}

function opened(chat: OpenChat): string {
  if (chat.id !== null) return chat.id;
  throw new Problem('no_chat', 'This chat has not begun.', 'Send a message first.', 400);
}

function summaryOf({ sidecar, chat }: PanelParts): ChatSummary | undefined {
  return sidecar.snapshot.chats.find(({ id }) => id === chat.id);
}

/** The folders of the chat in view; before it begins, those of this window. */
function chatRoots(parts: PanelParts): string[] {
  return summaryOf(parts)?.workspace.roots ?? roots();
}

async function showDiff(id: string, parts: PanelParts): Promise<void> {
  const change = parts.chat.change(id);
  if (!change) throw new Problem('no_change', 'This step changed no file.', 'Choose another step.', 400);
  await openDiff(change, chatRoots(parts), parts.blobs);
}

async function showQuestion(id: string, { chat, person }: PanelParts): Promise<void> {
  const ask = chat.ask(id);
  if (!ask) throw new Problem('no_question', 'This question is not open.', 'Look for what is asked now.', 400);
  await person.read(questionText(ask), ask.preview.kind === 'diff' ? 'diff' : 'plaintext');
}

/** Only addresses of pages and mail, and only after the person has seen all of it in a dialog that no page can draw. */
async function openLink(url: string): Promise<void> {
  const { address, question, detail } = opening(url);
  // The first one is what Enter chooses.
  const [copy, open] = ['Copy Address', 'Open'];
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, copy, open);
  if (chosen === copy) await vscode.env.clipboard.writeText(address);
  if (chosen === open) await vscode.env.openExternal(vscode.Uri.parse(address, true));
}

async function run(command: (Request & { type: 'command' })['command'], { sidecar }: PanelParts): Promise<void> {
  if (command === 'reconnect') return sidecar.reconnect();
  const ids = {
    openFolder: 'workbench.action.files.openFolder',
    setKey: 'drover.setKey',
    manageTrust: 'workbench.trust.manage',
    chooseModel: 'drover.chooseModel',
    showLog: 'drover.showLog',
    openSettings: 'drover.openSettings',
    copySetup: 'drover.copySetup',
  };
  await vscode.commands.executeCommand(ids[command]);
}
