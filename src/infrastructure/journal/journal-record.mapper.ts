import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * A record of plain data (text, finite numbers, booleans, arrays, objects) as a DynamoDB map, readable in any
 * DynamoDB console. Absent properties stay absent.
 */
export function toRecordAttribute(record: object): AttributeValue {
  return toAttribute(record);
}

/** The record that {@link toRecordAttribute} was given; its shape is vouched for by the journal's format. */
export function fromRecordAttribute(attribute: AttributeValue | undefined): unknown {
  if (attribute === undefined) throw new TypeError('a journal item without its record');
  return fromAttribute(attribute);
}

function toAttribute(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number' && Number.isFinite(value)) return { N: String(value) };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  if (typeof value === 'object' && value !== null) {
    const present = Object.entries(value).filter(([, content]) => content !== undefined);
    return { M: Object.fromEntries(present.map(([name, content]) => [name, toAttribute(content)])) };
  }
  throw new TypeError(`a journal record can't hold ${value === null ? 'null' : typeof value}`);
}

function fromAttribute(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute);
  if (attribute.M !== undefined) {
    return Object.fromEntries(
      Object.entries(attribute.M).map(([name, value]) => [name, fromAttribute(value)]),
    );
  }
  throw new TypeError('a journal record with an attribute of a type that records have not');
}
