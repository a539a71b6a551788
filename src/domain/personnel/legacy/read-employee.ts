import type { StoredItem, StoredValue } from '../../storage/stored-value.js';
import { canonicalNumber } from '../../values/canonical-number.js';
import { ExactNumber } from '../../values/exact-number.js';
import type { Moment } from '../../values/moment.js';
import { trimmed } from '../../values/white-space.js';
import { AttributeReader, type EmployeeProblem } from './attribute-reader.js';
import type { EmployeeWarning } from './employee-warnings.js';

/** An old employee, typed; absent is what the record does not say. */
export interface LegacyEmployee {
  readonly id: string;
  /** the number that the employee has already, without white space around it */
  readonly number: string | undefined;
  readonly fullName: string;
  readonly role: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly teamId: string | undefined;
  readonly healthStatus: string | undefined;
  readonly healthNotes: string | undefined;
  readonly status: string;
  readonly hourlyRate: ExactNumber | undefined;
  readonly hoursWeek: ExactNumber | undefined;
  readonly hoursMonth: ExactNumber | undefined;
  /** as stored, sets as sorted lists */
  readonly certifications: readonly StoredValue[] | undefined;
  readonly createdAt: Moment | undefined;
  readonly createdBy: string | undefined;
  readonly updatedAt: Moment | undefined;
}

/** A readable employee with what is odd about it, or the first problem in the order of the contract. */
export type ReadEmployee =
  | { readonly ok: true; readonly employee: LegacyEmployee; readonly warnings: readonly EmployeeWarning[] }
  | { readonly ok: false; readonly problem: EmployeeProblem };

const KEY = /^EMPLOYEE#(.*\S.*)$/su;
const ROLES: ReadonlySet<string> = new Set(['user', 'manager', 'supervisor', 'admin']);
const STATUSES: ReadonlySet<string> = new Set(['active', 'inactive']);
/** Attributes that a record may have in another spelling, without `_` and in lower case → the right one (P-X13). */
const SPELLINGS: ReadonlyMap<string, string> = new Map(
  [
    ...['employee_id', 'employee_number', 'full_name', 'role', 'email', 'phone', 'project_id', 'team_id'],
    ...['health_status', 'health_notes', 'active', 'status', 'hourly_rate', 'hours_week', 'hours_month'],
    ...['certifications', 'created_at', 'updated_at', 'created_by'],
  ].map((name) => [spelling(name), name]),
);

const RIGHT_NAMES: ReadonlySet<string> = new Set(SPELLINGS.values());

/** The id behind the prefix of an employee's partition key; undefined for any other key (P-16, P-X06). */
export function employeeIdOf(partitionKey: string): string | undefined {
  return KEY.exec(partitionKey)?.[1];
}

/**
 * Reads a row of the old table as the profile of an employee, under the id that its key names. Pure, and throws for no
 * content whatever. What the record says always wins; nothing is made up here.
 */
export function readEmployee(item: StoredItem, id: string): ReadEmployee {
  const reader = new AttributeReader(item);
  checkId(reader, id);
  const number = numberOf(reader);
  const fullName = reader.filled('full_name');
  if (fullName === undefined)
    reader.fail('FIELD_MISSING', 'full_name', 'expected a name, found none or a blank one');
  const employee = {
    ...{ id, number, fullName: fullName ?? '' },
    role: roleOf(reader),
    email: reader.text('email'),
    phone: reader.text('phone'),
    teamId: teamOf(reader),
    healthStatus: reader.filled('health_status'),
    healthNotes: reader.text('health_notes'),
    status: statusOf(reader, item),
    hourlyRate: reader.amount('hourly_rate'),
    hoursWeek: reader.amount('hours_week'),
    hoursMonth: reader.amount('hours_month'),
    certifications: certificationsOf(reader),
    createdAt: reader.moment('created_at'),
    createdBy: reader.filled('created_by'),
    updatedAt: reader.moment('updated_at'),
  };
  if (reader.problem !== undefined) return { ok: false, problem: reader.problem };
  for (const name of Object.keys(item)) {
    if (RIGHT_NAMES.has(name)) continue;
    const meant = SPELLINGS.get(spelling(name));
    if (meant !== undefined) reader.warn('ATTRIBUTE_SUSPICIOUS', name, `like ${meant}`);
  }
  return { ok: true, employee, warnings: reader.warnings };
}

