import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookingEnvironment } from '../../../src/node/environment.ts';
import { namesMayBeOptions } from '../../../src/node/gitNames.ts';
import { gitMayRunPrograms } from '../../../src/node/gitPrograms.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'drover-git-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const git = (...args: string[]): void => void execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
const configure = (text: string): void => appendFileSync(join(folder, '.git', 'config'), text);

describe('programs that a repository names', () => {
  it('a folder without one, and a repository as git makes it, name none', () => {
    expect(gitMayRunPrograms(folder)).toBe(false);
    git('init', '-q');
    git('remote', 'add', 'origin', 'https://example.org/shop.git');
    git('config', 'user.name', 'A Person');
    expect(gitMayRunPrograms(folder)).toBe(false);
    mkdirSync(join(folder, 'src'));
    expect(gitMayRunPrograms(join(folder, 'src'))).toBe(false);
    // As a program for large files leaves it.
    git('config', 'lfs.repositoryformatversion', '0');
    git('config', 'lfs.https://example.org/shop.git/info/lfs.access', 'basic');
    expect(gitMayRunPrograms(folder)).toBe(false);
  });

  it('a configuration that is a pipe is not waited for, and counts', () => {
    git('init', '-q');
    rmSync(join(folder, '.git', 'config'));
    execFileSync('mkfifo', [join(folder, '.git', 'config')]);
    expect(gitMayRunPrograms(folder)).toBe(true);
  });

  it.each([
    ['an external diff', ['diff.external', 'evil']],
    ['a diff driver', ['diff.x.textconv', 'evil']],
    ['a filter', ['filter.x.clean', 'evil']],
    ['a signature program', ['gpg.program', 'evil']],
    ['another file', ['include.path', '../evil']],
    ['another working tree', ['core.worktree', '/']],
    ['a format that checks signatures', ['format.pretty', '%h %G?']],
    ['an order by signatures', ['branch.sort', '-signature']],
    ['another meaning of a command that newer versions let it replace', ['alias.whatchanged', '!evil']],
    ['a meaning of a command that older versions do not have', ['alias.sparse-checkout', '!evil']],
    ['a meaning in a section of its own', ['alias.whatchanged.command', '!evil']],
    ['an extension of large files', ['lfs.extension.x.clean', 'evil']],
    ['a way to fetch large files', ['lfs.customtransfer.x.path', 'evil']],
  ])('%s', (_, [key = '', value = '']) => {
    git('init', '-q');
    git('config', key, value);
    expect(gitMayRunPrograms(folder)).toBe(true);
  });

  it.each([
    ['in other letters', '[FILTER "x"]\n\tclean = evil\n'],
    ['behind a value on the same line', '[user] name = x\n[core] bare = false [filter "x"] clean = evil\n'],
    ['on the line of the section', '[core] worktree = /\n'],
    ['in a section that nobody has heard of', '[hologram]\n\tprogram = evil\n'],
  ])('%s', (_, text) => {
    git('init', '-q');
    configure(text);
    expect(gitMayRunPrograms(folder)).toBe(true);
  });

  it('a repository within it has a configuration of its own, into which git would look', () => {
    git('init', '-q');
    git('init', '-q', 'inner');
    const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
    git('-C', 'inner', ...author, 'commit', '-q', '--allow-empty', '-m', 'x');
    expect(gitMayRunPrograms(folder)).toBe(false);
    git('-c', 'advice.addEmbeddedRepo=false', 'add', 'inner');
    expect(gitMayRunPrograms(folder)).toBe(true);
  });

  it('also where the index is in two parts', () => {
    git('init', '-q');
    writeFileSync(join(folder, 'a'), '');
    git('add', 'a');
    expect(gitMayRunPrograms(folder)).toBe(false);
    git('update-index', '--split-index');
    expect(gitMayRunPrograms(folder)).toBe(true);
  });

  it('a folder that older versions take for a repository counts', () => {
    git('init', '-q', '--bare');
    expect(gitMayRunPrograms(folder)).toBe(true);
  });

  it('also below one that has a .git', () => {
    git('init', '-q');
    mkdirSync(join(folder, 'sub', 'bare', 'objects'), { recursive: true });
    expect(gitMayRunPrograms(join(folder, 'sub', 'bare'))).toBe(false);
    writeFileSync(join(folder, 'sub', 'bare', 'HEAD'), 'ref: refs/heads/main\n');
    expect(gitMayRunPrograms(join(folder, 'sub', 'bare'))).toBe(true);
    expect(gitMayRunPrograms(join(folder, 'sub'))).toBe(false);
  });

  it('a .git with two lines names one folder, as git reads it', () => {
    git('init', '-q', 'good');
    writeFileSync(join(folder, '.git'), 'gitdir: good/.git\nevil');
    mkdirSync(join(folder, 'good', '.git\nevil'));
    appendFileSync(join(folder, 'good', '.git\nevil', 'config'), '[filter "x"]\n\tclean = evil\n');
    expect(gitMayRunPrograms(folder)).toBe(true);
  });

  it('a .git that points elsewhere is followed, or in doubt', () => {
    git('init', '-q', 'real');
    appendFileSync(join(folder, 'real', '.git', 'config'), '[filter "x"]\n\tclean = evil\n');
    mkdirSync(join(folder, 'tree'));
    writeFileSync(join(folder, 'tree', '.git'), `gitdir: ${join(folder, 'real', '.git')}\n`);
    expect(gitMayRunPrograms(join(folder, 'tree'))).toBe(true);
    writeFileSync(join(folder, 'tree', '.git'), 'nothing\n');
    expect(gitMayRunPrograms(join(folder, 'tree'))).toBe(true);
  });

  it.each([
    ['how far a rebase has come', 'rebase-merge', 'done'],
    ['which mails are applied', 'rebase-apply', 'next'],
    ['the names that are ignored', 'info', 'exclude'],
    ['the configuration', '', 'config.worktree'],
    ['where a worktree is', 'worktrees/x', 'gitdir'],
    ['a branch', 'refs/heads', 'evil'],
  ])('a link in the place of %s would have git print what it leads to', (_, at, name) => {
    git('init', '-q');
    mkdirSync(join(folder, '.git', at), { recursive: true });
    rmSync(join(folder, '.git', at, name), { force: true });
    expect(gitMayRunPrograms(folder)).toBe(false);
    symlinkSync('/etc/passwd', join(folder, '.git', at, name));
    expect(gitMayRunPrograms(folder)).toBe(true);
  });

  it('what is taken out of another repository is in doubt', () => {
    git('init', '-q');
    writeFileSync(join(folder, '.git/objects/info/alternates'), '/home/me/other/.git/objects\n');
    expect(gitMayRunPrograms(folder)).toBe(true);
  });

  it('a worktree is known where its repository is, and another one is not', () => {
    git('init', '-q', 'main');
    const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
    git('-C', 'main', ...author, 'commit', '-q', '--allow-empty', '-m', 'x');
    git('-C', 'main', 'worktree', 'add', '-q', '../tree');
    expect(gitMayRunPrograms(join(folder, 'tree'))).toBe(false);
    mkdirSync(join(folder, 'planted'));
    writeFileSync(join(folder, 'planted', '.git'), `gitdir: ${join(folder, 'main', '.git')}\n`);
    expect(gitMayRunPrograms(join(folder, 'planted'))).toBe(true);
  });

  it('no program that watches files is started for a look, also where git knows only the older way to be told so', () => {
    git('init', '-q');
    git('config', 'core.fsmonitor', 'touch watched; false');
    const { GIT_CONFIG_COUNT: _, ...older } = lookingEnvironment;
    for (const environment of [lookingEnvironment, older]) {
      execFileSync('git', ['status'], {
        cwd: folder,
        env: { PATH: process.env['PATH'], ...environment },
        stdio: 'ignore',
      });
      expect(readdirSync(folder)).toEqual(['.git']);
    }
    git('status');
    expect(readdirSync(folder)).toContain('watched');
  });

  it.each(['the newer way', 'the older way'])('what git is told for a look holds by %s alone', (way) => {
    git('init', '-q');
    const { GIT_CONFIG_COUNT: count, GIT_CONFIG_PARAMETERS: parameters, ...rest } = lookingEnvironment;
    const told = way === 'the newer way' ? { GIT_CONFIG_COUNT: count } : { GIT_CONFIG_PARAMETERS: parameters };
    const found = Object.fromEntries(
      ['core.fsmonitor', 'core.hooksPath', 'safe.bareRepository'].map((name) => {
        git('config', name, 'evil');
        const env = { PATH: process.env['PATH'], ...rest, ...told };
        return [name, execFileSync('git', ['config', '--get', name], { cwd: folder, env, encoding: 'utf8' }).trim()];
      }),
    );
    expect(found).toEqual({
      'core.fsmonitor': 'false',
      'core.hooksPath': '/dev/null',
      'safe.bareRepository': 'explicit',
    });
  });

  it('what is missing is not fetched for a look, by whatever program the configuration names', () => {
    const other = join(folder, 'other');
    const mine = join(folder, 'mine');
    mkdirSync(other);
    git('init', '-q', 'other');
    writeFileSync(join(other, 'a'), 'content');
    const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
    git('-C', 'other', 'add', 'a');
    git('-C', 'other', ...author, 'commit', '-q', '-m', 'x');
    git('-C', 'other', 'config', 'uploadpack.allowFilter', 'true');
    git('clone', '-q', '--no-checkout', '--filter=blob:none', `file://${other}`, mine);
    git('-C', 'mine', 'config', 'remote.origin.uploadpack', `touch ${folder}/fetched; git-upload-pack`);
    const look = (environment: Record<string, string>): void => {
      const options = { cwd: mine, env: { PATH: process.env['PATH'], ...environment }, stdio: 'ignore' as const };
      try {
        execFileSync('git', ['show', 'HEAD:a'], options);
      } catch {
        // Without the object git fails, which is what a look may come to.
      }
    };
    look(lookingEnvironment);
    expect(readdirSync(folder)).not.toContain('fetched');
    look({});
    expect(readdirSync(folder)).toContain('fetched');
  });
});

