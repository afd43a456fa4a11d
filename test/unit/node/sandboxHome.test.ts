import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Contained } from '../../support/containedCommands.ts';
import { bubblewrapFolder } from '../../support/installedBubblewrap.ts';

/** What a command in the sandbox sees of the home: the toolchains, and nothing of what programs keep there for themselves. */

let managed: string;
let at: Contained;

beforeAll(async () => {
  managed = await bubblewrapFolder();
}, 120_000);
beforeEach(() => {
  at = new Contained(managed);
});
afterEach(() => at.remove());

/** Another one in the same place of the story. */
function anew(options: ConstructorParameters<typeof Contained>[1]): void {
  at.remove();
  at = new Contained(managed, options);
}

const stores =
  `.claude/.credentials.json .claude.json .codex/auth.json .gemini/oauth_creds.json .config/github-copilot/apps.json
  .config/Code/User/globalStorage/state.vscdb .config/VSCodium/User/globalStorage/x .local/share/code-server/User/globalStorage/x
  .vscode-server/data/User/globalStorage/x .m2/settings.xml .config/sops/age/keys.txt .s3cfg .boto .oci/config .databrickscfg .terraformrc
  .yarnrc.yml .authinfo.gpg .netlify/config.json .fly/config.yml .kaggle/kaggle.json .pki/nssdb/key4.db .subversion/auth/x .config/gcloud/x
  .config/configstore/x.json .wrangler/config/default.toml .vercel/auth.json .cloudflared/cert.json .config/age/x .local/share/pass/x
  .config/Bitwarden/data.json .electrum/wallets/x .mc/config.json .dbt/profiles.yml .mylogin.cnf .config/hcloud/cli.toml .android/debug.keystore
  .gradle/gradle.properties .sbt/.credentials .ivy2/.credentials .nuget/NuGet/NuGet.Config .cargo/credentials .cargo/credentials.toml
  .gem/credentials .bundle/config .composer/auth.json .pub-cache/credentials.json .hex/hex.config .lesshst .viminfo .python_history
  .bashrc .zshrc .profile Maildir/new/x Mail/inbox mbox .config/Slack/x .var/app/org.mozilla.firefox/x snap/firefox/common/x
  .config/git/credentials .cache/huggingface/token .julia/servers/pkg.julialang.org/auth.toml .nobody-knows-it/token .nobody-knows-it-either
  .config/nobody-knows-it .local/share/nobody-knows-it/token .local/state/nobody-knows-it .cargo/nobody-knows-it`.split(
    /\s+/,
  );

const toolchains =
  `.cargo/registry/src/lib.rs .cargo/bin/tool .cargo/config.toml .cargo/git/db/x .rustup/toolchains/x .cache/pip/x .npm/_cacache/x
  .local/lib/python3/x.py .local/bin/tool .local/share/pnpm/store/x .local/share/virtualenv/x .local/share/uv/python/x .local/share/mise/x
  .nvm/versions/node/x .volta/bin/x .asdf/shims/x .pyenv/versions/x .rbenv/versions/x .sdkman/candidates/x .m2/repository/x.jar
  .gradle/caches/x .gradle/wrapper/dists/x .nuget/packages/x .dotnet/sdk/x .bun/install/cache/x .deno/bin/x .opam/x .stack/x .cabal/packages/x
  .ghcup/bin/x .juliaup/x .julia/packages/x .gitconfig .config/git/config .config/git/ignore .tool-versions .editorconfig .virtualenvs/shop/x
  .conda/envs/x .hex/packages/x .pub-cache/hosted/x .bundle/cache/x .gem/ruby/x go/pkg/mod/x miniconda3/x projects/other/x`.split(
    /\s+/,
  );

