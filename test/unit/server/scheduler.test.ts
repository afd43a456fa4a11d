import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Scheduler } from '../../../server/scheduler.ts';
import type { Endpoint } from '../../../src/common/engine.ts';

const endpoint = (slots: number): Endpoint => ({
  url: 'http://127.0.0.1:1/v1',
  model: 'm',
  capabilities: { tools: true, progress: true, slots, controlTokens: [] },
});
const never = new AbortController().signal;
const ignore = (): void => undefined;

describe('the scheduler', () => {
  it('hands out as many leases as there are slots, then first come first served', async () => {
    const scheduler = new Scheduler({ ready: async () => endpoint(2) }, ignore);
    const first = await scheduler.lease('coding', never, ignore);
    const second = await scheduler.lease('coding', never, ignore);
    const order: string[] = [];
    const ahead: number[] = [];
    const third = scheduler
      .lease('coding', never, (count) => ahead.push(count))
      .then((lease) => (order.push('third'), lease));
    const fourth = scheduler.lease('coding', never, ignore).then((lease) => (order.push('fourth'), lease));
    await expect.poll(() => scheduler.waiting).toBe(2);
    expect(scheduler.busy).toBe(2);
    expect([...scheduler.waitingBy]).toEqual([['coding', 2]]);
    scheduler.release(first.id);
    await third;
    scheduler.release(second.id);
    await fourth;
    expect(order).toEqual(['third', 'fourth']);
    expect(ahead[0]).toBe(0);
  });

  it('says how long a request stood in the line: what an engine takes to be ready does not count', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const loading = Promise.withResolvers<Endpoint>();
    const scheduler = new Scheduler({ ready: () => loading.promise }, ignore);
    const first = scheduler.lease('coding', never, ignore);
    vi.advanceTimersByTime(3000);
    loading.resolve(endpoint(1));
    expect(await first).toMatchObject({ waited: 0 });
    const second = scheduler.lease('coding', never, ignore);
    await expect.poll(() => scheduler.waiting).toBe(1);
    vi.advanceTimersByTime(700);
    scheduler.release((await first).id);
    expect(await second).toMatchObject({ waited: 700 });
  });

  it('lets a request leave the line, and the next one is not held up', async () => {
    const scheduler = new Scheduler({ ready: async () => endpoint(1) }, ignore);
    const first = await scheduler.lease('coding', never, ignore);
    const leaving = new AbortController();
    const left = scheduler.lease('coding', leaving.signal, ignore);
    await expect.poll(() => scheduler.waiting).toBe(1);
    const next = scheduler.lease('coding', never, ignore);
    await expect.poll(() => scheduler.waiting).toBe(2);
    leaving.abort();
    await expect(left).rejects.toThrow();
    scheduler.release(first.id);
    await expect(next).resolves.toBeDefined();
    expect(scheduler.busy).toBe(1);
  });

  it('gives the slot on when the engine fails for who was next', async () => {
    let fail = false;
    const ready = async (): Promise<Endpoint> => {
      if (fail) throw new Error('gone');
      return endpoint(1);
    };
    const scheduler = new Scheduler({ ready }, ignore);
    const first = await scheduler.lease('coding', never, ignore);
    const second = scheduler.lease('coding', never, ignore);
    await expect.poll(() => scheduler.waiting).toBe(1);
    fail = true;
    scheduler.release(first.id);
    await expect(second).rejects.toThrow('gone');
    expect(scheduler.busy).toBe(0);
  });

  it('ignores a lease that is given back twice', async () => {
    const scheduler = new Scheduler({ ready: async () => endpoint(1) }, ignore);
    const lease = await scheduler.lease('coding', never, ignore);
    scheduler.release(lease.id);
    scheduler.release(lease.id);
    expect(scheduler.busy).toBe(0);
  });
});
