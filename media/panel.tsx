import '@vscode/codicons/dist/codicon.css';
import './panel.css';
import { render } from 'preact';
import type { ToPanel } from '../src/common/panel.ts';
import { post, save, saved } from './host.ts';
import { neutralText } from './neutral.ts';
import { createStore } from './store.ts';
import { Panel } from './views/panel.tsx';

// The entry: what the extension says is folded into one state, and the page is a picture of it.

neutralText();
const root = document.getElementById('app');
if (root === null) throw new Error('The page has no place for the panel.');

const store = createStore({ page: saved().page }, (app, store) => {
  if (app.page !== saved().page) save({ page: app.page });
  render(<Panel app={app} update={store.update} />, root);
});

window.addEventListener('message', (event: MessageEvent<ToPanel>) => store.take(event.data));
store.update((app) => app);
post({ type: 'ready' });
