import { readFile } from 'node:fs/promises';
import { runCommand } from './engines/command.ts';

/** When a process was started, in a form that only serves for comparing; undefined when it is gone. */
export async function startTime(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
    // The name in brackets may hold anything; counted from its end, the start time is the 20th field.
    return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  }
  const [program, args] =
    process.platform === 'win32'
      ? ['powershell', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.Ticks`]]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]];
  const how = { environment: process.env, signal: new AbortController().signal, limit: 10_000 };
  const { code, lines } = await runCommand(program, args, how);
  return code === 0 ? lines[0]?.trim() : undefined;
}
