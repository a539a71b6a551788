import type { StoredItem } from '../../../src/domain/storage/stored-value.js';

/** Literal table names of plan `kpi`, under the names that the tests use. */
export const TABLE = {
  links: 'purposepath-goal-kpi-links',
  milestones: 'purposepath-kpi-milestones',
  actuals: 'purposepath-kpi-actuals',
  readings: 'purposepath-kpi-readings',
  kpis: 'purposepath-kpis',
  people: 'purposepath-people',
  kpiLinks: 'purposepath-kpi-links',
  kpiData: 'purposepath-kpi-data',
} as const;

export type TableName = (typeof TABLE)[keyof typeof TABLE];

/** All rows of the eight tables, by literal table name. Every row has an `id` (S); the order means nothing. */
export type Tables = Readonly<Record<TableName, readonly StoredItem[]>>;

/** No rows anywhere, except those given. */
export function tablesWith(some: Partial<Tables>): Tables {
  const all = Object.values(TABLE).map((name) => [name, some[name] ?? []]);
  return Object.fromEntries(all) as Tables;
}

/** The key of a row as stored. */
export function idOf(item: StoredItem): string {
  const id = item['id'];
  if (id === undefined || !('S' in id)) throw new TypeError('a row without a text id');
  return id.S;
}
