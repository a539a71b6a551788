import type { Counters } from './journal.js';

/** What a long command tells while it works. Implementations write to stderr only. */
export interface Progress {
  /** `total` is an estimate (item counts lag), undefined where unknown */
  started(activity: string, total: number | undefined): void;
  advanced(done: number, counters?: Counters): void;
  finished(): void;
}
