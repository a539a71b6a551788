import type { StoredItem, StoredType, StoredValue } from '../../domain/storage/stored-value.js';
import { typeOf } from '../../domain/storage/stored-value.js';
import { canonicalNumber } from '../../domain/values/canonical-number.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import type { ItemFault } from '../../runner/ports/record-sink.js';
import { itemBytes, itemBytesAtMost, nameBytes, textBytes } from './item-size.js';

/** Limits of DynamoDB (developer guide, "Quotas": items, keys, attributes, nesting). */
const ITEM_LIMITS = {
  itemBytes: 400 * 1024,
  partitionKeyBytes: 2048,
  sortKeyBytes: 1024,
  /** the row itself is the first level */
  nesting: 32,
  nameBytes: 65_535,
} as const;

type Fault = Pick<ItemFault, 'reason' | 'detail'>;

/**
 * Why DynamoDB would not store this row, or undefined if it would: size with all names and the stamp, key sizes,
 * blank or wrongly typed table and index keys, numbers it can't hold, empty or repeating sets, nesting over 32
 * levels, text that is no Unicode. Row and definition must speak of attributes by the same names. Pure.
 */
export function checkItem(definition: TableDefinition, item: StoredItem): ItemFault | undefined {
  return (
    checkValues(item) ??
    checkTableKeys(definition, item) ??
    checkIndexKeys(definition, item) ??
    checkSize(item)
  );
}

/** Whether a row can have this key at all; DynamoDB fails a whole request for one key that is blank or too long. */
export function isStorableKey(key: StoredItem): boolean {
  return Object.values(key).every((value) => {
    if ('N' in value) return canonicalNumber(value.N) !== undefined;
    const bytes = 'S' in value ? textBytes(value.S) : 'B' in value ? value.B.length : 0;
    return bytes > 0 && bytes <= ITEM_LIMITS.partitionKeyBytes;
  });
}

/** Why this can't be the value of a key attribute (of type S). `what` names it, e.g. `partition key`. */
function keyFault(value: StoredValue, what: string, limit: number): Fault | undefined {
  if (!('S' in value)) {
    return { reason: 'ITEM_INVALID', detail: `${what} must be of type S, found ${typeOf(value)}` };
  }
  if (value.S === '') return { reason: 'ITEM_INVALID', detail: `${what} is blank` };
  const bytes = textBytes(value.S);
  if (bytes <= limit) return undefined;
  return { reason: 'ITEM_TOO_LARGE', detail: `${what} has ${bytes} bytes, the limit is ${limit}` };
}

function checkTableKeys(definition: TableDefinition, item: StoredItem): ItemFault | undefined {
  for (const { name, what, limit } of keysOf(definition).ofTable) {
    const value = item[name];
    const fault: Fault | undefined =
      value === undefined
        ? { reason: 'ITEM_INVALID', detail: `${what} is absent` }
        : keyFault(value, what, limit);
    if (fault !== undefined) return { field: name, ...fault };
  }
  return undefined;
}

/** An absent index key is legal: the row is then not in that index. */
function checkIndexKeys(definition: TableDefinition, item: StoredItem): ItemFault | undefined {
  for (const { name, what, limit } of keysOf(definition).ofIndexes) {
    const value = item[name];
    const fault = value === undefined ? undefined : keyFault(value, what, limit);
    if (fault !== undefined) return { field: name, ...fault };
  }
  return undefined;
}

interface KeyAttribute {
  readonly name: string;
  /** in words */
  readonly what: string;
  /** bytes */
  readonly limit: number;
}

interface KeyAttributes {
  readonly ofTable: readonly KeyAttribute[];
  readonly ofIndexes: readonly KeyAttribute[];
}

/** Definitions are few and rows many. */
const KEYS = new WeakMap<TableDefinition, KeyAttributes>();

function keysOf(definition: TableDefinition): KeyAttributes {
  const known = KEYS.get(definition);
  if (known !== undefined) return known;
  const keys = {
    ofTable: keyAttributes(definition, ''),
    ofIndexes: definition.indexes.flatMap((index) => keyAttributes(index, ` of index ${index.name}`)),
  };
  KEYS.set(definition, keys);
  return keys;
}

