import type { Form } from '../form.ts';
import { type Program, readForms } from '../program.ts';
import { javascriptChecks } from './javascriptChecks.ts';
import { javascriptTests } from './javascriptTests.ts';
import { packageManagers } from './packageManagers.ts';
import { checkingScript, version } from './shared.ts';

const reporters = ['spec', 'tap', 'dot', 'junit', 'lcov'];
/** Behind a file stand the options of that file: `node x.js --check` runs it. */
const nodeCheck: Form = {
  flags: 'c',
  long: ['check', 'experimental-strip-types', 'no-warnings'],
  parser: 'loose',
  optionsFirst: true,
  // It looks for the file as `require` does, with other endings, and prints the lines of what it finds.
  does: 'runs',
  needs: ['check', 'c'],
  operands: { rest: 'read', least: 1 },
};
const nodeTest: Form = {
  does: 'runs',
  long: [
    'test',
    'test-only',
    'test-force-exit',
    'experimental-test-coverage',
    'experimental-test-module-mocks',
    'experimental-strip-types',
    'experimental-transform-types',
    'no-warnings',
    'enable-source-maps',
    'trace-warnings',
  ],
  values: {
    'test-name-pattern': 'text',
    'test-skip-pattern': 'text',
    'test-reporter': reporters,
    'test-reporter-destination': ['stdout', 'stderr'],
    'test-concurrency': 'number',
    'test-timeout': 'number',
    'test-shard': /^\d+\/\d+$/,
    'test-isolation': ['none', 'process'],
    'experimental-test-isolation': ['none', 'process'],
    'test-coverage-include': 'text',
    'test-coverage-exclude': 'text',
    'test-coverage-lines': 'number',
    'test-coverage-branches': 'number',
    'test-coverage-functions': 'number',
  },
  parser: 'loose',
  optionsFirst: true,
  needs: ['test'],
  operands: 'read',
};
const nodeVersion = version('looks', '--version', '-v');

const node: Program = {
  names: ['node'],
  read: (words) =>
    nodeVersion(words) ??
    readForms(words.some(({ text }) => text === '--check' || text === '-c') ? nodeCheck : nodeTest, words),
  match: [
    'node --version',
    'node -v',
    'node --check src/cart.js',
    'node -c src/cart.js',
    'node --test',
    'node --test test/*.test.js',
    "node --test --test-name-pattern='adds two' test/cart.test.js",
    'node --experimental-strip-types --test --test-reporter=dot',
    'node --test --experimental-test-coverage src',
  ],
  noMatch: [
    'node',
    'node x.js',
    'node -v x.js',
    'node x.js --test',
    'node x.js --check',
    'node -- x.js --check',
    'node --check',
    'node --check --require=./evil.js x.js',
    "node -e 'x'",
    "node -p 'x'",
    "node --test -e 'x'",
    'node --test -r ./evil.js',
    'node --import ./evil.mjs --test',
    'node --env-file=.env --test',
    'node --test --watch',
    'node --test --test-update-snapshots',
    'node --test --test-reporter=./evil.js',
    'node --test --test-reporter-destination=out.txt',
    'node --test --test-global-setup=./evil.js',
    'node --test --inspect',
    'node --test --test-name-pattern --import=./evil.mjs',
    'node --test ../other',
    'node --run test',
  ],
};

const denoFiles = new Set(['test', 'check', 'lint', 'fmt']);
const denoFlags = ['quiet', 'no-check', 'no-remote', 'no-npm', 'cached-only', 'json'];
const deno: Program = {
  names: ['deno'],
  // An operand may be an address: code from elsewhere, as far as it was fetched before.
  read: (words) =>
    version('looks', '--version', '-V')(words) ??
    (denoFiles.has(words[0]?.text ?? '') && words.some(({ text }) => /^[a-z][a-z0-9+.-]*:/i.test(text))
      ? { paths: [], does: 'asks' }
      : undefined),
  forms: {
    commands: {
      test: {
        does: 'runs',
        parser: 'loose',
        flags: 'q',
        long: [
          ...denoFlags,
          'parallel',
          'fail-fast',
          'doc',
          'trace-leaks',
          'shuffle',
          'no-run',
          'permit-no-files',
          'coverage',
        ],
        values: { filter: 'text', reporter: ['pretty', 'dot', 'junit', 'tap'] },
        operands: 'read',
      },
      check: { does: 'runs', parser: 'loose', flags: 'q', long: denoFlags, operands: 'read' },
      lint: {
        does: 'runs',
        parser: 'loose',
        flags: 'q',
        long: [...denoFlags, 'compact', 'rules'],
        operands: 'read',
      },
      fmt: { does: 'runs', parser: 'loose', flags: 'q', long: ['check', 'quiet'], needs: ['check'], operands: 'read' },
      task: { does: 'runs', parser: 'loose', operands: { first: [checkingScript], least: 1 } },
    },
  },
  match: [
    'deno --version',
    'deno test',
    'deno test src/cart_test.ts --filter adds',
    'deno check src',
    'deno lint',
    'deno fmt --check',
    'deno task test',
  ],
  noMatch: [
    'deno run x.ts',
    'deno test -A',
    'deno test --allow-read',
    'deno test https://example.org/x.ts',
    'deno test npm:evil',
    'deno test --watch',
    'deno test --config evil.json',
    'deno test --import-map=evil.json',
    'deno fmt',
    'deno lint --fix',
    'deno task dev',
    "deno eval 'x'",
    'deno install x',
  ],
};

export const javascript: readonly Program[] = [node, deno, ...packageManagers, ...javascriptTests, ...javascriptChecks];
