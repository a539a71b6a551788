import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { CompanyDemoData } from '../../../src/migrations/company/demo/company-demo-data.js';
import type { DemoOptions } from '../../../src/migrations/contract/demo-data.js';

/** The demo's rows by table, those beside the plan's left out. */
export function demoTables(options: DemoOptions): Record<string, StoredItem[]> {
  const demo = new CompanyDemoData();
  const beside = new Set(demo.beside.map(({ name }) => name));
  const tables = new Map<string, StoredItem[]>();
  for (const { table, item } of demo.rows(options))
    if (!beside.has(table)) tables.set(table, [...(tables.get(table) ?? []), item]);
  return Object.fromEntries(tables);
}
