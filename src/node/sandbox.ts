import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { asProblem, Problem } from '../common/errors.ts';
import type { SandboxPlan } from '../common/ipc.ts';
import type { Entered, Shut } from '../common/tool.ts';
import { absent, elsewhere, findBubblewrap, noSeccomp, type Obstacle, refused, seccompProgram } from './bubblewrap.ts';
import { lookingEnvironment } from './environment.ts';
import { isInside } from './confine.ts';
import { isFolder, makeStateFolder } from './folders.ts';
import { credentialPaths, decidingNames, specialIn, takeBack } from './sandboxPaths.ts';
import { run } from './spawn.ts';

type Wrap = (command: string, limits: Limits) => Promise<string>;

/** What holds for one command. Paths are absolute. */
interface Limits {
  writable: string[];
  locked: string[];
  /** Folders and files. */
  hidden: string[];
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

export interface SandboxOptions {
  plan: SandboxPlan;
  /** Absolute, real; the first is where commands start. */
  roots: readonly string[];
  /** The person's home, absolute. */
  home: string | undefined;
  /** For children, already cleaned. */
  environment: Record<string, string>;
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
  /** Ends of wraps: they come one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(options: SandboxOptions) {
    this.options = options;
  }

  /** Undefined: commands can be shut in. The first call starts it (about a tenth of a second), and runs a trivial command. */
  async obstacle(signal: AbortSignal): Promise<Obstacle | undefined> {
    this.starting ??= this.start(signal).catch((error: unknown) => {
      // Given up, and not found out.
      this.starting = undefined;
      throw error;
    });
    const started = await this.starting;
    if ('wrap' in started) return undefined;
    // What is missing may have been installed since.
    if (started.message === absent().message) this.starting = undefined;
    return started;
  }

  /** @throws Problem when it cannot be shut in: then it must not run */
  async enter(command: string, signal: AbortSignal): Promise<Entered> {
    const problem = await this.obstacle(signal);
    const backend = await this.starting;
    if (problem !== undefined || backend === undefined || !('wrap' in backend)) {
      const { message, advice } = problem ?? absent();
      throw new Problem('sandbox', `Nothing was run, because the sandbox does not work: ${message}`, advice);
    }
    return this.enterBackend(backend, command, signal);
  }

  /** Removes the folder for temporary files. Nothing may run any more. */
  close(): void {
    rmSync(this.options.plan.temporary, { recursive: true, force: true, maxRetries: 3 });
  }

  private async start(signal: AbortSignal): Promise<Backend | Obstacle> {
    const backend = await this.backend();
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
  private async backend(): Promise<Backend | Obstacle> {
    const { managed } = this.options.plan;
    if (process.platform === 'darwin') return seatbelt();
    if (process.platform !== 'linux') return elsewhere();
    const bwrapPath = await findBubblewrap(process.env, managed);
    if (bwrapPath === undefined) return absent();
    const applyPath = await seccompProgram();
    return applyPath === undefined ? noSeccomp() : bubblewrap(bwrapPath, applyPath);
  }

  /** What a trivial command said that did not end well. */
  private async tryOut(backend: Backend, signal: AbortSignal): Promise<string | undefined> {
    let said = '';
    const entered = await this.enterBackend(backend, trial, signal);
    const { code } = await run({
      command: 'bash',
      args: ['--noprofile', '--norc', '-c', entered.command],
      cwd: '/',
      env: { ...this.options.environment, ...entered.environment },
      signal,
      timeout: patience,
      output: (bytes) => (said += bytes.toString('utf8')),
    }).finally(() => entered.leave());
    signal.throwIfAborted();
    return code === 0 && said.trim() === 'inside' ? undefined : said || `exit code ${code}`;
  }

  private async enterBackend(backend: Backend, command: string, signal: AbortSignal): Promise<Entered> {
    const { plan, roots } = this.options;
    const limits = await this.limits(signal);
    const before = roots.map((root) => ({ root, names: decidingNames(root) }));
    const wrapping = this.last.then(() => backend.wrap(command, limits));
    this.last = wrapping.catch(() => undefined);
    const wrapped = await wrapping;
    const { files } = this.folders;
    return {
      command: `exec ${wrapped}`,
      environment: {
        TMPDIR: files,
        TMP: files,
        TEMP: files,
        // Caches that their programs cannot do without; the home is not to be written.
        GOCACHE: join(files, 'go-build'),
        npm_config_cache: join(files, 'npm'),
      },
      leave() {
        backend.after();
        return before.flatMap(({ root, names }) => takeBack(root, names, plan.taken)).map(tellTaken);
      },
    };
  }

  private async limits(signal: AbortSignal): Promise<Limits> {
    const { plan, roots, home } = this.options;
    const hidden = [...credentialPaths(home), ...plan.hidden];
    const locked: string[] = [];
    for (const root of roots) {
      const special = specialIn(root);
      // A repository that is made only now would name programs that git starts outside, for the editor.
      locked.push(...special.locked, join(root, '.git', 'config'));
      hidden.push(...(await this.untracked(root, special.secrets, signal)));
    }
    // Of a folder that is hidden the runtime gives back what is to be written, and nothing else.
    const { files, empty } = this.folders;
    return { writable: [...roots, files], locked, hidden, empty };
  }

  private get folders(): { files: string } & Pick<Limits, 'empty'> {
    const { temporary } = this.options.plan;
    const folder = join(temporary, 'empty');
    return { files: join(temporary, 'files'), empty: { folder, file: join(folder, 'empty') } };
  }

  /** Those that are not for everybody who has the repository. */
  private async untracked(root: string, paths: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    if (paths.length === 0) return paths;
    let said = '';
    await run({
      command: 'git',
      args: ['ls-files', '-z', '--', ...paths],
      cwd: root,
      env: { ...this.options.environment, ...lookingEnvironment },
      signal,
      timeout: patience,
      output: (bytes, stream) => (said += stream === 'stdout' ? bytes.toString('utf8') : ''),
    }).catch((error: unknown) => {
      // Without git nothing is known to be for everybody.
      if (!(error instanceof Problem)) throw error;
    });
    const tracked = said.split('\0').map((name) => join(root, name));
    return paths.filter((path) => !tracked.some((each) => each === path || isInside(path, each)));
  }
}

function tellTaken({ from, to }: { from: string; to: string }): string {
  return `${basename(from)} came into being while it ran, and decides what runs later: it was moved to ${to}. To have it, write it with file_write, which asks.`;
}

/**
 * Linux. What the runtime exports for embedding always starts a proxy and two relays for a network that is off here, and
 * lets some folders of the home be written: so its part for Linux is called directly.
 */
async function bubblewrap(bwrapPath: string, applyPath: string): Promise<Backend> {
  const runtime = await import('@anthropic-ai/sandbox-runtime/dist/sandbox/linux-sandbox-utils.js');
  return {
    wrap: (command, { writable, locked, hidden, empty }) =>
      runtime.wrapCommandWithSandboxLinux({
        command,
        needsNetworkRestriction: true,
        readConfig: { denyOnly: [], literalDenyOnly: hidden.filter(isFolder) },
        // A file that cannot be opened would stop programs that only want to know their settings.
        maskedFileBinds: hidden
          .filter((path) => existsSync(path) && !isFolder(path))
          .map((path) => ({ realPath: path, fakePath: empty.file })),
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