describe.skipIf(process.platform === 'win32')('of the home', () => {
  test('nothing is read where programs keep what lets them in, known or not', async () => {
    for (const store of stores) at.put(`home/${store}`, 'hidden-word\n');
    // Beside what is seen in the same folders.
    for (const path of toolchains) at.put(`home/${path}`, 'seen-word\n');
    const names = stores.map((store) => `'${store}'`).join(' ');
    const { text } = await at.inside(
      `cd ~ && for f in ${names}; do cat "$f" 2>/dev/null; done; grep -rs hidden-word . | head -50`,
    );
    expect(text).toBe('');
  });

  test.each(['home', '.'])(
    'nothing of that either where the workspace is the home, or lies around it: %s',
    async (shop) => {
      anew({ shop });
      for (const store of stores) at.put(`home/${store}`, 'hidden-word\n');
      for (const key of ['.ssh/id_rsa', '.aws/credentials', '.netrc', '.gnupg/x'])
        at.put(`home/${key}`, 'hidden-word\n');
      at.put('home/shop/a.txt', 'seen-word\n');
      at.put('state/chats/x.ndjson', 'hidden-word\n');
      const search = `cat ~/.ssh/id_rsa ~/.aws/credentials; grep -rsh -e hidden-word -e seen-word ${at.base}`;
      for (const shut of [at.sandbox, at.sandbox.looking]) {
        const { text } = await at.inside(search, shut);
        expect(text).toContain('seen-word');
        expect(text).not.toContain('hidden-word');
      }
    },
  );

  test('toolchains, version managers and what was fetched are read', async () => {
    for (const path of toolchains) at.put(`home/${path}`, `${path}\n`);
    for (const store of stores) if (!toolchains.includes(store)) at.put(`home/${store}`, 'hidden-word\n');
    const { text } = await at.inside(`cd ~ && cat ${toolchains.join(' ')}`);
    expect(text.trimEnd().split('\n')).toEqual(toolchains);
  });

  test('settings that cannot be empty are not there at all', async () => {
    at.put('home/.m2/settings.xml', '<settings/>');
    at.put('home/.m2/repository/x.jar');
    at.put('home/.nuget/NuGet/NuGet.Config', '<configuration/>');
    expect((await at.inside('ls ~/.m2; ls ~/.nuget')).text).toBe('repository\n');
  });

  test('git has its settings, without what lets somebody in', async () => {
    at.put(
      'home/.gitconfig',
      '[user]\n\tname = Ada\n[url "https://ada:hidden-word@git.example/"]\n\tinsteadOf = x:\n[http]\n\textraHeader = Bearer hidden-word\n[alias]\n\tst = status\n',
    );
    at.put('home/.config/git/config', '[core]\n\tabbrev = 9\n[github]\n\ttoken = hidden-word\n');
    const { text, code } = await at.inside(
      'git config user.name; git config core.abbrev; git config alias.st; git config --list; cat ~/.gitconfig ~/.config/git/config',
    );
    expect(code).toBe(0);
    expect(text).toMatch(/^Ada\n9\nstatus\n/);
    expect(text).not.toContain('hidden-word');
  });

  test('settings that are links into a repository of such are read, and what lies beside them there is not', async () => {
    at.put('home/.dotfiles/git/gitconfig', '[user]\n\tname = Ada\n');
    at.put('home/.dotfiles/secrets/token', 'hidden-word\n');
    at.put('elsewhere/rust/toolchains/x', 'seen-word\n');
    symlinkSync('.dotfiles/git/gitconfig', join(at.home, '.gitconfig'));
    symlinkSync(join(at.base, 'elsewhere/rust'), join(at.home, '.rustup'));
    const { text } = await at.inside('git config user.name; cat ~/.rustup/toolchains/x; cat ~/.dotfiles/secrets/token');
    expect(text).toMatch(/^Ada\nseen-word\ncat: /);
    expect(text).not.toContain('hidden-word');
  });

  test('programs of the PATH run, wherever they lie, with what belongs to them', async () => {
    const path = `${at.home}/.own-tools/v1/bin:${process.env['PATH'] ?? ''}`;
    at.put('home/.own-tools/v1/bin/greet', '#!/bin/sh\ncat "$(dirname "$0")/../lib/words"\n', 0o755);
    at.put('home/.own-tools/v1/lib/words', 'good morning\n');
    at.put('home/.own-tools/token', 'hidden-word\n');
    const before = at;
    at = new Contained(managed, { home: before.home, environment: { PATH: path } });
    const { text } = await at.inside('greet; cat ~/.own-tools/token');
    before.remove();
    expect(text).toMatch(/^good morning\ncat: /);
  });

  test('a workspace below a name with a dot is written, its repository seen, and what lies beside it is not', async () => {
    anew({ shop: 'home/.work/mono/shop' });
    at.put('home/.work/mono/shop/a.txt');
    at.put('home/.work/mono/notes/token', 'hidden-word\n');
    execFileSync('git', ['init', '-q', join(at.home, '.work/mono')]);
    const { text } = await at.inside('git status --porcelain -uall -- .; echo new > made.txt; cat ../notes/token');
    expect(text).toMatch(/^\?\? shop\/a\.txt\ncat: /);
    expect(existsSync(join(at.root, 'made.txt'))).toBe(true);
  });

  test('it may itself be reached by a link', async () => {
    at.put('home/.own/token', 'hidden-word\n');
    at.put('home/.rustup/x', 'seen-word\n');
    renameSync(at.home, join(at.base, 'real'));
    symlinkSync('real', at.home);
    const { text } = await at.inside(`cat ~/.rustup/x ~/.own/token ${at.base}/real/.own/token`);
    expect(text).toContain('seen-word');
    expect(text).not.toContain('hidden-word');
  });
});

