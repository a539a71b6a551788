import { Failpoints } from '../../../src/conformance/trial/failpoints.js';
import { Trial } from '../../../src/conformance/trial/trial.js';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { EmployeeMapper } from '../../../src/infrastructure/persistence/personnel/employee.mapper.js';
import { EmployeesStep } from '../../../src/migrations/personnel/employees.step.js';
import { personnelPlan } from '../../../src/migrations/personnel/personnel.plan.js';
import { LEGACY, PERSONNEL } from '../../conformance/personnel-subject.js';
import { plannerOver } from './planning.js';

function employee(id: number, more: StoredItem = {}): StoredItem {
  return { PK: { S: `EMPLOYEE#${id}` }, SK: { S: 'PROFILE' }, full_name: { S: 'Ada Byron' }, ...more };
}

describe('the time of a run', () => {
  it('P-X12, P-23: is that of its start, in every process of it', async () => {
    const rows = Array.from({ length: 60 }, (_, id) => employee(id));
    const trial = new Trial(() => personnelPlan([new EmployeesStep(new EmployeeMapper())]), {
      [LEGACY]: rows,
      [PERSONNEL]: [],
    });
    // dies amid the writes of rows: some are stored, some are not
    let inserts = 0;
    const dying = new Failpoints((_, point) => {
      if (!point.includes('insert')) return undefined;
      inserts += 1;
      return inserts === 4 ? 'crash' : undefined;
    });
    expect(await trial.run({ failpoints: dying })).toBeUndefined();
    const stored = (trial.tables().get(PERSONNEL) ?? []).length;
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(60);
    expect((await trial.wholeRun()).resumed).toBe(true);
    const [run] = await trial.runs();
    const times = (trial.tables().get(PERSONNEL) ?? []).map((row) => textOf(row['migrated_at']));
    expect(times).toHaveLength(60);
    expect(new Set(times)).toEqual(new Set([run?.startedAt]));
  });
});

describe('assumed health (A-07)', () => {
  it('is told once, with the number of records that say nothing of it', async () => {
    const rows = [
      employee(1),
      employee(2, { health_status: { S: ' ' } }),
      employee(3, { health_status: { NULL: true } }),
      employee(4, { health_status: { S: 'unfit' } }),
      { PK: { S: 'PROJECT#1' }, SK: { S: 'X' } },
    ];
    const planner = await plannerOver(rows);
    const told = rows
      .flatMap((row) => planner.plan(row).warnings)
      .filter(({ code }) => code === 'HEALTH_DEFAULTED');
    expect(told).toHaveLength(3);
    for (const { once, detail } of told) {
      expect(once).toBe(true);
      expect(detail).toBe(
        '3 records of employees say nothing about health: profiles among them are written as fit for duty',
      );
    }
  });
});
