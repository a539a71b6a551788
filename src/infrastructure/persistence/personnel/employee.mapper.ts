import { RestoreError } from '../../../domain/errors.js';
import { Employee, type EmployeeState } from '../../../domain/personnel/employee.js';
import { employeeIdOf } from '../../../domain/personnel/legacy/read-employee.js';
import type { AggregateMapper, StorageEnvelope, Stored } from '../../../domain/storage/stored.js';
import {
  LEGACY_ATTRIBUTES,
  STAMP_ATTRIBUTE,
  stampOf,
  isPlainStamp,
  stampedAs,
} from '../../../domain/storage/stored.js';
import { textOf, type StoredItem, type StoredValue } from '../../../domain/storage/stored-value.js';
import { decode, encode } from '../mapping/row-codec.js';

const AGGREGATE = 'Employee';
const PARTITION_KEY = 'PK';
const KEY_PREFIX = 'EMPLOYEE#';
const CERTIFICATIONS = 'certifications';

/** attribute → field, where the two are not called the same */
const FIELD_OF: Readonly<Record<string, string>> = {
  employee_id: 'id',
  employee_number: 'number',
  full_name: 'fullName',
  team_id: 'teamId',
  health_status: 'healthStatus',
  health_notes: 'healthNotes',
  hourly_rate: 'hourlyRate',
  hours_week: 'hoursWeek',
  hours_month: 'hoursMonth',
  created_at: 'createdAt',
  created_by: 'createdBy',
  updated_at: 'updatedAt',
};
const NAME_OF = new Map(Object.entries(FIELD_OF).map(([name, field]) => [field, name]));
const FIELDS = Employee.fields.map((field) => ({
  ...field,
  attribute: NAME_OF.get(field.name) ?? field.name,
}));
const ATTRIBUTES: ReadonlySet<string> = new Set(FIELDS.map(({ attribute }) => attribute));

/**
 * Rows of `sitelogix-personnel-v2`. Profiles are employees; other rows, which stand there as they came, have no
 * aggregate. Loses nothing of either: what the model does not know, the sort key included, travels in
 * `otherAttributes`.
 */
export class EmployeeMapper implements AggregateMapper<Employee | undefined> {
  readonly table = 'sitelogix-personnel-v2';

  toItem({ aggregate, envelope }: Stored<Employee | undefined>): StoredItem {
    const item: Record<string, StoredValue> = { ...envelope.otherAttributes };
    if (aggregate !== undefined) assign(item, aggregate.state());
    if (envelope.legacyAttributes !== undefined) item[LEGACY_ATTRIBUTES] = { M: envelope.legacyAttributes };
    return stampedAs(item, envelope);
  }

  /** Throws RestoreError for a profile that is structurally no employee. */
  fromItem(item: StoredItem): Stored<Employee | undefined> {
    return isProfile(item)
      ? { aggregate: restored(item), envelope: envelopeOf(item, isOfProfile) }
      : { aggregate: undefined, envelope: envelopeOf(item, () => false) };
  }
}

/** A migrated profile has its ledger in `legacyAttributes`; rows of the application are told by key and id. */
function isProfile(item: StoredItem): boolean {
  const ledger = item[LEGACY_ATTRIBUTES];
  if (ledger !== undefined && 'M' in ledger && ledger.M['written'] !== undefined) return true;
  return stampOf(item) === undefined && isEmployeeKey(item) && item['employee_id'] !== undefined;
}

function isEmployeeKey(item: StoredItem): boolean {
  return employeeIdOf(textOf(item[PARTITION_KEY]) ?? '') !== undefined;
}

function assign(item: Record<string, StoredValue>, state: EmployeeState): void {
  const values = state as unknown as Readonly<Record<string, unknown>>;
  for (const field of FIELDS) {
    const value = values[field.name];
    if (value !== undefined) item[field.attribute] = encode(field, value);
  }
  item[PARTITION_KEY] = { S: KEY_PREFIX + state.id };
  if (state.certifications !== undefined)
    item[CERTIFICATIONS] = { L: state.certifications.map((text) => ({ S: text })) };
}

function restored(item: StoredItem): Employee {
  const state = Object.fromEntries(
    FIELDS.map((field) => {
      const { attribute: name } = field;
      return [field.name, decode(AGGREGATE, { ...field, name }, item[name])];
    }),
  );
  const certifications = namesIn(item[CERTIFICATIONS]);
  const employee = Employee.restore({ ...state, certifications } as unknown as EmployeeState);
  if (textOf(item[PARTITION_KEY]) === KEY_PREFIX + employee.id) return employee;
  throw new RestoreError(AGGREGATE, PARTITION_KEY, 'not the key of the employee with this id');
}

/** Undefined where the value is no list of texts: then it is none of the aggregate's. */
function namesIn(value: StoredValue | undefined): readonly string[] | undefined {
  if (value === undefined || !('L' in value)) return undefined;
  const names = value.L.flatMap((one) => ('S' in one ? [one.S] : []));
  return names.length === value.L.length ? names : undefined;
}

function isOfProfile(name: string, value: StoredValue): boolean {
  if (name === PARTITION_KEY) return true;
  if (name === CERTIFICATIONS) return namesIn(value) !== undefined;
  return ATTRIBUTES.has(name) && !('NULL' in value);
}

function envelopeOf(
  item: StoredItem,
  isAggregates: (name: string, value: StoredValue) => boolean,
): StorageEnvelope {
  const [legacy, stamp] = [item[LEGACY_ATTRIBUTES], stampOf(item)];
  const others = Object.entries(item).filter(([name, value]) => {
    if (name === LEGACY_ATTRIBUTES) return !('M' in value);
    if (name === STAMP_ATTRIBUTE) return stamp === undefined || !isPlainStamp(value);
    return !isAggregates(name, value);
  });
  return {
    ...(legacy !== undefined && 'M' in legacy && { legacyAttributes: legacy.M }),
    ...(others.length > 0 && { otherAttributes: Object.fromEntries(others) }),
    ...(stamp !== undefined && { stamp }),
  };
}
