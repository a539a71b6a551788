import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { stateOf } from '../../../src/cutover/dual-writes/row-image.js';
import { CURRENT, LEGACY } from './memory-models.js';
import {
  BOTH,
  content,
  employee,
  keyOf,
  NEW_FIRST,
  NOW,
  ONLY_LEGACY,
  ONLY_NEW,
  runOf,
  sourceOf,
  Stage,
  text,
} from './stage.js';

/** What `employee('1', { phone, project_id, active })` is in the new model. 116: the first 48 bits of SHA-256 of "1", modulo 1,000. */
const ROW: StoredItem = {
  ...keyOf('1'),
  employee_id: { S: '1' },
  employee_number: { S: 'EMPAB116' },
  full_name: { S: 'Ada Byron' },
  role: { S: 'user' },
  email: { S: '' },
  phone: { S: '123' },
  team_id: { S: 'p-1' },
  health_status: { S: 'fit_for_duty' },
  health_notes: { S: '' },
  status: { S: 'inactive' },
  hourly_rate: { N: '0' },
  hours_week: { N: '0' },
  hours_month: { N: '0' },
  certifications: { L: [] },
  created_at: { S: NOW },
  created_by: { S: 'MIGRATION_SCRIPT' },
  updated_at: { S: NOW },
  migrated_at: { S: NOW },
};
const RECORD = employee('1', { phone: { S: '123' }, project_id: { S: 'p-1' }, active: { BOOL: false } });

async function refused(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing was refused',
    (error: unknown) => (error as { code: string }).code,
  );
}

