import { cpSync, type Dirent, existsSync, lstatSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeStateFolder } from './folders.ts';
import { credentialStores, inVersionControl, isPrivate, isProtected, isSecret } from '../common/gate/names.ts';

/** Of the machine. Who is not root cannot read most of them anyway. */
const ofMachine = ['/etc/shadow', '/etc/gshadow', '/etc/sudoers', '/etc/sudoers.d', '/etc/ssl/private', '/etc/ssh'];

/** How deep below a root names are looked for: deeper ones decide for no tool that is started in the root. */
const depth = 3;
/** Most entries that are looked at in one root: some 20 ms before each command. */
const most = 5000;
/** Made by programs, and made anew by them: what lies in them with such a name is a copy. */
const made = new Set(
  'node_modules bower_components dist build out target coverage vendor venv .venv .tox .next .nuxt .turbo .cache __pycache__'.split(
    ' ',
  ),
);
/** Material of test suites as often as a secret; whoever writes one writes nothing that runs. */
const keyFile = /\.(?:pem|key|p12|pfx|kdbx|jks|keystore|ppk|ovpn)$/i;

/** What of a workspace a contained command gets less of than the rest. Paths are absolute. */
export interface Special {
  /** There, and not to be written: decides what runs later. */
  locked: string[];
  /** There, and not to be read where git does not know them. */
  secrets: string[];
}

/**
 * What nobody needs for a project, as far as it is there: credential stores, browsers, passwords.
 *
 * @param home absolute; undefined: only what is the machine's
 */
export function credentialPaths(home: string | undefined): string[] {
  const named = home === undefined ? [] : credentialStores.map((name) => join(home, name));
  const found = home === undefined ? [] : entriesOf(home).map(({ name }) => join(home, name));
  const own = found.filter((path) => isPrivate(path, home) && !keyFile.test(path));
  return [...new Set([...own, ...named, ...ofMachine])].filter((path) => existsSync(path));
}

/** Looks through the upper folders of a workspace, those above before those below; what cannot be read is passed over. */
export function specialIn(root: string): Special {
  const special: Special = { locked: [], secrets: [] };
  let seen = 0;
  let folders = [''];
  for (let level = 1; level <= depth; level++) {
    const below: string[] = [];
    for (const folder of folders) {
      for (const entry of entriesOf(join(root, folder))) {
        seen += 1;
        if (seen > most) return special;
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        const whole = join(root, path);
        const locked = decides(path);
        const secret = isSecret(path);
        if (locked) special.locked.push(whole);
        if (secret) special.secrets.push(whole);
        if (entry.isDirectory() && !locked && !secret && !made.has(entry.name)) below.push(path);
      }
    }
    folders = below;
  }
  return special;
}

/** What stands there decides what runs later. */
function decides(path: string): boolean {
  return inVersionControl(path) || (isProtected(path) && !keyFile.test(path));
}

/** The names directly in a root that decide what runs later: those that no command may add. */
export function decidingNames(root: string): Set<string> {
  const names = entriesOf(root).map(({ name }) => name);
  return new Set(names.filter(decides));
}

/**
 * Moves away what has come to a root since with a name that decides what runs later. Nothing is lost: it may have been
 * somebody else who made it in that time.
 *
 * @param before what `decidingNames` said
 * @param to a folder for it, made when it is needed
 * @returns where it was, and where it is now
 */
export function takeBack(root: string, before: ReadonlySet<string>, to: string): { from: string; to: string }[] {
  const added = [...decidingNames(root)].filter((name) => !before.has(name) && !isEmptyFolder(join(root, name)));
  return added.map((name) => {
    makeStateFolder(to);
    const taken = mkdtempSync(join(to, `${name.replace(/^\.+/, '')}-`));
    const moved = { from: join(root, name), to: join(taken, name) };
    try {
      renameSync(moved.from, moved.to);
    } catch {
      // On another file system.
      cpSync(moved.from, moved.to, { recursive: true, verbatimSymlinks: true });
      rmSync(moved.from, { recursive: true, force: true });
    }
    return moved;
  });
}

/** It decides nothing, and may be what another sandbox keeps a name with. */
function isEmptyFolder(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && entriesOf(path).length === 0;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // It is not there, or not to be read: then there is nothing in it that could be named.
    return [];
  }
}
