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
    ['-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\nlQO\n=x\n-----END PGP PRIVATE KEY BLOCK-----!', '[masked]!'],
    ['-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\nlQOYBF0aBcDeFgHiJkLmNo\n[more]', '[masked]\n[more]'],
    ['Authorization: Basic YWRhOmh1bnRlcjI=', 'Authorization: Basic [masked]'],
    ['"authorization": "Basic YWRhOmh1bnRlcjI="', '"authorization": "Basic [masked]"'],
    [`-H 'Authorization: token 0123456789abcdef'`, `-H 'Authorization: token [masked]'`],
    ['authorization: 0123456789abcdef', 'authorization: [masked]'],
    ['redis://:pw@h:6379/0', 'redis://:[masked]@h:6379/0'],
    ['amqp://ada:p@ss@h/x and https://a:b@c', 'amqp://ada:[masked]@h/x and https://a:[masked]@c'],
    ['https://0123456789abcdef0123456789abcdef@o1.ingest.example/2', 'https://[masked]@o1.ingest.example/2'],
    ['https://hooks.slack.com/services/T0/B0/abcDEF123', 'https://hooks.slack.com/services/[masked]'],
    ['https://discord.com/api/webhooks/123456/abc-DEF_1', 'https://discord.com/api/webhooks/123456/[masked]'],
    ['https://api.telegram.org/bot123456789:AAxyz/getMe', 'https://api.telegram.org/bot[masked]/getMe'],
    ['SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789abcdefg', '[masked]'],
    ['dckr_pat_abcdefghijklmnop-qrstuvwxyz0', '[masked]'],
    [`dop_v1_${'0123456789abcdef'.repeat(4)}`, '[masked]'],
    [
      'AccountName=shop;AccountKey=abc+def/0123456789==;EndpointSuffix=x',
      /^AccountName=shop;AccountKey=\[masked\];End/,
    ],
    ['//registry.npmjs.org/:_authToken=0123-abcd', '//registry.npmjs.org/:_authToken=[masked]'],
    ['_auth=YWRhOmh1bnRlcjI=', '_auth=[masked]'],
    ['_password=aHVudGVyMg==', '_password=[masked]'],
    ['SECRET_KEY=abc$def(ghi)jkl', 'SECRET_KEY=[masked]'],
    ['export STRIPE_KEY=abcdef123456', 'export STRIPE_KEY=[masked]'],
    ['STRIPE_KEY="abcdef123456"', 'STRIPE_KEY="[masked]"'],
    ['PRIVATE_KEY=abcdefgh', 'PRIVATE_KEY=[masked]'],
    ['DB_PASS=correcthorse', 'DB_PASS=[masked]'],
    ['pass=hunter22', 'pass=[masked]'],
    ['curl "https://a.b/?pass=correcthorse"', 'curl "https://a.b/?pass=[masked]"'],
    ['passphrase: correcthorse', 'passphrase: [masked]'],
    ['  - password: correcthorse\n    user: ada', '  - password: [masked]\n    user: ada'],
    ['password = correcthorse\n', 'password = [masked]\n'],
    ['login with password: hunter22 then', 'login with password: [masked] then'],
    ['Cookie: session=abc123; theme=dark', 'Cookie: [masked]'],
    ['< Set-Cookie: sid=s%3Aabc; HttpOnly\nServer: x', '< Set-Cookie: [masked]\nServer: x'],
    [`-H 'cookie: a=b' https://c.d`, `-H 'cookie: [masked]' https://c.d`],
    ['AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQ', '[masked]'],
    ['hvs.CAESIJabcdefghijklmnop', '[masked]'],
    ['hvb.AAAAAQJabcdefghijklmnop', '[masked]'],
    [String.raw`"password":"pa\"ss w0rd","user":"ada"`, '"password":"[masked]","user":"ada"'],
    [String.raw`{\"password\":\"pa\\\"ss w0rd\",\"a\":1}`, String.raw`{\"password\":\"[masked]\",\"a\":1}`],
    ['const password: string = "correct horse";', 'const password: string = "[masked]";'],
    ['password := `correct horse`', 'password := `[masked]`'],
    ['xapp-1-A0123-456-abcdef', '[masked]'],
    ['xoxb-123456789012-abcdefghij', '[masked]'],
    ['glrt-t1_abcdefghijklmnopqrst', '[masked]'],
    ['pypi-AgEIcHlwaS5vcmcCJDU2abcdef', '[masked]'],
    ['npm_abcdefghijklmnopqrstuvwxyz0123456789', '[masked]'],
    ['ghs_abcdefghijklmnopqrst ghu_abcdefghijklmnopqrst ghr_abcdefghijklmnopqrst', '[masked] [masked] [masked]'],
    ['shpat_0123456789abcdef0123456789abcdef', '[masked]'],
    ['sk_live_abcdefghijklmnop rk_live_abcdefghijklmnop sk_test_abcdefgh', '[masked] [masked] [masked]'],
    ['whsec_abcdefghijklmnopqrstuvwx', '[masked]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_123', '[masked]'],
    [`AIza${'Sy0123456789abcdef'.repeat(2)}`, '[masked]'],
    ['ya29.a0AfH6SMBx-abcdefghij', '[masked]'],
    [
      'https://x.blob.core.windows.net/c?sv=2020&sig=abc%2Bdef0123456789%3D',
      'https://x.blob.core.windows.net/c?sv=2020&sig=[masked]',
    ],
    ['123456789:AAabcdefghijklmnopqrstuvwxyz0123456', '[masked]'],
    ['MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz012345', '[masked]'],
    ['Server=db;User Id=sa;Password=p@ss w0rd!;Encrypt=True', 'Server=db;User Id=sa;Password=[masked];Encrypt=True'],
    ['Password=a b;Server=db', 'Password=[masked];Server=db'],
    ['Host=h;Username=u;Pwd=x y', 'Host=h;Username=u;Pwd=[masked]'],
    ['mysql --password hunter22 shop', 'mysql --password [masked] shop'],
    [
      'curl -su ada:hunter22 https://a.b; curl -u ada:pw x',
      'curl -su ada:[masked] https://a.b; curl -u ada:[masked] x',
    ],
  ] as [string, string | RegExp][])('%s', (text, expected) => {
    if (typeof expected === 'string') expect(masked(text)).toBe(expected);
    else expect(masked(text)).toMatch(expected);
    expect(masked(masked(text))).toBe(masked(text));
  });

  it.each([
    'const token = next();',
    'const token = readToken(file);',
    'Read src/keys.ts',
    'the secret is out',
    'task-list-of-the-week-long',
    'commit 3f2a9c1e5b7d8f60a1b2c3d4e5f60718293a4b5c',
    '550e8400-e29b-41d4-a716-446655440000',
    '"integrity": "sha512-abcDEF0123456789abcDEF0123456789abcDEF0123456789=="',
    'The password must be at least 8 characters; a token: see below. Password: required',
    'const password = getPassword()',
    'const password = getPassword(config.user, 12);',
    'const { password, token } = req.body; user.password = req.body.password2;',
    'login({ user, password: form.password, token: this.token1, secret: z.string().min(8) })',
    'interface A { password: string; token?: Token2; secret: string | undefined }\n  token: AccessToken\n',
    'if (token === other || password !== confirmation1) return;',
    'const token = process.env.GITHUB_TOKEN ?? "";',
    'password=password, token=access_token)',
    'tokens: 123456, max_tokens=16384, tokenize: abcdef1',
    'Authorization: Basic authentication is used; Bearer authentication too; Cookie: a small text',
    'headers.Authorization = makeHeader(token1);',
    'PASSWORD=${DB_PASSWORD} TOKEN=$GITHUB_TOKEN password: <your password> SECRET={{ secrets.DEPLOY1 }}',
    'psql postgres://${user}:${password}@localhost/shop http://localhost:3000/@scope/a',
    'PWD=/home/ada/shop',
    'npm_config_registry_of_the_company npm_package_name hf_dataset_loader pypi-publish-action-v1 pk_users_2_constraint_name',
    'sk-circle-fade-dot-something bypass=abcdef12 compass: north12',
    'PUBLIC_KEY=abcdef123456 CACHE_KEY=users-list-1 const SORT_KEY = "createdAt"',
    'for (const key of keys) map.set(key, value1); primaryKey: true, keyCode=12345678',
    'git log --format=%H --author=ada@example.org; ssh git@github.com:shop/cart.git',
    'SG.short.x hvs.short eyJhbGci 12345678:short xapp-design-system-tokens',
  ])('is not %s', (text) => expect(masked(text)).toBe(text));

  it.each([
    'sk-',
    'password=',
    'token="\\"',
    'curl -u ',
    '-----BEGIN PRIVATE KEY-----\n',
    '://a:',
    'pypi-',
    'a-',
    '\n',
  ])('is looked for in a time that grows with the text, also in 64 KB of %j', (piece) => {
    const began = performance.now();
    masked(piece.repeat(Math.ceil(65_536 / piece.length)));
    expect(performance.now() - began).toBeLessThan(3000);
  });
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
