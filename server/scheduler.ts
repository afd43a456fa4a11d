import { randomUUID } from 'node:crypto';
import type { Endpoint } from '../src/common/engine.ts';
import type { EngineControl } from './engines/engine.ts';

/** The permission to send one request now. Give it back with `release`, however the request ended. */
export interface Lease {
  id: string;
  endpoint: Endpoint;
  /** Milliseconds that it stood in the line for a slot; what the engine took to be ready does not count. */
  waited: number;
}

interface Waiter {
  agent: string;
  resolve: (id: string) => void;
  /** Called with the number of requests ahead whenever it changes. */
  moved: (ahead: number) => void;
}

/**
 * Hands out leases: at most as many requests in flight as the engine has slots, first come first served. So the queue
 * is ours: its length is known, and it can be left.
 */
export class Scheduler {
  private readonly engine: Pick<EngineControl, 'ready'>;
  private readonly changed: () => void;
  private readonly leases = new Set<string>();
  private queue: Waiter[] = [];
  private slots = 1;

  /** @param changed called when `busy` or `waiting` may have changed. */
  constructor(engine: Pick<EngineControl, 'ready'>, changed: () => void) {
    this.engine = engine;
    this.changed = changed;
  }

  get busy(): number {
    return this.leases.size;
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** Requests in the line, by the agent that asks. */
  get waitingBy(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { agent } of this.queue) counts.set(agent, (counts.get(agent) ?? 0) + 1);
    return counts;
  }

  /**
   * Waits for the engine and for a slot.
   * @throws Problem when the engine cannot be made ready; the signal's reason when aborted.
   */
  async lease(agent: string, signal: AbortSignal, moved: (ahead: number) => void): Promise<Lease> {
    this.slots = (await this.engine.ready(signal)).capabilities.slots;
    const free = this.leases.size < this.slots && this.queue.length === 0;
    const began = performance.now();
    const id = free ? this.reserve() : await this.wait(agent, signal, moved);
    const waited = free ? 0 : performance.now() - began;
    try {
      // The engine may have changed while this request stood in line; asking again is cheap when it is ready.
      const endpoint = await this.engine.ready(signal);
      this.slots = endpoint.capabilities.slots;
      return { id, endpoint, waited };
    } catch (error) {
      this.release(id);
      throw error;
    }
  }

  release(id: string): void {
    if (!this.leases.delete(id)) return;
    if (this.leases.size < this.slots) this.next();
    this.tell();
  }

  private next(): void {
    const waiter = this.queue.shift();
    if (waiter) waiter.resolve(this.reserve());
  }

  private reserve(): string {
    const id = randomUUID();
    this.leases.add(id);
    this.changed();
    return id;
  }

  private wait(agent: string, signal: AbortSignal, moved: (ahead: number) => void): Promise<string> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        agent,
        resolve: (id) => {
          signal.removeEventListener('abort', leave);
          resolve(id);
        },
        moved,
      };
      const leave = (): void => {
        this.queue = this.queue.filter((other) => other !== waiter);
        this.tell();
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      signal.addEventListener('abort', leave, { once: true });
      this.queue.push(waiter);
      this.tell();
    });
  }

  private tell(): void {
    for (const [ahead, waiter] of this.queue.entries()) waiter.moved(ahead);
    this.changed();
  }
}
