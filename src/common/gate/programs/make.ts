import type { Form } from '../form.ts';
import type { Program } from '../program.ts';
import { version } from './shared.ts';

/** What in the name of a target says that it does more than to build and to test. */
const more =
  'clean|fix|write|update|upgrade|install|deploy|publish|release|push|upload|sign|tag|serve|watch|run|login|docker|image|migrate|seed|db|prod';
/**
 * Names by which targets that build, test or check are known. What stands behind a name is the repository's own, and so runs
 * where it can do no harm outside; the pattern keeps out what would fail there or change what the person made.
 */
const ready =
  'all|tests?|check|lint|build|compile|unit|units|unittests?|integration|e2e|vet|typecheck|types|type-check|fmt-check|format-check|check-fmt|check-format|coverage|help';
const targets = new RegExp(
  `^(?!.*(?:^|[-_])(?:${more})(?:$|[-_]))(?:${ready}|(?:tests?|check|lint|build|compile|unit|coverage)[-_:][a-z0-9_-]+|[a-z0-9_]+[-_]tests?)$`,
);
/** Behind `-j` the number may stand as a word of its own, and is no target then. */
const targetsAndJobs = new RegExp(`^\\d+$|^(?:V|VERBOSE|DEBUG|CI|NO_COLOR|Q)=[01]?$|${targets.source}`);

/** Also with `-n`: variables that are set by `$(shell)` are needed to say what would be done. */
const make: Form = {
  does: 'runs',
  flags: 'jksnw',
  long: ['keep-going', 'silent', 'quiet', 'dry-run', 'just-print', 'no-print-directory', 'jobs', 'output-sync'],
  values: {
    j: 'number',
    jobs: 'number',
    C: 'read',
    directory: 'read',
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
    // To configure is to write a folder of its own, and to fetch what the project names.
    S: 'read',
    B: 'write',
  },
  operands: /^\d+$/,
  needs: ['build'],
  // Behind `--` are the options of the program that builds.
  after: { flags: 'vkjs', values: { j: 'number' }, operands: /^\d+$/ },
};

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
      'make -B test',
      'make -C ../other test',
      'make clean',
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
    read: version('looks', '--version', '-version'),
    forms: cmake,
    match: [
      'cmake --version',
      'cmake --build build',
      'cmake --build build -j 4',
      'cmake --build build -j --target test --config Debug',
      'cmake --build build --parallel 8 -v',
      'cmake --build build -- -k -j4',
    ],
    noMatch: [
      'cmake',
      'cmake .',
      'cmake -S . -B build',
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
      values: { C: 'read', j: 'number', k: 'number', l: 'number', d: ['explain', 'stats'] },
      operands: targets,
      after: {},
    },
    match: ['ninja', 'ninja -C build', 'ninja -C build -j 4 -v test', 'ninja -C build cart_test', 'ninja --version'],
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
      'meson introspect build --tests',
      'meson --version',
    ],
    noMatch: [
      'meson setup build',
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
    // They take plugins, other linkers and lists of options from files, so only what they are is told.
    names: ['gcc', 'g++', 'cc', 'c++', 'clang', 'clang++'],
    read: version('looks', '--version', '-v', '-dumpversion', '-dumpmachine'),
    match: ['gcc --version', 'clang++ --version', 'gcc -dumpmachine'],
    noMatch: [
      'gcc cart.c',
      'gcc -fsyntax-only cart.c',
      'gcc -fplugin=x.so --version',
      'gcc --version -wrapper ./x',
      'clang @args',
      'gcc -specs=x --version',
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
