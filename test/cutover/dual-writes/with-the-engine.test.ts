import { Trial } from '../../../src/conformance/trial/trial.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { personnelPlanInMemory } from '../../conformance/personnel-subject.js';
import { CURRENT, LEGACY } from './memory-models.js';
import { employee, keyOf, Stage, text } from './stage.js';

/** The tables of a stage as a run finds them, at another time than that of the dual writes. */
function trialOf(stage: Stage): Trial {
  const tables = { [LEGACY]: stage.models.rows(LEGACY), [CURRENT]: stage.models.rows(CURRENT) };
  return new Trial(() => personnelPlanInMemory('2025-06-07T08:09:10.000Z'), tables);
}

describe('a backfill after dual writes', () => {
  it('P-11, P-12, P-X31: finds their rows unchanged and validates them, at another time', async () => {
    const stage = new Stage();
    const crowd = Array.from({ length: 20 }, (_, n) => employee(`c${n}`));
    for (const record of crowd) await stage.writer.create(record);
    stage.passed = 86_400_000;
    await stage.writer.update(keyOf('c1'), { set: { phone: { S: '1' }, active: { BOOL: false } } });
    await stage.writer.update(keyOf('c2'), {
      set: { full_name: { S: 'Grace Hopper' }, tags: { SS: ['a'] } },
    });
    await stage.writer.update(keyOf('c3'), { set: { hourly_rate: { N: '12.50' } }, remove: ['phone'] });
    await stage.writer.remove(keyOf('c4'));
    const trial = trialOf(stage);
    const rows = trial.tables();
    const { steps } = await trial.wholeRun();
    expect(steps[0]).toMatchObject({ status: 'validated', findings: [] });
    expect(steps[0]?.counters).toMatchObject({
      read: 19,
      unchanged: 19,
      created: 0,
      updated: 0,
      conflict: 0,
    });
    expect(trial.tables()).toEqual(rows);
  });

  it('P-X31: gives nobody a number that a dual write has given', async () => {
    const stage = new Stage();
    await stage.writer.create(employee('1', { full_name: { S: 'Zoe Zorn' } }));
    const number = text(stage.row('1'), 'employee_number');
    const own: StoredItem = { ...keyOf('x'), employee_id: { S: 'x' }, employee_number: { S: 'EMPZZ000' } };
    stage.models.put(CURRENT, own);
    const others = Array.from({ length: 30 }, (_, n) =>
      employee(`z${n}`, { full_name: { S: 'Zacharias Zander' } }),
    );
    stage.models.put(LEGACY, ...others);
    const trial = trialOf(stage);
    const { steps } = await trial.wholeRun();
    expect(steps[0]).toMatchObject({ counters: { created: 30, unchanged: 1 } });
    const numbers = (trial.tables().get(CURRENT) ?? []).map((row) => text(row, 'employee_number'));
    expect(new Set(numbers).size).toBe(32);
    expect(numbers).toContain(number);
  });

  it('P-X27: still sees as edited what the application has changed in the new model, and keeps it', async () => {
    const stage = new Stage();
    await stage.writer.create(employee('1'));
    stage.edit('1', { role: { S: 'manager' } });
    await stage.writer.update(keyOf('1'), { set: { phone: { S: '7' } } });
    const trial = trialOf(stage);
    const { steps } = await trial.wholeRun();
    expect(steps[0]?.counters).toMatchObject({ conflict: 1, updated: 0 });
    expect(trial.tables().get(CURRENT)).toEqual([stage.row('1')]);
    expect(stage.row('1')).toMatchObject({ role: { S: 'manager' }, phone: { S: '7' } });
  });

  it('P-X27: makes the whole row of a record that was changed before it had one, and reconcile agrees', async () => {
    const stage = new Stage();
    stage.models.put(LEGACY, employee('1'));
    await stage.writer.update(keyOf('1'), { set: { phone: { S: '7' } } });
    const trial = trialOf(stage);
    expect((await trial.wholeRun()).steps[0]).toMatchObject({
      status: 'validated',
      counters: { created: 1 },
    });
    stage.models.put(CURRENT, ...(trial.tables().get(CURRENT) ?? []));
    const row = stage.row('1');
    expect(row).toMatchObject({
      phone: { S: '7' },
      role: { S: 'user' },
      health_status: { S: 'fit_for_duty' },
    });
    expect(await stage.writer.reconcile(stage.writer.sourceOf(keyOf('1')))).toBe('consistent');
    expect(stage.row('1')).toEqual(row);
  });

  it('P-X28: validation tells of a row whose record was removed, should one come back', async () => {
    const stage = new Stage();
    await stage.writer.create(employee('1'));
    await stage.writer.create(employee('2'));
    const row = stage.row('1');
    await stage.writer.remove(keyOf('1'));
    if (row !== undefined) stage.models.put(CURRENT, row);
    const trial = trialOf(stage);
    await trial.wholeRun();
    expect((await trial.validate()).findings.map(({ kind, key }) => [kind, key])).toEqual([
      ['extra', 'EMPLOYEE#1|PROFILE'],
    ]);
  });
});
