import { countLeading, type Form, type Given } from '../form.ts';
import type { Program, Reading } from '../program.ts';
import { javascriptBuilds } from './javascriptBuilds.ts';
import { javascriptChecks } from './javascriptChecks.ts';
import { javascriptTests } from './javascriptTests.ts';
import { linters } from './linters.ts';
import { asked, asksForHelp, checkingScript, given, innerProgram, list, packageName, version } from './shared.ts';

/**
 * Their settings in a repository name a registry, files to write to and even the program that is started in their place, and
 * most of their commands look for a newer version of themselves: so nothing of them only looks, except npm's version.
 */
const runs = { does: 'runs', parser: 'loose' } as const;

const tools = new Set([
  ...[...javascriptChecks, ...javascriptTests, ...javascriptBuilds, ...linters].flatMap(({ names }) => names),
  'tsx',
]);

const script: Form = { ...given, operands: { first: [checkingScript], rest: 'test', least: 1 }, after: given };
const test: Form = { ...given, after: given };

const npm: Form = {
  ...runs,
  flags: 's',
  long: [
    'silent',
    'quiet',
    'if-present',
    'workspaces',
    'include-workspace-root',
    'ignore-scripts',
    'foreground-scripts',
  ],
  exact: ['-ws', '-iwr'],
  values: {
    w: packageName,
    workspace: packageName,
    prefix: 'read',
    loglevel: ['silent', 'error', 'warn', 'notice', 'info'],
  },
};
const npmTest: Form = { ...npm, operands: 'test', after: given };
const npmRun: Form = { ...npmTest, operands: { first: [checkingScript], rest: 'test', least: 1 } };
const npmVersion = version('looks', '--version', '-v');

/** Without a name it tells which scripts there are. */
function readNpm(words: readonly Given[]): Reading | undefined {
  const [command, ...others] = words;
  const tells =
    command?.text === 'run' && others.every(({ text }) => ['--silent', '-s', '--json', '--workspaces'].includes(text));
  return tells ? { paths: [], does: 'runs' } : npmVersion(words);
}
const npmList: Form = {
  ...npm,
  flags: 'aglps',
  long: [...(npm.long ?? []), 'all', 'long', 'json', 'parseable', 'production', 'global', 'link'],
  values: {
    ...npm.values,
    depth: /^(?:\d+|Infinity)$/,
    omit: ['dev', 'optional', 'peer'],
    include: ['dev', 'optional', 'peer'],
  },
  operands: packageName,
};
const npmFolder: Form = { ...npm, flags: 'gs', long: ['global', ...(npm.long ?? [])] };

const pnpm: Form = {
  ...runs,
  flags: 'rsw',
  long: [
    'recursive',
    'silent',
    'workspace-root',
    'parallel',
    'stream',
    'if-present',
    'no-bail',
    'no-sort',
    'aggregate-output',
  ],
  values: {
    F: 'text',
    filter: 'text',
    C: 'read',
    dir: 'read',
    'workspace-concurrency': 'number',
    reporter: ['default', 'append-only', 'silent'],
  },
};
const pnpmList: Form = {
  ...runs,
  flags: 'rgDP',
  long: ['recursive', 'global', 'json', 'long', 'parseable', 'dev', 'prod', 'no-optional', 'only-projects'],
  values: { depth: /^(?:-1|\d+|Infinity)$/, F: 'text', filter: 'text' },
  operands: packageName,
};
const yarn: Form = { ...runs, flags: 's', long: ['silent'], values: { cwd: 'read' } };
const each =
  /^(?:-[AaptviRW]+|--(?:all|parallel|topological|topological-dev|verbose|recursive|worktree|no-private|interlaced))$/;

type Inner = ReturnType<NonNullable<Program['runs']>>;

/** `npm exec` takes options of its own behind the name as well, unless `--` stands before them. */
function npmInner([command, ...words]: readonly Given[]): Inner {
  if (command?.text !== 'exec' && command?.text !== 'x') return undefined;
  const dashes = words.findIndex(({ text }) => text === '--');
  const own = dashes === -1 ? words : words.slice(0, dashes);
  if (own.some(({ text }) => text.startsWith('-'))) return undefined;
  return innerProgram([...own, ...words.slice(own.length + 1)], {}, tools);
}

