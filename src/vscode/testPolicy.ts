import * as vscode from 'vscode';
import { Problem } from '../common/errors.ts';
import { call } from '../node/client.ts';
import { run } from '../node/spawn.ts';
import type { CommandParts } from './commandParts.ts';

/** Milliseconds that all recorded chats may take. */
const LIMIT = 120_000;

interface PolicyItem extends vscode.QuickPickItem {
  /** A name of Drover's, or a file. */
  policy?: string;
}

/**
 * Shows what a policy would have said in recorded chats; as `drover policy test` does, in a process of its own.
 * @param named a policy or its file, where a key is bound to it
 */
export async function testPolicy(parts: CommandParts, signal: AbortSignal, named?: unknown): Promise<void> {
  const policy = typeof named === 'string' ? named : await pickPolicy(parts, signal);
  if (policy === undefined) return;
  const location = vscode.ProgressLocation.Notification;
  const report = await vscode.window.withProgress(
    { location, title: 'Drover: going through recorded chats', cancellable: true },
    (_, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return reportOf(policy, parts.program, AbortSignal.any([signal, stop.signal]));
    },
  );
  if (report === undefined) return;
  const document = await vscode.workspace.openTextDocument({ content: report, language: 'plaintext' });
  await vscode.window.showTextDocument(document, { preview: true });
}

async function pickPolicy({ sidecar }: CommandParts, signal: AbortSignal): Promise<string | undefined> {
  const { policies } = await call(await sidecar.address(signal), 'policies', { signal });
  const items: PolicyItem[] = policies.map(({ name, rule, file, problem }) => ({
    label: name,
    description: file === undefined ? '' : 'yours',
    detail: problem ?? rule,
    policy: file ?? name,
  }));
  const other: PolicyItem = { label: '$(folder-opened) Another file…' };
  const title = 'Drover: Test Which Policy on Recorded Chats?';
  const chosen = await vscode.window.showQuickPick([...items, other], { title, matchOnDetail: true });
  return chosen === undefined ? undefined : (chosen.policy ?? pickFile());
}

async function pickFile(): Promise<string | undefined> {
  const filters = { Policies: ['mjs'] };
  const [file] = (await vscode.window.showOpenDialog({ title: 'Drover: Test This Policy', filters })) ?? [];
  return file?.fsPath;
}

/** @returns undefined when it was cancelled @throws Problem with what the program says when it fails */
async function reportOf(
  policy: string,
  program: CommandParts['program'],
  signal: AbortSignal,
): Promise<string | undefined> {
  const { path, args, environment } = await program(['policy', 'test', policy]);
  let output = '';
  const ended = await run({
    command: path,
    args,
    env: environment,
    signal,
    timeout: LIMIT,
    output: (bytes) => (output += bytes.toString()),
  });
  if (ended.why === 'cancel') return undefined;
  if (ended.why === 'exit' && ended.code === 0) return output;
  const message = output.trim() === '' ? 'The policy could not be tested.' : output.trim();
  throw new Problem('policy_test', message, 'Correct the policy, then test it again.');
}
