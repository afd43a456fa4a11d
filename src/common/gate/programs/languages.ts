import { type Given, pathOf } from '../form.ts';
import { onlyPrints } from '../inline/perl.ts';
import type { Program, Reading } from '../program.ts';
import { checkNames, entry, except, list, name, packageName, tool, version } from './shared.ts';
import { elixir } from './beam.ts';
import { dart } from './dart.ts';
import { swift } from './swift.ts';

const perlVersion = version('looks', '--version', '-v');

/** A program for each line. Perl runs or writes what is named `x|` or `>x`, so that the names of files are plain at both ends. */
function readPerl(words: readonly Given[]): Reading | undefined {
  const at = words.findIndex(({ text }) => /^-(?:0777|[lnwap])*e$/.test(text));
  const [program, ...files] = words.slice(at + 1);
  const options = words.slice(0, at + 1).map(({ text }) => text);
  const each =
    options.every((text) => /^-(?:0777|[lnwap])*e?$/.test(text)) && options.some((text) => /[np]/.test(text));
  const plain = files.every(({ text, below }) => below === undefined && /^\w(?:[\w./*-]*\w)?$/.test(text));
  if (at === -1 || program === undefined || program.glob || !each || !plain || !onlyPrints(program.text))
    return undefined;
  return { paths: files.map((file) => pathOf(file)), does: 'runs' };
}

/** Each of these runs a build file of the repository, or its tests; so nothing of them but a version only looks. */
const zigMode = ['Debug', 'ReleaseSafe', 'ReleaseFast', 'ReleaseSmall'];
const zig: Program = {
  names: ['zig'],
  forms: {
    commands: {
      version: {},
      env: tool({}),
      targets: tool({}),
      zen: tool({}),
      build: tool({
        flags: '',
        long: list('verbose release list-steps'),
        exact: [
          ...zigMode.map((mode) => `-Doptimize=${mode}`),
          '-l',
          ...list('--release=safe --release=fast --release=small'),
        ],
        values: { summary: ['all', 'new', 'failures', 'none'], color: ['auto', 'off', 'on'] },
        operands: checkNames('tests?|check|lint|docs|fmt-check|unit|integration|build|all'),
      }),
      test: tool({
        exact: zigMode.map((mode) => `-O${mode}`),
        values: { 'test-filter': 'text', O: zigMode, color: ['auto', 'off', 'on'] },
        operands: { first: ['read'], least: 1 },
      }),
      fmt: tool({ long: ['check', 'ast-check'], needs: ['check'], operands: 'read' }),
      'ast-check': tool({ operands: { first: ['read'], least: 1 } }),
    },
  },
  match: [
    'zig version',
    'zig build',
    'zig build test --summary all',
    'zig build -Doptimize=ReleaseSafe',
    'zig test src/main.zig',
    'zig fmt --check src',
  ],
  noMatch: [
    'zig',
    'zig run x.zig',
    'zig build run',
    'zig build install --prefix /x',
    'zig build --build-file evil.zig',
    'zig build -p x',
    'zig fmt src',
    'zig test --test-cmd ./x src/main.zig',
    'zig test ../x.zig',
    'zig cc x.c',
    'zig fetch --save https://example.org',
    'zig build-exe x.zig',
  ],
};

const haskellTarget = /^(?!.*\.\.)[\w][\w.:/-]*$/;
const haskell: readonly Program[] = [
  entry(
    'stack',
    {
      commands: {
        ...Object.fromEntries(
          ['test', 'build'].map((each) => [
            each,
            tool({
              long: list(
                'fast test no-run-tests no-run-benchmarks bench pedantic coverage no-terminal haddock only-dependencies keep-going',
              ),
              values: { j: 'number' },
              operands: haskellTarget,
            }),
          ]),
        ),
        'ls dependencies': tool({}),
        path: tool({}),
      },
    },
    ['stack test', 'stack build --fast --pedantic', 'stack test shop:unit', 'stack --version'],
    [
      'stack run',
      'stack exec ./x',
      'stack ghci',
      'stack build --exec ./x',
      'stack build --ghc-options=-fplugin=x',
      'stack install',
      'stack build --file-watch',
      'stack script x.hs',
      'stack test --stack-yaml ../x',
    ],
  ),
  entry(
    'cabal',
    {
      commands: {
        ...Object.fromEntries(
          ['test', 'build', 'v2-test', 'v2-build', 'haddock', 'bench'].map((each) => [
            each,
            tool({
              flags: 'vj',
              long: list(
                'enable-tests enable-benchmarks disable-tests dry-run only-dependencies keep-going enable-coverage offline',
              ),
              exact: ['-j2', '-j4', '-v0', '-v1', '-v2', '-O0', '-O1'],
              values: { 'test-show-details': ['always', 'never', 'failures', 'streaming', 'direct'] },
              operands: haskellTarget,
            }),
          ]),
        ),
        check: tool({}),
        list: { does: 'asks' },
      },
    },
    ['cabal test', 'cabal build all', 'cabal test --test-show-details=direct', 'cabal --version'],
    [
      'cabal run',
      'cabal exec ./x',
      'cabal repl',
      'cabal install',
      'cabal update',
      'cabal build --with-compiler=./x',
      'cabal build --ghc-options=-fplugin=x',
      'cabal build --builddir=src',
      'cabal test --test-wrapper=./x',
    ],
  ),
  {
    names: [
      'ghc',
      'ghcup',
      'ocaml',
      'ocamlfind',
      'scala',
      'kotlin',
      'kotlinc',
      'groovy',
      'clang-repl',
      'fpc',
      'gfortran',
    ],
    read: version('looks', '--version', '-version', '--numeric-version'),
    match: ['ghc --version', 'kotlinc -version', 'scala -version'],
    noMatch: [
      "ghc -e 'x'",
      'ghc x.hs',
      'ocaml x.ml',
      "scala -e 'x'",
      'kotlinc x.kt',
      "groovy -e 'x'",
      'ghc --version x.hs',
    ],
  },
  entry(
    'hlint',
    tool({
      long: list('json no-summary no-exit-code show threads'),
      exact: ['-j', '-j2', '-j4'],
      values: { ignore: 'text', i: 'text' },
      operands: 'read',
    }),
    ['hlint src', 'hlint --json src/Cart.hs'],
    [
      'hlint --refactor src',
      'hlint --refactor --refactor-options=-i src',
      'hlint --with-refactor=./x src',
      'hlint --report=x src',
      'hlint --hint=evil.yaml src',
      'hlint ../other',
    ],
  ),
  entry(
    'ormolu fourmolu',
    tool({
      long: ['check-idempotence', 'quiet'],
      exact: ['--mode=check', '-mcheck'],
      values: { m: ['check', 'stdout'], mode: ['check', 'stdout'] },
      operands: 'read',
    }),
    ['ormolu --mode check src/Cart.hs', 'fourmolu -m check src'],
    [
      'ormolu --mode inplace src/Cart.hs',
      'ormolu -i src/Cart.hs',
      'fourmolu -o x src/Cart.hs',
      'ormolu --ghc-opt=-fplugin=x src/Cart.hs',
    ],
  ),
];

const duneTarget = /^@{0,2}(?!.*\.\.)[\w.][\w./@-]*$/;
const dune = tool({
  flags: '',
  long: list('force no-buffer verbose'),
  values: { display: ['short', 'quiet', 'progress', 'verbose'], profile: ['dev', 'release'], j: 'number' },
  operands: duneTarget,
});
const ml: readonly Program[] = [
  entry(
    'dune',
    {
      commands: {
        build: dune,
        test: dune,
        runtest: dune,
        'describe workspace': tool({}),
        'ocaml-merlin': { does: 'asks' },
      },
    },
    ['dune build', 'dune test', 'dune build @fmt', 'dune runtest --force test', 'dune --version'],
    [
      'dune exec ./x.exe',
      'dune fmt',
      'dune promote',
      'dune build --auto-promote',
      'dune build -w',
      'dune build --root ..',
      'dune install',
      'dune utop',
      'dune clean',
      'dune build --build-dir src',
    ],
  ),
  {
    names: ['opam'],
    read: version('looks', '--version'),
    forms: {
      commands: {
        list: tool({ flags: 'a', long: ['installed', 'all', 'short', 'roots'], operands: packageName }),
        show: tool({ operands: packageName }),
        'switch list': tool({}),
        'switch show': tool({}),
        lint: tool({ operands: 'read' }),
      },
    },
    match: ['opam list', 'opam show dune', 'opam switch show', 'opam --version'],
    noMatch: [
      'opam install x',
      'opam exec -- x',
      'opam update',
      'opam switch create x',
      'opam list --root=x',
      'opam env',
    ],
  },
];

const scripting: readonly Program[] = [
  {
    // The text is one of those that test a package, whole and with nothing behind it.
    names: ['julia'],
    read: version('looks', '--version', '-v'),
    forms: {
      does: 'runs',
      exact: list('--project --project=. --project=@. --color=no --color=yes --startup-file=no --check-bounds=yes'),
      values: {
        e: /^(?:using|import) Pkg; ?Pkg\.(?:test\((?:; ?coverage=(?:true|false))?\)|status\(\)|activate\("\."\); ?Pkg\.test\(\))$/,
      },
      needs: ['e'],
    },
    match: [
      "julia --project -e 'using Pkg; Pkg.test()'",
      'julia --project=. -e "import Pkg; Pkg.status()"',
      'julia --version',
    ],
    noMatch: [
      'julia -e \'rm("x")\'',
      'julia x.jl',
      'julia --project -e \'using Pkg; Pkg.test(); rm("x")\'',
      "julia --project=../x -e 'using Pkg; Pkg.test()'",
      "julia -L evil.jl -e 'using Pkg; Pkg.test()'",
      'julia -e \'using Pkg; Pkg.add("x")\'',
    ],
  },
  {
    names: ['Rscript', 'R'],
    read: version('looks', '--version'),
    forms: {
      does: 'runs',
      exact: list('--vanilla --quiet --no-save'),
      values: {
        e: /^(?:testthat::test_(?:dir|file)\((?:"|')(?!.*\.\.)\w[\w./-]*(?:"|')\)|testthat::test_(?:local|package)\(\)|devtools::(?:test|check)\(\)|lintr::lint_(?:package|dir)\(\))$/,
      },
      needs: ['e'],
    },
    match: ['Rscript -e \'testthat::test_dir("tests")\'', "Rscript -e 'devtools::test()'", 'R --version'],
    noMatch: [
      'Rscript -e \'unlink("x")\'',
      'Rscript x.R',
      'Rscript -e \'devtools::test(); system("x")\'',
      'Rscript -e \'testthat::test_dir("../x")\'',
      'R CMD INSTALL .',
      'R -f x.R',
      "Rscript -e 'devtools::install()'",
    ],
  },
  entry(
    'luacheck',
    tool({
      flags: 'qagur',
      long: list('codes no-color ranges no-cache quiet no-unused no-redefined'),
      exact: ['-qq', '-qqq'],
      values: {
        std: name,
        formatter: ['default', 'TAP', 'JUnit', 'visual_studio', 'plain'],
        'max-line-length': 'number',
        j: 'number',
      },
      operands: 'read',
    }),
    ['luacheck .', 'luacheck -q src --codes'],
    ['luacheck --config evil.lua .', 'luacheck --formatter evil .', 'luacheck --cache x .', 'luacheck ../other'],
  ),
  entry(
    'busted',
    tool({
      flags: 'vs',
      long: list('verbose list no-color shuffle keep-going no-keep-going suppress-pending'),
      values: {
        filter: 'text',
        t: name,
        tags: name,
        p: 'text',
        pattern: 'text',
        o: ['plainTerminal', 'utfTerminal', 'TAP', 'json', 'gtest'],
        seed: 'number',
        run: name,
      },
      operands: 'read',
    }),
    ['busted', 'busted spec/cart_spec.lua -v'],
    [
      'busted --helper=evil.lua',
      'busted -f evil',
      'busted -o evil',
      "busted -e 'x'",
      'busted -m evil',
      'busted --lua=./x',
      'busted --loaders=evil',
      'busted -Xoutput x',
    ],
  ),
  entry(
    'stylua',
    tool({ long: ['check', 'verify', 'no-editorconfig'], values: { color: name }, needs: ['check'], operands: 'read' }),
    ['stylua --check .'],
    ['stylua .', 'stylua --check --config-path evil .', 'stylua -f x --check .'],
  ),
  entry(
    'selene',
    except(
      tool({ flags: 'qn', long: ['quiet', 'no-summary'], operands: 'read' }),
      'update-roblox-std generate-roblox-std validate-config upgrade-std capabilities',
    ),
    ['selene src'],
    ['selene --config evil src', 'selene update-roblox-std', 'selene ../other'],
  ),
  {
    names: ['prove'],
    read: version('looks', '--version', '-V'),
    forms: {
      does: 'runs',
      flags: 'lbrvqfwsQ',
      long: list('lib blib recurse verbose quiet failures timer shuffle color nocolor merge comments directives norc'),
      exact: list('-Ilib -It/lib -j2 -j4 -j8'),
      values: { j: 'number', jobs: 'number' },
      parser: 'loose',
      operands: 'read',
    },
    match: ['prove -l t', 'prove -lvr t/cart.t', 'prove -Ilib -j4 t'],
    noMatch: [
      "prove -e './x' t",
      'prove --exec=./x t',
      'prove -PEvil t',
      'prove -MEvil t',
      'prove -Ievil t',
      'prove --harness Evil t',
      'prove -a out.tgz t',
      'prove --state=save t',
      'prove --source Evil t',
      'prove ../other',
      'prove t :: --x',
    ],
  },
  {
    names: ['perl'],
    // It checks, but runs the blocks that begin a file.
    read: (words) => perlVersion(words) ?? readPerl(words),
    forms: {
      does: 'runs',
      parser: 'loose',
      flags: 'cwT',
      exact: ['-Ilib'],
      needs: ['c'],
      optionsFirst: true,
      operands: { first: ['read'], least: 1 },
    },
    match: [
      'perl -c script.pl',
      'perl -Ilib -wc lib/Cart.pm',
      'perl -v',
      "perl -ne 'print if /total/' src/cart.ts",
      'perl -0777 -ne \'print "$1\\n" while /function (\\w+)/g\' src/*.ts',
      "git log --oneline | perl -pe 's/^(\\w+) /<$1> /'",
    ],
    noMatch: [
      'perl',
      "perl -e 'x'",
      "perl -ce 'x'",
      'perl x.pl',
      'perl -c -Mevil x.pl',
      'perl -pi -e x y',
      'perl -c ../x.pl',
      'perl -Ievil -c x.pl',
      'perl x.pl -c',
      "perl -e 'print if /x/' a",
      "perl -i -pe 's/a/b/' x",
      "perl -pi -e 's/a/b/' x",
      "perl -pie 's/a/b/' x",
      "perl -ne 'print if /x/' 'id|'",
      "perl -ne 'print if /x/' '>x'",
      "perl -ne 'print if /x/' *",
      "perl -ne 'print if /x/' ../x",
      "perl -ne 'print if /x/' -Mevil a",
      "perl -ne 'print if /(?{ unlink q(a) })/' a",
      "perl -pe 's/a/unlink/e' a",
      "perl -pe 's/a/$ENV{HOME}/' a",
      "perl -ne 'unlink' a",
      "git ls-files | xargs perl -ne 'print if /x/'",
    ],
  },
  entry(
    'perlcritic',
    tool({
      long: list('gentle stern harsh cruel brutal quiet color no-color'),
      exact: list('-1 -2 -3 -4 -5'),
      values: { severity: 'number' },
      operands: 'read',
    }),
    ['perlcritic lib', 'perlcritic --stern lib'],
    ['perlcritic --profile evil lib', 'perlcritic ../other'],
  ),
];

const nimble: readonly Program[] = [
  entry(
    'nim',
    { commands: { check: tool({ operands: { first: ['read'], least: 1 } }) } },
    ['nim check src/main.nim', 'nim --version'],
    ['nim c -r x.nim', 'nim r x.nim', 'nim e x.nims', 'nim check --path:evil x.nim', 'nim check ../x.nim'],
  ),
  entry(
    'nimble',
    { commands: { test: tool({ flags: '' }), check: tool({}), tasks: tool({}) } },
    ['nimble test', 'nimble check'],
    ['nimble install', 'nimble run', 'nimble test --nim:./x', 'nimble publish'],
  ),
  entry(
    'crystal',
    {
      commands: {
        spec: tool({
          flags: 'v',
          long: list('fail-fast verbose no-color error-trace tap'),
          values: { order: /^(?:default|random|\d+)$/, e: 'text', example: 'text', tag: name },
          operands: 'test',
        }),
        'tool format': tool({ long: ['check', 'no-color'], needs: ['check'], operands: 'read' }),
        build: tool({
          long: ['no-codegen', 'error-trace', 'no-color', 'warnings'],
          needs: ['no-codegen'],
          operands: { first: ['read'], least: 1 },
        }),
      },
    },
    [
      'crystal spec',
      'crystal spec spec/cart_spec.cr:12 --fail-fast',
      'crystal tool format --check',
      'crystal --version',
    ],
    [
      'crystal run x.cr',
      "crystal eval 'x'",
      'crystal tool format',
      'crystal x.cr',
      'crystal build x.cr',
      'crystal spec -o x',
      'crystal init app x',
    ],
  ),
  entry(
    'ameba',
    tool({ flags: 's', long: ['silent', 'no-color', 'all'], operands: 'read' }),
    ['ameba', 'ameba src'],
    ['ameba --fix', 'ameba -c evil.yml', 'ameba --gen-config'],
  ),
  entry(
    'shards',
    { commands: { check: tool({}), list: tool({ long: ['tree'] }), version: tool({}) } },
    ['shards check', 'shards list'],
    ['shards install', 'shards build', 'shards update', 'shards'],
  ),
];

export const languages: readonly Program[] = [
  ...elixir,
  ...swift,
  zig,
  ...haskell,
  ...ml,
  ...dart,
  ...scripting,
  ...nimble,
];
