import type { Watch } from './watch.ts';

/** One resident context. `tokens` is what its cache holds. */
export interface Slot {
  id: number;
  tokens: number[];
  busy: boolean;
  /** Rises with every use; the smallest is the least recently used. */
  used: number;
}

/**
 * Slots with an exact prefix cache, as `llama-server -sps 0` keeps it: a request without `id_slot` takes the free slot
 * that was used longest ago; what was in there goes to a cache in memory, from where a better start is fetched back.
 * A pinned request waits for its slot and never looks into that cache; a pin out of range is silently any slot.
 */
export class Slots {
  readonly all: Slot[];
  /** Requests that wait for a slot. */
  waiting = 0;
  readonly #watch: Watch;
  #saved: number[][] = [];
  #uses = 0;

  constructor(count: number, watch: Watch) {
    this.all = Array.from({ length: count }, (_, id) => ({ id, tokens: [], busy: false, used: 0 }));
    this.#watch = watch;
  }

  /**
   * Waits for a slot, first come first served among those that can be served. `cached` tokens of the prompt are in it.
   * @throws the signal's reason when it is aborted first.
   */
  async take(prompt: number[], pin: number | undefined, signal: AbortSignal): Promise<{ slot: Slot; cached: number }> {
    const pinned = pin !== undefined && pin >= 0 ? this.all[pin] : undefined;
    this.waiting++;
    try {
      const slot = await this.#watch.until(() => this.#grab(pinned), signal);
      if (!pinned) this.#swap(slot, prompt);
      // The last token of a prompt is always evaluated: its output is where the answer begins.
      return { slot, cached: Math.min(common(slot.tokens, prompt), prompt.length - 1) };
    } finally {
      this.waiting--;
    }
  }

  release(slot: Slot, tokens: number[]): void {
    slot.tokens = tokens;
    slot.busy = false;
    this.#watch.changed();
  }

  #grab(pinned: Slot | undefined): Slot | undefined {
    const free = (pinned ? [pinned] : this.all).filter((slot) => !slot.busy);
    const [slot] = free.toSorted((a, b) => a.used - b.used);
    if (!slot) return undefined;
    slot.busy = true;
    slot.used = ++this.#uses;
    return slot;
  }

  #swap(slot: Slot, prompt: number[]): void {
    const here = common(slot.tokens, prompt);
    const best = this.#saved.toSorted((a, b) => common(b, prompt) - common(a, prompt))[0];
    const better = best && common(best, prompt) > here ? best : undefined;
    this.#saved = this.#saved.filter((tokens) => tokens !== better);
    if (slot.tokens.length > here) this.#saved.push(slot.tokens);
    if (better) slot.tokens = better;
  }
}

/** How many tokens two lists begin with in common. */
export function common(a: number[], b: number[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}
