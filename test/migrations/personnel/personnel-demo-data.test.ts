import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { PersonnelDemoData } from '../../../src/migrations/personnel/demo/personnel-demo-data.js';
import {
  APPLICATION_EMPLOYEES,
  DEFECT_EMPLOYEES,
} from '../../../src/migrations/personnel/demo/defect-employees.js';
import { plannerOver } from './planning.js';

function rows(scale: number, defects = false): StoredItem[] {
  return [...new PersonnelDemoData().rows({ scale, defects })].map(({ item }) => item);
}

function keyOf({ PK, SK }: StoredItem): string {
  return `${textOf(PK) ?? ''}|${textOf(SK) ?? ''}`;
}

describe('demo data of plan personnel', () => {
  it('has as many records as asked for, the same ones every time', () => {
    expect(rows(1)).toHaveLength(1);
    expect(rows(500)).toHaveLength(500);
    expect(rows(500).slice(0, 30)).toEqual(rows(30));
    expect(new Set(rows(5000).map(keyOf)).size).toBe(5000);
    expect([...new PersonnelDemoData().rows({ defects: true })]).toHaveLength(
      120 + DEFECT_EMPLOYEES.length + APPLICATION_EMPLOYEES.length,
    );
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
});
