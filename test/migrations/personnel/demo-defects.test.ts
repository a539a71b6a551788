import { Trial } from '../../../src/conformance/trial/trial.js';
import { stampOf } from '../../../src/domain/storage/stored.js';
import { textOf, type StoredItem, type StoredValue } from '../../../src/domain/storage/stored-value.js';
import { EmployeeMapper } from '../../../src/infrastructure/persistence/personnel/employee.mapper.js';
import { PersonnelDemoData } from '../../../src/migrations/personnel/demo/personnel-demo-data.js';
import { EmployeesStep } from '../../../src/migrations/personnel/employees.step.js';
import { personnelPlan } from '../../../src/migrations/personnel/personnel.plan.js';
import { entriesOf } from '../../support/trial-entries.js';

const [OLD, NEW] = ['sitelogix-personnel', 'sitelogix-personnel-v2'];

interface Case {
  /** of the defect table */
  readonly id: string;
  /** key text of the old row */
  readonly record: string;
  /** `row` or what it was set aside as; then what is warned of, in order */
  readonly outcome: string;
  /** attributes of the stored row that the defect is about; undefined: absent */
  readonly has: Readonly<Record<string, StoredValue | undefined>>;
}

type Told = readonly [record: string, outcome: string, has?: Case['has']];

function of(id: string, ...cases: readonly Told[]): Case[] {
  return cases.map(([name, outcome, has = {}]) => {
    const record = name.includes('|') ? name : `EMPLOYEE#defect-${name}|PROFILE`;
    return { id, record, outcome, has };
  });
}

const text = (S: string): StoredValue => ({ S });
const number = (N: string): StoredValue => ({ N });
/** stands for when the run began */
const START = text('start');
const list = (...items: readonly StoredValue[]): StoredValue => ({ L: items });

