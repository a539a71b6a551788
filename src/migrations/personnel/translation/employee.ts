import { DEFAULT_ROLE, Employee, FIT_FOR_DUTY } from '../../../domain/personnel/employee.js';
import type { LegacyEmployee } from '../../../domain/personnel/legacy/read-employee.js';
import type { Stored } from '../../../domain/storage/stored.js';
import { LEGACY_ATTRIBUTES, STAMP_ATTRIBUTE } from '../../../domain/storage/stored.js';
import { textOf, type StoredItem, type StoredValue } from '../../../domain/storage/stored-value.js';
import { ExactNumber } from '../../../domain/values/exact-number.js';
import { Moment } from '../../../domain/values/moment.js';

/** What the record leaves open and the step decides. */
export interface Choices {
  readonly number: string;
  /** the time of the run that migrated the record first, ISO 8601 in UTC */
  readonly migratedAt: string;
}

export const MIGRATED_AT = 'migrated_at';
/** Names that belong to the migration: of the record they are kept in the ledger only. */
export const RESERVED_ATTRIBUTES: readonly string[] = [STAMP_ATTRIBUTE, LEGACY_ATTRIBUTES];

const CREATOR = 'MIGRATION_SCRIPT';
const ZERO = ExactNumber.of('0');
/** Old attributes that another one takes the place of (P-19, P-21), and those that the aggregate or the ledger has. */
const NOT_CARRIED: ReadonlySet<string> = new Set([
  ...['PK', 'employee_id', 'employee_number', 'full_name', 'role', 'email', 'phone', 'project_id', 'team_id'],
  ...['health_status', 'health_notes', 'active', 'status', 'hourly_rate', 'hours_week', 'hours_month'],
  ...['certifications', 'created_at', 'updated_at', 'created_by', MIGRATED_AT, ...RESERVED_ATTRIBUTES],
]);

/** An old employee as an employee of today: what it says, and defaults where it says nothing (P-16 to P-24, P-X09). */
export function translateEmployee(
  old: LegacyEmployee,
  record: StoredItem,
  { number, migratedAt }: Choices,
): Stored<Employee> {
  const certifications = old.certifications ?? [];
  const names = certifications.map(textOf);
  const areNames = names.every((name) => name !== undefined);
  const now = Moment.restore(migratedAt);
  const aggregate = Employee.restore({
    id: old.id,
    number,
    fullName: old.fullName,
    role: old.role ?? DEFAULT_ROLE,
    email: old.email ?? '',
    phone: old.phone ?? '',
    teamId: old.teamId,
    healthStatus: old.healthStatus ?? FIT_FOR_DUTY,
    healthNotes: old.healthNotes ?? '',
    status: old.status,
    hourlyRate: old.hourlyRate ?? ZERO,
    hoursWeek: old.hoursWeek ?? ZERO,
    hoursMonth: old.hoursMonth ?? ZERO,
    certifications: areNames ? names : undefined,
    createdAt: old.createdAt ?? now,
    createdBy: old.createdBy ?? CREATOR,
    updatedAt: old.updatedAt ?? now,
  });
  const otherAttributes: StoredItem = {
    ...carried(record),
    ...(areNames ? {} : { certifications: { L: certifications } }),
    [MIGRATED_AT]: { S: migratedAt },
  };
  return { aggregate, envelope: { otherAttributes } };
}

/** Every other attribute of the record, the sort key included, as it is (P-24). */
function carried(record: StoredItem): StoredItem {
  const entries = Object.entries<StoredValue>(record).filter(([name]) => !NOT_CARRIED.has(name));
  return Object.fromEntries(entries);
}
