import type {
  AttributeValue,
  BatchExecuteStatementCommandInput,
  BatchGetItemCommandInput,
  DeleteItemCommandInput,
  PutItemCommandInput,
  ScanCommandInput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';

import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import type { RequestCost } from '../rate/request-cost.js';
import { readUnits, writeUnits } from '../rate/request-cost.js';
import { itemBytes } from './item-size.js';
import { keyNames } from './key-identity.js';
import type { ReadCosts } from './read-costs.js';

/** A scan's page ends at 1 MB. */
const PAGE_UNITS = readUnits(1024 * 1024);

/** Write units of one row, on its table and on each index that has it. */
export interface RowCost {
  readonly units: number;
  readonly indexes: readonly string[];
}

/** What a row of so many bytes costs: an index holds rows that have all its keys. Names are the stored ones. */
export function rowCost(definition: TableDefinition, item: StoredItem, bytes: number): RowCost {
  const indexes = definition.indexes.filter((index) =>
    keyNames(index).every((name) => Object.hasOwn(item, name)),
  );
  return { units: writeUnits(bytes), indexes: indexes.map(({ name }) => name) };
}

/** What rows of one table cost together. */
export function rowsCost(table: string, rows: readonly RowCost[]): RequestCost {
  const indexes = new Map<string, number>();
  let sum = 0;
  for (const { units, indexes: own } of rows) {
    sum += units;
    for (const index of own) indexes.set(index, (indexes.get(index) ?? 0) + units);
  }
  return { kind: 'write', tables: [{ table, units: sum, indexes }] };
}

/** Commands that read or write rows: what they cost at a guess. Other commands cost nothing. */
export function estimateOf(
  command: string,
  input: object,
  definitions: ReadonlyMap<string, TableDefinition>,
  reads: ReadCosts,
): RequestCost | undefined {
  const row = (table: string, item: StoredItem): RequestCost => {
    const definition = definitions.get(table);
    const bytes = itemBytes(item);
    return rowsCost(table, [
      definition === undefined ? { units: writeUnits(bytes), indexes: [] } : rowCost(definition, item, bytes),
    ]);
  };
  switch (command) {
    case 'ScanCommand':
      return scanCost(input as ScanCommandInput, reads);
    case 'BatchGetItemCommand':
      return getCost(input as BatchGetItemCommandInput, reads);
    case 'PutItemCommand': {
      const { TableName: table = '', Item: item } = input as PutItemCommandInput;
      return row(table, stored(item));
    }
    case 'UpdateItemCommand':
    case 'DeleteItemCommand': {
      const { TableName, Key, ExpressionAttributeValues } = input as UpdateItemCommandInput &
        DeleteItemCommandInput;
      // the row as it was stands in the condition, and in an update the row as it shall be beside it
      return row(TableName ?? '', { ...stored(Key), ...stored(ExpressionAttributeValues) });
    }
    case 'BatchExecuteStatementCommand':
      return statementsCost(input as BatchExecuteStatementCommandInput);
    default:
      return undefined;
  }
}

function scanCost({ TableName: table = '', Limit: rows }: ScanCommandInput, reads: ReadCosts): RequestCost {
  const perRow = reads.of('scan', table);
  const units = perRow === undefined ? 1 : Math.min(PAGE_UNITS, (rows ?? Number.POSITIVE_INFINITY) * perRow);
  return { kind: 'read', tables: [{ table, units }] };
}

function getCost({ RequestItems: wanted = {} }: BatchGetItemCommandInput, reads: ReadCosts): RequestCost {
  const tables = Object.entries(wanted).map(([table, { Keys: keys = [] }]) => ({
    table,
    units: keys.length * (reads.of('get', table) ?? 1),
  }));
  return { kind: 'read', tables };
}

/** Without what the caller knows, the indexes of statements are settled when the answer comes. */
function statementsCost({ Statements: statements = [] }: BatchExecuteStatementCommandInput): RequestCost {
  const units = new Map<string, number>();
  for (const { Statement: text = '', Parameters: values = [] } of statements) {
    const table = /"((?:[^"]|"")+)"/.exec(text)?.[1]?.replaceAll('""', '"') ?? '';
    const bytes = itemBytes(stored(Object.fromEntries(values.map((value, index) => [`${index}`, value]))));
    units.set(table, (units.get(table) ?? 0) + writeUnits(bytes));
  }
  return { kind: 'write', tables: [...units].map(([table, sum]) => ({ table, units: sum })) };
}

/** Both notations are the same but for types. */
function stored(item: Record<string, AttributeValue> | undefined): StoredItem {
  return (item ?? {}) as unknown as StoredItem;
}
