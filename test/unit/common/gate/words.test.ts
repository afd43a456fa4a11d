import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, constantFrom, oneof, sample, string } from 'fast-check';
import { parse, type Word } from 'unbash';
import { describe, expect, test } from 'vitest';
import { readWord, type Scope } from '../../../../src/common/gate/words.ts';

/** Of how many lists of words; more with DROVER_WORDS. */
const lists = Number(process.env['DROVER_WORDS'] ?? 1000);

const piece = oneof(
  { weight: 4, arbitrary: constantFrom(...'abcXYZ019-_=+:,./@%^'.split('')) },
  { weight: 3, arbitrary: constantFrom(...`\\'"{}[]()<>|&;!#~$*? \``.split('')) },
  {
    weight: 2,
    arbitrary: constantFrom("'a b'", '"c d"', '"\\"', '\\ ', '"\\$x"', '"x$"', '{a,b}', '{1..3}', '@{u}', '~/', '""'),
  },
  { weight: 1, arbitrary: constantFrom('{3..1}', '[a-c]', '$', '"$', '\\$v') },
  {
    weight: 2,
    arbitrary: constantFrom('$v', '"$v"', '${v}', '"a $v b"', '"${v}x"', '$w', '"$w$v"', '"\\$w"', '"$w\\\\"', "'$v'"),
  },
  {
    weight: 2,
    arbitrary: constantFrom(
      '${w##*/}',
      '"${w%.ts}"',
      '${w%%/*}',
      '"${w#*/}"',
      '${w/src/lib}',
      '"${w//s/x}"',
      '${w^^}',
      '"${w:0:3}"',
      '"${v%q*}"',
      '${v#p }',
      '${w:-x}',
      '${w%?ts}',
      '"${w/$v}"',
      '${w@Q}',
      "$'a\\tb'",
      "$'\\''",
      "$'\\x41'",
      "$'*\\\\'",
      '#x',
      'a#',
      '^!',
    ),
  },
  { weight: 1, arbitrary: string({ unit: 'grapheme', maxLength: 2 }) },
);
const word = array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));

function wordsOf(line: string): Word[] | undefined {
  const script = parse(`x ${line}`);
  const [statement, ...others] = script.commands;
  if (statement?.command.type !== 'Command' || others.length > 0 || (script.errors?.length ?? 0) > 0) return undefined;
  const { name, prefix, suffix } = statement.command;
  const words = suffix.filter((part): part is Word => part.type === 'Word');
  const whole = words.length === suffix.length && prefix.length === 0 && name?.text === 'x';
  // The parser overlooks some signs; the gate takes no line where anything else stands between the words.
  let from = 1;
  const between = words.map(({ pos, end }) => {
    const signs = `x ${line}`.slice(from, pos);
    from = end;
    return signs;
  });
  const rest = [...between, `x ${line}`.slice(from)].join('');
  return whole && rest.trim() === '' ? words : undefined;
}

/** What the line itself would have set before. */
const scope: Scope = new Map([
  ['v', { kind: 'known', text: 'p q*' }],
  ['w', { kind: 'known', text: 'src/a.ts' }],
]);

/** What the gate reads; undefined where it reads nothing, or where names of files decide. */
function readLine(line: string): string[] | undefined {
  const words = wordsOf(line)?.map((each) => readWord(each, { scope }));
  if (words === undefined || words.length === 0) return undefined;
  const found: string[] = [];
  for (const each of words) {
    if (each === undefined || each.some(({ glob }) => glob)) return undefined;
    found.push(...each.map(({ text }) => text));
  }
  return found;
}

describe.skipIf(process.platform === 'win32')('words', () => {
  test('are read as a real bash reads them', { timeout: 3_600_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-words-'));
    try {
      const lines = new Map<string, string[]>();
      for (let seed = 0; lines.size < lists; seed++) {
        for (const words of sample(array(word, { minLength: 1, maxLength: 4 }), { numRuns: 5000, seed })) {
          const line = words.join(' ');
          // `$?` is a number, whichever; a line feed ends the command.
          if (line.includes('$?') || /[\0\r\n]/.test(line) || lines.size >= lists) continue;
          const read = readLine(line);
          if (read !== undefined) lines.set(line, read);
        }
      }
      // The mark stands first: what comes behind `#` would be a comment.
      const script = ["v='p q*'; w=src/a.ts", ...[...lines.keys()].map((line) => `printf '%s\\0' $'\\1' ${line}`)].join(
        '\n',
      );
      const ran = spawnSync('bash', ['--noprofile', '--norc'], {
        cwd: folder,
        input: script,
        encoding: 'utf8',
        maxBuffer: 2 ** 30,
        env: { PATH: process.env['PATH'], HOME: '/home/me', LC_ALL: 'C.UTF-8' },
      });
      const printed = ran.stdout.split('\u0001\0').slice(1);
      const real = printed.map((each) => each.split('\0').slice(0, -1));
      expect(real.length, `${[...lines.keys()][real.length]}\n${ran.stderr}`).toBe(lines.size);
      for (const [at, [line, read]] of [...lines].entries()) expect(read, line).toEqual(real[at]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