/** What becomes of every planted record, by hand from the defect table of docs/plans/personnel.md. */
const CASES: readonly Case[] = [
  ...of(
    'P-X01',
    ['x01-a46', 'row', { employee_number: text('EMPXX572') }],
    ['x01-a4', 'row', { employee_number: text('EMPXX573') }],
  ),
  ...of(
    'P-X02',
    ['x02-absent', 'quarantine FIELD_MISSING full_name'],
    ['x02-number', 'quarantine TYPE_INVALID full_name'],
    ['x02-blank', 'quarantine FIELD_MISSING full_name'],
    ['x02-emoji', 'row', { employee_number: text('EMPÁDLC085'), full_name: text('🦺 Ána de la  Cruz') }],
    ['x02-digits', 'row', { employee_number: text('EMPX867'), full_name: text('007') }],
  ),
  ...of('P-X03', ['x03-absent', 'quarantine FIELD_MISSING full_name']),
  ...of(
    'P-X04',
    ['x04-absent', 'row', { team_id: undefined, project_id: undefined }],
    ['x04-blank', 'row', { team_id: undefined, project_id: undefined }],
  ),
  ...of(
    'P-X05',
    ['x05-padded', 'row EMPLOYEE_NUMBER_PADDED', { employee_number: text('SL-x05') }],
    ['x05-one', 'row EMPLOYEE_NUMBER_SHARED', { employee_number: text('SL-x05-same') }],
    ['x05-other', 'row EMPLOYEE_NUMBER_SHARED', { employee_number: text('sl-X05-SAME') }],
  ),
  ...of(
    'P-X06',
    ['PROJECT#9|METADATA', 'row NOT_A_PROFILE', { title: text('North quay'), employee_id: undefined }],
    ['x06-parent', 'row', { employee_id: text('defect-x06-parent') }],
    [
      'EMPLOYEE#defect-x06-parent|ABSENCE#2024-03-01',
      'row NOT_A_PROFILE',
      { days: number('3'), employee_number: undefined },
    ],
    ['EMPLOYEE#defect-x06-orphan|ABSENCE#2024-03-01', 'row PROFILE_MISSING', { employee_number: undefined }],
    ['EMPLOYEE#defect-x06-orphan|ABSENCE#2024-03-02', 'row PROFILE_MISSING', { employee_number: undefined }],
    ['EMPLOYEE#defect-x06-single|v0', 'row', { employee_id: text('defect-x06-single') }],
    ['EMPLOYEE#|PROFILE', 'row NOT_A_PROFILE', { employee_number: undefined }],
    ['PROJECT#10|METADATA', 'quarantine ATTRIBUTE_RESERVED legacyAttributes'],
  ),
  ...of('P-X07', ['x07-newer', 'conflict CONFLICT', { role: text('manager'), team_id: text('team-9') }]),
  ...of('P-X08', [
    'x08-unfit',
    'conflict CONFLICT',
    { health_status: text('unfit'), hours_week: number('12') },
  ]),
  ...of(
    'P-X09',
    [
      'x09-kept',
      'row NUMBER_AS_TEXT STATUS_UNKNOWN TEAM_DISAGREES',
      {
        ...{ status: text('terminated'), team_id: text('team-7'), health_status: text('unfit') },
        ...{ health_notes: text('back pain'), hours_week: number('37.5'), hours_month: number('150') },
        updated_at: text('2024-01-02T03:04:05Z'),
      },
    ],
    ['x09-disagrees', 'row STATUS_DISAGREES', { status: text('active') }],
    ['x09-ignored', 'row FLAG_IGNORED', { status: text('inactive') }],
  ),
  ...of(
    'P-X10',
    ['x10-text', 'row FLAG_AS_OTHER', { status: text('inactive'), active: undefined }],
    ['x10-zero', 'row FLAG_AS_OTHER', { status: text('inactive'), active: undefined }],
    ['x10-one', 'row FLAG_AS_OTHER', { status: text('active') }],
    ['x10-null', 'quarantine FLAG_INVALID active'],
    ['x10-other', 'quarantine FLAG_INVALID active'],
  ),
  ...of(
    'P-X11',
    ['x11-text', 'row NUMBER_AS_TEXT', { hourly_rate: number('25.5') }],
    ['x11-negative', 'quarantine NUMBER_INVALID hourly_rate'],
    ['x11-nan', 'quarantine NUMBER_INVALID hourly_rate'],
    ['x11-bool', 'quarantine TYPE_INVALID hourly_rate'],
    ['x11-set', 'row CERTIFICATIONS_AS_SET', { certifications: list(text('crane'), text('welding')) }],
    ['x11-numbers', 'row CERTIFICATIONS_AS_SET', { certifications: list(number('9'), number('10')) }],
    ['x11-scalar', 'quarantine TYPE_INVALID certifications'],
  ),
  ...of(
    'P-X12',
    [
      'x12-times',
      'row TIME_DEFAULTED',
      {
        ...{ created_at: START, updated_at: START },
        ...{ migrated_at: START, created_by: text('MIGRATION_SCRIPT') },
      },
    ],
    ['x12-unreadable', 'row DATE_UNREADABLE', { created_at: text('spring 2023') }],
  ),
  ...of(
    'P-X13',
    [
      'x13-near-miss',
      'row ATTRIBUTE_SUSPICIOUS ATTRIBUTE_SUSPICIOUS',
      { Email: text('other@sitelogix.example'), email: text(''), fullName: text('Nina Q.') },
    ],
    [
      'x13-extras',
      'row ATTRIBUTE_RESERVED',
      {
        ...{ badge: { B: Uint8Array.of(0, 255) }, sites: { SS: ['north', 'south'] } },
        ...{ exact: number('12345678901234567890.123456789'), nothing: { NULL: true } },
        ...{ ['__proto__']: text('a name like any other') },
        migrated_at: START,
      },
    ],
    ['x13-id', 'quarantine ID_MISMATCH employee_id'],
    ['x13-role', 'row ROLE_UNKNOWN', { role: text('wizard') }],
    ['x13-type', 'quarantine TYPE_INVALID team_id'],
    ['PROJECT#11|METADATA', 'NOT_A_PROFILE quarantine ITEM_INVALID status'],
  ),
  ...of('P-X22', [
    'x22-blank',
    'row',
    {
      ...{ role: text('user'), email: text(''), phone: text('') },
      ...{ hourly_rate: number('0'), certifications: list() },
    },
  ]),
  ...of(
    'P-X31',
    ['x31-given', 'conflict CONFLICT', { employee_number: text('EMPNQ961') }],
    ['x31-rival', 'row', { employee_number: text('EMPNQ962') }],
  ),
];

