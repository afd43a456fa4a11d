import { join } from 'node:path';
import * as vscode from 'vscode';
import { createBlobs } from './node/blobs.ts';
import { runFolder } from './node/discovery.ts';
import { configFolder, managedFolder, stateFolder } from './node/folders.ts';
import { AuditTree } from './vscode/auditTree.ts';
import { ChatView, VIEW } from './vscode/chatView.ts';
import { KEY, registerCommands } from './vscode/commands.ts';
import { CurrentSettings } from './vscode/currentSettings.ts';
import { blobDocuments } from './vscode/diff.ts';
import { MentionFiles } from './vscode/files.ts';
import { hello, watchWindow } from './vscode/hello.ts';
import { NativeQuestions } from './vscode/nativeQuestions.ts';
import { PersonHere } from './vscode/person.ts';
import { Sidecar } from './vscode/sidecar.ts';
import { Status } from './vscode/status.ts';
import { AgentsTree, HistoryTree } from './vscode/trees.ts';
import { attach, whenRunning } from './vscode/supervisor.ts';
import { Voice } from './vscode/voice.ts';
import { findRuntime } from './vscode/runtime.ts';
import { realRoots } from './vscode/window.ts';

/** The parts of a running extension, for who wants to look at them: its tests. */
export interface Parts {
  sidecar: Sidecar;
  view: ChatView;
  status: Status;
  agents: AgentsTree;
  history: HistoryTree;
  audit: AuditTree;
  voice: Voice;
  person: PersonHere;
}

/** Builds the parts in order. Nothing is started: the panel or a command does that when the person wants it. */
export function activate(context: vscode.ExtensionContext): Parts {
  const { extensionUri, secrets, subscriptions, workspaceState } = context;
  const folders = {
    state: stateFolder(process.env),
    config: configFolder(process.env),
    managed: managedFolder(process.env),
  };
  const cli = join(context.extensionPath, 'dist', 'cli.js');

  const log = vscode.window.createOutputChannel('Drover', { log: true });
  const voice = new Voice(log);
  const settings = new CurrentSettings(voice);
  const sidecar = new Sidecar({
    attach: (signal) => attach(folders, cli, settings.now.node, signal),
    hello: async () => hello(settings.now, await secrets.get(KEY)),
    agentsFolder: () => (vscode.workspace.isTrusted ? realRoots()[0] : undefined),
    log,
  });
  const blobs = createBlobs(join(folders.state, 'blobs'));
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  const person = new PersonHere(voice);
  const view = new ChatView({ sidecar, files: new MentionFiles(), blobs, person, memory: workspaceState, dist, log });
  const questions = new NativeQuestions(
    {
      chats: () => view.state.chats,
      shows: (chat) => view.shows(chat),
      onDidChange: (listener) => vscode.Disposable.from(sidecar.onDidChange(listener), view.onDidChangeShown(listener)),
      address: (signal) => sidecar.attached(signal),
    },
    person,
  );
  const status = new Status(sidecar);
  const agents = new AgentsTree(sidecar);
  const history = new HistoryTree(sidecar);
  const audit = new AuditTree(sidecar, view.chat);
  const program = async (args: string[]) => {
    const { path, environment } = await findRuntime(settings.now.node, new AbortController().signal);
    return { path, args: [cli, ...args, '--state', folders.state], environment };
  };
  const version = String(context.extension.packageJSON.version);
  const run = runFolder(folders.state);

  subscriptions.push(
    log,
    voice,
    settings,
    sidecar,
    view,
    person,
    questions,
    status,
    blobDocuments(blobs),
    watchWindow(secrets, () => void sidecar.tell()),
    vscode.window.registerWebviewViewProvider(VIEW, view),
    agents,
    history,
    audit,
    vscode.window.registerTreeDataProvider('drover.agents', agents),
    vscode.window.registerTreeDataProvider('drover.history', history),
    audit.register(),
    registerCommands({ sidecar, view, voice, history, audit, blobs, secrets, program, run, log, version }),
    whenRunning(folders.state, () => sidecar.start()),
  );
  return { sidecar, view, status, agents, history, audit, voice, person };
}
