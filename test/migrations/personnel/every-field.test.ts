import { Trial } from '../../../src/conformance/trial/trial.js';
import { contentDigest } from '../../../src/domain/storage/canonical-digest.js';
import { stampOf, withStamp } from '../../../src/domain/storage/stored.js';
import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { EmployeeMapper } from '../../../src/infrastructure/persistence/personnel/employee.mapper.js';
import { EmployeesStep } from '../../../src/migrations/personnel/employees.step.js';
import { personnelPlan } from '../../../src/migrations/personnel/personnel.plan.js';

const [LEGACY, PERSONNEL] = ['sitelogix-personnel', 'sitelogix-personnel-v2'] as const;

/** Every attribute that the new model has, and one carried of each type. */
const RECORD: StoredItem = {
  PK: { S: 'EMPLOYEE#1' },
  SK: { S: 'PROFILE' },
  full_name: { S: 'Ada Byron' },
  employee_number: { S: 'SL-1' },
  project_id: { S: 'project-1' },
  certifications: { SS: ['crane', 'welding'] },
  exact: { N: '12345678901234567890.123456789' },
  sites: { SS: ['north', 'south'] },
  rates: { NS: ['1', '2.5'] },
  badge: { B: Uint8Array.of(0, 255) },
  flag: { BOOL: true },
  nothing: { NULL: true },
};

/** The same attribute with another value of its type. */
const OTHER: Readonly<Record<string, StoredValue>> = {
  ...Object.fromEntries(
    [
      ...['employee_id', 'employee_number', 'full_name', 'role', 'email', 'phone', 'team_id', 'status'],
      ...['health_status', 'health_notes', 'created_at', 'created_by', 'updated_at', 'migrated_at'],
    ].map((name) => [name, { S: '2001-02-03T04:05:06Z' }]),
  ),
  ...{ hourly_rate: { N: '1' }, hours_week: { N: '1' }, hours_month: { N: '1' } },
  certifications: { L: [{ S: 'welding' }, { S: 'crane' }] },
  legacyAttributes: { M: {} },
  exact: { N: '12345678901234567890.123456788' },
  sites: { SS: ['north'] },
  rates: { NS: ['1', '2.50001'] },
  badge: { B: Uint8Array.of(0, 254) },
  flag: { BOOL: false },
  nothing: { S: '' },
};

describe('P-X23, P-31: every attribute is compared, whatever its type', () => {
  const trial = new Trial(() => personnelPlan([new EmployeesStep(new EmployeeMapper())]), {
    [LEGACY]: [RECORD],
  });
  let row: StoredItem = {};

  beforeAll(async () => {
    await trial.wholeRun();
    [row = {}] = trial.tables().get(PERSONNEL) ?? [];
  });

  const fieldsFound = async (changed: StoredItem): Promise<unknown[]> => {
    trial.put(PERSONNEL, [changed]);
    return (await trial.validate()).findings.map(({ kind, field }) => [kind, field]);
  };

  it('all of a row are tried', async () => {
    const names = Object.keys(row).filter((name) => !['PK', 'SK', '_migration'].includes(name));
    expect(names.sort()).toEqual(Object.keys(OTHER).sort());
    expect(await fieldsFound(row)).toEqual([]);
  });

  it.each(Object.keys(OTHER))('%s', async (name) => {
    const changed = { ...row, [name]: OTHER[name] ?? { NULL: true } };
    // an id that is not that of the key makes no employee: that is told of the key
    expect(await fieldsFound(changed)).toEqual([['different', name === 'employee_id' ? 'PK' : name]]);
    // not told by the stamp alone: whoever wrote the row may have sealed it, too
    const { source = '', run = '' } = stampOf(row) ?? {};
    const sealed = withStamp(changed, { source, run, digest: contentDigest(changed) });
    expect((await fieldsFound(sealed)).length).toBeGreaterThan(0);
    const lost = Object.fromEntries(Object.entries(row).filter(([one]) => one !== name));
    expect((await fieldsFound(lost)).length).toBe(1);
  });
});
