import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Readonly<Record<string, WireValue>>;

/** An attribute value as the protocol has it: like the SDK's, but binary is base64 text. */
export type WireValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: boolean }
  | { readonly M: Item }
  | { readonly L: readonly WireValue[] }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] };

/** A row as the SDK has it; the bench's tables hold no binary, so it is the same on the wire. */
export type Row = Record<string, AttributeValue>;

/** A table and what is written to besides it. */
export interface TableShape {
  readonly name: string;
  /** secondary indexes, all with projection ALL; a row is in one if it has all of its key attributes */
  readonly indexes: readonly { readonly name: string; readonly keys: readonly string[] }[];
}

/** What is throttled by itself: a table's name, or `<table>/<index>`. */
export type Bucket = string;

const BYTES_PER_UNIT = 1024;

/**
 * Write units that one row takes from its table and from each of its indexes: its size in KB, rounded up, at least
 * one (developer guide, "Read and write capacity"). An insert of a row; what an update takes from the indexes' old
 * entries is not counted. `factor`: 2 inside a transaction.
 */
export function writeUnits(item: Item, { name, indexes }: TableShape, factor = 1): Map<Bucket, number> {
  const units = Math.max(1, Math.ceil(itemBytes(item) / BYTES_PER_UNIT)) * factor;
  const present = indexes.filter(({ keys }) => keys.every((key) => item[key] !== undefined));
  return new Map([[name, units], ...present.map((index) => [`${name}/${index.name}`, units] as const)]);
}

/** Bytes that count for limits and capacity: names and values in UTF-8 (developer guide, "Item sizes and formats"). */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

function valueBytes(value: WireValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('M' in value) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  if ('L' in value) return 3 + value.L.reduce((sum, each) => sum + 1 + valueBytes(each), 0);
  if ('SS' in value) return value.SS.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
  if ('NS' in value) return value.NS.reduce((sum, each) => sum + numberBytes(each), 0);
  if ('BS' in value) return value.BS.reduce((sum, each) => sum + Buffer.byteLength(each, 'base64'), 0);
  return 1;
}

/** One byte for two significant digits, one more, and one for a minus sign. */
function numberBytes(text: string): number {
  const digits = text.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + 1 + (text.trim().startsWith('-') ? 1 : 0);
}
