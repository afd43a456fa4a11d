import type { FromPanel } from '../src/common/panel.ts';

/** What is kept when the editor throws the page away, which it does whenever the view is hidden. */
export interface Saved {
  draft: string;
  agent: string | null;
  page: 'chat' | 'chats';
  /** Reasons that are being written, by the id of their question. */
  reasons: Readonly<Record<string, string>>;
  /** The person closed the note on what the first-run model can do. */
  firstRunClosed: boolean;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

// The editor hands this out once; it stays in this module.
const api = acquireVsCodeApi();

export function post(message: FromPanel): void {
  api.postMessage(message);
}

/** For buttons: what only the editor can do. */
export function command(name: Extract<FromPanel, { type: 'command' }>['command']): () => void {
  return () => post({ type: 'command', command: name });
}

const fresh: Saved = { draft: '', agent: null, page: 'chat', reasons: {}, firstRunClosed: false };

export function saved(): Saved {
  const state = api.getState();
  return typeof state === 'object' && state !== null ? { ...fresh, ...(state as Partial<Saved>) } : fresh;
}

/** Reasons that are kept, the newest: those of questions that are long gone need no place. */
const REASONS = 8;

/** Keeps what is being written against a question. */
export function keepReason(ask: string, text: string): void {
  const others = Object.entries(saved().reasons).filter(([id]) => id !== ask);
  save({ reasons: Object.fromEntries([...others, [ask, text]].slice(-REASONS)) });
}

export function save(part: Partial<Saved>): void {
  api.setState({ ...saved(), ...part });
}
