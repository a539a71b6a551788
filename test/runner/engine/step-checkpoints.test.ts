import type { Cursor } from '../../../src/migrations/contract/record-reader.js';
import { announcement } from '../../../src/runner/engine/announcement.js';
import { noCounters } from '../../../src/runner/engine/counters.js';
import {
  addTallies,
  noTally,
  StepCheckpoints,
  type StepTally,
} from '../../../src/runner/engine/step-checkpoints.js';
import type { JournalEntry, SegmentCheckpoint } from '../../../src/runner/ports/journal.js';

const RUN = '20261121T080000Z-000002';
const at = (id: string): Cursor => ({ id: { S: id } });
const tally = (read: number, reasons: Readonly<Record<string, number>> = {}): StepTally => {
  const quarantined = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  return { counters: { ...noCounters(), read, created: read - quarantined, quarantined }, reasons };
};
const entry = (slice?: JournalEntry['slice']): JournalEntry => {
  const base = { kind: 'warning', step: 'links', source: 'old#1', reason: 'ODD', detail: 'odd' } as const;
  return slice === undefined ? base : { ...base, slice };
};

/** Checkpoints over what a journal has stored, which stays there for the next process. */
function process(segments: number, stored: Map<number, SegmentCheckpoint> = new Map()) {
  let broken = false;
  const saved: SegmentCheckpoint[] = [];
  const journal = {
    saveCheckpoint: (checkpoint: SegmentCheckpoint): Promise<void> => {
      if (broken) return Promise.reject(new RangeError('no journal'));
      saved.push(structuredClone(checkpoint));
      stored.set(checkpoint.segment, structuredClone(checkpoint));
      return Promise.resolve();
    },
  };
  const checkpoints = new StepCheckpoints(journal, RUN, 'links', segments, [...stored.values()]);
  const breakDown = (): void => {
    broken = true;
  };
  return { checkpoints, saved, breakDown, next: () => process(segments, stored).checkpoints };
}

describe('tallies', () => {
  it('add up, reason by reason', () => {
    const sum = addTallies(tally(3, { A: 1, B: 1 }), tally(2, { B: 1, C: 0 }));
    expect(sum).toEqual({
      counters: { ...noCounters(), read: 5, created: 2, quarantined: 3 },
      reasons: { A: 1, B: 2, C: 0 },
    });
    expect(addTallies(noTally(), noTally())).toEqual({ counters: noCounters(), reasons: {} });
  });

  it('keep reasons apart that are called like what every object has', () => {
    const odd = Object.fromEntries([['__proto__', 2]]);
    const sum = addTallies(tally(2, odd), tally(1, { constructor: 1 }));
    expect(Object.entries(sum.reasons)).toEqual([
      ['__proto__', 2],
      ['constructor', 1],
    ]);
  });
});

