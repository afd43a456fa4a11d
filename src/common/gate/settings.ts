/**
 * Variables of the environment that a line may set for what it starts, each with the values that are known to be harmless,
 * and those whose values may be shown.
 */

const word = String.raw`[\w.,:@%+-]+`;
const flag = '(?:|[01]|true|false|yes|no|on|off|always|never|auto)';
const language = String.raw`(?:C|POSIX|[a-z]{2,3}_[A-Z]{2})(?:\.[\w-]+)?(?:@\w+)?`;

/** They decide what a program prints, and nothing that it runs, reads or writes. */
const looking: readonly [names: RegExp, values: RegExp][] = [
  [/^(?:CI|NODE_ENV|DEBUG|VERBOSE|RUST_LOG|PYTHONHASHSEED|GOOS|GOARCH)$/, /^[\w.,:*=@%+ /-]*$/],
  [/^(?:NO_COLOR|FORCE_COLOR|CLICOLOR|CLICOLOR_FORCE|COLUMNS|LINES|RUST_BACKTRACE|CGO_ENABLED)$/, /^\w*$/],
  [/^(?:PYTHONDONTWRITEBYTECODE|PYTHONUNBUFFERED)$/, /^\w*$/],
  // With another value a look would write the index anew, or ask for a password.
  [/^(?:GIT_OPTIONAL_LOCKS|GIT_TERMINAL_PROMPT)$/, /^0$/],
  [/^(?:LANG|LANGUAGE|LC_[A-Z]+)$/, new RegExp(`^(?:${language})?$`)],
  // A time zone can be the name of a file.
  [/^TZ$/, /^[A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z_]+)?$/],
  [/^TERM$/, /^(?:dumb|xterm(?:-256color)?|vt100)$/],
  // Through a pipe `cat` shows what there is; nothing else is started for that.
  [/^(?:PAGER|GIT_PAGER|MANPAGER|BAT_PAGER)$/, /^(?:cat|)$/],
];

/**
 * They are for what runs code of the workspace inside the sandbox: ways to test and build it. None of them names a program, a
 * file outside or options of another kind.
 */
const running: readonly [names: RegExp, values: RegExp][] = [
  [
    /^NODE_OPTIONS$/,
    /^(?:--(?:max-old-space-size|max-semi-space-size|stack-trace-limit)=\d+|--(?:experimental|no)-[a-z-]+|--trace-(?:warnings|deprecation|uncaught)|--unhandled-rejections=\w+|--enable-source-maps| )+$/,
  ],
  [/^(?:RUSTFLAGS|RUSTDOCFLAGS)$/, /^(?:-[DWAF] ?[\w:-]+|--cap-lints[= ]\w+|-C (?:debuginfo|opt-level)=\w+| )+$/],
  [/^(?:GOFLAGS)$/, /^(?:-mod=(?:mod|vendor|readonly)|-count=\d+|-race|-v|-short|-tags=[\w,]+| )+$/],
  [/^GO(?:111MODULE|MAXPROCS|TRACEBACK|ARM|AMD64|EXPERIMENT)$/, new RegExp(`^${word}$`)],
  [/^(?:GOTOOLCHAIN)$/, /^local$/],
  [/^(?:GORACE|GODEBUG)$/, /^[a-z0-9_]+=[\w-]+(?:[ ,][a-z0-9_]+=[\w-]+)*$/],
  [/^(?:MAVEN_OPTS|GRADLE_OPTS|SBT_OPTS)$/, /^(?:-Xm[sx]\d+[kmg]|-Xss\d+[kmg]|-XX:MaxMetaspaceSize=\d+[kmg]| )+$/i],
  [/^(?:ASAN|UBSAN|LSAN|TSAN|MSAN)_OPTIONS$/, /^(?:[a-z_]+=[01](?::(?=.)|$))+$/],
  [/^(?:CFLAGS|CXXFLAGS)$/, /^(?:-(?:O[0-3sg]?|g[0-3]?|W[\w-]+(?:=[\w-]+)?|std=[\w+]+)| )+$/],
  [/^(?:CC|CXX)$/, /^(?:(?:gcc|clang)(?:-\d+)?|cc|g\+\+(?:-\d+)?|clang\+\+(?:-\d+)?|c\+\+)$/],
  [/^(?:MAKEFLAGS|NINJAFLAGS)$/, /^-?(?:j ?\d+|k|s)$/],
  [/^(?:DJANGO_SETTINGS_MODULE|CELERY_CONFIG_MODULE)$/, /^[a-z_]\w*(?:\.\w+)*$/i],
  [/^DATABASE_URL$/, /^sqlite(?:\+\w+)?:\/{2,3}(?::memory:|(?!\/)(?!.*\.\.)[\w./-]*)$/],
  [/^(?:GTEST_FILTER|TEST_FILTER|TEST_MATCH)$/, /^[\w.*:/?-]+$/],
  [
    /^(?:MIX|RAILS|RACK|APP|FLASK|DJANGO|SYMFONY|LARAVEL|ASPNETCORE|DOTNET|NEXT_PUBLIC_APP|BABEL|HANAMI)_ENV(?:IRONMENT)?$/,
    /^[\w-]+$/,
  ],
  [/^(?:[A-Z][A-Z0-9]*_)*LOG_?LEVEL$|^(?:npm_config_loglevel)$/, /^[\w-]+$/],
  [/^PYTHON(?:WARNINGS|IOENCODING|UTF8|FAULTHANDLER|TRACEMALLOC|ASYNCIODEBUG|OPTIMIZE|DEVMODE)$/, /^[\w:,-]+$/],
  [/^CARGO_(?:TERM_(?:COLOR|VERBOSE|QUIET)|INCREMENTAL|NET_OFFLINE|BUILD_JOBS|PROFILE_(?:DEV|TEST)_DEBUG)$/, /^\w+$/],
  [/^(?:INSTA_UPDATE)$/, /^no$/],
  [/^(?:NODE_NO_WARNINGS|NODE_DISABLE_COLORS|PLAYWRIGHT_BROWSERS_PATH)$/, /^[01]$/],
  [/^(?:XDEBUG_MODE)$/, /^(?:off|coverage)$/],
  [/^(?:PORT|TEST_PORT)$/, /^\d{2,5}$/],
];

