/**
 * Names of files that decide what runs later, or that hold secrets. They are compared as the most forgiving file system
 * would compare them, and whether or not the file exists: what an agent creates counts like what it changes.
 */

const versionControl = new Set(['.git', '.hg', '.svn', '.jj']);

/** Folders in which every file is protected: editors, agents, containers, hooks, CI. */
const protectedFolders = new Set([
  '.vscode',
  '.idea',
  '.fleet',
  '.zed',
  '.devcontainer',
  '.husky',
  '.githooks',
  '.lefthook',
  '.circleci',
  '.buildkite',
  '.gitlab',
  '.woodpecker',
  '.claude',
  '.codex',
  '.cursor',
  '.continue',
  '.gemini',
  '.roo',
  '.drover',
  '.direnv',
  '.ssh',
  '.aws',
  '.kube',
  '.docker',
  '.gnupg',
]);
/** Where two names together are meant. */
const protectedPaths = [
  '.github/workflows',
  '.github/actions',
  '.github/copilot-instructions.md',
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
  '.config/git',
];
const protectedFiles = new Set(
  `.gitattributes .gitmodules .gitconfig .gitlab-ci.yml .travis.yml .drone.yml appveyor.yml azure-pipelines.yml
  jenkinsfile bitbucket-pipelines.yml .pre-commit-config.yaml lefthook.yml lefthook.yaml .lintstagedrc .huskyrc
  .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs .pypirc pip.conf .netrc .git-credentials .envrc .tool-versions .mise.toml
  .bashrc .bash_profile .bash_login .bash_aliases .profile .zshrc .zshenv .zprofile .zlogin .inputrc .vimrc .nvimrc .exrc
  .mcp.json mcp.json agents.md claude.md gemini.md .cursorrules .clinerules .windsurfrules .aider.conf.yml
  .devcontainer.json sitecustomize.py usercustomize.py`.split(/\s+/),
);
const secretFiles =
  /^(?:\.env(?:rc)?(?:[^\p{L}\p{N}](?!(?:example|sample|template|dist|defaults)$).*)?|.+\.env|\.dev\.vars|\.npmrc|\.pypirc|\.netrc|_netrc|\.pgpass|\.my\.cnf|\.git-credentials|\.dockercfg|\.htpasswd|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|credentials(?:\.(?:json|ya?ml|toml|ini|xml))?|secrets?\.(?:json|ya?ml|toml|ini)|service[-_]?account[\w-]*\.json|.+\.(?:pem|key|p12|pfx|kdbx|jks|keystore|ppk|ovpn))$/u;
const secretFolders = new Set(['.ssh', '.aws', '.gnupg', '.kube', '.docker', '.azure', '.password-store', '.gcloud']);

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
  if (protectedFiles.has(last) || isSecret(path) || last.endsWith('.code-workspace')) return true;
  if (names.some((name) => protectedFolders.has(name))) return true;
  const whole = `/${names.join('/')}/`;
  return protectedPaths.some((each) => whole.includes(`/${each}/`));
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

/** As `isPrivate`, as far as it can be known without knowing whose home is whose. */
export function isPersonal(path: string): boolean {
  const names = parts(path);
  const [first = '', second = '', third = ''] = names;
  if (first === 'proc') return /^(?:\d+|self|thread-self)$/.test(second);
  if (first === 'etc' && second === 'ssl') return third === 'private';
  if (first === 'etc' && /^g?shadow-?$|^sudoers|^ssh$/.test(second)) return true;
  // What came with a program is nobody's secret.
  if (first === 'usr') return false;
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
