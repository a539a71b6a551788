import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { StoredItem, StoredValue } from '../../src/domain/storage/stored-value.js';
import type { BackupEvidence } from '../../src/runner/ports/attestation.js';
import type { Journal, JournalEntry, SegmentCheckpoint, Slice } from '../../src/runner/ports/journal.js';
import {
  acceptance,
  all,
  checkpoint,
  digested,
  EVERY_TYPE,
  hugeRecord,
  LATER_RUN,
  quarantined,
  RUN,
} from './journal-samples.js';

/** What a journal keeps for a run that goes on where another process stopped. */
export function journalResumeContract(journal: () => Journal, severalRuns: boolean): void {
  describe('slices and pruning', () => slicesContract(journal));
  if (!severalRuns) return;
  describe('checkpoints', () => checkpointContract(journal));
  describe('attestations', () => attestationContract(journal));
}

function slicesContract(journal: () => Journal): void {
  const list = (step = 'links', images = true): Promise<JournalEntry[]> =>
    all(journal().entries(RUN, step, 'quarantine', { images }));
  const inSlice = (source: string, segment: number, number: number, detail = 'x'): JournalEntry =>
    quarantined(source, { slice: { segment, number }, detail });

  it('gives back the slice of an entry, with images and without, and none where there was none', async () => {
    const entries = [inSlice('t#1', 0, 0), inSlice('t#2', 7, 123_456), quarantined('t#3')];
    await journal().append(RUN, entries);
    expect(await list()).toEqual(entries);
    expect((await list('links', false)).map(({ slice }) => slice)).toEqual([
      { segment: 0, number: 0 },
      { segment: 7, number: 123_456 },
      undefined,
    ]);
    expect(await journal().entry(RUN, 'links', 'quarantine', 't#2')).toEqual(entries[1]);
  });

  it('replaces an entry by that of a repeated slice, whatever its number', async () => {
    await journal().append(RUN, [inSlice('t#1', 0, 4, 'first')]);
    await journal().append(RUN, [inSlice('t#1', 1, 2, 'second')]);
    expect(await list()).toEqual([inSlice('t#1', 1, 2, 'second')]);
  });

  it('removes the entries that are not wanted any more, and says how many went', async () => {
    await journal().append(RUN, [inSlice('t#1', 0, 0), inSlice('t#2', 0, 1), quarantined('t#3')]);
    await journal().append(RUN, [
      quarantined('t#2', { kind: 'conflict', reason: 'CONFLICT', slice: { segment: 0, number: 1 } }),
      quarantined('t#2', { step: 'milestones', slice: { segment: 0, number: 1 } }),
    ]);
    const keep = ({ slice }: JournalEntry): boolean => slice === undefined || slice.number < 1;
    expect(await journal().prune(RUN, 'links', 'quarantine', keep)).toBe(1);
    expect((await list()).map(({ source }) => source)).toEqual(['t#1', 't#3']);
    expect(await list('milestones')).toHaveLength(1);
    expect(await all(journal().entries(RUN, 'links', 'conflict'))).toHaveLength(1);
    expect(await journal().prune(RUN, 'links', 'quarantine', keep)).toBe(0);
    expect(await journal().prune(RUN, 'links', 'warning', () => false)).toBe(0);
    expect(await all(journal().entries(RUN, 'links', 'warning'))).toEqual([]);
  });

  it('judges an entry by its last version, without images, and lets no older one come back', async () => {
    await journal().append(RUN, [inSlice('t#1', 0, 0, 'old'), inSlice('t#2', 0, 9, 'old')]);
    await journal().append(RUN, [inSlice('t#1', 0, 9, 'new'), inSlice('t#2', 0, 0, 'new')]);
    const judged: JournalEntry[] = [];
    const keep = (entry: JournalEntry): boolean => {
      judged.push(entry);
      return entry.detail === 'new' && entry.slice?.number === 0;
    };
    expect(await journal().prune(RUN, 'links', 'quarantine', keep)).toBe(1);
    expect(await list()).toEqual([inSlice('t#2', 0, 0, 'new')]);
    expect(judged.map(({ source, image }) => [source, image]).sort()).toEqual([
      ['t#1', undefined],
      ['t#2', undefined],
    ]);
  });

  it('removes images of any size with their entries, and takes such an entry again', async () => {
    const entries = Array.from({ length: 120 }, (_, i) => inSlice(`t#${1_000 + i}`, 0, i));
    const huge = { ...inSlice('t#huge', 0, 200), image: hugeRecord('t#huge') };
    await journal().append(RUN, [...entries, huge]);
    expect(await journal().prune(RUN, 'links', 'quarantine', ({ slice }) => slice?.number === 7)).toBe(120);
    expect(await list()).toEqual([entries[7]]);
    await journal().append(RUN, [huge]);
    expect((await list()).map(digested)).toEqual([entries[7], huge].map(digested));
  });

  it('has, whatever was appended and pruned, the last version of each entry that was kept', async () => {
    const slice = fc.option(fc.record({ segment: fc.nat(3), number: fc.nat(3) }), { nil: undefined });
    const append = fc.array(fc.tuple(fc.nat(30), slice, fc.string({ unit: 'binary', maxLength: 4 })), {
      maxLength: 12,
    });
    const covered = fc.array(fc.nat(4), { minLength: 4, maxLength: 4 });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(append, covered), { maxLength: 6 }), async (work) => {
        const step = `step ${(count += 1)}`;
        const expected = new Map<string, JournalEntry>();
        for (const piece of work) {
          if (isCovered(piece)) {
            const keep = (entry: JournalEntry): boolean =>
              entry.slice === undefined || entry.slice.number < piece[entry.slice.segment]!;
            const unwanted = [...expected].filter(([, entry]) => !keep(entry));
            for (const [source] of unwanted) expected.delete(source);
            expect(await journal().prune(RUN, step, 'quarantine', keep)).toBe(unwanted.length);
          } else {
            const entries = piece.map(([id, at, detail]) => entryOf(step, id, at, detail));
            for (const entry of entries) expected.set(entry.source, entry);
            await journal().append(RUN, entries);
          }
        }
        const sorted = [...expected.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
        expect(await list(step)).toEqual(sorted);
      }),
      { numRuns: 40 },
    );
  });
}

