import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { KpiDemoData } from '../../../src/migrations/kpi/demo/kpi-demo-data.js';
import { TABLE } from '../kpi/tables.js';
import { rawItem, type RawTables } from './raw-tables.js';

/** Literal table name → rows; `I` is how values look: as the runner has them, or as the protocol has them. */
type TablesOf<I> = ReadonlyMap<string, readonly I[]>;
type Row = Readonly<Record<string, object | undefined>>;

/** The demo's rows of this many legacy records, and the rows of all defect cases or of some (`K-X19`). */
export function companies(records: number, defects: boolean | readonly string[]): TablesOf<StoredItem> {
  const wanted = Array.isArray(defects) ? defects.map((id) => `de0000${id.slice(-2)}`) : undefined;
  const tables = new Map<string, StoredItem[]>();
  for (const { table, item } of new KpiDemoData().rows({ scale: records, defects: defects !== false })) {
    const id = textOf(item['id']);
    if (wanted !== undefined && id.startsWith('de') && !wanted.some((prefix) => id.startsWith(prefix)))
      continue;
    tables.set(table, [...(tables.get(table) ?? []), item]);
  }
  return tables;
}

export function rawTables(tables: TablesOf<StoredItem>): RawTables {
  return new Map([...tables].map(([table, rows]) => [table, rows.map(rawItem)]));
}

/**
 * What the application did between two runs, given the tables after the first: it changed, dropped and added attributes
 * of legacy records, added records and a link (a new row for each record of its KPI), repaired a record that had been
 * set aside, edited migrated rows, and took a key that a record needs. So a second run updates, leaves alone, creates,
 * sets aside and finds conflicts. Gives back the rows to put.
 */
export function monthLater<I extends Row>(tables: TablesOf<I>): TablesOf<I> {
  const sound = (table: string): readonly I[] =>
    (tables.get(table) ?? []).filter((row) => !textOf(row['id']).startsWith('de'));
  const links = sound(TABLE.links);
  const milestones = sound(TABLE.milestones);
  const copies = milestones.slice(0, 3).map((row, index) => changed(row, { id: newId('d1', index) }));
  const link = { id: newId('11', 0), goalId: newId('90', 0), createdAt: { S: '2026-03-04T05:06:07Z' } };
  return new Map([
    [
      TABLE.links,
      [...every(3, links, { weight: { N: '12.5' } }), ...links.slice(0, 1).map((row) => changed(row, link))],
    ],
    [
      TABLE.milestones,
      [
        ...every(3, milestones, { targetValue: { N: '77.25' }, label: { S: 'revised' } }),
        ...copies,
        ...repaired(tables.get(TABLE.milestones) ?? []),
      ],
    ],
    [TABLE.actuals, every(4, sound(TABLE.actuals), { actualValue: { N: '-3' } })],
    [TABLE.readings, every(4, sound(TABLE.readings), { notes: undefined, value: { N: '8' } })],
    [
      TABLE.kpiData,
      [
        // edited where the record changed as well, and where it did not
        ...every(9, sound(TABLE.kpiData), { postValue: { N: '123' } }),
        ...copies.slice(0, 1).map((row) => foreign(row)),
      ],
    ],
    [TABLE.kpiLinks, every(11, sound(TABLE.kpiLinks), { displayOrder: { N: '4711' } })],
  ]);
}

function every<I extends Row>(nth: number, rows: readonly I[], changes: Row): I[] {
  return rows.filter((_, index) => index % nth === 1).map((row) => changed(row, changes));
}

/** undefined takes an attribute away */
function changed<I extends Row>(row: I, changes: Row): I {
  const kept = Object.entries({ ...row, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as I;
}

/** A milestone of the defect cases whose value is no number. */
function repaired<I extends Row>(milestones: readonly I[]): I[] {
  const id = 'de000019-0000-4000-8000-000000000301';
  return milestones
    .filter((row) => textOf(row['id']) === id)
    .map((row) => changed(row, { targetValue: { N: '5.5' } }));
}

/** A row of the application's own under the id that a record's row needs. */
function foreign<I extends Row>({ id, tenantId }: I): I {
  const target = { dataCategory: { S: 'Target' }, postValue: { N: '1' }, postDate: { S: '2026-01-01' } };
  return { id, tenantId, kpiLinkId: newId('11', 0), ...target } as unknown as I;
}

function newId(prefix: string, index: number): { readonly S: string } {
  return { S: `${prefix}000000-0000-4000-8000-00000000${String(index).padStart(4, '0')}` };
}

function textOf(value: object | undefined): string {
  return value !== undefined && 'S' in value && typeof value.S === 'string' ? value.S : '';
}
