import { array, assert, constantFrom, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpus } from '../../../support/corpus.ts';
import { judgeCommand, trusted } from './support.ts';

const hostile = corpus('hostile');
const denied = hostile.filter((line) => judgeCommand(line).decision === 'deny' && !/[\n#]|<<|\\$|&$|^\w+=/.test(line));
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The first word, where it is a name, written otherwise. */
const byName = (change: (name: string) => string) => (line: string) => line.replace(/^[a-z][a-z0-9]+(?=\s|$)/, change);
const each = (change: (letter: string) => string) => byName((name) => name.split('').map(change).join(''));

/** Each kind with its ways; whatever a hostile line becomes by them, it is not allowed. */
const kinds: Record<string, readonly ((line: string) => string)[]> = {
  'in quotes': [
    byName((name) => `'${name}'`),
    byName((name) => `"${name}"`),
    byName((name) => `${name.slice(0, 1)}''${name.slice(1)}`),
    each((letter) => `"${letter}"`),
  ],
  escaped: [
    byName((name) => `\\${name}`),
    each((letter) => `\\${letter}`),
    byName((name) => `${name.slice(0, 1)}\\\n${name.slice(1)}`),
  ],
  'in codes': [
    byName((name) => `$'${name}'`),
    byName((name) => `$"${name}"`),
    each((letter) => `$'\\x${letter.charCodeAt(0).toString(16)}'`),
  ],
  expanded: [
    byName((name) => `\${x:-${name}}`),
    byName((name) => `$(echo ${name})`),
    byName((name) => `\`echo ${name}\``),
    byName((name) => `{${name},}`),
    byName((name) => `$@${name}`),
  ],
  'behind another part': [
    'ls; ',
    'ls && ',
    'false || ',
    'ls | ',
    'ls |& ',
    'ls\n',
    'ls & ',
    'npm test && ',
    '# x\n',
  ].map(
    // In a pipeline a change of the folder is none for what follows.
    (before) => (line: string) => (line.startsWith('cd ') && before.includes('| ') ? `ls; ${line}` : before + line),
  ),
  'before another part': [
    '; ls',
    ' && ls',
    ' || true',
    ' | cat',
    ' |& cat',
    '\nls',
    ' &',
    ' # x',
    '\n# x',
    '; exit 0',
  ].map((after) => (line: string) => line + after),
  redirected: [' 2>/dev/null', ' >/dev/null', ' 2>&1', ' </dev/null', ' &>/dev/null', ' >&2'].map(
    (after) => (line: string) => line + after,
  ),
  grouped: [
    (line) => `(${line}\n)`,
    (line) => `{ ${line}\n}`,
    (line) => `(( 1 )) && (${line}\n)`,
    (line) => `({ ${line}\n}) 2>/dev/null`,
  ],
  'in a condition or a loop': [
    (line) => `if true; then ${line}\nfi`,
    (line) => `if ${line}\nthen ls; fi`,
    (line) => `for i in a b; do ${line}\ndone`,
    (line) => `while ${line}\ndo ls; done`,
    (line) => `case x in x) ${line}\n;; esac`,
    (line) => `f() { ${line}\n}; f`,
    (line) => `[[ -f a ]] && { ${line}\n}`,
  ],
  substituted: [
    (line) => `echo "$(${line}\n)"`,
    (line) => `echo $(${line}\n)`,
    (line) => `x=$(${line}\n); ls`,
    (line) => `cat <(${line}\n)`,
    (line) => `ls > >(${line}\n)`,
    (line) => `: \${x:=$(${line}\n)}`,
    (line) => `git log $(${line}\n)`,
    (line) => `[[ -n "$(${line}\n)" ]]`,
  ],
  'behind a word of the shell': ['! ', 'time ', 'time -p ', 'exec ', 'coproc ', 'builtin ', 'command '].map(
    (word) => (line: string) => word + line,
  ),
  'started by another program': [
    'timeout 5 ',
    'nice ',
    'env ',
    'xargs ',
    'sudo ',
    'nohup ',
    'find . -exec ',
    'stdbuf -oL ',
  ].map((word) => (line: string) => word + line),
  'as a text': [
    (line) => `bash -c ${quoted(line)}`,
    (line) => `eval ${quoted(line)}`,
    (line) => `echo ${quoted(line)} | sh`,
    (line) => `sh <<'EOF'\n${line}\nEOF`,
    (line) => `bash <<< ${quoted(line)}`,
    (line) => `trap ${quoted(line)} EXIT`,
  ],
  'with other blanks': [
    (line) => `  ${line}`,
    (line) => `\t${line} `,
    (line) => line.replace(' ', '  '),
    (line) => line.replace(' ', ' \\\n '),
    (line) => line.replace(' ', '\t'),
    (line) => `\n\n${line}\n`,
  ],
  'with variables': ['CI=1 ', 'x=1; ', 'LC_ALL=C ', 'set -e; ', 'unused=a\n'].map(
    (before) => (line: string) => before + line,
  ),
};
const ways = Object.values(kinds).flat();
const several = array(constantFrom(...ways), { minLength: 1, maxLength: 4 });
const inside = (line: string, changes: readonly ((line: string) => string)[]): string =>
  changes.reduce((changed, change) => change(changed), line);

describe('a hostile line', () => {
  test('there are enough kinds of disguises', () => {
    expect(Object.keys(kinds).length).toBeGreaterThanOrEqual(10);
  });

  test.each(Object.entries(kinds))('%s is not allowed', (_, changes) => {
    const changed = hostile.map((line, at) => inside(line, changes.slice(at % changes.length).slice(0, 1)));
    expect(changed.filter((line) => judgeCommand(line).decision === 'allow')).toEqual([]);
  });

  test(
    'in up to four disguises at once is not allowed, and a yes for the chat turns no denial',
    { timeout: 3_600_000 },
    () => {
      assert(
        property(constantFrom(...hostile), several, (line, changes) => {
          const changed = inside(line, changes);
          const { decision } = judgeCommand(changed);
          expect(decision, changed).not.toBe('allow');
          if (decision === 'deny') expect(judgeCommand(changed, trusted, [`execute ${changed}`]).decision).toBe('deny');
        }),
        { numRuns: Number(process.env['DROVER_DISGUISES'] ?? 4000) },
      );
    },
  );
});

test('a denial stays one, whatever stands before, behind or around it', () => {
  const kept = ['behind another part', 'before another part', 'redirected', 'grouped'].flatMap(
    (name) => kinds[name] ?? [],
  );
  const changes = array(constantFrom(...kept.filter((change) => !/&|#|cd /.test(change('')))), {
    minLength: 1,
    maxLength: 3,
  });
  expect(denied.length).toBeGreaterThan(60);
  assert(
    property(tuple(constantFrom(...denied), changes), ([line, some]) => {
      const changed = inside(line, some);
      expect(judgeCommand(changed).decision, changed).toBe('deny');
    }),
    { numRuns: 2000 },
  );
});
