import fc from 'fast-check';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { stampOf, withStamp } from '../../../src/domain/storage/stored.js';
import { Failpoints } from '../../support/faults/failpoints.js';
import { applyChanges, arbitraryChanges, arbitraryTables } from '../../support/kpi/arbitraries.js';
import { comparable } from '../../support/kpi/model-store.js';
import { idOf, TABLE, type TableName, type Tables } from '../../support/kpi/tables.js';
import { keptLine, RollbackTrial } from './rollback-trial.js';

const RUNS = Number(process.env['WAYBILL_PROPERTY_RUNS'] ?? 60);
const TARGETS = [TABLE.kpiLinks, TABLE.kpiData, TABLE.people] as const;

/** Rows of a table as text by id. */
function texts(tables: Tables, table: TableName): Map<string, string> {
  return new Map(tables[table].map((row) => [idOf(row), comparable(row)]));
}

/** What must be left, told by comparing rows alone: no digest, no code of the rollback. */
function leftRows(before: Tables, ran: Tables, edited: Tables, table: TableName): StoredItem[] {
  const [own, written] = [texts(before, table), texts(ran, table)];
  const named =
    table === TABLE.people ? leftRows(before, ran, edited, TABLE.kpiLinks).map(personOf) : ([] as string[]);
  return edited[table].filter(
    (row) => own.has(idOf(row)) || written.get(idOf(row)) !== comparable(row) || named.includes(idOf(row)),
  );
}

function expectedRows(before: Tables, ran: Tables, edited: Tables, table: TableName): string[] {
  return leftRows(before, ran, edited, table).map(comparable).sort();
}

/** Rows that stay though they carry a stamp of ours: changed since, or persons of links that stay. */
function expectedKept(before: Tables, ran: Tables, edited: Tables): string[] {
  return TARGETS.flatMap((table) => {
    return leftRows(before, ran, edited, table)
      .filter((row) => stampOf(row) !== undefined)
      .map((row) => `${table}#${idOf(row)}`);
  }).sort();
}

const personOf = (row: StoredItem): string => textOf(row['personId']) ?? '';

const blanked = (tables: Tables): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      rows.map((row) => comparable(withoutRun(row))).sort(),
    ]),
  );

function withoutRun(row: StoredItem): StoredItem {
  const stamp = stampOf(row);
  return stamp === undefined ? row : withStamp(row, { ...stamp, run: 'any' });
}

describe('the rollback of random data sets', () => {
  it('invariant 9: leaves what was there before and what was edited since, and nothing else', async () => {
    let [kept, removed] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        arbitraryTables(),
        arbitraryChanges(),
        fc.integer({ min: 1, max: 4 }),
        async (before, changes, segments) => {
          const first = new RollbackTrial(before);
          await first.run();
          const ran = first.tables();
          const edited = applyChanges(ran, changes);
          const trial = new RollbackTrial(edited);
          const result = await trial.rollback({ segments });
          for (const table of TARGETS)
            expect(trial.tables()[table].map(comparable).sort()).toEqual(
              expectedRows(before, ran, edited, table),
            );
          const listed = result.kept.map(({ source }) => source).sort();
          expect(listed).toEqual(expectedKept(before, ran, edited));
          kept += listed.length;
          removed += result.steps.reduce((sum, step) => sum + step.removed, 0);
        },
      ),
      { numRuns: RUNS, interruptAfterTimeLimit: 40_000 },
    );
    expect(kept).toBeGreaterThan(0);
    expect(removed).toBeGreaterThan(kept);
  });

  it('issue 3: ends where the first run ended when the plan runs again', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTables(), async (before) => {
        const trial = new RollbackTrial(before);
        const original = blanked(trial.tables());
        await trial.run();
        const ran = blanked(trial.tables());
        await trial.rollback();
        expect(blanked(trial.tables())).toEqual(original);
        await trial.run();
        expect(blanked(trial.tables())).toEqual(ran);
      }),
      { numRuns: RUNS / 2, interruptAfterTimeLimit: 40_000 },
    );
  });

  it('invariant 6: ends the same wherever it is killed, with the same totals', async () => {
    let ended = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryTables(),
        arbitraryChanges(),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 4 }),
        async (before, changes, segments, kills) => {
          const first = new RollbackTrial(before);
          await first.run();
          const edited = applyChanges(first.tables(), changes);
          const around = { environment: { segments }, pageSize: 2 };
          const whole = new RollbackTrial(edited, around);
          const expected = await whole.rollback();
          const trial = new RollbackTrial(edited, around);
          for (const kill of kills) {
            await trial.dyingRollback(new Failpoints(kill));
            // it came to its end, be it that it was killed behind it: the same command would be a new rollback
            const [latest] = await trial.journal.runs('kpi', 1);
            if (latest?.status !== 'complete') continue;
            expect(trial.tables()).toEqual(whole.tables());
            return;
          }
          const last = await trial.rollback();
          expect(await trial.journal.runs('kpi', 10)).toHaveLength(1);
          expect(trial.tables()).toEqual(whole.tables());
          ended += 1;
          expect(last.steps.map(({ durationMs: _, ...step }) => step)).toEqual(
            expected.steps.map(({ durationMs: _, ...step }) => step),
          );
          expect(last.kept.map(keptLine)).toEqual(expected.kept.map(keptLine));
        },
      ),
      { numRuns: RUNS, interruptAfterTimeLimit: 40_000 },
    );
    expect(ended).toBeGreaterThan(RUNS / 10);
  });
});
