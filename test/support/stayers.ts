import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Ways in which a command can leave a process behind. Each writes the pid of what stays to the file `pids`, one a line.
 */

/** Ignores what it is asked, and keeps nothing open. */
const stay = `trap '' TERM HUP INT; echo $$ >> pids; exec sleep 300 < /dev/null > /dev/null 2>&1`;
const quoted = `'${stay.replaceAll("'", `'\\''`)}'`;
const json = JSON.stringify(stay);
const path = 'PATH=$PATH';

const python = (environment: string) => `python3 - <<'END'
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 256)
        os.execve('/bin/bash', ['bash', '-c', ${json}], ${environment})
    os._exit(0)
os.wait()
END`;
const perl = `perl -e 'use POSIX; if (!fork) { POSIX::setsid(); exit if fork; POSIX::close($_) for 0..255; %ENV = (PATH => "/usr/bin:/bin"); exec "/bin/bash", "-c", q(${stay.replaceAll("'", `'\\''`)}) } wait'`;
const node = `${process.execPath} -e 'require("child_process").spawn("/bin/bash", ["-c", process.argv[1]], { detached: true, stdio: "ignore", env: { PATH: "/usr/bin:/bin" } }).unref()' ${quoted}`;

export interface Stayer {
  name: string;
  script: string;
  /** How many processes stay. */
  count: number;
}

const one = (name: string, script: string, count = 1): Stayer => ({ name, script, count });

export const stayers: readonly Stayer[] = [
  one('in the background', `bash -c ${quoted} &`),
  one('nohup', `nohup bash -c ${quoted} > /dev/null 2>&1 &`),
  one('disown', `bash -c ${quoted} & disown -a`),
  one('setsid', `setsid bash -c ${quoted} &`),
  one('setsid, again and again', `setsid setsid -f setsid -f bash -c ${quoted}`),
  one('no environment', `env -i ${path} bash -c ${quoted} &`),
  one('neither environment nor session', `env -i ${path} setsid -f bash -c ${quoted}`),
  one('exec -c', `(exec -c setsid -f /bin/bash -c ${quoted})`),
  one('a substitution of processes', `true > >(setsid -f env -i ${path} bash -c ${quoted})`),
  one('a daemon in Python', python(`os.environ`)),
  one('a daemon in Python without environment', python(`{'PATH': '/usr/bin:/bin'}`)),
  one('a daemon in Perl without environment', perl),
  one('a child of Node without environment', node),
  one(
    'a storm of three hundred',
    `for i in $(seq 100); do env -i ${path} setsid -f bash -c ${quoted}; setsid bash -c ${quoted} & bash -c ${quoted} & done`,
    300,
  ),
];

/** Has it stay, and goes on when all of it is there. */
export function leaving({ script, count }: Stayer): string {
  return `: > pids\n${script}\nuntil [ "$(wc -l < pids)" -ge ${count} ]; do sleep 0.02; done`;
}

/** Does away with both its marks, but not with its parent: found only while that lives. */
export const lowered = one(
  'with another limit and no environment',
  `(ulimit -x 1; env -i ${path} python3 -c 'import os,subprocess; subprocess.run(["/bin/bash", "-c", ${json.replaceAll("'", `'\\''`)}], start_new_session=True)') &`,
);

/** The pids that were written in the folder. */
export function writtenIn(folder: string): number[] {
  return readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number);
}

/** Those of them that are still there; who has ended and was not asked about does not count. */
export function staying(folder: string): number[] {
  return writtenIn(folder).filter((pid) => {
    try {
      return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  });
}
