import type { DiscrepancyReason } from './discrepancies.js';
import type { DualWriteResult } from './write-result.js';

/** What this process has written since it began (E-21); whole numbers. */
export interface DualWriteFigures {
  /** writes to both models: consistent + partial + failed */
  readonly writes: number;
  readonly consistent: number;
  readonly partial: number;
  /** ended by an error of the store or by others who kept writing */
  readonly failed: number;
  /** what the application asked for could not be, e.g. a record that is not there; no dual write's fault */
  readonly refused: number;
  /** writes to one model alone, as the phase said */
  readonly single: number;
  /** partial writes by reason */
  readonly reasons: Readonly<Partial<Record<DiscrepancyReason, number>>>;
  /** of writes to both models, in microseconds; min and max are 0 where there was none */
  readonly latency: {
    readonly count: number;
    readonly sum: number;
    readonly min: number;
    readonly max: number;
  };
}

/** Decimals of a percentage. */
const DECIMALS = 4;
const WHOLE = 100n * 10n ** BigInt(DECIMALS);

/**
 * The consistent share of the writes to both models in percent, as text with four decimals, rounded down: 99.9001 is above
 * a limit of 99.9, 99.9 is not. What the figure `dualWriteSuccess` of a checklist is (E-45). Undefined: nothing was written.
 */
export function successPercent({
  writes,
  consistent,
}: Pick<DualWriteFigures, 'writes' | 'consistent'>): string | undefined {
  if (writes === 0) return undefined;
  const parts = String((BigInt(consistent) * WHOLE) / BigInt(writes)).padStart(DECIMALS + 1, '0');
  return `${parts.slice(0, -DECIMALS)}.${parts.slice(-DECIMALS)}`;
}

/** Counts writes as they end. */
export class WriteCounters {
  private readonly counts = { consistent: 0, partial: 0, failed: 0, refused: 0, single: 0 };
  private readonly reasons = new Map<DiscrepancyReason, number>();
  private readonly latency = { count: 0, sum: 0, min: 0, max: 0 };

  ended(result: DualWriteResult, milliseconds: number): void {
    if (result.written === 'partial') {
      this.counts.partial += 1;
      this.reasons.set(result.reason, (this.reasons.get(result.reason) ?? 0) + 1);
    } else if (result.written === 'both') {
      this.counts.consistent += 1;
    } else {
      this.counts.single += 1;
      return;
    }
    this.took(milliseconds);
  }

  failed(milliseconds: number): void {
    this.took(milliseconds);
    this.counts.failed += 1;
  }

  refused(): void {
    this.counts.refused += 1;
  }

  figures(): DualWriteFigures {
    const { consistent, partial, failed } = this.counts;
    return {
      writes: consistent + partial + failed,
      ...this.counts,
      reasons: Object.fromEntries(this.reasons),
      latency: { ...this.latency },
    };
  }

  private took(milliseconds: number): void {
    const { latency } = this;
    const micros = Math.max(0, Math.round(milliseconds * 1000));
    latency.min = latency.count === 0 ? micros : Math.min(latency.min, micros);
    latency.max = Math.max(latency.max, micros);
    latency.count += 1;
    latency.sum += micros;
  }
}
