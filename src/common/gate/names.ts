/**
 * Names of files that decide what runs later, or that hold secrets. They are compared as the most forgiving file system
 * would compare them, and whether or not the file exists: what an agent creates counts like what it changes.
 */

export const versionControl = new Set(['.git', '.hg', '.svn', '.jj']);

/** Folders in which every file is protected: editors, agents, containers, hooks, CI. */
export const protectedFolders = new Set([
  '.vscode',
  '.idea',
  '.fleet',
  '.zed',
  '.vs',
  '.run',
  '.settings',
  '.helix',
  '.vim',
  '.emacs.d',
  '.idx',
  '.nova',
  '.theia',
  '.devcontainer',
  '.husky',
  '.githooks',
  '.git-hooks',
  '.hooks',
  '.lefthook',
  '.circleci',
  '.buildkite',
  '.gitlab',
  '.woodpecker',
  '.gitea',
  '.forgejo',
  '.semaphore',
  '.tekton',
  '.azure-pipelines',
  '.teamcity',
  '.builds',
  '.overcommit',
  'githooks',
  'git-hooks',
  '.claude',
  '.codex',
  '.cursor',
  '.continue',
  '.gemini',
  '.roo',
  '.kiro',
  '.qwen',
  '.opencode',
  '.junie',
  '.trae',
  '.windsurf',
  '.clinerules',
  '.amazonq',
  '.agents',
  '.augment',
  '.openhands',
  '.kilocode',
  '.amp',
  '.crush',
  '.goose',
  '.firebender',
  '.mcp',
  '.drover',
  '.direnv',
  '.ssh',
  '.aws',
  '.kube',
  '.docker',
  '.gnupg',
]);
/** Where two names together are meant. */
export const protectedPaths = [
  '.github/workflows',
  '.github/actions',
  '.github/copilot-instructions.md',
  '.github/instructions',
  '.github/prompts',
  '.github/chatmodes',
  '.github/hooks',
  '.github/agents',
  '.github/dependabot.yml',
  '.cargo/config',
  '.cargo/config.toml',
  '.yarn/plugins',
  '.yarn/releases',
  '.mvn/extensions.xml',
  '.mvn/jvm.config',
  '.mvn/maven.config',
  '.mvn/wrapper',
  'gradle/wrapper',
  '.bundle/config',
  '.config/mise.toml',
  'node_modules/.bin',
  '.config/git',
];
/** What is run or read whenever a terminal or an interpreter starts: activate, python, *.pth. */
export const ofEnvironment = /\/\.?v?env\/(?:bin|scripts)\/|\.pth\/$/;

export const protectedFiles = new Set(
  `.gitattributes .gitmodules .gitconfig .gitlab-ci.yml .travis.yml .drone.yml appveyor.yml .appveyor.yml azure-pipelines.yml
  jenkinsfile bitbucket-pipelines.yml .woodpecker.yml .cirrus.yml cloudbuild.yaml cloudbuild.yml buildspec.yml
  .pre-commit-config.yaml .overcommit.yml
  .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs .pnpmfile.mjs .pnp.cjs .pnp.loader.mjs pnpm-workspace.yaml bunfig.toml .gemrc
  gradle.properties .pypirc pip.conf .netrc .git-credentials .envrc .tool-versions .autoenv .autoenv.zsh .gitpod.yml
  .dir-locals.el .nvim.lua .lvimrc .gdbinit .lldbinit .project opencode.json opencode.jsonc .roorules .roomodes .rules
  claude.local.md agents.local.md agent.md warp.md crush.md copilot-instructions.md .goosehints .kilocodemodes mcp.config.json
  uv.toml poetry.toml pixi.toml .pdm.toml nuget.config .condarc .bazelrc renovate.json .renovaterc netlify.toml
  .build.yml wercker.yml codefresh.yml .gocd.yaml .zuul.yml .zuul.yaml
  captainhook.json prek.toml .pre-commit-hooks.yaml .replit replit.nix .ycm_extra_conf.py .vimspector.json
  .bashrc .bash_profile .bash_login .bash_aliases .profile .zshrc .zshenv .zprofile .zlogin .inputrc .vimrc .nvimrc .exrc
  .mcp.json mcp.json agents.md claude.md gemini.md .cursorrules .clinerules .windsurfrules .aider.conf.yml
  .devcontainer.json sitecustomize.py usercustomize.py`.split(/\s+/),
);
/** Of which there is one for each format of a file, or for each machine. */
export const families =
  /^(?:\.?lefthook(?:-local)?(?:\.\w+|rc)?|(?:\.?lint-?staged(?:rc|\.config)?|\.huskyrc|\.?simple-git-hooks)(?:\.\w+)?|\.?mise(?:\.[\w.]+)?\.toml|.+\.(?:code-workspace|sublime-project))$/;
