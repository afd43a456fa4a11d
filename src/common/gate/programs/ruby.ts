import { countLeading, type Given, readForm } from '../form.ts';
import { type Program, type Reading, readForms } from '../program.ts';
import { checkNames, entry, innerProgram, list, name, packageName, tool, version } from './shared.ts';

/** Every one of these loads a `Gemfile`, a `Rakefile` or a configuration that may name code of the repository. */
const task = checkNames(
  'tests?|spec|unit|integration|features|cucumber|lint|check|ci|verify|validate|build|compile|rubocop|standard|typecheck|' +
    'stats|routes|about|notes|default|zeitwerk:check',
);
/** Others are names of classes. */
const rspecFormats = list('progress documentation json failures html p d j f h');
const rubocopFormats = list(
  'progress simple clang json files offenses worst github emacs junit html quiet markdown tap p s c j fi o w e h q',
);
/** A variable that says which tests are meant, as Rake's own tasks read it. */
const testVariable = /^(?:(?:TEST|SPEC)=(?!.*\.\.)\w[\w./:-]*|VERBOSE=1)$/;

const rspec = tool({
  flags: 'bcwp',
  exact: ['-fd', '-fp', '-fj', '-fdoc'],
  long: list(
    'backtrace color colour no-color no-colour force-color fail-fast no-fail-fast dry-run profile no-profile warnings only-failures next-failure bisect',
  ),
  values: {
    f: rspecFormats,
    format: rspecFormats,
    e: 'text',
    example: 'text',
    E: 'text',
    'example-matches': 'text',
    t: 'text',
    tag: 'text',
    P: 'text',
    pattern: 'text',
    'exclude-pattern': 'text',
    seed: 'number',
    order: /^(?:defined|rand(?:om)?(?::\d+)?)$/,
    'fail-fast': 'number',
    profile: 'number',
  },
  operands: 'test',
});
const rubocop = tool({
  flags: 'DSEFlLdPV',
  long: list(
    `lint only-guide-cops display-cop-names no-display-cop-names extra-details display-style-guide fail-fast parallel no-parallel
     color no-color list-target-files debug display-only-fail-level-offenses display-time force-exclusion ignore-disable-comments show-docs-url`,
  ),
  values: {
    f: rubocopFormats,
    format: rubocopFormats,
    only: 'text',
    except: 'text',
    'fail-level': /^[A-Za-z]+$/,
    cache: ['true', 'false'],
    'show-cops': /^[\w/,]+$/,
  },
  operands: 'read',
});
const railsTest = tool({
  flags: 'vbfd',
  long: list('verbose backtrace fail-fast defer-output color no-color profile'),
  values: { n: 'text', name: 'text', e: ['test'], environment: ['test'], seed: 'number', s: 'number' },
  operands: 'test',
});
const minitest = list(
  'test test:all test:system test:models test:controllers test:helpers test:integration test:units',
);
const rails = {
  commands: {
    ...Object.fromEntries(minitest.map((each) => [each, railsTest])),
    spec: tool({}),
    routes: tool({ flags: 'E', long: ['expanded', 'unused'], values: { c: 'text', g: 'text' } }),
    ...Object.fromEntries(
      list('stats about notes middleware initializers version zeitwerk:check db:version db:migrate:status').map(
        (each) => [each, tool({})],
      ),
    ),
  },
};

