import type * as vscode from 'vscode';
import type { Blobs } from '../node/blobs.ts';
import type { AuditTree } from './auditTree.ts';
import type { ChatView } from './chatView.ts';
import type { Sidecar } from './sidecar.ts';
import type { HistoryTree } from './trees.ts';
import type { Voice } from './voice.ts';

/** What commands work with. */
export interface CommandParts {
  sidecar: Sidecar;
  view: ChatView;
  voice: Voice;
  history: HistoryTree;
  audit: AuditTree;
  blobs: Blobs;
  secrets: vscode.SecretStorage;
  /** What runs the command-line program with these arguments. @throws Problem when nothing can */
  program: (args: string[]) => Promise<{ path: string; args: string[]; environment: Record<string, string> }>;
  /** The folder with the logs of supervisor and engine. */
  run: string;
  log: vscode.LogOutputChannel;
  version: string;
}