export const secretFiles = new RegExp(
  [
    String.raw`\.env(?:rc|\d+)?(?:[^\p{L}\p{N}](?!(?:example|sample|template|dist|defaults)$).*)?|.+\.env|\.flaskenv|\.dev\.vars`,
    String.raw`\.npmrc|\.pypirc|\.netrc|_netrc|\.pgpass|\.my\.cnf|\.git-credentials|\.dockercfg|\.htpasswd|\.s3cfg|\.boto`,
    String.raw`\.?rclone\.conf|\.terraformrc|\.vault-token|kubeconfig|cookies\.txt|wallet\.dat|local\.settings\.json`,
    String.raw`id_(?:rsa|dsa|ecdsa|ed25519)(?:[_.-](?!pub$).*)?|.+\.(?:pem|key|p8|p12|pfx|kdbx|jks|keystore|ppk|ovpn)(?:\.(?:bak|old|orig)|~)?`,
    String.raw`(?:[\w.-]*[_.-])?credentials(?:\.(?:json|ya?ml|toml|ini|xml))?|(?:[\w.-]*[_.-])?secrets?\.(?:json|ya?ml|toml|ini|properties)`,
    String.raw`service[-_]?account[\w-]*\.json|client_secret[\w.-]*\.json|supervisor\.json|.+adminsdk.*\.json|.+\.tfstate(?:\.backup)?|.+\.tfvars(?:\.json)?`,
  ]
    .map((each) => `^(?:${each})$`)
    .join('|'),
  'u',
);
export const secretFolders = new Set([
  '.ssh',
  '.aws',
  '.gnupg',
  '.kube',
  '.docker',
  '.azure',
  '.password-store',
  '.gcloud',
]);

