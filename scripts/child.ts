import { type ChildProcess, spawn } from 'node:child_process';
import { endTree } from './processes.ts';

/** How a program ended: its exit code (null: by a signal, or it could not be started) and all it printed, both streams mixed. */
export interface Ran {
  code: number | null;
  output: string;
}

export interface RunOptions {
  folder?: string;
  environment?: NodeJS.ProcessEnv;
  /** Milliseconds; then the program and its children are ended. */
  limit?: number;
  signal?: AbortSignal;
  /** Called with each piece of output as it comes. */
  hear?: (text: string) => void;
}

/** Runs a program to its end and keeps what it says. A program that cannot be started has a null code and says why. */
export function run(command: string, args: string[], options: RunOptions = {}): Promise<Ran> {
  const stops = [
    ...(options.signal ? [options.signal] : []),
    ...(options.limit === undefined ? [] : [AbortSignal.timeout(options.limit)]),
  ];
  const stop = AbortSignal.any(stops);
  return new Promise((resolve) => {
    // A .cmd file (npm, code) is no program of its own: a shell runs it, which splits at spaces that are not quoted.
    const shell = process.platform === 'win32' && command.endsWith('.cmd');
    const child = spawn(shell ? quoted(command) : command, shell ? args.map(quoted) : args, {
      cwd: options.folder,
      env: options.environment ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell,
    });
    let output = '';
    const keep = (text: string): void => {
      output += text;
      options.hear?.(text);
    };
    listen(child, keep);
    const end = (): void => {
      keep(`\n(ended: ${String(stop.reason)})\n`);
      if (child.pid !== undefined) void endTree(child.pid);
    };
    if (stop.aborted) end();
    else stop.addEventListener('abort', end, { once: true });
    const finish = (code: number | null): void => {
      stop.removeEventListener('abort', end);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      keep(`${error.message}\n`);
      finish(null);
    });
    child.on('close', finish);
  });
}

function quoted(text: string): string {
  return `"${text}"`;
}

function listen(child: ChildProcess, keep: (text: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', keep);
  }
}

/** Programs of the packages in node_modules are JavaScript: the Node that runs this runs them too. */
export function runTool(path: string, args: string[], options: RunOptions = {}): Promise<Ran> {
  return run(process.execPath, [path, ...args], options);
}

/** The last lines of a long output, for a message. */
export function lastLines(output: string, count = 15): string {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}
