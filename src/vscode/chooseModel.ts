import * as vscode from 'vscode';
import type { EngineAction, EngineStatus, ModelInfo } from '../common/engine.ts';
import { firstRun } from '../common/firstRun.ts';
import type { ChatSummary } from '../common/protocol.ts';
import { call } from '../node/client.ts';
import { actOnEngine } from './engine.ts';
import { modelName } from './face.ts';
import { keepSetting } from './keepSetting.ts';
import type { Sidecar } from './sidecar.ts';
import { urlFault } from './url.ts';
import type { Voice } from './voice.ts';

interface Choice extends vscode.QuickPickItem {
  /** What it comes to, after further questions; undefined when the person changed their mind. */
  action?: () => Promise<EngineAction | undefined> | EngineAction;
}

/** Lets the person choose the model or the server that agents run on, and makes it so. */
export async function chooseModel(sidecar: Sidecar, voice: Voice, signal: AbortSignal): Promise<void> {
  const engine = await call(await sidecar.address(signal), 'engine', { signal });
  const chosen = await vscode.window.showQuickPick(choices(engine), {
    title: 'Drover: Choose Model',
    placeHolder: 'The model that agents run on',
    matchOnDescription: true,
  });
  const action = await chosen?.action?.();
  if (!action) return;
  if (!(await mayInterrupt(sidecar.snapshot.chats))) return;
  // No setting follows an address that is refused.
  if (action.action !== 'url') await keepSetting(action);
  const now = await actOnEngine(sidecar, action, signal);
  if (action.action === 'url') await keepSetting(action);
  if (now.state === 'ready') voice.information(`Agents run on ${modelName(now)} now.`);
}

/** What is offered. Exported for the tests: nothing can read an open list. */
export function choices(engine: EngineStatus): Choice[] {
  const more: Choice[] = [
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(folder-opened) Choose a GGUF file…', action: askFile },
    {
      label: '$(plug) Use a server I already run…',
      detail: 'llama-server, Ollama, LM Studio, vLLM: any OpenAI-compatible address',
      action: () => askUrl(engine.kind === 'url' ? engine.url : undefined),
    },
  ];
  if (engine.kind === 'url') {
    if (!engine.models.some(({ id }) => id === firstRun.id)) more.push(firstRunChoice);
    more.push({ label: '$(vm) Let Drover run the server again', action: () => ({ action: 'url', url: '' }) });
  }
  return [...engine.models.map((model) => modelChoice(model, engine)), ...more];
}

/** While a server of the person's is in use, the list is that server's; this one is always to be had. */
const firstRunChoice: Choice = {
  label: `$(chip) ${firstRun.name}`,
  description: `run by Drover · ${firstRun.size}`,
  detail: firstRun.abilities,
  action: () => ({ action: 'model', model: firstRun.id, fetch: true }),
};

function modelChoice(model: ModelInfo, engine: EngineStatus): Choice {
  const fetch = model.path === undefined && engine.kind === 'managed';
  const size = model.size === undefined ? '' : megabytes(model.size);
  const facts = [model.id === engine.model?.id ? 'in use' : '', fetch ? `downloads ${size}`.trim() : size];
  return {
    label: `$(${fetch ? 'cloud-download' : 'chip'}) ${model.name}`,
    description: facts.filter((fact) => fact !== '').join(' · '),
    ...(model.note === undefined ? {} : { detail: model.note }),
    action: () => ({ action: 'model', model: model.id, fetch }),
  };
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}

async function askFile(): Promise<EngineAction | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: 'Choose a model',
      openLabel: 'Use This Model',
      filters: { 'GGUF models': ['gguf'] },
    })) ?? [];
  return file && { action: 'model', model: file.fsPath, fetch: false };
}

async function askUrl(current: string | undefined): Promise<EngineAction | undefined> {
  const url = await vscode.window.showInputBox({
    title: 'Drover: Use a Server I Already Run',
    prompt: 'Its OpenAI-compatible address. A key, if it needs one, is set with "Drover: Set Engine Key".',
    placeHolder: 'http://localhost:11434/v1',
    ...(current === undefined ? {} : { value: current }),
    ignoreFocusOut: true,
    validateInput: urlFault,
  });
  return url === undefined ? undefined : { action: 'url', url: url.trim() };
}

/** A change of the model ends the answers that are being written: the person is asked first. */
async function mayInterrupt(chats: ChatSummary[]): Promise<boolean> {
  const running = chats.filter(({ state }) => state === 'running').length;
  if (running === 0) return true;
  const what = running === 1 ? 'A chat is running' : `${running} chats are running`;
  const go = 'Change Now';
  const detail = 'What they are writing is interrupted; nothing that was done is lost.';
  return (await vscode.window.showWarningMessage(`${what}.`, { modal: true, detail }, go)) === go;
}
