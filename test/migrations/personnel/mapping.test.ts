import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { decided, NOW, plannerOver, rowOf, without } from './planning.js';

const OLD: StoredItem = {
  PK: { S: 'EMPLOYEE#17' },
  SK: { S: 'PROFILE' },
  employee_number: { S: 'SL-17' },
  full_name: { S: 'Ines Østby' },
  role: { S: 'manager' },
  email: { S: 'ines@sitelogix.example' },
  phone: { S: '+45 1' },
  project_id: { S: 'project-3' },
  active: { BOOL: false },
  hourly_rate: { N: '31.50' },
  certifications: { L: [{ S: 'crane' }, { S: 'welding' }] },
  created_at: { S: '2023-05-06T07:08:09+02:00' },
  created_by: { S: 'payroll' },
  updated_at: { S: '2024-01-02' },
  shoe_size: { N: '42' },
};

const NEW: StoredItem = {
  PK: { S: 'EMPLOYEE#17' },
  SK: { S: 'PROFILE' },
  employee_id: { S: '17' },
  employee_number: { S: 'SL-17' },
  full_name: { S: 'Ines Østby' },
  role: { S: 'manager' },
  email: { S: 'ines@sitelogix.example' },
  phone: { S: '+45 1' },
  team_id: { S: 'project-3' },
  health_status: { S: 'fit_for_duty' },
  health_notes: { S: '' },
  status: { S: 'inactive' },
  hourly_rate: { N: '31.5' },
  hours_week: { N: '0' },
  hours_month: { N: '0' },
  certifications: { L: [{ S: 'crane' }, { S: 'welding' }] },
  created_at: { S: '2023-05-06T07:08:09+02:00' },
  created_by: { S: 'payroll' },
  updated_at: { S: '2024-01-02' },
  migrated_at: { S: '2025-01-02T03:04:05.678Z' },
  shoe_size: { N: '42' },
  legacyAttributes: {
    M: {
      original: { M: { project_id: { S: 'project-3' }, active: { BOOL: false } } },
      written: {
        M: {
          employee_id: { S: '17' },
          team_id: { S: 'project-3' },
          health_status: { S: 'fit_for_duty' },
          health_notes: { S: '' },
          status: { S: 'inactive' },
          hours_week: { N: '0' },
          hours_month: { N: '0' },
          migrated_at: { S: '2025-01-02T03:04:05.678Z' },
        },
      },
    },
  },
};

/** Old attributes, those to be absent as undefined. */
type Changes = Readonly<Record<string, StoredItem[string] | undefined>>;

