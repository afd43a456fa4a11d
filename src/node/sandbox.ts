import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { asProblem, Problem } from '../common/errors.ts';
import { showName } from '../common/gate/hidden.ts';
import { inVersionControl } from '../common/gate/names.ts';
import type { SandboxPlan } from '../common/ipc.ts';
import type { Entered, Shut } from '../common/tool.ts';
import { absent, elsewhere, findBubblewrap, noSeccomp, type Obstacle, refused, seccompProgram } from './bubblewrap.ts';
import { lookingEnvironment } from './environment.ts';
import { isFolder, makeStateFolder } from './folders.ts';
import { homePaths } from './homePaths.ts';
import { lockedIn, type Taken, takeBack } from './sandboxPaths.ts';
import { run } from './spawn.ts';
import { mostNames, type Names, WorkspaceNames } from './workspaceNames.ts';

type Wrap = (command: string, limits: Limits) => Promise<string>;

/** What holds for one command. Paths are absolute. */
interface Limits {
  writable: string[];
  locked: string[];
  /** Folders and files. */
  hidden: string[];
  /** Seen all the same, below what is hidden. */
  kept: string[];
  /** Files in the place of others. */
  replaced: { realPath: string; fakePath: string }[];
  /** What the runtime puts in the place of files that are hidden: an empty one, and the folder that it lies in. */
  empty: { file: string; folder: string };
}

/** How the platform shuts a command in. */
interface Backend {
  wrap: Wrap;
  /** After each command that was wrapped. */
  after(): void;
}

/** In milliseconds. */
const patience = 10_000;
/** Ends well only inside, where the root is not to be written and the folder for temporary files is. */
const trial = 'test ! -w / && test -w "$TMPDIR" && echo inside';
/** Most places of a workspace with limits of their own: each takes about half a millisecond before a command. */
const mostPlaces = 1000;
/** A look through a workspace that is too large is not soon taken again when it took longer, in ms. */
const slow = 1000;
/** Bytes of names that are given to git at once: a line of arguments is at most 128 KB in all on some systems. */
const mostArguments = 60_000;
/** Sentences about what was taken back, after one command. */
const mostTold = 8;

export interface SandboxOptions {
  plan: SandboxPlan;
  /** Absolute, real; the first is where commands start. */
  roots: readonly string[];
  /** The person's home, absolute. */
  home: string | undefined;
  /** For children, already cleaned. */
  environment: Record<string, string>;
  /** Most names that are looked at in one root. */
  mostNames?: number;
}

/**
 * The one place in an agent process where commands are shut in. Inside, only the workspace and a private folder for
 * temporary files can be written, credential stores and Drover's own folders cannot be read, and there is no network and
 * no socket of another program.
 *
 * It is started with the first command, and by that found to work or not. What the runtime of Anthropic decides by itself
 * it decides by the working directory of this process, which is set to `/` for that: its list of names that are not to be
 * written would leave an empty file for each that is not there.
 */
export class Sandbox implements Shut {
  private readonly options: SandboxOptions;
  private starting: Promise<Backend | Obstacle> | undefined;
  /** Once it has been found to work. */
  private backend: Backend | undefined;
  /** Where commands are that only look. There the workspace cannot be written either, so that its names need not be known. */
  readonly looking: Shut = { enter: (command, signal) => this.look(command, signal) };
  /** Ends of wraps: they come one after the other. */
  private last: Promise<unknown> = Promise.resolve();
  private readonly workspace: { root: string; names: WorkspaceNames }[];
  /** What the workspace was found to be too large for; `open`: it has not been looked through yet. */
  private crowded: Obstacle | 'open' | undefined = 'open';
  /** When it is worth to look again whether a workspace is still too large, in ms of this process. */
  private again = 0;
  /** That are started inside, by the sandbox itself. Absolute. */
  private programs: string[] = [];

  constructor(options: SandboxOptions) {
    this.options = options;
    this.workspace = options.roots.map((root) => ({ root, names: new WorkspaceNames(root, options.mostNames) }));
  }

  /**
   * Undefined: commands can be shut in. The first call starts it (about a tenth of a second), runs a trivial command and looks
   * through the workspace: where that is too large for it, nobody would know what a command may not touch.
   */
  async obstacle(signal: AbortSignal): Promise<Obstacle | undefined> {
    const found = await this.obstacleAtAll(signal);
    if (found !== undefined) return found;
    if (this.crowded === 'open' || (this.crowded !== undefined && performance.now() > this.again))
      await this.lookThrough(signal);
    return this.crowded === 'open' ? undefined : this.crowded;
  }

