import { RestoreError } from '../../../domain/errors.js';
import type { StoredValue } from '../../../domain/storage/stored-value.js';
import { typeOf } from '../../../domain/storage/stored-value.js';
import { ExactNumber } from '../../../domain/values/exact-number.js';
import { Moment } from '../../../domain/values/moment.js';
import type { Field, FieldKind } from '../../../domain/values/structure.js';

type FieldValue = string | boolean | ExactNumber | Moment;

/** Reads a value as its field's kind. Undefined where the stored type or its content is none of that kind. */
const DECODE: Readonly<Record<FieldKind, (value: StoredValue) => FieldValue | undefined>> = {
  key: (value) => ('S' in value ? value.S : undefined),
  text: (value) => ('S' in value ? value.S : undefined),
  number: (value) => ('N' in value ? ExactNumber.parse(value.N) : undefined),
  flag: (value) => ('BOOL' in value ? value.BOOL : undefined),
  moment: (value) => ('S' in value ? Moment.restore(value.S) : undefined),
};

const ENCODE: Readonly<Record<FieldKind, (value: never) => StoredValue>> = {
  key: (value: string) => ({ S: value }),
  text: (value: string) => ({ S: value }),
  number: (value: ExactNumber) => ({ N: value.text }),
  flag: (value: boolean) => ({ BOOL: value }),
  moment: (value: Moment) => ({ S: value.text }),
};

/** The value of a field, or undefined where it is absent or NULL. Throws RestoreError for another type. */
export function decode(
  aggregate: string,
  field: Field,
  value: StoredValue | undefined,
): FieldValue | undefined {
  if (value === undefined || 'NULL' in value) return undefined;
  const decoded = DECODE[field.kind](value);
  if (decoded !== undefined) return decoded;
  throw new RestoreError(aggregate, field.name, `type ${typeOf(value)} holds no ${field.kind}`);
}

/** `value` is of the field's kind: states are checked when aggregates are made. */
export function encode(field: Field, value: unknown): StoredValue {
  return ENCODE[field.kind](value as never);
}
