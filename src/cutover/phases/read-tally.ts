import type { ReadComparison } from './read-comparison.js';

/** What a read took: ms, and read capacity units where they are known. */
export interface ReadCost {
  readonly ms: number;
  readonly units?: number;
}

/** ms; each is at most 1 % above the exact one, the average is exact. 0 where nothing was read. */
export interface ReadTimes {
  readonly average: number;
  readonly p50: number;
  readonly p99: number;
}

export interface ReadTallyResult {
  /** reads that were compared */
  readonly reads: number;
  readonly inconsistentReads: number;
  /** own rows that the legacy model answered: equal + missing + different ones */
  readonly ownRows: number;
  readonly equalRows: number;
  /** percent of the own rows that the new model answered alike, rounded down to two decimals; 100 where there was none */
  readonly completeness: number;
  readonly alsoVisible: number;
  readonly legacy: ReadTimes & { readonly units: number };
  readonly fresh: ReadTimes & { readonly units: number };
}

/** Bins grow by this factor, so that a share of the reads is told to 1 % however many there were. */
const GROWTH = 1.01;
/** ms; anything faster is as fast */
const LEAST = 0.01;

/** Adds comparisons up for the judgement of a ramp (E-24, E-25): response time, what reads cost, and completeness. */
export class ReadTally {
  private reads = 0;
  private inconsistentReads = 0;
  private ownRows = 0;
  private equalRows = 0;
  private alsoVisible = 0;
  private readonly legacy = new Costs();
  private readonly fresh = new Costs();

  add(comparison: ReadComparison, legacy: ReadCost, fresh: ReadCost): void {
    const { equal, missing, different, alsoVisible, isConsistent } = comparison;
    this.reads += 1;
    if (!isConsistent) this.inconsistentReads += 1;
    this.ownRows += equal + missing.length + different.length;
    this.equalRows += equal;
    this.alsoVisible += alsoVisible;
    this.legacy.add(legacy);
    this.fresh.add(fresh);
  }

  result(): ReadTallyResult {
    const { reads, inconsistentReads, ownRows, equalRows, alsoVisible } = this;
    const completeness = ownRows === 0 ? 100 : Math.floor((equalRows * 10_000) / ownRows) / 100;
    return {
      ...{ reads, inconsistentReads, ownRows, equalRows, completeness, alsoVisible },
      legacy: this.legacy.result(),
      fresh: this.fresh.result(),
    };
  }

  /** What of it `checklist` and `phase advance` take with `--figures`; `takenAt` is an ISO instant. */
  figures(takenAt: string): object {
    const { legacy, fresh, inconsistentReads } = this.result();
    const pair = (name: keyof ReadTimes): object => ({
      now: short(fresh[name]),
      before: short(legacy[name]),
    });
    return {
      takenAt,
      figures: {
        inconsistencies: inconsistentReads,
        averageMs: pair('average'),
        p50Ms: pair('p50'),
        p99Ms: pair('p99'),
      },
    };
  }
}

/** Figures take 15 digits. */
function short(ms: number): number {
  return Number(ms.toFixed(3));
}

class Costs {
  private count = 0;
  private ms = 0;
  private units = 0;
  /** number of the bin → reads in it */
  private readonly bins = new Map<number, number>();

  add({ ms, units = 0 }: ReadCost): void {
    const bin = Math.max(0, Math.ceil(Math.log(ms / LEAST) / Math.log(GROWTH)));
    this.bins.set(bin, (this.bins.get(bin) ?? 0) + 1);
    this.count += 1;
    this.ms += ms;
    this.units += units;
  }

  result(): ReadTimes & { readonly units: number } {
    const average = this.count === 0 ? 0 : this.ms / this.count;
    return { average, p50: this.percentile(50), p99: this.percentile(99), units: this.units };
  }

  /** The least time within which so many percent of the reads were answered (nearest rank). */
  private percentile(percent: number): number {
    let left = Math.ceil((this.count * percent) / 100);
    for (const [bin, count] of [...this.bins].sort(([one], [other]) => one - other)) {
      left -= count;
      if (left <= 0) return LEAST * GROWTH ** bin;
    }
    return 0;
  }
}
