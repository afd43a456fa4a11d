import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The folder in which Node.js keeps what it has compiled of our own programs, so that the next agent starts a fifth sooner
 * (https://nodejs.org/api/module.html#module-compile-cache). That of another build is of no more use and is deleted.
 *
 * @param state the folder of state, absolute
 * @param build as programs name themselves, see src/node/build.ts
 */
export async function compiledFolder(state: string, build: string): Promise<string> {
  const all = join(state, 'compiled');
  const own = join(all, build);
  await mkdir(own, { recursive: true, mode: 0o700 });
  const others = (await readdir(all)).filter((name) => name !== build);
  await Promise.all(others.map((name) => rm(join(all, name), { recursive: true, force: true })));
  return own;
}
