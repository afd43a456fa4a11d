/** Lets others wait for a state: no polling, no sleeping. Whoever changes the state calls `changed`. */
export class Watch {
  readonly #waiting = new Set<() => void>();

  changed(): void {
    for (const look of this.#waiting) look();
  }

  /**
   * Resolves with the first value of `look` that is neither undefined nor false.
   * @throws the signal's reason when it is aborted first.
   */
  until<T>(look: () => T | undefined | false, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#waiting.delete(again);
        signal?.removeEventListener('abort', stop);
      };
      const again = () => {
        const value = look();
        if (value === undefined || value === false) return;
        settle();
        resolve(value);
      };
      const stop = () => {
        settle();
        reject(signal?.reason);
      };
      if (signal?.aborted) return stop();
      signal?.addEventListener('abort', stop, { once: true });
      this.#waiting.add(again);
      again();
    });
  }
}
