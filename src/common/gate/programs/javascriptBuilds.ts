import type { Form } from '../form.ts';
import type { Program } from '../program.ts';
import {
  checkNames,
  checkingScript,
  color,
  configuration,
  entry,
  list,
  name,
  packageName,
  revision,
  tool,
} from './shared.ts';

/**
 * What builds a project, checks it, or goes through the packages of one. Each loads a configuration that is code of the repository. What
 * they write goes where that says, or below a folder with the name of a build.
 */
const mode = /^[\w-]+$/;
const script = (ending: string): RegExp => new RegExp(`(?:${ending})\\.(?:[cm]?[jt]s|json)`);
const build: Form = tool({
  long: [
    ...color,
    ...list(
      'debug profile silent verbose no-lint no-mangling turbo turbopack webpack sourcemap production prod aot no-progress quiet',
    ),
  ],
  values: {
    mode,
    m: mode,
    outDir: 'product',
    'output-path': 'product',
    configuration: name,
    c: name,
    l: list('info warn error silent'),
    logLevel: list('info warn error silent'),
    'log-level': list('info warn error silent'),
  },
});
const flat = tool({ long: color });
const lintOnly: Form = tool({
  long: [...color, 'quiet', 'strict', 'cache'],
  values: { 'max-warnings': 'number', d: 'read', dir: 'read' },
});
const ngTest: Form = tool({
  long: ['code-coverage', 'no-watch', 'no-progress', 'no-code-coverage'],
  exact: ['--progress=false', '--code-coverage=true', '--code-coverage=false'],
  needs: ['watch', 'no-watch'],
  values: {
    watch: ['false'],
    browsers: list('ChromeHeadless Chrome FirefoxHeadless Firefox ChromeHeadlessCI ChromeHeadlessNoSandbox'),
    c: name,
    configuration: name,
    include: 'read',
  },
  operands: packageName,
});

const webpack = tool({
  long: [...color, 'progress', 'no-stats', 'json', 'fail-on-warnings'],
  values: {
    mode: ['production', 'development', 'none'],
    c: configuration(script('webpack[\\w.-]*')),
    config: configuration(script('webpack[\\w.-]*')),
    env: /^\w+(?:=[\w-]+)?$/,
    stats: name,
    'output-path': 'product',
    o: 'product',
    d: name,
    devtool: name,
  },
});

