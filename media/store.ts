import type { ToPanel } from '../src/common/panel.ts';
import { type App, emptyApp, receive } from './state.ts';

export interface Store {
  /** Takes a message of the extension; all that arrive before the next frame are worked off at once. */
  take: (message: ToPanel) => void;
  /** Changes what the page itself decides. */
  update: (change: (app: App) => App) => void;
}

/** Holds the one state of the page and draws it at most once a frame. */
export function createStore(initial: Partial<App>, draw: (app: App, store: Store) => void): Store {
  let app: App = { ...emptyApp, ...initial };
  let waiting: ToPanel[] = [];
  let scheduled = false;

  const flush = (): void => {
    scheduled = false;
    const messages = waiting;
    waiting = [];
    app = receive(app, messages);
    draw(app, store);
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(flush);
  };
  const store: Store = {
    take(message) {
      waiting.push(message);
      schedule();
    },
    update(change) {
      app = change(receive(app, waiting.splice(0)));
      schedule();
    },
  };
  return store;
}
