import * as vscode from 'vscode';
import { asProblem } from '../common/errors.ts';
import { FromPanel, type PanelState, type ToPanel } from '../common/panel.ts';
import { OpenChat } from './openChat.ts';
import { page } from './page.ts';
import { carryOut, type PanelParts } from './panelRequests.ts';
import type { Sidecar } from './sidecar.ts';
import { takeUp } from './takeUp.ts';
import { inEditor, realRoots, remote } from './window.ts';

export const VIEW = 'drover.chat';

/** Milliseconds in which several changes of the state become one message. */
const TOGETHER = 30;

export interface ChatViewOptions extends Omit<PanelParts, 'chat' | 'post'> {
  memory: vscode.Memento;
  /** dist/ */
  dist: vscode.Uri;
  log: vscode.LogOutputChannel;
}

/**
 * The panel in the activity bar: its page, and the relay between the page and the supervisor. The page lives only while
 * it is shown; when it says that it is ready it is told everything anew.
 */
export class ChatView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly chat: OpenChat;
  readonly #options: ChatViewOptions;
  readonly #sidecar: Sidecar;
  readonly #posted = new vscode.EventEmitter<ToPanel>();
  /** What is told to the page. */
  readonly onDidPost = this.#posted.event;
  readonly #shown = new vscode.EventEmitter<void>();
  /** The page has come or gone, or shows another chat. */
  readonly onDidChangeShown = this.#shown.event;
  readonly #end = new AbortController();
  readonly #listening: vscode.Disposable[];
  #view: vscode.WebviewView | undefined;
  #ready = false;
  #sending: Promise<void> = Promise.resolve();
  #waiting: ToPanel[] = [];
  #stateDue: NodeJS.Timeout | undefined;

  constructor(options: ChatViewOptions) {
    this.#options = options;
    this.#sidecar = options.sidecar;
    const post = (message: ToPanel): void => {
      this.#post(message);
      if (message.type === 'reset') this.#shown.fire();
    };
    this.chat = new OpenChat(options.sidecar, options.memory, post, (path, signal) => void takeUp(path, signal));
    const state = (): void => this.#stateSoon();
    this.#listening = [
      this.#sidecar.onDidChange(state),
      vscode.window.onDidChangeActiveTextEditor(state),
      vscode.window.onDidChangeTextEditorSelection(state),
      vscode.window.tabGroups.onDidChangeTabs(state),
      vscode.workspace.onDidChangeWorkspaceFolders(state),
      vscode.workspace.onDidGrantWorkspaceTrust(state),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    this.#ready = false;
    view.webview.options = {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [this.#options.dist],
    };
    view.webview.onDidReceiveMessage((message: unknown) => void this.receive(message));
    view.onDidChangeVisibility(() => {
      if (!view.visible) this.#gone();
    });
    view.onDidDispose(() => {
      this.#gone();
      this.#view = undefined;
    });
    const address = (file: string): string =>
      view.webview.asWebviewUri(vscode.Uri.joinPath(this.#options.dist, file)).toString();
    view.webview.html = page({ own: view.webview.cspSource, script: address('panel.js'), style: address('panel.css') });
    this.#sidecar.start();
  }

  /** Carries out a message of the page. Never throws: what fails is told in the page. */
  async receive(message: unknown): Promise<void> {
    try {
      const request = FromPanel.parse(message);
      if (request.type === 'ready') return this.#greet();
      const parts = { ...this.#options, chat: this.chat, post: (reply: ToPanel) => this.#post(reply) };
      const carriedOut = (): Promise<void> => carryOut(request, parts, this.#end.signal);
      if (request.type !== 'send') return await carriedOut();
      // One message after the other: the second one belongs to the chat that the first one begins.
      const sent = this.#sending.then(carriedOut);
      this.#sending = sent.catch(() => undefined);
      await sent;
    } catch (error) {
      if (this.#end.signal.aborted) return;
      const problem = asProblem(error);
      this.#options.log.warn(`panel: ${problem.message}`);
      this.#post({ type: 'failed', problem: problem.info });
    }
  }

  /** Shows the panel and moves the focus there; what is posted then waits until the page is ready. */
  async show(message?: ToPanel): Promise<void> {
    if (message) this.#waiting.push(message);
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    if (this.#ready) this.#tellWaiting();
  }

  /** What the page is told of everything but the events of a chat. */
  get state(): PanelState {
    const { snapshot } = this.#sidecar;
    const folders = realRoots();
    return {
      folder: vscode.workspace.workspaceFolders?.[0]?.name ?? null,
      trusted: vscode.workspace.isTrusted,
      remote: remote(),
      sidecar: snapshot.state === 'idle' ? 'starting' : snapshot.state,
      problem: snapshot.problem,
      engine: snapshot.engine,
      agents: snapshot.agents,
      agentProblems: snapshot.agentProblems,
      chats: snapshot.chats.filter(({ workspace }) => sameWorkspace(workspace.roots, folders)),
      chat: this.chat.id,
      editor: inEditor(),
    };
  }

  /** Whether the person sees this chat, and so its questions. */
  shows(chat: string): boolean {
    return this.#ready && this.chat.id === chat;
  }

  dispose(): void {
    this.#end.abort();
    clearTimeout(this.#stateDue);
    this.#shown.dispose();
    this.chat.dispose();
    for (const listening of this.#listening) listening.dispose();
    this.#posted.dispose();
  }

  #greet(): void {
    this.#ready = true;
    this.#post({ type: 'state', state: this.state });
    this.chat.show();
    this.#tellWaiting();
    this.#shown.fire();
  }

  #tellWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) this.#post(message);
  }

  #gone(): void {
    this.#ready = false;
    this.chat.hide();
    this.#shown.fire();
  }

  #stateSoon(): void {
    this.#stateDue ??= setTimeout(() => {
      this.#stateDue = undefined;
      this.#post({ type: 'state', state: this.state });
    }, TOGETHER);
  }

  #post(message: ToPanel): void {
    this.#posted.fire(message);
    // Not awaited: the page takes messages in order, and one that it missed because it was just hidden comes again.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a webview of the editor, not a window
    if (this.#ready) void this.#view?.webview.postMessage(message);
  }
}

/** Whether a chat belongs to this window: a folder in common, or neither has one. */
function sameWorkspace(chat: string[], window: string[]): boolean {
  if (window.length === 0) return chat.length === 0;
  return chat.some((root) => window.includes(root));
}