describe('names of branches, tags and remotes that would be options', () => {
  const commit = '0123456789012345678901234567890123456789';
  beforeEach(() => git('init', '-q', '-b', 'main'));

  it('a folder and a repository with ordinary names have none', () => {
    git('-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'one');
    git('tag', 'v1-0');
    git('branch', 'topic/-x');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    expect(namesMayBeOptions(folder)).toBe(false);
    git('pack-refs', '--all');
    expect(namesMayBeOptions(folder)).toBe(false);
    mkdirSync(join(folder, 'src'));
    expect(namesMayBeOptions(join(folder, 'src'))).toBe(false);
    rmSync(join(folder, '.git'), { recursive: true });
    expect(namesMayBeOptions(folder)).toBe(false);
  });

  it.each([
    ['a tag', 'refs/tags/--output=x'],
    ['a branch', 'refs/heads/-x'],
    ['a remote', 'refs/remotes/--output=x/main'],
    ['a name of its own', 'refs/--output=x/y'],
  ])('%s', (_, name) => {
    git('-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'one');
    git('update-ref', name, 'HEAD');
    expect(namesMayBeOptions(folder)).toBe(true);
    git('pack-refs', '--all', '--prune');
    expect(namesMayBeOptions(folder)).toBe(true);
  });

  it('the branch that is checked out, names kept in another way, and what cannot be read', () => {
    const head = join(folder, '.git', 'HEAD');
    writeFileSync(head, 'ref: refs/heads/--output=x\n');
    expect(namesMayBeOptions(folder)).toBe(true);
    writeFileSync(head, `${commit}\n`);
    expect(namesMayBeOptions(folder)).toBe(false);
    mkdirSync(join(folder, '.git', 'reftable'));
    expect(namesMayBeOptions(folder)).toBe(true);
    rmSync(join(folder, '.git', 'reftable'), { recursive: true });
    rmSync(head);
    expect(namesMayBeOptions(folder)).toBe(true);
  });
});
