import * as vscode from 'vscode';
import { type Face, faceOf } from './face.ts';
import type { Sidecar } from './sidecar.ts';

/** The one item in the status bar. A click offers what can be done. */
export class Status implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #listening: vscode.Disposable;
  #face: Face;

  constructor(sidecar: Sidecar) {
    this.#item = vscode.window.createStatusBarItem('drover.status', vscode.StatusBarAlignment.Left, 10);
    this.#item.name = 'Drover';
    this.#item.command = 'drover.menu';
    this.#face = faceOf(sidecar.snapshot);
    this.#show(this.#face);
    this.#listening = sidecar.onDidChange((snapshot) => this.#show(faceOf(snapshot)));
    this.#item.show();
  }

  /** What is shown now. */
  get face(): Face {
    return this.#face;
  }

  dispose(): void {
    this.#listening.dispose();
    this.#item.dispose();
  }

  #show(face: Face): void {
    this.#face = face;
    const { text, tooltip, warning } = face;
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.backgroundColor = warning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    const words = text.replace(/^\$\([^)]*\) /, '');
    this.#item.accessibilityInformation = { label: `Drover: ${words}. ${tooltip}`, role: 'button' };
  }
}
