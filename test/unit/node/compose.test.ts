import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { explain, type Standing } from '../../../src/node/explain.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'drover-compose-')));
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (name: string, text: string): void => writeFileSync(join(root, name), text);
async function judged(command: string): Promise<{ decision: string; reason: string }> {
  const policy = { trusted: true, execute: 'ask', edits: 'allow', contained: true, home: '/home/me' } as const;
  const standing: Standing = { policy, roots: [root] };
  return explain('bash', JSON.stringify({ command }), standing);
}

const plain = 'services:\n  web:\n    image: nginx\n    ports: ["80:80"]\n';

test('what runs of a plain project is told', async () => {
  put('compose.yaml', plain);
  for (const line of [
    'docker compose ps',
    'docker compose logs --tail 50 web',
    "docker compose ps --format json | jq -r '.Name'",
  ])
    expect(await judged(line)).toMatchObject({ decision: 'allow' });
  put('.env', 'PORT=80\n');
  expect(await judged('docker compose ps')).toMatchObject({ decision: 'allow' });
});

test.each([
  ['there is none', () => undefined, 'no Compose file'],
  ['it takes in another one', () => put('compose.yaml', `include:\n  - https://x.example/a.git\n${plain}`), 'fetched'],
  ['its override does', () => put('docker-compose.override.yml', '"\\u0069nclude": [x]\n'), 'fetched'],
  [
    'the name stands on two lines',
    () => put('compose.yaml', '? "inc\\\n  lude"\n: [https://x.example/a.git]\n'),
    'fetched',
  ],
  [
    'it is written in another encoding',
    () => writeFileSync(join(root, 'compose.yaml'), Buffer.from('\ufeffinclude: [x]\n', 'utf16le')),
    'fetched',
  ],
  ['a service is made of another one', () => put('compose.yaml', `${plain}    extends: { file: x }\n`), 'fetched'],
  [
    'a secret would be in what is wrong with it',
    () => {
      put('compose.yaml', plain.replace('80:80', '${TOKEN}'));
      put('.env', 'TOKEN=abc\n');
    },
    'values out of .env',
  ],
  [
    'its settings name another one',
    () => {
      put('compose.yaml', plain);
      put('.env', 'COMPOSE_FILE=oci://x.example/a\n');
    },
    'which project',
  ],
])('it is asked about where %s', async (_, make, why) => {
  put('docker-compose.yml', plain);
  if (why === 'no Compose file') rmSync(join(root, 'docker-compose.yml'));
  make();
  expect(await judged('docker compose ps')).toMatchObject({ decision: 'ask', reason: expect.stringContaining(why) });
});
