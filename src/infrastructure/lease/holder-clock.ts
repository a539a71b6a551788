import type { LeaseClocks } from './lease-clocks.js';

/** Clocks that drift apart by less are running alike. Well below any margin, well above their resolution. */
const ALIKE_MS = 100;

/**
 * The time by which a holder reckons how long its lease is good: the monotonic clock, moved ahead whenever one of the
 * others moves ahead of it. It may so run fast, which only ends a lease early, and never misses a suspended machine.
 */
export class HolderClock {
  readonly #monotonic: () => number;
  readonly #others: readonly Comparison[];

  constructor({ clock, monotonic, sinceBoot }: Omit<LeaseClocks, 'sleep'>) {
    this.#monotonic = monotonic;
    const now = monotonic();
    this.#others = [clock, sinceBoot]
      .filter((read) => read !== undefined)
      .map((read) => ({ read, offset: read() - now, ahead: 0 }));
  }

  /** ms, for differences only */
  now(): number {
    const now = this.#monotonic();
    for (const other of this.#others) compare(other, now);
    return now + Math.max(...this.#others.map(({ ahead }) => ahead));
  }
}

/** Another clock beside the monotonic one. Steps back are followed and forgotten; steps ahead add up. */
interface Comparison {
  readonly read: () => number;
  offset: number;
  ahead: number;
}

function compare(other: Comparison, now: number): void {
  const step = other.read() - now - other.offset;
  if (Math.abs(step) < ALIKE_MS) return;
  other.offset += step;
  other.ahead += Math.max(0, step);
}
