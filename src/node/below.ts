import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { Below } from '../common/gate/below.ts';
import { mayHoldToken } from '../common/gate/gitTokens.ts';
import { isSecret } from '../common/gate/names.ts';
import type { ResolvedPath } from '../common/tool.ts';
import { composeProblem } from './compose.ts';
import { notableBelow, wayFromTop } from './gitIndex.ts';
import { readRegular, readRegularText } from './regular.ts';

/** With more folders than these, or more names, nobody knows in time what lies below. */
const mostFolders = 8000;
const mostNames = 200_000;
/** So many files that hold secrets, or links, are told of one by one. */
const mostTold = 64;
/** Longer files are taken to hold anything, in bytes. */
const longest = 256 * 1024;
/** What changed so lately may change again without its time telling, in ms. */
const settled = 100;
const tooMany =
  'There are too many folders below it to see whether one of their files holds secrets; name a smaller folder.';

const tooManyFound = 'There are too many links or files with secrets below it; name a smaller folder.';

/** Filled by package managers and version control: nobody keeps secrets of his own there, and their own samples are none. */
const skipped = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.jj',
  '.venv',
  'venv',
  'site-packages',
  '.tox',
  'Pods',
]);
/** Whatever could hold a secret by its name, at a glance; the names themselves decide. */
const doubtful =
  /env|rc$|pgpass|cnf|cred|docker|htpasswd|^id_|secret|account|adminsdk|tfstate|tfvars|vars$|kubeconfig|rclone|s3cfg|boto|token|cookies|wallet|settings|supervisor|\.(?:pem|key|p8|p12|pfx|kdbx|jks|keystore|ppk|ovpn)|^\.(?:ssh|aws|gnupg|kube|azure|password-store|gcloud)|[^ -~]/i;
