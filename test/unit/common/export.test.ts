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
    ['"password": "correct horse"', '"password": "[masked]"'],
    ["api_key='abcdef123456'", "api_key='[masked]'"],
    [String.raw`{\"token\": \"abcdef123456\"}`, String.raw`{\"token\": \"[masked]\"}`],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq8\n[6 more lines]\nrest', '[masked]\n[6 more lines]\nrest'],
    ['-----BEGIN RSA PRIVATE KEY----- stands in a.pem', '[masked] stands in a.pem'],
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

  it('says why something was not allowed', () => {
    const denied = { type: 'tool.end', call: 'k', tool: 'file_edit', outcome: 'denied', origin: 'model' } as const;
    const title = { kind: 'edit', verb: 'Edit', object: 'a.ts' } as const;
    const text = 'Denied: the plan agent may not call file_edit. The tools are: file_read.';
    const role = { ...denied, title, text, summary: 'The plan agent may not call file_edit.' };
    expect(toMarkdown([role], 0)).toContain('- Edit a.ts: denied. The plan agent may not call file_edit.\n');
    const person = { ...denied, title, text: 'Denied: the person said no.', summary: 'denied' };
    expect(toMarkdown([person], 0)).toContain('- Edit a.ts: denied. the person said no.\n');
  });

  it('has all events for programs, without the mark', () => {
    const exported: { events: LoggedEvent[] } = JSON.parse(toJson(events));
    expect(exported.events).toHaveLength(events.length);
    expect(JSON.stringify(exported)).not.toContain('f00d');
  });

  it.each([
    'Try curl -d "password=hunter22x" now',
    'it is {"password":"hunter22x"} here',
    "it is api_key='hunter22x' here",
    '-----BEGIN RSA PRIVATE KEY-----\nhunter22xhunter22xhunter22x',
  ])('masks and stays what it is: %s', (text) => {
    const said = events.map((event) => (event.type === 'user' ? { ...event, text } : event));
    const exported: { events: LoggedEvent[] } = JSON.parse(toJson(said));
    expect(exported.events).toHaveLength(events.length);
    for (const whole of [toJson(said), toMarkdown(said, 0)]) {
      expect(whole).not.toContain('hunter22x');
      expect(whole).toContain('Done.');
    }
  });
});
