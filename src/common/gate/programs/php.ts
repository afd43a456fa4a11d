import { type Form, type Given } from '../form.ts';
import { type Program, readForms } from '../program.ts';
import {
  asked,
  checkingScript,
  configuration,
  entry,
  given,
  innerProgram,
  list,
  name,
  packageName,
  tool,
  version,
} from './shared.ts';

const phpunit = tool({
  flags: 'vp',
  long: list(
    `testdox testdox-summary list-tests list-suites list-groups stop-on-error stop-on-failure stop-on-defect stop-on-warning no-coverage no-progress no-output
     no-results coverage-text do-not-cache-result cache-result debug verbose colors fail-on-warning fail-on-risky fail-on-incomplete
     fail-on-skipped fail-on-deprecation display-warnings display-deprecations display-notices display-errors display-skipped
     display-incomplete display-all-issues random-order reverse-order strict-coverage process-isolation
     parallel compact ci bail dirty todos profile retry`,
  ),
  values: {
    filter: 'text',
    'exclude-filter': 'text',
    testsuite: name,
    'exclude-testsuite': name,
    group: name,
    'exclude-group': name,
    'order-by': /^[a-z,]+$/,
    'random-order-seed': 'number',
    colors: ['always', 'auto', 'never'],
    columns: /^(?:\d+|max)$/,
    processes: 'number',
    p: 'number',
    min: 'number',
    c: configuration(/phpunit[\w.-]*\.xml(?:\.dist)?/),
    configuration: configuration(/phpunit[\w.-]*\.xml(?:\.dist)?/),
  },
  operands: 'test',
});
const phpstan = tool({
  flags: 'vqn',
  long: list('no-progress no-ansi ansi quiet debug xdebug no-interaction'),
  values: {
    l: /^(?:\d+|max)$/,
    level: /^(?:\d+|max)$/,
    c: configuration(/phpstan[\w.-]*\.neon(?:\.dist)?/),
    configuration: configuration(/phpstan[\w.-]*\.neon(?:\.dist)?/),
    'error-format': list('table raw checkstyle json prettyJson junit github gitlab teamcity'),
    'memory-limit': /^-?\d+[KMG]?$/,
  },
  operands: 'read',
});
const fixer = tool({
  flags: 'vqn',
  long: list('dry-run diff no-ansi quiet no-interaction stop-on-violation sequential'),
  values: {
    format: list('txt json xml checkstyle junit gitlab'),
    'show-progress': ['none', 'dots', 'bar'],
    'using-cache': ['no', 'yes'],
    'path-mode': ['intersection', 'override'],
    rules: /^[\w@:,-]+$/,
    config: configuration(/\.php-cs-fixer(?:\.dist)?\.php/),
  },
  operands: 'read',
});