const builders: readonly Program[] = [
  entry(
    'vite',
    {
      commands: {
        build: {
          ...build,
          flags: 'd',
          long: [...(build.long ?? []), 'emptyOutDir', 'minify', 'manifest', 'ssr', 'force'],
          values: {
            ...build.values,
            c: configuration(script('vite[\\w.-]*\\.config')),
            config: configuration(script('vite[\\w.-]*\\.config')),
            minify: ['esbuild', 'terser', 'false'],
            sourcemap: ['true', 'false', 'inline', 'hidden'],
          },
        },
      },
    },
    ['vite build', 'vite build --mode production --outDir dist', 'vite --version'],
    [
      'vite',
      'vite dev',
      'vite preview',
      'vite build --outDir src',
      'vite build --outDir ../x',
      'vite build --config evil.js',
      'vite build -w',
      'vite build --watch',
      'vite build ../other',
      'vite optimize',
    ],
  ),
  entry(
    'webpack',
    { commands: { '': webpack, build: webpack, b: webpack, configtest: flat, info: flat } },
    [
      'webpack --mode production',
      'webpack build --config webpack.prod.js',
      'webpack -c config/webpack.config.js --env production',
    ],
    [
      'webpack serve',
      'webpack --watch',
      'webpack -w',
      'webpack -c evil.js',
      'webpack --output-path src',
      'webpack ./evil.js',
      'webpack init',
      'webpack --node-env x --require evil',
    ],
  ),
  entry(
    'rollup rolldown',
    tool({
      flags: 'cm',
      long: ['config', 'silent', 'sourcemap', 'failAfterWarnings', 'bundleConfigAsCjs'],
      values: {
        c: configuration(script('rollup[\\w.-]*|rolldown[\\w.-]*')),
        config: configuration(script('rollup[\\w.-]*|rolldown[\\w.-]*')),
        d: 'product',
        dir: 'product',
        o: 'product',
        file: 'product',
        f: list('es cjs umd iife amd system esm'),
        format: list('es cjs umd iife amd system esm'),
        environment: /^[\w:,-]+$/,
        n: name,
        e: name,
      },
      operands: (text) => configuration(script('rollup[\\w.-]*|rolldown[\\w.-]*')).test(text),
    }),
    ['rollup -c', 'rollup -c rollup.config.js', 'rollup --config --silent'],
    [
      'rollup -c evil.js',
      'rollup -c -w',
      'rollup src/a.js -o src/b.js',
      'rollup -c -p evil',
      'rollup --plugin ./evil.js -c',
      'rollup -c -d src',
      'rollup --configPlugin ./evil.js -c',
    ],
  ),
  entry(
    'tsup',
    tool({
      long: list(
        'dts minify sourcemap treeshake splitting no-splitting silent no-config metafile dts-only shims legacy-output',
      ),
      values: {
        format: /^(?:esm|cjs|iife)(?:,(?:esm|cjs|iife))*$/,
        target: name,
        d: 'product',
        'out-dir': 'product',
        platform: ['node', 'browser', 'neutral'],
        external: packageName,
      },
      operands: 'read',
    }),
    ['tsup', 'tsup src/index.ts --format esm,cjs --dts'],
    [
      'tsup --watch',
      "tsup --onSuccess 'x'",
      'tsup --config evil.ts',
      'tsup -d src',
      'tsup --clean -d ..',
      'tsup ../x.ts',
    ],
  ),
  {
    ...entry(
      'esbuild',
      tool({
        long: list(
          'bundle minify sourcemap splitting analyze keep-names minify-whitespace minify-syntax minify-identifiers',
        ),
        values: {
          outfile: 'product',
          outdir: 'product',
          metafile: 'product',
          platform: ['node', 'browser', 'neutral'],
          format: ['esm', 'cjs', 'iife'],
          target: name,
          sourcemap: ['inline', 'external', 'linked', 'both'],
          'log-level': name,
          'log-limit': 'number',
          packages: ['external', 'bundle'],
          jsx: ['automatic', 'transform', 'preserve'],
          charset: ['utf8', 'ascii'],
          'tree-shaking': ['true', 'false'],
          tsconfig: 'read',
          color: ['true', 'false'],
        },
        exact: list(
          '--external:react --external:react-dom --external:vscode --external:electron --loader:.js=jsx --loader:.ts=tsx --loader:.svg=text',
        ),
        operands: 'read',
      }),
      [
        'esbuild src/index.ts --bundle --outfile=/dev/null',
        'esbuild src/index.ts --bundle --platform=node --outfile=dist/index.js',
        'esbuild src/index.ts --bundle --external:react',
      ],
      [
        'esbuild src/index.ts --outfile=src/x.ts',
        'esbuild --serve',
        'esbuild src/index.ts --watch',
        'esbuild --servedir=.',
        'esbuild src/index.ts --outdir=../x',
        'esbuild src/index.ts --inject:./evil.js',
        'esbuild src/index.ts --banner:js=x',
        'esbuild src/index.ts --alias:a=../b',
        'esbuild ../x.ts',
      ],
    ),
  },
  entry(
    'parcel',
    {
      commands: {
        build: tool({
          long: ['no-cache', 'no-source-maps', 'no-optimize'],
          values: { 'dist-dir': 'product', target: name },
          operands: 'read',
        }),
      },
    },
    ['parcel build src/index.html'],
    ['parcel', 'parcel src/index.html', 'parcel serve', 'parcel build --dist-dir src x', 'parcel watch x'],
  ),
  entry(
    'next',
    { commands: { build: build, lint: lintOnly, info: flat, typegen: flat } },
    ['next build', 'next lint --quiet', 'next build --debug', 'next info'],
    [
      'next',
      'next dev',
      'next start',
      'next lint --fix',
      'next lint -c evil.js',
      'next lint --output-file x',
      'next build ../other',
      'next telemetry disable',
    ],
  ),
  entry(
    'nuxt nuxi',
    { commands: { build: flat, typecheck: flat, info: flat, analyze: { does: 'asks' } } },
    ['nuxt build', 'nuxi typecheck'],
    ['nuxt dev', 'nuxi cleanup', 'nuxi init x', 'nuxi upgrade'],
  ),
  entry(
    'astro',
    { commands: { build: flat, check: flat, info: flat } },
    ['astro check', 'astro build'],
    ['astro dev', 'astro add x', 'astro build --root ../x', 'astro check --watch', 'astro build --config evil.mjs'],
  ),
  entry(
    'remix react-router',
    { commands: { 'vite:build': flat, build: flat, typegen: flat, routes: flat } },
    ['remix vite:build', 'react-router build', 'react-router routes'],
    ['remix dev', 'react-router dev', 'remix reveal', 'react-router typegen --watch'],
  ),
  entry(
    'svelte-kit',
    { commands: { sync: flat } },
    ['svelte-kit sync'],
    ['svelte-kit', 'svelte-kit dev', 'svelte-kit package'],
  ),
  entry(
    'svelte-check',
    tool({
      long: [...color, 'fail-on-warnings', 'no-tsconfig'],
      values: {
        tsconfig: 'read',
        threshold: ['error', 'warning'],
        output: list('human human-verbose machine machine-verbose'),
        workspace: 'read',
        ignore: 'text',
      },
    }),
    ['svelte-check', 'svelte-check --tsconfig ./tsconfig.json --threshold error'],
    ['svelte-check --watch', 'svelte-check --workspace ..', 'svelte-check --preserveWatchOutput --watch'],
  ),
  entry(
    'gatsby docusaurus eleventy vuepress vitepress ember',
    {
      commands: {
        build: tool({ values: {}, operands: 'read' }),
        test: tool({ values: { filter: 'text', f: 'text' } }),
      },
    },
    ['gatsby build', 'docusaurus build', 'vitepress build docs', 'ember test'],
    [
      'gatsby develop',
      'docusaurus start',
      'vitepress dev',
      'ember serve',
      'gatsby clean',
      'docusaurus deploy',
      'vitepress build ../x',
    ],
  ),
  entry(
    'react-scripts craco react-app-rewired',
    {
      commands: {
        test: tool({
          needs: ['watchAll', 'watch', 'ci'],
          long: ['coverage', 'ci', 'passWithNoTests', 'runInBand', 'verbose'],
          values: { testNamePattern: 'text', t: 'text', watchAll: ['false'], watch: ['false'] },
          operands: 'test',
        }),
        build: flat,
      },
    },
    ['react-scripts test --watchAll=false', 'react-scripts build'],
    [
      'react-scripts start',
      'react-scripts eject',
      'react-scripts test --watch',
      'react-scripts test -u',
      'react-scripts test --config evil.js',
    ],
  ),
  entry(
    'vue-cli-service',
    {
      commands: {
        build: tool({ values: { mode } }),
        lint: tool({ long: ['no-fix'], needs: ['no-fix'], operands: 'read' }),
        'test:unit': tool({ operands: 'test' }),
        inspect: tool({ values: { mode } }),
      },
    },
    ['vue-cli-service build', 'vue-cli-service lint --no-fix', 'vue-cli-service test:unit'],
    [
      'vue-cli-service serve',
      'vue-cli-service lint',
      'vue-cli-service build --dest src',
      'vue-cli-service test:unit --watch',
    ],
  ),
  entry(
    'ng',
    {
      commands: {
        test: ngTest,
        build: { ...build, operands: packageName },
        lint: tool({ long: ['quiet'], operands: packageName }),
        version: flat,
      },
    },
    [
      'ng test --watch=false',
      'ng test --watch=false --browsers=ChromeHeadless',
      'ng build',
      'ng build --configuration production',
      'ng lint',
      'ng version',
    ],
    [
      'ng serve',
      'ng test --karma-config evil.js',
      'ng lint --fix',
      'ng generate component x',
      'ng add x',
      'ng update',
      'ng build --output-path src',
      'ng build --watch',
      'ng deploy',
      'ng test --browsers=./evil',
    ],
  ),
  entry(
    'storybook sb build-storybook',
    {
      commands: {
        build: tool({
          flags: 'q',
          long: list('quiet test disable-telemetry docs debug'),
          values: { o: 'product', 'output-dir': 'product' },
        }),
        doctor: flat,
        info: flat,
      },
    },
    ['storybook build', 'storybook build --quiet -o storybook-static', 'sb build'],
    [
      'storybook dev',
      'storybook init',
      'storybook upgrade',
      'storybook build -o src',
      'storybook build -c evil',
      'storybook add x',
    ],
  ),
  entry(
    'prisma',
    {
      commands: {
        validate: tool({ values: { schema: 'read' } }),
        format: tool({ long: ['check'], values: { schema: 'read' }, needs: ['check'] }),
        version: tool({ long: ['json'] }),
      },
    },
    ['prisma validate', 'prisma format --check', 'prisma validate --schema prisma/schema.prisma', 'prisma -v'],
    [
      'prisma generate',
      'prisma migrate dev',
      'prisma migrate reset',
      'prisma db push',
      'prisma studio',
      'prisma format',
      'prisma validate --schema ../x',
      'prisma db execute --stdin',
    ],
  ),
  entry(
    'drizzle-kit',
    { commands: { check: flat } },
    ['drizzle-kit check'],
    [
      'drizzle-kit push',
      'drizzle-kit generate',
      'drizzle-kit migrate',
      'drizzle-kit check --config evil.ts',
      'drizzle-kit studio',
    ],
  ),
  entry(
    'graphql-codegen',
    tool({ long: ['check', 'silent', 'verbose'], needs: ['check'] }),
    ['graphql-codegen --check'],
    [
      'graphql-codegen',
      'graphql-codegen --check -c evil.ts',
      'graphql-codegen --check -r ./evil.js',
      'graphql-codegen --check --watch',
      'graphql-codegen init',
    ],
  ),
];

