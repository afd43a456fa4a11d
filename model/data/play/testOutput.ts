// What test runners print, in their true forms; times and values are drawn.
import { posix } from 'node:path';
import { pascal, snake } from '../english.ts';
import { Random } from '../random.ts';
import { FreshWords } from '../words.ts';
import type { TestFacts, Workspace } from '../workspace/workspace.ts';
import type { Printed } from './chat.ts';

/** The output of a test run, and what it says. */
export interface TestRun extends Printed {
  passed: number;
  failed: string[];
}

interface One {
  file: string;
  name: string;
  fails: boolean;
}

/** @param share how likely one test fails */
export function testRun(workspace: Workspace, tests: TestFacts, random: Random, share: number): TestRun {
  const cases = tests.files.flatMap(({ path, names }) =>
    names.map((name): One => ({ file: path, name, fails: random.chance(share) })),
  );
  cases.push(...moreCases(workspace, cases, random, share));
  const failed = cases.filter(({ fails }) => fails);
  const print = printers[tests.runner];
  const output = print(cases, failed, random, workspace);
  const code = failed.length === 0 ? 0 : tests.runner === 'cargo' ? 101 : tests.runner === 'make' ? 2 : 1;
  return { output, code, passed: cases.length - failed.length, failed: failed.map(({ name }) => name) };
}

/** Tests of files that nobody reads here, so that numbers are read and not guessed; the same in every run. */
function moreCases(workspace: Workspace, [like]: readonly One[], random: Random, share: number): One[] {
  const own = new Random(`${workspace.name} more tests`);
  if (like === undefined || own.chance(0.35)) return [];
  const fresh = new FreshWords(own);
  return Array.from({ length: own.int(1, 18) }, () => {
    const words = `${fresh.next()} ${fresh.next()}`;
    const name = like.name.startsWith('test_')
      ? `test_${snake(words)}`
      : /^Test[A-Z]/.test(like.name)
        ? `Test${pascal(words)}`
        : /^\w+$/.test(like.name)
          ? snake(words)
          : `${words} ${own.pick(['is right', 'works', 'comes first', 'is empty', 'gives a list'])}`;
    return { file: like.file, name, fails: random.chance(share / 8) };
  });
}

type Printer = (cases: readonly One[], failed: readonly One[], random: Random, workspace: Workspace) => string;

function wrapper(workspace: Workspace): string {
  const manifest = JSON.parse(workspace.files.get('package.json') ?? '{}') as {
    name?: string;
    version?: string;
    scripts?: Record<string, string>;
  };
  return `\n> ${manifest.name}@${manifest.version} test\n> ${manifest.scripts?.['test'] ?? 'node --test'}\n\n`;
}

/** Whose machine it is: the same in every run. */
function userOf({ name }: Workspace): string {
  return ['kim', 'lee', 'ana', 'dev', 'noor'][name.length % 5] ?? 'dev';
}

function milliseconds(random: Random, most: number): string {
  return (random.int(10, most * 100) / 100 + random.int(0, 99) / 10_000).toString().slice(0, 8);
}

function byFile(cases: readonly One[]): [string, One[]][] {
  return [...Map.groupBy(cases, ({ file }) => file)];
}

const values = (random: Random): [number, number] => {
  const left = random.int(0, 120);
  return [left, left + random.int(1, 40)];
};

const node: Printer = (cases, failed, random, workspace) => {
  const lines = cases.map(({ name, fails }) => `${fails ? '✖' : '✔'} ${name} (${milliseconds(random, 3)}ms)`);
  const totals = [
    `ℹ tests ${cases.length}`,
    'ℹ suites 0',
    `ℹ pass ${cases.length - failed.length}`,
    `ℹ fail ${failed.length}`,
    'ℹ cancelled 0',
    'ℹ skipped 0',
    'ℹ todo 0',
    `ℹ duration_ms ${milliseconds(random, 90)}`,
  ];
  const details = failed.flatMap(({ file, name }) => {
    const [got, wanted] = values(random);
    return [
      '',
      `test at ${file}:${random.int(5, 20)}:1`,
      `✖ ${name} (${milliseconds(random, 3)}ms)`,
      '  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:',
      '  ',
      `  ${got} !== ${wanted}`,
    ];
  });
  return `${wrapper(workspace)}${[...lines, ...totals, ...(failed.length > 0 ? ['', '✖ failing tests:', ...details] : [])].join('\n')}\n`;
};

