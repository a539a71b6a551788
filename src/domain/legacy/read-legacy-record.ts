import { validateSync } from 'class-validator';
import type { StoredItem } from '../storage/stored-value.js';
import { textOf } from '../storage/stored-value.js';
import type { RecordSchema } from './attribute.js';
import { schemaOf } from './attribute.js';
import { convert } from './conversion.js';
import type { LegacyRecord } from './legacy-record.js';
import { AttributeProblem } from './record-problem.js';
import type { RecordProblem } from './record-problem.js';
import type { RecordWarning } from './record-warning.js';
import { readingWarning } from './reading-warnings.js';

/** A readable record with what is odd about it, or the first problem in declared order. */
export type ReadRecord<T> =
  | { readonly ok: true; readonly record: T; readonly warnings: readonly RecordWarning[] }
  | { readonly ok: false; readonly problem: RecordProblem };

/**
 * Turns a row of a legacy table into its record: values typed and canonical, attributes that the table does not list
 * set aside unchanged. Pure, and throws for no content whatever. Attribute names are the document's: aliases are
 * applied before.
 */
export function readLegacyRecord<T extends LegacyRecord>(
  recordClass: new () => T,
  item: StoredItem,
): ReadRecord<T> {
  const record = new recordClass();
  const warnings: RecordWarning[] = [];
  const schema = schemaOf(recordClass);
  const converted = record as unknown as Record<string, unknown>;
  let listed = 0;
  for (const attribute of schema.attributes) {
    const value = item[attribute.name];
    if (value !== undefined) listed += 1;
    converted[attribute.name] = convert(value, attribute, warnings);
  }
  record.settle(converted, item);
  const problem = firstProblem(record, schema);
  if (problem !== undefined) return { ok: false, problem };
  record.storedId = textOf(item['id']) ?? '';
  record.inspect(warnings);
  record.legacyAttributes = unlisted(item, schema, listed, warnings);
  return { ok: true, record, warnings };
}

/** class-validator takes longer than all the rest, so it sees only records in which something is wrong. */
function firstProblem(record: LegacyRecord, schema: RecordSchema): AttributeProblem | undefined {
  const values = record as unknown as Readonly<Record<string, unknown>>;
  if (!schema.attributes.some(({ name }) => values[name] instanceof AttributeProblem)) return undefined;
  const failed = new Set(validateSync(record, { validationError: { target: false } }).map((e) => e.property));
  const first = schema.attributes.find(({ name }) => failed.has(name));
  const problem = first && values[first.name];
  if (problem instanceof AttributeProblem) return problem;
  throw new TypeError('class-validator found nothing wrong with an attribute that could not be converted');
}

function unlisted(
  item: StoredItem,
  { names }: RecordSchema,
  listed: number,
  warnings: RecordWarning[],
): StoredItem | undefined {
  if (Object.keys(item).length === listed) return undefined;
  const unknown = Object.entries(item).filter(([name]) => !names.has(name));
  for (const [name] of unknown) warnings.push(readingWarning('UNKNOWN_ATTRIBUTE', name));
  return unknown.length === 0 ? undefined : Object.fromEntries(unknown);
}
