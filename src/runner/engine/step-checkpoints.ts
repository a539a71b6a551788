import type { Cursor } from '../../migrations/contract/record-reader.js';
import { OUTCOMES } from '../../migrations/contract/outcome.js';
import type { Counters, Journal, JournalEntry, SegmentCheckpoint } from '../ports/journal.js';
import { announcement } from './announcement.js';
import { addCounters, noCounters } from './counters.js';
import type { Announcements } from './row-settlement.js';

export interface StepTally {
  readonly counters: Counters;
  /** quarantined records per reason code */
  readonly reasons: Readonly<Record<string, number>>;
}

export function noTally(): StepTally {
  return { counters: noCounters(), reasons: {} };
}

export function addTallies(a: StepTally, b: StepTally): StepTally {
  const reasons = new Map(Object.entries(a.reasons));
  for (const [reason, count] of Object.entries(b.reasons))
    reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  return { counters: addCounters(a.counters, b.counters), reasons: Object.fromEntries(reasons) };
}

/** What all slices have counted that these checkpoints cover. */
export function coveredBy(checkpoints: readonly SegmentCheckpoint[]): StepTally {
  return checkpoints.map(tallyOf).reduce(addTallies, noTally());
}

/**
 * How far a step of a run has got, segment by segment. Cursor, counters and reasons of a segment change together, in
 * the journal and here; what is not covered by a checkpoint is done again after a crash (invariant 6).
 */
export class StepCheckpoints {
  private readonly segments: SegmentCheckpoint[];

  constructor(
    private readonly journal: Pick<Journal, 'saveCheckpoint'>,
    run: string,
    step: string,
    segments: number,
    stored: readonly SegmentCheckpoint[],
  ) {
    this.segments = Array.from({ length: segments }, (_, segment) => {
      return stored.find((checkpoint) => checkpoint.segment === segment) ?? beginning(run, step, segment);
    });
  }

  /** Where a segment goes on. */
  from(segment: number): Cursor | 'done' | undefined {
    const { done, cursor } = this.of(segment);
    return done ? 'done' : cursor;
  }

  get done(): boolean {
    return this.segments.every(({ done }) => done);
  }

  /** The number of the slice that a segment is in. */
  slice(segment: number): number {
    return this.of(segment).slices;
  }

  /** What all covered slices have counted. */
  tally(): StepTally {
    return coveredBy(this.segments);
  }

  /** Whether an entry counts: it belongs to no slice, or to one that a checkpoint covers. */
  covers({ slice }: JournalEntry): boolean {
    return slice === undefined || slice.number < (this.segments[slice.segment]?.slices ?? 0);
  }

  /** The announcements of the slice that a segment is in. */
  announcements(segment: number): Announcements {
    return {
      has: (source) => this.of(segment).announced.includes(announcement(source)),
      announce: async (sources) => {
        const known = this.of(segment);
        const announced = [
          ...new Set([...known.announced, ...sources.map((source) => announcement(source))]),
        ];
        if (announced.length > known.announced.length) await this.save({ ...known, announced });
      },
    };
  }

  /**
   * Ends a slice. `cursor`: where the next one starts; undefined: the segment is done. `settled`: the records of the
   * slice. What was announced for others stays announced: a process that was killed may have got further in a longer
   * slice than this one.
   */
  async cover(
    segment: number,
    slice: StepTally,
    cursor: Cursor | undefined,
    settled: readonly string[],
  ): Promise<void> {
    const known = withoutCursor(this.of(segment));
    const { counters, reasons } = addTallies(tallyOf(known), slice);
    const next = { ...known, slices: known.slices + 1, counters: { ...counters }, reasons };
    if (cursor === undefined) await this.save({ ...next, done: true, announced: [] });
    else await this.save({ ...next, cursor, announced: without(known.announced, settled) });
  }

  private async save(checkpoint: SegmentCheckpoint): Promise<void> {
    await this.journal.saveCheckpoint(checkpoint);
    this.segments[checkpoint.segment] = checkpoint;
  }

  private of(segment: number): SegmentCheckpoint {
    const checkpoint = this.segments[segment];
    if (checkpoint === undefined) throw new RangeError(`no segment ${segment} of ${this.segments.length}`);
    return checkpoint;
  }
}

function withoutCursor({ cursor: _, ...rest }: SegmentCheckpoint): Omit<SegmentCheckpoint, 'cursor'> {
  return rest;
}

function without(announced: readonly string[], settled: readonly string[]): readonly string[] {
  if (announced.length === 0) return announced;
  const over = new Set(settled.map((source) => announcement(source)));
  return announced.filter((one) => !over.has(one));
}

function beginning(run: string, step: string, segment: number): SegmentCheckpoint {
  return { run, step, segment, slices: 0, done: false, counters: {}, reasons: {}, announced: [] };
}

function tallyOf({ counters, reasons }: Pick<SegmentCheckpoint, 'counters' | 'reasons'>): StepTally {
  const known = { ...noCounters() };
  for (const name of ['read', 'rows', ...OUTCOMES] as const) known[name] = counters[name] ?? 0;
  return { counters: known, reasons };
}
