import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { applyChanges, arbitraryChanges, arbitraryTables } from './arbitraries.js';
import { fingerprint } from './model-store.js';
import type { ModelResult } from './second-model.js';
import { secondModel } from './second-model.js';
import type { Tables } from './tables.js';
import { TABLE, tablesWith } from './tables.js';

const digestOf = (row: StoredItem): string => createHash('sha256').update(fingerprint(row)).digest('hex');

/** Completes the stamps of a result, as a run would have done. */
function stampedTables(result: ModelResult): Tables {
  const complete = (row: StoredItem): StoredItem => {
    const stamp = row['_migration'];
    if (stamp === undefined || !('M' in stamp) || Object.keys(stamp.M).length !== 1) return row;
    return { ...row, _migration: { M: { ...stamp.M, run: { S: 'run-1' }, digest: { S: digestOf(row) } } } };
  };
  const { [TABLE.kpiLinks]: links, [TABLE.kpiData]: data, [TABLE.people]: people } = result.tables;
  return {
    ...result.tables,
    [TABLE.kpiLinks]: links.map(complete),
    [TABLE.kpiData]: data.map(complete),
    [TABLE.people]: people.map(complete),
  };
}

function tally(results: readonly ModelResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (name: string): void => void (counts[name] = (counts[name] ?? 0) + 1);
  for (const result of results) {
    for (const person of result.placeholders) count('id' in person ? 'placeholder' : '');
    for (const [step, outcomes] of Object.entries(result.steps)) {
      for (const found of outcomes.values()) {
        count(found.outcome === 'quarantined' ? found.reason : found.outcome);
        if (found.outcome !== 'quarantined' && step !== 'links' && found.rows.length > 1)
          count('several rows');
      }
    }
  }
  return counts;
}

describe('arbitrary data sets', () => {
  it('reach every reason, and fan-out, conflicts and placeholders', () => {
    const counts = tally(
      fc.sample(arbitraryTables(), { numRuns: 400, seed: 7 }).map((tables) => secondModel(tables, digestOf)),
    );
    const expected = [
      'ID_INVALID',
      'FIELD_MISSING',
      'TYPE_INVALID',
      'NUMBER_INVALID',
      'DATE_INVALID',
      'ID_DUPLICATE',
      'KPI_MISSING',
      'TENANT_MISMATCH',
      'PERSON_AMBIGUOUS',
      'KPI_UNLINKED',
      'ITEM_TOO_LARGE',
      'created',
      'conflict',
      'several rows',
      'placeholder',
    ];
    const rare = expected.filter((name) => (counts[name] ?? 0) < 5);
    expect({ rare, counts }).toMatchObject({ rare: [] });
  });

  it('and changes to them reach every outcome in a second run', () => {
    const histories = fc.sample(fc.tuple(arbitraryTables(), arbitraryChanges()), { numRuns: 400, seed: 7 });
    const counts = tally(
      histories.map(([tables, changes]) =>
        secondModel(applyChanges(stampedTables(secondModel(tables, digestOf)), changes), digestOf),
      ),
    );
    const rare = ['created', 'updated', 'unchanged', 'conflict'].filter((name) => (counts[name] ?? 0) < 20);
    expect({ rare, counts }).toMatchObject({ rare: [] });
  });

  it('a second run without changes finds every sound record unchanged or still in conflict', () => {
    fc.assert(
      fc.property(arbitraryTables(), (tables) => {
        const first = secondModel(tables, digestOf);
        const again = secondModel(stampedTables(first), digestOf);
        for (const [step, outcomes] of Object.entries(first.steps)) {
          for (const [source, found] of outcomes) {
            const second = again.steps[step as keyof typeof again.steps].get(source)!;
            expect(second.outcome).toBe(found.outcome === 'created' ? 'unchanged' : found.outcome);
          }
        }
        expect(again.placeholders).toEqual([]);
        expect(again.tables[TABLE.kpiData]).toHaveLength(first.tables[TABLE.kpiData].length);
      }),
      { numRuns: 100 },
    );
  });

  it('the order of rows means nothing', () => {
    fc.assert(
      fc.property(arbitraryTables(), (tables) => {
        const reversed = tablesWith(
          Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, [...rows].reverse()])),
        );
        const outcomes = (result: ModelResult): unknown =>
          Object.values(result.steps).map((step) =>
            [...step].sort(([left], [right]) => (left < right ? -1 : 1)),
          );
        expect(outcomes(secondModel(reversed, digestOf))).toEqual(outcomes(secondModel(tables, digestOf)));
      }),
      { numRuns: 100 },
    );
  });
});
