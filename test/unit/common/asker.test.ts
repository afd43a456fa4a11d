import { describe, expect, test } from 'vitest';
import { askerOf } from '../../../src/common/asker.ts';
import type { LoggedEvent } from '../../../src/common/events.ts';

const chat = (parent?: string): LoggedEvent => ({
  type: 'chat',
  id: 'c',
  agent: 'coding',
  workspace: { roots: ['/shop'], trusted: true },
  mark: 'm',
  title: 't',
  facts: '',
  ...(parent === undefined ? {} : { parent }),
});
const user = (text: string): LoggedEvent => ({ type: 'user', text, agent: 'coding', asks: 'client' });
const end = (tool: string, verb: string, object: string, outcome: 'ok' | 'denied' = 'ok'): LoggedEvent => ({
  type: 'tool.end',
  call: object,
  tool,
  title: { kind: tool === 'bash' ? 'run' : 'read', verb, object },
  outcome,
  text: '',
  summary: '',
  origin: 'model',
});

describe('who asks', () => {
  test('the agent that speaks, for the message of this turn, behind what it has read in it', () => {
    const events = [
      chat(),
      user('Before.'),
      end('file_read', 'Read', 'old.md'),
      user('Fix the cart.'),
      end('file_read', 'Read', 'README.md'),
      end('file_read', 'Read', 'README.md'),
      end('bash', 'Run', 'git log'),
      end('file_edit', 'Edit', 'src/cart.ts'),
      end('bash', 'Run', 'rm x', 'denied'),
    ];
    expect(askerOf(events)).toEqual({
      agent: 'coding',
      from: 'person',
      text: 'Fix the cart.',
      read: ['Read README.md', 'git log'],
    });
  });

  test('in a chat that does a part of the work, for its task; once the person speaks there, for them', () => {
    expect(askerOf([chat('parent'), user('Do a part.')])).toMatchObject({ from: 'task', text: 'Do a part.' });
    const steered: LoggedEvent = { type: 'steered', item: 'i', text: 'Not that one.' };
    expect(askerOf([chat('parent'), user('Do a part.'), steered])).toMatchObject({
      from: 'person',
      text: 'Not that one.',
    });
    expect(askerOf([chat('parent'), user('Do a part.'), user('And more.')])).toMatchObject({ from: 'person' });
  });

  test('of a long message and of many files as much as can be taken in', () => {
    const files = Array.from({ length: 9 }, (_, at) => end('file_read', 'Read', `a${at}`));
    const { text, read } = askerOf([chat(), user('x'.repeat(1000)), ...files]);
    expect(text).toHaveLength(301);
    expect(read).toEqual(['4 more', 'Read a4', 'Read a5', 'Read a6', 'Read a7', 'Read a8']);
  });
});
