import type { FromPanel } from '../../src/common/panel.ts';

/** One message of the page of every kind, with all that it can have. */
export const panelMessages: FromPanel[] = [
  { type: 'ready' },
  { type: 'send', text: 'Hello', agent: 'coding', lane: 'follow-up' },
  { type: 'stop' },
  { type: 'answer', ask: 'none', answer: 'once', reason: 'so' },
  { type: 'undo', call: 'none' },
  { type: 'inbox', item: 'none', withdraw: true },
  { type: 'question', ask: 'none' },
  { type: 'interjection', interjection: 'none', answer: 'withdraw' },
  { type: 'rerun', message: 1, text: 'Again', agent: 'coding' },
  { type: 'fork', message: 1, text: 'Again' },
  { type: 'chat.new' },
  { type: 'chat.open', id: 'none' },
  { type: 'chat.delete', id: 'none' },
  { type: 'agents' },
  { type: 'engine', action: { action: 'model', model: 'none', fetch: false } },
  { type: 'open', path: 'src/app.ts', line: 3 },
  { type: 'diff', call: 'none' },
  { type: 'files', query: 'app' },
  { type: 'copy', text: 'text' },
  { type: 'link', url: 'https://example.com' },
  { type: 'command', command: 'showLog' },
];
