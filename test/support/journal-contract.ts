import { createHash, randomBytes } from 'node:crypto';
import type { StoredItem } from '../../src/domain/storage/stored-value.js';
import type {
  EntryKind,
  Journal,
  JournalEntry,
  RunRecord,
  StepRecord,
  StepState,
} from '../../src/runner/ports/journal.js';

/** The run whose journal the suite opens, and the one that started after it. */
export const RUN = '20261121T053512Z-0a1b2c';
export const LATER_RUN = '20261121T070000Z-00ffee';

export function runRecord(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    run: RUN,
    plan: 'kpi',
    env: 'staging',
    planVersion: 'sha256:4f6a',
    dryRun: false,
    status: 'running',
    startedAt: '2026-11-21T05:35:12.000Z',
    steps: ['links', 'milestones'],
    flags: ['allow-unlinked'],
    ...changes,
  };
}

export function stepRecord(changes: Partial<StepRecord> = {}): StepRecord {
  return {
    run: RUN,
    step: 'links',
    status: 'running',
    counters: {
      read: 7,
      created: 2,
      updated: 1,
      unchanged: 1,
      skipped: 0,
      quarantined: 2,
      conflict: 1,
      rows: 4,
    },
    checks: [
      { name: 'count', passed: true, expected: 4, found: 4 },
      { name: 'digest', passed: false, expected: 'ab12', found: 'cd34' },
    ],
    findings: 1,
    reasons: { KPI_MISSING: 1, ID_INVALID: 1 },
    ...changes,
  };
}

export function stepState(changes: Partial<StepState> = {}): StepState {
  return {
    plan: 'kpi',
    step: 'links',
    status: 'validated',
    run: RUN,
    planVersion: 'sha256:4f6a',
    at: '2026-11-21T05:36:00.000Z',
    ...changes,
  };
}

export function quarantined(source: string, changes: Partial<JournalEntry> = {}): JournalEntry {
  return {
    kind: 'quarantine',
    step: 'links',
    source,
    reason: 'KPI_MISSING',
    field: 'kpiId',
    detail: 'no such KPI',
    image: { id: { S: source } },
    ...changes,
  };
}

export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

/** Every type a stored value can have, at its edges. */
export const EVERY_TYPE: StoredItem = Object.fromEntries([
  ['text', { S: 'Zürich \u0000 \u2028 😀 "quoted"' }],
  ['empty', { S: '' }],
  ['number', { N: '-1.2345678901234567890123456789012345678E-100' }],
  ['trailing', { N: '100.00' }],
  ['bytes', { B: new Uint8Array([0, 255, 128, 10, 13]) }],
  ['noBytes', { B: new Uint8Array() }],
  ['yes', { BOOL: true }],
  ['no', { BOOL: false }],
  ['nothing', { NULL: true }],
  ['strings', { SS: ['b', 'a', ''] }],
  ['numbers', { NS: ['3', '0.30', '1e5'] }],
  ['byteSets', { BS: [new Uint8Array([1]), new Uint8Array([0, 2])] }],
  ['list', { L: [{ S: 'x' }, { L: [] }, { M: {} }, { N: '0' }] }],
  [
    'map',
    { M: Object.fromEntries([['__proto__', { M: Object.fromEntries([['toString', { S: 'own' }]]) }]]) },
  ],
  ['__proto__', { S: 'an attribute like any other' }],
  ['constructor', { BOOL: true }],
  ['S', { M: { S: { S: 'looks like a tag' } } }],
  ['', { S: 'a nested name may be empty' }],
]);

/** About 390 KB that no compression makes smaller. */
export function hugeRecord(source: string): StoredItem {
  return { id: { S: source }, blob: { B: new Uint8Array(randomBytes(390 * 1024)) } };
}

/** The entry with its blobs as digests: comparing megabytes byte by byte takes the test library minutes. */
function digested(entry: JournalEntry | undefined): unknown {
  return JSON.parse(
    JSON.stringify(entry, (_, value: unknown) =>
      value instanceof Uint8Array
        ? { length: value.length, sha256: createHash('sha256').update(value).digest('hex') }
        : value,
    ),
  );
}

