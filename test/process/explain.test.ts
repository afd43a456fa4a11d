import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/layers.ts';

const shop = join(root, 'sample');

function explain(args: string[], input = '', environment = {}): { code: number | null; out: string; err: string } {
  const ran = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), 'explain', '--workspace', shop, ...args], {
    input,
    encoding: 'utf8',
    env: { ...process.env, DROVER_SANDBOX: 'off', ...environment },
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

test('says of a command line what the gate would say, and runs nothing', () => {
  expect(explain(['git log | head'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^allow \(command\.looks\): /),
  });
  expect(explain(['npm test'])).toMatchObject({ code: 3, out: expect.stringMatching(/^ask \(command\.contained\): /) });
  expect(explain(['--sandbox', 'on', 'npm test'])).toMatchObject({ code: 0 });
  // Where nothing is said it is as it would be here: the tests bring bubblewrap along.
  const here = { DROVER_SANDBOX: 'auto' };
  expect(explain(['npm test'], '', here)).toMatchObject({ code: process.platform === 'win32' ? 3 : 0 });
  expect(explain(['npm test'], '', { DROVER_SANDBOX: 'maybe' }).err).toContain('DROVER_SANDBOX is maybe');
  expect(explain(['rm -rf ~'])).toMatchObject({ code: 4, out: expect.stringMatching(/^deny \(write\.outside\): /) });
  expect(explain(['touch made'])).toMatchObject({ code: 3, out: expect.stringContaining('touch is not on the list') });
});

test('says it of any tool, and of many calls at once', () => {
  const env = JSON.stringify({ path: '.env' });
  expect(explain(['--tool', 'file_read', '--args', env])).toMatchObject({ code: 3 });
  const lines = [
    { tool: 'bash', args: { command: 'ls' } },
    { tool: 'file_write', args: { path: '.git/config', content: '' } },
    { tool: 'file_edit', args: { path: 'src/cart.js', old_text: 'a', new_text: 'b' } },
    { tool: 'bash', args: '{"command":"ls"}' },
    { tool: 'nonsense' },
  ];
  const { code, out } = explain(
    ['--edits', 'allow', '--stdin'],
    [...lines.map((line) => JSON.stringify(line)), 'x'].join('\n'),
  );
  expect(code).toBe(0);
  const verdicts = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { decision: string });
  expect(verdicts.map(({ decision }) => decision)).toEqual(['allow', 'deny', 'allow', 'allow', 'deny', 'deny']);
  for (const verdict of verdicts) expect(Object.keys(verdict)).toEqual(['decision', 'rule', 'reason']);
});

test.each([
  [[], 'There is nothing to explain.'],
  [['ls', '-la'], '--'],
  [['ls', 'src'], 'put it in quotes'],
  [['--tool', 'bash'], '--tool needs --args'],
  [['--args', '{}'], '--args needs --tool.'],
  [['--sandbox', 'maybe', 'ls'], '--sandbox is on or off'],
  [['--edits', 'never', 'ls'], '--edits is allow or ask'],
  [['--workspace', '/nowhere/at/all', 'ls'], '/nowhere/at/all is no folder.'],
  [['--stdin', 'ls'], 'With --stdin'],
])('what is given wrongly is said: %j', (args, words) => {
  const { code, err } = explain(args);
  expect(code).toBe(2);
  expect(err).toContain(words);
  expect(err).toContain('drover explain --help');
});
