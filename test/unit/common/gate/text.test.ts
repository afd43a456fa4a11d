import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, constantFrom, oneof, sample } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onlyPrints as awkPrints } from '../../../../src/common/gate/programs/awk.ts';
import { onlyPrints as sedPrints } from '../../../../src/common/gate/programs/sed.ts';

/** So many programs of each kind are tried; more with DROVER_PROGRAMS. */
const programs = Number(process.env['DROVER_PROGRAMS'] ?? 1500);

const awkText = array(
  oneof(
    { weight: 4, arbitrary: constantFrom('{', '}', 'print ', 'print', '$1', 'x', '1', ';', ' ', ',', '(', ')', '\n') },
    {
      weight: 3,
      arbitrary: constantFrom('/', '/a/', '"', '"f"', '>', '> "f"', '| "cat > f"', '|', '>>', '++', 'length', '='),
    },
    {
      weight: 1,
      arbitrary: constantFrom('if (1) ', 'else ', 'getline', 'system("touch f")', '[', ']', '~', '!', '#', '\\'),
    },
  ),
  { minLength: 2, maxLength: 12 },
).map((parts) => `BEGIN { ${parts.join('')} }`);

const sedText = array(
  oneof(
    {
      weight: 4,
      arbitrary: constantFrom('s', '/', '|', ',', 'a', 'p', 'd', ';', '{', '}', '\n', '1', '$', '!', ' ', 'g', '\\'),
    },
    {
      weight: 3,
      arbitrary: constantFrom(
        's/a/b/',
        's|a|b|',
        'w f',
        'w f\n',
        'e',
        'e touch f',
        'r f',
        'y/a/b/',
        ':a',
        'ba',
        '[',
        ']',
        '[/]',
      ),
    },
  ),
  { minLength: 1, maxLength: 8 },
).map((parts) => parts.join(''));

/** Runs what is said only to print, in a folder in which nothing may appear then. */
function runAll(run: (text: string, folder: string) => void, texts: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'drover-text-'));
  const wrong: string[] = [];
  try {
    writeFileSync(join(folder, 'a'), 'a b\na\n');
    for (const text of texts) {
      run(text, folder);
      if (readdirSync(folder).length === 1) continue;
      wrong.push(text);
      for (const name of readdirSync(folder)) if (name !== 'a') rmSync(join(folder, name), { recursive: true });
    }
    return wrong;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const options = (folder: string) => ({
  cwd: folder,
  input: 'a\n',
  timeout: 2000,
  maxBuffer: 2 ** 16,
  killSignal: 'SIGKILL' as const,
});

describe.skipIf(process.platform === 'win32')('a program that is said only to print leaves nothing behind', () => {
  test('of awk, as far as it is there', { timeout: 3_600_000 }, () => {
    const texts = [...new Set(sample(awkText, { numRuns: programs, seed: 3 }))].filter((text) => awkPrints(text));
    expect(texts.length).toBeGreaterThan(20);
    const names = ['mawk', 'gawk', 'original-awk', 'awk'].filter((name) => spawnSync(name, ['BEGIN{}']).status === 0);
    for (const name of names.slice(0, 1)) {
      expect(
        runAll((text, folder) => spawnSync(name, [text, 'a'], options(folder)), texts),
        name,
      ).toEqual([]);
    }
  });

  test('of sed', { timeout: 3_600_000 }, () => {
    const texts = [...new Set(sample(sedText, { numRuns: programs, seed: 3 }))].filter((text) => sedPrints(text));
    expect(texts.length).toBeGreaterThan(20);
    for (const own of [[], ['-n'], ['-E']]) {
      expect(
        runAll((text, folder) => spawnSync('sed', [...own, text, 'a'], options(folder)), texts.slice(0, programs / 20)),
        own[0],
      ).toEqual([]);
    }
  });
});
