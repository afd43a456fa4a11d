import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, constantFrom, oneof, property, sample, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { families } from '../../../../src/common/gate/programs/index.ts';
import { judgeCommand } from './support.ts';

const listed = Object.values(families)
  .flat()
  .flatMap(({ names }) => names)
  .filter((name) => !name.includes('/'));
const hostile = constantFrom(
  'rm',
  'curl',
  'sh',
  'bash',
  'python3 x.py',
  'node x.js',
  'eval',
  'exec',
  'source',
  'tee x',
  'npm publish',
);

/** Ways to write one character of a word so that the shell still sees the same word. */
const disguises: ((character: string) => string)[] = [
  (character) => character,
  (character) => `'${character}'`,
  (character) => `"${character}"`,
  (character) => `\\${character}`,
  (character) => `$'${character}'`,
  (character) => `$"${character}"`,
  (character) => `''${character}`,
  (character) => `${character}""`,
  (character) => `\\\n${character}`,
  (character) => `\${x:-${character}}`,
];

const disguised = tuple(hostile, array(constantFrom(...disguises), { minLength: 1, maxLength: 8 })).map(
  ([word, ways]) =>
    word
      .split('')
      .map((letter, at) => (letter === ' ' ? ' ' : (ways[at % ways.length] ?? String)(letter)))
      .join(''),
);
const harmless = constantFrom('ls', 'cat a', 'echo x', "grep 'a b' c", 'git status', 'pwd');
const joint = constantFrom(
  ' && ',
  ' | ',
  ';',
  '\n',
  ' & ',
  ' || ',
  ' |& ',
  '; : ;',
  ' && { ',
  ' $(',
  ' `',
  ' <(',
  ' && ! ',
  ' && X=1 ',
  ' && time ',
  '>/dev/null ; ',
);
const ending = constantFrom('', ' }', ')', '`', ' # x', ' &', ';', '\n', ' 2>&1');

/** Lines made of what shells care about, between words that are on the list and words that are not. */
const metaText = array(
  oneof(
    { weight: 3, arbitrary: constantFrom(...listed, 'rm', 'a', 'src', '-n', '-la', '--', '-e') },
    { weight: 3, arbitrary: constantFrom(' ', ' ', ' && ', ' | ', "'", '"') },
    { weight: 2, arbitrary: constantFrom(...'\\$`~*?[]{}()<>;&|!#=:,^%@+-\n\t/.\'"'.split('')) },
    { weight: 1, arbitrary: string({ maxLength: 3 }) },
  ),
  { maxLength: 14 },
).map((parts) => parts.join(''));

describe('whatever the quoting, an unparsed or unlisted command is never allowed', () => {
  test('a hostile word in any disguise, in any place of a line', () => {
    const line = oneof(
      disguised,
      tuple(harmless, joint, disguised, ending).map((parts) => parts.join('')),
      tuple(disguised, joint, harmless, ending).map((parts) => parts.join('')),
    );
    assert(
      property(line, (command) => {
        expect(judgeCommand(command).decision, command).not.toBe('allow');
      }),
      { numRuns: 3000 },
    );
  });

  test('no yes that a person gave turns a denial into anything else', () => {
    const outside = constantFrom('/etc/shadow', '/proc/1/environ', '/home/other/x', '/home/me/.ssh/id_rsa', '~/.aws/x');
    const line = tuple(constantFrom('cat', 'ls -la', 'head -3', 'grep x', 'find', 'cd'), outside, metaText);
    assert(
      property(line, ([program, path, rest]) => {
        const command = `${program} ${path} && ${rest}`;
        const without = judgeCommand(command).decision;
        const granted = judgeCommand(command, undefined, [`execute ${command}`]).decision;
        expect(granted).toBe(without === 'ask' ? 'allow' : without);
        expect(without).not.toBe('allow');
      }),
      { numRuns: 2000 },
    );
  });

  test('no text makes the gate throw', () => {
    assert(
      property(oneof(metaText, string({ unit: 'binary', maxLength: 60 })), (command) => {
        expect(['allow', 'ask', 'deny']).toContain(judgeCommand(command).decision);
      }),
      { numRuns: 5000 },
    );
  });
});

/**
 * The same against a real shell: what the gate allows is run with stand-ins for all programs, which write down how
 * they were called. Nothing but listed programs may be called, and nothing may appear in the folder.
 */
test.skipIf(process.platform === 'win32')(
  'a real bash runs of an allowed line what the gate has read in it',
  { timeout: 60_000 },
  () => {
    const base = mkdtempSync(join(tmpdir(), 'drover-gate-'));
    const work = join(base, 'work');
    const programs = join(base, 'bin');
    const journal = join(base, 'journal');
    const shell = existsSync('/bin/bash') ? '/bin/bash' : '/usr/bin/bash';
    try {
      spawnSync('mkdir', ['-p', work, programs]);
      for (const program of [...listed, 'rm', 'true', 'a', 'src', 'x', 'b']) {
        const path = join(programs, program);
        writeFileSync(path, `#!${shell}\nprintf '%s\\n' "\${0##*/}" >> '${journal}'\n`);
        chmodSync(path, 0o755);
      }
      const allowed = [...new Set(sample(metaText, { numRuns: 20_000, seed: 7 }))].filter(
        (command) => judgeCommand(command).decision === 'allow',
      );
      expect(allowed.length).toBeGreaterThan(100);
      for (const command of allowed.slice(0, 200)) {
        spawnSync(shell, ['--noprofile', '--norc', '-c', command], { cwd: work, env: { PATH: programs }, input: '' });
        expect(readdirSync(work), command).toEqual([]);
      }
      const called = new Set(readFileSync(journal, 'utf8').trim().split('\n'));
      expect([...called].filter((program) => !listed.includes(program))).toEqual([]);
      expect(called.size).toBeGreaterThan(3);
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  },
);
