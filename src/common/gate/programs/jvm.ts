import type { Program } from '../program.ts';
import { targets } from './make.ts';
import { entry, except, list, name, tool, version } from './shared.ts';

const sbtTask = new RegExp(
  '^(?:[\\w-]+\\/)*(?:(?:Test|IntegrationTest|It|it|test)[/:])?' +
    '(?:test|compile|testQuick|package|doc|scalafmtCheck|scalafmtCheckAll|scalafmtSbtCheck|scalafixAll --check|headerCheck|headerCheckAll|' +
    'dependencyTree|projects|coverageReport|undeclaredCompileDependenciesTest|testOnly [\\w.*?-]+(?: [\\w.*?-]+)*(?: -- -z [\\w ]+)?)$',
);
const millTask = /^(?:\w+\.|_{1,2}\.)*(?:test|compile|checkFormat|testCached|resolvedIvyDeps|testLocal)$/;
const clojure = new Set(
  list(
    '-M:test -X:test -T:test -M:dev:test -X:dev:test -M:test:runner -M:test:kaocha -M:kaocha -M:lint -M:clj-kondo -Stree -Spath --version',
  ),
);
const reporter = list('plain plain?group_by_file plain-summary json sarif checkstyle html');

export const jvm: readonly Program[] = [
  {
    names: ['javac'],
    read: version('looks', '-version', '--version', '--help', '-help'),
    forms: {
      does: 'runs',
      oneDash: true,
      flags: 'g',
      long: [
        'nowarn',
        'verbose',
        'parameters',
        'Werror',
        'Xlint',
        'deprecation',
        'proc:none',
        'Xlint:all',
        'Xlint:unchecked',
        'Xlint:deprecation',
        'Xdiags:verbose',
        'enable-preview',
      ],
      values: {
        d: 'product',
        cp: 'text',
        classpath: 'text',
        'class-path': 'text',
        sourcepath: 'text',
        encoding: name,
        source: name,
        target: name,
        release: 'number',
      },
      needs: ['d'],
      responseFiles: true,
      operands: { rest: 'read', least: 1 },
    },
    match: [
      'javac -version',
      'javac -d build/classes src/App.java',
      'javac -Xlint:all -cp lib/a.jar:build -d out src/App.java',
    ],
    noMatch: [
      'javac',
      'javac src/App.java',
      'javac -d src src/App.java',
      'javac @args',
      'javac -d out -processor Evil src/App.java',
      'javac -d out -processorpath x src/App.java',
      'javac -d out -J-javaagent:x src/App.java',
      'javac -d out -Xplugin:Evil src/App.java',
      'javac -d out ../App.java',
      'javac -h x -d out src/App.java',
      'javac -d out -s x src/App.java',
    ],
  },
  entry(
    'sbt ./sbt sbtn',
    tool({
      long: list('batch no-colors client'),
      exact: list('-batch -no-colors -Dsbt.color=false -Dsbt.ci=true -Dsbt.supershell=false'),
      operands: { rest: sbtTask, least: 1 },
    }),
    [
      'sbt test',
      'sbt compile',
      'sbt Test/compile',
      'sbt "testOnly shop.CartSpec"',
      'sbt cart/test scalafmtCheckAll',
      'sbt -no-colors test',
    ],
    [
      'sbt',
      'sbt run',
      'sbt publish',
      'sbt console',
      'sbt clean',
      "sbt 'set x := 1' test",
      'sbt -Dsbt.boot.directory=x test',
      'sbt -java-home ./x test',
      'sbt "eval 1"',
      'sbt scalafmtAll',
      'sbt ~test',
      'sbt -J-javaagent:x test',
      'sbt scalafixAll',
    ],
  ),
  entry(
    'mill ./mill',
    tool({ flags: 'ik', exact: ['--no-server', '--ticker=false'], operands: { first: [millTask], least: 1 } }),
    ['mill __.test', './mill cart.test', 'mill -i cart.compile'],
    [
      'mill cart.run',
      'mill -w cart.test',
      'mill mill.scalalib.scalafmt.ScalafmtModule/reformatAll',
      'mill --home x cart.test',
      'mill show x',
      'mill -c x cart.test',
      'mill cart.publishLocal',
    ],
  ),
  entry(
    'scala-cli',
    {
      commands: {
        test: tool({ operands: { rest: 'read', least: 1 } }),
        compile: tool({ operands: { rest: 'read', least: 1 } }),
        fmt: tool({ long: ['check'], needs: ['check'], operands: 'read' }),
      },
    },
    ['scala-cli test .', 'scala-cli fmt --check .'],
    ['scala-cli run .', 'scala-cli x.sc', 'scala-cli fmt .', 'scala-cli compile --exec x .', 'scala-cli test ../other'],
  ),
  entry(
    'scalafmt',
    tool({
      long: ['check', 'test', 'list', 'non-interactive', 'quiet'],
      needs: ['check', 'test', 'list'],
      operands: 'read',
    }),
    ['scalafmt --check', 'scalafmt --test src'],
    ['scalafmt', 'scalafmt -i', 'scalafmt --check --config x', 'scalafmt --check -c ../x'],
  ),
  entry(
    'lein',
    {
      commands: {
        test: tool({
          exact: [':only', ':all', ':unit', ':integration'],
          operands: /^(?:[\w.*/-]+|:only|:all|:unit|:integration)$/,
        }),
        check: tool({}),
        compile: tool({}),
        kibit: tool({}),
        eastwood: tool({}),
        'cljfmt check': tool({}),
        'deps :tree': tool({}),
        version: tool({}),
      },
    },
    ['lein test', 'lein test :only shop.cart-test', 'lein check', 'lein cljfmt check'],
    [
      'lein run',
      'lein repl',
      'lein deploy',
      'lein cljfmt fix',
      'lein update-in x -- test',
      'lein with-profile x do y',
      'lein uberjar',
    ],
  ),
  {
    names: ['clj', 'clojure'],
    // Without a word it reads what to run.
    read: ([only, ...others]) => ({
      paths: [],
      does: others.length === 0 && clojure.has(only?.text ?? '') ? 'runs' : 'asks',
    }),
    match: ['clj -M:test', 'clojure -X:test', 'clojure -Stree'],
    noMatch: [
      'clj',
      "clj -e 'x'",
      'clj -M -m evil',
      "clj -Sdeps '{}' -M:test",
      'clojure -X:deploy',
      'clojure -T:build jar',
      'clj -M:test -i x.clj',
    ],
  },
  entry(
    'clj-kondo',
    tool({
      long: ['lint', 'parallel', 'fail-level'],
      values: { lint: 'read', 'fail-level': ['warning', 'error', 'info'] },
      needs: ['lint'],
      operands: 'read',
    }),
    ['clj-kondo --lint src test'],
    [
      "clj-kondo --config '{}' --lint src",
      'clj-kondo --lint src --cache-dir x',
      'clj-kondo --lint ../other',
      'clj-kondo --copy-configs --lint src',
    ],
  ),
  entry(
    'ant',
    tool({ flags: 'qveSp', long: [], exact: ['-quiet', '-verbose', '-emacs', '-projecthelp'], operands: targets }),
    ['ant test', 'ant -q compile', 'ant -p'],
    [
      'ant clean',
      'ant deploy',
      'ant -f evil.xml',
      'ant -buildfile evil.xml',
      'ant -lib x test',
      'ant -Dx=y test',
      'ant -logger Evil test',
      'ant -l x test',
      'ant -propertyfile x test',
      'ant -autoproxy test',
    ],
  ),
  entry(
    'ktlint',
    except(
      tool({
        long: ['relative', 'color', 'verbose'],
        exact: reporter.map((each) => `--reporter=${each}`),
        values: { 'log-level': name, limit: 'number' },
        operands: 'read',
      }),
      'installGitPreCommitHook installGitPrePushHook generateEditorConfig',
    ),
    ['ktlint', "ktlint 'src/**/*.kt'", 'ktlint --reporter=json'],
    [
      'ktlint -F',
      'ktlint --format',
      'ktlint -R evil.jar',
      'ktlint --ruleset=evil.jar',
      'ktlint --reporter=plain,output=x',
      'ktlint --editorconfig=../x',
      'ktlint installGitPreCommitHook',
      'ktlint generateEditorConfig',
      'ktlint --baseline=x',
    ],
  ),
  entry(
    'detekt',
    {
      does: 'runs',
      parser: 'loose',
      long: list('all-rules parallel build-upon-default-config debug help version'),
      values: {
        i: 'read',
        input: 'read',
        ex: 'text',
        excludes: 'text',
        'max-issues': 'number',
        'jvm-target': name,
        'language-version': name,
      },
    },
    ['detekt', 'detekt --input src --parallel'],
    [
      'detekt --auto-correct',
      'detekt -ac',
      'detekt --plugins evil.jar',
      'detekt -r txt:x',
      'detekt --report txt:x',
      'detekt --create-baseline',
      'detekt --config evil.yml',
      'detekt --generate-config',
      'detekt --input ../other',
    ],
  ),
];