  /** It was found to work, if perhaps not in a workspace of this size; commands that only look do not depend on that. */
  get works(): boolean {
    return this.backend !== undefined;
  }

  private async obstacleAtAll(signal: AbortSignal): Promise<Obstacle | undefined> {
    this.starting ??= this.start(signal).catch((error: unknown) => {
      // Given up, and not found out.
      this.starting = undefined;
      throw error;
    });
    const started = await this.starting;
    if ('wrap' in started) {
      this.backend = started;
      return undefined;
    }
    // What is missing may have been installed since.
    if (started.message === absent().message) this.starting = undefined;
    return started;
  }

  /** @throws Problem when it cannot be shut in: then it must not run */
  async enter(command: string, signal: AbortSignal): Promise<Entered> {
    return this.enterBackend(this.working(await this.obstacle(signal)), command, signal);
  }

  private async look(command: string, signal: AbortSignal): Promise<Entered> {
    const backend = this.working(await this.obstacleAtAll(signal));
    const { kept, ...outer } = this.outerLimits();
    const { files } = this.folders;
    const limits = { ...outer, writable: [files], kept: [...kept, ...this.options.roots] };
    return {
      ...(await this.wrap(backend, command, limits)),
      limits: 'It ran in the sandbox: no network, and only $TMPDIR can be written. Say so if it cannot work that way.',
      leave: () => {
        backend.after();
        return [];
      },
    };
  }

  /** @throws Problem where there is an obstacle */
  private working(problem: Obstacle | undefined): Backend {
    if (problem === undefined && this.backend !== undefined) return this.backend;
    const { message, advice } = problem ?? absent();
    throw new Problem('sandbox', `Nothing was run, because the sandbox does not work: ${message}`, advice);
  }

  /** Looks through the workspace, and remembers where that is too large. @throws Problem then: the next call is asked about */
  private async found(signal: AbortSignal): Promise<{ root: string; names: WorkspaceNames; before: Names }[]> {
    const found = await this.lookThrough(signal);
    if (this.crowded === undefined || this.crowded === 'open') return found;
    const advice = 'Call it again: the person is asked then.';
    throw new Problem('sandbox', `Nothing was run, because it cannot be shut in: ${this.crowded.message}`, advice);
  }

  private async lookThrough(signal: AbortSignal): Promise<{ root: string; names: WorkspaceNames; before: Names }[]> {
    const began = performance.now();
    const found: { root: string; names: WorkspaceNames; before: Names }[] = [];
    for (const { root, names } of this.workspace) found.push({ root, names, before: await names.look(signal) });
    this.crowded = tooLarge(found, this.options.mostNames ?? mostNames);
    const took = performance.now() - began;
    // On a slow disk not each of the person's answers waits for it.
    this.again = performance.now() + (took > slow ? 20 * took : 0);
    return found;
  }

  /** Removes the folder for temporary files. Nothing may run any more. */
  close(): void {
    rmSync(this.options.plan.temporary, { recursive: true, force: true, maxRetries: 3 });
  }

  private async start(signal: AbortSignal): Promise<Backend | Obstacle> {
    const backend = await this.find();
    if (!('wrap' in backend)) return backend;
    const { files, empty } = this.folders;
    process.chdir('/');
    try {
      makeStateFolder(files);
      makeStateFolder(empty.folder);
      writeFileSync(empty.file, '', { mode: 0o400 });
      const said = await this.tryOut(backend, signal);
      return said === undefined ? backend : refused(said);
    } catch (error) {
      signal.throwIfAborted();
      return refused(asProblem(error).message);
    }
  }

  /** Loaded here: an agent that runs no command does not pay for it. */
  private async find(): Promise<Backend | Obstacle> {
    const { managed } = this.options.plan;
    if (process.platform === 'darwin') return seatbelt();
    if (process.platform !== 'linux') return elsewhere();
    const bwrapPath = await findBubblewrap(process.env, managed);
    if (bwrapPath === undefined) return absent();
    const applyPath = await seccompProgram();
    if (applyPath === undefined) return noSeccomp();
    // It may lie with Drover below a folder of the home that is not seen, and is started inside.
    this.programs = [applyPath];
    return bubblewrap(bwrapPath, applyPath);
  }