function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === 'win32')('with the home of this machine', () => {
  beforeEach(() => {
    const home = process.env['HOME'] ?? '/';
    anew({ home, environment: { HOME: home } });
    mkdirSync(join(at.root, 'src'), { recursive: true });
  });

  test('the tests of a node project run', async () => {
    at.put('shop/package.json', JSON.stringify({ name: 'shop', scripts: { test: 'node --test' } }));
    at.put('shop/a.test.js', "require('node:test')('adds', () => {});");
    expect(await at.inside('npm test')).toMatchObject({ code: 0, text: expect.stringContaining('pass 1') });
  });

  test.skipIf(!has('python3'))('those of a python project in an environment of its own', async () => {
    execFileSync('python3', ['-m', 'venv', '--without-pip', join(at.base, 'home/.virtualenvs/shop')]);
    at.put(
      'shop/test_a.py',
      'import unittest\nclass A(unittest.TestCase):\n  def test_a(self): self.assertEqual(1, 1)\n',
    );
    const told = await at.inside(`${join(at.base, 'home/.virtualenvs/shop/bin/python')} -m unittest -v`);
    expect(told).toMatchObject({ code: 0, text: expect.stringContaining('Ran 1 test') });
  });

  test.skipIf(!has('cargo'))('those of a crate', { timeout: 60_000 }, async () => {
    at.put('shop/Cargo.toml', '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n');
    at.put('shop/src/lib.rs', '#[test]\nfn adds() { assert_eq!(1 + 1, 2); }\n');
    const told = await at.inside('cargo test --offline --lib');
    expect(told, told.text).toMatchObject({ code: 0, text: expect.stringContaining('1 passed') });
  });

  test.skipIf(!has('go'))('and a package of go is built', { timeout: 60_000 }, async () => {
    at.put('shop/go.mod', 'module shop\n\ngo 1.20\n');
    at.put('shop/a.go', 'package shop\n\nfunc Add(a, b int) int { return a + b }\n');
    const told = await at.inside('go build ./... && go list ./...');
    expect(told, told.text).toMatchObject({ code: 0, text: 'shop\n' });
  });
});

test.skipIf(process.platform === 'win32' || !has('mvn'))(
  'maven works offline, without its settings',
  { timeout: 60_000 },
  async () => {
    at.put(
      'home/.m2/settings.xml',
      '<settings><servers><server><password>hidden-word</password></server></servers></settings>',
    );
    mkdirSync(join(at.home, '.m2/repository'));
    at.put(
      'shop/pom.xml',
      '<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>b</artifactId><version>1</version><packaging>pom</packaging></project>',
    );
    const told = await at.inside(`MAVEN_OPTS=-Duser.home=${at.home} mvn -o -B validate`);
    expect(told, told.text).toMatchObject({ code: 0, text: expect.stringContaining('BUILD SUCCESS') });
  },
);
