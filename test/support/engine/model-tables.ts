import { comparable } from '../kpi/model-store.js';
import { TABLE, tablesWith, type Tables } from '../kpi/tables.js';
import type { KpiTrial } from './kpi-trial.js';

/** The tables of a trial as they stand, as the second model takes them. */
export function tablesOf({ store }: Pick<KpiTrial, 'store'>): Tables {
  return tablesWith(Object.fromEntries(Object.values(TABLE).map((name) => [name, store.rows(name)])));
}

/** Turns the tables of a trial into these, as somebody else would. */
export function become({ store }: Pick<KpiTrial, 'store'>, tables: Tables): void {
  for (const [table, rows] of Object.entries(tables)) {
    for (const { id } of store.rows(table)) if (id !== undefined) store.erase(table, { id });
    store.load(table, rows);
  }
}

/** Rows as they can be compared with those of the model. */
export function comparableTables(tables: Tables): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [name, rows.map(comparable).sort()]),
  );
}
