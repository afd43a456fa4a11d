import * as vscode from 'vscode';
import type { ChatSummary } from '../common/protocol.ts';
import { call } from '../node/client.ts';
import { askSelection } from './askSelection.ts';
import { copyDecision, filterAudit, openDecision, showAuditOf, verifyAudit, verifyChatAudit } from './auditActions.ts';
import { deleteChat, exportChat, openChat, pinChat, renameChat, searchHistory, stopChat } from './chatActions.ts';
import { chooseModel } from './chooseModel.ts';
import type { CommandParts } from './commandParts.ts';
import { diagnostics } from './diagnostics.ts';
import { actOnEngine } from './engine.ts';
import { modelName, sandboxSentence } from './face.ts';
import { showLog } from './logs.ts';
import { manageGrants } from './manageGrants.ts';
import { openSettings } from './openSettings.ts';
import { testCommand } from './testCommand.ts';
import { testPolicy } from './testPolicy.ts';
import type { HistoryTree } from './trees.ts';

/** Where the key for the server of `drover.engine.url` is kept. */
export const KEY = 'drover.engine.key';

/** Each command either does something that can be seen or says why not. What it throws is said. */
type Command = (parts: CommandParts, signal: AbortSignal, argument?: unknown) => Promise<void> | void;

export const commands: Record<string, Command> = {
  'drover.newChat': async ({ view }) => {
    view.chat.open(null);
    await view.show({ type: 'insert', text: '' });
  },
  'drover.openPanel': ({ view }) => view.show(),
  'drover.showChats': ({ view }) => view.show({ type: 'view', view: 'chats' }),
  'drover.askSelection': ({ view, voice }) => askSelection(view, voice),
  'drover.stopTurn': stopTurn,
  'drover.startEngine': startEngine,
  'drover.stopEngine': stopEngine,
  'drover.restartEngine': async ({ sidecar }, signal) => {
    await actOnEngine(sidecar, { action: 'restart' }, signal);
  },
  'drover.chooseModel': ({ sidecar, voice }, signal) => chooseModel(sidecar, voice, signal),
  'drover.setKey': setKey,
  'drover.showLog': ({ run, log }) => showLog(run, log),
  'drover.openSettings': () => openSettings('@ext:drover.drover'),
  'drover.copySetup': copySetup,
  'drover.copyDiagnostics': async ({ sidecar, voice, version }) => {
    await vscode.env.clipboard.writeText(diagnostics(sidecar.snapshot, version));
    voice.information('What Drover runs on was copied, without keys and without file contents.');
  },
  'drover.menu': menu,
  'drover.openChat': (parts, _, node) => openChat(parts, node),
  'drover.stopChat': stopChat,
  'drover.renameChat': renameChat,
  'drover.pinChat': (parts, signal, node) => pinChat(parts, signal, node, true),
  'drover.unpinChat': (parts, signal, node) => pinChat(parts, signal, node, false),
  'drover.exportChat': exportChat,
  'drover.deleteChat': deleteChat,
  'drover.searchHistory': searchHistory,
  'drover.testCommand': testCommand,
  'drover.testPolicy': testPolicy,
  'drover.manageGrants': manageGrants,
  'drover.historyOfWorkspace': ({ history }) => showOnly(history, true),
  'drover.historyOfAll': ({ history }) => showOnly(history, false),
  'drover.auditOfWorkspace': ({ audit }) => showAuditOf(audit, true),
  'drover.auditOfOpenChat': ({ audit }) => showAuditOf(audit, false),
  'drover.filterAudit': filterAudit,
  'drover.changeAuditFilter': filterAudit,
  // The editor hands the row that has the focus to what stands in the title of a tree.
  'drover.verifyAudit': (parts, signal) => verifyAudit(parts, signal),
  'drover.verifyChatAudit': verifyChatAudit,
  'drover.openDecision': (parts, _, node) => openDecision(parts, node),
  'drover.moreDecisions': ({ audit }, signal, node) => audit.more(node, signal),
  'drover.copyDecision': (parts, _, node) => copyDecision(parts, node),
};

/** The title of the tree offers the other of the two. */
async function showOnly(history: HistoryTree, here: boolean): Promise<void> {
  history.onlyHere = here;
  await vscode.commands.executeCommand('setContext', 'drover.historyOfWorkspace', here);
}

