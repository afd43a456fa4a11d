import { type CommandPath, type Form, type Given, readForm } from '../form.ts';
import { type Program, readForms, type Reading, stronger } from '../program.ts';
import { entry, list, name, tool, version } from './shared.ts';

/**
 * Options that say how C is compiled. Not here: all that names a program, a plugin or a file with more options (`-fplugin`, `-wrapper`,
 * `-B`, `-specs`, `-Xclang`), and what is handed on to the assembler and the linker as it is (`-Wl,`).
 */
const harmless = new RegExp(
  '^-(?:' +
    [
      'c|E|w|v|s|P|C|H|M|MM|MD|MMD|MP|dM|pipe|pthread|shared|static|ansi|pedantic(?:-errors)?|Os|Oz|Og|Ofast|O[0-3]?|g[0-3]?|ggdb[0-3]?',
      'W[a-z][\\w+=-]*|W',
      'std=[\\w+]+|x[a-z+-]+',
      'm(?:32|64|(?:arch|tune|cpu)=[\\w.+-]+|avx2?|avx512\\w*|sse[\\w.]*|fma)',
      'f(?:no-)?(?:PIC|pic|PIE|pie|exceptions|rtti|omit-frame-pointer|strict-aliasing|stack-protector(?:-\\w+)?|data-sections|function-sections' +
        '|openmp|lto|common|wrapv|inline|builtin|fast-math|math-errno|coroutines|concepts|char8_t|signed-char|unsigned-char|permissive' +
        '|color-diagnostics|diagnostics-color(?:=\\w+)?|diagnostics-show-option|syntax-only|analyzer|freestanding|threadsafe-statics)',
      'fsanitize(?:-recover)?=[\\w,-]+|fmax-errors=\\d+|ferror-limit=\\d+|fvisibility=\\w+|ftemplate-depth=\\d+|fmessage-length=\\d+',
      '[DU]\\w+(?:=[^@]*)?|l[\\w+.-]+',
      'print-(?:search-dirs|libgcc-file-name|multi-lib|sysroot|targets|target-triple)',
    ].join('|') +
    ')$',
);
const folder = /^-(?:I|L|isystem|iquote|idirafter|include)/;
const languages = new Set(['c', 'c++', 'objective-c', 'objective-c++', 'none', 'c-header', 'c++-header']);
const output: Form = { values: { o: 'product' }, operands: 'read' };
const ownVersion = version('looks', '--version', '-v', '-dumpversion', '-dumpmachine', '-dumpfullversion');

/**
 * Word for word, because these compilers take options in ways of their own. What is fed to one (`-`) could name any file to be read.
 *
 * @param named whether the files stand elsewhere
 */
function readCompiler(words: readonly Given[], named = false): Reading | undefined {
  const alone = ownVersion(words);
  if (alone !== undefined) return alone;
  const paths: CommandPath[] = [];
  const rest: Given[] = [];
  let does: Reading['does'] = 'runs';
  for (let at = 0; at < words.length; at++) {
    const { text = '', glob = false } = words[at] ?? {};
    const next = words[at + 1];
    const [option = ''] = folder.exec(text) ?? [];
    if (text === '-' || text.startsWith('@') || (glob && !/^[\w./]/.test(text))) does = 'asks';
    if (option !== '' && text.length > option.length)
      paths.push({ effect: 'read', path: text.slice(option.length), glob });
    else if (option !== '') {
      if (next === undefined || next.text.startsWith('-')) does = 'asks';
      else paths.push({ effect: 'read', path: next.text, glob: next.glob });
      at++;
    } else if (text === '-x') {
      if (!languages.has(next?.text ?? '')) does = 'asks';
      at++;
    } else if (text === '-o' || !text.startsWith('-')) {
      rest.push({ text, glob });
      if (text === '-o' && next !== undefined) rest.push(next);
      if (text === '-o') at++;
    } else if (text.startsWith('-o')) rest.push({ text: '-o', glob }, { text: text.slice(2), glob });
    else if (glob || !harmless.test(text)) does = 'asks';
  }
  const { paths: files, fits } = readForm(rest, output);
  return { paths: [...paths, ...files], does: fits && (named || rest.length > 0) ? does : 'asks' };
}

