import type { Form, Given } from '../form.ts';
import { type Program, type Reading, readForms } from '../program.ts';
import { configuration, list, name, version } from './shared.ts';

/** What in the name of a target says that it does more than to build and to test. */
const more =
  'clean|fix|write|update|upgrade|install|deploy|publish|release|push|upload|sign|tag|serve|watch|run|login|docker|image|migrate|seed|db|prod';
/**
 * Names by which targets that build, test or check are known. What stands behind a name is the repository's own, and so runs
 * where it can do no harm outside; the pattern keeps out what would fail there or change what the person made.
 */
const ready =
  'all|tests?|check|lint|build|compile|unit|units|unittests?|integration|e2e|vet|typecheck|types|type-check|fmt-check|format-check|check-fmt|check-format|coverage|cover|help|' +
  'ci|verify|validate|smoke|bench|benchmark|static-analysis|static|analyze|docs?|dist|list|targets|mypy|pytest|clippy|eslint|debug|print-[A-Z_]+';
export const targets = new RegExp(
  `^(?!.*(?:^|[-_])(?:${more})(?:$|[-_]))(?:${ready}|(?:tests?|check|lint|build|compile|unit|coverage|verify|bench)[-_:/][a-z0-9_/-]+|[a-z0-9_]+[-_]tests?)$`,
);
/** Variables by which tests are chosen: names of them, and options that say how much is told. A shell takes no sign in them for its own. */
const chosen =
  /^(?:ARGS|TEST_?ARGS|PYTEST_?ARGS|TEST|TESTS|T|K|FILTER|PATTERN|NAME|PKG|PACKAGE|MODULE|SUITE|TESTFLAGS)=(?!.*\.\.\/)(?:(?:-[vqxskj]+|-[vqx]+|--verbose|[\w./:][\w./:*-]*)(?: |$))*$/;
const ordinary =
  /^(?:BUILD_TYPE|BUILD|MODE|CONFIG|PROFILE|CMAKE_BUILD_TYPE)=(?:[Dd]ebug|[Rr]elease|RelWithDebInfo|dev|test)$|^(?:CC=(?:gcc|clang)|CXX=(?:g\+\+|clang\+\+))$/;
/** Behind `-j` the number may stand as a word of its own, and is no target then. */
const targetsAndJobs = (text: string): boolean =>
  /^(?:\d+|:)$|^(?:V|VERBOSE|DEBUG|CI|NO_COLOR|Q)=[01]?$/.test(text) ||
  targets.test(text) ||
  chosen.test(text) ||
  ordinary.test(text);
const makefile = configuration(/(?:GNUm|M|m)akefile/);

/** Also with `-n`: variables that are set by `$(shell)` are needed to say what would be done. */
const make: Form = {
  does: 'runs',
  flags: 'jksnwpqrRB',
  long: [
    'print-data-base',
    'question',
    'always-make',
    'no-builtin-rules',
    'debug',
    'trace',
    'print-directory',
    'keep-going',
    'silent',
    'quiet',
    'dry-run',
    'just-print',
    'no-print-directory',
    'jobs',
    'output-sync',
  ],
  values: {
    j: 'number',
    jobs: 'number',
    C: 'read',
    directory: 'read',
    f: makefile,
    file: makefile,
    makefile,
    'output-sync': ['none', 'line', 'target', 'recurse'],
  },
  operands: targetsAndJobs,
};

const cmake: Form = {
  does: 'runs',
  flags: 'vj',
  long: ['verbose', 'parallel'],
  values: {
    build: 'read',
    j: 'number',
    parallel: 'number',
    t: targets,
    target: targets,
    config: ['Debug', 'Release', 'RelWithDebInfo', 'MinSizeRel'],
    preset: name,
  },
  operands: /^\d+$/,
  needs: ['build'],
  // Behind `--` are the options of the program that builds.
  after: { flags: 'vkjs', values: { j: 'number' }, operands: /^\d+$/ },
};

/**
 * To configure is to write a folder of its own: one with the name of a build, or the one it stands in where the project lies above.
 * The compilers are those by name.
 */