/** Registers the whole table. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const end = new AbortController();
  const registered = Object.entries(commands).map(([id, command]) =>
    vscode.commands.registerCommand(id, async (argument?: unknown) => {
      try {
        await command(parts, end.signal, argument);
      } catch (error) {
        if (!end.signal.aborted) parts.voice.problem(error);
      }
    }),
  );
  return vscode.Disposable.from(...registered, { dispose: () => end.abort() });
}

async function startEngine({ sidecar, voice }: CommandParts, signal: AbortSignal): Promise<void> {
  const before = await call(await sidecar.address(signal), 'engine', { signal });
  if (before.state === 'ready') return voice.information(`${modelName(before)} is ready already.`, restart);
  const now = await actOnEngine(sidecar, { action: 'start' }, signal);
  if (now.state === 'no-model') voice.warning('There is no model to start yet.', choose);
}

async function stopEngine({ sidecar, voice }: CommandParts, signal: AbortSignal): Promise<void> {
  const before = await call(await sidecar.address(signal), 'engine', { signal });
  if (before.kind === 'url') {
    return voice.information('The server at this address is not Drover’s to stop. Another one can be chosen.', choose);
  }
  if (!['ready', 'starting', 'fetching'].includes(before.state)) return voice.information('The engine is not running.');
  await actOnEngine(sidecar, { action: 'stop' }, signal);
}

/** The turn of the open chat; where that is silent, of another one of this window. */
async function stopTurn({ sidecar, view, voice }: CommandParts, signal: AbortSignal): Promise<void> {
  const running = view.state.chats.filter(({ state }) => state === 'running' || state === 'waiting');
  if (running.length === 0) return voice.information('No chat is running.');
  const chat = running.find(({ id }) => id === view.chat.id) ?? (await pickChat(running));
  if (chat) await call(await sidecar.address(signal), 'chatCancel', { id: chat.id, signal });
}

async function pickChat(chats: ChatSummary[]): Promise<ChatSummary | undefined> {
  const items = chats.map((chat) => ({ label: chat.title, description: chat.detail, chat }));
  return (await vscode.window.showQuickPick(items, { title: 'Drover: Stop Which Chat?' }))?.chat;
}

async function setKey({ secrets, voice }: CommandParts): Promise<void> {
  const key = await vscode.window.showInputBox({
    title: 'Drover: Set Engine Key',
    prompt: 'The key that your server asks for; empty takes it away. It is kept in the editor’s secret storage.',
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return;
  if (key.trim() === '') await secrets.delete(KEY);
  else await secrets.store(KEY, key.trim());
  voice.information(key.trim() === '' ? 'The key was taken away.' : 'The key was kept.');
}

/** The command that installs llama-server here: the one that the supervisor advises, else the platform's. */
async function copySetup({ sidecar, voice }: CommandParts): Promise<void> {
  const advised = /`([^`\n]+)`/.exec(sidecar.snapshot.engine?.problem?.advice ?? '')?.[1];
  const command = advised ?? (process.platform === 'win32' ? 'winget install llama.cpp' : 'brew install llama.cpp');
  await vscode.env.clipboard.writeText(command);
  const open = () => vscode.commands.executeCommand('workbench.action.terminal.new');
  voice.information(`"${command}" was copied. Run it in a terminal, then start the engine.`, {
    title: 'Open Terminal',
    run: open,
  });
}

/** What a click on the status bar offers. */
const sandboxSetting = 'drover.sandbox';

async function menu({ sidecar }: CommandParts): Promise<void> {
  const { engine, sandbox } = sidecar.snapshot;
  const uncontained = sandboxSentence(sandbox);
  const runs = engine?.state === 'ready' || engine?.state === 'starting' || engine?.state === 'fetching';
  const managed = engine?.kind !== 'url';
  const items = [
    { label: '$(comment-discussion) Open the panel', id: 'drover.openPanel' },
    { label: '$(add) New chat', id: 'drover.newChat' },
    { label: '$(chip) Choose a model…', id: 'drover.chooseModel' },
    ...(runs ? [] : [{ label: '$(play) Start the engine', id: 'drover.startEngine' }]),
    ...(runs && managed ? [{ label: '$(debug-stop) Stop the engine', id: 'drover.stopEngine' }] : []),
    ...(runs && managed ? [{ label: '$(debug-restart) Restart the engine', id: 'drover.restartEngine' }] : []),
    { label: '$(output) Show the log', id: 'drover.showLog' },
    ...(uncontained === undefined
      ? []
      : [{ label: '$(shield) The sandbox is off', detail: uncontained, id: sandboxSetting }]),
  ];
  const title = `Drover: ${engine ? modelName(engine) : 'not connected'}`;
  const chosen = await vscode.window.showQuickPick(items, { title });
  if (chosen?.id === sandboxSetting) await openSettings(sandboxSetting);
  else if (chosen) await vscode.commands.executeCommand(chosen.id);
}

const choose = { title: 'Choose Model…', run: () => vscode.commands.executeCommand('drover.chooseModel') };
const restart = { title: 'Restart', run: () => vscode.commands.executeCommand('drover.restartEngine') };