const tidy: Form = {
  does: 'runs',
  oneDash: true,
  long: ['quiet', 'list-checks', 'explain-config', 'dump-config', 'verify-config', 'use-color', 'version'],
  values: {
    p: 'read',
    checks: 'text',
    'warnings-as-errors': 'text',
    'header-filter': 'text',
    'system-headers': ['true', 'false'],
  },
  operands: 'read',
  responseFiles: true,
};

/** Behind `--` stand the options of a compiler. */
function readTidy(words: readonly Given[]): Reading | undefined {
  const at = words.findIndex(({ text }) => text === '--');
  if (at === -1) return undefined;
  const own = readForms(tidy, words.slice(0, at));
  const compiled = readCompiler(words.slice(at + 1), true);
  return { paths: [...own.paths, ...(compiled?.paths ?? [])], does: stronger(own.does, compiled?.does ?? 'asks') };
}

const target = /^-?(?!(?:.*[/:])?\.\.(?:[/:]|$))(?:@?[\w-]*\/\/)?[\w/.:*@+-]*$/;
const bazel = {
  does: 'runs',
  parser: 'loose',
  flags: 'ks',
  long: list(
    `keep_going nokeep_going verbose_failures nocache_test_results build_tests_only noshow_progress test_verbose_timeout_warnings
     nobuild announce_rc noimplicit_deps notool_deps`,
  ),
  values: {
    c: ['opt', 'dbg', 'fastbuild'],
    compilation_mode: ['opt', 'dbg', 'fastbuild'],
    config: name,
    test_output: ['errors', 'all', 'summary', 'streamed'],
    test_summary: ['short', 'terse', 'detailed', 'none'],
    test_filter: 'text',
    test_tag_filters: 'text',
    build_tag_filters: 'text',
    cache_test_results: ['yes', 'no', 'auto', 'true', 'false'],
    runs_per_test: 'number',
    jobs: 'number',
    local_test_jobs: 'number',
    test_timeout: 'number',
    color: ['yes', 'no', 'auto'],
    curses: ['yes', 'no', 'auto'],
    output: list('label label_kind build xml graph package location minrank maxrank proto streamed_jsonproto'),
  },
} as const;
const bazelBuild: Form = { ...bazel, operands: { rest: target, least: 1 } };
const bazelQuery: Form = { ...bazel, operands: { first: [/^[^-]/], least: 1 } };

