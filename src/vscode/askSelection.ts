import { basename } from 'node:path';
import * as vscode from 'vscode';
import { mentionText } from '../common/mentions.ts';
import type { ChatView } from './chatView.ts';
import type { Voice } from './voice.ts';
import { activeTabUri, lines, shownPath } from './window.ts';

/** Puts what is selected (or the whole file) into the box as a mention and moves the focus there. */
export async function askSelection(view: ChatView, voice: Voice): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const uri = editor?.document.uri ?? activeTabUri();
  if (!uri) {
    voice.information('No file is open to ask about.', command('Open File…', 'workbench.action.quickOpen'));
    return;
  }
  const path = shownPath(uri);
  const name = basename(uri.path);
  if (path === undefined) {
    if (uri.scheme === 'untitled') {
      voice.warning(
        `Save ${name} in the folder first: agents read files.`,
        command('Save', 'workbench.action.files.save'),
      );
      return;
    }
    const open = command('Open Folder…', 'workbench.action.files.openFolder');
    voice.warning(`${name} is outside the open folders, where agents may not read.`, open);
    return;
  }
  if (editor?.document.isDirty) {
    voice.information(
      `${name} has unsaved changes; agents read the file as it was saved.`,
      command('Save', 'workbench.action.files.save'),
    );
  }
  const range = editor && !editor.selection.isEmpty ? lines(editor.selection) : {};
  await view.show({ type: 'insert', text: `${mentionText({ path, ...range })} ` });
}

function command(title: string, id: string): { title: string; run(): unknown } {
  return { title, run: () => vscode.commands.executeCommand(id) };
}