describe('dual writes', () => {
  it('E-X16: write the legacy model alone where the phase says so, never nothing', async () => {
    const stage = new Stage();
    stage.conduct = ONLY_LEGACY;
    expect(await stage.writer.create(RECORD)).toEqual({ written: 'legacy', record: RECORD });
    const changed = await stage.writer.update(keyOf('1'), {
      set: { phone: { S: '9' } },
      remove: ['project_id'],
    });
    expect(changed).toMatchObject({ written: 'legacy' });
    expect(stage.record('1')).toEqual(employee('1', { phone: { S: '9' }, active: { BOOL: false } }));
    await stage.writer.remove(keyOf('1'));
    expect([stage.record('1'), stage.row('1'), stage.models.graves.size]).toEqual([undefined, undefined, 0]);
    expect(stage.writer.figures()).toMatchObject({ writes: 0, single: 3 });
  });

  it('P-11, E-X16: create both rows in the dual phase, and the caller gets the row of the new model', async () => {
    const stage = new Stage();
    const { written, row } = await stage.writer.create(RECORD);
    expect(written).toBe('both');
    expect(content(row)).toEqual(ROW);
    expect(runOf(row)).toBe('dual-write');
    expect([stage.record('1'), stage.row('1')]).toEqual([RECORD, row]);
  });

  it('P-12, P-X27: change both, and nothing in the new row but what the patch changes', async () => {
    const stage = new Stage();
    await stage.writer.create(RECORD);
    stage.edit('1', { role: { S: 'manager' }, hours_week: { N: '38.5' }, health_status: { S: 'unfit' } });
    const result = await stage.writer.update(keyOf('1'), {
      set: { phone: { S: '9' }, active: { BOOL: true } },
    });
    expect(result.written).toBe('both');
    expect(content(stage.row('1'))).toEqual({
      ...ROW,
      role: { S: 'manager' },
      hours_week: { N: '38.5' },
      health_status: { S: 'unfit' },
      phone: { S: '9' },
      status: { S: 'active' },
    });
    expect(stage.record('1')).toEqual({ ...RECORD, phone: { S: '9' }, active: { BOOL: true } });
  });

  it('P-X27: change the record of an employee without a row, make no stub of it, and note what is to be done', async () => {
    const stage = new Stage();
    stage.models.put(LEGACY, RECORD);
    const result = await stage.writer.update(keyOf('1'), { set: { phone: { S: '9' } } });
    expect(result).toMatchObject({ written: 'partial', reason: 'NOT_BACKFILLED' });
    expect([text(stage.record('1'), 'phone'), stage.row('1')]).toEqual(['9', undefined]);
    expect(stage.models.open.get(sourceOf('1'))).toMatchObject({
      ...{ plan: 'personnel', step: 'employees', reason: 'NOT_BACKFILLED', truth: 'legacy', write: 'update' },
    });
    expect(await stage.writer.reconcile(sourceOf('1'))).toBe('repaired');
    expect(content(stage.row('1'))).toEqual({ ...ROW, phone: { S: '9' } });
    expect(await stage.models.count('personnel')).toBe(0);
  });

  it('P-X27: change the row that a backfill makes at the same moment', async () => {
    const stage = new Stage();
    stage.models.put(LEGACY, RECORD);
    const twin = new Stage();
    const { row = {} } = await twin.writer.create(RECORD);
    stage.models.failing = () => {
      if (stage.row('1') === undefined) stage.models.put(CURRENT, row);
      return undefined;
    };
    expect((await stage.writer.update(keyOf('1'), { set: { phone: { S: '9' } } })).written).toBe('both');
    expect(content(stage.row('1'))).toEqual({ ...ROW, phone: { S: '9' } });
  });

  it('P-X28: remove both and leave a tombstone, which a new record takes away', async () => {
    const stage = new Stage();
    await stage.writer.create(RECORD);
    expect(await stage.writer.remove(keyOf('1'))).toEqual({ written: 'both' });
    expect([stage.record('1'), stage.row('1')]).toEqual([undefined, undefined]);
    expect([...stage.models.graves]).toEqual([[sourceOf('1'), NOW]]);
    await stage.writer.create(RECORD);
    expect(stage.models.graves.size).toBe(0);
  });

  it('P-X29: translate in the last phase as well, and leave such rows to the application alone', async () => {
    const stage = new Stage();
    await stage.writer.create(RECORD);
    stage.conduct = ONLY_NEW;
    const changed = await stage.writer.update(keyOf('1'), {
      set: { active: { BOOL: true }, project_id: { S: 'p-2' } },
    });
    expect(changed.written).toBe('new');
    expect(content(stage.row('1'))).toEqual({ ...ROW, status: { S: 'active' }, team_id: { S: 'p-2' } });
    expect(stage.record('1')).toEqual(RECORD);
    // edited, as the engine sees it: a rollback does not take away what stands nowhere else
    expect(stateOf(stage.row('1') ?? {}, sourceOf('1'))).toBe('edited');
    const born = await stage.writer.create(employee('2', { active: { BOOL: false } }));
    expect([born.written, text(born.row, 'status'), runOf(born.row)]).toEqual(['new', 'inactive', undefined]);
    await stage.writer.remove(keyOf('1'));
    expect([stage.row('1'), stage.record('2')]).toEqual([undefined, undefined]);
  });

  it('P-34: go on in both models after the switch, from the new one where the record is gone', async () => {
    const stage = new Stage();
    stage.conduct = ONLY_NEW;
    await stage.writer.create(employee('1', { phone: { S: '1' } }));
    stage.conduct = NEW_FIRST;
    expect((await stage.writer.update(keyOf('1'), { set: { phone: { S: '2' } } })).written).toBe('both');
    expect([text(stage.record('1'), 'phone'), text(stage.row('1'), 'phone')]).toEqual(['2', '2']);
  });

  it.each([
    ['before', 'nothing in either'],
    ['after', 'both'],
  ] as const)('E-X17, P-X26: leave %s a failing transaction %s', async (fault, found) => {
    const stage = new Stage();
    stage.models.failing = () => fault;
    expect(await refused(stage.writer.create(RECORD))).toMatch(/^STORE_/);
    expect(stage.models.fired).toEqual([fault]);
    const rows = [stage.record('1'), stage.row('1')].filter((row) => row !== undefined);
    expect(rows).toHaveLength(found === 'both' ? 2 : 0);
    expect(stage.writer.figures()).toMatchObject({ writes: 1, failed: 1, consistent: 0 });
  });

  it('P-X26: begin anew where another writer came first, and lose neither change', async () => {
    const stage = new Stage();
    await stage.writer.create(RECORD);
    const other = stage.anotherWriter('atomic');
    await Promise.all([
      stage.writer.update(keyOf('1'), { set: { phone: { S: '7' } } }),
      other.update(keyOf('1'), { set: { email: { S: 'a@b.c' } } }),
    ]);
    for (const row of [stage.record('1'), stage.row('1')])
      expect(row).toMatchObject({ phone: { S: '7' }, email: { S: 'a@b.c' } });
  });

  it('P-X31: take the number of a row, of the record, or the next one that nobody has', async () => {
    const stage = new Stage();
    stage.models.put(CURRENT, { ...keyOf('9'), employee_number: { S: 'EMPAB116' } });
    const { row } = await stage.writer.create(RECORD);
    expect(text(row, 'employee_number')).toBe('EMPAB117');
    await stage.writer.update(keyOf('1'), { set: { full_name: { S: 'Zoe Young' } } });
    expect(text(stage.row('1'), 'employee_number')).toBe('EMPAB117');
    const given = await stage.writer.create(employee('2', { employee_number: { S: 'S-2' } }));
    expect(text(given.row, 'employee_number')).toBe('S-2');
  });

  it('P-X06: copy a row that is no profile beside one that is', async () => {
    const stage = new Stage();
    await stage.writer.create(RECORD);
    const child = { PK: { S: 'EMPLOYEE#1' }, SK: { S: 'ABSENCE#1' }, days: { N: '3.10' } };
    const { row } = await stage.writer.create(child);
    expect(content(row)).toEqual(child);
  });

  it('refuse what can not be, write nothing, and count it apart', async () => {
    const stage = new Stage();
    await stage.writer.create(RECORD);
    const codes = [
      await refused(stage.writer.create(RECORD)),
      await refused(stage.writer.update(keyOf('2'), {})),
      await refused(stage.writer.remove(keyOf('2'))),
      await refused(stage.writer.update(keyOf('1'), { set: { SK: { S: 'X' } } })),
      await refused(stage.writer.update(keyOf('1'), { set: { tags: { SS: [] } } })),
    ];
    expect(codes).toEqual([
      'RECORD_EXISTS',
      'RECORD_MISSING',
      'RECORD_MISSING',
      'RECORD_INVALID',
      'RECORD_INVALID',
    ]);
    expect(stage.writer.figures()).toMatchObject({ writes: 1, refused: 5, failed: 0 });
    expect(stage.record('1')).toEqual(RECORD);
  });

  it('P-X27: change what was asked for in a row that was born in the new model, and nothing else', async () => {
    const stage = new Stage();
    const own = { ...keyOf('1'), employee_id: { S: '1' }, role: { S: 'admin' }, shoe_size: { N: '43' } };
    stage.models.put(CURRENT, own);
    stage.models.put(LEGACY, RECORD);
    const { written } = await stage.writer.update(keyOf('1'), {
      set: { phone: { S: '9' }, active: { BOOL: true } },
    });
    expect(written).toBe('both');
    expect(stage.row('1')).toEqual({ ...own, phone: { S: '9' }, status: { S: 'active' } });
  });

  it('leave a row of the application alone where a record is created under its key', async () => {
    const stage = new Stage();
    const own = { ...keyOf('1'), employee_id: { S: '1' }, role: { S: 'admin' } };
    stage.models.put(CURRENT, own);
    expect(await refused(stage.writer.create(RECORD))).toBe('RECORD_EXISTS');
    expect([stage.record('1'), stage.row('1')]).toEqual([undefined, own]);
  });

  it('write a record that the plan has no row for to the legacy model, and note it', async () => {
    const stage = new Stage();
    await stage.writer.create(RECORD);
    const row = stage.row('1');
    const result = await stage.writer.update(keyOf('1'), { set: { hourly_rate: { S: 'plenty' } } });
    expect(result).toMatchObject({ written: 'partial', reason: 'UNTRANSLATABLE' });
    expect([text(stage.record('1'), 'hourly_rate'), stage.row('1')]).toEqual(['plenty', row]);
    expect(await stage.writer.reconcile(sourceOf('1'))).toBe('UNTRANSLATABLE');
    await stage.writer.update(keyOf('1'), { set: { hourly_rate: { N: '30' } } });
    expect(await stage.writer.reconcile(sourceOf('1'))).toBe('consistent');
    expect(stage.row('1')).toMatchObject({ hourly_rate: { N: '30' } });
    stage.conduct = NEW_FIRST;
    expect(await refused(stage.writer.update(keyOf('1'), { set: { hourly_rate: { S: 'much' } } }))).toBe(
      'RECORD_INVALID',
    );
  });

  it('E-21: count writes, what they came to and how long they took, in whole numbers', async () => {
    const stage = new Stage();
    await stage.writer.create(RECORD);
    stage.models.put(LEGACY, employee('2'));
    await stage.writer.update(keyOf('2'), { set: { phone: { S: '1' } } });
    stage.conduct = ONLY_LEGACY;
    await stage.writer.update(keyOf('2'), { set: { phone: { S: '2' } } });
    stage.conduct = BOTH;
    expect(stage.writer.figures()).toEqual({
      ...{ writes: 2, consistent: 1, partial: 1, failed: 0, refused: 0, single: 1 },
      reasons: { NOT_BACKFILLED: 1 },
      latency: { count: 2, sum: 4000, min: 2000, max: 2000 },
    });
  });
});