const vitest: Printer = (cases, failed, random, workspace) => {
  const files = byFile(cases);
  const lines = files.map(([file, list]) => {
    const bad = list.filter(({ fails }) => fails);
    const head = ` ${bad.length > 0 ? '❯' : '✓'} ${file} (${list.length} test${list.length === 1 ? '' : 's'}${bad.length > 0 ? ` | ${bad.length} failed` : ''}) ${random.int(2, 19)}ms`;
    return [head, ...bad.map(({ name }) => `   × ${name} ${random.int(1, 9)}ms`)].join('\n');
  });
  const details = failed.map(({ file, name }) => {
    const [got, wanted] = values(random);
    return ` FAIL  ${file} > ${name}\nAssertionError: expected ${got} to be ${wanted} // Object.is equality\n ❯ ${file}:${random.int(5, 20)}:${random.int(10, 40)}\n`;
  });
  const badFiles = files.filter(([, list]) => list.some(({ fails }) => fails)).length;
  const count = (bad: number, all: number): string =>
    bad === 0 ? `${all} passed (${all})` : `${bad} failed${all > bad ? ` | ${all - bad} passed` : ''} (${all})`;
  return `${wrapper(workspace)}\n RUN  v3.${workspace.name.length % 3}.${workspace.name.length % 10} /home/${userOf(workspace)}/${workspace.name}\n\n${lines.join('\n')}\n\n${details.length > 0 ? `⎯⎯⎯ Failed Tests ${failed.length} ⎯⎯⎯\n\n${details.join('\n')}\n` : ''} Test Files  ${count(badFiles, files.length)}\n      Tests  ${count(failed.length, cases.length)}\n   Start at  ${random.int(10, 23)}:${random.int(10, 59)}:${random.int(10, 59)}\n   Duration  ${random.int(200, 900)}ms\n`;
};

const jest: Printer = (cases, failed, random, workspace) => {
  const files = byFile(cases);
  const blocks = files.map(([file, list]) => {
    const bad = list.filter(({ fails }) => fails);
    const suite = posix.basename(file).replace(/\..*$/, '');
    const details = bad.map(({ name }) => {
      const [got, wanted] = values(random);
      return `  ● ${suite} › ${name}\n\n    expect(received).toBe(expected) // Object.is equality\n\n    Expected: ${wanted}\n    Received: ${got}\n`;
    });
    return `${bad.length > 0 ? 'FAIL' : 'PASS'} ${file}\n${details.join('\n')}`;
  });
  const badFiles = files.filter(([, list]) => list.some(({ fails }) => fails)).length;
  const count = (bad: number, all: number): string =>
    `${bad > 0 ? `${bad} failed, ` : ''}${all > bad ? `${all - bad} passed, ` : ''}${all} total`;
  return `${wrapper(workspace)}${blocks.join('\n')}\nTest Suites: ${count(badFiles, files.length)}\nTests:       ${count(failed.length, cases.length)}\nSnapshots:   0 total\nTime:        0.${random.int(200, 900)} s\nRan all test suites.\n`;
};

