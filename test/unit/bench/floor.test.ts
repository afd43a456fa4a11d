import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileFloor, doTask, overheads, serveFloor } from '../../bench/drive.ts';
import { playTasks, tasks } from '../../bench/tasks.ts';
import { startModelServer } from '../../support/modelServer.ts';
import { prefixBreak } from '../../support/modelServer/requests.ts';

/** The baseline of the benches is only worth something when it really does the work. */

let folder = '';
let program = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-floor-'));
  program = await compileFloor(folder);
});
afterAll(() => rm(folder, { recursive: true }));

test.each(tasks)('the floor does $name: $about', async (task) => {
  const workspace = join(folder, task.name);
  task.prepare(workspace);
  const model = await startModelServer({ script: playTasks, slots: 1 });
  const floor = await serveFloor(program, model.url, workspace);
  try {
    const { said } = await doTask(floor, task, 'one');
    expect(said).toBe(task.answer);
    task.check(workspace);
    expect(model.requests).toHaveLength(task.calls.length + 1);
    expect(overheads(model.requests)).toHaveLength(task.calls.length);
    for (const [n, request] of model.requests.entries()) {
      const before = model.requests[n - 1];
      if (!before) continue;
      expect(prefixBreak(before, request)).toBeUndefined();
      expect(request.cached).toBe(before.prompt + before.completion - 1);
    }
  } finally {
    await floor.stop();
    await model.close();
  }
});

test('a task that was not done is noticed', () => {
  for (const task of tasks.slice(1)) {
    const workspace = join(folder, `${task.name}-undone`);
    task.prepare(workspace);
    expect(() => task.check(workspace)).toThrow();
  }
});

test('a program that ends before it listens is an error, not a wait', async () => {
  await expect(serveFloor(program, 'no address', folder)).rejects.toThrow('ended before it listened');
});