function keyAttributes(
  { partitionKey, sortKey }: { readonly partitionKey: string; readonly sortKey?: string },
  owner: string,
): KeyAttribute[] {
  const { partitionKeyBytes, sortKeyBytes } = ITEM_LIMITS;
  const partition = { name: partitionKey, what: `partition key${owner}`, limit: partitionKeyBytes };
  return sortKey === undefined
    ? [partition]
    : [partition, { name: sortKey, what: `sort key${owner}`, limit: sortKeyBytes }];
}

function checkSize(item: StoredItem): ItemFault | undefined {
  if (itemBytesAtMost(item) <= ITEM_LIMITS.itemBytes) return undefined;
  const bytes = itemBytes(item);
  if (bytes <= ITEM_LIMITS.itemBytes) return undefined;
  return {
    reason: 'ITEM_TOO_LARGE',
    detail: `the row has ${bytes} bytes with its attribute names, the limit is ${ITEM_LIMITS.itemBytes}`,
  };
}

function checkValues(item: StoredItem): ItemFault | undefined {
  for (const name of Object.keys(item)) {
    const fault = nameFault(name) ?? valueFault(item[name] as StoredValue, 1);
    if (fault !== undefined) return { field: name, ...fault };
  }
  return undefined;
}

function nameFault(name: string): Fault | undefined {
  if (name === '') return invalid('an attribute name is empty');
  if (nameBytes(name) > ITEM_LIMITS.nameBytes) {
    return {
      reason: 'ITEM_TOO_LARGE',
      detail: `an attribute name is longer than ${ITEM_LIMITS.nameBytes} bytes`,
    };
  }
  return textFault(name);
}

/** `depth` is the level that the value stands on; the attributes of a row are on the first. */
function valueFault(value: StoredValue, depth: number): Fault | undefined {
  if ('S' in value) return textFault(value.S);
  if ('N' in value) return numberFault(value.N);
  if ('M' in value || 'L' in value) return containerFault(value, depth + 1);
  if ('SS' in value) return setFault(value.SS, 'SS', (text) => text) ?? first(value.SS, textFault);
  if ('NS' in value) return first(value.NS, numberFault) ?? setFault(value.NS, 'NS', canonicalNumber);
  if ('BS' in value) return setFault(value.BS, 'BS', (bytes) => Buffer.from(bytes).toString('base64'));
  return undefined;
}

function containerFault(
  value: Extract<StoredValue, { M: unknown } | { L: unknown }>,
  depth: number,
): Fault | undefined {
  if (depth > ITEM_LIMITS.nesting) {
    return {
      reason: 'ITEM_TOO_LARGE',
      detail: `lists and maps are nested more than ${ITEM_LIMITS.nesting} levels deep`,
    };
  }
  if ('L' in value) return first(value.L, (element) => valueFault(element, depth));
  return first(
    Object.keys(value.M),
    (name) => nameFault(name) ?? valueFault(value.M[name] as StoredValue, depth),
  );
}

function numberFault(text: string): Fault | undefined {
  return canonicalNumber(text) === undefined
    ? invalid('a number that the store cannot hold exactly')
    : undefined;
}

function textFault(text: string): Fault | undefined {
  return text.isWellFormed() ? undefined : invalid('text with half a surrogate pair');
}

function setFault<T>(
  elements: readonly T[],
  type: StoredType,
  spelling: (element: T) => unknown,
): Fault | undefined {
  if (elements.length === 0) return invalid(`an empty set (${type})`);
  return new Set(elements.map(spelling)).size < elements.length
    ? invalid(`a set (${type}) that repeats an element`)
    : undefined;
}

function first<T>(elements: readonly T[], check: (element: T) => Fault | undefined): Fault | undefined {
  for (const element of elements) {
    const fault = check(element);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function invalid(detail: string): Fault {
  return { reason: 'ITEM_INVALID', detail };
}
