import { Trial } from '../../../src/conformance/trial/trial.js';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { withStamp } from '../../../src/domain/storage/stored.js';
import { legacyRecordOf } from '../../../src/migrations/personnel/translation/reverse.js';
import { LEGACY, PERSONNEL, personnelPlanInMemory } from '../../conformance/personnel-subject.js';
import { without } from './planning.js';

function employee(id: string, more: StoredItem = {}): StoredItem {
  return { PK: { S: `EMPLOYEE#${id}` }, SK: { S: 'PROFILE' }, full_name: { S: 'Ada Byron' }, ...more };
}

/** The application's row of an employee, as it stands in the new table. */
function ofApplication(id: string, more: StoredItem = {}): StoredItem {
  const state = {
    employee_id: { S: id },
    employee_number: { S: `APP-${id}` },
    health_status: { S: 'unfit' },
  };
  return employee(id, { ...state, ...more });
}

function trialOf(
  source: readonly StoredItem[],
  target: readonly StoredItem[] = [],
  clock?: () => string,
): Trial {
  return new Trial(() => personnelPlanInMemory(clock?.()), { [LEGACY]: source, [PERSONNEL]: target });
}

function rowOf(trial: Trial, id: string): StoredItem | undefined {
  return trial
    .tables()
    .get(PERSONNEL)
    ?.find(({ PK }) => textOf(PK) === `EMPLOYEE#${id}`);
}

describe('plan personnel', () => {
  it('P-X12, P-X01: changes nothing in a second run, at whatever time and in whatever order', async () => {
    let hour = 0;
    const clock = (): string => `2025-01-02T${String((hour += 1)).padStart(2, '0')}:00:00.000Z`;
    const crowd = Array.from({ length: 60 }, (_, n) => employee(`c${n}`));
    const trial = trialOf(crowd, [], clock);
    const first = await trial.wholeRun();
    expect(first.steps[0]).toMatchObject({ status: 'validated', counters: { created: 60 } });
    const rows = trial.tables();
    const second = await trial.wholeRun({ order: 'another', segments: 3 });
    expect(second.steps[0]).toMatchObject({ status: 'validated', counters: { unchanged: 60, updated: 0 } });
    expect(trial.tables()).toEqual(rows);
    expect(hour).toBeGreaterThan(2);
  });

  it('P-X07, P-X08, P-X31: leaves a row of the application alone and reports the conflict', async () => {
    const own = ofApplication('1', { hours_week: { N: '12' } });
    const trial = trialOf([employee('1', { hourly_rate: { N: '5' } }), employee('2')], [own]);
    const { steps } = await trial.wholeRun();
    expect(steps[0]).toMatchObject({ status: 'validated', counters: { conflict: 1, created: 1 } });
    expect(rowOf(trial, '1')).toEqual(own);
  });

  it('P-X08: leaves a row that somebody has edited alone, and its validation names the field', async () => {
    const trial = trialOf([employee('1'), employee('2')]);
    await trial.wholeRun();
    const edited = { ...rowOf(trial, '1'), health_status: { S: 'unfit' }, hours_week: { N: '8' } };
    trial.put(PERSONNEL, [edited]);
    const { findings } = await trial.validate();
    expect(findings.map(({ kind, key, field }) => [kind, key, field])).toEqual([
      ['different', 'EMPLOYEE#1|PROFILE', 'health_status'],
    ]);
    const { steps } = await trial.wholeRun();
    expect(steps[0]?.counters).toMatchObject({ conflict: 1, unchanged: 1 });
    expect(rowOf(trial, '1')).toEqual(edited);
  });

  it('P-X01: finds a number that somebody has edited, and only that', async () => {
    const trial = trialOf([employee('1'), employee('2')]);
    await trial.wholeRun();
    trial.put(PERSONNEL, [{ ...rowOf(trial, '1'), employee_number: { S: 'EDITED' } }]);
    const { findings } = await trial.validate();
    expect(findings.map(({ kind, key, field }) => [kind, key, field])).toEqual([
      ['different', 'EMPLOYEE#1|PROFILE', 'employee_number'],
    ]);
  });

  it('P-X05: writes numbers that two have as they are, and does not validate', async () => {
    const same = [
      employee('1', { employee_number: { S: 'S-1' } }),
      employee('2', { employee_number: { S: 's-1' } }),
    ];
    const trial = trialOf([...same, employee('3')]);
    const { steps } = await trial.wholeRun();
    expect(steps[0]).toMatchObject({ status: 'failed', counters: { created: 3 } });
    expect(steps[0]?.findings.map(({ kind, key, field }) => [kind, key, field]).sort()).toEqual([
      ['different', 'EMPLOYEE#1|PROFILE', 'employee_number'],
      ['different', 'EMPLOYEE#2|PROFILE', 'employee_number'],
    ]);
    expect(steps[0]?.checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual([
      'employees: every field equal',
    ]);
    expect(rowOf(trial, '2')).toMatchObject({ employee_number: { S: 's-1' } });
  });

  it('P-X20, P-X22, P-X23: finds one lost and one extra row, and every field that differs, but no default', async () => {
    const trial = trialOf([employee('1'), employee('2'), employee('3')]);
    await trial.wholeRun();
    expect((await trial.validate()).passed).toBe(true);
    const [one = {}, two = {}, three = {}] = ['1', '2', '3'].map((id) => rowOf(trial, id));
    const extra = { ...two, ...employee('4'), employee_id: { S: '4' }, employee_number: { S: 'SL-4' } };
    const source = `${LEGACY}#EMPLOYEE#4|PROFILE`;
    trial.change({ [PERSONNEL]: [one] }, { [PERSONNEL]: [] });
    trial.put(PERSONNEL, [
      withStamp(extra, { source, run: 'r', digest: 'd' }),
      { ...three, role: { S: 'admin' } },
    ]);
    const { findings } = await trial.validate();
    expect(findings.map(({ kind, key, field }) => [kind, key, field]).sort()).toEqual([
      ['different', 'EMPLOYEE#3|PROFILE', 'role'],
      ['extra', 'EMPLOYEE#4|PROFILE', undefined],
      ['missing', 'EMPLOYEE#1|PROFILE', undefined],
    ]);
  });

  it('P-X30: leaves rows from which the old table can be made again', async () => {
    const source = [
      { PK: { S: 'PROJECT#9' }, SK: { S: 'METADATA' }, title: { S: 'North quay' } },
      employee('1', { active: { S: 'false' }, project_id: { S: 'p' }, hourly_rate: { S: '7' } }),
    ];
    const trial = trialOf(source);
    await trial.wholeRun();
    const back = trial.tables().get(PERSONNEL)?.map(legacyRecordOf) ?? [];
    expect(back).toHaveLength(2);
    expect(back).toEqual(expect.arrayContaining(source));
  });

  it('P-X06: migrates an employee whose profile stands beside other rows once', async () => {
    const child = { PK: { S: 'EMPLOYEE#1' }, SK: { S: 'ABSENCE#1' }, days: { N: '3' } };
    const trial = trialOf([employee('1'), child]);
    const { steps } = await trial.wholeRun();
    expect(steps[0]).toMatchObject({ status: 'validated', counters: { created: 2 } });
    const rows = trial.tables().get(PERSONNEL) ?? [];
    expect(rows.filter((row) => row['employee_id'] !== undefined)).toHaveLength(1);
    expect(rows.map((row) => without(row, '_migration'))).toContainEqual(child);
  });
});
