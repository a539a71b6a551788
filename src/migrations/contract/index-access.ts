import { sameRow } from '../../domain/storage/canonical-digest.js';
import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import type { AccessAnswer, AccessFault, AccessPattern, AccessReader } from './access-pattern.js';
import { rowKey, type RowKey } from './row-key.js';
import type { IndexDefinition, TableDefinition } from './table.js';

/** Rows that are read of one answer: thousands may have the same role, and the migration needs no proof of each. */
const ROWS_OF_AN_ANSWER = 20_000;

/** Rows by their primary key. */
export function keyAccess(table: TableDefinition, name: string): AccessPattern {
  const key = rowKey(table);
  return {
    name,
    table: table.name,
    lags: false,
    applies: () => true,
    tried: async (rows, tables) => {
      const found = await tables.get(
        table.name,
        rows.map((row) => key.of(row)),
      );
      const faults = rows.flatMap((row, index) => faultOf(row, found[index], 'its key'));
      return { tried: rows.length, faults };
    },
  };
}

/**
 * Rows through a secondary index, each of those that have its keys (P-32): the answer to the row's own values must have the
 * row in it, as it stands in the table.
 */
export function indexAccess(
  table: TableDefinition,
  { name: index, partitionKey, sortKey }: IndexDefinition,
  name: string,
): AccessPattern {
  const key = rowKey(table);
  const own = rowKey({ name: index, partitionKey, ...(sortKey === undefined ? {} : { sortKey }) });
  return {
    name,
    table: table.name,
    lags: true,
    applies: (row) =>
      own.names.every((one) => (textOf(Object.hasOwn(row, one) ? row[one] : undefined) ?? '') !== ''),
    tried: async (rows, tables) => {
      const answers: AccessAnswer[] = [];
      for (const same of grouped(rows, own)) {
        const [first] = same;
        const asked = tables.query(table.name, own.of(first), index);
        answers.push(await compared(same, asked, key, index));
      }
      return {
        tried: answers.reduce((sum, { tried }) => sum + tried, 0),
        faults: answers.flatMap(({ faults }) => faults),
      };
    },
  };
}

type Group = readonly [StoredItem, ...StoredItem[]];

/** Rows with the same values of the index's keys, so that nothing is asked twice. */
function grouped(rows: readonly StoredItem[], own: RowKey): Group[] {
  const groups = new Map<string, [StoredItem, ...StoredItem[]]>();
  for (const row of rows) {
    const group = groups.get(own.text(row));
    if (group === undefined) groups.set(own.text(row), [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

/** Reads an answer as far as needed: until all rows were seen as they should be. */
async function compared(
  rows: Group,
  answer: ReturnType<AccessReader['query']>,
  key: RowKey,
  index: string,
): Promise<AccessAnswer> {
  const wanted = new Map(rows.map((row) => [key.text(row), row]));
  const different: AccessFault[] = [];
  let read = 0;
  for await (const found of answer) {
    const row = wanted.get(key.text(found));
    if (row !== undefined) {
      wanted.delete(key.text(found));
      different.push(...faultOf(row, found, `index ${index}`));
    }
    read += 1;
    if (wanted.size === 0) break;
    if (read >= ROWS_OF_AN_ANSWER) return { tried: rows.length - wanted.size, faults: different };
  }
  const missing = [...wanted.values()].flatMap((row) => faultOf(row, undefined, `index ${index}`));
  return { tried: rows.length, faults: [...different, ...missing] };
}

function faultOf(row: StoredItem, found: StoredItem | undefined, by: string): AccessFault[] {
  if (found === undefined) return [{ row, kind: 'missing', detail: `the row is not found by ${by}` }];
  if (sameRow(found, row)) return [];
  return [{ row, kind: 'different', detail: `found by ${by}, the row is another than in the table` }];
}