/** Rows of the defect table that say what may stand in a table; the others say what code, runs and people may do. */
const OF_DATA = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 22, 31].map(
  (row) => `P-X${String(row).padStart(2, '0')}`,
);

describe('the defects of the demo of plan personnel', () => {
  const demo = [...new PersonnelDemoData().rows({ defects: true, scale: 1 })].slice(1);
  const items = (table: string | undefined): StoredItem[] =>
    demo.filter((row) => row.table === table).map(({ item }) => item);
  const trial = new Trial(() => personnelPlan([new EmployeesStep(new EmployeeMapper())]), {
    [OLD]: items(OLD),
    [NEW]: items(NEW),
  });
  const rows = new Map<string, StoredItem>();
  const said = new Map<string, string[]>();
  let start: StoredValue;

  beforeAll(async () => {
    await trial.wholeRun();
    start = text((await trial.runs())[0]?.startedAt ?? '');
    for (const row of trial.tables().get(NEW) ?? []) rows.set(trial.key(NEW, row), row);
    for (const { kind, reason, field, source } of await entriesOf(trial, 'employees')) {
      if (reason === 'HEALTH_DEFAULTED' || kind === 'finding') continue;
      const key = source.slice(source.indexOf('#') + 1);
      const words = kind === 'warning' ? [reason] : [kind, reason, field ?? []].flat();
      said.set(key, [...(said.get(key) ?? []), words.join(' ')]);
    }
  });

  it('are each told below, once', () => {
    const planted = items(OLD).map(({ PK, SK }) => `${textOf(PK) ?? ''}|${textOf(SK) ?? ''}`);
    expect(CASES.map(({ record }) => record).sort()).toEqual(planted.sort());
  });

  it('are all of the defect table that can stand in a table', () => {
    const ids = new Set(CASES.map(({ id }) => id));
    expect(OF_DATA.filter((id) => !ids.has(id))).toEqual([]);
  });

  it.each(CASES)('$id: $record', ({ record, outcome, has }) => {
    const row = rows.get(record);
    const isOurs = row !== undefined && stampOf(row) !== undefined;
    const warnings = (said.get(record) ?? []).sort();
    expect([...(isOurs ? ['row'] : []), ...warnings].join(' ')).toBe(outcome);
    expect(row === undefined).toBe(outcome.includes('quarantine'));
    const found = Object.keys(has).map((name) => [
      name,
      Object.hasOwn(row ?? {}, name) ? row?.[name] : undefined,
    ]);
    expect(found).toEqual(
      Object.entries(has).map(([name, value]) => [name, value === START ? start : value]),
    );
  });

  it('P-X05: two of them share a number, and nothing else fails the validation', async () => {
    const { passed, findings } = await trial.validate();
    expect(passed).toBe(false);
    expect(findings.map(({ kind, key, field }) => [kind, key, field]).sort()).toEqual([
      ['different', 'EMPLOYEE#defect-x05-one|PROFILE', 'employee_number'],
      ['different', 'EMPLOYEE#defect-x05-other|PROFILE', 'employee_number'],
    ]);
  });

  it('P-X07, P-X08, P-X31: rows of the application are as they were', () => {
    const own = [...rows.values()].filter((row) => stampOf(row) === undefined);
    expect(own).toEqual(items(NEW));
    expect(own).toHaveLength(3);
  });
});
