/** A random generator that gives the same row of numbers for the same seed, on every machine. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private count: number;

  /** @param seed any text; texts that differ in one character give unrelated rows */
  constructor(seed: string) {
    const next = hash(seed);
    [this.a, this.b, this.c, this.count] = [next(), next(), next(), 1];
    for (let round = 0; round < 12; round++) this.next();
  }

  /** From 0 (included) to 1 (excluded). Small fast counter, 32 bits ("sfc32"). */
  next(): number {
    const sum = (this.a + this.b + this.count) | 0;
    this.count = (this.count + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws for an empty list, which is a bug of the caller */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('nothing to pick from');
    return list[this.int(0, list.length - 1)] as T;
  }

  /** One of the keys, as often as their numbers say. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let place = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) if ((place -= weight) < 0) return key;
    return this.pick(entries)[0];
  }

  shuffle<T>(list: readonly T[]): T[] {
    const result = [...list];
    for (let end = result.length - 1; end > 0; end--) {
      const other = this.int(0, end);
      [result[end], result[other]] = [result[other] as T, result[end] as T];
    }
    return result;
  }

  /** Up to `count` different items, in a random order. */
  sample<T>(list: readonly T[], count: number): T[] {
    return this.shuffle(list).slice(0, count);
  }
}

/** FNV-1a over the text, stirred for each number that is drawn. */
function hash(text: string): () => number {
  let state = 2_166_136_261;
  for (const unit of text) state = Math.imul(state ^ (unit.codePointAt(0) ?? 0), 16_777_619);
  return () => {
    state = Math.imul(state ^ (state >>> 16), 2_246_822_507);
    state = Math.imul(state ^ (state >>> 13), 3_266_489_909);
    return (state ^= state >>> 16);
  };
}