function checkId(reader: AttributeReader, id: string): void {
  const stored = reader.filled('employee_id');
  if (stored !== undefined && stored !== id)
    reader.fail('ID_MISMATCH', 'employee_id', 'the id is another one than that of the key');
}

function numberOf(reader: AttributeReader): string | undefined {
  const stored = reader.filled('employee_number');
  if (stored === undefined) return undefined;
  const number = trimmed(stored);
  if (number !== stored) reader.warn('EMPLOYEE_NUMBER_PADDED', 'employee_number');
  return number;
}

function roleOf(reader: AttributeReader): string | undefined {
  const role = reader.filled('role');
  if (role !== undefined && !ROLES.has(role)) reader.warn('ROLE_UNKNOWN', 'role');
  return role;
}

function teamOf(reader: AttributeReader): string | undefined {
  const [team, project] = [reader.filled('team_id'), reader.filled('project_id')];
  if (team !== undefined && project !== undefined && team !== project)
    reader.warn('TEAM_DISAGREES', 'team_id');
  return team ?? project;
}

/** The status that the record has, else what its flag says (P-21, P-X09, P-X10). */
function statusOf(reader: AttributeReader, item: StoredItem): string {
  const status = reader.filled('status');
  const active = activeOf(item);
  if (status === undefined) {
    if (active === 'unreadable')
      reader.fail('FLAG_INVALID', 'active', 'expected true or false, found neither of them');
    else if (active?.isFlag === false) reader.warn('FLAG_AS_OTHER', 'active');
    return active !== 'unreadable' && active?.flag === false ? 'inactive' : 'active';
  }
  if (!STATUSES.has(status)) reader.warn('STATUS_UNKNOWN', 'status');
  else if (active === 'unreadable') reader.warn('FLAG_IGNORED', 'active');
  else if (active !== undefined && active.flag !== (status === 'active'))
    reader.warn('STATUS_DISAGREES', 'status');
  return status;
}

/** NULL is no answer either: whether the employee works here must not be guessed (P-X10). */
function activeOf(
  item: StoredItem,
): { readonly flag: boolean; readonly isFlag: boolean } | 'unreadable' | undefined {
  const value = item['active'];
  if (value === undefined) return undefined;
  if ('BOOL' in value) return { flag: value.BOOL, isFlag: true };
  const text = 'S' in value ? trimmed(value.S).toLowerCase() : 'N' in value ? canonicalNumber(value.N) : '';
  if (text === 'true' || text === '1') return { flag: true, isFlag: false };
  return text === 'false' || text === '0' ? { flag: false, isFlag: false } : 'unreadable';
}

function certificationsOf(reader: AttributeReader): readonly StoredValue[] | undefined {
  const value = reader.value('certifications');
  if (value === undefined) return undefined;
  if ('L' in value) return value.L;
  if (!('SS' in value) && !('NS' in value)) {
    reader.wrongType('certifications', 'L', value);
    return undefined;
  }
  reader.warn('CERTIFICATIONS_AS_SET', 'certifications');
  if ('SS' in value) return value.SS.toSorted().map((text) => ({ S: text }));
  return value.NS.toSorted(numerically).map((number) => ({ N: number }));
}

function numerically(one: string, other: string): number {
  const [a, b] = [ExactNumber.parse(one), ExactNumber.parse(other)];
  return a === undefined || b === undefined ? 0 : a.compare(b);
}

function spelling(name: string): string {
  return name.replace(/[_\-\s]/gu, '').toLowerCase();
}
