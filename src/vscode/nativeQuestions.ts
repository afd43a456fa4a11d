import type { LoggedEvent } from '../common/events.ts';
import type { ChatSummary } from '../common/protocol.ts';
import { choicesOf, promptOf, questionText } from '../common/question.ts';
import { openAsks } from '../common/repair.ts';
import { type Address, call, follow } from '../node/client.ts';

type Ask = LoggedEvent & { type: 'ask' };

/** The person, through the editor's own prompts. None of them may have a default that allows something. */
export interface Person {
  /** A notification. @returns the title of the button that was clicked; undefined: it was closed */
  choose(message: string, buttons: readonly string[]): Promise<string | undefined>;
  /** One of these; the first is what Enter alone takes. */
  pick(title: string, items: readonly string[]): Promise<number | undefined>;
  /** Why not; undefined: they have thought better of it. */
  reason(): Promise<string | undefined>;
  /** Shows a text that is too long for a prompt. */
  read(text: string, language: 'diff' | 'plaintext'): Promise<void>;
  failed(error: unknown): void;
}

/** What of this window and its supervisor is needed here. */
export interface Surroundings {
  /** Chats of this window. */
  chats(): readonly ChatSummary[];
  /** The panel shows this chat now, and so its questions. */
  shows(chat: string): boolean;
  onDidChange(listener: () => void): { dispose(): void };
  address(signal: AbortSignal): Promise<Address>;
}

/** Milliseconds without an event after which the last one of a chat has come. */
const QUIET = 200;

/**
 * Questions of chats that the person does not see: each is put before them once, by the editor itself. The panel and
 * every other client can still answer it; the first answer counts.
 */
export class NativeQuestions {
  readonly #around: Surroundings;
  readonly #person: Person;
  readonly #end = new AbortController();
  readonly #watched = new Map<string, AbortController>();
  readonly #put = new Set<string>();
  readonly #listening: { dispose(): void };

  constructor(around: Surroundings, person: Person) {
    this.#around = around;
    this.#person = person;
    this.#listening = around.onDidChange(() => this.#look());
    this.#look();
  }

  dispose(): void {
    this.#listening.dispose();
    this.#end.abort();
    for (const watch of this.#watched.values()) watch.abort();
  }

  #look(): void {
    const hidden = this.#around.chats().filter(({ id, state }) => state === 'waiting' && !this.#around.shows(id));
    for (const [id, watch] of this.#watched) {
      if (hidden.some((chat) => chat.id === id)) continue;
      watch.abort();
      this.#watched.delete(id);
    }
    for (const chat of hidden) {
      if (this.#watched.has(chat.id)) continue;
      const watch = new AbortController();
      this.#watched.set(chat.id, watch);
      void this.#watch(chat, watch.signal);
    }
  }

  /** Follows a chat that waits, and puts its open questions once all of its events have come. */
  async #watch(chat: ChatSummary, signal: AbortSignal): Promise<void> {
    const events: LoggedEvent[] = [];
    let quiet: NodeJS.Timeout | undefined;
    const settled = (): void => {
      for (const ask of openAsks(events)) this.#putOnce(chat, ask);
    };
    try {
      const address = (until: AbortSignal): Promise<Address> => this.#around.address(until);
      for await (const { event } of follow(address, 'chatEvents', { id: chat.id, after: '0', signal })) {
        if (event.type !== 'ask' && event.type !== 'answer') continue;
        events.push(event);
        clearTimeout(quiet);
        quiet = setTimeout(settled, QUIET);
      }
    } catch {
      // A chat that was deleted asks nothing.
      if (!signal.aborted) this.#watched.delete(chat.id);
    } finally {
      clearTimeout(quiet);
    }
  }

  /** One that is ignored keeps no other from being put. */
  #putOnce(chat: ChatSummary, ask: Ask): void {
    if (this.#put.has(ask.ask)) return;
    this.#put.add(ask.ask);
    this.#ask(chat, ask).catch((error: unknown) => this.#failed(error));
  }

  async #ask(chat: ChatSummary, ask: Ask): Promise<void> {
    const { message, whole, buttons } = promptOf(ask, chat.title);
    // Nobody says yes to what they have not seen.
    const refusing = buttons.filter(({ choice }) => choice === 'reject' || choice === 'reason');
    const first = whole ? buttons : [{ title: show }, ...refusing];
    let chosen = await this.#person.choose(
      message,
      first.map(({ title }) => title),
    );
    if (chosen === show) {
      await this.#person.read(questionText(ask), ask.preview.kind === 'diff' ? 'diff' : 'plaintext');
      chosen = await this.#person.choose(
        message,
        buttons.map(({ title }) => title),
      );
    }
    const choice = buttons.find(({ title }) => title === chosen)?.choice;
    if (choice === undefined || this.#end.signal.aborted) return;
    if (choice === 'always') return this.#always(chat, ask);
    if (choice !== 'reason') return this.#answer(chat, ask, { answer: choice });
    const reason = await this.#person.reason();
    if (reason === undefined) return this.#ask(chat, ask);
    await this.#answer(chat, ask, { answer: 'reject', ...(reason.trim() === '' ? {} : { reason: reason.trim() }) });
  }

  async #always(chat: ChatSummary, ask: Ask): Promise<void> {
    const forms = choicesOf(ask).filter(({ answer }) => answer === 'always');
    const items = ['Nothing for good: ask each time', ...forms.map(({ words = '' }) => words)];
    const at = await this.#person.pick('Drover: Always allow, in every chat in this folder', items);
    const key = at === undefined ? undefined : forms[at - 1]?.key;
    if (key === undefined) return this.#ask(chat, ask);
    await this.#answer(chat, ask, { answer: 'always', key });
  }

  async #answer(
    chat: ChatSummary,
    { ask, hash }: Ask,
    given: { answer: 'once' | 'chat' | 'always' | 'reject'; key?: string; reason?: string },
  ): Promise<void> {
    const { signal } = this.#end;
    const body = { ask, ...(hash === undefined ? {} : { hash }), ...given };
    await call(await this.#around.address(signal), 'chatAnswer', { id: chat.id, body, signal });
  }

  #failed(error: unknown): void {
    if (!this.#end.signal.aborted) this.#person.failed(error);
  }
}

const show = 'Show…';
