import type { App } from '../state.ts';
import { Chat } from './chat.tsx';
import { Chats } from './chats.tsx';

/** The whole page: the chat, or the list of chats. */
export function Panel({ app, update }: { app: App; update: (change: (app: App) => App) => void }) {
  if (app.page === 'chats') return <Chats app={app} onBack={() => update((app) => ({ ...app, page: 'chat' }))} />;
  return <Chat app={app} update={update} />;
}
