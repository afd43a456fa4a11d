/** A queue between callbacks and a generator: pushed from anywhere, drained by one reader. */
export class Queue<T> {
  private items: T[] = [];
  private wake: (() => void) | undefined;

  push(item: T): void {
    this.items.push(item);
    this.wake?.();
  }

  /** Yields what is pushed until `work` is settled and all is drained, then returns its value (or throws its error). */
  async *during<R>(work: Promise<R>): AsyncGenerator<T, R> {
    let settled = false;
    const settle = (): void => {
      settled = true;
      this.wake?.();
    };
    work.then(settle, settle);
    for (;;) {
      for (let item = this.items.shift(); item !== undefined; item = this.items.shift()) yield item;
      if (settled) break;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        if (this.items.length > 0) resolve();
      });
      this.wake = undefined;
    }
    return work;
  }
}