const mocha: Printer = (cases, failed, random, workspace) => {
  let number = 0;
  const lines = byFile(cases).flatMap(([file, list]) => [
    '',
    `  ${posix.basename(file).replace(/\..*$/, '')}`,
    ...list.map(({ name, fails }) => (fails ? `    ${++number}) ${name}` : `    ✔ ${name}`)),
  ]);
  const details = failed.flatMap(({ file, name }, index) => {
    const [got, wanted] = values(random);
    return [
      '',
      `  ${index + 1}) ${posix.basename(file).replace(/\..*$/, '')}`,
      `       ${name}:`,
      '',
      `      AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:`,
      '',
      `${got} !== ${wanted}`,
    ];
  });
  return `${wrapper(workspace)}${lines.join('\n')}\n\n\n  ${cases.length - failed.length} passing (${random.int(4, 40)}ms)${failed.length > 0 ? `\n  ${failed.length} failing\n${details.join('\n')}` : ''}\n`;
};

const pytest: Printer = (cases, failed, random, workspace) => {
  const { length } = workspace.name;
  const head = `============================= test session starts ==============================\nplatform linux -- Python 3.${10 + (length % 5)}.${length % 8}, pytest-8.${length % 4}.${length % 3}, pluggy-1.${4 + (length % 3)}.0\nrootdir: /home/${userOf(workspace)}/${workspace.name}\ncollected ${cases.length} item${cases.length === 1 ? '' : 's'}\n`;
  let done = 0;
  const rows = byFile(cases).map(([file, list]) => {
    done += list.length;
    const row = `${file} ${list.map(({ fails }) => (fails ? 'F' : '.')).join('')}`;
    return `${row.padEnd(73)}[${String(Math.round((done * 100) / cases.length)).padStart(3)}%]`;
  });
  const seconds = `0.0${random.int(1, 9)}s`;
  const bar = (text: string): string => text.padStart(Math.floor((80 + text.length) / 2), '=').padEnd(80, '=');
  if (failed.length === 0) return `${head}\n${rows.join('\n')}\n\n${bar(` ${cases.length} passed in ${seconds} `)}\n`;
  const details = failed.map(({ file, name }) => {
    const [got, wanted] = values(random);
    return {
      text: `${` ${name} `.padStart(Math.floor((82 + name.length) / 2), '_').padEnd(80, '_')}\n\n    def ${name}():\n>       assert ${got} == ${wanted}\nE       assert ${got} == ${wanted}\n\n${file}:${random.int(4, 20)}: AssertionError\n`,
      short: `FAILED ${file}::${name} - assert ${got} == ${wanted}`,
    };
  });
  const passed = cases.length - failed.length;
  return `${head}\n${rows.join('\n')}\n\n=================================== FAILURES ===================================\n${details.map(({ text }) => text).join('')}=========================== short test summary info ============================\n${details.map(({ short }) => short).join('\n')}\n${bar(` ${failed.length} failed${passed > 0 ? `, ${passed} passed` : ''} in ${seconds} `)}\n`;
};

const unittest: Printer = (cases, failed, random) => {
  const line = '-'.repeat(70);
  const details = failed.map(({ file, name }) => {
    const [got, wanted] = values(random);
    const module = file.replace(/\.py$/, '').replaceAll('/', '.');
    return `${'='.repeat(70)}\nFAIL: ${name} (${module}.${name})\n${line}\nTraceback (most recent call last):\n  File "/home/dev/${file}", line ${random.int(8, 30)}, in ${name}\n    self.assertEqual(${got}, ${wanted})\nAssertionError: ${got} != ${wanted}\n`;
  });
  return `${cases.map(({ fails }) => (fails ? 'F' : '.')).join('')}\n${details.length > 0 ? `${details.join('\n')}\n` : ''}${line}\nRan ${cases.length} test${cases.length === 1 ? '' : 's'} in 0.00${random.int(1, 9)}s\n\n${failed.length === 0 ? 'OK' : `FAILED (failures=${failed.length})`}\n`;
};

