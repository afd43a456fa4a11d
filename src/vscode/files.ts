import * as vscode from 'vscode';
import { fuzzy } from './fuzzy.ts';
import { shownPath } from './window.ts';

/** More files than this are not looked at. */
const FILES = 20_000;
/** Files that are offered at once. */
const OFFERED = 50;
/** Milliseconds for which a list of files is used again; typing a name asks for it with each letter. */
const FRESH = 10_000;

/** The files that can be mentioned with @, as the agents write their paths. */
export class MentionFiles {
  #listed: { at: number; files: Promise<string[]> } | undefined;

  /** Open files first; with a query, the best fits. */
  async find(query: string, signal: AbortSignal): Promise<string[]> {
    const open = openFiles();
    const all = [...new Set([...open, ...(await this.#all())])];
    signal.throwIfAborted();
    return query === '' ? all.slice(0, OFFERED) : fuzzy(query, all, OFFERED);
  }

  #all(): Promise<string[]> {
    const now = Date.now();
    if (!this.#listed || now - this.#listed.at > FRESH) this.#listed = { at: now, files: list() };
    return this.#listed.files;
  }
}

async function list(): Promise<string[]> {
  const found = await vscode.workspace.findFiles('**/*', excluded(), FILES);
  return found.flatMap((uri) => shownPath(uri) ?? []).toSorted();
}

/** What the person does not search in: `files.exclude` and `search.exclude`, and what no repository means by a file. */
function excluded(): string {
  const patterns = ['files', 'search'].flatMap((section) => {
    const exclude = vscode.workspace.getConfiguration(section).get<Record<string, unknown>>('exclude') ?? {};
    return Object.keys(exclude).filter((pattern) => exclude[pattern] === true && !/[{}]/.test(pattern));
  });
  return `{${[...new Set(['**/.git', '**/node_modules', ...patterns])].join(',')}}`;
}

function openFiles(): string[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .flatMap(({ input }) => (input instanceof vscode.TabInputText ? (shownPath(input.uri) ?? []) : []));
}
