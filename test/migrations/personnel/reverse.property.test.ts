import fc from 'fast-check';
import { contentDigest, sameRow } from '../../../src/domain/storage/canonical-digest.js';
import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { EmployeeMapper } from '../../../src/infrastructure/persistence/personnel/employee.mapper.js';
import { DEFECT_EMPLOYEES } from '../../../src/migrations/personnel/demo/defect-employees.js';
import { legacyRecordOf } from '../../../src/migrations/personnel/translation/reverse.js';
import { decided, plannerOver, rowOf, stored, without } from './planning.js';

const text = fc
  .oneof(fc.string(), fc.constantFrom('', ' ', 'active', 'inactive', 'x', ' padded '))
  .map((S) => ({ S }));
const amount = fc.oneof(
  fc.constantFrom({ N: '25.50' }, { N: '0' }, { S: ' 7.0 ' }, { S: '' }),
  fc.nat(9999).map((n) => ({ N: `${n}.25` })),
);
const anything: fc.Arbitrary<StoredValue> = fc.oneof(
  text,
  amount,
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant({ NULL: true } as const),
  fc.uint8Array().map((B) => ({ B })),
  fc.constantFrom<StoredValue>(
    { SS: ['b', 'a'] },
    { L: [{ S: 'a' }, { N: '1' }] },
    { M: { a: { NULL: true } } },
  ),
);
const name = fc.string({ minLength: 1 }).map((S) => ({ S: `A${S}` }));

const attributes: Readonly<Record<string, fc.Arbitrary<StoredValue>>> = {
  employee_id: fc.constantFrom({ S: '17' }, { S: '' }),
  employee_number: text,
  role: text,
  email: text,
  phone: text,
  project_id: text,
  team_id: text,
  health_status: text,
  health_notes: text,
  status: text,
  active: fc.constantFrom<StoredValue>(
    { BOOL: true },
    { BOOL: false },
    { S: 'False' },
    { N: '1' },
    { NULL: true },
  ),
  hourly_rate: amount,
  hours_week: amount,
  hours_month: amount,
  certifications: fc.constantFrom<StoredValue>(
    { SS: ['b', 'a'] },
    { L: [] },
    { L: [{ S: 'a' }] },
    { NS: ['10', '9'] },
  ),
  created_at: text,
  updated_at: text,
  created_by: text,
  migrated_at: anything,
  legacyAttributes: anything,
  _migration: anything,
  Email: anything,
  ['__proto__']: anything,
  extra: anything,
};

/** Old profiles of every kind that the step takes: attributes present or not, well formed or odd. */
const profile: fc.Arbitrary<StoredItem> = fc
  .tuple(
    name,
    ...Object.entries(attributes).map(([attribute, value]) =>
      fc.option(
        fc
          .oneof(
            { weight: 9, arbitrary: value },
            { weight: 1, arbitrary: fc.constant({ NULL: true } as const) },
          )
          .map((one) => [attribute, one] as const),
        { nil: undefined },
      ),
    ),
  )
  .map(([full_name, ...others]) => {
    const present = others.filter((one) => one !== undefined);
    return { PK: { S: 'EMPLOYEE#17' }, SK: { S: 'PROFILE' }, full_name, ...Object.fromEntries(present) };
  });

describe('the way back', () => {
  it('P-X30, P-24: gives exactly the record that a migrated row came from', async () => {
    let migrated = 0;
    await fc.assert(
      fc.asyncProperty(profile, async (record) => {
        const decision = await decided(record);
        if (decision.kind !== 'rows') return;
        migrated += 1;
        const row = rowOf(decision);
        expect(sameRow(legacyRecordOf(row), record)).toBe(true);
        expect(sameRow(legacyRecordOf(stored(row)), record)).toBe(true);
        // and the mapper of the new table loses nothing that this needs
        const mapper = new EmployeeMapper();
        const again = mapper.toItem(mapper.fromItem(stored(row)));
        expect(contentDigest(again)).toBe(contentDigest(row));
      }),
      { numRuns: 300 },
    );
    expect(migrated).toBeGreaterThan(100);
  });

  it('P-X30: gives back every record of the demo that migrates, copied rows included', async () => {
    const planner = await plannerOver(DEFECT_EMPLOYEES);
    let rows = 0;
    for (const record of DEFECT_EMPLOYEES) {
      const decision = planner.plan(record);
      if (decision.kind !== 'rows') continue;
      rows += 1;
      expect(legacyRecordOf(stored(rowOf(decision)))).toEqual(record);
    }
    expect(rows).toBeGreaterThan(25);
  });

  describe('of a row that was changed since', () => {
    const record: StoredItem = {
      PK: { S: 'EMPLOYEE#17' },
      SK: { S: 'PROFILE' },
      full_name: { S: 'Ada Byron' },
      employee_number: { S: 'SL-1' },
      project_id: { S: 'project-1' },
      hourly_rate: { S: '25.50' },
      active: { BOOL: true },
    };

    async function changed(changes: StoredItem, ...gone: readonly string[]): Promise<StoredItem> {
      return legacyRecordOf(without({ ...stored(rowOf(await decided(record))), ...changes }, ...gone));
    }

    it.each<[StoredItem, StoredItem]>([
      [{ role: { S: 'manager' } }, { ...record, role: { S: 'manager' } }],
      [{ team_id: { S: 'team-9' } }, { ...record, project_id: { S: 'team-9' } }],
      [{ status: { S: 'inactive' } }, { ...record, active: { BOOL: false } }],
      [{ status: { S: 'on leave' } }, { ...record, status: { S: 'on leave' }, active: { BOOL: true } }],
      [{ hourly_rate: { N: '30' } }, { ...record, hourly_rate: { N: '30' } }],
      [{ health_status: { S: 'unfit' } }, { ...record, health_status: { S: 'unfit' } }],
      [{ full_name: { S: 'Ada King' } }, { ...record, full_name: { S: 'Ada King' } }],
      [{ badge: { S: 'new' } }, { ...record, badge: { S: 'new' } }],
    ])('takes over %j', async (changes, expected) => {
      expect(await changed(changes)).toEqual(expected);
      // and the way forth gives the row again that somebody made
      expect(rowOf(await decided(await changed(changes)))).toMatchObject(changes);
    });

    it('takes the project away with the team', async () => {
      expect(await changed({}, 'team_id')).toEqual(without(record, 'project_id'));
    });
  });

  it('P-X29: gives rows of the application the names that the old application reads', async () => {
    const own: StoredItem = {
      PK: { S: 'EMPLOYEE#18' },
      SK: { S: 'PROFILE' },
      employee_id: { S: '18' },
      employee_number: { S: 'APP-18' },
      full_name: { S: 'Zoe Young' },
      team_id: { S: 'team-2' },
      status: { S: 'inactive' },
    };
    const back = legacyRecordOf(own);
    expect(back).toEqual({
      ...without(own, 'team_id', 'status'),
      project_id: { S: 'team-2' },
      active: { BOOL: false },
    });
    expect(rowOf(await decided(back))).toMatchObject(own);
  });
});