interface JournalAbilities {
  /** one journal holds many runs */
  readonly severalRuns: boolean;
  /** it keeps where steps stand */
  readonly states: boolean;
}

/** What every {@link Journal} must do. `open` gives an empty journal. */
export function journalContract(name: string, open: () => Promise<Journal>, can: JournalAbilities): void {
  describe(name, () => {
    let journal: Journal;
    beforeEach(async () => {
      journal = await open();
    });
    const list = (kind: EntryKind, images = false, step = 'links'): Promise<JournalEntry[]> =>
      all(journal.entries(RUN, step, kind, { images }));
    const sources = async (kind: EntryKind = 'quarantine'): Promise<string[]> =>
      (await list(kind)).map((entry) => entry.source);

    describe('runs, steps and states', () => {
      it('gives back a run as it was saved last', async () => {
        expect(await journal.run(RUN)).toBeUndefined();
        await journal.saveRun(runRecord());
        expect(await journal.run(RUN)).toEqual(runRecord());
        const ended = runRecord({
          status: 'failed',
          endedAt: '2026-11-21T05:40:00.000Z',
          error: { code: 'TABLE_MISSING', message: 'no table', next: 'create it' },
        });
        await journal.saveRun(ended);
        expect(await journal.run(RUN)).toEqual(ended);
        expect(await journal.runs('kpi', 10)).toEqual([ended]);
      });

      it('gives back the steps of a run as they were saved last', async () => {
        await journal.saveRun(runRecord());
        expect(await journal.steps(RUN)).toEqual([]);
        await journal.saveStep(stepRecord());
        await journal.saveStep(
          stepRecord({ step: 'milestones', status: 'not-run', checks: [], reasons: {} }),
        );
        const ended = stepRecord({
          status: 'validated',
          startedAt: '2026-11-21T05:35:13.000Z',
          durationMs: 1234.5,
        });
        await journal.saveStep(ended);
        const steps = (await journal.steps(RUN)).sort((a, b) => (a.step < b.step ? -1 : 1));
        expect(steps).toEqual([
          ended,
          stepRecord({ step: 'milestones', status: 'not-run', checks: [], reasons: {} }),
        ]);
      });

      if (can.severalRuns) {
        it('lists the runs of a plan newest first, up to a limit', async () => {
          await journal.saveRun(runRecord({ run: LATER_RUN }));
          await journal.saveRun(runRecord());
          await journal.saveRun(runRecord({ run: '20251231T235959Z-ffffff' }));
          await journal.saveRun(runRecord({ run: '20261121T080000Z-000001', plan: 'kpi-other' }));
          expect((await journal.runs('kpi', 10)).map((run) => run.run)).toEqual([
            LATER_RUN,
            RUN,
            '20251231T235959Z-ffffff',
          ]);
          expect((await journal.runs('kpi', 2)).map((run) => run.run)).toEqual([LATER_RUN, RUN]);
          expect(await journal.runs('personnel', 10)).toEqual([]);
        });

        it('keeps steps and entries of two runs apart', async () => {
          await journal.saveStep(stepRecord());
          await journal.saveStep(stepRecord({ run: LATER_RUN, findings: 9 }));
          await journal.append(RUN, [quarantined('t#1')]);
          await journal.append(LATER_RUN, [quarantined('t#2')]);
          expect((await journal.steps(RUN)).map((step) => step.findings)).toEqual([1]);
          expect(await sources()).toEqual(['t#1']);
        });
      }

      if (can.states) {
        it('keeps one state per plan and step, the last one', async () => {
          await journal.saveState(stepState());
          await journal.saveState(stepState({ step: 'milestones' }));
          await journal.saveState(stepState({ status: 'failed', run: LATER_RUN }));
          await journal.saveState(stepState({ plan: 'personnel', step: 'links' }));
          const states = (await journal.states('kpi')).sort((a, b) => (a.step < b.step ? -1 : 1));
          expect(states).toEqual([
            stepState({ status: 'failed', run: LATER_RUN }),
            stepState({ step: 'milestones' }),
          ]);
          expect(await journal.states('company')).toEqual([]);
        });
      }
    });

    describe('entries', () => {
      it('reads them in order of the UTF-8 bytes of their source, in whatever order they were written', async () => {
        await journal.append(
          RUN,
          ['t#b', 't#', 't#\uffee', 't#a b'].map((s) => quarantined(s)),
        );
        await journal.append(
          RUN,
          ['t#a', 't#\u{1f600}', 't#a!', 't#B', 't#ab', 's#z'].map((s) => quarantined(s)),
        );
        expect(await sources()).toEqual([
          's#z',
          't#',
          't#B',
          't#a',
          't#a b',
          't#a!',
          't#ab',
          't#b',
          't#\uffee',
          't#\u{1f600}',
        ]);
      });

      it('merges hundreds of them into one order', async () => {
        const names = Array.from({ length: 300 }, (_, i) => `t#${String((i * 7) % 300).padStart(4, '0')}`);
        await journal.append(
          RUN,
          names.map((s) => quarantined(s)),
        );
        expect(await sources()).toEqual([...names].sort());
      });

      it('keeps steps and kinds apart', async () => {
        await journal.append(RUN, [
          quarantined('t#1'),
          quarantined('t#1', { step: 'milestones' }),
          quarantined('t#2', { kind: 'warning' }),
        ]);
        expect(await sources()).toEqual(['t#1']);
        expect(await sources('warning')).toEqual(['t#2']);
        expect(await sources('conflict')).toEqual([]);
        expect((await list('quarantine', false, 'milestones')).map((entry) => entry.step)).toEqual([
          'milestones',
        ]);
        expect(await journal.entry(RUN, 'links', 'warning', 't#1')).toBeUndefined();
      });

      it('K-X19: has one quarantine entry per record, the last one written, whatever its reason', async () => {
        await journal.append(RUN, [quarantined('t#1', { reason: 'ID_INVALID', field: 'id' })]);
        await journal.append(RUN, [
          quarantined('t#1', { reason: 'KPI_MISSING', detail: 'first' }),
          quarantined('t#1', { reason: 'KPI_MISSING', detail: 'second' }),
        ]);
        expect(await list('quarantine', true)).toEqual([quarantined('t#1', { detail: 'second' })]);
      });

      it('has one conflict per row of a record', async () => {
        const conflict = (key: string, detail: string): JournalEntry => ({
          kind: 'conflict',
          step: 'links',
          source: 't#1',
          reason: 'CONFLICT',
          detail,
          table: 'links',
          key,
          image: { id: { S: key } },
          found: { id: { S: key }, by: { S: 'somebody' } },
        });
        await journal.append(RUN, [conflict('a', 'x'), conflict('b', 'y')]);
        await journal.append(RUN, [conflict('b', 'z')]);
        const found = (await list('conflict', true)).sort((x, y) => (x.key! < y.key! ? -1 : 1));
        expect(found).toEqual([conflict('a', 'x'), conflict('b', 'z')]);
      });

      it('has one warning and one finding per reason and field', async () => {
        for (const kind of ['warning', 'finding'] as const) {
          const base = { kind, image: { id: { S: 'x' } } };
          await journal.append(RUN, [
            quarantined('t#1', { ...base, reason: 'A', field: 'x' }),
            quarantined('t#1', { ...base, reason: 'A', field: 'y' }),
            quarantined('t#1', { ...base, reason: 'Ax', field: '' }),
            quarantined('t#1', { ...base, reason: 'A', field: 'y', detail: 'again' }),
          ]);
          const found = (await list(kind)).map((entry) => [entry.reason, entry.field, entry.detail]).sort();
          expect(found).toEqual([
            ['A', 'x', 'no such KPI'],
            ['A', 'y', 'again'],
            ['Ax', '', 'no such KPI'],
          ]);
        }
      });

      it('gives images only where asked for, and always with a single entry', async () => {
        const entry = quarantined('t#1', { found: { id: { N: '1' } } });
        await journal.append(RUN, [entry]);
        const [listed] = await list('quarantine');
        expect(Object.keys(listed!).sort()).toEqual(['detail', 'field', 'kind', 'reason', 'source', 'step']);
        expect(await all(journal.entries(RUN, 'links', 'quarantine'))).toEqual([listed]);
        expect(await list('quarantine', true)).toEqual([entry]);
        expect(await journal.entry(RUN, 'links', 'quarantine', 't#1')).toEqual(entry);
        expect(await journal.entry(RUN, 'links', 'quarantine', 't#')).toBeUndefined();
        expect(await journal.entry(RUN, 'links', 'quarantine', 't#11')).toBeUndefined();
      });

      it('keeps an image bit for bit: sets, 38 digits, bytes, any attribute name', async () => {
        await journal.append(RUN, [quarantined('t#1', { image: EVERY_TYPE, found: {} })]);
        const kept = await journal.entry(RUN, 'links', 'quarantine', 't#1');
        expect(kept?.found).toEqual({});
        expect(Object.entries(kept!.image!).sort()).toEqual(Object.entries(EVERY_TYPE).sort());
        expect(Object.keys((kept!.image!['map'] as { M: StoredItem }).M)).toEqual(['__proto__']);
      });

      it('keeps a record of 390 KB of random bytes, and replaces it by larger and smaller ones', async () => {
        const others = ['t#0', 't#10', 't#2'].map((s) => quarantined(s));
        await journal.append(RUN, others);
        const huge = [hugeRecord('t#1'), hugeRecord('t#1')] as const;
        const versions: StoredItem[][] = [[huge[0]], [...huge], [huge[1]], [{ id: { S: 't#1' } }], [huge[0]]];
        for (const [image, found] of versions) {
          const entry = quarantined('t#1', { image: image!, ...(found !== undefined && { found }) });
          await journal.append(RUN, [entry]);
          expect(digested(await journal.entry(RUN, 'links', 'quarantine', 't#1'))).toEqual(digested(entry));
          expect((await list('quarantine', true)).map(digested)).toEqual(
            [others[0], entry, others[1], others[2]].map(digested),
          );
        }
      });

      it('cuts a detail at 1 KB, between characters', async () => {
        await journal.append(RUN, [
          quarantined('t#1', { detail: 'x'.repeat(1024) }),
          quarantined('t#2', { detail: 'x' + '€'.repeat(5000) }),
        ]);
        const [fits, cut] = await list('quarantine');
        expect(fits?.detail).toBe('x'.repeat(1024));
        expect(cut?.detail).toBe(`x${'€'.repeat(340)}…`);
      });

      it('tells sources apart that are too long for a key, begin alike or hold control characters', async () => {
        const long = `t#${'x'.repeat(2040)}`;
        const names = [
          ...[
            't#',
            't#\u0000',
            't#\u0000\u0000',
            't#\u0001',
            't#\u0001\u0001',
            't#\u0002',
            't#\u0003',
            't#1',
          ],
          ...[`t#${'x'.repeat(797)}`, `t#${'x'.repeat(798)}`, long],
        ];
        await journal.append(
          RUN,
          [...names].reverse().map((s) => quarantined(s, { detail: String(s.length) })),
        );
        expect(await sources()).toEqual(names);
        for (const source of [...names, `${long}y`]) {
          const entry = await journal.entry(RUN, 'links', 'quarantine', source);
          expect(entry?.source).toBe(source === `${long}y` ? undefined : source);
        }
      });

      it('can be left in the middle, and read twice at once', async () => {
        await journal.append(
          RUN,
          Array.from({ length: 60 }, (_, i) => quarantined(`t#${String(100 + i)}`)),
        );
        for await (const entry of journal.entries(RUN, 'links', 'quarantine')) {
          expect(entry.source).toBe('t#100');
          break;
        }
        const [a, b] = await Promise.all([sources(), sources()]);
        expect(a).toHaveLength(60);
        expect(b).toEqual(a);
      });

      it('takes parallel appends, an empty one, and keeps nothing of the caller', async () => {
        const mine = quarantined('t#mine', { image: { n: { B: new Uint8Array([1]) } } });
        await journal.append(RUN, []);
        await Promise.all([
          journal.append(RUN, [mine]),
          ...Array.from({ length: 9 }, (_, i) => journal.append(RUN, [quarantined(`t#${String(i)}`)])),
        ]);
        (mine.image!['n'] as { B: Uint8Array }).B[0] = 2;
        expect(await sources()).toHaveLength(10);
        expect((await journal.entry(RUN, 'links', 'quarantine', 't#mine'))?.image).toEqual({
          n: { B: new Uint8Array([1]) },
        });
      });
    });
  });
}
