import { expect, it } from 'vitest';
import { emptyApp, receive } from '../../../media/state.ts';
import type { ToPanel } from '../../../src/common/panel.ts';

const problem = { code: 'x', message: 'It failed.', advice: 'Try again.' };
const hello: ToPanel = {
  type: 'event',
  id: '1',
  event: { type: 'user', text: 'hello', agent: 'coding', asks: 'client' },
};

it('forgets a chat at a reset, and folds what follows', () => {
  const app = receive(emptyApp, [{ type: 'reset', chat: 'a' }, hello, hello, { type: 'reset', chat: 'b' }, hello]);
  expect(app.chat).toBe('b');
  expect(app.view.items).toHaveLength(1);
});

it('shows a message that was sent until it comes back, through the reset that names a new chat', () => {
  const sent = { ...emptyApp, pending: 'hello' };
  const named = receive(sent, [{ type: 'reset', chat: 'a' }]);
  expect(named.pending).toBe('hello');
  expect(receive(named, [hello]).pending).toBeNull();
});

it('does not carry a sent message into another chat', () => {
  const sent = { ...emptyApp, chat: 'a', pending: 'hello' };
  expect(receive(sent, [{ type: 'reset', chat: 'b' }]).pending).toBeNull();
});

it('gives back what could not be sent', () => {
  const app = receive({ ...emptyApp, pending: 'hello' }, [{ type: 'failed', problem }]);
  expect(app).toMatchObject({ pending: null, insert: { text: 'hello', count: 1 }, failed: { problem, count: 1 } });
});

it('goes to the chat when something is put into its box', () => {
  expect(receive({ ...emptyApp, page: 'chats' }, [{ type: 'insert', text: '@a.ts' }]).page).toBe('chat');
});