describe('the checkpoints of a step', () => {
  it('begin every segment at its start, with nothing counted', () => {
    const { checkpoints, saved } = process(2);
    expect([checkpoints.from(0), checkpoints.from(1), checkpoints.slice(1), checkpoints.done]).toEqual([
      undefined,
      undefined,
      0,
      false,
    ]);
    expect(checkpoints.tally()).toEqual(noTally());
    expect(saved).toEqual([]);
    expect(() => checkpoints.from(2)).toThrow(RangeError);
  });

  it('invariant 6: move cursor, number of slices, counters and reasons together, in one write', async () => {
    const { checkpoints, saved } = process(2);
    await checkpoints.cover(1, tally(3, { A: 1 }), at('c'), []);
    await checkpoints.cover(1, tally(2, { A: 1 }), at('e'), []);
    expect(saved.at(-1)).toEqual({
      run: RUN,
      step: 'links',
      segment: 1,
      slices: 2,
      cursor: at('e'),
      done: false,
      counters: { ...noCounters(), read: 5, created: 3, quarantined: 2 },
      reasons: { A: 2 },
      announced: [],
    });
    expect(saved).toHaveLength(2);
    expect([checkpoints.slice(0), checkpoints.slice(1)]).toEqual([0, 2]);
  });

  it('are done when every segment is, and say so to the next process', async () => {
    const { checkpoints, next } = process(2);
    await checkpoints.cover(0, tally(1), undefined, []);
    expect([checkpoints.done, checkpoints.from(0)]).toEqual([false, 'done']);
    await checkpoints.cover(1, tally(2), at('x'), []);
    await checkpoints.cover(1, tally(0), undefined, []);
    const resumed = next();
    expect([resumed.done, resumed.from(1), resumed.tally().counters.read]).toEqual([true, 'done', 3]);
  });

  it('keep nothing of a cursor where a segment is done', async () => {
    const { checkpoints, saved } = process(1);
    await checkpoints.cover(0, tally(1), at('a'), []);
    await checkpoints.cover(0, tally(1), undefined, []);
    expect(saved.at(-1)).not.toHaveProperty('cursor');
  });

  it('count nothing that could not be stored', async () => {
    const { checkpoints, breakDown } = process(1);
    await checkpoints.cover(0, tally(2), at('b'), []);
    breakDown();
    await expect(checkpoints.cover(0, tally(5), at('g'), [])).rejects.toThrow('no journal');
    await expect(checkpoints.announcements(0).announce(['old#9'])).rejects.toThrow('no journal');
    expect([checkpoints.tally().counters.read, checkpoints.slice(0), checkpoints.from(0)]).toEqual([
      2,
      1,
      at('b'),
    ]);
    expect(checkpoints.announcements(0).has('old#9')).toBe(false);
  });

  it('take a counter that an older version did not know for zero', () => {
    const old = { run: RUN, step: 'links', segment: 0, slices: 1, done: true, reasons: {}, announced: [] };
    const stored = new Map([[0, { ...old, counters: { read: 4, created: 4 } }]]);
    expect(process(1, stored).checkpoints.tally().counters).toEqual({ ...noCounters(), read: 4, created: 4 });
  });

  it('cover the entries of slices before the one that is under way, and those of no slice', async () => {
    const { checkpoints } = process(2);
    await checkpoints.cover(1, tally(1), at('a'), []);
    await checkpoints.cover(1, tally(1), at('b'), []);
    const covered = (segment: number, number: number): boolean =>
      checkpoints.covers(entry({ segment, number }));
    expect([covered(1, 0), covered(1, 1), covered(1, 2)]).toEqual([true, true, false]);
    expect(covered(0, 0)).toBe(false);
    expect(covered(7, 0)).toBe(false);
    expect(checkpoints.covers(entry())).toBe(true);
  });
});

describe('announcements of a segment', () => {
  it('are stored as short digests, the rest of the checkpoint as it was', async () => {
    const { checkpoints, saved } = process(1);
    await checkpoints.cover(0, tally(2), at('b'), []);
    await checkpoints.announcements(0).announce(['old#3', 'old#4', 'old#3']);
    expect(saved.at(-1)).toEqual({
      ...saved.at(-2),
      announced: [announcement('old#3'), announcement('old#4')],
    });
    expect(announcement('old#3')).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  it('are not stored again where they are known', async () => {
    const { checkpoints, saved } = process(1);
    await checkpoints.announcements(0).announce(['old#3']);
    await checkpoints.announcements(0).announce(['old#3']);
    expect(saved).toHaveLength(1);
    await checkpoints.announcements(0).announce(['old#3', 'old#4']);
    expect(saved).toHaveLength(2);
  });

  it('are known to the next process, in their segment only', async () => {
    const { checkpoints, next } = process(2);
    await checkpoints.announcements(1).announce(['old#3']);
    const resumed = next();
    expect([0, 1].map((segment) => resumed.announcements(segment).has('old#3'))).toEqual([false, true]);
    expect(resumed.announcements(1).has('old#4')).toBe(false);
  });

  it('are over when their record is settled', async () => {
    const { checkpoints, saved } = process(1);
    await checkpoints.announcements(0).announce(['old#3']);
    await checkpoints.cover(0, tally(1), at('c'), ['old#3']);
    expect(saved.at(-1)?.announced).toEqual([]);
    expect(checkpoints.announcements(0).has('old#3')).toBe(false);
  });

  it('outlive a slice that ended before their record, as a killed process may have got further than that', async () => {
    const { checkpoints, next } = process(1);
    await checkpoints.announcements(0).announce(['old#3', 'old#9']);
    await checkpoints.cover(0, tally(3), at('c'), ['old#1', 'old#2', 'old#3']);
    const resumed = next();
    expect(['old#3', 'old#9'].map((source) => resumed.announcements(0).has(source))).toEqual([false, true]);
    await resumed.cover(0, tally(0), undefined, []);
    expect(next().announcements(0).has('old#9')).toBe(false);
  });
});
