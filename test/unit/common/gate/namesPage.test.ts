import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as names from '../../../../src/common/gate/names.ts';

const page = join(import.meta.dirname, '../../../../docs/names.md');

/** What stands for the names that a pattern covers: at least one for each of its alternatives. */
const ofFamilies =
  `lefthook.yml .lefthook-local.toml lefthookrc .lintstagedrc lint-staged.config.js .huskyrc .simple-git-hooks.json
  mise.toml .mise.local.toml shop.code-workspace shop.sublime-project`.split(/\s+/);
const ofEnvironment = ['.venv/bin/activate', 'venv/bin/python', 'env/Scripts/pip', 'site-packages/x.pth'];
const secret: Readonly<Record<string, readonly string[]>> = {
  'Settings with secrets': '.env .env.local .env1 prod.env .envrc .flaskenv .dev.vars local.settings.json'.split(' '),
  'What lets a program in somewhere':
    `.npmrc .pypirc .netrc _netrc .pgpass .my.cnf .git-credentials .dockercfg .htpasswd .s3cfg .boto .rclone.conf .terraformrc
    .vault-token kubeconfig cookies.txt wallet.dat`.split(/\s+/),
  Keys: 'id_rsa id_dsa id_ecdsa id_ed25519 id_rsa.old server.pem tls.key a.p8 a.p12 a.pfx a.kdbx a.jks a.keystore a.ppk a.ovpn'.split(
    ' ',
  ),
  'Credentials and secrets by their name':
    `credentials aws-credentials.json secrets.yml app.secret.toml service-account.json client_secret_1.json supervisor.json
    x-firebase-adminsdk-1.json terraform.tfstate prod.tfvars`.split(/\s+/),
};
const open = ['.env.example', '.env.sample', '.env.template', 'id_rsa.pub'];

describe('the page about names', () => {
  test('says what the tables say', async () => {
    await expect(namesPage()).toMatchFileSnapshot(page);
  });

  test('has only names that are what it says', () => {
    expect(
      Object.values(secret)
        .flat()
        .filter((name) => !names.isSecret(name)),
    ).toEqual([]);
    expect(open.filter((name) => names.isSecret(name))).toEqual([]);
    const files = [...names.protectedFiles, ...ofFamilies, ...ofEnvironment, ...names.protectedPaths];
    const inFolders = [...names.protectedFolders, ...names.secretFolders].map((folder) => `${folder}/x`);
    expect([...files, ...inFolders].filter((name) => !names.isProtected(name))).toEqual([]);
    expect([...names.versionControl].filter((name) => !names.inVersionControl(`${name}/x`))).toEqual([]);
    const stores = names.credentialStores.map((store) => `/home/me/${store}`);
    expect(stores.filter((store) => !names.isPrivate(store, '/home/me'))).toEqual([]);
  });

  test.each([
    ['families', names.families, ofFamilies],
    ['secretFiles', names.secretFiles, Object.values(secret).flat()],
  ])('has a name for each alternative of %s', (_, pattern, shown) => {
    const without = alternatives(pattern.source).filter((each) => {
      const one = new RegExp(`^(?:${each})$`, 'u');
      return !shown.some((name) => one.test(name.toLowerCase()));
    });
    expect(without).toEqual([]);
  });
});

/** Those of a pattern at its outermost level, and of those groups of it that are all of it. */
function alternatives(source: string): string[] {
  const inner = /^\^\(\?:([^]*)\)\$$/.exec(source)?.[1];
  if (inner !== undefined && balanced(inner)) return alternatives(inner);
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= source.length; at += 1) {
    const sign = source[at];
    if (sign === '\\') at += 1;
    else if (sign === '(' || sign === '[') depth += 1;
    else if (sign === ')' || sign === ']') depth -= 1;
    if (sign !== undefined && (sign !== '|' || depth > 0)) continue;
    parts.push(source.slice(from, at));
    from = at + 1;
  }
  return parts.length === 1 ? parts : parts.flatMap(alternatives);
}

/** Whether no bracket in it closes one from before it. */
function balanced(text: string): boolean {
  let depth = 0;
  for (const sign of text.replaceAll(/\\./g, '')) {
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

function namesPage(): string {
  return `# Which names are protected, and which are taken to hold secrets

This page is made from the tables that the gate judges by (\`src/common/gate/names.ts\`). Names count wherever in the workspace they
stand, whether or not the file is there, in capitals or not. What stands for many names is shown by examples.
\`drover explain --tool file_read --args '{"path": "NAME"}'\` tells what would be said to any of them.

## What decides what runs later

A change of it is asked about each time, whatever *Drover › Edits* says.

Files: ${listed([...names.protectedFiles].toSorted())}

Also such as: ${listed([...ofFamilies, ...ofEnvironment])}

Everything below: ${listed([...names.protectedFolders].toSorted())}

And: ${listed(names.protectedPaths.toSorted())}

\`package.json\`, \`Makefile\`, \`conftest.py\` and their like are not among them: they are changed like any other file, and what they
have run is asked about again then.

## What belongs to version control

It is changed by its own commands alone; any other change of it is denied: ${listed([...names.versionControl])}

## What holds secrets

It is asked about before it is read, and before it is changed.

${Object.entries(secret)
  .map(([title, shown]) => `${title}, such as: ${listed(shown)}`)
  .join('\n\n')}

Everything below: ${listed([...names.secretFolders].toSorted())}

Not: ${listed(open)}

## What is never read outside the workspace

Whatever holds secrets by its name, \`/etc/shadow\`, \`/etc/sudoers\`, \`/etc/ssh\`, \`/etc/ssl/private\`, what the system tells of processes
(\`/proc/self\`), the homes of others, files that end in \`_history\`, and in your home: ${listed(names.credentialStores)}

Asked and not denied: what shows names and sizes of these alone (\`ls -d ~/.ssh\`), the public halves of keys of ssh and what stands beside
them (\`known_hosts\`, \`config\`, \`authorized_keys\`), and what the system tells of a process without its memory and environment
(\`/proc/self/status\`).
`;
}

function listed(all: readonly string[]): string {
  return all.map((name) => `\`${name}\``).join(', ');
}
