import * as vscode from 'vscode';
import { openSettings } from './openSettings.ts';
import { readSettings, type Settings } from './settings.ts';
import type { Voice } from './voice.ts';

/** The settings as they are whenever asked; what cannot be used in them is said when it appears. */
export class CurrentSettings implements vscode.Disposable {
  readonly #voice: Voice;
  readonly #listening: vscode.Disposable;
  readonly #said = new Set<string>();

  constructor(voice: Voice) {
    this.#voice = voice;
    this.#listening = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('drover')) this.#check();
    });
    this.#check();
  }

  get now(): Settings {
    return readSettings(vscode.workspace.getConfiguration('drover')).settings;
  }

  dispose(): void {
    this.#listening.dispose();
  }

  #check(): void {
    const { problems } = readSettings(vscode.workspace.getConfiguration('drover'));
    for (const problem of problems) {
      if (this.#said.has(problem.message)) continue;
      const setting = `drover.${problem.field ?? ''}`;
      this.#voice.problem(problem, { title: 'Open Setting', run: () => openSettings(setting) });
    }
    this.#said.clear();
    for (const { message } of problems) this.#said.add(message);
  }
}
