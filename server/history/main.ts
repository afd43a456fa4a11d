import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asProblem } from '../../src/common/errors.ts';
import type { FromHistory, ToHistory } from './messages.ts';
import { HistoryStore } from './store.ts';

/** The history process: holds the database while it is asked, and is gone when its channel closes. */

let store: HistoryStore | undefined;
let work = Promise.resolve();

process.on('message', (message: ToHistory) => {
  const before = work;
  work = (async () => {
    await before;
    const reply = await answer(message).catch((error: unknown) => ({ id: message.id, problem: asProblem(error).info }));
    if (process.connected) process.send?.(reply);
  })();
});
process.on('disconnect', () => process.exit(0));
// A signal to the process group is for others; this process goes when its channel closes.
process.on('SIGINT', () => undefined);

async function answer(message: ToHistory): Promise<FromHistory> {
  store ??= await HistoryStore.open(message.state, readFileSync(join(import.meta.dirname, 'sql-wasm.wasm')));
  store.fold();
  return { id: message.id, hits: message.type === 'search' ? store.search(message.query) : [] };
}