/**
 * Behind `--no` npm takes the next word for its value and the options that follow for its own, `--call` among them: there only these may
 * stand, which mean nothing to it.
 */
const notOfNpm = new Set(['--noEmit', '--check', '--run']);
const npxOptions = list('--no-install --offline --prefer-offline --quiet -y --yes -q');

const npxVersion = version('looks', '--version', '-v');

function npxInner(words: readonly Given[]): Inner {
  const [first, ...rest] = words;
  if (first?.text !== '--no') return innerProgram(words, { exact: npxOptions }, tools);
  const safe = rest[0]?.text === '--' || rest.every(({ text }) => !text.startsWith('-') || notOfNpm.has(text));
  return safe ? innerProgram(rest, {}, tools) : undefined;
}

/** Of a package: which one it is, and what it can do. Shut in, npx finds none but those that are here. */
function readNpx(words: readonly Given[]): Reading | undefined {
  const [name, ...rest] = words.slice(words.findIndex(({ text }) => !npxOptions.includes(text)));
  const known = name?.glob === false && /^(?:@[\w-]+\/)?\w[\w-]*$/.test(name.text) && asksForHelp(rest);
  return known ? { paths: [], does: 'runs' } : undefined;
}

function pnpmInner(words: readonly Given[]): Inner {
  const [command, ...rest] = words.slice(countLeading(words, pnpm));
  if (command?.text !== 'exec') return innerProgram(words, pnpm, tools);
  const leading = words.slice(0, words.length - rest.length - 1);
  return innerProgram([...leading, ...rest], pnpm, tools);
}

function yarnInner(words: readonly Given[]): Inner {
  const [command, second, ...rest] = words;
  const itself = { text: 'yarn', glob: false };
  if (command?.text === 'workspace' && second !== undefined && packageName.test(second.text) && !second.glob) {
    return { words: [itself, ...rest], does: 'runs' };
  }
  if (command?.text === 'workspaces' && second?.text === 'run')
    return { words: [itself, ...words.slice(1)], does: 'runs' };
  if (command?.text === 'workspaces' && second?.text === 'foreach') {
    const at = rest.findIndex(({ text }) => !each.test(text));
    return at === -1 ? undefined : { words: [itself, ...rest.slice(at)], does: 'runs' };
  }
  return innerProgram(command?.text === 'exec' || command?.text === 'run' ? words.slice(1) : words, {}, tools);
}

