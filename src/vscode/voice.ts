import * as vscode from 'vscode';
import { asProblem, type Problem } from '../common/errors.ts';

/** What is offered beside a sentence. */
export interface Button {
  title: string;
  run(): unknown;
}

/** A sentence that was said to the person. */
export interface Said {
  kind: 'information' | 'warning' | 'error';
  text: string;
  button?: string;
}

/**
 * How the extension speaks outside its panel: one sentence, at most one button, nobody waits for the click.
 * `onDidSay` tells what was said.
 */
export class Voice implements vscode.Disposable {
  readonly #said = new vscode.EventEmitter<Said>();
  readonly onDidSay = this.#said.event;
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  information(text: string, button?: Button): void {
    this.#say('information', text, button);
  }

  warning(text: string, button?: Button): void {
    this.#say('warning', text, button);
  }

  /** A failure, with its advice; a bug goes to the log with its stack. */
  problem(error: unknown, button?: Button): void {
    const problem: Problem = asProblem(error);
    if (problem !== error) this.#log.error(error instanceof Error ? error : String(error));
    this.#say('error', `${problem.message} ${problem.advice}`, button ?? helpFor(problem.code));
  }

  dispose(): void {
    this.#said.dispose();
  }

  #say(kind: Said['kind'], text: string, button?: Button): void {
    const show = {
      information: vscode.window.showInformationMessage,
      warning: vscode.window.showWarningMessage,
      error: vscode.window.showErrorMessage,
    }[kind];
    this.#log.info(`said (${kind}): ${text}`);
    this.#said.fire({ kind, text, ...(button ? { button: button.title } : {}) });
    const titles = button ? [button.title] : [];
    void show(text, ...titles).then((chosen) => (chosen === undefined ? undefined : button?.run()));
  }
}

/** The one thing that most likely helps. */
function helpFor(code: string): Button {
  const command = (title: string, id: string): Button => ({ title, run: () => vscode.commands.executeCommand(id) });
  if (code === 'no_node' || code === 'setting') return command('Open Settings', 'drover.openSettings');
  if (code === 'no_model') return command('Choose Model…', 'drover.chooseModel');
  return command('Show Log', 'drover.showLog');
}
