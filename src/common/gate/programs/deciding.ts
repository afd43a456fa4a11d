/**
 * Files that decide what a program runs: manifests, configurations, build files. Where an agent has changed one, running the
 * program is another act than the one that was allowed before. By their last names, because a program looks for them in more
 * places than the one that it is started in.
 */
interface Deciding {
  /** As they are called; without a folder before them. */
  programs: readonly string[];
  /** Names in lower case. */
  files: RegExp;
}

const configuration = String.raw`(?:config|workspace)\.(?:[cm]?[jt]s|json)`;

const table: readonly Deciding[] = [
  {
    programs:
      `npm npx pnpm pnpx yarn yarnpkg bun bunx node deno corepack turbo nx lerna vitest jest mocha ava tap playwright cypress
      tsx c8 nyc karma jasmine ng next nuxt nuxi astro svelte-check svelte-kit storybook esbuild rolldown tsup prisma stylelint xo standard
      commitlint cspell markdownlint markdownlint-cli2 textlint size-limit publint syncpack react-scripts webpack parcel
      tsc vue-tsc tsgo eslint prettier biome oxlint oxfmt knip depcheck madge tsx ts-node vite webpack rollup`.split(
        /\s+/,
      ),
    files: new RegExp(
      String.raw`^(?:package\.json|deno\.jsonc?|bunfig\.toml|pnpm-workspace\.yaml|\.pnpmfile\.c?js|lerna\.json|nx\.json|turbo\.json` +
        String.raw`|[\w.-]+\.${configuration}|\.(?:mocharc|eslintrc|babelrc|swcrc|prettierrc|taprc|nycrc)(?:\.\w+)?|babel\.config\.\w+|gulpfile\.\w+|gruntfile\.\w+` +
        String.raw`|\.(?:stylelintrc|commitlintrc|markdownlint|cspell|textlintrc|size-limit)[\w.-]*|cspell\.\w+|karma\.conf\.\w+|project\.json|angular\.json|next-env\.d\.ts)$`,
    ),
  },
  {
    programs:
      `python python3 manage.py pytest py.test tox nox coverage uv uvx poetry hatch pdm rye pipenv conda pip pip3 mypy flask alembic pylint flake8 ruff black isort
      bandit pyright basedpyright`.split(/\s+/),
    files:
      /^(?:conftest\.py|pytest\.ini|\.pytest\.ini|pyproject\.toml|setup\.cfg|setup\.py|tox\.ini|noxfile\.py|pipfile|manage\.py|alembic\.ini|env\.py|uv\.toml|hatch\.toml|\.?ruff\.toml|\.coveragerc|\.flake8|\.?pylintrc|\.?mypy\.ini|sitecustomize\.py|[\w.-]+\.pth)$/,
  },
  { programs: ['make', 'gmake'], files: /^(?:gnu)?makefile(?:\.[\w.-]+)?$|\.mk$/ },
  {
    programs: ['cmake', 'ctest', 'ninja', 'meson', 'clang-tidy', 'clang-format'],
    files:
      /^(?:cmakelists\.txt|cmakepresets\.json|cmakeuserpresets\.json|ctestconfig\.cmake|build\.ninja|meson\.build|meson_options\.txt|meson\.options|\.clang-tidy|\.clang-format|compile_commands\.json)$|\.cmake(?:\.in)?$/,
  },
  {
    programs: ['cargo', 'rustc', 'rustup', 'rustfmt'],
    files:
      /^(?:\.?rustfmt\.toml|deny\.toml|build\.rs|cargo\.toml|rust-toolchain(?:\.toml)?|clippy\.toml|\.clippy\.toml|nextest\.toml)$/,
  },
  {
    programs: ['go', 'golangci-lint', 'staticcheck', 'gotestsum', 'ginkgo', 'revive', 'gosec'],
    files: /^(?:go\.mod|go\.work|\.golangci\.(?:ya?ml|toml|json))$/,
  },
  {
    programs: ['mvn', 'mvnw', 'mvnd'],
    files: /^(?:pom\.xml|mvnw(?:\.cmd)?|extensions\.xml|maven\.config|jvm\.config|settings\.xml)$/,
  },
  {
    programs: ['gradle', 'gradlew'],
    files: /^(?:gradlew(?:\.bat)?|gradle\.properties|libs\.versions\.toml)$|\.gradle(?:\.kts)?$/,
  },
  {
    programs: ['dotnet', 'msbuild'],
    files: /\.(?:csproj|fsproj|vbproj|sln|slnx|props|targets|runsettings)$|^(?:global|nuget)\.(?:json|config)$/,
  },
  {
    programs: ['docker', 'podman', 'docker-compose'],
    files: /^(?:[\w.-]*dockerfile[\w.-]*|containerfile|(?:docker-)?compose[\w.-]*\.ya?ml)$/,
  },
  { programs: ['just'], files: /^\.?justfile$|\.just$/ },
  { programs: ['mise', 'asdf'], files: /^\.?mise[\w.-]*\.toml$|^\.tool-versions$/ },
  { programs: ['task'], files: /^taskfile[\w.-]*\.ya?ml$/ },
  {
    programs:
      `rake ruby bundle rspec rails rubocop standardrb erblint cucumber brakeman reek srb steep jekyll minitest gem`.split(
        /\s+/,
      ),
    files:
      /^(?:rakefile(?:\.rb)?|gemfile|gems\.rb|gemfile\.lock|\.rspec|(?:spec|test|rails)_helper\.rb|\.rubocop[\w.-]*\.ya?ml|\.standard\.yml|cucumber\.yml|steepfile|_config\.yml|\.ruby-version)$|\.(?:gemspec|rake)$/,
  },
  {
    programs: `composer phpunit pest paratest phpstan psalm phpcs php-cs-fixer pint rector php`.split(/\s+/),
    files:
      /^(?:composer\.(?:json|lock)|artisan|pest\.php|bootstrap\.php|rector\.php|pint\.json|\.php-cs-fixer[\w.-]*\.php|(?:phpunit|psalm|\.?phpcs)[\w.-]*\.xml(?:\.dist)?|phpstan[\w.-]*\.(?:neon|php)(?:\.dist)?)$/,
  },
  {
    programs: ['mix', 'elixir'],
    files: /^(?:mix\.(?:exs|lock)|\.formatter\.exs|\.credo\.exs|test_helper\.exs|config\.exs)$/,
  },
  { programs: ['rebar3', 'gleam'], files: /^(?:rebar\.(?:config|lock)(?:\.script)?|gleam\.toml)$/ },
  {
    programs: ['swift', 'xcodebuild', 'swiftlint', 'swiftformat'],
    files: /^(?:package(?:@[\w.-]+)?\.swift|\.swiftlint\.yml|\.swiftformat|project\.pbxproj)$|\.xc(?:scheme|config)$/,
  },
  { programs: ['zig'], files: /^build\.zig(?:\.zon)?$/ },
  {
    programs: ['stack', 'cabal', 'hlint', 'ormolu', 'fourmolu'],
    files: /^(?:stack\.yaml|package\.yaml|setup\.l?hs|cabal\.project[\w.]*|\.hlint\.yaml)$|\.cabal$/,
  },
  { programs: ['dune', 'opam'], files: /^dune(?:-project|-workspace)?$|\.opam$/ },
  {
    programs: ['dart', 'flutter', 'fvm'],
    files: /^(?:pubspec\.(?:yaml|lock)|analysis_options\.yaml|dart_test\.yaml|build\.yaml)$/,
  },
  { programs: ['nim', 'nimble'], files: /\.(?:nimble|nims)$|^nim\.cfg$/ },
  { programs: ['crystal', 'shards', 'ameba'], files: /^(?:shard\.yml|\.ameba\.yml|spec_helper\.cr)$/ },
  {
    programs: ['julia', 'rscript', 'r'],
    files: /^(?:(?:julia)?project\.toml|runtests\.jl|\.rprofile|description|testthat\.r)$/,
  },
  { programs: ['luacheck', 'busted'], files: /^\.(?:luacheckrc|busted)$/ },
  { programs: ['prove', 'perl', 'perlcritic'], files: /^(?:\.proverc|makefile\.pl|build\.pl|\.perlcriticrc)$/ },
  { programs: ['ant'], files: /^(?:build\.xml|ivy\.xml|build\.properties)$/ },
  {
    programs: ['sbt', 'sbtn', 'mill', 'scala-cli', 'scalafmt'],
    files: /^(?:build\.(?:sbt|properties|sc|mill)|plugins\.sbt|\.scalafmt\.conf|\.jvmopts|\.sbtopts)$|\.sbt$/,
  },
  { programs: ['lein', 'clj', 'clojure', 'clj-kondo'], files: /^(?:project\.clj|deps\.edn|tests\.edn)$/ },
  {
    programs: ['bazel', 'bazelisk'],
    files: /^(?:build(?:\.bazel)?|workspace(?:\.bazel)?|module\.bazel|\.bazelrc|\.bazelversion)$|\.bzl$/,
  },
  {
    programs: ['terraform', 'tofu', 'tflint', 'helm', 'kustomize'],
    files: /^(?:\.tflint\.hcl|chart\.yaml|kustomization\.ya?ml|\.terraformrc)$|\.tf(?:vars)?(?:\.json)?$/,
  },
  {
    programs: ['vale', 'yamllint', 'hadolint', 'sqlfluff', 'ansible-lint'],
    files: /^\.(?:vale\.ini|yamllint(?:\.ya?ml)?|hadolint\.ya?ml|sqlfluff|ansible-lint)$/,
  },
];

const byProgram = new Map(table.flatMap(({ programs, files }) => programs.map((program) => [program, files] as const)));

/**
 * Whether a changed file decides what a program runs. A path that ends in `.`, `..` or `/` is a folder in which more was changed than
 * is known, and may hold any of them.
 *
 * @param program as it was called, with or without a folder before it
 * @param runs it runs code of the repository; then one that is in no line of the table counts as deciding by all of them
 */
export function decides(path: string, program: string, runs: boolean): boolean {
  const name = program
    .replace(/^.*\//, '')
    .toLowerCase()
    .replace(/(?<=^python)[\d.]+$/, '');
  const files = byProgram.get(name);
  if (files === undefined) return runs && decidesAny(path);
  return isFolder(path) || files.test(lastName(path));
}

/** Whether it decides what some program runs. */
export function decidesAny(path: string): boolean {
  return isFolder(path) || table.some(({ files }) => files.test(lastName(path)));
}

function isFolder(path: string): boolean {
  return /(?:^|\/)\.{0,2}$/.test(path);
}

function lastName(path: string): string {
  return path.replace(/^.*\//, '').normalize('NFKC').toLowerCase();
}