const project = /^[\w@][\w@/.-]*$/;
const goal = checkNames(
  'tests?|unit|integration|e2e|lint|check|types|tsc|typecheck|type-check|build|compile|verify|validate|ci|format:check|stylelint|storybook:build',
);
const nx = tool({
  long: list(
    'all verbose skip-nx-cache skipNxCache nxBail nx-bail no-cloud coverage codeCoverage ci run with-deps json passWithNoTests parallel quiet uncommitted untracked affected',
  ),
  exact: ['--watch=false', '--parallel=false', '--codeCoverage=false', '--skip-nx-cache=true'],
  values: {
    t: goal,
    target: goal,
    targets: goal,
    p: 'text',
    projects: 'text',
    project: 'text',
    exclude: 'text',
    parallel: 'number',
    maxParallel: 'number',
    base: revision,
    head: revision,
    configuration: name,
    c: name,
    'output-style': name,
    outputStyle: name,
    testFile: 'read',
    'test-file': 'read',
    testNamePattern: 'text',
    with: name,
    type: name,
  },
});
const nxNeeds: Form = { ...nx, needs: ['t', 'target', 'targets'], operands: goal };
const nxTarget: Form = { ...nx, operands: { first: [project], least: 1 } };

const monorepos: readonly Program[] = [
  entry(
    'nx',
    {
      commands: {
        ...Object.fromEntries(list('test lint build typecheck e2e type-check check').map((each) => [each, nxTarget])),
        run: {
          ...nx,
          operands: {
            first: [
              (text) => {
                const [, ...targets] = text.split(':');
                return /^[\w@/.:-]+$/.test(text) && !text.includes('..') && goal.test(targets[0] ?? '');
              },
            ],
            least: 1,
          },
        },
        'run-many': nxNeeds,
        affected: nxNeeds,
        'show projects': nx,
        'show project': nxTarget,
        'format:check': nx,
        report: flat,
        list: flat,
        'print-affected': nx,
      },
    },
    [
      'nx test ui',
      'nx run-many -t test',
      'nx run-many --target=lint --all --parallel=3',
      'nx affected -t lint --base=main',
      'nx run ui:test',
      'nx show projects',
      'nx build ui --skip-nx-cache',
    ],
    [
      'nx',
      'nx serve ui',
      'nx run ui:serve',
      'nx run ui:test:../x',
      'nx run-many -t deploy',
      'nx generate x',
      'nx migrate latest',
      'nx reset',
      'nx format:write',
      'nx graph',
      'nx test ui --updateSnapshot',
      'nx affected -t serve',
      'nx exec -- x',
      'nx release',
      'nx run-many -t test,deploy',
      'nx test ui --jestConfig=evil',
    ],
  ),
  entry(
    'lerna',
    {
      commands: {
        run: tool({
          long: list('stream parallel no-bail no-sort include-dependencies no-prefix'),
          values: {
            scope: 'text',
            ignore: 'text',
            concurrency: 'number',
            since: revision,
            'load-env-files': ['false'],
          },
          operands: { first: [checkingScript], least: 1 },
        }),
        ...Object.fromEntries(
          list('list ls la ll changed').map((each) => [
            each,
            tool({ flags: 'alp', long: list('all long json toposort graph ndjson parseable') }),
          ]),
        ),
      },
    },
    ['lerna run test', 'lerna run lint --scope web', 'lerna ls --all', 'lerna changed'],
    [
      'lerna publish',
      'lerna version',
      'lerna exec x',
      'lerna run deploy',
      'lerna bootstrap',
      'lerna clean',
      'lerna run test -- --fix',
      'lerna import x',
    ],
  ),
  entry(
    'manypkg',
    { commands: { check: flat } },
    ['manypkg check'],
    ['manypkg fix', 'manypkg exec x', 'manypkg run x y', 'manypkg upgrade x'],
  ),
  entry(
    'syncpack',
    { commands: { list: flat, 'list-mismatches': flat, lint: flat, 'lint-semver-ranges': flat } },
    ['syncpack list-mismatches', 'syncpack lint'],
    ['syncpack fix', 'syncpack fix-mismatches', 'syncpack format', 'syncpack update', 'syncpack lint --config evil.js'],
  ),
  entry(
    'changeset',
    { commands: { status: tool({ long: ['verbose'], values: { since: revision } }) } },
    ['changeset status', 'changeset status --since=main'],
    [
      'changeset',
      'changeset version',
      'changeset publish',
      'changeset add',
      'changeset status --output=x',
      'changeset tag',
    ],
  ),
];

const sizes: readonly Program[] = [
  entry(
    'size-limit publint attw type-coverage tsd ts-prune unimported jscpd',
    tool({
      flags: 'p',
      long: [...color, ...list('json strict detail silent quiet pack no-emoji')],
      values: { 'at-least': 'number', threshold: 'number', p: 'read', level: ['suggestion', 'warning', 'error'] },
      operands: 'read',
    }),
    ['publint', 'attw --pack .', 'type-coverage --at-least 95', 'size-limit', 'jscpd src'],
    [
      'size-limit --save-bundle src',
      'size-limit --watch',
      'jscpd -o src .',
      'jscpd --config evil.json .',
      'tsd ../other',
      'type-coverage --update',
    ],
  ),
];

export const javascriptBuilds: readonly Program[] = [...builders, ...monorepos, ...sizes];