const tools: readonly Program[] = [
  entry(
    'rspec bin/rspec ./bin/rspec',
    rspec,
    ['rspec', 'rspec spec/a_spec.rb:10 --format documentation', "bin/rspec -e 'adds two' --fail-fast"],
    [
      'rspec -r ./evil.rb',
      'rspec --require ./evil.rb',
      'rspec -I evil',
      'rspec -f Evil::Formatter',
      'rspec --format documentation --out x.txt',
      'rspec -o x.txt',
      'rspec --options evil',
      'rspec --init',
      'rspec ../other',
    ],
  ),
  entry(
    'rubocop bin/rubocop ./bin/rubocop',
    rubocop,
    ['rubocop', 'rubocop app/models/user.rb --format json', 'rubocop --parallel --only Style/StringLiterals'],
    [
      'rubocop -a',
      'rubocop -A',
      'rubocop -x',
      'rubocop --autocorrect',
      'rubocop -lA',
      'rubocop -c evil.yml',
      'rubocop -r ./evil.rb',
      'rubocop --plugin evil',
      'rubocop --format Evil',
      'rubocop -f json -o out.json',
      'rubocop --auto-gen-config',
      'rubocop --server',
      'rubocop ../other',
    ],
  ),
  entry(
    'rake bin/rake ./bin/rake',
    tool({
      flags: 'TPAnqtsmW',
      long: list('tasks all dry-run quiet trace silent prereqs multitask'),
      values: { j: 'number', jobs: 'number', T: /^[\w:]+$/, tasks: /^[\w:]+$/ },
      operands: (text) => task.test(text) || testVariable.test(text),
    }),
    ['rake test', 'rake -T', 'rake spec', 'rake', 'rake test TEST=test/cart_test.rb', 'bin/rake rubocop'],
    [
      'rake db:drop',
      'rake deploy',
      'rake release',
      'rake clobber',
      'rake -f evil.rake',
      'rake --rakefile=evil.rake test',
      'rake -r ./evil.rb',
      'rake -I evil test',
      "rake -e 'x'",
      "rake -p 'x'",
      'rake -C ../other test',
      'rake -g test',
      'rake test TESTOPTS=-rx',
      'rake test TEST=../x.rb',
    ],
  ),
  entry(
    'rails bin/rails ./bin/rails',
    rails,
    [
      'bin/rails test',
      'rails test test/models/user_test.rb:12',
      'rails routes -g users',
      'bin/rails zeitwerk:check',
      'rails -v',
    ],
    [
      'rails',
      'rails server',
      'rails console',
      "rails runner 'x'",
      'rails db:migrate',
      'rails db:drop',
      'rails generate model x',
      'rails credentials:show',
      'rails test -r ./evil.rb',
      'rails test -e production',
      'rails test ../other',
    ],
  ),
  entry(
    'standardrb',
    tool({ flags: '', long: ['no-fix', 'parallel'], values: { format: rubocopFormats }, operands: 'read' }),
    ['standardrb', 'standardrb --no-fix lib'],
    ['standardrb --fix', 'standardrb --fix-unsafely', 'standardrb --lsp', 'standardrb -r ./evil.rb'],
  ),
  entry(
    'erblint erb_lint',
    tool({ flags: '', long: ['lint-all'], values: { format: ['compact', 'multiline', 'json'] }, operands: 'read' }),
    ['erblint --lint-all', 'erblint app/views'],
    ['erblint -a', 'erblint --lint-all --autocorrect', 'erblint --config evil.yml'],
  ),
  entry(
    'haml-lint slim-lint',
    tool({ long: ['color', 'no-color', 'parallel'], operands: 'read' }),
    ['haml-lint app/views', 'slim-lint app/views'],
    ['haml-lint -a', 'haml-lint --require ./evil.rb .', 'slim-lint -c evil.yml'],
  ),
  entry(
    'brakeman',
    tool({
      flags: 'qzA',
      long: list('quiet no-pager no-color no-progress no-exit-on-warn no-exit-on-error summary no-summary'),
      values: { f: ['text', 'json', 'html', 'table', 'tabs', 'markdown', 'sarif'], format: ['text', 'json', 'sarif'] },
      operands: 'read',
    }),
    ['brakeman -q --no-pager', 'brakeman -z -f json'],
    [
      'brakeman -o out.json',
      'brakeman -c evil.yml',
      'brakeman -I',
      'brakeman --add-checks-path evil',
      'brakeman ../other',
    ],
  ),
  entry(
    'reek',
    tool({ long: ['single-line', 'no-progress'], operands: 'read' }),
    ['reek lib'],
    ['reek -c evil.yml', 'reek -t'],
  ),
  entry(
    'srb',
    { commands: { tc: tool({ flags: 'q', long: ['quiet'], operands: 'read' }), typecheck: tool({}) } },
    ['srb tc', 'srb tc lib'],
    ['srb tc -a', 'srb tc --autocorrect', 'srb init', 'srb rbi gems', "srb tc -e 'x'", 'srb tc --metrics-file x'],
  ),
  entry(
    'steep',
    { commands: { check: tool({ operands: 'read', values: { jobs: 'number' } }), stats: tool({}) } },
    ['steep check', 'steep check lib'],
    ['steep langserver', 'steep check --steepfile=evil', 'steep check --steep-command=evil'],
  ),
  entry(
    'cucumber',
    tool({
      flags: 'dsq',
      long: list('dry-run strict no-strict quiet fail-fast no-color publish-quiet no-source'),
      values: { t: 'text', tags: 'text', n: 'text', name: 'text', f: ['pretty', 'progress', 'json', 'summary'] },
      operands: 'test',
    }),
    ['cucumber', 'cucumber features/cart.feature:12 --tags @fast'],
    ['cucumber -r evil', 'cucumber --publish', 'cucumber -f json -o x', 'cucumber --init', 'cucumber -p evil'],
  ),
  entry(
    'jekyll',
    { commands: { build: tool({ long: ['drafts', 'quiet', 'verbose', 'trace'] }), doctor: tool({}) } },
    ['jekyll build'],
    ['jekyll serve', 'jekyll build -w', 'jekyll build -d src', 'jekyll new x', 'jekyll clean'],
  ),
];