type Append = [id: number, slice: Slice | undefined, detail: string][];

function isCovered(piece: Append | number[]): piece is number[] {
  return piece.every((element) => typeof element === 'number') && piece.length > 0;
}

function entryOf(step: string, id: number, slice: Slice | undefined, detail: string): JournalEntry {
  return quarantined(`t#${100 + id}`, { step, detail, ...(slice !== undefined && { slice }) });
}

function checkpointContract(journal: () => Journal): void {
  it('gives back the checkpoint of each segment as it was saved last, in order of the segments', async () => {
    const segments = [10, 2, 0, 999_999, 8, 1].map((segment) => checkpoint({ segment, slices: segment }));
    for (const each of segments) await journal().saveCheckpoint(each);
    await journal().saveCheckpoint(checkpoint({ segment: 2, slices: 77, announced: ['a', 'b'] }));
    await journal().saveCheckpoint(checkpoint({ step: 'milestones', slices: 5 }));
    await journal().saveCheckpoint(checkpoint({ run: LATER_RUN, slices: 6 }));
    expect(await journal().checkpoints(RUN, 'links')).toEqual([
      checkpoint({ segment: 0, slices: 0 }),
      checkpoint({ segment: 1, slices: 1 }),
      checkpoint({ segment: 2, slices: 77, announced: ['a', 'b'] }),
      checkpoint({ segment: 8, slices: 8 }),
      checkpoint({ segment: 10, slices: 10 }),
      checkpoint({ segment: 999_999, slices: 999_999 }),
    ]);
    expect(await journal().checkpoints(RUN, 'milestones')).toEqual([
      checkpoint({ step: 'milestones', slices: 5 }),
    ]);
    expect(await journal().checkpoints(LATER_RUN, 'milestones')).toEqual([]);
  });

  it('replaces a checkpoint as a whole: nothing of an earlier one stays', async () => {
    await journal().saveCheckpoint(checkpoint({ announced: ['a'] }));
    const end: SegmentCheckpoint = {
      ...{ run: RUN, step: 'links', segment: 0, slices: 4, done: true },
      ...{ counters: {}, reasons: {}, announced: [] },
    };
    await journal().saveCheckpoint(end);
    expect(await journal().checkpoints(RUN, 'links')).toEqual([end]);
    expect(Object.hasOwn((await journal().checkpoints(RUN, 'links'))[0]!, 'cursor')).toBe(false);
  });

  it('keeps a cursor of every type, under any name', async () => {
    const cursor = Object.fromEntries(
      Object.entries(EVERY_TYPE).filter(([name]) => !['trailing', 'numbers', 'number', ''].includes(name)),
    );
    await journal().saveCheckpoint(checkpoint({ cursor }));
    const [kept] = await journal().checkpoints(RUN, 'links');
    expect(sortedEntries(kept!.cursor!)).toEqual(sortedEntries(cursor));
    expect(Object.hasOwn(kept!.cursor!, '__proto__')).toBe(true);
  });

  it('has room for ten thousand announcements', async () => {
    const announced = Array.from({ length: 10_000 }, () =>
      randomBytes(17).toString('base64url').slice(0, 22),
    );
    await journal().saveCheckpoint(checkpoint({ announced }));
    const [kept] = await journal().checkpoints(RUN, 'links');
    expect(kept?.announced.join()).toBe(announced.join());
  });

  it('gives back any checkpoint as it was saved', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyCheckpoint, { selector: ({ segment }) => segment }),
        async (list) => {
          const step = `step ${(count += 1)}`;
          const saved = list.map((each) => ({ ...each, step }));
          for (const each of saved) await journal().saveCheckpoint(each);
          const kept = await journal().checkpoints(RUN, step);
          const expected = [...saved].sort((a, b) => a.segment - b.segment);
          expect(kept.map(comparable)).toEqual(expected.map(comparable));
        },
      ),
      { numRuns: 40 },
    );
  });
}