export const compilers: readonly Program[] = [
  {
    names: ['gcc', 'g++', 'cc', 'c++', 'clang', 'clang++'],
    read: (words) => readCompiler(words),
    match: [
      'gcc --version',
      'clang++ --version',
      'gcc -dumpmachine',
      'gcc -fsyntax-only cart.c',
      'clang++ -fsyntax-only -std=c++20 -Iinclude src/main.cpp',
      'g++ -std=c++17 -Wall -Wextra -O2 -o build/app src/main.cpp -lpthread',
      'gcc -c -o /dev/null src/cart.c',
      'gcc -E src/cart.c',
      'gcc -g -fsanitize=address,undefined -DDEBUG=1 cart.c -o cart.o',
      'gcc -x c -fsyntax-only cart.h',
    ],
    noMatch: [
      'gcc',
      'gcc -fplugin=x.so cart.c',
      'gcc -fplugin=x.so --version',
      'gcc -wrapper ./x cart.c',
      'gcc -B. cart.c',
      'gcc -B . cart.c',
      'gcc -specs=x cart.c',
      'gcc -specs=x --version',
      'gcc -E -',
      'echo a | gcc -x c -fsyntax-only -',
      'gcc @args',
      'clang @args',
      'gcc -o cart.c cart.c',
      'gcc -o src/main.cpp cart.c',
      'gcc -o../cart cart.c',
      'gcc -S cart.c',
      'gcc -Wl,-rpath=x cart.c',
      'gcc -Wa,-o,x cart.c',
      'gcc -Wp,-MD,x cart.c',
      'gcc -MF x cart.c',
      'gcc -dumpdir x cart.c',
      'gcc -save-temps cart.c',
      'gcc -I ../other cart.c',
      'gcc -include .env cart.c',
      'gcc ../cart.c',
      'gcc -E .env',
      'clang -Xclang -load -Xclang x.so cart.c',
      'clang -fpass-plugin=x.so cart.c',
      'clang --config=x cart.c',
      'gcc -x x cart.c',
      'gcc -fuse-ld=x cart.c',
    ],
  },
  {
    ...entry(
      'clang-tidy',
      tidy,
      [
        'clang-tidy src/main.cpp',
        "clang-tidy -p build -checks='-*,bugprone-*' src/main.cpp",
        'clang-tidy src/main.cpp -- -std=c++17 -Iinclude',
        'clang-tidy cpp/src/main.cpp -- -Icpp/include -std=c++17',
      ],
      [
        'clang-tidy --fix src/main.cpp',
        'clang-tidy -fix-errors src/main.cpp',
        'clang-tidy --export-fixes=x src/main.cpp',
        'clang-tidy --load=x.so src/main.cpp',
        'clang-tidy --config-file=evil src/main.cpp',
        'clang-tidy --extra-arg=-fplugin=x src/main.cpp',
        'clang-tidy @args',
        'clang-tidy src/main.cpp -- -Xclang -load',
        'clang-tidy src/main.cpp -- -fplugin=x.so',
        'clang-tidy --fix src/main.cpp -- -Iinclude',
        'clang-tidy src/main.cpp -- -I/etc',
        'clang-tidy ../main.cpp',
      ],
    ),
    read: readTidy,
  },
  entry(
    'cppcheck',
    tool({
      flags: 'qfv',
      long: list('quiet force inline-suppr xml inconclusive verbose check-config errorlist'),
      exact: list('-j2 -j4 -j8'),
      values: {
        enable: name,
        disable: name,
        std: name,
        language: ['c', 'c++'],
        'error-exitcode': 'number',
        suppress: 'text',
        template: 'text',
        platform: ['unix32', 'unix64', 'win32A', 'win32W', 'win64', 'native'],
        'check-level': ['normal', 'exhaustive'],
        'xml-version': 'number',
        'max-configs': 'number',
        j: 'number',
        I: 'read',
        i: 'text',
      },
      operands: 'read',
    }),
    ['cppcheck src', 'cppcheck --enable=all --quiet --error-exitcode=1 src', 'cppcheck -j 4 -I include src'],
    [
      'cppcheck --addon=./evil.py src',
      'cppcheck --addon-python=./x src',
      'cppcheck --output-file=x src',
      'cppcheck --dump src',
      'cppcheck --cppcheck-build-dir=src src',
      'cppcheck --plist-output=x src',
      'cppcheck --clang=./x src',
      'cppcheck --file-list=x',
      'cppcheck --platform=../x src',
      'cppcheck ../other',
    ],
  ),
  entry(
    'cpplint',
    tool({
      long: ['recursive', 'quiet'],
      values: {
        filter: 'text',
        linelength: 'number',
        output: list('emacs eclipse vs7 junit sed gsed'),
        exclude: 'text',
      },
      operands: 'read',
    }),
    ['cpplint --recursive src'],
    ['cpplint --root=../x --config=evil src', 'cpplint ../other'],
  ),
  entry(
    'gcovr',
    tool({
      flags: 'sb',
      long: ['print-summary', 'branches', 'txt'],
      values: { r: 'read', root: 'read', e: 'text', exclude: 'text', f: 'text', filter: 'text' },
    }),
    ['gcovr -r . -s'],
    ['gcovr --html -o x', 'gcovr --gcov-executable ./x', 'gcovr -d', 'gcovr -r ..', 'gcovr --config evil'],
  ),
  {
    names: ['bazel', 'bazelisk', 'buildifier'],
    read: version('runs', '--version', 'version'),
    forms: {
      commands: {
        build: bazelBuild,
        test: bazelBuild,
        coverage: bazelBuild,
        query: bazelQuery,
        cquery: bazelQuery,
        info: { ...bazel, operands: name },
      },
      otherwise: { does: 'asks' },
    },
    match: [
      'bazel test //...',
      'bazel build //src:cart --config=ci',
      'bazel test //src/... --test_output=errors -k',
      "bazel query 'deps(//src:cart)'",
      'bazel --version',
    ],
    noMatch: [
      'bazel run //x',
      'bazel clean --expunge',
      'bazel --output_base=/x build //...',
      'bazel --bazelrc=evil build //...',
      'bazel build --action_env=X=y //...',
      'bazel test --run_under=./x //...',
      'bazel build --override_repository=x=../y //...',
      'bazel build --remote_cache=https://example.org //...',
      'bazel query --output_file=x //...',
      'bazel build --workspace_status_command=./x //...',
      'bazel test //... -- ../x',
      'bazel shutdown',
      'bazel sync',
    ],
  },
];