function old(changes: Changes): StoredItem {
  const entries = Object.entries({ ...OLD, ...changes });
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function row(changes: Changes): Promise<StoredItem> {
  return rowOf(await decided(old(changes)));
}

async function warnings(changes: Changes): Promise<string[]> {
  const found = await decided(old(changes));
  return found.warnings.map(({ code }) => code).filter((code) => code !== 'HEALTH_DEFAULTED');
}

async function problem(changes: Changes): Promise<readonly unknown[]> {
  const found = await decided(old(changes));
  return found.kind === 'quarantined' ? [found.problem.reason, found.problem.field] : [found.kind];
}

describe('an old profile', () => {
  it('becomes this row (P-16 to P-24, P-X08)', async () => {
    const decision = await decided(OLD);
    expect(decision).toEqual({
      kind: 'rows',
      rows: [{ table: 'sitelogix-personnel-v2', item: NEW }],
      anchored: true,
      warnings: [expect.objectContaining({ code: 'HEALTH_DEFAULTED', once: true })],
    });
  });

  it('gets a default for what it does not say (P-18, P-20, P-22, P-23, P-X12, P-X22, A-06, A-07)', async () => {
    const bare = { PK: { S: 'EMPLOYEE#17' }, SK: { S: 'PROFILE' }, full_name: { S: 'Ines Østby' } };
    const decision = await decided(bare);
    expect(without(rowOf(decision), 'legacyAttributes')).toEqual({
      ...bare,
      employee_id: { S: '17' },
      employee_number: { S: 'EMPIØ468' },
      role: { S: 'user' },
      email: { S: '' },
      phone: { S: '' },
      health_status: { S: 'fit_for_duty' },
      health_notes: { S: '' },
      status: { S: 'active' },
      hourly_rate: { N: '0' },
      hours_week: { N: '0' },
      hours_month: { N: '0' },
      certifications: { L: [] },
      created_at: { S: NOW },
      created_by: { S: 'MIGRATION_SCRIPT' },
      updated_at: { S: NOW },
      migrated_at: { S: NOW },
    });
    expect(decision.warnings.map(({ code }) => code)).toEqual(['HEALTH_DEFAULTED', 'TIME_DEFAULTED']);
  });

  it('P-X04: has no team where it has no project, so that no index key is blank', async () => {
    expect(await row({ project_id: undefined })).not.toHaveProperty('team_id');
    expect(await row({ project_id: { S: ' ' } })).not.toHaveProperty('team_id');
  });

  it('P-X09, P-X08: keeps every value of the new model that it has already', async () => {
    const own = {
      status: { S: 'terminated' },
      team_id: { S: 'team-7' },
      health_status: { S: 'unfit' },
      health_notes: { S: 'back pain' },
      hours_week: { N: '37.5' },
      hours_month: { S: '150' },
    };
    expect(await row({ ...own, active: undefined })).toMatchObject({ ...own, hours_month: { N: '150' } });
    expect(await warnings({ ...own, active: undefined })).toEqual([
      'TEAM_DISAGREES',
      'STATUS_UNKNOWN',
      'NUMBER_AS_TEXT',
    ]);
    expect(await warnings({ status: { S: 'active' } })).toEqual(['STATUS_DISAGREES']);
    expect(await row({ status: { S: 'active' } })).toMatchObject({ status: { S: 'active' } });
    expect(await warnings({ status: { S: 'inactive' }, active: { NULL: true } })).toEqual(['FLAG_IGNORED']);
  });

  it.each([
    [{ BOOL: true }, 'active'],
    [undefined, 'active'],
    [{ S: 'FALSE' }, 'inactive'],
    [{ N: '0.0' }, 'inactive'],
    [{ S: 'true' }, 'active'],
    [{ N: '1' }, 'active'],
  ])('P-21, P-X10: reads the flag %j as %s', async (active, status) => {
    expect(await row({ active })).toMatchObject({ status: { S: status } });
  });

  it('P-X10: is set aside where the flag can not be read', async () => {
    for (const active of [{ NULL: true } as const, { S: 'maybe' }, { N: '2' }, { L: [] }])
      expect(await problem({ active })).toEqual(['FLAG_INVALID', 'active']);
  });

  it('P-X11: has a rate that is a number and not negative', async () => {
    expect(await row({ hourly_rate: { S: ' 25.50 ' } })).toMatchObject({ hourly_rate: { N: '25.5' } });
    expect(await warnings({ hourly_rate: { S: '25.50' } })).toEqual(['NUMBER_AS_TEXT']);
    expect(await row({ hourly_rate: { NULL: true } })).toMatchObject({ hourly_rate: { N: '0' } });
    for (const rate of [{ N: '-0.01' }, { S: 'NaN' }])
      expect(await problem({ hourly_rate: rate })).toEqual(['NUMBER_INVALID', 'hourly_rate']);
    expect(await problem({ hourly_rate: { BOOL: true } })).toEqual(['TYPE_INVALID', 'hourly_rate']);
  });

  it('P-X11: has a list of certifications, also where it had a set', async () => {
    expect(await row({ certifications: { SS: ['b', 'a'] } })).toMatchObject({
      certifications: { L: [{ S: 'a' }, { S: 'b' }] },
    });
    expect(await row({ certifications: { NS: ['10', '9'] } })).toMatchObject({
      certifications: { L: [{ N: '9' }, { N: '10' }] },
    });
    const mixed = { L: [{ S: 'a' }, { M: { until: { S: '2026' } } }] };
    expect(await row({ certifications: mixed })).toMatchObject({ certifications: mixed });
    expect(await warnings({ certifications: { SS: ['a'] } })).toEqual(['CERTIFICATIONS_AS_SET']);
    expect(await problem({ certifications: { S: 'crane' } })).toEqual(['TYPE_INVALID', 'certifications']);
  });

  it('P-X02, P-X03: is set aside without a name, whether it has a number or not', async () => {
    for (const name of [undefined, { S: '' }, { S: ' ' }, { NULL: true } as const]) {
      expect(await problem({ full_name: name })).toEqual(['FIELD_MISSING', 'full_name']);
      expect(await problem({ full_name: name, employee_number: undefined })).toEqual([
        'FIELD_MISSING',
        'full_name',
      ]);
    }
    expect(await problem({ full_name: { N: '7' } })).toEqual(['TYPE_INVALID', 'full_name']);
  });

  it('P-X13: carries near misses and is told of them; a name of the migration stays in the ledger', async () => {
    const odd = { Email: { S: 'a' }, fullName: { S: 'b' } };
    expect(await row(odd)).toMatchObject(odd);
    expect(await warnings(odd)).toEqual(['ATTRIBUTE_SUSPICIOUS', 'ATTRIBUTE_SUSPICIOUS']);
    const reserved = { _migration: { S: 'mine' } };
    expect(await row(reserved)).toMatchObject({ legacyAttributes: { M: { original: { M: reserved } } } });
    expect(await row(reserved)).not.toHaveProperty('_migration');
    expect(await warnings(reserved)).toEqual(['ATTRIBUTE_RESERVED']);
  });

  it('P-24: carries all other attributes bit by bit', async () => {
    const extras = Object.fromEntries([
      ['badge', { B: Uint8Array.of(0, 255) }],
      ['sites', { SS: ['s', 'n'] }],
      ['exact', { N: '12345678901234567890.123456789' }],
      ['nothing', { NULL: true as const }],
      ['__proto__', { S: 'a name like any other' }],
    ]);
    const found = await row(extras);
    for (const [name, value] of Object.entries(extras))
      expect(Object.getOwnPropertyDescriptor(found, name)?.value).toEqual(value);
  });

  it('P-16: must agree with its key about its id', async () => {
    expect(await problem({ employee_id: { S: '18' } })).toEqual(['ID_MISMATCH', 'employee_id']);
    expect(await row({ employee_id: { S: '17' } })).toMatchObject({ employee_id: { S: '17' } });
    expect(await row({ PK: { S: 'EMPLOYEE#EMPLOYEE#1' } })).toMatchObject({
      employee_id: { S: 'EMPLOYEE#1' },
    });
  });

  it('tells of roles and dates that it does not know', async () => {
    expect(await warnings({ role: { S: 'wizard' }, created_at: { S: 'spring' } })).toEqual([
      'ROLE_UNKNOWN',
      'DATE_UNREADABLE',
    ]);
    expect(await row({ role: { S: 'wizard' }, created_at: { S: 'spring' } })).toMatchObject({
      role: { S: 'wizard' },
      created_at: { S: 'spring' },
    });
  });
});

describe('rows that are no profiles (P-X06, A-08)', () => {
  const child = (sk: string): StoredItem => ({ PK: { S: 'EMPLOYEE#17' }, SK: { S: sk }, days: { N: '3' } });

  async function kinds(...rows: readonly StoredItem[]): Promise<(string | undefined)[]> {
    const planner = await plannerOver(rows);
    return rows.map((record) => {
      const decision = planner.plan(record);
      const copied = decision.kind === 'rows' && decision.rows[0]?.item['employee_id'] === undefined;
      if (copied) expect(decision.rows).toEqual([{ table: 'sitelogix-personnel-v2', item: record }]);
      return copied ? decision.warnings[0]?.code : decision.kind;
    });
  }

  it('are copied as they are, and told', async () => {
    const project = { PK: { S: 'PROJECT#9' }, SK: { S: 'METADATA' }, full_name: { S: 'North quay' } };
    expect(await kinds(project, { ...project, PK: { S: 'EMPLOYEE#' } })).toEqual([
      'NOT_A_PROFILE',
      'NOT_A_PROFILE',
    ]);
    expect(await kinds(OLD, child('ABSENCE#1'))).toEqual(['rows', 'NOT_A_PROFILE']);
    expect(await kinds(child('ABSENCE#1'), OLD)).toEqual(['NOT_A_PROFILE', 'rows']);
  });

  it('are found by their sort key where an employee has several rows, and by being alone where not', async () => {
    const other = (sk: string): StoredItem => ({ ...OLD, SK: { S: sk } });
    expect(await kinds(other('v0'))).toEqual(['rows']);
    expect(await kinds(other('METADATA'), OLD)).toEqual(['NOT_A_PROFILE', 'rows']);
    expect(await kinds(OLD, other('METADATA'), other('x'))).toEqual([
      'rows',
      'NOT_A_PROFILE',
      'NOT_A_PROFILE',
    ]);
    expect(await kinds(other('x'), other('METADATA'))).toEqual(['NOT_A_PROFILE', 'rows']);
    expect(await kinds(child('a'), child('b'))).toEqual(['PROFILE_MISSING', 'PROFILE_MISSING']);
  });

  it('are set aside where they have a name of the migration', async () => {
    const found = await decided({ PK: { S: 'PROJECT#9' }, SK: { S: 'x' }, legacyAttributes: { S: '' } });
    expect(found).toMatchObject({ kind: 'quarantined', problem: { reason: 'ATTRIBUTE_RESERVED' } });
  });
});