export const packageManagers: readonly Program[] = [
  {
    names: ['npm'],
    read: readNpm,
    runs: npmInner,
    forms: {
      before: npm,
      commands: {
        test: npmTest,
        t: npmTest,
        tst: npmTest,
        run: npmRun,
        'run-script': npmRun,
        ls: npmList,
        list: npmList,
        ll: npmList,
        la: npmList,
        explain: npmList,
        why: npmList,
        root: npmFolder,
        prefix: npmFolder,
        bin: npmFolder,
        help: npm,
        query: { ...npm, operands: { first: ['text'], least: 1 } },
        'config get': {
          ...npm,
          operands: {
            first: [/^(?:prefix|cache|registry|node-version|legacy-peer-deps|engine-strict|workspaces|user-agent)$/],
            least: 1,
          },
        },
        pack: { ...npm, long: [...(npm.long ?? []), 'dry-run', 'json'], needs: ['dry-run'] },
        'pkg get': {
          ...npm,
          long: ['json', ...(npm.long ?? [])],
          operands: 'text',
        },
      },
    },
    match: [
      'npm --version',
      'npm -v',
      'npm test',
      'CI=1 npm test',
      'npm t -s',
      'npm run test',
      'npm run test:unit',
      'npm run lint --silent',
      'npm run build --if-present --workspaces',
      'npm run typecheck -w @shop/cart',
      'npm --prefix web run format:check',
      'npm test -- --run',
      "npm test -- src/cart.test.ts -t 'adds two'",
      'npm test -- --watch=false --reporter=dot',
      'npm run test src/cart.test.ts',
      'npm ls --depth=0',
      'npm list vitest --json',
      'npm ls -g --depth 0',
      'npm root',
      'npm pkg get scripts',
      'npm run',
      'npm pack --dry-run',
      'npm config get registry',
      'npm exec -- vitest run',
      'npm exec tsc -- --noEmit',
    ],
    noMatch: [
      'npm',
      'npm install',
      'npm ci',
      'npm view left-pad',
      'npm outdated',
      'npm audit',
      'npm publish',
      'npm start',
      'npm run deploy --if-present',
      'npm pack',
      'npm config list',
      'npm config get //registry.npmjs.org/:_authToken',
      'npm help install',
      'npm run deploy',
      'npm run test:watch',
      'npm run lint:fix',
      'npm run build:publish',
      'npm run -w test deploy',
      'npm run -- deploy',
      'npm -- run deploy',
      'npm run --if-present true deploy',
      'npm --script-shell=./evil.sh test',
      'npm test --script-shell ./evil.sh',
      'npm test --node-options=--require=./evil.js',
      'npm test --userconfig=evil',
      'npm test --prefix ../other',
      'npm test -- --config evil.js',
      'npm test -- --watch',
      'npm test -- -t ../other/evil.js',
      'npm test -- -u',
      'npm test -- -t --config=evil.js',
      'npm test -- -tc evil.js',
      'npm test -- --reporter=./evil.js',
      'npm run lint -- --fix',
      'npm pkg set scripts.test=x',
      'npm exec left-pad',
      "npm exec prettier -c 'rm -rf x'",
      'npm exec --package=evil -- tsc',
      'npm exec -- node x.js',
      'npm config set registry x',
      'npm ls --registry=https://example.org',
    ],
  },
  {
    names: ['npx'],
    read: (words) => npxVersion(words) ?? readNpx(words),
    runs: npxInner,
    match: [
      'npx tsc --noEmit',
      'npx --no-install eslint .',
      "npx vitest run src/cart.test.ts -t 'adds'",
      'npx jest --runInBand',
      'npx prettier --check .',
      'npx playwright test',
      'npx -- tsc --noEmit -p tsconfig.json',
      'npx --no tsc --noEmit',
      'npx --no -- eslint --quiet src',
      'npx -y tsc --noEmit',
      'npx @biomejs/biome check .',
      'npx tsx --test tests/unit/*.ts',
      'npx nx test ui',
      'npx --no-install ts-node --version',
      'npx @angular/cli --help',
    ],
    noMatch: [
      'npx',
      'npx left-pad',
      'npx left-pad x --version',
      'npx ./evil --version',
      'npx someone/evil --version',
      'npx evil@1.0.0 --version',
      'npx evil.tgz --version',
      'npx -p evil ts-node --version',
      'npx vitest',
      'npx -y left-pad',
      'npx --yes ./evil',
      "npx --no prettier -c 'x'",
      'npx --no eslint --call x',
      'npx --no tsc -p evil',
      'npx -y -p evil tsc',
      'npx --no vitest tsc',
      'npx --package evil vitest run',
      'npx -p evil vitest run',
      "npx -c 'rm -rf x'",
      'npx tsx x.ts',
      'npx ts-node x.ts',
      'npx vitest@1.0.0 run',
      'npx ./evil run',
      'npx prettier --write .',
      'npx playwright install',
    ],
  },
  {
    names: ['pnpm'],
    read: version('runs', '--version', '-v'),
    runs: pnpmInner,
    forms: {
      before: pnpm,
      commands: {
        test,
        t: test,
        run: script,
        'run-script': script,
        ci: asked,
        ls: pnpmList,
        list: pnpmList,
        ll: pnpmList,
        la: pnpmList,
        why: pnpmList,
        root: runs,
        bin: runs,
        'licenses list': pnpmList,
        'm ls': pnpmList,
        'store path': runs,
      },
      otherwise: script,
    },
    match: [
      'pnpm --version',
      'pnpm test',
      'pnpm -r test',
      'pnpm --filter @shop/cart test',
      'pnpm lint',
      'pnpm ls -r --depth -1',
      'pnpm run typecheck',
      'pnpm -r --parallel run build',
      "pnpm test -t 'adds two' --run",
      'pnpm test -- src/cart.test.ts',
      'pnpm exec tsc --noEmit',
      'pnpm -r exec eslint .',
      'pnpm vitest run',
      'pnpm list --depth=0',
    ],
    noMatch: [
      'pnpm',
      'pnpm install',
      'pnpm ci',
      'pnpm add x',
      'pnpm dlx vitest run',
      'pnpm dev',
      'pnpm deploy --prod x',
      'pnpm --filter test deploy',
      'pnpm -C ../other test',
      'pnpm -C ../other exec vitest run',
      'pnpm test --watch',
      'pnpm test --config=evil.js',
      'pnpm lint -r ./evil.js',
      'pnpm exec node x.js',
      "pnpm exec -c 'rm -rf x'",
      'pnpm vitest',
      'pnpm outdated',
    ],
  },
  {
    names: ['yarn', 'yarnpkg'],
    read: version('runs', '--version', '-v'),
    runs: yarnInner,
    forms: {
      before: yarn,
      commands: {
        test,
        run: script,
        why: { ...runs, flags: 'R', operands: packageName },
        bin: runs,
        list: { ...runs, long: ['json', 'prod'], values: { depth: 'number', pattern: 'text' } },
        'workspaces info': { ...runs, long: ['json'] },
        'workspaces list': { ...runs, flags: 'vR', long: ['json', 'verbose', 'recursive'] },
        ci: asked,
      },
      otherwise: script,
    },
    match: [
      'yarn list --depth=0',
      'yarn workspaces info',
      'yarn --version',
      'yarn test',
      'yarn run lint',
      'yarn lint',
      'yarn -s typecheck',
      'yarn test src/cart.test.ts --coverage',
      'yarn jest --runInBand',
      'yarn tsc --noEmit',
      'yarn exec eslint .',
      'yarn workspace @shop/cart test',
      'yarn workspaces foreach -Apt run lint',
    ],
    noMatch: [
      'yarn',
      'yarn install',
      'yarn add x',
      'yarn dlx vitest run',
      'yarn dev',
      'yarn start',
      'yarn node x.js',
      'yarn exec node x.js',
      'yarn --cwd ../other test',
      'yarn workspace @shop/cart add x',
      'yarn workspaces foreach --exec x run lint',
      'yarn test --watch',
      'yarn test -u',
      'yarn npm publish',
      'yarn set version berry',
      'yarn config set yarnPath x',
    ],
  },
  {
    names: ['bun'],
    read: version('looks', '--version', '-v'),
    runs: ([command, ...words]) =>
      command?.text === 'x' || command?.text === 'run'
        ? innerProgram(words, {}, tools)
        : innerProgram(command === undefined ? [] : [command, ...words], {}, tools),
    forms: {
      commands: {
        run: script,
        test: {
          ...runs,
          long: ['coverage', 'only', 'todo', 'bail', 'randomize', 'pass-with-no-tests'],
          values: { t: 'text', 'test-name-pattern': 'text', timeout: 'number', bail: 'number', 'rerun-each': 'number' },
          operands: 'test',
        },
        'pm ls': { ...runs, long: ['all'] },
        ...Object.fromEntries(
          ['build', 'ci', 'x', 'init', 'create', 'add', 'install', 'link', 'upgrade', 'exec', 'repl'].map((each) => [
            each,
            asked,
          ]),
        ),
      },
      otherwise: script,
    },
    match: [
      'bun test',
      "bun test src/cart.test.ts -t 'adds two'",
      'bun run lint',
      'bun run tsc --noEmit',
      'bun x eslint .',
      'bun -v',
      'bun lint',
      'bun tsc --noEmit',
    ],
    noMatch: [
      'bun',
      'bun x.ts',
      'bun install',
      'bun ci',
      'bun build src/index.ts --outdir dist',
      'bun run dev',
      'bun run x.ts',
      'bun run build.ts',
      'bun test --preload ./evil.ts',
      'bun test -r ./evil.ts',
      'bun test -tr ./evil.ts',
      'bun --config=evil.toml test',
      'bun test --watch',
      'bun test -u',
      'bun x left-pad',
      "bun -e 'x'",
    ],
  },
  {
    names: ['bunx'],
    runs: (words) => innerProgram(words, { exact: ['--bun', '--no-install', '-y'] }, tools),
    match: ['bunx tsc --noEmit', 'bunx --bun vitest run', 'bunx prettier --check src'],
    noMatch: ['bunx', 'bunx left-pad', 'bunx -p evil tsc', 'bunx --package=evil tsc', 'bunx vitest', 'bunx tsx x.ts'],
  },
];