/** Below a home, where programs, and Drover, keep what lets them in somewhere, besides what has a name of its own. */
export const credentialStores = [
  '.config/gcloud',
  '.config/gh',
  '.config/glab-cli',
  '.config/hub',
  '.config/op',
  '.config/doctl',
  '.config/rclone',
  '.config/containers',
  '.config/drover',
  '.config/git/credentials',
  '.config/google-chrome',
  '.config/chromium',
  '.config/microsoft-edge',
  '.config/BraveSoftware',
  '.config/vivaldi',
  '.config/opera',
  '.mozilla',
  '.thunderbird',
  '.local/share/keyrings',
  '.local/share/kwalletd',
  '.local/state/drover',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.m2/settings-security.xml',
  '.gradle/gradle.properties',
  '.gem/credentials',
  '.composer/auth.json',
  '.terraform.d/credentials.tfrc.json',
  '.vault-token',
  '.huggingface/token',
  '.cache/huggingface/token',
  'Library/Keychains',
  'Library/Cookies',
  'Library/Safari',
  'Library/Application Support/Google/Chrome',
  'Library/Application Support/Firefox',
  'Library/Application Support/drover',
  'Library/Application Support/com.apple.TCC',
  '.config/heroku',
  '.config/configstore',
  '.config/stripe',
  '.config/wrangler',
  '.config/.wrangler',
  '.config/vercel',
  '.config/netlify',
  '.config/ngrok',
  '.config/age',
  '.config/sops',
  '.config/Bitwarden',
  '.config/Bitwarden CLI',
  '.config/1Password',
  '.config/keepassxc',
  '.config/solana',
  '.config/snowflake',
  '.config/hcloud',
  '.config/scw',
  '.config/NuGet',
  '.config/composer/auth.json',
  '.config/dart/pub-credentials.json',
  '.config/rubygems',
  '.config/pypoetry/auth.toml',
  '.config/github-copilot',
  '.config/goose',
  '.config/opencode',
  '.config/linode-cli',
  '.config/railway',
  '.config/flyctl',
  '.config/kaggle',
  '.config/aliyun',
  '.config/oci',
  '.config/openstack',
  '.config/Code/User/globalStorage',
  '.config/Code - Insiders/User/globalStorage',
  '.config/Code - OSS/User/globalStorage',
  '.config/VSCodium/User/globalStorage',
  '.config/Cursor/User/globalStorage',
  '.config/Windsurf/User/globalStorage',
  '.config/code-server',
  '.config/JetBrains',
  '.config/Slack',
  '.config/discord',
  '.config/Signal',
  '.config/Element',
  '.config/teams',
  '.config/skypeforlinux',
  '.config/TelegramDesktop',
  '.config/evolution',
  '.config/geary',
  '.config/msmtp',
  '.config/neomutt',
  '.config/mutt',
  '.config/google-chrome-beta',
  '.config/google-chrome-unstable',
  '.config/microsoft-edge-dev',
  '.config/microsoft-edge-beta',
  '.config/opera-beta',
  '.config/yandex-browser',
  '.config/librewolf',
  '.config/mozilla',
  '.config/filezilla',
  '.config/remmina',
  '.config/freerdp',
  '.cache/mozilla',
  '.cache/thunderbird',
  '.cache/google-chrome',
  '.cache/chromium',
  '.cache/microsoft-edge',
  '.cache/BraveSoftware',
  '.local/share/pass',
  '.local/share/gopass',
  '.local/share/evolution',
  '.local/share/geary',
  '.local/share/TelegramDesktop',
  '.local/share/Slack',
  '.local/share/signal-desktop',
  '.local/share/code-server',
  '.local/share/com.vercel.cli',
  '.local/share/opencode',
  '.local/share/uv/credentials',
  '.local/share/atuin',
  '.local/share/fish/fish_history',
  '.local/share/1password',
  '.claude/.credentials.json',
  '.claude/projects',
  '.claude.json',
  '.codex/auth.json',
  '.codex/sessions',
  '.gemini/oauth_creds.json',
  '.gemini/google_accounts.json',
  '.continue/config.json',
  '.continue/config.yaml',
  '.vscode-server/data/User/globalStorage',
  '.cursor-server/data/User/globalStorage',
  '.m2/settings.xml',
  '.s3cfg',
  '.boto',
  '.oci',
  '.databrickscfg',
  '.databricks',
  '.terraformrc',
  '.yarnrc.yml',
  '.authinfo',
  '.authinfo.gpg',
  '.netlify',
  '.fly',
  '.kaggle',
  '.pki',
  '.subversion/auth',
  '.wrangler',
  '.vercel',
  '.digitalocean',
  '.linode',
  '.linode-cli',
  '.cloudflared',
  '.ngrok2',
  '.ngrok',
  '.age',
  '.electrum',
  '.bitcoin',
  '.ethereum',
  '.litecoin',
  '.monero',
  '.foundry/keystores',
  '.rclone.conf',
  '.mc',
  '.mcli',
  '.minio',
  '.dbt',
  '.snowflake',
  '.snowsql',
  '.mylogin.cnf',
  '.ionic',
  '.expo',
  '.appstoreconnect',
  '.android/adbkey',
  '.android/debug.keystore',
  '.sbt/.credentials',
  '.sbt/1.0/credentials.sbt',
  '.ivy2/.credentials',
  '.nuget/NuGet/NuGet.Config',
  '.bundle/config',
  '.pub-cache/credentials.json',
  '.hex',
  '.cabal/config',
  '.stack/upload',
  '.julia/servers',
  '.julia/logs',
  '.dotnet/corefx/cryptography',
  '.rye/credentials',
  '.rattler/credentials.json',
  '.continuum',
  '.platformio/appstate.json',
  '.luarocks/upload_config.lua',
  '.nimble/github_api_token',
  '.lein/profiles.clj',
  '.lesshst',
  '.viminfo',
  '.Xauthority',
  '.ICEauthority',
  '.smbcredentials',
  '.pwsafe',
  '.mutt',
  '.muttrc',
  '.msmtprc',
  '.fetchmailrc',
  '.getmail',
  '.offlineimaprc',
  '.mbsyncrc',
  '.signal',
  '.purple',
  '.weechat',
  '.irssi',
  '.librewolf',
  '.waterfox',
  '.floorp',
  '.var/app',
  '.tor',
  '.tsh',
  '.config/tsh',
  '.pulumi/credentials.json',
  '.bluemix',
  '.ibmcloud',
  '.ossutilconfig',
  '.aliyun',
  '.tccli',
  '.hcloud',
  '.vultr-cli.yaml',
  '.exoscale',
  '.jfrog',
  '.hg-credentials',
  '.cvspass',
  '.p4tickets',
  '.dropbox',
  '.config/rclone.conf',
  'snap/firefox',
  'snap/chromium',
  'snap/thunderbird',
  'snap/brave',
  'snap/opera',
  'snap/slack',
  'snap/discord',
  'snap/signal-desktop',
  'snap/telegram-desktop',
  'snap/bitwarden',
  'snap/1password',
  'snap/keepassxc',
  'Maildir',
  '.maildir',
  'Library/Mail',
  'Library/Messages',
  'Library/Containers',
  'Library/Group Containers',
  'Library/Application Support/Code/User/globalStorage',
  'Library/Application Support/VSCodium/User/globalStorage',
  'Library/Application Support/Cursor/User/globalStorage',
  'Library/Application Support/Windsurf/User/globalStorage',
  'Library/Application Support/Chromium',
  'Library/Application Support/Microsoft Edge',
  'Library/Application Support/BraveSoftware',
  'Library/Application Support/Vivaldi',
  'Library/Application Support/com.operasoftware.Opera',
  'Library/Application Support/Arc',
  'Library/Application Support/Slack',
  'Library/Application Support/discord',
  'Library/Application Support/Signal',
  'Library/Application Support/Telegram Desktop',
  'Library/Application Support/Bitwarden',
  'Library/Application Support/Bitwarden CLI',
  'Library/Application Support/1Password',
  'Library/Application Support/KeePassXC',
  'Library/Application Support/Electrum',
  'Library/Application Support/Bitcoin',
  'Library/Application Support/ngrok',
  'Library/Application Support/heroku',
  'Library/Application Support/gcloud',
  'Library/Application Support/sops',
  'Library/Application Support/com.vercel.cli',
  'Library/Application Support/fly',
  'Library/Application Support/JetBrains',
  'Library/Application Support/Thunderbird',
  'Library/Application Support/Claude',
  'Library/Preferences/netlify',
  'Library/Preferences/.wrangler',
  'Library/Thunderbird',
  'Library/Ethereum',
  'Library/HTTPStorages',
];
const storePaths = credentialStores.map((store) => `/${store.toLowerCase()}/`);

