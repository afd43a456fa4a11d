import { Problem } from '../../src/common/errors.ts';
import { run } from '../../src/node/spawn.ts';

export interface CommandResult {
  /** null: killed by a signal, or not started at all. */
  code: number | null;
  /** Why it could not be started. */
  missing: string | undefined;
  /** Both outputs, line by line as they came. */
  lines: string[];
}

export interface CommandOptions {
  environment: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Milliseconds after which it is ended. */
  limit: number;
  cwd?: string;
}

/** Runs a program to its end. Aborting ends it with what it started, and throws the signal's reason. */
export async function runCommand(
  command: string,
  args: string[],
  { environment, signal, limit, cwd }: CommandOptions,
): Promise<CommandResult> {
  const lines: string[] = [];
  const output = new Lines((line) => lines.push(line));
  try {
    const { code } = await run({
      command,
      args,
      ...(cwd === undefined ? {} : { cwd }),
      env: environment,
      signal,
      timeout: limit,
      output: (bytes, stream) => output.add(bytes, stream),
    });
    signal.throwIfAborted();
    output.end();
    return { code, missing: undefined, lines };
  } catch (error) {
    if (error instanceof Problem && error.code === 'spawn') return { code: null, missing: error.message, lines: [] };
    throw error;
  }
}

/** Signals a process and those it started; that it is gone already is as good. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // EPERM: macOS says so of a group whose processes have all ended.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

/** Puts pieces of output together to lines and tells each. */
export class Lines {
  private readonly rest = { stdout: '', stderr: '' };
  private readonly tell: (line: string) => void;

  constructor(tell: (line: string) => void) {
    this.tell = tell;
  }

  add(bytes: Buffer, stream: 'stdout' | 'stderr'): void {
    const parts = (this.rest[stream] + bytes.toString('utf8')).split(/\r?\n|\r/);
    this.rest[stream] = parts.pop() ?? '';
    for (const line of parts) this.tell(line);
  }

  /** Nothing more will come: a last line without its end counts. */
  end(): void {
    for (const line of Object.values(this.rest)) if (line !== '') this.tell(line);
  }
}
