import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';

import { sameRow } from '../../domain/storage/canonical-digest.js';
import { own, type StoredItem, type StoredValue } from '../../domain/storage/stored-value.js';
import { STAMP_ATTRIBUTE } from '../../domain/storage/stored.js';
import { toAttributes } from './attribute-values.js';
import { EXPRESSION_CHARACTERS, ExpressionParts, OPERATORS } from './expression-parts.js';

/**
 * One `UpdateItem` that turns `image` into `row` if the stored row still is the image.
 *
 * It sets what differs and removes what the row no longer has; `#a = :a` for every attribute of the image and
 * `attribute_not_exists(#a)` for every one that the row adds are its condition. DynamoDB has no condition on how many
 * attributes a row has, so one that somebody adds meanwhile under another name can't be forbidden. A put would drop it
 * silently; this update leaves it where it is, and validation then reports the row.
 *
 * Where the whole condition is longer than DynamoDB takes, the attributes that this update touches and the stamp
 * come first, then as many of the others as fit: what is left unguarded is not written either. Undefined where not
 * even the touched attributes fit; such a row can't be replaced safely. All names are the stored ones.
 */
export function conditionalUpdate(
  table: string,
  keys: readonly string[],
  row: StoredItem,
  image: StoredItem,
): UpdateItemCommandInput | undefined {
  const changes = changesOf(keys, row, image);
  const parts = new ExpressionParts();
  const update = updateExpression(parts, changes);
  const exists = `attribute_exists(${parts.name(keys[0] as string)})`;
  const must = [...changes.touched].map((name) => conditionOn(parts, name, image));
  const others = changes.untouched.map((name) => (): string => conditionOn(parts, name, image));
  const operators = changes.set.length + changes.remove.length;
  const condition = fitted([exists, ...must], others, OPERATORS - operators);
  if (update.length > EXPRESSION_CHARACTERS || condition === undefined) return undefined;
  return {
    TableName: table,
    Key: toAttributes(Object.fromEntries(keys.map((name) => [name, row[name] as StoredValue]))),
    ...(update === '' ? {} : { UpdateExpression: update }),
    ConditionExpression: condition,
    ExpressionAttributeNames: parts.names(),
    ...(parts.hasValues ? { ExpressionAttributeValues: parts.values() } : {}),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

interface Changes {
  readonly set: readonly (readonly [name: string, value: StoredValue])[];
  readonly remove: readonly string[];
  /** names in `set` and `remove`, and the stamp: these must be guarded */
  readonly touched: ReadonlySet<string>;
  readonly untouched: readonly string[];
}

function changesOf(keys: readonly string[], row: StoredItem, image: StoredItem): Changes {
  const isKey = new Set(keys);
  const differs = (name: string, value: StoredValue): boolean => {
    const old = own(image, name);
    return old === undefined || !sameRow({ value: old }, { value });
  };
  // the stamp is always written, so that the update is never empty
  const set = Object.entries(row).filter(
    ([name, value]) => !isKey.has(name) && (name === STAMP_ATTRIBUTE || differs(name, value)),
  );
  const remove = Object.keys(image).filter((name) => own(row, name) === undefined);
  const touched = new Set([STAMP_ATTRIBUTE, ...set.map(([name]) => name), ...remove]);
  if (own(image, STAMP_ATTRIBUTE) === undefined && own(row, STAMP_ATTRIBUTE) === undefined) {
    touched.delete(STAMP_ATTRIBUTE);
  }
  const untouched = Object.keys(image).filter((name) => !isKey.has(name) && !touched.has(name));
  return { set, remove, touched, untouched };
}

function updateExpression(parts: ExpressionParts, { set, remove }: Changes): string {
  const sets = set.map(([name, value]) => `${parts.name(name)}=${parts.value(value)}`);
  const removals = remove.map((name) => parts.name(name));
  return [
    ...(sets.length === 0 ? [] : [`SET ${sets.join(',')}`]),
    ...(removals.length === 0 ? [] : [`REMOVE ${removals.join(',')}`]),
  ].join(' ');
}

function conditionOn(parts: ExpressionParts, name: string, image: StoredItem): string {
  const old = Object.hasOwn(image, name) ? image[name] : undefined;
  return old === undefined
    ? `attribute_not_exists(${parts.name(name)})`
    : `${parts.name(name)}=${parts.value(old)}`;
}

/** All of `must` and as many of `others` as the limits allow, or undefined where `must` alone passes them. */
function fitted(
  must: readonly string[],
  others: readonly (() => string)[],
  operators: number,
): string | undefined {
  let condition = must.join(' AND ');
  // every part is one operator or function, and each but the first has its AND
  let used = must.length * 2;
  if (condition.length > EXPRESSION_CHARACTERS || used > operators) return undefined;
  for (const other of others) {
    // a placeholder pair is at most this long; made only if it fits, as unused placeholders are refused
    if (condition.length + 20 > EXPRESSION_CHARACTERS || used + 2 > operators) break;
    condition += ` AND ${other()}`;
    used += 2;
  }
  return condition;
}