/** True when a path goes through the internals of a version control system. */
export function inVersionControl(path: string): boolean {
  return parts(path).some((name) => versionControl.has(name) || /^git~\d+$/.test(name));
}

/** True when what is written there decides what runs later, without a person seeing it again. */
export function isProtected(path: string): boolean {
  const names = parts(path);
  const last = names.at(-1) ?? '';
  if (protectedFiles.has(last) || isSecret(path) || families.test(last)) return true;
  if (names.some((name) => protectedFolders.has(name))) return true;
  const whole = `/${names.join('/')}/`;
  return protectedPaths.some((each) => whole.includes(`/${each}/`)) || ofEnvironment.test(whole);
}

/** True when a file holds secrets by its name; examples and templates of such files do not. */
export function isSecret(path: string): boolean {
  const names = parts(path);
  const last = names.at(-1) ?? '';
  return secretFiles.test(last) || (!last.endsWith('.pub') && names.some((name) => secretFolders.has(name)));
}

/**
 * Files outside the workspace that nobody reads for a project: keys and credentials of the person, what other processes
 * and other people have, and the passwords of the machine.
 */
export function isPrivate(path: string, home?: string): boolean {
  return isPersonal(path) || isOfOthers(path, home);
}

/** What the system tells of a process without its words, its memory and its environment. */
const ofProcess = new Set('status stat statm limits cgroup mounts mountinfo comm io schedstat oom_score'.split(' '));
/** What stands beside the keys of ssh and is none: the public halves, and which machines there are. */
const besideKeys = /^(?:known_hosts2?(?:\.old)?|authorized_keys|config|.+\.pub)$/;

