import type { StoredType, StoredValue } from '../storage/stored-value.js';
import { typeOf } from '../storage/stored-value.js';
import { ExactNumber } from '../values/exact-number.js';
import { Guid } from '../values/guid.js';
import { Moment } from '../values/moment.js';
import { isBlank, trimmed } from '../values/white-space.js';
import type { AttributeDeclaration, AttributeKind } from './attribute.js';
import { AttributeProblem } from './record-problem.js';
import type { RecordWarning } from './record-warning.js';
import { readingWarning } from './reading-warnings.js';

type Converter = (
  value: StoredValue,
  attribute: AttributeDeclaration,
  warnings: RecordWarning[],
) => Guid | ExactNumber | Moment | string | boolean | AttributeProblem | undefined;

/** The value of an attribute, undefined where it is absent though optional, or the problem that it is. */
export function convert(
  value: StoredValue | undefined,
  attribute: AttributeDeclaration,
  warnings: RecordWarning[],
): ReturnType<Converter> {
  const converted =
    value === undefined || 'NULL' in value
      ? undefined
      : CONVERTERS[attribute.kind](value, attribute, warnings);
  return converted === undefined && attribute.required ? missing(attribute.name) : converted;
}

/** The problem of a required attribute that is absent, NULL or blank. */
export function missing(field: string): AttributeProblem {
  return new AttributeProblem('FIELD_MISSING', field, 'expected a value, found none (absent, NULL or blank)');
}

const CONVERTERS: Readonly<Record<AttributeKind, Converter>> = {
  identifier: (value, { name }) => {
    if (!('S' in value)) return wrongType(name, 'S', value);
    if (isBlank(value.S)) return undefined;
    const guid = Guid.parse(value.S);
    if (guid === undefined) return unreadable('ID_INVALID', name, 'a GUID', value.S);
    if (!guid.isNil) return guid;
    return new AttributeProblem('ID_INVALID', name, 'expected a GUID other than nil, found nil');
  },
  reference: (value, { name }) => {
    if (!('S' in value)) return wrongType(name, 'S', value);
    return isBlank(value.S) ? undefined : (Guid.canonical(value.S) ?? value.S);
  },
  user: (value, { name }, warnings) => {
    if (!('S' in value)) return wrongType(name, 'S', value);
    if (isBlank(value.S)) return undefined;
    const canonical = Guid.canonical(value.S);
    if (canonical === undefined) warnings.push(readingWarning('USER_NOT_GUID', name, characters(value.S)));
    return canonical ?? value.S;
  },
  recorder: (value, { name }) => {
    if (!('S' in value)) return wrongType(name, 'S', value);
    return isBlank(value.S) ? undefined : value.S;
  },
  text: (value, { name }) => ('S' in value ? value.S : wrongType(name, 'S', value)),
  number: (value, { name }, warnings) => {
    if ('N' in value)
      return ExactNumber.parse(value.N) ?? unreadable('NUMBER_INVALID', name, NUMBER, value.N);
    if (!('S' in value)) return wrongType(name, 'N', value);
    const text = trimmed(value.S);
    if (text === '') return undefined;
    const number = ExactNumber.parse(text);
    if (number === undefined) return unreadable('NUMBER_INVALID', name, NUMBER, value.S);
    warnings.push(readingWarning('NUMBER_AS_TEXT', name));
    return number;
  },
  flag: (value, { name }) => ('BOOL' in value ? value.BOOL : wrongType(name, 'BOOL', value)),
  moment: (value, { name }) => {
    if (!('S' in value)) return wrongType(name, 'S', value);
    if (isBlank(value.S)) return undefined;
    return (
      Moment.read(value.S) ??
      unreadable('DATE_INVALID', name, 'an existing date or time, not in year 1', value.S)
    );
  },
};

const NUMBER = 'a number of at most 38 significant digits';

function wrongType(field: string, expected: StoredType, found: StoredValue): AttributeProblem {
  return new AttributeProblem('TYPE_INVALID', field, `expected type ${expected}, found ${typeOf(found)}`);
}

function unreadable(
  reason: 'ID_INVALID' | 'NUMBER_INVALID' | 'DATE_INVALID',
  field: string,
  expected: string,
  found: string,
): AttributeProblem {
  return new AttributeProblem(reason, field, `expected ${expected}, found text of ${characters(found)}`);
}

function characters(text: string): string {
  return `${text.length} characters`;
}
