import { createHash } from 'node:crypto';
import type { DemoRow } from '../../../../src/migrations/contract/demo-data.js';
import type { StoredItem } from '../../../../src/domain/storage/stored-value.js';
import { fingerprint } from '../../../support/kpi/model-store.js';
import type { ModelOutcome, ModelResult } from '../../../support/kpi/second-model.js';
import { secondModel } from '../../../support/kpi/second-model.js';
import type { TableName, Tables } from '../../../support/kpi/tables.js';
import { tablesWith } from '../../../support/kpi/tables.js';

/** The rows by table. */
export function tablesOf(rows: Iterable<DemoRow>): Tables {
  const found = new Map<TableName, StoredItem[]>();
  for (const { table, item } of rows) {
    const items = found.get(table as TableName) ?? [];
    items.push(item);
    found.set(table as TableName, items);
  }
  return tablesWith(Object.fromEntries(found));
}

/** What the second model makes of them. */
export function migrated(tables: Tables): ModelResult {
  return secondModel(tables, (row) => createHash('sha256').update(fingerprint(row)).digest('hex'));
}

/** Outcomes of all steps by source. */
export function outcomesOf(result: ModelResult): Map<string, ModelOutcome> {
  return new Map(Object.values(result.steps).flatMap((step) => [...step]));
}