const definition =
  /^(?:(?!CMAKE_)[A-Za-z]\w*(?::BOOL)?=(?:ON|OFF|TRUE|FALSE|YES|NO|on|off|\d+)|CMAKE_(?:BUILD_TYPE(?::STRING)?=\w+|EXPORT_COMPILE_COMMANDS=\w+|(?:C|CXX)_STANDARD=\d+|VERBOSE_MAKEFILE=\w+|(?:C|CXX)_COMPILER=(?:gcc|g\+\+|clang|clang\+\+)(?:-\d+)?|(?:C|CXX)_COMPILER_LAUNCHER=s?ccache))$/;
const configuring: Form = {
  does: 'runs',
  long: ['list-presets'],
  exact: ['-Wno-dev', '-Wdev', '-L', '-LA', '-LAH', '-LH', '-N', '--list-presets=all'],
  values: {
    S: 'read',
    B: 'product',
    D: definition,
    G: ['Ninja', 'Ninja Multi-Config', 'Unix Makefiles', 'Xcode'],
    preset: name,
    'log-level': name,
  },
};
const configure: Form = { ...configuring, needs: ['B', 'preset', 'list-presets'], operands: { first: ['read'] } };
/** Names its folder by the operand: one of a build that is there, or the project above. */
const again: Form = { ...configuring, operands: { first: ['product'], least: 1 } };
const above: Form = { ...configuring, operands: { first: [/^\.\.(?:\/\.\.)?\/?$/], least: 1 } };
const cmakeVersion = version('looks', '--version', '-version', '--help');

function readCmake(words: readonly Given[]): Reading | undefined {
  const alone = cmakeVersion(words);
  if (alone === undefined && words[0]?.text === '--build' && words[1]?.text === '--preset')
    return readForms(preset, words);
  if (alone !== undefined || words.some(({ text }) => text === '--build')) return alone;
  const forms = [configure, above, again].map((form) => readForms(form, words));
  return forms.find(({ does }) => does === 'runs') ?? forms[0];
}

const { build: _folder, ...building } = cmake.values ?? {};
/** A preset says which folder is built. */
const preset: Form = { ...cmake, long: [...(cmake.long ?? []), 'build'], values: building, needs: ['preset'] };

/** It looks for scripts to run among the values of its options as well. */
const pattern = /^[^-]/;
const ctest: Form = {
  does: 'runs',
  flags: 'VNQj',
  long: [
    'verbose',
    'extra-verbose',
    'output-on-failure',
    'stop-on-failure',
    'rerun-failed',
    'progress',
    'quiet',
    'show-only',
    'schedule-random',
    'parallel',
  ],
  values: {
    'test-dir': 'read',
    R: pattern,
    'tests-regex': pattern,
    E: pattern,
    'exclude-regex': pattern,
    L: pattern,
    'label-regex': pattern,
    j: 'number',
    parallel: 'number',
    C: ['Debug', 'Release', 'RelWithDebInfo', 'MinSizeRel'],
    'build-config': ['Debug', 'Release', 'RelWithDebInfo', 'MinSizeRel'],
    timeout: 'number',
    preset: name,
    'no-tests': ['error', 'ignore'],
    repeat: /^(?:until-fail|until-pass|after-timeout):\d+$/,
    'show-only': ['human', 'json-v1'],
  },
  operands: /^\d+$/,
  after: {},
};

const meson: Form = {
  does: 'runs',
  flags: 'vq',
  long: ['verbose', 'quiet', 'list', 'print-errorlogs', 'no-rebuild', 'no-stdsplit', 'benchmark'],
  values: {
    C: 'read',
    j: 'number',
    'num-processes': 'number',
    suite: 'text',
    'no-suite': 'text',
    t: 'number',
    'timeout-multiplier': 'number',
    repeat: 'number',
    maxfail: 'number',
  },
  operands: /^[\w*][\w.:* -]*$/,
  after: {},
};

