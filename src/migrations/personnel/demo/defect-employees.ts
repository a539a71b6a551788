import type { StoredItem } from '../../../domain/storage/stored-value.js';

/** A sound profile under an id that tells the defect it is for, with other attributes as the defect has them. */
function profile(id: string, more: StoredItem = {}, without: readonly string[] = []): StoredItem {
  const item: StoredItem = {
    PK: { S: `EMPLOYEE#defect-${id}` },
    SK: { S: 'PROFILE' },
    full_name: { S: 'Nina Quist' },
    employee_number: { S: `SL-${id}` },
    role: { S: 'user' },
    email: { S: 'nina@sitelogix.example' },
    phone: { S: '+45 5550 9999' },
    project_id: { S: 'project-1' },
    active: { BOOL: true },
    hourly_rate: { N: '31.25' },
    certifications: { L: [{ S: 'crane' }] },
    created_at: { S: '2023-05-06T07:08:09Z' },
    created_by: { S: 'payroll-import' },
    updated_at: { S: '2024-01-02T03:04:05Z' },
    ...more,
  };
  return Object.fromEntries(Object.entries(item).filter(([name]) => !without.includes(name)));
}

const NUMBER = ['employee_number'];

/** Every defect of the original sample code that can stand in the old table, at least once (docs/plans/personnel.md). */
export const DEFECT_EMPLOYEES: readonly StoredItem[] = [
  // these two ids and their initials lead to one and the same first number
  profile('x01-a4', { full_name: { S: 'Xenia Xu' } }, NUMBER),
  profile('x01-a46', { full_name: { S: 'Xaver Xu' } }, NUMBER),
  profile('x02-absent', {}, [...NUMBER, 'full_name']),
  profile('x02-number', { full_name: { N: '7' } }, NUMBER),
  profile('x02-blank', { full_name: { S: ' ' } }, NUMBER),
  profile('x02-emoji', { full_name: { S: '🦺 Ána de la  Cruz' } }, NUMBER),
  profile('x02-digits', { full_name: { S: '007' } }, NUMBER),
  profile('x03-absent', {}, ['full_name']),
  profile('x04-absent', {}, ['project_id']),
  profile('x04-blank', { project_id: { S: '' } }),
  profile('x05-padded', { employee_number: { S: ' SL-x05 ' } }),
  profile('x05-one', { employee_number: { S: 'SL-x05-same' } }),
  profile('x05-other', { employee_number: { S: 'sl-X05-SAME' } }),
  { PK: { S: 'PROJECT#9' }, SK: { S: 'METADATA' }, title: { S: 'North quay' } },
  profile('x06-parent'),
  { PK: { S: 'EMPLOYEE#defect-x06-parent' }, SK: { S: 'ABSENCE#2024-03-01' }, days: { N: '3' } },
  { PK: { S: 'EMPLOYEE#defect-x06-orphan' }, SK: { S: 'ABSENCE#2024-03-01' }, days: { N: '1' } },
  { PK: { S: 'EMPLOYEE#defect-x06-orphan' }, SK: { S: 'ABSENCE#2024-03-02' }, days: { N: '2' } },
  { ...profile('x06-single'), SK: { S: 'v0' } },
  { PK: { S: 'EMPLOYEE#' }, SK: { S: 'PROFILE' }, full_name: { S: 'Nobody' } },
  { PK: { S: 'PROJECT#10' }, SK: { S: 'METADATA' }, legacyAttributes: { S: 'a name of the migration' } },
  profile('x07-newer'),
  profile('x08-unfit', { hours_week: { N: '37.5' } }),
  profile('x09-kept', {
    status: { S: 'terminated' },
    team_id: { S: 'team-7' },
    health_status: { S: 'unfit' },
    health_notes: { S: 'back pain' },
    hours_week: { N: '37.5' },
    hours_month: { S: '150' },
  }),
  profile('x09-disagrees', { status: { S: 'active' }, active: { BOOL: false } }),
  profile('x09-ignored', { status: { S: 'inactive' }, active: { NULL: true } }),
  profile('x10-text', { active: { S: 'False' } }),
  profile('x10-zero', { active: { N: '0' } }),
  profile('x10-one', { active: { N: '1' } }),
  profile('x10-null', { active: { NULL: true } }),
  profile('x10-other', { active: { S: 'maybe' } }),
  profile('x11-text', { hourly_rate: { S: ' 25.50 ' } }),
  profile('x11-negative', { hourly_rate: { N: '-1' } }),
  profile('x11-nan', { hourly_rate: { S: 'NaN' } }),
  profile('x11-bool', { hourly_rate: { BOOL: true } }),
  profile('x11-set', { certifications: { SS: ['welding', 'crane'] } }),
  profile('x11-numbers', { certifications: { NS: ['10', '9'] } }),
  profile('x11-scalar', { certifications: { S: 'crane' } }),
  profile('x12-times', {}, ['created_at', 'updated_at', 'created_by']),
  profile('x12-unreadable', { created_at: { S: 'spring 2023' } }),
  profile('x13-near-miss', { Email: { S: 'other@sitelogix.example' }, fullName: { S: 'Nina Q.' } }, [
    'email',
  ]),
  profile('x13-extras', {
    badge: { B: Uint8Array.of(0, 255) },
    sites: { SS: ['north', 'south'] },
    exact: { N: '12345678901234567890.123456789' },
    nothing: { NULL: true },
    ['__proto__']: { S: 'a name like any other' },
    migrated_at: { S: 'never' },
    legacyAttributes: { S: 'a name of the migration' },
  }),
  profile('x13-id', { employee_id: { S: 'somebody-else' } }),
  profile('x13-role', { role: { S: 'wizard' } }),
  profile('x13-type', { team_id: { N: '7' } }),
  // copied as it is, and the new table has an index on this name, which takes texts only
  { PK: { S: 'PROJECT#11' }, SK: { S: 'METADATA' }, status: { BOOL: true } },
  profile('x22-blank', { role: { S: '' }, email: { NULL: true } }, [
    'phone',
    'hourly_rate',
    'certifications',
  ]),
  profile('x31-rival', {}, NUMBER),
  profile('x31-given', {}, NUMBER),
];

/**
 * Rows of the application in the new table, for defects of the two tables together: it has changed what an old row still
 * says (P-X07, P-X08), and it has given a number on its own, which the hash of another employee leads to (P-X31).
 */
export const APPLICATION_EMPLOYEES: readonly StoredItem[] = [
  employee('x07-newer', { role: { S: 'manager' }, team_id: { S: 'team-9' } }),
  employee('x08-unfit', { health_status: { S: 'unfit' }, hours_week: { N: '12' } }),
  employee('x31-given', { employee_number: { S: 'EMPNQ961' } }),
];

function employee(id: string, more: StoredItem): StoredItem {
  return {
    ...profile(id, {}, ['project_id', 'active']),
    ...{ employee_id: { S: `defect-${id}` }, team_id: { S: 'project-1' }, status: { S: 'active' } },
    ...{ health_status: { S: 'fit_for_duty' }, health_notes: { S: '' } },
    ...{ hours_week: { N: '0' }, hours_month: { N: '0' } },
    ...more,
  };
}