const goTest: Printer = (cases, failed, random, workspace) => {
  const module = `example.com/${workspace.name}`;
  return `${[...Map.groupBy(cases, ({ file }) => posix.dirname(file))]
    .map(([folder, list]) => {
      const name = folder === '.' ? module : `${module}/${folder}`;
      const bad = list.filter(({ fails }) => fails);
      if (bad.length === 0) return `ok  \t${name}\t0.00${random.int(1, 9)}s`;
      const details = bad.map((one) => {
        const [got, wanted] = values(random);
        return `--- FAIL: ${one.name} (0.00s)\n    ${posix.basename(one.file)}:${random.int(8, 30)}: got ${got}, want ${wanted}`;
      });
      return `${details.join('\n')}\nFAIL\nFAIL\t${name}\t0.00${random.int(1, 9)}s`;
    })
    .join('\n')}${failed.length > 0 ? '\nFAIL' : ''}\n`;
};

const cargo: Printer = (cases, failed, random) => {
  const rows = cases.map(({ name, fails }) => `test ${name} ... ${fails ? 'FAILED' : 'ok'}`);
  const details = failed.map(({ file, name }) => {
    const [got, wanted] = values(random);
    return `---- ${name} stdout ----\nthread '${name}' panicked at ${file}:${random.int(5, 25)}:5:\nassertion \`left == right\` failed\n  left: ${got}\n right: ${wanted}\n`;
  });
  const summary = `test result: ${failed.length > 0 ? 'FAILED' : 'ok'}. ${cases.length - failed.length} passed; ${failed.length} failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s`;
  return `    Finished \`test\` profile [unoptimized + debuginfo] target(s) in 0.${random.int(10, 90)}s\n\nrunning ${cases.length} test${cases.length === 1 ? '' : 's'}\n${rows.join('\n')}\n\n${details.length > 0 ? `failures:\n\n${details.join('\n')}\nfailures:\n${failed.map(({ name }) => `    ${name}`).join('\n')}\n\n` : ''}${summary}\n${failed.length > 0 ? 'error: test failed, to rerun pass `--test`\n' : ''}`;
};

const maven: Printer = (cases, failed, random) => {
  const rows = byFile(cases).map(([file, list]) => {
    const name = posix.basename(file, '.java');
    const bad = list.filter(({ fails }) => fails).length;
    return `[${bad > 0 ? 'ERROR' : 'INFO'}] Tests run: ${list.length}, Failures: ${bad}, Errors: 0, Skipped: 0, Time elapsed: 0.0${random.int(10, 90)} s -- in ${name}`;
  });
  const details = failed.map(({ file, name }) => {
    const [got, wanted] = values(random);
    return `[ERROR]   ${posix.basename(file, '.java')}.${name}:${random.int(8, 30)} expected: <${wanted}> but was: <${got}>`;
  });
  return `[INFO] Running tests\n${rows.join('\n')}\n${details.length > 0 ? `[ERROR] Failures:\n${details.join('\n')}\n` : ''}[INFO]\n[${failed.length > 0 ? 'ERROR' : 'INFO'}] Tests run: ${cases.length}, Failures: ${failed.length}, Errors: 0, Skipped: 0\n[INFO]\n[INFO] BUILD ${failed.length > 0 ? 'FAILURE' : 'SUCCESS'}\n`;
};

const make: Printer = (cases, failed, random) => {
  const marks = cases.map(({ fails }) => (fails ? 'F' : '.')).join('');
  const rows = `${marks.padEnd(72)}[100%]`;
  const short = failed.map(({ file, name }) => {
    const [got, wanted] = values(random);
    return `FAILED ${file}::${name} - assert ${got} == ${wanted}`;
  });
  const passed = cases.length - failed.length;
  return `python3 -m pytest -q\n${rows}\n${short.length > 0 ? `=========================== short test summary info ============================\n${short.join('\n')}\n${failed.length} failed${passed > 0 ? `, ${passed} passed` : ''} in 0.0${random.int(2, 9)}s\nmake: *** [Makefile:4: test] Error 1` : `${cases.length} passed in 0.0${random.int(2, 9)}s`}\n`;
};

const printers: Record<TestFacts['runner'], Printer> = {
  node,
  vitest,
  jest,
  mocha,
  pytest,
  unittest,
  go: goTest,
  cargo,
  maven,
  make,
};
