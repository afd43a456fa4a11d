import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inVersionControl, isPrivate, isProtected, isSecret } from '../../../../src/common/gate/names.ts';

const internals = [
  '.git/config',
  '.git/hooks/pre-commit',
  '.git',
  '.hg/hgrc',
  '.svn/wc.db',
  '.jj/repo',
  'git~1/config',
];
const guarded = [
  '.vscode/tasks.json',
  '.github/workflows/ci.yml',
  '.husky/pre-commit',
  '.npmrc',
  '.yarnrc.yml',
  '.cargo/config.toml',
  '.gitattributes',
  '.gitmodules',
  '.mcp.json',
  '.devcontainer/devcontainer.json',
  '.envrc',
  '.drover/agents/x.md',
  'AGENTS.md',
  'shop.code-workspace',
];
const secrets = ['.env', '.env.local', '.env.production', '.envrc', 'id_rsa', '.ssh/config', 'server.pem', '.netrc'];

/** What some file system takes for the same name. */
const decorations: readonly ((name: string, at: number) => string)[] = [
  (name) => name,
  (name) => name.toUpperCase(),
  (name, at) => name.slice(0, at) + name.slice(at, at + 1).toUpperCase() + name.slice(at + 1),
  (name) => `${name}.`,
  (name) => `${name} `,
  (name) => `${name} . .`,
  (name) => `${name}\u00a0`,
  (name) => `${name}\u3000`,
  (name) => `${name}\u1680`,
  (name) => `${name}::$DATA`,
  (name) => `${name}:stream:$INDEX_ALLOCATION`,
  // Zero-width, bidirectional, soft hyphen, byte order mark: HFS+ leaves them out; and what Unicode says is to be ignored.
  ...Array.from(
    '\u200b\u200c\u200d\u200e\u202e\u2060\u206a\ufeff\u00ad\u034f\u115f\u17b4\u180b\u3164\ufe0f\u{e0001}\u{e0100}',
    (sign) => (name: string, at: number) => Array.from(name).toSpliced(at, 0, sign).join(''),
  ),
  (name) => name.replaceAll('s', 'ſ'),
  (name) => name.replaceAll('k', '\u212a'),
  (name) =>
    Array.from(name)
      .map((sign) => (/[!-~]/.test(sign) ? String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0) : sign))
      .join(''),
  (name) => name.normalize('NFD'),
];

const wearing = record({
  folders: array(constantFrom('src', 'a b', '.', 'über', 'node_modules'), { maxLength: 2 }),
  worn: array(record({ how: constantFrom(...decorations), at: integer({ min: 0, max: 12 }) }), { maxLength: 3 }),
});

/** However often it is dressed up; each name of the path by itself. */
function dressed(
  path: string,
  { folders, worn }: { folders: string[]; worn: { how: (n: string, at: number) => string; at: number }[] },
): string {
  const names = path
    .split('/')
    .map((name) => worn.reduce((before, { how, at }) => how(before, Math.min(at, before.length)), name));
  return [...folders, ...names].join('/');
}

