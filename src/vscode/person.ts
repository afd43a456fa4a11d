import * as vscode from 'vscode';
import type { Person } from './nativeQuestions.ts';
import type { Voice } from './voice.ts';

const SCHEME = 'drover-question';

/** The person at this window, asked by notifications and quick picks: in neither of them Enter alone allows anything. */
export class PersonHere implements Person, vscode.Disposable {
  readonly #voice: Voice;
  readonly #texts = new Map<string, string>();
  readonly #provider: vscode.Disposable;
  readonly #asked = new vscode.EventEmitter<string>();
  /** A notification is being shown; its message. */
  readonly onDidAsk = this.#asked.event;

  constructor(voice: Voice) {
    this.#voice = voice;
    this.#provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: ({ path }) => this.#texts.get(path) ?? '',
    });
  }

  async choose(message: string, buttons: readonly string[]): Promise<string | undefined> {
    const answered = vscode.window.showWarningMessage(message, ...buttons);
    this.#asked.fire(message);
    return answered;
  }

  async pick(title: string, items: readonly string[]): Promise<number | undefined> {
    const chosen = await vscode.window.showQuickPick(
      items.map((label, at) => ({ label, at })),
      { title, ignoreFocusOut: true },
    );
    return chosen?.at;
  }

  async reason(): Promise<string | undefined> {
    return vscode.window.showInputBox({
      title: 'Drover: Reject with a Reason',
      prompt: 'Why, or what instead? The agent is told.',
      ignoreFocusOut: true,
    });
  }

  async read(text: string, language: 'diff' | 'plaintext'): Promise<void> {
    const path = `/Question ${this.#texts.size + 1}`;
    this.#texts.set(path, text);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme: SCHEME, path }));
    await vscode.languages.setTextDocumentLanguage(document, language);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  failed(error: unknown): void {
    this.#voice.problem(error);
  }

  dispose(): void {
    this.#provider.dispose();
    this.#asked.dispose();
  }
}
