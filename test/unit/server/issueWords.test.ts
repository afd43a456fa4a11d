import { expect, it } from 'vitest';
import { Answer, ChatEdit, ChatFork, ChatRequest, Hello } from '../../../src/common/protocol.ts';
import { issueWords } from '../../../server/issueWords.ts';

it.each([
  [ChatEdit, { title: 'x'.repeat(201) }, 'must have at most 200 characters'],
  [ChatEdit, {}, 'must say what is to change'],
  [ChatRequest, { message: 'x', session_id: '' }, 'must not be empty'],
  [ChatRequest, { message: 'x', session_id: 'stream' }, 'is reserved'],
  [ChatRequest, {}, 'is missing'],
  [ChatRequest, { message: 5 }, 'must be a text'],
  [ChatRequest, [], 'must be an object'],
  [ChatRequest, { message: 'x', stream: 'yes' }, 'must be true or false'],
  [ChatRequest, { message: 'x', asks: 'me' }, 'must be "client" or "deny"'],
  [ChatFork, { message: 0 }, 'must be at least 1'],
  [ChatFork, { message: 1.5 }, 'must be a whole number'],
  [Answer, { ask: 'a', answer: 'no' }, 'must be "once" or "chat" or "always" or "reject"'],
  [Hello, { kind: 'cli', protocol: 4, build: 'b', roots: 'a' }, 'must be a list'],
])('what is wrong is said in words', (schema, value, words) => {
  expect(issueWords(schema.safeParse(value).error?.issues[0])).toBe(words);
});