describe('names that are protected stay so, whatever a file system takes for the same', () => {
  test.each([
    ['internals of version control', internals, inVersionControl],
    ['what decides what runs later', guarded, isProtected],
    ['secrets', secrets, isSecret],
  ] as const)('%s', (_, names, is) => {
    assert(
      property(constantFrom(...names), wearing, (name, how) => {
        const path = dressed(name, how);
        expect(is(path), JSON.stringify(path)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    '.env',
    '.env.local',
    '.env-prod',
    '.env_test',
    '.env~',
    '.env.a b',
    '.env.é',
    '.env.example.local',
    '.envrc.local',
    'prod.env',
    '.dev.vars',
  ])('%s may hold secrets', (name) => {
    expect(isSecret(name)).toBe(true);
    expect(isProtected(name)).toBe(true);
  });

  test.each([
    '.env.example',
    '.env.sample',
    '.env-example',
    'environment.ts',
    'env.ts',
    '.environment/x',
    'src/git/config.ts',
    'agit/config',
    '.gitignore',
    '.github/ISSUE_TEMPLATE/bug.md',
    'vscode/tasks.json',
    'src/husky.ts',
    'id_rsa.pub',
    'key.ts',
    'docs/secrets.md',
    'package.json',
  ])('%s is a file like any other', (name) => {
    expect([inVersionControl(name), isProtected(name), isSecret(name)]).toEqual([false, false, false]);
  });
});

test.each(
  `.clinerules/x.md CLAUDE.local.md .windsurf/rules/a.md .github/instructions/x.md .github/prompts/x.md .kiro/steering/x.md
  .opencode/agent.md opencode.json .amazonq/rules/x.md .junie/guidelines.md .qwen/settings.json .roomodes
  AGENT.md .goosehints .augment/rules/x.md .openhands/setup.sh .amp/settings.json .kilocodemodes uv.toml NuGet.Config pixi.toml .bazelrc
  .teamcity/settings.kts .builds/x.yml wercker.yml netlify.toml renovate.json .git-hooks/pre-commit .hooks/pre-push captainhook.json
  .theia/tasks.json .replit
  lefthook.json lefthook.toml .lefthook.yml lefthook-local.yml .lefthookrc .lintstagedrc.json lint-staged.config.mjs .huskyrc.json
  .simple-git-hooks.json .overcommit.yml .woodpecker.yml cloudbuild.yaml .gitea/workflows/ci.yml .cirrus.yml buildspec.yml
  pnpm-workspace.yaml bunfig.toml .gemrc mise.toml .mise.local.toml .config/mise.toml gradle.properties .pnp.cjs .pnpmfile.mjs
  .dir-locals.el .vim/ftplugin/x.vim .emacs.d/init.el .nvim.lua .gdbinit .run/app.xml app.sublime-project .idx/dev.nix
  .venv/bin/activate venv/bin/python .venv/lib/python3.12/site-packages/x.pth node_modules/.bin/tsc`
    .trim()
    .split(/\s+/),
)('decides what runs later: %s', (path) => {
  expect(isProtected(path)).toBe(true);
});

test.each(
  `terraform.tfstate terraform.tfstate.backup prod.tfvars kubeconfig AuthKey_X.p8 id_rsa.bak id_ed25519_work server.key.bak
  .vault-token .s3cfg .boto rclone.conf .terraformrc client_secret_1.json app-firebase-adminsdk-x.json google-credentials.json
  application-secrets.yml app.secrets.json .env1 .flaskenv cookies.txt local.settings.json`
    .trim()
    .split(/\s+/),
)('holds secrets: %s', (path) => {
  expect(isSecret(path)).toBe(true);
});

test.each(
  `src/env.ts src/credentials.ts secrets.ts locales/en/auth.json tokens.json src/settings.json id_rsa.pub
  docs/rules.md lefthook/README.md mise.md src/run/a.ts env/settings.py keyboard.key.ts public.keys.md monkey`
    .trim()
    .split(/\s+/),
)('is an ordinary file: %s', (path) => {
  expect([isProtected(path), isSecret(path), inVersionControl(path)]).toEqual([false, false, false]);
});

describe('where programs keep what lets them in is private below any home', () => {
  const stores =
    `.claude/.credentials.json .claude.json .codex/auth.json .gemini/oauth_creds.json .config/github-copilot/apps.json
    .config/Code/User/globalStorage/state.vscdb .config/VSCodium/User/globalStorage/x .config/Cursor/User/globalStorage/x
    .local/share/code-server/User/globalStorage/x .m2/settings.xml .config/sops/age/keys.txt .s3cfg .boto .oci/config .databrickscfg
    .terraformrc .yarnrc.yml .authinfo .authinfo.gpg .config/netlify/config.json .netlify/config.json .fly/config.yml .kaggle/kaggle.json
    .pki/nssdb/key4.db .subversion/auth/svn.simple/x .config/gcloud/x .config/heroku/x .config/configstore/x.json .config/stripe/config.toml
    .config/wrangler/x .wrangler/config/default.toml .config/vercel/auth.json .vercel/auth.json .config/doctl/config.yaml .digitalocean/x
    .linode/x .cloudflared/cert.json .ngrok2/ngrok.yml .config/ngrok/ngrok.yml .config/age/x .age/x .local/share/pass/x .config/Bitwarden/data.json
    .config/1Password/x .config/keepassxc/x .electrum/wallets/x .bitcoin/wallet.dat .ethereum/keystore/x .config/solana/id.json .rclone.conf
    .mc/config.json .minio/x .dbt/profiles.yml .snowflake/config.toml .config/snowflake/x .pgpass .my.cnf .mylogin.cnf .config/hcloud/cli.toml
    .config/scw/config.yaml .ionic/config.json .expo/state.json .appstoreconnect/x .android/debug.keystore .gradle/gradle.properties
    .sbt/.credentials .ivy2/.credentials .nuget/NuGet/NuGet.Config .config/NuGet/NuGet.Config .cargo/credentials.toml .gem/credentials
    .bundle/config .composer/auth.json .config/composer/auth.json .pub-cache/credentials.json .config/dart/pub-credentials.json .hex/hex.config
    .config/rubygems/x .lesshst .viminfo .python_history Maildir/new/x .config/Slack/x .config/discord/x .config/Signal/x
    .var/app/org.mozilla.firefox/x snap/firefox/common/x`.split(/\s+/);
  test.each(stores)('%s', (store) => {
    expect(isPrivate(`/home/me/${store}`, '/home/me')).toBe(true);
    expect(isPrivate(`/Users/me/${store.toUpperCase()}`, '/Users/me')).toBe(true);
  });

  test.each([
    '.cargo/registry/src/x/lib.rs',
    '.m2/repository/a/b.jar',
    '.config/git/ignore',
    '.cache/pip/x',
    'mail/src/index.ts',
    'snap/readme.md',
    '.nvm/versions/node/v22/bin/node',
  ])('%s is not', (path) => {
    expect(isPrivate(`/home/me/${path}`, '/home/me')).toBe(false);
  });
});
