import type { Form, Given } from '../form.ts';
import { readJavaScript } from '../inline/javascript.ts';
import { type Inner, type Program, readForms, type Reading } from '../program.ts';
import { javascriptBuilds } from './javascriptBuilds.ts';
import { javascriptChecks } from './javascriptChecks.ts';
import { javascriptTests } from './javascriptTests.ts';
import { packageManagers } from './packageManagers.ts';
import { checkingScript, list, readHelp, version } from './shared.ts';

/** Modules with which a test is translated, or given a page: nothing of them is the repository's own. */
const loaders = list(
  `tsx tsx/esm tsx/cjs ts-node/esm ts-node/register ts-node/register/transpile-only @swc-node/register @swc-node/register/esm
   @swc-node/register/esm-register esbuild-register esm-loader @babel/register global-jsdom/register jsdom-global/register source-map-support/register`,
);
const tools = new Set([...javascriptTests, ...javascriptChecks].flatMap(({ names }) => names));
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
    'experimental-vm-modules',
    'no-deprecation',
    'trace-warnings',
  ],
  values: {
    import: loaders,
    loader: loaders,
    'experimental-loader': loaders,
    r: loaders,
    require: loaders,
    'max-old-space-size': 'number',
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
/** A known tool by the file in which it begins: `node node_modules/jest/bin/jest.js`. */
const toolFile =
  /^(?:\.\/)?node_modules\/(?:\.bin\/([\w-]+)|(jest|mocha|vitest|eslint|prettier|ava)\/(?:bin\/)?[\w-]+\.[cm]?js|(typescript)\/(?:bin|lib)\/tsc(?:\.js)?)$/;
const nodeFlags =
  /^--(?:experimental-vm-modules|no-warnings|enable-source-maps|trace-warnings|max-old-space-size=\d+|experimental-strip-types)$/;

function nodeTool(words: readonly Given[]): Inner | undefined {
  const at = words.findIndex(({ text }) => !nodeFlags.test(text));
  const [, bin, own, typescript] = toolFile.exec(words[at]?.text ?? '') ?? [];
  const found = typescript === undefined ? (bin ?? own) : 'tsc';
  if (found === undefined || words[at]?.glob !== false || !tools.has(found)) return undefined;
  return { words: [{ text: `node_modules/.bin/${found}`, glob: false }, ...words.slice(at + 1)], does: 'runs' };
}

const nodeVersion = version('looks', '--version', '-v');

/** A program that stands in the line. Behind it node would look for more options of its own. */
function readText(words: readonly Given[]): Reading | undefined {
  const at = words.findIndex(({ text }) => !nodeFlags.test(text) && !/^--input-type=(?:commonjs|module)$/.test(text));
  const [option, text, ...others] = words.slice(at === -1 ? words.length : at);
  if (
    !/^(?:-e|--eval|-p|--print|-pe)$/.test(option?.text ?? '') ||
    text === undefined ||
    text.glob ||
    others.length > 0
  ) {
    return undefined;
  }
  const paths = readJavaScript(text.text);
  return paths === undefined ? undefined : { paths, does: 'runs' };
}

const node: Program = {
  names: ['node'],
  runs: nodeTool,
  read: (words) =>
    nodeVersion(words) ??
    readText(words) ??
    readHelp(words, /\.[cm]?[jt]s$/) ??
    readForms(words.some(({ text }) => text === '--check' || text === '-c') ? nodeCheck : nodeTest, words),
  match: [
    'node --version',
    'node -v',
    'node -p "require(\'./package.json\').version"',
    'node -e "for (const [k, v] of Object.entries(require(\'./a.json\').dependencies || {})) console.log(k.padEnd(30), v)"',
    'node scripts/report.mjs --help',
    'node --check src/cart.js',
    'node -c src/cart.js',
    'node --test',
    'node --test test/*.test.js',
    "node --test --test-name-pattern='adds two' test/cart.test.js",
    'node --experimental-strip-types --test --test-reporter=dot',
    'node --test --experimental-test-coverage src',
    'node --import tsx --test tests/*.test.ts',
    'node --test -r ts-node/register test/a.ts',
    'node --experimental-vm-modules node_modules/jest/bin/jest.js --runInBand',
    'node node_modules/.bin/vitest run',
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
    'node node_modules/.bin/evil',
    'node node_modules/evil/index.js',
    'node --require ./evil.js node_modules/.bin/jest',
    'node --import=tsx x.ts',
    'node --import tsx,./evil --test',
    'node --loader ./evil.mjs --test',
    'node node_modules/.bin/jest --config evil.js',
  ],
};

const tsx: Program = {
  names: ['tsx'],
  forms: {
    ...nodeTest,
    long: [...(nodeTest.long ?? []), 'no-cache'],
    values: { ...nodeTest.values, tsconfig: 'read' },
  },
  read: version('runs', '--version', '-v'),
  match: ['tsx --test tests/unit/*.ts', 'tsx --test --test-reporter=dot', 'tsx --version'],
  noMatch: [
    'tsx',
    'tsx x.ts',
    'tsx watch x.ts',
    'tsx x.ts --test',
    "tsx -e 'x'",
    'tsx --test --import ./evil.ts',
    'tsx --env-file=.env --test',
    'tsx --test ../x.ts',
  ],
};

const denoFiles = new Set(['test', 'bench', 'check', 'lint', 'fmt', 'doc', 'info']);
const denoFlags = ['quiet', 'no-check', 'no-remote', 'no-npm', 'cached-only', 'json'];
/** What Deno lets a test do. The sandbox lets it do no more. */
const permissions = list(
  'allow-all allow-read allow-write allow-env allow-net allow-run allow-sys allow-ffi allow-import no-prompt',
);
const permitted = Object.fromEntries(permissions.slice(1, -1).map((each) => [each, 'text' as const]));
const denoTest: Form = {
  does: 'runs',
  parser: 'loose',
  flags: 'qAEN',
  long: [
    ...denoFlags,
    ...permissions,
    ...list('parallel fail-fast doc trace-leaks shuffle no-run permit-no-files coverage clean unstable-kv'),
  ],
  values: { ...permitted, filter: 'text', reporter: ['pretty', 'dot', 'junit', 'tap'] },
  operands: 'read',
};
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
      test: denoTest,
      check: { does: 'runs', parser: 'loose', flags: 'q', long: denoFlags, operands: 'read' },
      lint: {
        does: 'runs',
        parser: 'loose',
        flags: 'q',
        long: [...denoFlags, 'compact', 'rules'],
        operands: 'read',
      },
      fmt: { does: 'runs', parser: 'loose', flags: 'q', long: ['check', 'quiet'], needs: ['check'], operands: 'read' },
      task: { does: 'runs', parser: 'loose', operands: { first: [checkingScript] } },
      doc: { does: 'runs', parser: 'loose', long: denoFlags, values: { filter: 'text' }, operands: 'read' },
      info: { does: 'runs', parser: 'loose', long: denoFlags, operands: 'read' },
      bench: { ...denoTest, long: [...(denoTest.long ?? []), 'json'] },
    },
  },
  match: [
    'deno --version',
    'deno test',
    'deno test src/cart_test.ts --filter adds',
    'deno check src',
    'deno lint',
    'deno test -A',
    'deno test --allow-read=src --allow-env',
    'deno info',
    'deno task',
    'deno fmt --check',
    'deno task test',
  ],
  noMatch: [
    'deno run x.ts',
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

export const javascript: readonly Program[] = [
  node,
  tsx,
  deno,
  ...packageManagers,
  ...javascriptTests,
  ...javascriptChecks,
  ...javascriptBuilds,
];
