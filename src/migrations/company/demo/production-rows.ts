import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { DemoRow } from '../../contract/demo-data.js';
import type { TableDefinition } from '../../contract/table.js';
import { ARCHIVED_TABLES } from '../company.tables.js';

const [NAME] = ARCHIVED_TABLES;

/** Nobody knows what the production table is for (E-04). In the demo its key is `id`. */
export const PRODUCTION_TABLE: TableDefinition = {
  name: NAME,
  role: 'source',
  partitionKey: 'id',
  indexes: [],
};

/** Its four items, of which no step makes anything: retired without an archive they would be lost (E-X30). */
const ITEMS: readonly StoredItem[] = [
  { id: { S: 'daily-report-1' }, site: { S: 'North quay' }, hours: { N: '7.25' } },
  { id: { S: 'daily-report-2' }, site: { S: 'North quay' }, hours: { N: '8' }, crew: { SS: ['a', 'b'] } },
  { id: { S: 'export-2023' }, checksum: { B: Uint8Array.of(0, 127, 255) }, rows: { N: '1204' } },
  { id: { S: 'settings' }, values: { M: { currency: { S: 'EUR' }, round: { BOOL: false } } } },
];

export function* productionRows(): Generator<DemoRow> {
  for (const item of ITEMS) yield { table: NAME, item };
}