const text = fc.string({ unit: 'binary', maxLength: 12 });
const name = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'read', 'S'), text.filter(Boolean));
/** as DynamoDB spells numbers; a cursor comes from there */
const number = fc.oneof(
  fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }).map(String),
  fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 1, max: 9 })).map(([whole, digit]) => `${whole}.${digit}`),
);
const value: fc.Arbitrary<StoredValue> = fc.oneof(
  text.map((S) => ({ S })),
  number.map((N) => ({ N })),
  fc.uint8Array({ maxLength: 40 }).map((B) => ({ B })),
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant({ NULL: true } as const),
  fc.uniqueArray(text, { minLength: 1, maxLength: 3 }).map((SS) => ({ SS })),
);

function mapOf<T>(values: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc.array(fc.tuple(name, values), { maxLength: 5 }).map((pairs) => Object.fromEntries(pairs));
}

const counts = mapOf(fc.maxSafeInteger());
const anyCheckpoint: fc.Arbitrary<SegmentCheckpoint> = fc
  .record({
    segment: fc.nat(999_999),
    slices: fc.maxSafeNat(),
    cursor: fc.option(mapOf(value), { nil: undefined }),
    done: fc.boolean(),
    counters: counts,
    reasons: counts,
    announced: fc.array(text, { maxLength: 20 }),
  })
  .map(({ cursor, ...rest }) => ({
    run: RUN,
    step: 'links',
    ...rest,
    ...(cursor !== undefined && { cursor }),
  }));

/** Maps as sorted lists of pairs, since their order counts for nothing and `__proto__` confuses comparisons. */
function comparable({ cursor, counters, reasons, ...rest }: SegmentCheckpoint): unknown {
  return {
    ...rest,
    cursor: cursor && sortedEntries(cursor),
    counters: sortedEntries(counters),
    reasons: sortedEntries(reasons),
  };
}

function sortedEntries<T>(map: StoredItem | Readonly<Record<string, T>>): unknown[] {
  const pairs = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.map(([key, content]: [string, unknown]) => {
    if (typeof content !== 'object' || content === null || !('SS' in content)) return [key, content];
    return [key, { SS: [...(content.SS as string[])].sort() }];
  });
}

function attestationContract(journal: () => Journal): void {
  const backup: BackupEvidence = {
    gate: 'backup',
    at: '2026-11-21T04:00:00.000Z',
    verifiedAt: '2026-11-21T04:30:00.000Z',
    by: 'ops',
    backup: '20261121T040000Z-aaaaaa',
    location: 's3://backups/kpi',
    tables: [{ table: 'kpi', physicalName: 'kpi-staging', items: 3 }],
  };

  it('lists those of a gate newest first, each plan and gate by itself', async () => {
    const older = acceptance();
    const revoked = acceptance({ at: '2026-11-21T09:00:00.000Z', revoked: true });
    const newest = acceptance({ at: '2026-11-22T00:00:00.000Z', step: 'links' });
    for (const each of [revoked, backup, newest, older]) await journal().attest('kpi', each);
    await journal().attest('personnel', acceptance({ by: 'grace' }));
    expect(await journal().attestations('kpi', 'acceptance')).toEqual([newest, revoked, older]);
    expect(await journal().attestations('kpi', 'backup')).toEqual([backup]);
    expect(await journal().attestations('kpi', 'staging')).toEqual([]);
    expect(await journal().attestations('personnel', 'acceptance')).toEqual([acceptance({ by: 'grace' })]);
    expect(await journal().states('kpi')).toEqual([]);
    expect(await journal().runs('kpi', 10)).toEqual([]);
  });

  it('keeps two of one instant, and the same one once', async () => {
    await journal().attest('kpi', acceptance());
    await journal().attest('kpi', acceptance({ reason: 'CONFLICT' }));
    await journal().attest('kpi', acceptance());
    const reasons = (await journal().attestations('kpi', 'acceptance')).map(({ reason }) => reason);
    expect(reasons.sort()).toEqual(['CONFLICT', 'KPI_MISSING']);
  });
}
