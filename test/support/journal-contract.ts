import type { StoredItem } from '../../src/domain/storage/stored-value.js';
import type { EntryKind, Journal, JournalEntry } from '../../src/runner/ports/journal.js';
import { journalFenceContract } from './journal-fence-contract.js';
import { journalResumeContract } from './journal-resume-contract.js';
import {
  all,
  digested,
  EVERY_TYPE,
  hugeRecord,
  LATER_RUN,
  quarantined,
  RUN,
  runRecord,
  stepRecord,
  stepState,
} from './journal-samples.js';

interface JournalAbilities {
  /** it holds many runs and what later ones go by: states, checkpoints, attestations */
  readonly severalRuns: boolean;
  /** somebody else takes the lease of a plan, with this token; undefined: it knows no leases */
  readonly takeOver?: (plan: string, token: number) => Promise<void>;
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

      if (can.severalRuns) {
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

      it('has one decision for each record, the latest', async () => {
        await journal.append(RUN, [quarantined('t#1', { kind: 'decision', reason: 'created' })]);
        await journal.append(RUN, [quarantined('t#1', { kind: 'decision', reason: 'override' })]);
        const reasons: string[] = [];
        for await (const { reason } of journal.entries(RUN, 'links', 'decision')) reasons.push(reason);
        expect(reasons).toEqual(['override']);
      });

      it('has one warning, finding and kept row per reason and field', async () => {
        for (const kind of ['warning', 'finding', 'kept'] as const) {
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

      it('has one kept row per key, whatever run wrote it', async () => {
        const kept = (key: string, reason: string): JournalEntry => ({
          kind: 'kept',
          step: 'links',
          source: `links#${key}`,
          reason,
          detail: 'changed since it was written',
          table: 'links',
          key,
          image: { id: { S: key } },
        });
        await journal.append(RUN, [kept('b', 'CHANGED'), kept('a', 'CHANGED'), kept('b', 'CHANGED')]);
        expect(await list('kept', true)).toEqual([kept('a', 'CHANGED'), kept('b', 'CHANGED')]);
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

    journalResumeContract(() => journal, can.severalRuns);
    if (can.takeOver !== undefined) journalFenceContract(() => journal, can.takeOver);
  });
}
