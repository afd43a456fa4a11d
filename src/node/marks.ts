import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

// By what the processes of a run are found on Linux, wherever they went. Each mark goes on from that of who started it:
// SUPERVISOR.AGENT.COMMAND, so whoever stands above finds all that is below.

/** The environment variable that bears the mark. */
export const markName = 'DROVER_RUN';

/** Bits of the number for each part of a mark; the last one is for all that follows. Together a positive 64-bit number. */
const bits = [24n, 22n, 17n] as const;

/**
 * The mark as a number, for those who throw their environment away: it is set as the limit of file locks, which Linux
 * has not enforced since 2.4 (getrlimit(2)), which every process inherits and nobody else sets, which cannot be raised again
 * without privileges, and which can be read of every process, also while it takes the place of another.
 */
export function markNumber(mark: string): bigint {
  const parts = mark.split('.');
  return bits.reduce((number, width, at) => {
    const part = at === bits.length - 1 ? mark : parts.slice(0, at + 1).join('.');
    const hash = createHash('sha256').update(part).digest().readBigUInt64BE();
    return (number << width) | (hash >> (64n - width));
  }, 0n);
}

/**
 * The processes, other than this one, that bear the mark or one that goes on from it. Linux only.
 *
 * @param after only those with a higher number, unless the numbers have begun anew since
 */
export function marked(mark: string, after = 0): number[] {
  if (process.platform !== 'linux') return [];
  const wanted = `${markName}=${mark}`;
  const depth = mark.split('.').length;
  const below = bits.slice(depth).reduce((sum, width) => sum + width, 0n);
  const number = markNumber(mark) >> below;
  const least = after > 0 && lastNumber() >= after ? after : 0;
  return processes().filter(
    (pid) =>
      pid > least &&
      pid !== process.pid &&
      (about(pid, 'environ').includes(wanted) || (numberOf(pid) >> below === number && statusOf(pid) !== undefined)),
  );
}

/** The process groups of these processes, without this one's own. Linux only. */
export function groupsOf(pids: readonly number[]): number[] {
  const own = statusOf(process.pid)?.group;
  const groups = pids.flatMap((pid) => statusOf(pid)?.group ?? []);
  return [...new Set(groups)].filter((group) => group > 1 && group !== own);
}

/** A process as it was found; its number may be another's later, its beginning not. */
export interface Found {
  pid: number;
  parent: number;
  /** When it began, in whatever form the system says it. */
  began: string;
}

/** All that there are. Linux only. */
export function foundInProc(): Found[] {
  return processes().flatMap((pid) => {
    const status = statusOf(pid);
    return status === undefined ? [] : [{ pid, parent: status.parent, began: status.began }];
  });
}

/** All that there are, out of what `ps -axo pid=,ppid=,lstart=` prints. */
export function foundByPs(printed: string): Found[] {
  return printed.split('\n').flatMap((line) => {
    const [, pid, parent, began] = /^\s*(\d+)\s+(\d+)\s+(.*\S)/.exec(line) ?? [];
    return began === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), began }];
  });
}

/** Those of `all` that a process has started, and those that these have, as long as each one's parent lives. */
export function descendants(pid: number, all: readonly Found[]): Found[] {
  const children = Map.groupBy(all, ({ parent }) => parent);
  const found = [...(children.get(pid) ?? [])];
  for (const each of found) found.push(...(children.get(each.pid) ?? []));
  return found;
}

function processes(): number[] {
  return readdirSync('/proc').map(Number).filter(Boolean);
}

/** The number given to the newest process. */
function lastNumber(): number {
  return Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1));
}

function numberOf(pid: number): bigint {
  const [, number] = /^Max file locks +(\d+) /m.exec(about(pid, 'limits')) ?? [];
  return number === undefined ? -1n : BigInt(number);
}

/** Undefined for one that has ended and that nobody has asked about yet. Fields as in proc_pid_stat(5). */
function statusOf(pid: number): { parent: number; group: number; began: string } | undefined {
  const text = about(pid, 'stat');
  // The name, in brackets, may have anything in it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  if (state === undefined || parent === undefined || 'ZX'.includes(state)) return undefined;
  return { parent: Number(parent), group: Number(group), began: fields[19] ?? '' };
}

/** Empty for what has ended meanwhile, or belongs to somebody else. */
function about(pid: number, what: 'environ' | 'limits' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1');
  } catch {
    return '';
  }
}
