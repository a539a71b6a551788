import type { StoredItem, StoredType, StoredValue } from '../../storage/stored-value.js';
import { typeOf } from '../../storage/stored-value.js';
import { ExactNumber } from '../../values/exact-number.js';
import { Moment } from '../../values/moment.js';
import { isBlank, trimmed } from '../../values/white-space.js';
import { employeeWarning, type EmployeeWarning, type EmployeeWarningCode } from './employee-warnings.js';

export type EmployeeProblemReason =
  'ID_MISMATCH' | 'FIELD_MISSING' | 'TYPE_INVALID' | 'NUMBER_INVALID' | 'FLAG_INVALID';

/** The one attribute that a record is set aside for. `detail` tells types and lengths, never the value. */
export interface EmployeeProblem {
  readonly reason: EmployeeProblemReason;
  readonly field: string;
  readonly detail: string;
}

const ZERO = ExactNumber.of('0');

/** Reads attributes of one old row; keeps the first problem and all that is odd. NULL is absent. */
export class AttributeReader {
  problem: EmployeeProblem | undefined;
  readonly warnings: EmployeeWarning[] = [];

  constructor(private readonly item: StoredItem) {}

  value(name: string): StoredValue | undefined {
    const value = Object.hasOwn(this.item, name) ? this.item[name] : undefined;
    return value === undefined || 'NULL' in value ? undefined : value;
  }

  /** Text as stored, blank too. */
  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if ('S' in value) return value.S;
    this.wrongType(name, 'S', value);
    return undefined;
  }

  /** Text as stored; blank is absent. */
  filled(name: string): string | undefined {
    const text = this.text(name);
    return text === undefined || isBlank(text) ? undefined : text;
  }

  /** A number that is not negative, or text of one; blank text is absent. */
  amount(name: string): ExactNumber | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if ('N' in value) return this.notNegative(name, value.N);
    if ('S' in value) return this.numericText(name, trimmed(value.S));
    this.wrongType(name, 'N', value);
    return undefined;
  }

  /** A date or time, kept to the letter; blank is absent. */
  moment(name: string): Moment | undefined {
    const text = this.filled(name);
    if (text === undefined) return undefined;
    const moment = Moment.restore(text);
    if (!moment.isReadable) this.warn('DATE_UNREADABLE', name, `${text.length} characters`);
    return moment;
  }

  wrongType(field: string, expected: StoredType, found: StoredValue): void {
    this.fail('TYPE_INVALID', field, `expected type ${expected}, found ${typeOf(found)}`);
  }

  fail(reason: EmployeeProblemReason, field: string, detail: string): void {
    this.problem ??= { reason, field, detail };
  }

  warn(code: EmployeeWarningCode, field: string, more = ''): void {
    this.warnings.push(employeeWarning(code, field, more));
  }

  private numericText(name: string, text: string): ExactNumber | undefined {
    if (text === '') return undefined;
    const number = this.notNegative(name, text);
    if (number !== undefined) this.warn('NUMBER_AS_TEXT', name);
    return number;
  }

  private notNegative(name: string, text: string): ExactNumber | undefined {
    const number = ExactNumber.parse(text);
    if (number !== undefined && number.compare(ZERO) >= 0) return number;
    const expected = number === undefined ? 'of at most 38 significant digits' : 'that is not negative';
    this.fail('NUMBER_INVALID', name, `expected a number ${expected}`);
    return undefined;
  }
}
