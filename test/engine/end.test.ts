import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  always,
  endless,
  gone,
  halt,
  isAlive,
  runScript,
  serverPid,
  testEngine,
  testFolder,
} from '../support/engine.ts';
import { writeGguf } from '../support/gguf.ts';
import { installedServer } from '../support/installedServer.ts';
import { descendants } from '../../scripts/processes.ts';

/** The shells that wait for Drover's end, by the parent they belong to. */
async function guards(parent: number): Promise<number[]> {
  const below = await descendants(parent);
  const commands = await Promise.all(below.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return below.filter((_, index) => commands[index]?.startsWith('/bin/sh\0-c\0read -r pid'));
}

/** A supervisor-like process with an engine that is ready. */
async function parent(): Promise<{ child: ReturnType<typeof runScript>; pid: number; server: number; run: string }> {
  const folder = await testFolder();
  const run = join(folder, 'run');
  const model = await writeGguf(join(folder, 'plain.gguf'), 'plain');
  const { path } = await installedServer();
  const script = join(import.meta.dirname, '..', 'support', 'engineParent.ts');
  const child = runScript(script, [run, join(folder, 'managed'), path, model]);
  if (child.stdout === null || child.pid === undefined) throw new Error('no child');
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const server = Number(/^ready (\d+)/.exec(said.toString())?.[1]);
  return { child, pid: child.pid, server, run };
}

describe('the end of the engine', () => {
  test('stops within 3.5 s though streams are live, and leaves nothing', async () => {
    const model = await writeGguf(join(await testFolder(), 'plain.gguf'), 'plain');
    const { control, run } = await testEngine({ model, slots: 4 });
    const endpoint = await control.ready(always);
    await Promise.all([1, 2, 3, 4].map(() => endless(endpoint)));
    const pid = await serverPid(run);

    const began = performance.now();
    await control.close();

    expect(performance.now() - began).toBeLessThan(3500);
    expect(await isAlive(pid)).toBe(false);
    await expect(control.ready(always)).rejects.toMatchObject({ code: 'closing' });
  });

  test('the supervisor is killed: its guard ends the server', async () => {
    const { child, pid, server } = await parent();
    expect(await isAlive(server)).toBe(true);
    const [guard = 0] = await guards(pid);
    expect(await isAlive(guard)).toBe(true);
    child.kill('SIGKILL');
    await gone(server, 3000);
    await gone(guard, 3000);
  });

  test('the guard is killed: another takes its place', async () => {
    const { child, pid, server } = await parent();
    const [first = 0] = await guards(pid);
    process.kill(first, 'SIGKILL');
    const deadline = performance.now() + 5000;
    while ((await guards(pid)).every((guard) => guard === first) && performance.now() < deadline);
    child.kill('SIGKILL');
    await gone(server, 3000);
  });

  test('both are killed at once: the next start ends what was left, and only that', async () => {
    const { child, pid, server, run } = await parent();
    // Halted first: it must not come to replace its guard.
    await halt(pid);
    for (const guard of await guards(pid)) process.kill(guard, 'SIGKILL');
    child.kill('SIGKILL');
    await gone(pid, 3000);
    expect(await isAlive(server)).toBe(true);
    const mark = await readFile(join(run, 'llama-server.pid'), 'utf8');

    const next = await testEngine({ model: await writeGguf(join(await testFolder(), 'plain.gguf'), 'plain') });
    await mkdir(next.run, { recursive: true });
    // The same number with another start time is another process: it must live.
    await writeFile(join(next.run, 'llama-server.pid'), JSON.stringify({ pid: server, started: '1' }));
    await next.control.ready(always);
    expect(await isAlive(server)).toBe(true);

    await next.control.act({ action: 'stop' });
    await next.until(({ state }) => state === 'stopped');
    await writeFile(join(next.run, 'llama-server.pid'), mark);
    await next.control.ready(always);
    expect(await isAlive(server)).toBe(false);
    expect(next.log).toContain(`ending llama-server ${server}, which was left running`);
  });
});
