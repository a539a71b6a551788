import type { DeleteItemCommandInput } from '@aws-sdk/client-dynamodb';

import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import { toAttributes } from './attribute-values.js';
import { EXPRESSION_CHARACTERS, ExpressionParts, OPERATORS } from './expression-parts.js';

/**
 * One `DeleteItem` that removes the row if it is there and each attribute is still that of `image` (invariant 9).
 * Undefined where the image has more attributes than the limits of an expression let one condition guard: a part of
 * them would not do here. All names are the stored ones.
 *
 * DynamoDB has no condition on how many attributes a row has, so one that somebody adds meanwhile under another name
 * can't be forbidden. The answer has the whole row as it was, so that it is seen and can be put right.
 */
export function conditionalDelete(
  table: string,
  keys: readonly string[],
  image: StoredItem,
): DeleteItemCommandInput | undefined {
  const parts = new ExpressionParts();
  const isKey = new Set(keys);
  const guarded = Object.entries(image).filter(([name]) => !isKey.has(name));
  // each condition is one operator or function, and each but the first has its AND
  if (guarded.length * 2 + 1 > OPERATORS) return undefined;
  const condition = [
    `attribute_exists(${parts.name(keys[0] as string)})`,
    ...guarded.map(([name, value]) => `${parts.name(name)}=${parts.value(value)}`),
  ].join(' AND ');
  if (condition.length > EXPRESSION_CHARACTERS) return undefined;
  return {
    TableName: table,
    Key: toAttributes(Object.fromEntries(keys.map((name) => [name, image[name] as StoredValue]))),
    ConditionExpression: condition,
    ExpressionAttributeNames: parts.names(),
    ...(parts.hasValues ? { ExpressionAttributeValues: parts.values() } : {}),
    ReturnValues: 'ALL_OLD',
  };
}