/** A test by its name and its folder: the one that a task `test` would run as well. */
const testFile = /^(?:\.\/)?(?:\w[\w-]*\/)*(?:test|spec)\/(?:\w[\w-]*\/)*(?:test_\w+|\w+_test|\w+_spec)\.rb$/;
/** Before the test stand options of Ruby, behind it those of the test; and the letters mean other things. */
const folders = /^(?:\.|test|lib|spec|test:lib|lib:test|spec:lib|lib:spec)$/;
const before = tool({
  flags: 'w',
  exact: list('-Itest -Ilib -Ispec -I. -Ilib:test -Itest:lib -Ilib:spec -Ispec:lib'),
  values: { I: folders },
});
const behind = tool({
  flags: 'v',
  long: ['verbose'],
  values: { n: 'text', name: 'text', s: 'number', seed: 'number' },
});
const syntax = tool({ flags: 'cw', needs: ['c'], optionsFirst: true, operands: { rest: 'read', least: 1 } });
const rubyVersion = version('looks', '--version', '-v');

function readRuby(words: readonly Given[]): Reading | undefined {
  const at = countLeading(words, before);
  const { fits } = readForm(words.slice(0, at), before);
  const file = words[at];
  if (fits && file !== undefined && !file.glob && testFile.test(file.text))
    return readForms(behind, words.slice(at + 1));
  return rubyVersion(words) ?? readForms(syntax, words);
}

const inner = new Set(tools.flatMap(({ names }) => names));

export const rubyPrograms: readonly Program[] = [
  ...tools,
  {
    names: ['ruby'],
    read: readRuby,
    match: [
      'ruby -v',
      'ruby --version',
      'ruby -c lib/a.rb',
      'ruby -wc lib/a.rb',
      'ruby -Ilib -Itest test/a_test.rb',
      'ruby -Itest test/models/user_test.rb -n test_total -v',
    ],
    noMatch: [
      'ruby',
      "ruby -e 'puts 1'",
      "ruby -ce 'x'",
      'ruby script.rb',
      'ruby -Itest script.rb',
      'ruby -Itest ../test/a_test.rb',
      'ruby -r ./evil test/a_test.rb',
      'ruby -ntest test/a_test.rb',
      'ruby -n evil.rb test/a_test.rb',
      'ruby -Itest test/a_test.rb -r ./evil.rb',
      'ruby -i.bak test/a_test.rb',
      'ruby -c -r./evil lib/a.rb',
      'ruby -x test/a_test.rb',
      'ruby -C .. test/a_test.rb',
    ],
  },
  {
    names: ['bundle', 'bin/bundle'],
    read: version('runs', '--version', '-v', 'version'),
    runs: ([command, ...words]) =>
      command?.text === 'exec' ? innerProgram(words, {}, new Set([...inner, 'ruby'])) : undefined,
    forms: {
      commands: {
        list: tool({ long: ['name-only', 'paths'] }),
        show: tool({ long: ['paths'], operands: packageName }),
        info: tool({ long: ['path', 'version'], operands: packageName }),
        check: tool({ long: ['dry-run'] }),
        platform: tool({ long: ['ruby'] }),
        licenses: tool({}),
      },
    },
    match: [
      'bundle exec rspec spec/a_spec.rb',
      'bundle exec rake test',
      'bundle exec ruby -Itest test/a_test.rb',
      'bundle list',
      'bundle info rails',
      'bundle show rspec',
      'bundle check',
      'bundle -v',
    ],
    noMatch: [
      'bundle',
      'bundle install',
      'bundle update',
      'bundle add x',
      'bundle exec ./x',
      'bundle exec irb',
      "bundle exec ruby -e 'x'",
      'bundle exec rubocop -A',
      'bundle exec rake db:drop',
      'bundle exec --gemfile=evil rspec',
      'bundle config list',
      'bundle config set path x',
      'bundle open rails',
      'bundle outdated',
      'bundle check --path=x',
      'bundle clean',
    ],
  },
  {
    names: ['gem'],
    read: version('runs', '--version', '-v'),
    forms: {
      commands: {
        list: tool({ flags: 'da', long: ['details', 'local', 'all', 'no-versions', 'exact'], operands: name }),
        which: tool({ operands: packageName }),
        contents: tool({ operands: packageName }),
        dependency: tool({ long: ['local'], operands: packageName }),
        env: tool({ operands: ['version', 'gemdir', 'gempath', 'platform', 'home'] }),
        environment: tool({}),
      },
    },
    match: ['gem list', 'gem list --local rails', 'gem which rspec', 'gem env', 'gem -v'],
    noMatch: [
      'gem install x',
      'gem list --remote',
      'gem list -r',
      'gem push x.gem',
      'gem uninstall x',
      'gem list --config-file evil',
      'gem sources -a https://example.org',
      'gem build x.gemspec',
      'gem exec x',
    ],
  },
];
