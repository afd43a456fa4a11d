import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Verdict } from '../common/events.ts';
import type { Standing } from '../node/explain.ts';
import { configFolder, stateFolder } from '../node/folders.ts';
import { keptKeysIn } from '../node/standingGrants.ts';
import type { CommandParts } from './commandParts.ts';
import { realRoots } from './window.ts';

const words = { allow: 'It would run at once', ask: 'You would be asked', deny: 'It would be denied' } as const;
const { Error: ERROR, Info: INFO, Warning: WARNING } = vscode.InputBoxValidationSeverity;
const severities = { allow: INFO, ask: WARNING, deny: ERROR } as const;

/**
 * Says what the gate would say to a command line in the open folder, while it is typed and for good on Enter. Nothing is run.
 * @param named a command line, where a key is bound to it
 */
export async function testCommand(
  { voice, sidecar }: CommandParts,
  signal: AbortSignal,
  named?: unknown,
): Promise<void> {
  if (realRoots().length === 0) {
    const run = () => vscode.commands.executeCommand('workbench.action.files.openFolder');
    return voice.information('No folder is open, so there is nowhere to run a command.', {
      title: 'Open Folder…',
      run,
    });
  }
  const verdictOf = (line: string): Promise<Verdict> => judged(line, sidecar.snapshot.sandbox?.state === 'on');
  const command = typeof named === 'string' ? named : await askCommand(verdictOf, signal);
  if (command === undefined) return;
  if (command.trim() === '') return voice.information('There is no command to test.');
  const again = { title: 'Test Another…', run: () => vscode.commands.executeCommand('drover.testCommand') };
  voice.information(sentence(await verdictOf(command)), again);
}

/** @returns undefined when the person went away */
async function askCommand(
  verdictOf: (line: string) => Promise<Verdict>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const box = vscode.window.createInputBox();
  box.title = 'Drover: Test a Command';
  box.placeholder = 'git log | head';
  box.prompt = 'Type a command line to see what the gate would say. Nothing is run.';
  box.ignoreFocusOut = true;
  let typed = 0;
  const tell = async (): Promise<void> => {
    const mine = ++typed;
    const { value } = box;
    const verdict = value.trim() === '' ? undefined : await verdictOf(value);
    // Something else has been typed meanwhile.
    if (mine !== typed) return;
    box.validationMessage = verdict && { message: sentence(verdict), severity: severities[verdict.decision] };
  };
  const fault = (error: unknown): void => {
    const message = `It cannot be tested: ${error instanceof Error ? error.message : String(error)}`;
    box.validationMessage = { message, severity: ERROR };
  };
  const command = await new Promise<string | undefined>((resolve) => {
    box.onDidChangeValue(() => void tell().catch(fault));
    box.onDidAccept(() => resolve(box.value));
    box.onDidHide(() => resolve(undefined));
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    box.show();
  });
  box.dispose();
  return command;
}

/** The gate and its table are read when they are asked for the first time, not when the editor starts. */
async function judged(command: string, contained: boolean): Promise<Verdict> {
  const { explain } = await import('../node/explain.ts');
  return explain('bash', JSON.stringify({ command }), standing(contained));
}

/** As of an agent that works in this window, with what is always allowed in its folder and nothing that was for a chat. */
function standing(contained: boolean): Standing {
  const trusted = vscode.workspace.isTrusted;
  const roots = realRoots();
  const config = configFolder(process.env);
  // Commands are judged alike whatever becomes of edits.
  return {
    roots,
    always: keptKeysIn(config, roots[0]),
    policy: {
      trusted,
      execute: 'ask',
      edits: 'ask',
      contained,
      home: homedir(),
      hidden: [stateFolder(process.env), config],
    },
  };
}

function sentence({ decision, rule, reason }: Verdict): string {
  return `${words[decision]} (${rule}): ${reason}`;
}
