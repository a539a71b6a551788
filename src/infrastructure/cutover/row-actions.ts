import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { RowChange } from '../../cutover/dual-writes/two-models.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import { RefusedError } from '../../runner/ports/errors.js';
import { toAttributes } from '../dynamodb/attribute-values.js';
import { conditionalDelete } from '../dynamodb/conditional-delete.js';
import { conditionalUpdate } from '../dynamodb/conditional-update.js';
import { ExpressionParts } from '../dynamodb/expression-parts.js';
import { keyNames } from '../dynamodb/key-identity.js';

/** A change of a row as a part of a transaction; table, attributes and keys by their stored names. */
export function rowAction(definition: TableDefinition, change: RowChange): TransactWriteItem {
  const { name: table } = definition;
  const keys = keyNames(definition);
  switch (change.kind) {
    case 'insert':
      return { Put: { TableName: table, Item: toAttributes(change.item), ...absence(keys) } };
    case 'absent':
      return { ConditionCheck: { TableName: table, Key: toAttributes(change.key), ...absence(keys) } };
    case 'replace':
      return replacement(table, keys, change.item, change.image);
    case 'remove':
      return { Delete: guarded(table, keys, change.image) };
    case 'still':
      return { ConditionCheck: guarded(table, keys, change.image) };
  }
}

function absence(keys: readonly string[]) {
  const parts = new ExpressionParts();
  const ConditionExpression = `attribute_not_exists(${parts.name(keys[0] as string)})`;
  return { ConditionExpression, ExpressionAttributeNames: parts.names() };
}

/** Only what differs is written, and what an expression can't guard is not written either. */
function replacement(
  table: string,
  keys: readonly string[],
  item: StoredItem,
  image: StoredItem,
): TransactWriteItem {
  const update = conditionalUpdate(table, keys, item, image);
  if (update === undefined) throw tooWide(table);
  const {
    UpdateExpression,
    ConditionExpression = '',
    ExpressionAttributeNames,
    ExpressionAttributeValues,
  } = update;
  const condition = {
    ...{ TableName: table, Key: update.Key, ConditionExpression, ExpressionAttributeNames },
    ...(ExpressionAttributeValues !== undefined && { ExpressionAttributeValues }),
  };
  return UpdateExpression === undefined
    ? { ConditionCheck: condition }
    : { Update: { ...condition, UpdateExpression } };
}

/** The row is there, and each of its attributes is as it was. */
function guarded(table: string, keys: readonly string[], image: StoredItem) {
  const removal = conditionalDelete(table, keys, image);
  if (removal === undefined) throw tooWide(table);
  const { Key, ConditionExpression = '', ExpressionAttributeNames, ExpressionAttributeValues } = removal;
  return {
    ...{ TableName: table, Key, ConditionExpression, ExpressionAttributeNames },
    ...(ExpressionAttributeValues !== undefined && { ExpressionAttributeValues }),
  };
}

function tooWide(table: string): RefusedError {
  return new RefusedError(
    'RECORD_TOO_WIDE',
    `a row of ${table} has more attributes than one condition can guard; nothing was written`,
    'Change it in smaller parts; a row with more than about 140 attributes can not be removed this way.',
  );
}
