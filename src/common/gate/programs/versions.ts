import type { Given } from '../form.ts';
import type { Program, Reading } from '../program.ts';

/** The words with which a program only tells its version or how it is used, where these are all that it is given. */
const usual = ['--version', '--help'];

/**
 * In what other ways some of them are asked for that. Of no other program are these safe: `vim -v` edits, `yarn version` makes a
 * release, and an interpreter that does not know a word may run what it is fed.
 */
const others: Readonly<Record<string, string>> = {
  '-V':
    'rg fd fdfind jq yq bat batcat delta hyperfine tokei just curl wget ssh tmux psql pg_dump nginx ghc perl dot deno ast-grep xz ' +
    'zstd less python python3 pip pip3 ruff uv cargo rustc rustfmt mysql mariadb pytest pre-commit',
  '-v': 'ruby php bundle nginx httpd lua luajit composer perl deno bun pnpm npm redis-server redis-cli clang gcc g++ gem tsc',
  '-h': 'rg fd fdfind bat jq yq tokei scc docker kubectl helm terraform tofu go cargo rustc gh just deno bun ruff black mypy node php ruby',
  '-version': 'terraform tofu ffmpeg ffprobe convert identify mogrify',
  '-dumpversion': 'gcc g++ clang',
  '-dumpmachine': 'gcc g++ clang',
  version:
    'terraform tofu zig go helm docker podman gh hugo minikube kind pulumi packer consul nomad vault buildah skopeo nerdctl npm',
  'version --client': 'kubectl oc',
  'version --client=true': 'kubectl',
  'version --client --output=yaml': 'kubectl',
  'version --client -o json': 'kubectl',
  'version --short': 'helm',
  'compose version': 'docker podman',
  'buildx version': 'docker',
  'compose --help': 'docker',
};

/** What is installed on a system and picked by nothing in a folder, and asks nobody elsewhere whether there is a newer one. */
const ofSystem = `
  ls cat head tail wc nl tac rev diff cmp od xxd hexdump strings file stat du df realpath readlink tree cut tr sort uniq paste join
  comm fold fmt expand unexpand column sed awk gawk mawk grep egrep fgrep rg ag ack find fd fdfind jq yq bc date seq
  basename dirname whoami uname id nproc uptime free ps timeout nice stdbuf xargs env tee split csplit
  cp mv rm mkdir rmdir touch ln chmod chown chgrp dd install truncate shred mktemp patch tar gzip gunzip bzip2 xz zstd zip unzip
  rsync ssh scp curl wget git docker docker-compose podman buildah skopeo nerdctl kubectl helm kind oc gh
  psql mysql mariadb sqlite3 redis-cli redis-server mongosh pg_dump pg_config pg_isready postgres mongod mysqld nginx httpd caddy
  gcc g++ cc c++ clang clang++ clang-format clang-tidy ld lld ar as nm objdump readelf gdb lldb valgrind strace
  make gmake cmake ctest ninja meson ccache autoconf automake libtool m4 flex bison protoc buf swig
  vim nvim nano emacs tmux screen fzf bat batcat eza exa lsd delta difft hyperfine tokei scc cloc just less man
  shellcheck shfmt hadolint actionlint trivy grype syft gitleaks cosign pandoc pdflatex xelatex dot ffmpeg ffprobe convert
  magick identify mogrify exiftool openssl base64 iconv xmllint xsltproc ctags ast-grep
  lua luajit ghc ocaml opam zig nim perl bash zsh fish pwsh systemctl journalctl apt apt-get dpkg rpm dnf yum pacman brew nix
  direnv hugo doxygen wasmtime wasmer`;

/**
 * Those of which a file in the folder may say which one answers, or which load something of it before they do: a list of versions, a
 * Gemfile, a plugin; also those that would look for a newer one of themselves. They answer shut in.
 */
const ofFolder = `
  ruby irb gem bundle bundler rake rails rspec rubocop php composer phpunit phpstan psalm pint php-cs-fixer elixir iex mix
  swift swiftc swiftlint swiftformat xcodebuild dart flutter node npm npx pnpm yarn corepack python python3 pip pip3 pipx uv uvx
  poetry pdm pipenv hatch tox nox pytest mypy ruff black isort flake8 pylint pyright bandit pre-commit virtualenv ipython jupyter
  rustup cargo rustc rustfmt wasm-pack go gofmt golangci-lint gopls dlv dotnet mvn gradle sbt java javac tsc ts-node tsx
  esbuild vite webpack rollup eslint prettier biome oxlint jest vitest mocha ava playwright cypress nx turbo lerna rush next
  nuxt astro svelte-kit ng vue nest prisma drizzle-kit storybook tailwindcss stylelint commitlint husky lint-staged
  changeset semantic-release django-admin flask uvicorn gunicorn celery alembic ansible ansible-playbook ansible-lint dbt
  airflow serverless sam cdk cdktf terragrunt tflint terraform tofu pulumi packer vault consul nomad minikube skaffold tilt
  bazel bazelisk buck2 task deno bun asdf mise fnm volta pyenv rbenv conda mamba micromamba cabal stack dune crystal julia
  R Rscript gleam rebar3 aws gcloud az glab doctl flyctl heroku vercel netlify wrangler supabase firebase semgrep codespell
  yamllint jsonlint markdownlint typos vale mkdocs sphinx-build jekyll latexmk kustomize argocd istioctl act dive`;

function named(names: string): string[] {
  return names.split(/\s+/).filter((name) => name !== '');
}

const ways = new Map(Object.entries(others).map(([words, names]) => [words, new Set(named(names))]));
const programs = new Map<string, 'looks' | 'runs'>([
  ...named(ofSystem).map((name) => [name, 'looks'] as const),
  ...named(ofFolder).map((name) => [name, 'runs'] as const),
]);

/**
 * What a well-known program does with these words where it only tells about itself, whatever else is known of it; undefined: it does
 * more. Names as they are found in `PATH`, in which no folder of a workspace is.
 */
export function tellsOfItself(name: string, words: readonly Given[]): Reading['does'] | undefined {
  const line = words.map(({ text }) => text).join(' ');
  const known = usual.includes(line) || ways.get(line)?.has(name) === true;
  return known && words.every(({ glob }) => !glob) ? programs.get(name) : undefined;
}

/** How all of them are asked, for the page about commands and its tests; nothing is called by such a name. */
export const versions: readonly Program[] = [
  {
    names: usual,
    match: [
      'git --version',
      'rm --help',
      'split --help | head',
      'gcc --version | head -1',
      'psql -V',
      'kubectl version --client',
      'docker compose version',
      'ruby -v',
      'bundle -v',
      'php --version',
      'elixir --version',
      'swift --version',
      'terraform version',
      'zig version',
      'tox --version',
    ],
    noMatch: [
      './tool --version',
      'tool --version',
      '../bin/git --version',
      'vim -v',
      'mysql -v',
      'yarn version',
      'npm version patch',
      'kubectl version',
      'zsh -V',
      'sh --version',
      'erl --version',
      'git --version x',
      'rm --help a',
      'rm --version; rm a',
      'python --version -c 1',
      'terraform version -chdir=x',
      'curl --version https://x',
      'git --help > a',
    ],
  },
];
