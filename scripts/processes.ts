import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Every process below `pid`, parents before children. Linux reads /proc (no `ps` on a bare Debian), macOS asks `ps`. */
export async function descendants(pid: number): Promise<number[]> {
  const parents = process.platform === 'linux' ? await fromProc() : await fromPs();
  const found: number[] = [];
  const queue = [pid];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const children = parents.filter(([, parent]) => parent === next).map(([child]) => child);
    found.push(...children);
    queue.push(...children);
  }
  return found;
}

async function fromProc(): Promise<[number, number][]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const pairs = await Promise.all(
    names.map(async (name): Promise<[number, number] | undefined> => {
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined);
      // The second field is the program's name in brackets and may hold anything: the parent is the second word after it.
      const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
      return parent === undefined ? undefined : [Number(name), Number(parent)];
    }),
  );
  return pairs.filter((pair) => pair !== undefined);
}

async function fromPs(): Promise<[number, number][]> {
  if (process.platform === 'win32') return [];
  const { stdout } = await execute('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map((line): [number, number] => {
      const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
      return [pid, parent];
    });
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ends a process and all below it: asks first, and kills what is still there after `patience` milliseconds. */
export async function endTree(pid: number, patience = 3000): Promise<void> {
  if (process.platform === 'win32') {
    if (alive(pid)) await execute('taskkill', ['/PID', String(pid), '/T', '/F']);
    return;
  }
  const tree = [pid, ...(await descendants(pid))];
  for (const each of tree) signal(each, 'SIGTERM');
  if (await gone(tree, patience)) return;
  // What was started meanwhile by one of them is found by looking once more.
  const late = (await Promise.all(tree.filter(alive).map((each) => descendants(each)))).flat();
  for (const each of [...tree, ...late]) signal(each, 'SIGKILL');
  await gone([...tree, ...late], 2000);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** True when none of them is left, within the limit in milliseconds. */
export async function gone(pids: number[], limit: number): Promise<boolean> {
  const deadline = Date.now() + limit;
  while (pids.some(running)) {
    if (Date.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

/** Alive, and not a mere entry that waits to be collected by its parent (in a container, for ever). */
function running(pid: number): boolean {
  if (!alive(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    return false;
  }
}

/**
 * Processes whose environment holds this text (a folder that only they were given), Linux only: finds what has left
 * its process tree. Elsewhere empty.
 */
export async function marked(text: string): Promise<number[]> {
  return process.platform === 'linux' ? scan('environ', text) : [];
}

/** Processes whose command line holds this text (a folder that only they were given). Windows: none. */
export async function mentioning(text: string): Promise<number[]> {
  if (process.platform === 'win32') return [];
  if (process.platform === 'linux') return scan('cmdline', text);
  const { stdout } = await execute('ps', ['-A', '-ww', '-o', 'pid=,command='], { maxBuffer: 16 * 1024 * 1024 });
  return stdout
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid);
}

async function scan(file: 'environ' | 'cmdline', text: string): Promise<number[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const hits = await Promise.all(
    names.map(async (name) => {
      const content = await readFile(`/proc/${name}/${file}`, 'latin1').catch(() => '');
      return content.includes(text) ? Number(name) : undefined;
    }),
  );
  return hits.filter((pid) => pid !== undefined);
}
