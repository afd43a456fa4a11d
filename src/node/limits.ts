import { availableParallelism } from 'node:os';
import { markNumber } from './marks.ts';

/** What the system holds a program and all it starts to. */
export interface Limits {
  /** Bytes of one file. */
  fileSize: number;
  /** Seconds that one process may compute, on all processors together. */
  computing: number;
}

/** Nothing that is built or tested is larger; without a limit one mistake fills the disk. */
const fileSize = 10 * 1024 ** 3;
/** Of 1000: when memory is short the kernel ends a command sooner than the editor, the engine or Drover (proc_pid_oom_score_adj(5)). */
const firstToGo = 500;

/**
 * Those of a command. The time that it may compute is what it could have used by the end of its own: it stops nothing that the
 * time-out does not stop, but whatever is left behind comes to an end. Memory is not limited, because address space is
 * the only measure that there is for one process, and programs like Node and Java reserve far more of it than they use.
 *
 * @param timeout in milliseconds
 */
export function commandLimits(timeout: number): Limits {
  return { fileSize, computing: Math.ceil(timeout / 1000 + 10) * availableParallelism() };
}

const script = `{
  ulimit -c 0; ulimit -f "$1"; ulimit -t "$2"; ulimit -x "$3" || ulimit -w "$3"
  read -r now < /proc/self/oom_score_adj && [ "$now" -lt ${firstToGo} ] && echo ${firstToGo} > /proc/self/oom_score_adj
} 2> /dev/null
shift 3
exec "$@"`;

/**
 * The program behind a shell that sets the limits, the number of its mark among them, and becomes the program. What a
 * system does not know is left out. (The limit of locks is -x in bash and -w in dash; that of a file is in 512 bytes, POSIX.)
 */
export function limited(
  command: string,
  args: readonly string[],
  mark: string,
  { fileSize, computing }: Limits,
): { command: string; args: readonly string[] } {
  const figures = [fileSize / 512, computing, markNumber(mark)].map(String);
  return { command: '/bin/sh', args: ['-c', script, 'sh', ...figures, command, ...args] };
}
