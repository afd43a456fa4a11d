import { describe, expect, test } from 'vitest';
import { commandPaths } from '../../../../src/common/gate/command.ts';
import { resolvedLine } from '../../../../src/common/gate/resolved.ts';
import { onPaper } from './support.ts';

/** Of a pattern these files are there. */
function resolved(command: string, there: Record<string, string[]> = {}): string | undefined {
  const looked = commandPaths(command).map((each) => ({
    ...each,
    found: (there[each.path] ?? [each.path]).map((path) => onPaper(path, each.path in there ? 'file' : 'missing')),
  }));
  return resolvedLine(command, looked, '/home/me');
}

describe('what the shell makes of a command', () => {
  test.each([
    ['rm -rf {src,test}', 'rm -rf src test'],
    ['touch ~/x', 'touch /home/me/x'],
    ['touch "$HOME/x"', 'touch /home/me/x'],
    ['touch ${HOME}/x && ls', 'touch /home/me/x && ls'],
    [String.raw`r\m a`, 'rm a'],
    ["c''url x", 'curl x'],
    ["'r'm a", 'rm a'],
    [String.raw`$'\x72m' a`, 'rm a'],
    ['cp a{1,2} b', 'cp a1 a2 b'],
  ])('%s', (command, line) => {
    expect(resolved(command)).toBe(line);
  });

  test('what lies below the files that a pattern fits is none of them', () => {
    const command = 'cat src/*; grep -r x src/*';
    const looked = commandPaths(command).map((each) => ({
      ...each,
      found: ['src/a', ...(each.below === undefined ? [] : ['src/a/.env'])].map((path) => onPaper(path)),
    }));
    expect(looked.filter(({ below }) => below !== undefined)).toHaveLength(1);
    expect(resolvedLine(command, looked, '/home/me')).toBe('cat src/a; grep -r x src/a');
  });

  test('a pattern is the files that it fits', () => {
    expect(resolved('rm src/*.ts', { 'src/*.ts': ['src/a.ts', 'src/with blank.ts'] })).toBe(
      "rm src/a.ts 'src/with blank.ts'",
    );
    const many = Array.from({ length: 50 }, (_, at) => `a${at}`);
    expect(resolved('rm a*', { 'a*': many })).toMatch(/ a39 … \(10 more\)$/);
    expect(resolved('cd app && rm *.ts', { 'app/*.ts': ['app/a.ts'] })).toBe('cd app && rm a.ts');
  });

  test.each([
    'npm test',
    "git commit -m 'one two'",
    'git commit -m "one two"',
    'ls src | head -5 2>&1',
    'rm *.none',
    'echo $HOSTNAME',
    'for a in 1 2; do echo $a; done',
    'echo "',
    '',
  ])('nothing else than is written: %s', (command) => {
    expect(resolved(command)).toBeUndefined();
  });
});
