import { stampOf, withStamp } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import { entryDifferences, numberDifferences, rowDifferences, type KeyedRows } from './differences.js';
import { withoutImages, type EndState, type StepEnd } from './end-state.js';

/**
 * How a run on tables that held rows already differs from a first one. When a row was written is of no account; rows
 * of records that are quarantined by now may stay; companions are never changed, so only that they are there counts.
 */
export function freshDifferences(plan: MigrationPlan, fresh: EndState, found: EndState): string[] {
  const aside = new Set(
    found.entries.filter(({ kind }) => kind === 'quarantine').map(({ source }) => source),
  );
  const companions = new Set(plan.steps.flatMap(({ companionTables }) => companionTables));
  const stays = (row: StoredItem): boolean => aside.has(stampOf(row)?.source ?? '');
  return [
    ...rowDifferences(
      comparable(fresh.rows, companions, () => false),
      comparable(found.rows, companions, stays, fresh.rows),
    ),
    ...stepLines(fresh, found),
    ...entryDifferences(withoutImages(fresh), withoutImages(found)),
  ];
}

function comparable(
  tables: EndState['rows'],
  companions: ReadonlySet<string>,
  stays: (row: StoredItem) => boolean,
  fresh: EndState['rows'] = tables,
): Map<string, KeyedRows> {
  return new Map(
    [...tables].map(([table, rows]) => {
      const isCompanion = companions.has(table);
      const kept = [...rows].filter(([key, row]) => {
        if (fresh.get(table)?.has(key) === true) return true;
        return isCompanion ? stampOf(row) === undefined : !stays(row);
      });
      return [table, new Map(kept.map(([key, row]) => [key, withoutRun(row, isCompanion)]))];
    }),
  );
}

function withoutRun(row: StoredItem, isCompanion: boolean): StoredItem {
  const stamp = stampOf(row);
  if (stamp === undefined) return row;
  return isCompanion ? {} : withStamp(row, { ...stamp, run: '' });
}

function stepLines(fresh: EndState, found: EndState): string[] {
  return [...fresh.steps].flatMap(([step, wanted]) => {
    const is = found.steps.get(step);
    if (is === undefined) return [`step ${step}: was not run`];
    const lines = numberDifferences(numbersOf(wanted), numbersOf(is));
    if (wanted.status !== is.status) lines.push(`${is.status} instead of ${wanted.status}`);
    return lines.map((line) => `step ${step}: ${line}`);
  });
}

function numbersOf({ counters, reasons, findings }: StepEnd): Record<string, number> {
  const { created, updated, unchanged, ...others } = counters;
  return { ...others, 'in place': created + updated + unchanged, ...reasons, findings };
}
