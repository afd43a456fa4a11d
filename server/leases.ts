import type { Lease, Scheduler } from './scheduler.ts';

/** The leases of one chat's agent process: those it waits for, by its own number for them, and those it holds. */
export class Leases {
  private readonly scheduler: Scheduler;
  private readonly waits = new Map<number, AbortController>();
  private readonly held = new Set<string>();

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  get waiting(): boolean {
    return this.waits.size > 0;
  }

  get holds(): boolean {
    return this.held.size > 0;
  }

  /**
   * @param agent who asks
   * @param moved told how many requests come first, whenever that changes
   * @returns undefined when the agent has given the request up, or is gone
   * @throws Problem when the engine cannot be made ready
   */
  async take(id: number, agent: string, moved: (ahead: number) => void): Promise<Lease | undefined> {
    const controller = new AbortController();
    this.waits.set(id, controller);
    try {
      const lease = await this.scheduler.lease(agent, controller.signal, moved);
      if (controller.signal.aborted) {
        this.scheduler.release(lease.id);
        return undefined;
      }
      this.held.add(lease.id);
      return lease;
    } catch (error) {
      if (controller.signal.aborted) return undefined;
      throw error;
    } finally {
      // The next agent process may use the same number.
      if (this.waits.get(id) === controller) this.waits.delete(id);
    }
  }

  leave(id: number): void {
    this.waits.get(id)?.abort();
  }

  giveBack(lease: string): void {
    this.held.delete(lease);
    this.scheduler.release(lease);
  }

  /** The agent process is gone: it waits for nothing and holds nothing. */
  drop(): void {
    for (const controller of this.waits.values()) controller.abort();
    for (const lease of this.held) this.scheduler.release(lease);
    this.held.clear();
  }
}