const tools: readonly Program[] = [
  entry(
    'phpunit bin/phpunit ./bin/phpunit simple-phpunit pest paratest',
    phpunit,
    [
      'phpunit',
      'vendor/bin/phpunit --filter testFoo tests/CartTest.php',
      'vendor/bin/phpunit --testsuite unit --testdox --colors=never',
      './vendor/bin/phpunit -c phpunit.xml.dist',
      'vendor/bin/pest --parallel',
    ],
    [
      'phpunit -c evil.xml',
      'phpunit -c ../phpunit.xml',
      'phpunit --bootstrap evil.php',
      'phpunit -d auto_prepend_file=evil.php',
      'phpunit --log-junit out.xml',
      'phpunit --coverage-html out',
      'phpunit --coverage-text=out.txt',
      'phpunit --printer Evil',
      'phpunit --generate-configuration',
      'phpunit --include-path evil',
      'phpunit ../other',
      'pest --init',
      'pest --update-snapshots',
    ],
  ),
  entry(
    'phpstan',
    { commands: { analyse: phpstan, analyze: phpstan } },
    ['vendor/bin/phpstan analyse src', 'phpstan analyse -l 8 --no-progress -c phpstan.neon', 'phpstan --version'],
    [
      'phpstan analyse -c evil.neon',
      'phpstan analyse -a evil.php src',
      'phpstan analyse --autoload-file=evil.php src',
      'phpstan analyse --generate-baseline',
      'phpstan analyse --fix',
      'phpstan analyse ../other',
      'phpstan clear-result-cache',
    ],
  ),
  entry(
    'psalm',
    tool({
      long: list(
        'no-cache no-progress no-suggestions stats monochrome show-info find-unused-code find-dead-code no-diff',
      ),
      exact: ['--show-info=true', '--show-info=false'],
      values: { threads: 'number', 'output-format': list('console text compact json xml checkstyle github phpstorm') },
      operands: 'read',
    }),
    ['vendor/bin/psalm', 'psalm --no-cache --threads=4 src'],
    [
      'psalm --alter --issues=all',
      'psalm --init',
      'psalm -c evil.xml',
      'psalm --set-baseline=x.xml',
      'psalm --report=x.json',
      'psalm -r ..',
    ],
  ),
  entry(
    'phpcs',
    tool({
      flags: 'psnvqei',
      long: ['colors', 'no-colors', 'no-cache', 'ignore-annotations'],
      values: {
        standard: /^(?:PSR\d+|PEAR|Squiz|Zend|Generic|WordPress[\w-]*|Drupal|\.?phpcs\.xml(?:\.dist)?)$/,
        report: list('full summary source json xml checkstyle csv diff emacs junit code info'),
        extensions: name,
        ignore: 'text',
        severity: 'number',
        'error-severity': 'number',
        'warning-severity': 'number',
        parallel: 'number',
      },
      operands: 'read',
    }),
    ['vendor/bin/phpcs src', 'phpcs --standard=PSR12 --report=summary src tests'],
    [
      'phpcs --standard=evil.xml src',
      'phpcs --bootstrap=evil.php src',
      'phpcs --report-file=x src',
      'phpcs --report-json=x src',
      'phpcs --config-set installed_paths evil',
      'phpcs -d auto_prepend_file=evil.php src',
      'phpcs --runtime-set x y src',
      'phpcs --file-list=x',
      'phpcbf src',
    ],
  ),
  entry(
    'php-cs-fixer',
    { commands: { fix: { ...fixer, needs: ['dry-run'] }, check: fixer } },
    ['vendor/bin/php-cs-fixer fix --dry-run --diff', 'php-cs-fixer check src'],
    [
      'php-cs-fixer fix',
      'php-cs-fixer fix --dry-run --config=evil.php',
      'php-cs-fixer fix --dry-run --cache-file=x',
      'php-cs-fixer fix src',
    ],
  ),
  entry(
    'pint',
    tool({ flags: 'vq', long: ['test', 'dirty', 'bail', 'parallel'], needs: ['test'], operands: 'read' }),
    ['vendor/bin/pint --test', 'pint --test -v app'],
    ['pint', 'pint app', 'pint --test --config evil.json', 'pint --repair'],
  ),
  entry(
    'rector',
    {
      commands: {
        process: tool({
          flags: 'n',
          long: ['dry-run', 'no-progress-bar', 'clear-cache', 'no-diffs'],
          needs: ['dry-run', 'n'],
          operands: 'read',
        }),
      },
    },
    ['vendor/bin/rector process --dry-run', 'rector process src -n'],
    ['rector process', 'rector', 'rector process --dry-run --config evil.php', 'rector process -n -a evil.php'],
  ),
  entry(
    'parallel-lint',
    tool({ long: ['no-colors', 'no-progress'], operands: 'read' }),
    ['parallel-lint src'],
    ['parallel-lint -p ./evil src'],
  ),
];

const flat = tool({ flags: 'nvq', long: list('no-interaction no-ansi ansi quiet json raw') });
/** The console of a framework. What prints its configuration, or a container with its parameters, prints secrets. */
const artisan = {
  commands: {
    test: { ...phpunit, exact: ['--env=testing'] },
    list: { ...flat, operands: name },
    about: flat,
    'route:list': {
      ...flat,
      long: [...(flat.long ?? []), 'except-vendor', 'reverse'],
      values: { path: 'text', name: 'text', method: name },
    },
    'event:list': flat,
    'schedule:list': flat,
    'migrate:status': flat,
    'debug:router': { ...flat, long: [...(flat.long ?? []), 'show-controllers'], operands: name },
    'debug:autowiring': { ...flat, operands: 'text' },
    'debug:event-dispatcher': { ...flat, operands: 'text' },
    'lint:yaml': { ...flat, operands: 'read' },
    'lint:twig': { ...flat, operands: 'read' },
    'lint:container': flat,
    'doctrine:schema:validate': { ...flat, long: [...(flat.long ?? []), 'skip-sync'] },
    'doctrine:mapping:info': flat,
    'doctrine:migrations:status': flat,
  },
} as const;
const console = new Set(['artisan', 'bin/console', './artisan', './bin/console']);
const toolFile = /^(?:\.\/)?(?:vendor\/)?bin\/([\w-]+)$/;
/** Settings for this one run that load nothing. */
const setting =
  /^(?:memory_limit=-?\d+[KMG]?|xdebug\.mode=(?:off|coverage)|display_errors=(?:1|0|on|off)|error_reporting=\w+|zend\.assertions=-?\d)$/;

