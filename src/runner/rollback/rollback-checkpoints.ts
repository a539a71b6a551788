import type { Cursor } from '../../migrations/contract/record-reader.js';
import type { Journal, JournalEntry, SegmentCheckpoint } from '../ports/journal.js';

export interface RollbackTally {
  readonly removed: number;
  readonly kept: number;
  readonly foreign: number;
}

export const NOTHING: RollbackTally = { removed: 0, kept: 0, foreign: 0 };

export function addTallies(a: RollbackTally, b: RollbackTally): RollbackTally {
  return { removed: a.removed + b.removed, kept: a.kept + b.kept, foreign: a.foreign + b.foreign };
}

/** What a checkpoint can name and still fit a journal item of 400 KB, many times over. */
const MAX_UNSEEN = 4_000;

interface Part {
  checkpoint: SegmentCheckpoint;
  /**
   * Rows that an ended process had announced and that the scan has not met since, in the order of their announcement.
   * They are gone, unless the application has put so many rows before them that they come later in the scan.
   */
  readonly unseen: Set<string>;
  /** whether this process has covered a slice, so that what is unseen is as good as gone */
  covered: boolean;
}

/**
 * How far the rollback of one step has got, by parts: one for each segment of each table. Rows are announced before they
 * are removed, so that after a crash a row that is gone is counted as removed, and counted once (invariant 6).
 */
export class RollbackCheckpoints {
  private readonly parts: readonly Part[];

  constructor(
    private readonly journal: Pick<Journal, 'saveCheckpoint'>,
    run: string,
    step: string,
    parts: number,
    stored: readonly SegmentCheckpoint[],
  ) {
    this.parts = Array.from({ length: parts }, (_, segment) => {
      const checkpoint =
        stored.find((candidate) => candidate.segment === segment) ?? beginning(run, step, segment);
      return { checkpoint, unseen: new Set(checkpoint.announced), covered: false };
    });
  }

  /** Where a part goes on. */
  from(part: number): Cursor | 'done' | undefined {
    const { done, cursor } = this.of(part).checkpoint;
    return done ? 'done' : cursor;
  }

  /** The number of the slice that a part is in. */
  slice(part: number): number {
    return this.of(part).checkpoint.slices;
  }

  /** What all covered slices have counted. */
  tally(): RollbackTally {
    const counted = this.parts.map(({ checkpoint, unseen, covered }) => {
      const tally = tallyOf(checkpoint);
      return covered ? { ...tally, removed: tally.removed + unseen.size } : tally;
    });
    return counted.reduce(addTallies, NOTHING);
  }

  /** Whether an entry counts: a checkpoint covers its slice. */
  covers({ slice }: JournalEntry): boolean {
    return slice !== undefined && slice.number < (this.parts[slice.segment]?.checkpoint.slices ?? 0);
  }

  /** The scan has met these rows: who announced their removal did not get to it. Named only where that matters. */
  met<T>(part: number, rows: readonly T[], announcementOf: (row: T) => string): void {
    const { unseen } = this.of(part);
    for (const row of rows) {
      if (unseen.size === 0) return;
      unseen.delete(announcementOf(row));
    }
  }

  /** Resolves when the announcements are stored. */
  async announce(part: number, announcements: readonly string[]): Promise<void> {
    const { checkpoint, unseen } = this.of(part);
    await this.save(part, { ...checkpoint, announced: [...unseen, ...announcements] });
  }

  /** Ends a slice. `cursor`: where the next one starts; undefined: the part is done. */
  async cover(part: number, slice: RollbackTally, cursor: Cursor | undefined): Promise<void> {
    const known = this.of(part);
    const { run, step, segment, slices, counters, reasons } = known.checkpoint;
    const left = [...known.unseen];
    const gone = cursor === undefined ? left : left.slice(0, Math.max(0, left.length - MAX_UNSEEN));
    const { removed, kept, foreign } = addTallies(tallyOf({ counters }), slice);
    await this.save(part, {
      ...{ run, step, segment, slices: slices + 1, done: cursor === undefined, reasons },
      counters: { removed: removed + gone.length, kept, foreign },
      announced: left.slice(gone.length),
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const announcement of gone) known.unseen.delete(announcement);
    known.covered = true;
  }

  private async save(part: number, checkpoint: SegmentCheckpoint): Promise<void> {
    await this.journal.saveCheckpoint(checkpoint);
    this.of(part).checkpoint = checkpoint;
  }

  private of(part: number): Part {
    const known = this.parts[part];
    if (known === undefined) throw new RangeError(`no part ${part} of ${this.parts.length}`);
    return known;
  }
}

function beginning(run: string, step: string, segment: number): SegmentCheckpoint {
  return { run, step, segment, slices: 0, done: false, counters: {}, reasons: {}, announced: [] };
}

function tallyOf({ counters }: Pick<SegmentCheckpoint, 'counters'>): RollbackTally {
  const { removed = 0, kept = 0, foreign = 0 } = counters;
  return { removed, kept, foreign };
}
