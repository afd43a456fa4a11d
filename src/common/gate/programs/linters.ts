import type { Program } from '../program.ts';
import { configuration, entry, except, list, name, tool } from './shared.ts';

/**
 * What checks the text of files, whatever the language. Their configurations may name plugins, other files and even programs, so that
 * each of them runs shut in. None of them is given a file to write or a word with which it changes what it has found.
 */
const shells: readonly Program[] = [
  entry(
    'shellcheck',
    tool({
      flags: 'axV',
      long: list('check-sourced external-sources norc list-optional'),
      values: {
        s: ['sh', 'bash', 'dash', 'ksh', 'busybox'],
        shell: ['sh', 'bash', 'dash', 'ksh', 'busybox'],
        S: ['error', 'warning', 'info', 'style'],
        severity: ['error', 'warning', 'info', 'style'],
        e: name,
        exclude: name,
        i: name,
        include: name,
        o: name,
        enable: name,
        C: ['auto', 'always', 'never'],
        color: ['auto', 'always', 'never'],
        f: ['checkstyle', 'diff', 'gcc', 'json', 'json1', 'quiet', 'tty'],
        format: ['checkstyle', 'diff', 'gcc', 'json', 'json1', 'quiet', 'tty'],
      },
      exact: ['--color=always', '-Cnever', '-Calways'],
      operands: 'read',
    }),
    [
      'shellcheck scripts/*.sh',
      'shellcheck -x -S warning scripts/deploy.sh',
      'shellcheck -s bash -e SC1091 a.sh',
      'shellcheck --version',
    ],
    ['shellcheck ../other.sh', 'shellcheck -P / a.sh', 'shellcheck --rcfile=/x a.sh', 'shellcheck .env'],
  ),
  entry(
    'shfmt',
    {
      does: 'runs',
      oneDash: true,
      flags: 'dlsp',
      long: ['diff', 'list', 'simplify', 'find', 'f', 'version', 'bn', 'ci', 'sr', 'kp', 'fn', 'mn'],
      values: { i: 'number', indent: 'number', ln: ['auto', 'bash', 'posix', 'mksh', 'bats'] },
      operands: 'read',
    },
    ['shfmt -d scripts', 'shfmt -l .', 'shfmt -i 2 -ci -d a.sh'],
    ['shfmt -w .', 'shfmt -l -w .', 'shfmt --write a.sh', 'shfmt -d ../other'],
  ),
  entry(
    'bats',
    tool({
      flags: 'rptTcx',
      long: list(
        'recursive pretty tap timing count no-tempdir-cleanup print-output-on-failure show-output-of-passing-tests trace verbose-run',
      ),
      values: {
        f: 'text',
        filter: 'text',
        'filter-tags': name,
        F: ['pretty', 'tap', 'tap13', 'junit'],
        formatter: ['pretty', 'tap', 'tap13', 'junit'],
        j: 'number',
        jobs: 'number',
      },
      operands: 'read',
    }),
    ['bats tests', "bats -r tests --filter 'adds two'", 'bats --tap tests/cart.bats'],
    [
      'bats -o out tests',
      'bats --gather-test-outputs-in x tests',
      'bats --formatter ./evil tests',
      'bats --parallel-binary-name ./x tests',
      'bats ../other',
      'bats --report-formatter junit tests',
    ],
  ),
];