  /** What a trivial command said that did not end well. */
  private async tryOut(backend: Backend, signal: AbortSignal): Promise<string | undefined> {
    let said = '';
    const entered = await this.wrap(backend, trial, this.outerLimits());
    const { code } = await run({
      command: 'bash',
      args: ['--noprofile', '--norc', '-c', entered.command],
      cwd: '/',
      env: { ...this.options.environment, ...entered.environment },
      signal,
      timeout: patience,
      output: (bytes) => (said += bytes.toString('utf8')),
    }).finally(() => backend.after());
    signal.throwIfAborted();
    return code === 0 && said.trim() === 'inside' ? undefined : said || `exit code ${code}`;
  }

  private async enterBackend(backend: Backend, command: string, signal: AbortSignal): Promise<Entered> {
    const { plan } = this.options;
    const found = await this.found(signal);
    const wrapped = await this.wrap(backend, command, await this.limits(found, signal));
    return {
      ...wrapped,
      limits:
        'It ran in the sandbox: no network, and only the workspace and $TMPDIR can be written. Say so if it cannot work that way.',
      leave: () => {
        backend.after();
        return found.flatMap(({ root, names, before }) => {
          const after = names.lookBehind();
          const taken = takeBack(before, after, plan.taken);
          return [...tellTaken(root, taken), ...(after.complete ? [] : [this.tellUnseen(root)])];
        });
      },
    };
  }

  private async wrap(backend: Backend, command: string, limits: Limits): Promise<Omit<Entered, 'leave' | 'limits'>> {
    const wrapping = this.last.then(() => backend.wrap(command, limits));
    this.last = wrapping.catch(() => undefined);
    const { files } = this.folders;
    return {
      command: `exec ${await wrapping}`,
      environment: {
        TMPDIR: files,
        TMP: files,
        TEMP: files,
        // Caches that their programs cannot do without; the home is not to be written.
        GOCACHE: join(files, 'go-build'),
        npm_config_cache: join(files, 'npm'),
      },
    };
  }

  /** A command made more than could be gone through: from now on the person is asked. */
  private tellUnseen(root: string): string {
    this.crowded = 'open';
    return `So much was made in ${root}, or so deep, that Drover could not look whether something in it decides what runs later. Tell the person.`;
  }

  /** What holds in the home and on the machine, and of the workspace that it can be written. */
  private outerLimits(): Limits {
    const { plan, roots, home, environment } = this.options;
    const { files, empty } = this.folders;
    const { hidden, kept, cleaned } = homePaths({ home, roots, environment, seen: this.programs });
    const replaced = cleaned.map(({ path, text }, at) => {
      const fakePath = join(empty.folder, `settings${at}`);
      // Another command may be starting from it.
      if (!existsSync(fakePath) || readFileSync(fakePath, 'utf8') !== text) replaceFile(fakePath, text);
      return { realPath: path, fakePath };
    });
    // Of a folder that is hidden the runtime gives back what is to be written, and what is kept, and nothing else.
    return { writable: [...roots, files], locked: [], hidden: [...hidden, ...plan.hidden], kept, replaced, empty };
  }

  private async limits(found: readonly { root: string; before: Names }[], signal: AbortSignal): Promise<Limits> {
    const outer = this.outerLimits();
    const hidden = [...outer.hidden];
    const locked: string[] = [];
    for (const { root, before } of found) {
      // A repository that is made only now would name programs that git starts outside, for the editor.
      locked.push(...lockedIn(root, before), join(root, '.git', 'config'));
      hidden.push(...(await this.untracked(root, before.secrets, signal)));
    }
    return { ...outer, locked, hidden };
  }

  private get folders(): { files: string } & Pick<Limits, 'empty'> {
    const { temporary } = this.options.plan;
    const folder = join(temporary, 'empty');
    return { files: join(temporary, 'files'), empty: { folder, file: join(folder, 'empty') } };
  }

  /** Those that are not for everybody who has the repository. */
  private async untracked(root: string, paths: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const tracked = new Set<string>();
    for (const some of inParts(paths)) {
      for (const name of (await this.tracked(root, some, signal)).split('\0')) {
        // A folder is for everybody where something in it is.
        for (let at = name; at !== '.' && at !== ''; at = dirname(at)) tracked.add(join(root, at));
      }
    }
    return paths.filter((path) => !tracked.has(path));
  }

  private async tracked(root: string, paths: readonly string[], signal: AbortSignal): Promise<string> {
    let said = '';
    await run({
      command: 'git',
      args: ['--literal-pathspecs', 'ls-files', '-z', '--', ...paths],
      cwd: root,
      env: { ...this.options.environment, ...lookingEnvironment },
      signal,
      timeout: patience,
      output: (bytes, stream) => (said += stream === 'stdout' ? bytes.toString('utf8') : ''),
    }).catch((error: unknown) => {
      // Without git nothing is known to be for everybody.
      if (!(error instanceof Problem)) throw error;
    });
    return said;
  }
}

