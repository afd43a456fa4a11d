import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { array, constantFrom, letrec, oneof, sample, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { explain, type Standing } from '../../../../src/node/explain.ts';

/** So many different lines that are allowed are run; more with DROVER_LINES. */
const wanted = Number(process.env['DROVER_LINES'] ?? 150);

const word = oneof(
  { weight: 4, arbitrary: constantFrom('a.ts', 'sub/a.ts', './b.ts', "'c d.ts'", 'sub', '.', 'deep') },
  { weight: 3, arbitrary: constantFrom('*.ts', '[ab].ts', 'sub/*', '{a,b}.ts', 'x{1..2}', '*', 'sub/deep/*.ts') },
  {
    weight: 4,
    arbitrary: constantFrom('$f', '"$f"', '${f}', '"${g}/a.ts"', '"$g"', '$g', '$h', '"$h.ts"', '"$(pwd)"'),
  },
  { weight: 2, arbitrary: constantFrom('../out.txt', '.env', '.e*', '..', '/etc/passwd', 'sub/../../out.txt', 'link') },
  {
    weight: 1,
    arbitrary: constantFrom(
      '"$(cat a.ts)"',
      '`echo a.ts`',
      '<(cat a.ts)',
      '<(cat .env)',
      '""',
      '-n',
      '-',
      '--',
      '"$@"',
      '$?',
      '${f%.ts}',
      '"${g##*/}"',
      '"$f/a.ts"',
      '$f/a.ts',
      '$f.ts',
      '"sub/$f"',
      '$g/*.ts',
      '"$PWD/a.ts"',
      '$(pwd)/.env',
      '"$(dirname sub/a.ts)"',
      '"${k[@]}"',
      '~/out.txt',
      '"$HOME/shop/a.ts"',
    ),
  },
);
const reader = constantFrom('cat', 'head', 'wc', 'cat -n', 'sort', 'head -n 2', 'uniq', 'basename', 'test -f', '[ -f');
const simple = tuple(reader, array(word, { minLength: 1, maxLength: 3 })).map(
  ([program, words]) => `${program} ${words.join(' ')}${program.startsWith('[') ? ' ]' : ''}`,
);
const search = tuple(
  constantFrom('find . ', 'find sub ', 'find ', 'find sub deep ', 'find .. '),
  array(
    constantFrom(
      '-type f ',
      "-name '*.ts' ",
      '! -name .env ',
      '-name deep -prune -o ',
      "-not -path '*/deep/*' ",
      '-name .env ',
      '-print0 ',
      "-name 'a*' -o ",
      '-prune ',
    ),
    {
      maxLength: 3,
    },
  ),
  constantFrom(
    '-exec cat {} +',
    '-exec head -n 1 {} \\;',
    '| xargs cat',
    '| xargs -0 cat',
    '| xargs -I{} wc -l {}',
    '',
  ),
  constantFrom('', '', ' | head -n 2', ' | grep -v b | xargs wc'),
).map(([start, tests, end, more]) => start + tests.join('') + end + more);

const { list } = letrec<{ list: string; part: string }>((tie) => {
  const inner = tie('list');
  return {
    part: oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 8, arbitrary: simple },
      { weight: 3, arbitrary: search },
      {
        weight: 2,
        arbitrary: constantFrom(
          'cd sub',
          'cd deep',
          'cd ..',
          'cd sub/deep',
          'cd "$g"',
          'true',
          'false',
          'set -e',
          'cd -',
          'cd ../sub',
          'cd sub/..',
          'cd ../..',
          'pushd sub',
          'popd',
          'pushd deep',
          'cd "$(pwd)"',
          'cd lead',
          'cd ../deep',
          'cd nowhere',
        ),
      },
      {
        weight: 2,
        arbitrary: tuple(constantFrom('f', 'g', 'h', 'IFS', 'PWD'), word).map(([name, value]) => `${name}=${value}`),
      },
      {
        weight: 1,
        arbitrary: array(word, { minLength: 1, maxLength: 2 }).map((words) => `k=(${words.join(' ')})`),
      },
      { weight: 1, arbitrary: inner.map((body) => `bash -c '${body.replaceAll("'", String.raw`'\\''`)}'`) },
      {
        weight: 1,
        arbitrary: tuple(word, inner).map(([each, body]) => `case ${each} in a*|sub) ${body};; *) ${body};; esac`),
      },
      { weight: 1, arbitrary: tuple(simple, word).map(([body, each]) => `${body} <<< ${each}`) },
      { weight: 1, arbitrary: tuple(simple, word).map(([body, each]) => `${body} <<'E'\n${each}\nE\n`) },
      {
        weight: 2,
        arbitrary: tuple(constantFrom('find . -type f', 'find sub', 'cat a.ts'), inner).map(
          ([from, body]) => `while read f; do ${body}; done < <(${from})`,
        ),
      },
      { weight: 1, arbitrary: tuple(reader, word).map(([program, each]) => `${program} \\\n ${each}`) },
      { weight: 2, arbitrary: inner.map((body) => `(${body})`) },
      { weight: 1, arbitrary: inner.map((body) => `{ ${body}; }`) },
      {
        weight: 4,
        arbitrary: tuple(constantFrom('f', 'g', 'h'), array(word, { minLength: 1, maxLength: 2 }), inner).map(
          ([name, words, body]) => `for ${name} in ${words.join(' ')}; do ${body}; done`,
        ),
      },
      {
        weight: 2,
        arbitrary: tuple(word, constantFrom('sub', 'deep', 'sub/deep'), simple).map(
          ([each, folder, body]) => `for f in ${each}; do (cd ${folder} && ${body}); done`,
        ),
      },
      {
        weight: 2,
        arbitrary: tuple(constantFrom('find . -type f', 'find sub', 'cat a.ts', 'find deep | grep -v env'), inner).map(
          ([from, body]) => `${from} | while read -r f; do ${body}; done`,
        ),
      },
      { weight: 2, arbitrary: tuple(inner, inner).map(([head, body]) => `if ${head}; then ${body}; fi`) },
      { weight: 1, arbitrary: word.map((each) => `[[ -f ${each} ]]`) },
      { weight: 1, arbitrary: tuple(word, word).map(([one, other]) => `[[ ${one} == ${other} ]]`) },
    ),
    list: tuple(
      tie('part'),
      array(tuple(constantFrom('; ', ' && ', ' || ', ' | ', '\n'), tie('part')), { maxLength: 2 }),
    ).map(([first, others]) => first + others.map((each) => each.join('')).join('')),
  };
});

/** What a stand-in for a reader was given, each word with the folder that it was given in. */
function readers(journal: string): { program: string; folder: string; words: string[] }[] {
  return readdirSync(journal).map((name) => {
    const record = readFileSync(join(journal, name), 'utf8');
    rmSync(join(journal, name));
    const [program = '', folder = '', ...words] = record.split('\0').slice(0, -1);
    return { program, folder, words };
  });
}

test.skipIf(process.platform === 'win32')(
  'a real bash gives the readers of an allowed line no file that would have been asked about',
  { timeout: 3_600_000 },
  async () => {
    const base = realpathSync(mkdtempSync(join(tmpdir(), 'drover-lines-')));
    try {
      const root = join(base, 'shop');
      for (const name of [
        'a.ts',
        'b.ts',
        'c d.ts',
        'sub/a.ts',
        'sub/-n',
        'sub/deep/e.ts',
        'deep/a.ts',
        'deep/.env',
        '.env',
        '../out.txt',
        'x1',
      ]) {
        mkdirSync(dirname(join(root, name)), { recursive: true });
        writeFileSync(join(root, name), 'x\n');
      }
      symlinkSync('../out.txt', join(root, 'link'));
      // Its `..` is another one by name than by where it leads.
      mkdirSync(join(base, 'elsewhere/sub'), { recursive: true });
      writeFileSync(join(base, 'elsewhere/a.ts'), 'x\n');
      symlinkSync('sub/deep', join(root, 'lead'));
      const bin = join(base, 'bin');
      const journal = join(base, 'journal');
      mkdirSync(bin);
      mkdirSync(journal);
      for (const program of ['cat', 'head', 'wc', 'sort', 'uniq']) {
        const path = join(bin, program);
        // A file for each, as the parts of a pipeline run at once.
        writeFileSync(path, `#!/bin/bash\nprintf '%s\\0' ${program} "$PWD" "$@" > '${journal}'/$$-$RANDOM\n`);
        chmodSync(path, 0o755);
      }
      const standing: Standing = {
        roots: [root],
        policy: { trusted: true, execute: 'ask', edits: 'ask', contained: true, home: base },
      };
      const ran = new Set<string>();
      let read = 0;
      for (let seed = 0; ran.size < wanted; seed++) {
        for (const line of sample(list, { numRuns: 500, seed })) {
          if (ran.size >= wanted || ran.has(line)) continue;
          const verdict = await explain('bash', JSON.stringify({ command: line }), standing);
          if (verdict.decision !== 'allow') continue;
          ran.add(line);
          const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: base, LC_ALL: 'C.UTF-8' };
          spawnSync('/bin/bash', ['--noprofile', '--norc', '-c', line], { cwd: root, env, input: '', timeout: 20_000 });
          for (const { program, folder, words } of readers(journal)) {
            expect(folder.startsWith(root), line).toBe(true);
            for (const each of words.filter((given) => !/^-|^\/dev\/fd\//.test(given))) {
              const path = resolve(folder, each);
              // Of names that are listed for it `wc` shows how many lines there are, and none of them.
              const holds = program !== 'wc' && (path.endsWith('/.env') || path === join(root, 'link'));
              const secret = holds || !path.startsWith(root);
              expect(secret, `${line}\n${program} ${words.join(' ')} in ${folder}`).toBe(false);
              read++;
            }
          }
        }
      }
      expect(read).toBeGreaterThan(wanted / 3);
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  },
);
