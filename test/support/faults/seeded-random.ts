import { createHash } from 'node:crypto';

/** A generator of pseudo-random numbers: same seeds, same numbers, on every machine. */
export class SeededRandom {
  private state: number;

  constructor(...seeds: readonly (string | number)[]) {
    this.state = createHash('sha256').update(JSON.stringify(seeds)).digest().readUInt32LE(0);
  }

  /** uniform in 0 … 1, 1 excluded (mulberry32) */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** a whole number from 0 to `limit` - 1 */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Some of the elements, at least one and in their order; now and then all of them. */
  some<T>(elements: readonly T[]): T[] {
    const wanted = 1 + this.below(elements.length);
    let left = wanted;
    return elements.filter((_, index) => {
      const taken = this.below(elements.length - index) < left;
      if (taken) left -= 1;
      return taken;
    });
  }
}
