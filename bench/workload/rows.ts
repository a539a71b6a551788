import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** The text of a string attribute; empty where it is something else or absent. */
export function stringOf(value: AttributeValue | undefined): string {
  return value?.S ?? '';
}