/** Rules of searching programs, which may take back what a `.gitignore` leaves out. */
const takesBack = ['.ignore', '.rgignore', '.agignore', '.fdignore'];
/** One word of the shell and of `xargs`, and no option. */
const oneWord = /^[^\s'"\\-][^\s'"\\]*$/;

/** One that is not even a pattern. */
const plainName = /^[\p{L}\p{N}_.@%+=:,~^#{}][\p{L}\p{N}_.@%+=:,~^#{}-]*$/u;
/** One that means nothing else wherever in a line it stands. */
const verbatimName = /^[\w.@+][\w.@%+:,-]*$/;
const verbatimPath = /^[\w.@+][\w./@%+:,-]*$/;
/** Git writes other characters in quotes. */
const plainPath = /^[\w.@%+=:,~^#][\w./@%+=:,~^#-]*$/;

/** What is known of one folder, as long as it has not changed. */
interface Folder {
  stamp: string;
  /** The decision for which it was last compared with what is there. */
  seen: number;
  folders: string[];
  links: string[];
  /** Names that could be those of files with secrets. */
  doubtful: string[];
  names: number;
  /** Names that may be more than one word. */
  odd: { name: string; leads: boolean }[];
  ignores: boolean;
  /** Files that may take back what a `.gitignore` says. */
  others: boolean;
}

const known = new Map<string, Folder>();
let decision = 0;

/** Another decision begins: folders are compared anew, once for all that it looks for in them. */
export function beginLooking(): void {
  decision++;
}
/** By their text; so many. */
const knownRules = new Map<string, Ignore>();
const mostRules = 100;

interface Rules {
  folder: string;
  rules: Ignore;
}

interface Walk {
  /** A rule may bring back what is left out because its name begins with a dot. */
  takesBack: boolean;
  /** A rule may be understood otherwise by a searching program: nothing is left out by rules. */
  unsure: boolean;
  top: string;
  below: Below;
  strictly: boolean;
  found: string[];
  folders: number;
  names: number;
}

/**
 * The files with secrets below a folder that a command would show something of, and where the names of links count, these; from
 * the folder, with forward slashes. What cannot be read is passed over, as the command would.
 *
 * @param strictly names count as several words also where the shell would take them for patterns
 * @returns a sentence where that cannot be told
 */
export function lookBelow(folder: ResolvedPath, below: Below, strictly: boolean): string[] | string {
  if (folder.kind !== 'folder') return [];
  if (below.compose === true) return composeProblem(folder.real) ?? [];
  if (below.tracked === true) return lookAtTracked(folder, below);
  const walk: Walk = {
    takesBack: false,
    unsure: false,
    top: folder.real,
    below,
    strictly,
    found: [],
    folders: 0,
    names: 0,
  };
  const rules = below.ignored ? [] : rulesAbove(folder, walk);
  return look(folder.real, '', rules, walk) ?? walk.found;
}

/** Of what git knows, each name stands in its index; one that is not there any more is listed as well. */
function lookAtTracked({ real }: ResolvedPath, below: Below): string[] | string {
  const all = notableBelow(real, below.whole);
  if (all === undefined) return 'What git knows below it cannot be told; name the files.';
  // Where all of the repository is shown, what is named is named from here.
  const from = below.whole === true ? wayFromTop(real) : '';
  const listed = all.filter((file) => {
    if (below.reaches === undefined || below.reaches(file)) return true;
    return file.path.startsWith(from) && below.reaches({ ...file, path: file.path.slice(from.length) });
  });
  const wanted = below.verbatim === true ? verbatimPath : plainPath;
  const odd = below.plain ? listed.find(({ path }) => !wanted.test(path)) : undefined;
  if (odd !== undefined) return `The name ${odd.path} would be taken for several words; use -z and xargs -0.`;
  const found = listed.filter(({ path, link }) =>
    link ? below.links : isSecret(path) && isShown(join(real, path), below),
  );
  return found.length > mostTold ? tooManyFound : found.map(({ path }) => path);
}

/**
 * @param path of the folder, from the top
 * @returns why it was not gone on with
 */
function look(place: string, path: string, above: readonly Rules[] | undefined, walk: Walk): string | undefined {
  const { below } = walk;
  const folder = contentsOf(place);
  if (folder === undefined) return undefined;
  walk.folders++;
  walk.names += folder.names;
  if (path === '' && /\/\.git(?:\/|$)/.test(place)) tokensIn(place, path, walk);
  if (walk.folders > mostFolders || walk.names > mostNames) return tooMany;
  const rules = rulesIn(place, folder, above, walk);
  const odd = below.plain
    ? folder.odd.find((each) => isOdd(each.name, walk) && isListed(inside(path, each.name), each.leads, below))
    : undefined;
  if (odd !== undefined) {
    return `The name ${odd.name} below it would be taken for several words; use -print0 and xargs -0.`;
  }
  const names = [
    ...folder.doubtful.map((name) => ({ name, link: false })),
    ...(below.links ? folder.links.map((name) => ({ name, link: true })) : []),
  ];
  for (const { name, link } of names) {
    const file = { path: inside(path, name), link };
    if (!link && !isSecret(`${walk.top}/${file.path}`.slice(1))) continue;
    if (below.reaches?.(file) === false || isLeftOut(join(place, name), name, rules, walk)) continue;
    if (!link && !isShown(join(place, name), below)) continue;
    if (walk.found.length >= mostTold) return tooManyFound;
    walk.found.push(file.path);
  }
  const why = below.follows === true ? lookBehind(place, path, folder.links, walk) : undefined;
  if (why !== undefined) return why;
  for (const name of folder.folders) {
    if (name === '.git') tokensIn(join(place, name), inside(path, name), walk);
    // Where every name counts, those count as well that others have put there.
    if (skipped.has(name) && !below.plain && !below.links && below.follows !== true) continue;
    const inner = place + sep + name;
    const given = inside(path, name);
    if (below.enters?.(given) === false) continue;
    if (isLeftOut(inner + sep, name, rules, walk)) continue;
    const why = look(inner, given, rules, walk);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** Configurations of git in its folder, and in those of submodules and worktrees there, of which something with a token would be shown. */
function tokensIn(git: string, path: string, walk: Walk): void {
  for (const name of ['config', 'config.worktree']) {
    if (holdsToken(join(git, name), walk.below)) walk.found.push(inside(path, name));
  }
  for (const folder of ['modules', 'worktrees']) {
    const folders = contentsOf(join(git, folder))?.folders ?? [];
    for (const name of folders) tokensIn(join(git, folder, name), inside(path, `${folder}/${name}`), walk);
  }
  // The name of a submodule may have slashes in it.
  if (existsSync(join(git, 'HEAD')) || git.endsWith('/.git')) return;
  for (const name of contentsOf(git)?.folders ?? []) tokensIn(join(git, name), inside(path, name), walk);
}

/** Whether something would be shown of a configuration of git that may hold a token. */
function holdsToken(file: string, below: Below): boolean {
  return below.hidden && existsSync(file) && mayHoldToken(readRegularText(file)) && isShown(file, below);
}

/** Joined by hand, for it is done for every name. */
function inside(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

/**
 * Behind links. One that leads to a file of this folder which is gone through anyway, and holds no secrets by its name, is not told;
 * what lies below a folder that is reached through one must have been gone through as well.
 *
 * @returns why it was not gone on with
 */
function lookBehind(place: string, path: string, links: readonly string[], walk: Walk): string | undefined {
  const { below, found, top } = walk;
  for (const name of links) {
    const given = inside(path, name);
    const target = targetOf(join(place, name));
    if (target === undefined) continue;
    const way = relative(top, target.real).split(sep);
    const within = way[0] !== '..' && !isAbsolute(way.join(sep));
    if (target.folder) {
      if (below.enters?.(given) === false) continue;
      const folders = way.map((_, at) => way.slice(0, at + 1).join('/'));
      const entered = below.hidden && below.ignored && folders.every((each) => below.enters?.(each) !== false);
      if (!within || !entered)
        return `The link ${given} leads to another folder; name the folders without following links.`;
      continue;
    }
    if (below.reaches?.({ path: given, link: true }) === false) continue;
    if (within && !isSecret(target.real.slice(top.length))) continue;
    if (found.length >= mostTold) return tooManyFound;
    if (!found.includes(given)) found.push(given);
  }
  return undefined;
}

/** Where a link leads in the end; undefined where to nothing. */
function targetOf(link: string): { real: string; folder: boolean } | undefined {
  try {
    return { real: realpathSync.native(link), folder: statSync(link).isDirectory() };
  } catch {
    return undefined;
  }
}

function isOdd(name: string, { strictly, below }: Walk): boolean {
  if (below.verbatim === true) return true;
  return strictly ? !plainName.test(name) : !oneWord.test(name);
}

function isListed(path: string, leads: boolean, { reaches, enters }: Below): boolean {
  if (leads && enters?.(path) === false) return false;
  return leads || reaches === undefined || [true, false].some((link) => reaches({ path, link }));
}

function isLeftOut(path: string, name: string, rules: readonly Rules[] | undefined, walk: Walk): boolean {
  if (!walk.below.hidden && !walk.takesBack && name.startsWith('.')) return true;
  return !walk.unsure && rules !== undefined && isIgnored(path, rules);
}

function isShown(path: string, { shows }: Below): boolean {
  if (shows === undefined) return true;
  try {
    const bytes = readRegular(path);
    return bytes.length > longest || shows(bytes.toString('utf8'));
  } catch {
    // What cannot be read is not shown by anybody; what is no regular file is not known.
    return existsSync(path);
  }
}

function contentsOf(place: string): Folder | undefined {
  try {
    const before = known.get(place);
    if (before?.seen === decision) return before;
    const { mtimeMs, ino, dev } = lstatSync(place);
    const stamp = `${dev} ${ino} ${mtimeMs}`;
    if (before?.stamp === stamp) {
      before.seen = decision;
      return before;
    }
    const folder = readFolder(place, stamp);
    if (known.size > 2 * mostFolders) known.clear();
    if (Date.now() - mtimeMs > settled) known.set(place, folder);
    return folder;
  } catch {
    return undefined;
  }
}

function readFolder(place: string, stamp: string): Folder {
  const entries = readdirSync(place, { withFileTypes: true });
  const folder: Folder = {
    stamp,
    seen: decision,
    folders: [],
    links: [],
    doubtful: [],
    names: entries.length,
    odd: [],
    ignores: false,
    others: false,
  };
  // In a folder that holds secrets by its name each file does.
  const all = isSecret(`${place}/x`);
  for (const entry of entries) {
    const { name } = entry;
    if (entry.isDirectory()) folder.folders.push(name);
    else if (entry.isSymbolicLink()) folder.links.push(name);
    else if (all || doubtful.test(name)) folder.doubtful.push(name);
    if (!verbatimName.test(name)) folder.odd.push({ name, leads: entry.isDirectory() });
    if (name === '.gitignore') folder.ignores = true;
    if (takesBack.includes(name)) folder.others = true;
  }
  return folder;
}

/** None where there is no repository, whose rules alone are followed. */
function rulesAbove({ real }: ResolvedPath, walk: Walk): Rules[] | undefined {
  const above: string[] = [];
  let inside: string[] | undefined;
  for (let at = real; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) inside ??= [...above];
    if (dirname(at) === at) break;
    above.unshift(dirname(at));
  }
  // Files of another kind count wherever they are above.
  if (above.some((folder) => takesBack.some((name) => existsSync(join(folder, name))))) {
    walk.takesBack = true;
    return undefined;
  }
  const rules = inside?.map((each) => readRules(each, walk)).filter((each) => each !== undefined);
  // What is left out with its folder is searched where that folder is named.
  return rules === undefined || isIgnored(`${real}${sep}`, rules) ? undefined : rules;
}

function rulesIn(
  place: string,
  folder: Folder,
  above: readonly Rules[] | undefined,
  walk: Walk,
): readonly Rules[] | undefined {
  // A repository within it has rules of its own; other files could take back what is left out.
  if (folder.others) walk.takesBack = true;
  if (walk.below.ignored || above === undefined || folder.others) return undefined;
  const start = folder.folders.includes('.git') ? [] : above;
  const own = folder.ignores ? readRules(place, walk) : undefined;
  return own === undefined ? start : [...start, own];
}

/** Braces, classes and tabs are read in one way by git and in others by those who read its rules. */
const readOtherwise = /[{}]|\[\[|\[:|\t/;

function readRules(folder: string, walk: Walk): Rules | undefined {
  try {
    const text = readRegularText(join(folder, '.gitignore'));
    if (/^\s*!/m.test(text)) walk.takesBack = true;
    if (readOtherwise.test(text.replaceAll(/^#.*$/gm, ''))) walk.unsure = true;
    return { folder, rules: rulesOf(text) };
  } catch {
    return undefined;
  }
}

/** Of the same text the same: they remember what they have said. */
function rulesOf(text: string): Ignore {
  const before = knownRules.get(text);
  if (before !== undefined) return before;
  const rules = ignore({ ignorecase: false }).add(text);
  if (knownRules.size >= mostRules) knownRules.clear();
  knownRules.set(text, rules);
  return rules;
}

/** The nearest rules that say anything decide. A path of a folder ends in a separator. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  for (const { folder, rules: own } of rules.toReversed()) {
    const { ignored, unignored } = own.test(
      path
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    );
    if (ignored || unignored) return ignored;
  }
  return false;
}
