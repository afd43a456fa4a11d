import * as vscode from 'vscode';
import { asProblem } from '../common/errors.ts';
import type { Change, LoggedEvent } from '../common/events.ts';
import type { ToPanel } from '../common/panel.ts';
import { follow } from '../node/client.ts';
import type { Sidecar } from './sidecar.ts';

/** Where the open chat's id is kept, for each workspace: a window that is reloaded finds its running turn again. */
const KEY = 'drover.chat';

/**
 * The chat in view. While the panel is shown its events are followed and posted, from the first one on; a hidden panel
 * is forgotten and gets everything again. Null: a new chat that has no message yet.
 */
export class OpenChat implements vscode.Disposable {
  readonly #sidecar: Sidecar;
  readonly #memory: vscode.Memento;
  readonly #post: (message: ToPanel) => void;
  readonly #touched: (path: string, signal: AbortSignal) => void;
  #id: string | null;
  #changes = new Map<string, Change>();
  #asks = new Map<string, LoggedEvent & { type: 'ask' }>();
  #following: AbortController | undefined;
  readonly #opened = new vscode.EventEmitter<string | null>();
  /** Tells which chat is in view from now on. */
  readonly onDidOpen = this.#opened.event;

  /** @param touched told of each file that a call or an undo of the chat in view has written */
  constructor(
    sidecar: Sidecar,
    memory: vscode.Memento,
    post: (message: ToPanel) => void,
    touched: (path: string, signal: AbortSignal) => void,
  ) {
    this.#sidecar = sidecar;
    this.#memory = memory;
    this.#post = post;
    this.#touched = touched;
    this.#id = memory.get<string>(KEY) ?? null;
  }

  get id(): string | null {
    return this.#id;
  }

  /** What a call of this chat changed, as far as its events have come by. */
  change(call: string): Change | undefined {
    return this.#changes.get(call);
  }

  /** A question of this chat, as far as its events have come by. */
  ask(id: string): (LoggedEvent & { type: 'ask' }) | undefined {
    return this.#asks.get(id);
  }

  /** Changes to another chat, or with null to a new one, and shows it. */
  open(id: string | null): void {
    this.#id = id;
    // The workspace's memory is a convenience: a failure to write it must not keep the person from the chat.
    this.#memory.update(KEY, id ?? undefined).then(undefined, () => undefined);
    this.show();
    this.#opened.fire(id);
  }

  /** The panel is there and knows nothing: gives it all events, then those that come. */
  show(): void {
    this.hide();
    this.#changes = new Map();
    this.#asks = new Map();
    this.#post({ type: 'reset', chat: this.#id });
    if (this.#id === null) return;
    this.#following = new AbortController();
    void this.#follow(this.#id, this.#following.signal);
  }

  /** The panel is not there. */
  hide(): void {
    this.#following?.abort();
    this.#following = undefined;
  }

  dispose(): void {
    this.hide();
    this.#opened.dispose();
  }

  async #follow(chat: string, signal: AbortSignal): Promise<void> {
    const address = (until: AbortSignal) => this.#sidecar.attached(until);
    try {
      for await (const { id, event } of follow(address, 'chatEvents', { id: chat, after: '0', signal })) {
        // An event that was on its way when the page was told to forget belongs to nobody.
        if (signal.aborted) return;
        if (event.type === 'tool.end' && event.change) this.#changes.set(event.call, event.change);
        if (event.type === 'ask') this.#asks.set(event.ask, event);
        this.#post({ type: 'event', id, event });
        const path =
          event.type === 'undo' && event.done ? event.path : event.type === 'tool.end' ? event.change?.path : undefined;
        if (path !== undefined) this.#touched(path, signal);
      }
    } catch (error) {
      if (signal.aborted) return;
      const problem = asProblem(error);
      // A chat that was deleted, perhaps by another window.
      if (problem.status === 404) this.open(null);
      else this.#post({ type: 'failed', problem: problem.info });
    }
  }
}
