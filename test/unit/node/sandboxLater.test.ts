import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Contained, never } from '../../support/containedCommands.ts';
import { bubblewrapFolder } from '../../support/installedBubblewrap.ts';

/** What a command in the sandbox leaves behind or finds at any depth of a workspace, and what comes of it outside. */

let managed: string;
let at: Contained;

beforeAll(async () => {
  managed = await bubblewrapFolder();
}, 120_000);
beforeEach(() => {
  at = new Contained(managed);
});
afterEach(() => at.remove());

/** As an editor's integration, or a prompt, looks at a folder. */
function look(folder: string): void {
  try {
    execFileSync('git', ['status'], { cwd: join(at.root, folder), stdio: 'ignore' });
  } catch {
    // It is no repository.
  }
}

function git(...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=me', '-c', 'user.email=me@here', ...args], {
    cwd: at.root,
    encoding: 'utf8',
  });
}

describe.skipIf(process.platform === 'win32')('a repository that a command makes starts nothing later', () => {
  const fires = (): boolean => existsSync(join(at.base, 'fired'));
  beforeEach(() => {
    at.put('evil.sh', `#!/bin/sh\ntouch ${at.base}/fired\n`, 0o755);
  });
  const configured = (folder: string): string => `git -C ${folder} config core.fsmonitor ${at.base}/evil.sh`;

  test.each(['sub', 'packages/a/b/c', 'node_modules/deep/one', 'build/out'])('in %s', async (folder) => {
    const { notes } = await at.inside(`mkdir -p ${folder} && git init -q ${folder} && ${configured(folder)}`);
    look(folder);
    expect(fires()).toBe(false);
    expect(notes).toEqual([expect.stringMatching(new RegExp(`^${folder}/\\.git came into being while it ran`))]);
    const [, to = ''] = /moved to (\S+)\./.exec(notes[0] ?? '') ?? [];
    expect(readFileSync(join(to, 'config'), 'utf8')).toContain('fsmonitor');
    expect((await at.inside('true')).notes).toEqual([]);
  });

  test('not as a bare one with a workspace either, and not by a file that leads to one', async () => {
    mkdirSync(join(at.root, 'old'));
    const { notes } = await at.inside(
      `git init -q --bare old && ${configured('old')} && git -C old config core.bare false && git -C old config core.worktree "$PWD/old"
       git init -q --separate-git-dir "$PWD/elsewhere" led && ${configured('led')}`,
    );
    for (const folder of ['old', 'elsewhere', 'led']) look(folder);
    expect(fires()).toBe(false);
    expect(new Set(notes.map((note) => note.split(' ')[0]))).toEqual(
      new Set(['elsewhere/HEAD', 'led/.git', 'old/HEAD']),
    );
  });

  test('not in a folder that others cannot list, and not where it lay when its folder was moved', async () => {
    await at.inside('mkdir -p one/two; touch one/two/x');
    const { notes } = await at.inside(
      `git init -q one/two/sub && ${configured('one/two/sub')}; mv one moved; chmod 311 moved/two; chmod 555 moved/two/sub`,
    );
    look('moved/two/sub');
    expect(fires()).toBe(false);
    expect(notes).toHaveLength(1);
  });

  test('nor one in a folder that is closed while the next command runs', async () => {
    at.put('shop/closed/.env', 'hidden-word\n');
    chmodSync(join(at.root, 'closed'), 0o300);
    const { text } = await at.inside(`chmod 755 closed; cat closed/.env; git init -q closed; ${configured('closed')}`);
    expect(text).not.toContain('hidden-word');
    chmodSync(join(at.root, 'closed'), 0o755);
    look('closed');
    expect(fires()).toBe(false);
  });

  test('not in one that was there already, however deep, nor in what it says its own lies in', async () => {
    at.put('shop/assets/0.txt');
    for (let each = 0; each < 5100; each++) writeFileSync(join(at.root, `assets/${each}.txt`), '');
    for (const folder of ['packages/api', 'node_modules/x/y/z']) {
      mkdirSync(join(at.root, folder), { recursive: true });
      execFileSync('git', ['init', '-q', join(at.root, folder)]);
    }
    execFileSync('git', ['init', '-q', '--separate-git-dir', join(at.root, 'apart'), join(at.root, 'led')]);
    at.put('shop/packages/api/.husky/pre-commit', '#!/bin/sh\n');
    at.put('shop/packages/api/tools/hooks/pre-commit', '#!/bin/sh\n');
    execFileSync('git', ['-C', join(at.root, 'packages/api'), 'config', 'core.hooksPath', 'tools/hooks']);
    await at.inside(
      `for f in packages/api node_modules/x/y/z led; do git -C $f config core.fsmonitor ${at.base}/evil.sh; echo x > $f/.git/hooks/pre-commit; done
       echo x > apart/config; echo evil > packages/api/.husky/pre-commit; echo evil > packages/api/tools/hooks/pre-commit`,
    );
    for (const folder of ['packages/api', 'node_modules/x/y/z', 'led']) look(folder);
    expect(fires()).toBe(false);
    expect(existsSync(join(at.root, 'packages/api/.git/hooks/pre-commit'))).toBe(false);
    expect(readFileSync(join(at.root, 'apart/config'), 'utf8')).toContain('[core]');
    for (const hook of ['.husky', 'tools/hooks'])
      expect(readFileSync(join(at.root, `packages/api/${hook}/pre-commit`), 'utf8')).toBe('#!/bin/sh\n');
  });
});

