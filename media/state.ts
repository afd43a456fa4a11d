import type { Event, ProblemInfo } from '../src/common/events.ts';
import type { PanelState, ToPanel } from '../src/common/panel.ts';
import { unreachable } from '../src/common/unreachable.ts';
import { type ChatView, emptyChat, fold } from './fold.ts';

/** All that the page is drawn from, apart from what is open or half typed in it. */
export interface App {
  /** Null until the extension has said something. */
  host: PanelState | null;
  /** The chat that the events belong to; null: a new one. */
  chat: string | null;
  view: ChatView;
  page: 'chat' | 'chats';
  /** The call that the chat is to be shown at, until it is. */
  target: string | null;
  files: { query: string; files: readonly string[] } | null;
  /** A text to put into the box; `count` tells two equal ones apart. */
  insert: { text: string; count: number } | null;
  /** Why the last request was not carried out. */
  failed: { problem: ProblemInfo; count: number } | null;
  /** A message that was sent and has not come back as an event yet. */
  pending: string | null;
}

export const emptyApp: App = {
  host: null,
  chat: null,
  view: emptyChat,
  page: 'chat',
  target: null,
  files: null,
  insert: null,
  failed: null,
  pending: null,
};

/** The page after these messages. Events in a row are folded at once. */
export function receive(app: App, messages: readonly ToPanel[]): App {
  let next = app;
  let events: Event[] = [];
  const flush = (): void => {
    if (events.length > 0) next = withEvents(next, events);
    events = [];
  };
  for (const message of messages) {
    if (message.type === 'event') {
      events.push(message.event);
      continue;
    }
    flush();
    next = apply(next, message);
  }
  flush();
  return next;
}

function withEvents(app: App, events: readonly Event[]): App {
  const arrived = events.some((event) => event.type === 'user' || event.type === 'inbox.put');
  return { ...app, view: fold(app.view, events), pending: arrived ? null : app.pending };
}

function apply(app: App, message: Exclude<ToPanel, { type: 'event' }>): App {
  switch (message.type) {
    case 'state':
      return { ...app, host: message.state };
    case 'reset': {
      // A new chat gets its id only after the first message was sent: that one is still on its way.
      const same = message.chat === app.chat || app.chat === null;
      return {
        ...app,
        chat: message.chat,
        view: emptyChat,
        failed: null,
        target: null,
        pending: same ? app.pending : null,
      };
    }
    case 'files':
      return { ...app, files: { query: message.query, files: message.files } };
    case 'insert':
      return { ...app, page: 'chat', insert: { text: message.text, count: (app.insert?.count ?? 0) + 1 } };
    case 'view':
      return { ...app, page: message.view, target: message.call ?? null };
    case 'failed':
      return {
        ...app,
        failed: { problem: message.problem, count: (app.failed?.count ?? 0) + 1 },
        // What was not taken is given back.
        ...(app.pending === null
          ? {}
          : { pending: null, insert: { text: app.pending, count: (app.insert?.count ?? 0) + 1 } }),
      };
    default:
      return unreachable(message);
  }
}