/** As `isPrivate`, as far as it can be known without knowing whose home is whose. */
export function isPersonal(path: string): boolean {
  const names = parts(path);
  const [first = '', second = '', third = ''] = names;
  if (first === 'proc')
    return /^(?:\d+|self|thread-self)$/.test(second) && !(names.length === 3 && ofProcess.has(third));
  if (first === 'etc' && second === 'ssl') return third === 'private';
  if (first === 'etc' && /^g?shadow-?$|^sudoers|^ssh$/.test(second)) return true;
  // What came with a program is nobody's secret.
  if (first === 'usr') return false;
  if (names.at(-2) === '.ssh' && besideKeys.test(names.at(-1) ?? '')) return false;
  if (isSecret(path) || (names.at(-1) ?? '').endsWith('_history')) return true;
  const whole = `/${names.join('/')}/`;
  return storePaths.some((store) => whole.includes(store));
}

function isOfOthers(path: string, home: string | undefined): boolean {
  const [first = '', second = ''] = parts(path);
  if (first === 'root') return home !== '/root';
  if ((first !== 'home' && first !== 'users') || second === '') return false;
  if (home === undefined || path === home || path.startsWith(`${home}/`)) return false;
  const own = home.toLowerCase();
  return own !== `/${first}/${second}` && !own.startsWith(`/${first}/${second}/`);
}

/** Files of the system that tell what machine it is; each is the same to everybody, and none is a link into anything else. */
const ofMachine = new Set([
  '/etc/os-release',
  '/usr/lib/os-release',
  '/etc/lsb-release',
  '/etc/debian_version',
  '/etc/alpine-release',
  '/etc/redhat-release',
  '/etc/fedora-release',
  '/etc/issue',
  '/etc/timezone',
  '/proc/cpuinfo',
  '/proc/meminfo',
  '/proc/version',
  '/proc/loadavg',
  '/proc/uptime',
]);

/** True when a path names, and leads to, one of the few files outside a workspace that say what system and processors there are. */
export function tellsOfMachine({ absolute, real, kind }: { absolute: string; real: string; kind: string }): boolean {
  return (
    kind === 'file' && ofMachine.has(absolute) && (ofMachine.has(real) || /^\/usr\/lib\/[\w-]+-release$/.test(real))
  );
}

/** Case folded, normalised, without trailing dots, blanks and streams, and without what is not seen. */
function parts(path: string): string[] {
  return path
    .split(/[\\/]/)
    .map((part) =>
      part
        .normalize('NFKC')
        .replace(/[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, '')
        .replace(/:.*$/s, '')
        .replace(/[.\p{Zs}]+$/u, '')
        .toLowerCase(),
    )
    .filter((part) => part !== '');
}
