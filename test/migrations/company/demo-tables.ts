import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { CompanyDemoData } from '../../../src/migrations/company/demo/company-demo-data.js';
import type { DemoOptions } from '../../../src/migrations/contract/demo-data.js';

/** The demo's rows by table. */
export function demoTables(options: DemoOptions): Record<string, StoredItem[]> {
  const tables = new Map<string, StoredItem[]>();
  for (const { table, item } of new CompanyDemoData().rows(options))
    tables.set(table, [...(tables.get(table) ?? []), item]);
  return Object.fromEntries(tables);
}
