import type { AttributeValue } from '@aws-sdk/client-dynamodb';

import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';

// A StoredValue is an AttributeValue but for `readonly` and the SDK's placeholder for types it does not know yet.
// The copying path must not copy, so these are views, not conversions.

export function toAttributes(item: StoredItem): Record<string, AttributeValue> {
  return item as unknown as Record<string, AttributeValue>;
}

export function toAttribute(value: StoredValue): AttributeValue {
  return value as unknown as AttributeValue;
}

export function fromAttributes(item: Record<string, AttributeValue>): StoredItem {
  return item as unknown as StoredItem;
}