export const makePrograms: readonly Program[] = [
  {
    names: ['make', 'gmake'],
    read: version('looks', '--version', '-v'),
    forms: make,
    match: [
      'make',
      'make test',
      'make -j4 check',
      'make -j 8 build test',
      'make -j',
      'make -s lint-python',
      'make -k test-unit',
      'make --no-print-directory typecheck check-format',
      'make -n all',
      'make -C server test',
      'make build_tests 2>&1',
      'cd server && make test',
      'make --version',
      'make V=1',
      'make test VERBOSE=1',
      'make -j$(nproc) test',
      'make -B test',
      'make -qp',
      'make -f Makefile test',
      'make test ARGS="-k foo"',
      'make test TEST=tests/test_a.py',
      'make BUILD_TYPE=Debug CC=clang',
      'make ci validate',
      'make test/unit',
    ],
    noMatch: [
      'make SHELL=./x test',
      'make V=./x',
      'make V=1 install',
      'make -f $(nproc)',
      'make test CC=./x',
      'make CFLAGS+=-fplugin=x.so',
      'make -f other.mk',
      'make --file=other.mk test',
      'make -I include test',
      "make --eval='$(shell ./x)' test",
      "make -E '$(shell ./x)'",
      'make -e test',
      'make -C ../other test',
      'make clean',
      'make test ARGS=";rm x"',
      'make test ARGS="$(rm x)"',
      "make test ARGS='`x`'",
      'make test ARGS="--junitxml=x"',
      'make test TEST=../x',
      'make CC=./x',
      'make CC="gcc -wrapper x"',
      'make -f Makefile deploy',
      'make -f ../Makefile test',
      'make fmt',
      'make format',
      'make generate',
      'make release',
      'make dev',
      'make up',
      'make install',
      'make deploy',
      'make publish',
      'make test-deploy',
      'make build-and-push',
      'make lint-fix',
      'make test clean',
      'make -- SHELL=./x',
      'make -ij test',
      'make -t test',
      'make ../x',
    ],
  },
  {
    names: ['cmake'],
    read: readCmake,
    forms: cmake,
    match: [
      'cmake --version',
      'cmake --build build',
      'cmake --build build -j 4',
      'cmake --build build -j --target test --config Debug',
      'cmake --build build --parallel 8 -v',
      'cmake --build build -- -k -j4',
      'cmake --build --preset debug',
      'cmake -S . -B build',
      'cmake -B build -DCMAKE_BUILD_TYPE=Debug -G Ninja cpp',
      'cmake -S . -B build -DBUILD_TESTING=ON',
      'cd build && cmake ..',
      'cmake --preset debug',
      'cmake --list-presets',
      'cmake -LA -N build',
    ],
    noMatch: [
      'cmake',
      'cmake .',
      'cmake -S . -B src',
      'cmake -B .',
      'cmake src',
      'cmake -S ../other -B build',
      'cmake -B ../build',
      'cmake -B build -DX=./x',
      'cmake -B build -DCMAKE_TOOLCHAIN_FILE=x',
      'cmake -B build -DCMAKE_PROJECT_INCLUDE=x',
      'cmake -B build --trace-redirect=x',
      'cmake --preset debug -P x',
      'cmake -S . -B build -DCMAKE_CXX_COMPILER=./x',
      'cmake -P script.cmake',
      'cmake -C cache.cmake .',
      'cmake -E rm -rf src',
      'cmake --install build',
      'cmake --build build --target install',
      'cmake --build build --target clean',
      'cmake --build build --clean-first',
      'cmake --build ../other',
      'cmake --build build -- -f other.mk',
      'cmake --build build -- SHELL=./x',
      'cmake --graphviz=x .',
      'cmake --open build',
    ],
  },
  {
    names: ['ctest'],
    read: version('looks', '--version'),
    forms: ctest,
    match: [
      'ctest',
      'ctest --test-dir build --output-on-failure',
      "ctest -V -R 'cart|total' -E slow",
      'ctest -VV -j 4',
      'ctest -N',
      'cd build && ctest --output-on-failure -j4',
      'ctest --version',
    ],
    noMatch: [
      'ctest -S script.cmake',
      'ctest -SP script.cmake',
      'ctest --script script.cmake',
      'ctest -R -S script.cmake',
      'ctest -D Nightly',
      'ctest -M Nightly -T Submit',
      'ctest -T Test',
      'ctest --build-and-test src build',
      'ctest --submit-index 1',
      'ctest -O out.txt',
      'ctest --output-junit out.xml',
      'ctest --overwrite MemoryCheckCommand=./x',
      'ctest --test-dir ../other',
    ],
  },
  {
    names: ['ninja'],
    read: version('looks', '--version'),
    forms: {
      does: 'runs',
      flags: 'vn',
      long: ['verbose', 'quiet'],
      values: {
        C: 'read',
        j: 'number',
        k: 'number',
        l: 'number',
        d: ['explain', 'stats'],
        t: ['targets', 'commands', 'query', 'deps', 'graph', 'rules', 'inputs', 'missingdeps'],
      },
      operands: targets,
      after: {},
    },
    match: [
      'ninja',
      'ninja -C build',
      'ninja -C build -j 4 -v test',
      'ninja -C build cart_test',
      'ninja -C build -t commands',
      'ninja --version',
    ],
    noMatch: [
      'ninja -f other.ninja',
      'ninja -t clean',
      'ninja -tclean',
      'ninja -t browse',
      'ninja install',
      'ninja -C ../other',
      'ninja -w dupbuild=warn',
    ],
  },
  {
    names: ['meson'],
    forms: {
      commands: {
        '': { long: ['version'], needs: ['version'] },
        test: meson,
        setup: {
          does: 'runs',
          long: ['reconfigure'],
          values: {
            buildtype: ['debug', 'release', 'debugoptimized', 'plain', 'minsize'],
            D: /^[\w:]+=(?:true|false|enabled|disabled|auto|\d+)$/,
          },
          exact: list('-Dbuildtype=debug -Dbuildtype=release'),
          operands: { first: ['product', 'read'], least: 1 },
        },
        configure: { does: 'runs', operands: { first: ['read'] } },
        compile: {
          does: 'runs',
          flags: 'v',
          long: ['verbose'],
          values: { C: 'read', j: 'number', jobs: 'number' },
          operands: targets,
          after: {},
        },
        // It reads what an earlier run has kept in the folder, and that may name code.
        introspect: {
          does: 'runs',
          flags: 'ai',
          long: [
            'all',
            'indent',
            'targets',
            'tests',
            'benchmarks',
            'dependencies',
            'projectinfo',
            'buildoptions',
            'ast',
          ],
          operands: 'read',
        },
      },
    },
    match: [
      'meson test -C build',
      'meson test -C build --print-errorlogs cart total',
      'meson test -C build --suite unit -v',
      'meson compile -C build',
      'meson setup build',
      'meson setup builddir --buildtype=debug -Dtests=true',
      'meson configure build',
      'meson introspect build --tests',
      'meson --version',
    ],
    noMatch: [
      'meson setup src',
      'meson setup build --cross-file x',
      'meson setup build --native-file=x',
      'meson setup ../build',
      'meson setup build -Dcpp_args=-fplugin=x',
      'meson setup build --wipe',
      'meson build',
      'meson install -C build',
      "meson test -C build --wrapper './x'",
      "meson test -C build --wrap='./x'",
      'meson test -C build --gdb --gdb-path ./x',
      'meson test -C build --test-args=x',
      'meson test -C build --logbase x',
      'meson compile -C build --clean',
      'meson compile -C build --ninja-args=-f,x',
      'meson configure build -Dx=y',
      'meson wrap install zlib',
    ],
  },
  {
    names: ['clang-format'],
    // Behind `@` is a file with more options, and `-i` could be among them.
    read: (words) =>
      words.some(({ text, glob }) => text.startsWith('@') || (glob && /^[*?]/.test(text)))
        ? { paths: [], does: 'asks' }
        : undefined,
    forms: {
      oneDash: true,
      flags: 'n',
      long: ['dry-run', 'Werror', 'verbose', 'version', 'dump-config', 'fcolor-diagnostics', 'fno-color-diagnostics'],
      values: {
        style: [
          'file',
          'llvm',
          'LLVM',
          'google',
          'Google',
          'chromium',
          'Chromium',
          'mozilla',
          'Mozilla',
          'webkit',
          'WebKit',
        ],
        lines: /^\d+:\d+$/,
        'assume-filename': 'read',
        i: 'write',
      },
      operands: 'read',
    },
    match: [
      'clang-format --dry-run --Werror src/cart.cpp',
      'clang-format -n -style=file src/cart.cpp',
      'clang-format -n src/*.h',
      'clang-format --version',
    ],
    noMatch: [
      'clang-format -i src/cart.cpp',
      'clang-format --style=file:../other src/cart.cpp',
      'clang-format --files=names.txt',
      'clang-format @options',
      'clang-format -n *',
      'clang-format -n ../other/cart.cpp',
    ],
  },
];
