/** Sizes in bytes, summed up; memory grows with the number of different sizes only, at most 400 K of them. */
export class SizeTally {
  count = 0;
  total = 0;
  max = 0;
  private readonly sizes = new Map<number, number>();

  add(bytes: number): void {
    this.count += 1;
    this.total += bytes;
    this.max = Math.max(this.max, bytes);
    this.sizes.set(bytes, (this.sizes.get(bytes) ?? 0) + 1);
  }

  get average(): number {
    return this.count === 0 ? 0 : this.total / this.count;
  }

  /** The smallest size that at least this share of all is not above; 0 where there is none. */
  percentile(share: number): number {
    const wanted = Math.ceil(this.count * share);
    let seen = 0;
    for (const [bytes, count] of [...this.sizes].sort(([a], [b]) => a - b)) {
      seen += count;
      if (seen >= wanted) return bytes;
    }
    return 0;
  }
}

/** Values told apart by a key tally; what comes later counts as others. A key that is hot comes early. */
const MAX_KEYS = 20_000;

/** How often each partition key of an index occurs, weighted with the units that its rows take. */
export class KeyTally {
  units = 0;
  /** more distinct values than are counted */
  overflown = false;
  private readonly keys = new Map<string, { rows: number; units: number }>();

  constructor(private readonly limit = MAX_KEYS) {}

  add(value: string, units: number): void {
    this.units += units;
    const known = this.keys.get(value);
    if (known !== undefined) {
      known.rows += 1;
      known.units += units;
    } else if (this.keys.size < this.limit) this.keys.set(value, { rows: 1, units });
    else this.overflown = true;
  }

  get distinct(): number {
    return this.keys.size;
  }

  /** The key that takes most; of equal ones the lowest, so that nothing depends on the order. */
  top(): { readonly value: string; readonly rows: number; readonly units: number } | undefined {
    let top: { value: string; rows: number; units: number } | undefined;
    for (const [value, { rows, units }] of this.keys) {
      const isMore = top === undefined || units > top.units || (units === top.units && value < top.value);
      if (isMore) top = { value, rows, units };
    }
    return top;
  }
}

/** The largest few of many, by bytes. */
export class Largest {
  private readonly found: { readonly id: string; readonly bytes: number }[] = [];

  constructor(private readonly limit = 5) {}

  add(id: string, bytes: number): void {
    const last = this.found.at(-1);
    // of equal ones the lowest id, so that nothing depends on the order
    const isBehind = last !== undefined && (last.bytes > bytes || (last.bytes === bytes && last.id <= id));
    if (this.found.length === this.limit && isBehind) return;
    this.found.push({ id, bytes });
    this.found.sort((a, b) => b.bytes - a.bytes || (a.id < b.id ? -1 : 1));
    if (this.found.length > this.limit) this.found.pop();
  }

  list(): readonly { readonly id: string; readonly bytes: number }[] {
    return [...this.found];
  }
}