/** Behind settings: what is started, and its words. */
function started(words: readonly Given[]): { script: string; rest: readonly Given[] } | undefined {
  let at = 0;
  while (words[at]?.text === '-d' && setting.test(words[at + 1]?.text ?? '')) at += 2;
  while (/^-d[a-z]/.test(words[at]?.text ?? '') && setting.test(words[at]?.text.slice(2) ?? '')) at += 1;
  const script = words[at];
  return script === undefined || script.glob ? undefined : { script: script.text, rest: words.slice(at + 1) };
}

const inner = new Set(tools.flatMap(({ names }) => names));
const phpVersion = version('looks', '--version', '-v', '-m', '--ini');
const syntax: Form = {
  does: 'runs',
  parser: 'loose',
  flags: 'l',
  needs: ['l'],
  optionsFirst: true,
  operands: { rest: 'read', least: 1 },
};

const composerOwn = tool({
  flags: 'nvq',
  long: list('no-interaction no-ansi ansi quiet no-plugins no-scripts no-cache'),
  values: { d: 'read', 'working-dir': 'read' },
});
const script: Form = { ...composerOwn, operands: { first: [checkingScript], least: 1, rest: 'test' }, after: given };

export const phpPrograms: readonly Program[] = [
  ...tools,
  {
    names: ['php'],
    runs: (words) => {
      const { script: file = '', rest = [] } = started(words) ?? {};
      const [, known = ''] = toolFile.exec(file) ?? [];
      return inner.has(known)
        ? { words: [{ text: `vendor/bin/${known}`, glob: false }, ...rest], does: 'runs' }
        : undefined;
    },
    read: (words) => {
      const { script: file = '', rest = [] } = started(words) ?? {};
      if (console.has(file)) return readForms(artisan, rest);
      return phpVersion(words) ?? readForms(syntax, words);
    },
    match: [
      'php -v',
      'php --version',
      'php -m',
      'php --ini',
      'php -l src/A.php',
      'php vendor/bin/phpunit',
      'php -d memory_limit=-1 vendor/bin/phpunit --filter testFoo',
      'php artisan test --filter Cart',
      'php artisan route:list',
      'php bin/console debug:router',
      'php bin/console lint:yaml config',
    ],
    noMatch: [
      'php',
      "php -r 'x'",
      "php -lr 'x'",
      'php x.php',
      'php -f x.php',
      'php -i',
      'php -S localhost:80',
      'php -l ../x.php',
      'php -d auto_prepend_file=evil.php vendor/bin/phpunit',
      'php -c evil.ini vendor/bin/phpunit',
      'php vendor/bin/phpunit --bootstrap evil.php',
      'php vendor/bin/evil',
      'php artisan migrate',
      'php artisan tinker',
      'php artisan serve',
      'php artisan config:show',
      'php bin/console debug:container --parameters',
      'php bin/console doctrine:database:drop',
    ],
  },
  {
    names: ['composer'],
    read: version('runs', '--version', '-V'),
    runs: ([command, ...words]) => (command?.text === 'exec' ? innerProgram(words, {}, inner) : undefined),
    forms: {
      before: composerOwn,
      commands: {
        test: { ...composerOwn, operands: 'test', after: given },
        run: script,
        'run-script': script,
        'run --list': composerOwn,
        'run-script --list': composerOwn,
        validate: {
          ...composerOwn,
          long: [
            ...(composerOwn.long ?? []),
            ...list('strict no-check-all no-check-lock no-check-publish no-check-version'),
          ],
          operands: 'read',
        },
        show: {
          ...composerOwn,
          flags: 'nvqitDNPs',
          long: [
            ...(composerOwn.long ?? []),
            ...list('installed tree direct name-only path self platform locked no-dev'),
          ],
          values: { f: ['text', 'json'], format: ['text', 'json'] },
          operands: packageName,
        },
        licenses: { ...composerOwn, values: { format: ['text', 'json', 'summary'] } },
        depends: { ...composerOwn, flags: 'nvqrt', operands: packageName },
        why: { ...composerOwn, flags: 'nvqrt', operands: packageName },
        'check-platform-reqs': composerOwn,
        ci: asked,
      },
      otherwise: script,
    },
    match: [
      'composer test',
      'composer run test',
      'composer run-script lint',
      'composer run-script --list',
      'composer validate --no-check-publish -d php',
      'composer lint',
      'composer test -- tests/CartTest.php',
      'composer validate --strict',
      'composer show --installed',
      'composer show monolog/monolog',
      'composer licenses',
      'composer exec phpunit',
      'composer --version',
    ],
    noMatch: [
      'composer',
      'composer install',
      'composer update',
      'composer require x/y',
      'composer outdated',
      'composer show --latest',
      'composer show -o',
      'composer -d ../other test',
      'composer --working-dir=../other test',
      'composer exec -- ./x',
      'composer config -l',
      'composer run deploy',
      'composer dump-autoload',
      'composer global show',
      'composer test -- --bootstrap evil.php',
    ],
  },
];
