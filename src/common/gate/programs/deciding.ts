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
      tsc vue-tsc tsgo eslint prettier biome oxlint oxfmt knip depcheck madge tsx ts-node vite webpack rollup`.split(
        /\s+/,
      ),
    files: new RegExp(
      String.raw`^(?:package\.json|deno\.jsonc?|bunfig\.toml|pnpm-workspace\.yaml|\.pnpmfile\.c?js|lerna\.json|nx\.json|turbo\.json` +
        String.raw`|[\w.-]+\.${configuration}|\.(?:mocharc|eslintrc|babelrc|swcrc|prettierrc|taprc|nycrc)(?:\.\w+)?|babel\.config\.\w+|gulpfile\.\w+|gruntfile\.\w+)$`,
    ),
  },
  {
    programs:
      `python python3 pytest py.test tox nox coverage uv poetry hatch pdm pip pip3 mypy pylint flake8 ruff black isort
      bandit pyright basedpyright`.split(/\s+/),
    files:
      /^(?:conftest\.py|pytest\.ini|\.pytest\.ini|pyproject\.toml|setup\.cfg|setup\.py|tox\.ini|noxfile\.py|\.coveragerc|\.flake8|\.?pylintrc|\.?mypy\.ini|sitecustomize\.py|[\w.-]+\.pth)$/,
  },
  { programs: ['make', 'gmake'], files: /^(?:gnu)?makefile(?:\.[\w.-]+)?$|\.mk$/ },
  {
    programs: ['cmake', 'ctest', 'ninja', 'meson'],
    files:
      /^(?:cmakelists\.txt|cmakepresets\.json|cmakeuserpresets\.json|ctestconfig\.cmake|build\.ninja|meson\.build|meson_options\.txt|meson\.options)$|\.cmake(?:\.in)?$/,
  },
  {
    programs: ['cargo', 'rustc', 'rustup'],
    files: /^(?:build\.rs|cargo\.toml|rust-toolchain(?:\.toml)?|clippy\.toml|\.clippy\.toml|nextest\.toml)$/,
  },
  { programs: ['go', 'golangci-lint', 'staticcheck'], files: /^(?:go\.mod|go\.work|\.golangci\.(?:ya?ml|toml|json))$/ },
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
  { programs: ['just'], files: /^\.?justfile$/ },
  { programs: ['task'], files: /^taskfile(?:\.dist)?\.ya?ml$/ },
  { programs: ['rake', 'ruby', 'bundle', 'rspec'], files: /^(?:rakefile|gemfile|\.rspec|spec_helper\.rb)$|\.gemspec$/ },
  { programs: ['composer', 'phpunit', 'php'], files: /^(?:composer\.json|phpunit\.xml(?:\.dist)?)$/ },
  {
    programs: ['ant', 'sbt', 'bazel', 'mix'],
    files: /^(?:build\.xml|build\.sbt|build(?:\.bazel)?|module\.bazel|mix\.exs)$/,
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
