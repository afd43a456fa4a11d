/**
 * How often somebody may come: a bucket that holds `most` and fills with `perSecond`, of which each request takes one.
 */
export class Rate {
  private readonly most: number;
  private readonly perSecond: number;
  private readonly now: () => number;
  private left: number;
  private filled: number;

  /** @param now a clock in milliseconds that never goes back */
  constructor(most: number, perSecond: number, now: () => number = () => performance.now()) {
    this.most = most;
    this.perSecond = perSecond;
    this.now = now;
    this.left = most;
    this.filled = now();
  }

  /** Takes one. @returns 0, or the whole seconds after which there is one again */
  take(): number {
    const now = this.now();
    this.left = Math.min(this.most, this.left + ((now - this.filled) / 1000) * this.perSecond);
    this.filled = now;
    if (this.left < 1) return Math.ceil((1 - this.left) / this.perSecond);
    this.left -= 1;
    return 0;
  }
}
