import { describe, expect, test } from 'vitest';
import { commandPaths } from '../../../../src/common/gate/command.ts';
import { rules } from '../../../../src/common/gate/rules.ts';
import { judgeCommand, root, trusted } from './support.ts';

describe('the short list', () => {
  for (const rule of rules) {
    test(`${rule.program}: its examples hold (${rule.match[0] ?? ''})`, () => {
      for (const command of rule.match) expect(judgeCommand(command), command).toMatchObject({ decision: 'allow' });
      for (const command of rule.noMatch) expect(judgeCommand(command), command).toMatchObject({ decision: 'ask' });
    });
  }

  test.each([
    'ls && cat package.json | head -20',
    'grep -rn TODO src | wc -l',
    'cat "my file.txt" 2>/dev/null',
    "find . -name '*.ts' 2>&1 | head",
    'cd src && ls -la',
    `cd ${root} && cat src/cart.ts`,
    'git log --oneline -10 | cat',
    'ls\n',
  ])('%s is allowed, and only looks', (command) => {
    expect(judgeCommand(command)).toMatchObject({ decision: 'allow', rule: 'command.looks', looks: true });
  });

  test.each([
    'npm test',
    'ls; rm -rf src',
    'ls || rm x',
    'ls & ',
    'ls\nrm x',
    'cat $FILE',
    'cat *.ts',
    'cat {a,b}',
    'cat ~/x',
    'cat ~root/x',
    'echo $(id)',
    'echo `id`',
    'echo "$(id)"',
    "echo $'\\x41'",
    'X=1 ls',
    'ls > out.txt',
    'cat <<E\nx\nE',
    'cat <<< x',
    'cat <(ls)',
    '(ls)',
    '{ ls; }',
    'if ls; then ls; fi',
    'while ls; do ls; done',
    'ls() { rm x; }',
    '! ls',
    'time ls',
    '/bin/ls',
    './ls',
    'LS',
    '\\ls',
    'l\\\ns',
    'command ls',
    'env ls',
    'xargs cat',
    'cat a |& cat',
    'cat a\u00a0b',
    'ls # \u202e',
    'cat "unclosed',
    '',
    '   ',
    '#!/bin/sh',
    'cd .. && ls',
    'cd src/.. && ls',
    'cd && ls',
    'cd - && ls',
    'cd src && git status',
    'cd $X && cat a',
    'coproc ls',
    'ls {fd}>&1',
    'ls >&-',
  ])('%j asks', (command) => {
    expect(judgeCommand(command)).toMatchObject({ decision: 'ask', looks: false });
  });

  test.each([
    'cat /etc/passwd',
    'ls ..',
    'ls && cat ../secret',
    'head -n 5 src/a.ts /etc/shadow',
    'grep -r key /home/me/.ssh',
    'find / -name id_rsa',
    'cat $X /etc/passwd',
    'npm test && cat /etc/passwd',
    'npm test; cat /etc/passwd',
    'echo x > /etc/profile',
    'echo x >> ../x',
    'cat < /etc/passwd',
    'echo x > .git/hooks/pre-commit',
    'cd /etc && cat passwd',
    'cd src && cat ../../secret',
    'git diff /etc/passwd /etc/hosts',
    'FOO=1 cat /etc/passwd',
  ])('%j is denied', (command) => {
    expect(judgeCommand(command).decision).toBe('deny');
  });

  test('after a change of folder that cannot be followed nothing is denied by mistake', () => {
    expect(judgeCommand('cd $X && cat ../a')).toMatchObject({ decision: 'ask' });
    expect(judgeCommand('pushd src && cat ../a')).toMatchObject({ decision: 'ask' });
  });

  test('the reasons name what a person would point at', () => {
    expect(judgeCommand('npm test').reason).toBe('npm test is not on the short list of commands that only look.');
    expect(judgeCommand('ls && rm -rf x').reason).toContain('rm is not on the short list');
    expect(judgeCommand('ls > out.txt').reason).toBe('It writes its output to out.txt.');
    expect(judgeCommand(`echo ${'x'.repeat(10_000)}`).reason).toContain('longer than 10,000 characters');
    expect(judgeCommand('echo a\u200bb').reason).toContain('cannot be seen');
  });

  test('a yes for the chat covers this exact command and no other', () => {
    const { grant } = judgeCommand('npm test');
    expect(grant?.words).toBe('this exact command');
    expect(judgeCommand('npm test', trusted, [grant?.key ?? '']).decision).toBe('allow');
    expect(judgeCommand('npm test ', trusted, [grant?.key ?? '']).decision).toBe('ask');
  });
});

test('the paths of a command are those the kernel will be asked for', () => {
  expect(commandPaths('cd src && cat a ../b /c | grep x d 2>/dev/null')).toEqual([
    'src',
    'src/a',
    'src/../b',
    '/c',
    'src/d',
  ]);
  expect(commandPaths('npm test > log.txt')).toEqual(['log.txt']);
  expect(commandPaths('echo a b')).toEqual([]);
});

test('a path that could not be looked up asks', async () => {
  const { judge } = await import('../../../../src/common/gate/judge.ts');
  const verdict = judge({
    tool: { name: 'bash', group: 'execute' },
    effects: [{ kind: 'execute', command: 'cat a', paths: [] }],
    policy: trusted,
    grants: new Set(),
  });
  expect(verdict).toMatchObject({ decision: 'ask', reason: 'It is not known where a leads.' });
});
