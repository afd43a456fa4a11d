import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { git } from '../../../src/common/gate/programs/git.ts';
import { childEnvironment, lookingEnvironment } from '../../../src/node/environment.ts';

let folder: string;

const run = (command: string): string => {
  const env = { ...childEnvironment(process.env, []), ...lookingEnvironment, HOME: join(folder, 'home') };
  const { stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: join(folder, 'shop'), env, input: '' });
  return `${stdout.toString()}${stderr.toString()}`;
};

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'drover-looks-')));
  mkdirSync(join(folder, 'home'));
  const script = `
    git init -q -b main shop && cd shop && git config user.name A && git config user.email a@example.org
    git remote add origin https://example.org/shop.git
    mkdir src && echo one > src/a.ts && echo dist > .gitignore && echo x > a.txt && echo y > b.txt
    printf '%s\\n' HEAD > ids.txt && printf 'x\\n\\nSigned-off-by: A <a@example.org>\\n' > msg.txt
    git add . && git commit -qm first && git branch topic && echo two >> src/a.ts && git commit -qam second
    git diff HEAD~1 > fix.patch && git bundle create -q x.bundle main && git notes add -m noted
    git tag -a -m one v1 && echo three >> src/a.ts && git stash -q && echo four >> src/a.ts && touch new.ts`;
  execFileSync('bash', ['-ec', script], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, HOME: join(folder, 'home') },
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Every file below, with what is in it; of folders the names. */
function contents(at: string): string[] {
  return readdirSync(at, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const path = join(at, name);
      return lstatSync(path).isFile() ? `${name}: ${readFileSync(path, 'base64')}` : name;
    });
}

it('what git is allowed to do without a question changes nothing in a repository, nor beside it', () => {
  const before = contents(folder);
  const { forms, match = [] } = git[0] ?? {};
  const usage = Object.keys(forms !== undefined && 'commands' in forms ? forms.commands : {}).filter((name) =>
    name.endsWith(' -h'),
  );
  expect(usage.length).toBeGreaterThan(50);
  const changing = [...match, ...usage.map((name) => `git ${name}`)].filter((line) => {
    run(line);
    const same = contents(folder).join('\n') === before.join('\n');
    return !same;
  });
  expect(changing).toEqual([]);
}, 120_000);

it('a name behind which an option stands is given that as its value, so that it is no look', () => {
  expect(run('git config user.name --local; git config user.name')).toBe('--local\n');
});

it('checking a patch changes nothing, but against the index it brings back files that are missing', () => {
  rmSync(join(folder, 'shop', 'src', 'a.ts'));
  run('git apply -R --check fix.patch');
  expect(readdirSync(join(folder, 'shop', 'src'))).toEqual([]);
  run('git apply -R --check --index fix.patch');
  expect(readdirSync(join(folder, 'shop', 'src'))).toEqual(['a.ts']);
});

it('with -h every command of git tells how it is used', () => {
  expect(run('git stash -h')).toContain('usage: git stash');
  expect(run('git rebase -h')).toContain('usage: git rebase');
});

it('a list of objects tells nothing of what stands in them', () => {
  appendFileSync(join(folder, 'shop', 'ids.txt'), 'HEAD:src/a.ts\n');
  const told = run('git cat-file --batch-check < ids.txt');
  expect(told).toMatch(/^[0-9a-f]{40} commit \d+\n[0-9a-f]{40} blob 8\n$/);
});
