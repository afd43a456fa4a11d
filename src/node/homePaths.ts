import { type Dirent, existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { credentialStores, isPrivate } from '../common/gate/names.ts';
import { isInside } from './confine.ts';
import { readRegularText } from './regular.ts';
import { keyFile } from './workspaceNames.ts';

/** Of the machine. Who is not root cannot read most of them anyway. */
const ofMachine = ['/etc/shadow', '/etc/gshadow', '/etc/sudoers', '/etc/sudoers.d', '/etc/ssl/private', '/etc/ssh'];

/**
 * What of the names in a home that begin with a dot builds and tests need: toolchains, version managers, what package
 * managers have fetched, and settings that hold no keys. All else there is not seen inside, so that a program that nobody
 * here has heard of keeps its credentials too. Where only a part of a folder stands here, the rest of it is not there.
 */
const needed = words(`
  .cache .ccache .local/bin .local/lib .local/libexec .local/include .local/pipx .local/man
  .local/share/pnpm .local/share/virtualenv .local/share/virtualenvs .local/share/uv .local/share/mise .local/share/rtx
  .local/share/pipx .local/share/pipenv .local/share/hatch .local/share/pdm .local/share/pypoetry .local/share/fnm
  .local/share/nvm .local/share/rustup .local/share/cargo/bin .local/share/cargo/registry .local/share/cargo/git
  .local/share/go .local/share/gem .local/share/mamba .local/share/coursier .local/share/JetBrains/Toolbox/apps
  .local/share/fonts .local/share/mime .local/share/man .local/share/NuGet .local/share/dotnet .local/share/bun
  .local/share/deno .local/share/sdkman .local/share/asdf .local/share/zig .local/share/opam .local/share/ghcup
  .local/share/stack .local/share/cabal .local/share/juliaup .local/share/nltk_data .local/share/jupyter/kernels
  .local/state/fnm_multishells .local/state/nix .nix-profile .nix-defexpr .nix-channels .linuxbrew .homebrew
  .cargo/bin .cargo/registry .cargo/git .cargo/config .cargo/config.toml .cargo/env .rustup
  .npm/_cacache .npm/_npx .npm-global .npm-packages .node-gyp .node_modules .nvm .fnm .volta .n .nodenv .nodebrew .asdf
  .mise .proto .pnpm-store .pnpm .yarn/berry .yarn/bin .yarn/cache .yarn/global .bun/bin .bun/install .deno .corepack
  .electron .electron-gyp .cypress .puppeteer
  .pyenv .venv .venvs .virtualenvs .conda .mamba .micromamba .pixi .rye .pdm .hatch .poetry/bin .uv .ipython/profile_default/startup
  .keras/datasets .keras/models .keras/keras.json .nltk_data .matplotlib .torch .EasyOCR
  .rbenv .rvm .gem/ruby .gem/specs .bundle/cache .bundle/plugin .rubies .chruby
  .sdkman .jenv .jdks .jabba .m2/repository .m2/wrapper .m2/toolchains.xml .gradle/caches .gradle/wrapper .gradle/native
  .gradle/jdks .gradle/daemon .gradle/notifications .konan .ivy2/cache .ivy2/local .ivy2/jars .coursier
  .sbt/boot .sbt/launchers .sbt/plugins .mill .groovy .lein/self-installs .clojure .gitlibs
  .android/cache .android/build-cache .android/avd .android/analytics.settings
  .nuget/packages .dotnet .templateengine .omnisharp
  .opam .stack .cabal/bin .cabal/packages .cabal/store .cabal/lib .cabal/share .ghcup .ghc .juliaup .julia .elan .idris2 .agda .mix .hex/packages .hex/cache.ets .kerl .kiex .asdf-vm
  .swiftpm .swiftly .cocoapods .pub-cache/hosted .pub-cache/git .pub-cache/bin .pub-cache/global_packages .dart-tool
  .perl5 .cpan .cpanm .cpanplus .perlbrew .plenv .luarocks/lib .luarocks/share .luarocks/bin .luaver .phpenv .phpbrew .composer/cache .composer/vendor
  .composer/composer.json .config/composer/vendor .config/composer/composer.json .R .terraform.d/plugin-cache .tfenv .tenv .arkade/bin .krew/bin
  .vcpkg .conan/data .conan/profiles .conan2/p .conan2/profiles .platformio/packages .platformio/platforms .platformio/penv .platformio/lib .arduino15 .espressif .emscripten .emsdk
  .zig .zvm .zls .foundry/bin .foundry/cache .svm .nargo .nimble/bin .nimble/pkgs .nimble/pkgs2 .choosenim .vlang .gvm .goenv .g .gobrew
  .config/git/config .config/git/ignore .config/git/attributes .config/go .config/fontconfig .config/matplotlib
  .config/mise .config/ccache .config/black .config/pycodestyle .config/flake8 .config/ruff .config/mypy .config/yapf .config/pylintrc
  .config/clangd .config/rustfmt .config/ripgrep .config/nextest.toml .config/sccache .config/dotnet-suggest
  .fonts .terminfo .locale .ripgreprc
  .gitconfig .gitignore .gitignore_global .gitattributes .gitattributes_global
  .tool-versions .node-version .nvmrc .python-version .ruby-version .java-version .go-version .terraform-version
  .rustfmt.toml .clang-format .clang-tidy .clangd .editorconfig .prettierrc .prettierrc.json .prettierrc.yaml .prettierignore
  .eslintrc .eslintrc.js .eslintrc.cjs .eslintrc.json .eslintrc.yml .eslintignore .babelrc .browserslistrc .stylelintrc
  .pylintrc .flake8 .pydistutils.cfg .rspec .rubocop.yml .irbrc .ackrc .agignore .ctags.d .ctags .indent.pro .latexmkrc
`);
/** What lies beside a folder of programs and belongs to them. */
const besidePrograms = ['lib', 'lib64', 'libexec', 'include', 'share'];
/** What of them the environment of a command may name. */
const namedByEnvironment = ['VIRTUAL_ENV', 'JAVA_HOME', 'GOPATH', 'RUSTUP_HOME'];
const ofCargo = ['bin', 'registry', 'git', 'config.toml', 'config', 'env'];

/** Programs' own, which are nobody's project: snaps keep browsers and what else there is below one folder. Letters are kept in the others. */
const undotted = ['snap', 'Mail', 'Maildir', 'mbox'];
/** Lines of a configuration of git that hold what lets somebody in: addresses with a name, headers, passwords. */
const keyOfGit = /extraheader|:\/\/[^/\s"]*@|token|passw|secret|cookie|credential|sslcert|sslkey|smtp/i;

export interface HomeOptions {
  /** Absolute; undefined: only what is the machine's. */
  home: string | undefined;
  /** The workspace's, absolute, real. */
  roots: readonly string[];
  /** For commands; its PATH and some others name folders that they need. */
  environment: Readonly<Record<string, string>>;
  /** What else has to be seen, absolute: programs that the sandbox itself needs. */
  seen: readonly string[];
}

/** What a command may not read of a machine and a home. Paths are absolute. */
export interface HomePaths {
  /** Not seen. */
  hidden: string[];
  /** Seen all the same, below what is hidden. */
  kept: string[];
  /** Read with another text: settings that programs need, without what lets somebody in. */
  cleaned: { path: string; text: string }[];
}

/**
 * What nobody needs for a project, as far as it is there: credential stores, browsers, passwords, and of the names in the
 * home that begin with a dot all but those that builds and tests need.
 */
export function homePaths(options: HomeOptions): HomePaths {
  const machine = ofMachine.filter((path) => existsSync(path));
  if (options.home === undefined) return { hidden: machine, kept: [], cleaned: [] };
  const home = realOr(options.home);
  const entries = entriesOf(home);
  // Most of the names below are nowhere: those that begin as nothing in the home does need not be looked for.
  const first = new Set(entries.map(({ name }) => name));
  const inHome = (names: readonly string[]): string[] =>
    names.filter((name) => first.has(name.split('/', 1)[0] ?? '')).map((name) => join(home, name));
  const keep = keptIn(home, inHome(needed), options);
  const hidden = new Set(machine);
  const kept = new Set<string>();
  for (const entry of entries) {
    const path = join(home, entry.name);
    if (!entry.name.startsWith('.') && !undotted.includes(entry.name)) {
      if (isPrivate(path, home) && !keyFile.test(path)) hidden.add(path);
      continue;
    }
    const parts = keep.filter((each) => isInside(path, each));
    if (parts.includes(path)) continue;
    const apart = without(path, parts, options.roots);
    apart.hidden.forEach((each) => hidden.add(each));
    apart.kept.forEach((each) => kept.add(each));
  }
  for (const path of inHome(credentialStores)) {
    if (existsSync(path) && isSeen(path, hidden, kept)) hidden.add(path);
  }
  return { hidden: [...hidden], kept: [...kept], cleaned: cleaned(home) };
}

/** As far as it is there; where it is a link, as of those who keep their settings in a repository, also what that leads to. */
function keptIn(home: string, named: readonly string[], options: HomeOptions): string[] {
  const there = [...named, ...inUse(home, options)].filter((path) => existsSync(path));
  const real = there.map((path) => realOr(path)).filter((path) => isInside(home, path) && dotted(home, path));
  return [...new Set([...there, ...real])];
}

/** Folders of programs that lie below the home, with what belongs to them, and the workspace with its repository. */
function inUse(home: string, { home: given = home, environment, roots, seen }: HomeOptions): string[] {
  const placesIn = (name: string): string[] =>
    (environment[name] ?? '')
      .split(delimiter)
      .filter((path) => isAbsolute(path))
      .map((path) => (isInside(given, path) ? join(home, relative(given, path)) : path));
  const programs = placesIn('PATH');
  const beside = programs
    .map((path) => dirname(path))
    .filter((path) => path !== home && isInside(home, path) && dotted(home, path))
    .filter((path) => !needed.some((name) => `${home}/${name}`.startsWith(`${path}/`)))
    .flatMap((path) => besidePrograms.map((name) => join(path, name)));
  const cargo = placesIn('CARGO_HOME').flatMap((path) => ofCargo.map((name) => join(path, name)));
  const named = [...namedByEnvironment.flatMap(placesIn), ...cargo];
  const all = [...programs, ...beside, ...named, ...roots, ...roots.flatMap(repositoryOf), ...seen];
  return all.filter((path) => path !== home && isInside(home, path) && dotted(home, path));
}

function dotted(home: string, path: string): boolean {
  const [first = ''] = relative(home, path).split(sep);
  return first.startsWith('.') || undotted.includes(first);
}

/** Where the workspace is a folder in a repository, its `.git`. */
function repositoryOf(root: string): string[] {
  for (let at = dirname(root); dirname(at) !== at; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return [join(at, '.git')];
  }
  return [];
}

/**
 * How all of a folder or file is hidden but some parts. Where one of them is a link that leads out of the folder it could not
 * be given back, and git does not look for the repository of a workspace beyond a folder that is given back: then what lies
 * beside the parts is hidden one by one.
 */
function without(
  path: string,
  parts: readonly string[],
  roots: readonly string[],
): { hidden: string[]; kept: string[] } {
  const real = realOr(path);
  const whole = parts.every((part) => isInside(real, realOr(part)) && !roots.includes(part));
  if (parts.length === 0 || (whole && process.platform !== 'darwin')) return { hidden: [path], kept: [...parts] };
  const apart = entriesOf(path).map((entry) => {
    const each = join(path, entry.name);
    const within = parts.filter((part) => isInside(each, part));
    return within.includes(each) ? { hidden: [], kept: [] } : without(each, within, roots);
  });
  return { hidden: apart.flatMap(({ hidden }) => hidden), kept: apart.flatMap(({ kept }) => kept) };
}

function isSeen(path: string, hidden: ReadonlySet<string>, kept: ReadonlySet<string>): boolean {
  const below = [...hidden].some((each) => isInside(each, path));
  return !below || [...kept].some((each) => isInside(each, path));
}

/** git does not work in a home whose configuration it cannot read; lines that hold keys are left out. */
function cleaned(home: string): { path: string; text: string }[] {
  return ['.gitconfig', '.config/git/config'].flatMap((name) => {
    const path = join(home, name);
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return [];
    const text = textOf(path);
    if (!keyOfGit.test(text)) return [];
    const lines = text.split('\n').filter((line) => !keyOfGit.test(line));
    return [{ path: realOr(path), text: lines.join('\n') }];
  });
}

function textOf(file: string): string {
  try {
    return readRegularText(file);
  } catch {
    // No file, or not to be read: a command cannot read it either.
    return '';
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // It is not there, or not to be read: then there is nothing in it that could be named.
    return [];
  }
}

function realOr(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
