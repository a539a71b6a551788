import type { ConformanceSubject, TableRows } from '../../src/conformance/index.js';
import type { StoredItem, StoredValue } from '../../src/domain/storage/stored-value.js';
import { KpiDemoData } from '../../src/migrations/kpi/demo/kpi-demo-data.js';
import { kpiPlanInMemory } from '../support/engine/kpi-trial.js';
import { TABLE } from '../support/kpi/tables.js';

/** Records of the demo beside those of the defect cases. */
const SCALE = 12;

/** Plan `kpi` on the rows of all defect cases, and what the application has made of them a month later. */
export const KPI_SUBJECT: ConformanceSubject = {
  plan: kpiPlanInMemory,
  tables: defectRows(),
  change: monthLater,
};

function defectRows(): TableRows {
  const tables = new Map<string, StoredItem[]>();
  for (const { table, item } of new KpiDemoData().rows({ defects: true, scale: SCALE }))
    tables.set(table, [...(tables.get(table) ?? []), item]);
  return Object.fromEntries(tables);
}

type Changes = Readonly<Record<string, StoredValue | undefined>>;

/**
 * Values changed, dropped and added, which repairs some records that had been set aside; new records, a new link (a
 * row more for each record of its KPI), and a KPI that was missing; a reading and an actual are gone.
 */
function monthLater(tables: TableRows): TableRows {
  const of = (table: string): readonly StoredItem[] => tables[table] ?? [];
  const [links, milestones] = [of(TABLE.links), of(TABLE.milestones)];
  const newLink = { goalId: newId('90', 0), createdAt: { S: '2026-03-04T05:06:07Z' }, isPrimary: undefined };
  return {
    ...tables,
    [TABLE.kpis]: [
      ...of(TABLE.kpis),
      ...of(TABLE.kpis)
        .slice(0, 1)
        .map((row) => changed(row, { id: newId('c1', 0) })),
    ],
    [TABLE.links]: [
      ...every(3, links, { weight: { N: '12.5' } }),
      ...copies('11', links.slice(0, 1), newLink),
    ],
    [TABLE.milestones]: [
      ...every(3, milestones, { targetValue: { N: '77.25' }, label: { S: 'revised' } }),
      ...copies('d1', milestones.slice(0, 3), {}),
    ],
    [TABLE.actuals]: every(4, of(TABLE.actuals), { actualValue: { N: '-3' } }).slice(0, -1),
    [TABLE.readings]: every(4, of(TABLE.readings), { notes: undefined, value: { N: '8' } }).slice(1),
  };
}

function every(nth: number, rows: readonly StoredItem[], changes: Changes): StoredItem[] {
  return rows.map((row, index) => (index % nth === 1 ? changed(row, changes) : row));
}

function copies(prefix: string, rows: readonly StoredItem[], changes: Changes): StoredItem[] {
  return rows.map((row, index) => changed(row, { ...changes, id: newId(prefix, index) }));
}

/** undefined takes an attribute away */
function changed(row: StoredItem, changes: Changes): StoredItem {
  const kept = Object.entries({ ...row, ...changes }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(kept);
}

function newId(prefix: string, index: number): StoredValue {
  return { S: `${prefix}000000-0000-4000-8000-00000000${String(index).padStart(4, '0')}` };
}