describe.skipIf(process.platform === 'win32')('what decides what runs later', () => {
  test('is moved away at every depth where a command made it, and told', async () => {
    const made = [
      'a/.envrc',
      'a/b/c/.vscode/tasks.json',
      'a/.husky/pre-commit',
      '.github/workflows/ci.yml',
      'x/.npmrc',
    ];
    for (const folder of ['a/b/c', '.github']) mkdirSync(join(at.root, folder), { recursive: true });
    const { notes } = await at.inside(made.map((file) => `mkdir -p $(dirname ${file}); echo x > ${file}`).join('\n'));
    for (const file of made) expect(existsSync(join(at.root, file))).toBe(false);
    expect(notes).toHaveLength(made.length);
    expect(notes.join('\n')).toContain('a/b/c/.vscode came into being');
  });

  test('is found by what has changed, whatever time the folder is given after it', async () => {
    at.put('shop/a/b/x');
    const before = await at.inside('true');
    expect(before.notes).toEqual([]);
    const { notes } = await at.inside(
      'touch -r a/b ref; mkdir a/b/.vscode; echo 1 > a/b/.vscode/tasks.json; touch -r ref a/b',
    );
    expect(notes).toHaveLength(1);
  });

  test('is told in few sentences where there is much of it', async () => {
    const { notes } = await at.inside('for i in $(seq 40); do mkdir d$i; echo x > d$i/.envrc; done');
    expect(notes).toHaveLength(9);
    expect(notes.at(-1)).toBe('32 more of that kind were moved away too.');
    expect(existsSync(join(at.root, 'd40/.envrc'))).toBe(false);
  });

  test('is not what tests write as material, and no package that is called like a secret', async () => {
    const made = [
      'test/out/server.key',
      'src/credentials/index.ts',
      'test/out/credentials.json',
      'node_modules/p/.npmrc',
    ];
    const { notes } = await at.inside(made.map((file) => `mkdir -p $(dirname ${file}); echo x > ${file}`).join('\n'));
    expect(notes).toEqual([]);
    for (const file of made) expect(existsSync(join(at.root, file)), file).toBe(true);
    expect((await at.inside('cat src/credentials/index.ts')).text).toBe('x\n');
  });
});

