import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { PersonnelDemoData } from '../../../src/migrations/personnel/demo/personnel-demo-data.js';
import { DEFECT_EMPLOYEES } from '../../../src/migrations/personnel/demo/defect-employees.js';
import { plannerOver } from './planning.js';

function rows(scale: number, defects = false): StoredItem[] {
  return [...new PersonnelDemoData().rows({ scale, defects })].map(({ item }) => item);
}

function keyOf({ PK, SK }: StoredItem): string {
  return `${textOf(PK) ?? ''}|${textOf(SK) ?? ''}`;
}

/** What becomes of every defect record: written by hand. */
const EXPECTED: Readonly<Record<string, string>> = {
  'EMPLOYEE#defect-x01-a4|PROFILE': 'rows',
  'EMPLOYEE#defect-x01-a46|PROFILE': 'rows',
  'EMPLOYEE#defect-x02-absent|PROFILE': 'FIELD_MISSING',
  'EMPLOYEE#defect-x02-number|PROFILE': 'TYPE_INVALID',
  'EMPLOYEE#defect-x02-blank|PROFILE': 'FIELD_MISSING',
  'EMPLOYEE#defect-x02-emoji|PROFILE': 'rows',
  'EMPLOYEE#defect-x02-digits|PROFILE': 'rows',
  'EMPLOYEE#defect-x03-absent|PROFILE': 'FIELD_MISSING',
  'EMPLOYEE#defect-x04-absent|PROFILE': 'rows',
  'EMPLOYEE#defect-x04-blank|PROFILE': 'rows',
  'EMPLOYEE#defect-x05-padded|PROFILE': 'rows EMPLOYEE_NUMBER_PADDED',
  'EMPLOYEE#defect-x05-one|PROFILE': 'rows EMPLOYEE_NUMBER_SHARED',
  'EMPLOYEE#defect-x05-other|PROFILE': 'rows EMPLOYEE_NUMBER_SHARED',
  'PROJECT#9|METADATA': 'rows NOT_A_PROFILE',
  'EMPLOYEE#defect-x06-parent|PROFILE': 'rows',
  'EMPLOYEE#defect-x06-parent|ABSENCE#2024-03-01': 'rows NOT_A_PROFILE',
  'EMPLOYEE#defect-x06-orphan|ABSENCE#2024-03-01': 'rows PROFILE_MISSING',
  'EMPLOYEE#defect-x06-orphan|ABSENCE#2024-03-02': 'rows PROFILE_MISSING',
  'EMPLOYEE#defect-x06-single|v0': 'rows',
  'EMPLOYEE#|PROFILE': 'rows NOT_A_PROFILE',
  'PROJECT#10|METADATA': 'ATTRIBUTE_RESERVED',
  'EMPLOYEE#defect-x09-kept|PROFILE': 'rows TEAM_DISAGREES STATUS_UNKNOWN NUMBER_AS_TEXT',
  'EMPLOYEE#defect-x09-disagrees|PROFILE': 'rows STATUS_DISAGREES',
  'EMPLOYEE#defect-x09-ignored|PROFILE': 'rows FLAG_IGNORED',
  'EMPLOYEE#defect-x10-text|PROFILE': 'rows FLAG_AS_OTHER',
  'EMPLOYEE#defect-x10-zero|PROFILE': 'rows FLAG_AS_OTHER',
  'EMPLOYEE#defect-x10-one|PROFILE': 'rows FLAG_AS_OTHER',
  'EMPLOYEE#defect-x10-null|PROFILE': 'FLAG_INVALID',
  'EMPLOYEE#defect-x10-other|PROFILE': 'FLAG_INVALID',
  'EMPLOYEE#defect-x11-text|PROFILE': 'rows NUMBER_AS_TEXT',
  'EMPLOYEE#defect-x11-negative|PROFILE': 'NUMBER_INVALID',
  'EMPLOYEE#defect-x11-nan|PROFILE': 'NUMBER_INVALID',
  'EMPLOYEE#defect-x11-bool|PROFILE': 'TYPE_INVALID',
  'EMPLOYEE#defect-x11-set|PROFILE': 'rows CERTIFICATIONS_AS_SET',
  'EMPLOYEE#defect-x11-numbers|PROFILE': 'rows CERTIFICATIONS_AS_SET',
  'EMPLOYEE#defect-x11-scalar|PROFILE': 'TYPE_INVALID',
  'EMPLOYEE#defect-x12-times|PROFILE': 'rows TIME_DEFAULTED',
  'EMPLOYEE#defect-x12-unreadable|PROFILE': 'rows DATE_UNREADABLE',
  'EMPLOYEE#defect-x13-near-miss|PROFILE': 'rows ATTRIBUTE_SUSPICIOUS ATTRIBUTE_SUSPICIOUS',
  'EMPLOYEE#defect-x13-extras|PROFILE': 'rows ATTRIBUTE_RESERVED',
  'EMPLOYEE#defect-x13-id|PROFILE': 'ID_MISMATCH',
  'EMPLOYEE#defect-x13-role|PROFILE': 'rows ROLE_UNKNOWN',
  'EMPLOYEE#defect-x22-blank|PROFILE': 'rows',
};

describe('demo data of plan personnel', () => {
  it('has as many records as asked for, the same ones every time', () => {
    expect(rows(1)).toHaveLength(1);
    expect(rows(500)).toHaveLength(500);
    expect(rows(500).slice(0, 30)).toEqual(rows(30));
    expect(new Set(rows(5000).map(keyOf)).size).toBe(5000);
    expect([...new PersonnelDemoData().rows({ defects: true })]).toHaveLength(120 + DEFECT_EMPLOYEES.length);
    for (const scale of [0, -1, 1.5, Number.NaN]) expect(() => rows(scale)).toThrow(RangeError);
  });

  it('migrates whole but for the defects, with unique numbers', async () => {
    const sound = rows(2000);
    const planner = await plannerOver(sound);
    const decisions = sound.map((record) => planner.plan(record));
    expect(new Set(decisions.map(({ kind }) => kind))).toEqual(new Set(['rows']));
    expect(new Set(decisions.flatMap(({ warnings }) => warnings.map(({ code }) => code)))).toEqual(
      new Set(['HEALTH_DEFAULTED']),
    );
    const numbers = decisions.map(
      (one) => one.kind === 'rows' && textOf(one.rows[0]?.item['employee_number']),
    );
    expect(new Set(numbers).size).toBe(2000);
  });

  it('has every defect that the old table can have: P-X01, P-X02, P-X03, P-X04, P-X05, P-X06, P-X09, P-X10, P-X11, P-X12, P-X13, P-X22', async () => {
    const planner = await plannerOver(DEFECT_EMPLOYEES);
    const found = DEFECT_EMPLOYEES.map((record) => {
      const decision = planner.plan(record);
      const codes = decision.warnings.map(({ code }) => code).filter((code) => code !== 'HEALTH_DEFAULTED');
      const outcome = decision.kind === 'quarantined' ? decision.problem.reason : decision.kind;
      return [keyOf(record), [outcome, ...codes].join(' ')];
    });
    expect(Object.fromEntries(found)).toEqual(EXPECTED);
    expect(found).toHaveLength(Object.keys(EXPECTED).length);
  });
});
