import { chmodSync, type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { inVersionControl, isProtected, isSecret } from '../common/gate/names.ts';

/**
 * Most names that are looked at in one root before a command. Measured on two busy cores, 200,000 files in 10,000 folders took
 * 1.8 s the first time and 0.07 s from then on.
 */
export const mostNames = 400_000;
/** The longest that it may take before a command, and behind one, in milliseconds. */
const longest = 15_000;
const longestBehind = 60_000;
/** Folders between two looks at what else there is to do. */
const stride = 200;
/** A folder that was changed so shortly before may change again without another time, in ms: FAT counts in 2 s. */
const settled = 3000;

/** What others wrote, and certificates by the hundred: names in it decide for nobody but for whoever goes to work in it. */
const dependencies = new Set(
  'node_modules bower_components jspm_packages vendor venv .venv .tox .nox site-packages dist-packages __pycache__ .cache Pods .pnpm-store .stack-work dist-newstyle'.split(
    ' ',
  ),
);
/** Made anew by programs, and so by each run; but copies of secrets lie there too. */
const outputs = new Set('dist build out target coverage .next .nuxt .turbo .output .svelte-kit'.split(' '));
/** Material of test suites as often as a secret; whoever writes one writes nothing that runs. */
export const keyFile = /\.(?:pem|key|p12|pfx|kdbx|jks|keystore|ppk|ovpn)$/i;

/** What a folder is looked through for: all, all but what decides by its name, or repositories alone. */
type Kind = 'own' | 'output' | 'dependency';

interface Place {
  path: string;
  kind: Kind;
}

interface Listing {
  /** Undefined: look again the next time. */
  stamp: string | undefined;
  names: number;
  below: readonly Place[];
  deciding: readonly (readonly [path: string, locked: string])[];
  secrets: readonly string[];
}

/** What was found in a root. Paths are absolute. */
export interface Names {
  /** What stands there decides what runs later; and what is to be locked for it: that, or of a bare repository the folder. */
  deciding: ReadonlyMap<string, string>;
  /** May hold secrets. */
  secrets: readonly string[];
  names: number;
  /** False: there are more names, or deeper ones, than could be looked at. */
  complete: boolean;
}

/**
 * The names in a root, at every depth, that decide what runs later or may hold secrets. What a folder held is remembered for
 * as long as its change time stays, which no program can set: only what changed is read again.
 */
export class WorkspaceNames {
  private readonly root: string;
  private readonly most: number;
  private known = new Map<string, Listing>();

  constructor(root: string, most = mostNames) {
    this.root = root;
    this.most = most;
  }

  /** Before a command. */
  async look(signal: AbortSignal): Promise<Names> {
    const walk = this.walk({ most: this.most, longest, mend: false });
    for (;;) {
      const step = walk.next();
      if (step.done === true) return step.value;
      await setImmediate();
      signal.throwIfAborted();
    }
  }

  /**
   * Behind a command, at once and however much it has made. Folders that it made and that cannot be listed are opened for
   * their owner.
   */
  lookBehind(): Names {
    const walk = this.walk({ most: Infinity, longest: longestBehind, mend: true });
    for (;;) {
      const step = walk.next();
      if (step.done === true) return step.value;
    }
  }

  private *walk(how: { most: number; longest: number; mend: boolean }): Generator<undefined, Names> {
    const began = performance.now();
    const deciding = new Map<string, string>();
    const secrets: string[] = [];
    const known = new Map<string, Listing>();
    const places: Place[] = [{ path: this.root, kind: 'own' }];
    let names = 0;
    let unseen = 0;
    let at = 0;
    for (; at < places.length; at++) {
      const place = places[at];
      if (place === undefined || names > how.most || performance.now() - began > how.longest) break;
      const listing = this.listing(place, how.mend);
      if (listing === undefined) {
        unseen += 1;
        continue;
      }
      known.set(place.path, listing);
      names += listing.names;
      for (const [path, locked] of listing.deciding) deciding.set(path, locked);
      secrets.push(...listing.secrets);
      places.push(...listing.below);
      if (at % stride === stride - 1) yield;
    }
    const complete = at === places.length && names <= how.most && unseen === 0;
    this.known = known;
    return { deciding, secrets, names, complete };
  }

  /** @returns undefined where a path is too long to be looked at: whoever goes there step by step can */
  private listing({ path, kind }: Place, mend: boolean): Listing | undefined {
    const now = Date.now();
    try {
      const stats = lstatSync(path);
      if (!stats.isDirectory()) return nothing;
      const stamp = `${stats.dev} ${stats.ino} ${stats.ctimeMs} ${kind}`;
      const before = this.known.get(path);
      if (before?.stamp === stamp) return before;
      const kept = now - stats.ctimeMs > settled ? stamp : undefined;
      if (!isOpen(path, stats, mend)) return { ...nothing, stamp: kept, deciding: [[path, path]], secrets: [path] };
      const entries = readdirSync(path, { withFileTypes: true });
      return { ...this.read(path, kind, entries), stamp: kept, names: entries.length };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // It has gone in the meantime, or is somebody else's and not open to a command either.
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM') return nothing;
      return undefined;
    }
  }

  private read(path: string, kind: Kind, entries: readonly Dirent[]): Pick<Listing, 'below' | 'deciding' | 'secrets'> {
    const below: Place[] = [];
    const secrets: string[] = [];
    const deciding: [string, string][] = bare(entries) ? this.bareRepository(path, entries) : [];
    // Two names together are the most that counts.
    const above = path === this.root ? '' : `${basename(path)}/`;
    for (const entry of entries) {
      const whole = join(path, entry.name);
      const folder = entry.isDirectory();
      const { decides, secret } = meaning(above + entry.name, folder, kind);
      if (decides) deciding.push([whole, whole]);
      if (secret) secrets.push(whole);
      if (folder && !decides && !secret) below.push({ path: whole, kind: kindOf(entry.name, kind) });
    }
    return { below, deciding, secrets };
  }

  /** git takes it for a repository as it is, and starts what its `config` names. Without `HEAD` it is none. */
  private bareRepository(path: string, entries: readonly Dirent[]): [string, string][] {
    if (path !== this.root) return [[join(path, 'HEAD'), path]];
    const own = entries.filter(({ name }) =>
      /^(?:HEAD|config(?:\.worktree)?|hooks|commondir|objects|refs)$/.test(name),
    );
    return own.map(({ name }) => [join(path, name), join(path, name)]);
  }
}

const nothing: Listing = { stamp: undefined, names: 0, below: [], deciding: [], secrets: [] };

/** Whether a folder of our own can be listed, and what it holds be looked at; `mend`: it can from now on. */
function isOpen(path: string, { uid, mode }: Stats, mend: boolean): boolean {
  if (uid !== process.getuid?.() || (mode & 0o500) === 0o500) return true;
  if (mend) chmodSync(path, (mode & 0o7777) | 0o700);
  return mend;
}

function kindOf(name: string, above: Kind): Kind {
  if (above === 'dependency' || dependencies.has(name)) return 'dependency';
  return outputs.has(name) ? 'output' : above;
}

/** gitrepository-layout(5): what git asks of a folder before it takes it for a repository. */
function bare(entries: readonly Dirent[]): boolean {
  const has = (wanted: string): boolean => entries.some(({ name }) => name === wanted);
  return has('HEAD') && (has('commondir') || (has('objects') && has('refs')));
}

/** Of folders only those count that are meant: a package may be called `credentials`. */
function meaning(path: string, folder: boolean, kind: Kind): { decides: boolean; secret: boolean } {
  if (mayBeVersionControl.test(path) && inVersionControl(path)) return { decides: true, secret: false };
  const name = folder ? `${path}/x` : path;
  // Every secret is protected too: one comparison is enough for nearly all names.
  if (kind === 'dependency' || !isProtected(name)) return { decides: false, secret: false };
  return { decides: kind === 'own' && (folder || !keyFile.test(path)), secret: isSecret(name) };
}

/** What is plain ASCII without these letters is none; it spares most names the comparison. */
const mayBeVersionControl = /git|hg|svn|jj|[^ -~]/i;