describe.skipIf(process.platform === 'win32')('a file with secrets', () => {
  test('cannot be read at any depth, and beside however many files', async () => {
    at.put('shop/assets/0.txt');
    for (let each = 0; each < 5100; each++) writeFileSync(join(at.root, `assets/${each}.txt`), '');
    const secret = [
      'packages/api/.env',
      'packages/a/b/.env',
      'packages/a/b/c/d/e/.env.local',
      'dist/.env',
      '.aws/config',
    ];
    for (const file of secret) at.put(`shop/${file}`, 'hidden-word\n');
    at.put('shop/packages/a/b/c/d/e/.env.example', 'seen-word\n');
    git('init', '-q');
    const { text } = await at.inside(`cat ${secret.join(' ')}; grep -rh word .`);
    expect(text).toContain('seen-word');
    expect(text).not.toContain('hidden-word');
  });

  test('can be read where git has it, also with signs in its name that git would take for a pattern', async () => {
    at.put('shop/test/[a]*/server.key', 'fixture-word\n');
    at.put('shop/test/other/server.key', 'hidden-word\n');
    git('init', '-q');
    git('add', '--', ':(literal)test/[a]*/server.key');
    const { text } = await at.inside('cat test/*/server.key');
    expect(text).toBe('fixture-word\n');
  });

  test('what lies with dependencies is read: certificates of packages are no secrets', async () => {
    for (const folder of ['node_modules/x', 'env/lib/python3/site-packages/certifi'])
      at.put(`shop/${folder}/cacert.pem`, 'seen-word\n');
    const { text } = await at.inside('cat node_modules/x/cacert.pem env/lib/python3/site-packages/certifi/cacert.pem');
    expect(text).toBe('seen-word\nseen-word\n');
  });

  test('a link to a folder is not followed round and round', async () => {
    symlinkSync('..', join(at.root, 'loop'));
    expect((await at.inside('echo fine')).text).toBe('fine\n');
  });
});

describe.skipIf(process.platform === 'win32')('a workspace that is too large to look through', () => {
  test('has its commands asked about, and says why, until it is smaller', async () => {
    at.remove();
    at = new Contained(managed, { mostNames: 50 });
    for (let each = 0; each < 60; each++) at.put(`shop/assets/${each}.txt`);
    const obstacle = await at.sandbox.obstacle(never);
    expect(obstacle?.message).toMatch(
      /shop has more than 50 files and folders, .* what in it a command must not touch\.$/,
    );
    await expect(at.sandbox.enter('touch made', never)).rejects.toThrow(
      'Nothing was run, because the sandbox does not work',
    );
    execFileSync('rm', ['-r', join(at.root, 'assets')]);
    expect(await at.sandbox.obstacle(never)).toBeUndefined();
    expect((await at.inside('echo fine')).text).toBe('fine\n');
  });

  test('cannot be made so by a command that hides something behind it', async () => {
    at.remove();
    at = new Contained(managed, { mostNames: 500 });
    const { notes } = await at.inside('mkdir many; (cd many; touch $(seq 600)); git init -q zz/deep');
    expect(notes).toEqual([expect.stringMatching(/^zz\/deep\/\.git came into being/)]);
    await expect(at.inside('true')).rejects.toThrow('it cannot be shut in');
    expect((await at.sandbox.obstacle(never))?.message).toContain('more than 500');
  });

  test('is one that is deeper than a path can name, which nobody else can look into either', async () => {
    const way = 'd=x; for i in $(seq 250); do mkdir $d && cd $d; d=yyyyyyyyyyyyyyyyyyyy; done';
    const { notes } = await at.inside(`${way}; git init -q . ; cd ${at.root}; git init -q zz`);
    expect(notes).toEqual([expect.stringMatching(/^zz\/\.git/), expect.stringContaining('or so deep')]);
    expect((await at.sandbox.obstacle(never))?.message).toContain('too deep');
  });

  test('is one with more to keep than can be kept', async () => {
    for (let each = 0; each < 1001; each++) at.put(`shop/p${each}/.npmrc`);
    expect((await at.sandbox.obstacle(never))?.message).toMatch(/has 1,001 files .* the sandbox can keep 1,000\.$/);
  });
});
