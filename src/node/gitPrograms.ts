import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { namesRepositories } from './gitIndex.ts';
import { readRegularText } from './regular.ts';

/**
 * Sections of a repository's configuration that name no program which a look (status, log, diff, show) would start.
 * All others are in doubt: `diff`, `filter`, `gpg`, `include`, and whatever comes later.
 */
const harmless = new Set(
  `advice alias am apply branch checkout clean color column commit core credential extensions feature
  fetch format gc gui help http index init maintenance merge pack pull push rebase receive remote
  rerere sequence stash status submodule tag transfer url user`.split(/\s+/),
);
/**
 * In `core`: another place to take files from, or a program that is not switched off by the environment. In `alias`: a name that
 * is a command of git in some versions only, or may be replaced in some (`whatchanged`, since 2.51). Elsewhere: a format or an
 * order for which git has signatures checked.
 */
const doubtful =
  /(?:^|\])\s*(?:worktree|sshcommand|gitproxy|alternaterefscommand|whatchanged|sparse-checkout|range-diff|commit-graph|multi-pack-index)\s*=|\[\s*alias\s+"|%[^%\s]*G|=\s*"?-?signature/im;

/**
 * Whether git, run in this folder, could start a program that the repository's own configuration names: then even
 * `git status` is more than a look. Looked up as git does, upwards; what cannot be read counts.
 */
export function gitMayRunPrograms(folder: string): boolean {
  const place = repositoryOf(folder);
  // A repository without a `.git` is found by itself on the way up, before the one that has one.
  if (looksBare(folder, place === undefined ? undefined : dirname(place))) return true;
  if (place === undefined) return false;
  try {
    const git = gitFolder(place);
    const shared = sharedFolder(git);
    if (leadsElsewhere(place, git) || [git, shared].some(holdsLinks)) return true;
    // Submodules are looked into with configurations of their own.
    if (existsSync(join(shared, 'modules')) || holdsRepositories(join(git, 'index'))) return true;
    return configurationsOf(folder).some((file) => namesPrograms(readRegularText(file)));
  } catch {
    // Unreadable is unknown, and unknown is asked.
    return true;
  }
}

/**
 * The files of configuration that git, run in this folder, reads for the repository it is in; none where it is in none.
 *
 * @throws Error where what leads to them cannot be read
 */
export function configurationsOf(folder: string): string[] {
  const { git, shared } = gitFoldersOf(folder) ?? {};
  if (git === undefined || shared === undefined) return [];
  return [join(shared, 'config'), join(git, 'config.worktree')].filter((file) => existsSync(file));
}

/**
 * Where git, run in this folder, keeps what belongs to this working tree, and what its worktrees have in common; undefined: it is in
 * no repository.
 *
 * @throws Error where what leads to them cannot be read
 */
export function gitFoldersOf(folder: string): { git: string; shared: string } | undefined {
  const place = repositoryOf(folder);
  if (place === undefined) return undefined;
  const git = gitFolder(place);
  return { git, shared: sharedFolder(git) };
}

/** Where several worktrees have what they have in common. */
function sharedFolder(git: string): string {
  const file = join(git, 'commondir');
  return existsSync(file) ? resolve(git, oneLine(readRegularText(file))) : git;
}

/** Places in a git folder of which a look prints what stands in their files: how far a rebase has come, where worktrees are. */
const printed = [
  '',
  'rebase-merge',
  'rebase-apply',
  'sequencer',
  'info',
  'objects/info',
  'refs',
  'refs/heads',
  'worktrees',
];

/** Links there would have git print what they lead to; alternates have it take objects out of any other repository. */
function holdsLinks(git: string): boolean {
  if (existsSync(join(git, 'objects/info/alternates'))) return true;
  const worktrees = entriesOf(join(git, 'worktrees')).map(({ name }) => join('worktrees', name));
  return [...printed, ...worktrees].some((folder) =>
    entriesOf(join(git, folder)).some((entry) => entry.isSymbolicLink() && entry.name !== 'HEAD'),
  );
}

function entriesOf(folder: string): Dirent[] {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
}

/**
 * A `.git` that points to another place: of a worktree that place knows it, in its file `gitdir`; anything else could be a
 * repository that is none of this workspace's.
 */
function leadsElsewhere(place: string, git: string): boolean {
  const real = realpathSync(git);
  const folder = realpathSync(dirname(place));
  if (real === join(folder, '.git') || real.startsWith(join(folder, '.git') + sep)) return false;
  const back = join(real, 'gitdir');
  return !existsSync(back) || resolve(real, oneLine(readRegularText(back))) !== join(folder, '.git');
}

/** Whether the index names a repository within this one. */
function holdsRepositories(index: string): boolean {
  // Of an index in two parts the other one may hold them.
  if (existsSync(dirname(index)) && readdirSync(dirname(index)).some((name) => name.startsWith('sharedindex.')))
    return true;
  return namesRepositories(index);
}

function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return join(at, '.git');
    if (dirname(at) === at) return undefined;
  }
}

/** `.git` itself, or where a worktree's or submodule's `.git` file points to. */
function gitFolder(place: string): string {
  if (statSync(place).isDirectory()) return place;
  const text = readRegularText(place);
  if (!text.startsWith('gitdir: ')) throw new Error(`${place} points nowhere`);
  return resolve(dirname(place), oneLine(text.slice('gitdir: '.length)));
}

/** As git reads a file that holds a path: all of it, but for the ends of lines behind it. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+$/, '');
}

/** Older versions of git take a folder that is filled like a `.git` for a repository. */
function looksBare(folder: string, end: string | undefined): boolean {
  for (let at = folder; at !== end; at = dirname(at)) {
    if (existsSync(join(at, 'HEAD')) && existsSync(join(at, 'objects'))) return true;
    if (dirname(at) === at) return false;
  }
  return false;
}

/** What a program for large files notes of its own form and of its servers. Its other sections may name programs. */
const largeFiles = /^[ \t]*\[[ \t]*lfs(?:[ \t]+"https?:[^"\\\]\n]*")?[ \t]*\][ \t]*$/gim;

function namesPrograms(text: string): boolean {
  const config = text.replaceAll(largeFiles, '[core]');
  const sections = [...config.matchAll(/^\s*\[\s*([A-Za-z0-9.-]+)/gm)].map((match) => (match[1] ?? '').toLowerCase());
  // A header may share its line with what comes before; then it was not seen above.
  const unseen = (config.match(/\[/g)?.length ?? 0) !== sections.length;
  return unseen || sections.some((section) => !harmless.has(section.split('.')[0] ?? '')) || doubtful.test(config);
}