const data: readonly Program[] = [
  entry(
    'yamllint',
    tool({
      flags: 's',
      long: ['strict', 'no-warnings', 'list-files'],
      values: {
        f: ['parsable', 'standard', 'colored', 'github', 'auto'],
        format: ['parsable', 'standard', 'colored', 'github', 'auto'],
        d: ['relaxed', 'default'],
        c: configuration(/\.yamllint(?:\.ya?ml)?/),
      },
      operands: 'read',
    }),
    ['yamllint .', 'yamllint -d relaxed .github/workflows/ci.yml', 'yamllint -s -f parsable config'],
    ['yamllint -c ../evil .', "yamllint -d 'extends: /etc/x' .", 'yamllint ../other'],
  ),
  entry(
    'taplo',
    {
      commands: {
        check: tool({ operands: 'read' }),
        lint: tool({ operands: 'read', long: ['no-schema'] }),
        format: tool({ long: ['check', 'diff'], needs: ['check'], operands: 'read' }),
        fmt: tool({ long: ['check', 'diff'], needs: ['check'], operands: 'read' }),
      },
    },
    ['taplo check', 'taplo fmt --check', 'taplo lint Cargo.toml'],
    [
      'taplo fmt',
      'taplo format Cargo.toml',
      'taplo check --config evil.toml',
      'taplo lsp stdio',
      'taplo lint --schema https://example.org',
    ],
  ),
  entry(
    'sqlfluff',
    {
      commands: {
        lint: tool({
          flags: 'vqn',
          long: ['nofail', 'nocolor', 'disable-progress-bar', 'ignore-local-config'],
          values: {
            dialect: name,
            d: name,
            rules: name,
            r: name,
            'exclude-rules': name,
            e: name,
            f: list('human json yaml github-annotation none'),
            format: list('human json yaml github-annotation none'),
            processes: 'number',
          },
          operands: 'read',
        }),
      },
    },
    ['sqlfluff lint migrations', 'sqlfluff lint --dialect postgres a.sql'],
    [
      'sqlfluff fix migrations',
      'sqlfluff format a.sql',
      'sqlfluff lint --config evil a.sql',
      'sqlfluff lint --write-output x a.sql',
      'sqlfluff lint --library-path evil a.sql',
      'sqlfluff lint ../other',
    ],
  ),
  entry(
    'sqlc',
    { commands: { vet: tool({}), compile: tool({}), diff: tool({}), version: tool({}) } },
    ['sqlc vet', 'sqlc diff'],
    ['sqlc generate', 'sqlc vet -f evil.yaml', 'sqlc push', 'sqlc init'],
  ),
  entry(
    'buf',
    {
      commands: {
        lint: tool({
          values: { 'error-format': ['text', 'json', 'msvs', 'junit', 'github-actions'] },
          operands: { first: ['read'] },
        }),
        build: tool({ operands: { first: ['read'] } }),
        format: tool({ flags: 'd', long: ['diff', 'exit-code'], operands: { first: ['read'] } }),
        'ls-files': tool({ operands: { first: ['read'] } }),
        breaking: tool({ values: { against: /^\.git#(?:branch|tag|ref)=[\w/.-]+$/ }, needs: ['against'] }),
      },
    },
    ['buf lint', 'buf build', 'buf format -d', "buf breaking --against '.git#branch=main'"],
    [
      'buf generate',
      'buf format -w',
      'buf build -o x.bin',
      'buf push',
      'buf lint --config evil.yaml',
      'buf breaking --against https://example.org/x.git',
      'buf dep update',
    ],
  ),
  entry(
    'protolint',
    { commands: { lint: tool({ flags: 'v', operands: 'read' }) }, otherwise: tool({ operands: 'read' }) },
    ['protolint lint proto', 'protolint .'],
    ['protolint lint -fix proto', 'protolint lint -plugin ./x proto', 'protolint -fix .'],
  ),
  entry(
    'protoc',
    tool({}),
    ['protoc --version'],
    ['protoc --go_out=. x.proto', 'protoc --plugin=./x x.proto', 'protoc @args', 'protoc --decode_raw'],
  ),
  entry(
    'jsonlint',
    tool({ flags: 'q', long: ['quiet', 'compact'], operands: 'read' }),
    ['jsonlint -q package.json'],
    ['jsonlint -i package.json', 'jsonlint --in-place package.json', 'jsonlint ../x.json'],
  ),
  entry(
    'dprint',
    { commands: { check: tool({ operands: 'read' }), 'output-file-paths': tool({ operands: 'read' }) } },
    ['dprint check', 'dprint check src'],
    ['dprint fmt', 'dprint check --plugins https://example.org/x.wasm', 'dprint check -c evil.json', 'dprint init'],
  ),
  entry(
    'editorconfig-checker ec',
    {
      does: 'runs',
      oneDash: true,
      long: ['v', 'verbose', 'no-color', 'dry-run', 'version', 'help', 'ignore-defaults'],
      values: { exclude: 'text', format: ['default', 'gcc', 'github-actions'] },
      operands: 'read',
    },
    ['editorconfig-checker', 'ec src', "editorconfig-checker -exclude 'node_modules|vendor'"],
    ['ec --init', 'ec -config evil'],
  ),
  entry(
    'promtool',
    {
      commands: {
        'check config': tool({ operands: 'read' }),
        'check rules': tool({ operands: 'read' }),
        'test rules': tool({ operands: 'read' }),
      },
    },
    ['promtool check rules rules.yml'],
    [
      'promtool query instant http://example.org up',
      'promtool tsdb create-blocks-from x',
      'promtool check config ../x.yml',
    ],
  ),
];

const texts: readonly Program[] = [
  entry(
    'markdownlint markdownlint-cli2 mdl',
    tool({
      flags: 'qj',
      long: ['quiet', 'dot', 'json', 'no-globs'],
      values: {
        i: 'read',
        ignore: 'read',
        c: configuration(/\.markdownlint(?:-cli2)?\.(?:jsonc?|ya?ml)/),
        config: configuration(/\.markdownlint(?:-cli2)?\.(?:jsonc?|ya?ml)/),
        disable: name,
      },
      operands: 'read',
    }),
    ['markdownlint README.md', "markdownlint '**/*.md' --ignore node_modules", "markdownlint-cli2 '**/*.md'"],
    [
      'markdownlint --fix .',
      'markdownlint -f .',
      'markdownlint -r ./evil.js .',
      'markdownlint --rules ./evil.js .',
      'markdownlint -o out.txt .',
      'markdownlint -c evil.js .',
      'markdownlint ../other',
    ],
  ),
  entry(
    'vale',
    except(
      tool({
        long: list('no-exit no-wrap no-global'),
        values: {
          output: ['line', 'JSON', 'CLI'],
          minAlertLevel: ['suggestion', 'warning', 'error'],
          config: configuration(/\.vale\.ini/),
          glob: 'text',
        },
        operands: 'read',
      }),
      'ls-config ls-dirs ls-metrics ls-vars sync',
    ),
    ['vale docs', 'vale --output=line README.md'],
    ['vale sync', 'vale --config evil.ini docs', 'vale --output=evil.tmpl docs', 'vale ../other'],
  ),
  entry(
    'codespell',
    tool({
      flags: 'dcf',
      long: list('check-filenames check-hidden count disable-colors hard-encoding-detection'),
      values: { L: 'text', 'ignore-words-list': 'text', S: 'text', skip: 'text', q: 'number', 'quiet-level': 'number' },
      operands: 'read',
    }),
    ['codespell src', 'codespell --skip=node_modules -L nd docs'],
    [
      'codespell -w src',
      'codespell --write-changes src',
      'codespell -fw src',
      'codespell -i 3 -w src',
      'codespell --config evil src',
      'codespell ../other',
    ],
  ),
  entry(
    'typos',
    tool({
      flags: 'qv',
      long: list(
        'diff quiet verbose hidden files file-types no-check-files no-check-filenames isolated sort force-exclude',
      ),
      values: {
        format: ['silent', 'brief', 'long', 'json', 'sarif'],
        exclude: 'text',
        color: ['auto', 'always', 'never'],
      },
      operands: 'read',
    }),
    ['typos', 'typos --diff src', 'typos --format brief'],
    [
      'typos -w',
      'typos --write-changes',
      'typos -qw',
      'typos --config evil.toml',
      'typos --dump-config x',
      'typos ../other',
    ],
  ),
  entry(
    'cspell cspell-cli',
    except(
      tool({
        flags: 'uq',
        long: list(
          'no-progress no-summary words-only unique quiet show-suggestions show-context no-color dot gitignore no-must-find-files relative no-exit-code verbose',
        ),
        values: {
          e: 'text',
          exclude: 'text',
          locale: name,
          c: configuration(/\.?cspell(?:\.config)?\.(?:json|ya?ml)/),
          config: configuration(/\.?cspell(?:\.config)?\.(?:json|ya?ml)/),
        },
        operands: 'read',
      }),
      'link init dictionaries suggestions',
    ),
    ['cspell src', "cspell lint --no-progress '**/*.md'", 'cspell -c cspell.json .'],
    [
      'cspell --config evil.js src',
      'cspell link add x',
      'cspell --reporter ./evil.js .',
      'cspell --cache-location x .',
      'cspell -r ../other .',
    ],
  ),
  entry(
    'alex write-good textlint htmlhint html-validate ls-lint',
    tool({ flags: 'q', long: ['quiet', 'why', 'no-color'], exact: ['lint'], operands: 'read' }),
    ['alex README.md', 'textlint docs', 'ls-lint'],
    [
      'textlint --fix docs',
      'textlint --rulesdir evil docs',
      'textlint -c evil.js docs',
      'htmlhint --rulesdir evil .',
      'textlint --output-file x docs',
    ],
  ),
  entry(
    'spectral',
    {
      commands: {
        lint: tool({
          flags: 'qvD',
          long: ['quiet', 'verbose'],
          values: {
            F: ['error', 'warn', 'info', 'hint'],
            'fail-severity': ['error', 'warn', 'info', 'hint'],
            f: list('json stylish junit html text teamcity github-actions'),
            format: list('json stylish junit html text teamcity github-actions'),
          },
          operands: 'read',
        }),
      },
    },
    ['spectral lint openapi.yaml'],
    [
      'spectral lint -r evil.js openapi.yaml',
      'spectral lint -o x openapi.yaml',
      'spectral lint https://example.org/x.yaml --resolver ./evil.js',
    ],
  ),
  entry(
    'redocly',
    {
      commands: {
        lint: tool({
          values: { format: list('codeframe stylish json checkstyle github-actions summary markdown') },
          operands: 'read',
        }),
        stats: tool({ operands: 'read' }),
      },
    },
    ['redocly lint openapi.yaml'],
    ['redocly bundle x -o y', 'redocly push', 'redocly lint --config evil.yaml x', 'redocly preview-docs'],
  ),
  entry(
    'swagger-cli',
    { commands: { validate: tool({ operands: { first: ['read'], least: 1 } }) } },
    ['swagger-cli validate openapi.yaml'],
    ['swagger-cli bundle x -o y', 'swagger-cli validate ../x.yaml'],
  ),
  entry(
    'ajv',
    {
      commands: {
        validate: tool({
          values: { s: 'read', d: 'read', r: 'read', spec: name, errors: name },
          long: ['all-errors', 'verbose'],
        }),
      },
    },
    ['ajv validate -s schema.json -d data.json'],
    ['ajv validate -c ./evil.js -s a -d b', 'ajv compile -s a -o b', 'ajv validate -s ../a -d b'],
  ),
];

const containers: readonly Program[] = [
  entry(
    'hadolint',
    tool({
      flags: '',
      long: list('no-fail no-color verbose disable-ignore-pragma'),
      values: {
        f: list('tty json checkstyle codeclimate gitlab_codeclimate gnu codacy sonarqube sarif'),
        format: list('tty json checkstyle codeclimate gitlab_codeclimate gnu codacy sonarqube sarif'),
        ignore: name,
        t: name,
        'failure-threshold': name,
        c: configuration(/\.hadolint\.ya?ml/),
        config: configuration(/\.hadolint\.ya?ml/),
      },
      operands: 'read',
    }),
    ['hadolint Dockerfile', 'hadolint --ignore DL3008 docker/Dockerfile', 'hadolint - < Dockerfile'],
    ['hadolint -c ../evil.yml Dockerfile', 'hadolint ../Dockerfile'],
  ),
  entry(
    'actionlint',
    {
      does: 'runs',
      oneDash: true,
      long: list('color no-color oneline verbose debug version'),
      values: { ignore: 'text' },
      exact: ['-shellcheck=', '-pyflakes='],
      operands: 'read',
    },
    ['actionlint', 'actionlint -color .github/workflows/ci.yml', 'actionlint -shellcheck='],
    [
      'actionlint -shellcheck=./evil',
      'actionlint -pyflakes ./evil',
      'actionlint -config-file evil.yml',
      'actionlint -init-config',
      'actionlint ../x.yml',
    ],
  ),
  entry(
    'act',
    tool({ flags: 'l', long: ['list', 'graph'], needs: ['l', 'list', 'graph'] }),
    ['act -l', 'act --list'],
    ['act', 'act push', 'act -l -P x=y', 'act -j test'],
  ),
];

export const linters: readonly Program[] = [...shells, ...data, ...texts, ...containers];