function inParts(paths: readonly string[]): string[][] {
  const parts: string[][] = [];
  let bytes = Infinity;
  for (const path of paths) {
    bytes += Buffer.byteLength(path) + 1;
    if (bytes > mostArguments) {
      parts.push([]);
      bytes = Buffer.byteLength(path) + 1;
    }
    parts.at(-1)?.push(path);
  }
  return parts;
}

function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Why a workspace cannot be watched over, with what the person can do. */
function tooLarge(found: readonly { root: string; before: Names }[], most: number): Obstacle | undefined {
  for (const { root, before } of found) {
    if (!before.complete) {
      return {
        message: `${root} has more than ${count(most)} files and folders, or folders too deep or too slow to look through, so that Drover does not know what in it a command must not touch.`,
        advice: 'Open a smaller folder, or take away what is not needed.',
      };
    }
    const places = new Set([...before.deciding.values(), ...before.secrets]).size;
    if (places > mostPlaces) {
      return {
        message: `${root} has ${count(places)} files and folders that hold secrets or decide what runs later; the sandbox can keep ${count(mostPlaces)}.`,
        advice: 'Open a smaller folder, or take away what is not needed.',
      };
    }
  }
  return undefined;
}

function count(number: number): string {
  return number.toLocaleString('en');
}

function tellTaken(root: string, taken: readonly Taken[]): string[] {
  const told = taken.slice(0, mostTold).map(({ from, to }) => {
    const name = relative(root, from);
    const what = `${showName(name)} came into being while it ran, and decides what runs later`;
    if (to === undefined)
      return `${what}: it could not be moved away, and is still there. Tell the person to look at it.`;
    if (inVersionControl(name) || basename(name) === 'HEAD')
      return `${what}: it was moved to ${to}. To have a repository there, make it with a command that the person is asked about.`;
    return `${what}: it was moved to ${to}. To have it, write it with file_write, which asks.`;
  });
  const more = taken.length - told.length;
  return more > 0 ? [...told, `${count(more)} more of that kind were moved away too.`] : told;
}

/**
 * Linux. What the runtime exports for embedding always starts a proxy and two relays for a network that is off here, and
 * lets some folders of the home be written: so its part for Linux is called directly.
 */
async function bubblewrap(bwrapPath: string, applyPath: string): Promise<Backend> {
  const runtime = await import('@anthropic-ai/sandbox-runtime/dist/sandbox/linux-sandbox-utils.js');
  return {
    wrap: (command, { writable, locked, hidden, kept, replaced, empty }) =>
      runtime.wrapCommandWithSandboxLinux({
        command,
        needsNetworkRestriction: true,
        readConfig: { denyOnly: [], literalDenyOnly: hidden.filter(isFolder), literalAllowWithinDeny: kept },
        // A file that cannot be opened would stop programs that only want to know their settings.
        maskedFileBinds: [
          ...hidden
            .filter((path) => existsSync(path) && !isFolder(path))
            .map((path) => ({ realPath: path, fakePath: empty.file })),
          ...replaced,
        ],
        maskedFileStoreDir: empty.folder,
        writeConfig: { allowOnly: [], literalAllowOnly: writable, denyWithinAllow: [], literalDenyWithinAllow: locked },
        // Nothing is searched for: what is locked has been found already. A program that does not start would leave a
        // timer of ten seconds behind, and an agent could not end before.
        ripgrepConfig: { command: 'true' },
        binShell: '/bin/bash',
        bwrapPath,
        seccompConfig: { applyPath },
      }),
    after: () => runtime.cleanupBwrapMountPoints(),
  };
}

async function seatbelt(): Promise<Backend> {
  const runtime = await import('@anthropic-ai/sandbox-runtime/dist/sandbox/macos-sandbox-utils.js');
  return {
    wrap: async (command, { writable, locked, hidden }) =>
      runtime.wrapCommandWithSandboxMacOS({
        command,
        needsNetworkRestriction: true,
        readConfig: { denyOnly: [], literalDenyOnly: hidden },
        writeConfig: { allowOnly: [], literalAllowOnly: writable, denyWithinAllow: [], literalDenyWithinAllow: locked },
        binShell: '/bin/bash',
      }),
    after: () => undefined,
  };
}
