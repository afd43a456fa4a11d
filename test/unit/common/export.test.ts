import { describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../../../src/common/events.ts';
import { toJson, toMarkdown } from '../../../src/common/export.ts';
import { masked } from '../../../src/common/mask.ts';

describe('what looks like a secret', () => {
  it.each([
    ['OPENAI_API_KEY=sk-proj-abcdefghijklmnop1234', 'OPENAI_API_KEY=[masked]'],
    ['use rk_live_abcdefghijklmnop1234 now', 'use [masked] now'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '[masked]'],
    ['AKIAIOSFODNN7EXAMPLE', '[masked]'],
    ['Authorization: Bearer abcdef.ghijkl-mnop', 'Authorization: Bearer [masked]'],
    ['postgres://ada:hunter22@db/shop', 'postgres://ada:[masked]@db/shop'],
    ['"password": "correct horse"', '"password": "[masked] horse"'],
    ['-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nrest', '[masked]\nrest'],
  ])('%s', (text, expected) => expect(masked(text)).toBe(expected));

  it.each([
    'const token = next();',
    'const token = readToken(file);',
    'Read src/keys.ts',
    'the secret is out',
    'task-list-of-the-week-long',
  ])('is not %s', (text) => expect(masked(text)).toBe(text));
});

const events: LoggedEvent[] = [
  {
    type: 'chat',
    id: 'c',
    agent: 'coding',
    workspace: { roots: ['/shop'], trusted: true },
    mark: 'f00d',
    title: 'The total',
    facts: '',
  },
  { type: 'user', text: 'Make it two.', agent: 'coding', asks: 'client' },
  { type: 'turn.start', turn: 1, agent: 'coding' },
  {
    type: 'tool.end',
    call: 'k',
    tool: 'file_edit',
    title: { kind: 'edit', verb: 'Edit', object: 'a.ts' },
    outcome: 'ok',
    text: '',
    summary: '+1 −1',
    change: { path: 'a.ts', before: 'a', after: 'b', added: 1, removed: 1, diff: '-one\n+```two\n' },
    origin: 'model',
  },
  { type: 'assistant', agent: 'coding', text: 'Done.', calls: [], finish: 'stop', model: 'm' },
  { type: 'turn.end', turn: 1, reason: 'done', seconds: 1 },
];

describe('an export', () => {
  it('reads like a conversation, with what changed', () => {
    expect(toMarkdown(events, Date.UTC(2026, 10, 21))).toBe(
      [
        '# The total\n\n2026-11-21 · /shop',
        '## You\n\nMake it two.',
        '## Coding',
        '- Edit a.ts: +1 −1\n\n````diff\n-one\n+```two\n````',
        'Done.\n',
      ].join('\n\n'),
    );
  });

  it('has all events for programs, without the mark', () => {
    const exported: { events: LoggedEvent[] } = JSON.parse(toJson(events));
    expect(exported.events).toHaveLength(events.length);
    expect(JSON.stringify(exported)).not.toContain('f00d');
  });
});