/** In the name of a variable: it says that more is to be done than to test, or is read by the shell, the loader or a language. */
const meddling =
  /^(?:LD|DYLD|GIT|SSH|BASH|ENV$|IFS$|PATH$|HOME$|SHELL|PS\d|PERL|RUBY|PYTHON|NODE|NPM|JAVA|JDK|_JAVA|LUA|PHP|GCONV|NLS|MAIL|EDITOR|VISUAL|PAGER|LESS|MAN|BROWSER|TMP|TEMP|XDG|SUDO|DOCKER|AWS|AZURE|GOOGLE|KUBE|HTTP|HTTPS|ALL_PROXY|NO_PROXY|POSIX|CDPATH|GLOB|HIST|OPT|PROMPT|COMP|DIRSTACK|FUNC|TIME|UID|EUID|PPID|RANDOM|SECONDS)|PATH|PROXY|HOOK|COMMAND|EDITOR|SHELL|EXEC|PRELOAD|TOKEN|KEY|SECRET|PASS|CREDENTIAL|AUTH|UPDATE|UPGRADE|OVERWRITE|WRITE|RECORD|BLESS|REGEN|ACCEPT|APPROVE|FIX|DEPLOY|PUBLISH|RELEASE|INSTALL|PUSH|UPLOAD|MIGRATE|RESET|DROP|DELETE|REMOVE|CLEAN|FORCE|DOWNLOAD|FETCH|INSPECT|NETWORK|REMOTE|PROD/;
/** Of a variable that is not known: it says yes or no, how many, or that it is a test. */
const saying = new RegExp(`^(?:${flag}|\\d{1,9}|tests?|testing|ci|debug|info|warn|error|silent|quiet)$`);

/**
 * What setting this variable to this value may come to: `looks`: nothing but how something is shown; `runs`: it is harmless for
 * what runs shut in; undefined: it may decide what is started, read or written.
 */
export function settingOf(name: string, value: string): 'looks' | 'runs' | undefined {
  const fits = (list: typeof looking) => list.some(([names, values]) => names.test(name) && values.test(value));
  if (fits(looking)) return 'looks';
  if (fits(running)) return 'runs';
  return /^[A-Z][A-Z0-9_]*$/.test(name) && !meddling.test(name) && saying.test(value) ? 'runs' : undefined;
}

/** Whether a program that only looks may be started without this variable: it does nothing but change how much is shown. */
export function mayBeUnset(name: string): 'looks' | 'runs' | undefined {
  if (looking.some(([names]) => names.test(name)) && !/PAGER|GIT_/.test(name)) return 'looks';
  return /^(?:NODE_OPTIONS|RUSTFLAGS|GOFLAGS|VIRTUAL_ENV|PYTHONPATH|MAKEFLAGS|DATABASE_URL)$/.test(name)
    ? 'runs'
    : undefined;
}

/** Variables whose values are no secrets: folders, names and versions of the machine, and what the shell counts itself. */
const shown = new Set(
  `PATH HOME SHELL USER LOGNAME PWD OLDPWD HOSTNAME HOSTTYPE OSTYPE MACHTYPE UID EUID PPID LANG LANGUAGE LC_ALL LC_CTYPE TZ TERM
  TMPDIR CI NODE_ENV NO_COLOR FORCE_COLOR VIRTUAL_ENV CONDA_PREFIX CONDA_DEFAULT_ENV GOPATH GOROOT GOBIN JAVA_HOME CARGO_HOME RUSTUP_HOME
  NVM_DIR PYENV_ROOT RBENV_ROOT PYTHONPATH EDITOR PAGER GIT_PAGER COLUMNS LINES SHLVL BASH BASH_VERSION BASHPID RANDOM SECONDS LINENO
  EPOCHSECONDS XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_RUNTIME_DIR DISPLAY WSL_DISTRO_NAME SSH_TTY GITHUB_ACTIONS IFS 0`.split(
    /\s+/,
  ),
);

/** A value of this variable may be printed. A name that speaks of a token, a key or a password is never one of these. */
export function mayBeShown(name: string): boolean {
  return shown.has(name);
}

/** Names of variables that mean nothing to a shell or to a program that it starts. */
const ownName =
  /^(?!histchars$|auto_resume$|npm_|pip_|cmake_|uv_|\w*_proxy$)(?:[a-z][a-z0-9_]*|[A-Z]|(?:(?:SRC|PROJECT|REPO|TEST|TESTS|APP|BUILD|OUT|BASE|WORK|TARGET|PKG|PACKAGE|LIB|DOCS|LOG|DATA|ROOT|TOP|MAIN|BACKEND|FRONTEND|CURRENT|DEFAULT|MERGE|START|END|LINE|FIRST|LAST|LATEST)(?:_(?=[A-Z])|$))?(?:FILE|FILES|DIR|BASE|ROOT|SRC|SHA|COMMIT|REV|BRANCH|VERSION|VER|HASH|NAME|COUNT|TOTAL|OUT|RESULT|RC|STATUS|LINE|TAG|REF|PATTERN)?)$/;

export function isOwnName(name: string): boolean {
  return name !== '' && ownName.test(name);
}
