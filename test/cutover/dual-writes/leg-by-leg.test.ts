import type { RowChange } from '../../../src/cutover/dual-writes/two-models.js';
import { CURRENT, LEGACY, type Fault } from './memory-models.js';
import { employee, keyOf, NEW_FIRST, NOW, sourceOf, Stage, text } from './stage.js';

const HOUR = 3_600_000;

/** Lets the first write to this table go wrong. */
function failAt(stage: Stage, table: string, fault: Fault): void {
  stage.models.failing = (rows: readonly RowChange[]) =>
    stage.models.fired.length === 0 && rows.some((change) => change.table === table) ? fault : undefined;
}

async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  );
}

describe('dual writes in two legs, where no transaction reaches both models', () => {
  it('A-36: note the intent, write the model that is right, then the other one, and close the note with it', async () => {
    const stage = new Stage('truth-first');
    const order: string[] = [];
    stage.models.failing = (rows, notes) => {
      order.push([...rows.map(({ table }) => table), ...notes.map(({ kind }) => kind)].join('+'));
      return undefined;
    };
    expect((await stage.writer.create(employee('1'))).written).toBe('both');
    expect(order).toEqual(['open', LEGACY, `${CURRENT}+close+unbury`]);
    order.length = 0;
    stage.conduct = NEW_FIRST;
    expect((await stage.writer.update(keyOf('1'), { set: { phone: { S: '1' } } })).written).toBe('both');
    expect(order).toEqual(['open', `${CURRENT}+held`, LEGACY, 'close']);
    order.length = 0;
    await stage.writer.remove(keyOf('1'));
    expect(order).toEqual(['open+bury', `${CURRENT}+held`, LEGACY, 'close']);
    expect(stage.models.open.size).toBe(0);
  });

  it.each([
    ['before', undefined],
    ['after', '5'],
  ] as const)(
    'P-11, P-X26: throw where the first leg fails (%s), write no second one, and leave the intent',
    async (fault, phone) => {
      const stage = new Stage('truth-first');
      await stage.writer.create(employee('1'));
      failAt(stage, LEGACY, fault);
      expect(await code(stage.writer.update(keyOf('1'), { set: { phone: { S: '5' } } }))).toMatch(/^STORE_/);
      expect(stage.models.fired).toEqual([fault]);
      expect([text(stage.record('1'), 'phone'), text(stage.row('1'), 'phone')]).toEqual([phone, '']);
      expect(stage.models.open.get(sourceOf('1'))?.reason).toBe('UNDER_WAY');
      expect(stage.writer.figures()).toMatchObject({ writes: 2, consistent: 1, failed: 1 });
      expect(await stage.writer.reconcile(sourceOf('1'))).toBe('UNDER_WAY');
      stage.passed = HOUR;
      expect(await stage.writer.reconcile(sourceOf('1'))).toBe(
        phone === undefined ? 'consistent' : 'repaired',
      );
      expect(text(stage.row('1'), 'phone')).toBe(phone ?? '');
      expect(stage.models.open.size).toBe(0);
    },
  );

  it.each(['before', 'after'] as const)(
    'P-12, A-36: say partial where the second leg fails (%s), and reconcile makes it whole',
    async (fault) => {
      const stage = new Stage('truth-first');
      await stage.writer.create(employee('1'));
      failAt(stage, CURRENT, fault);
      const result = await stage.writer.update(keyOf('1'), { set: { phone: { S: '5' } } });
      expect(stage.models.fired).toEqual([fault]);
      expect(result).toMatchObject({ written: 'partial', reason: 'SECOND_LEG_FAILED' });
      expect(text(stage.record('1'), 'phone')).toBe('5');
      expect(await stage.writer.reconcile(sourceOf('1'))).toBe(fault === 'before' ? 'repaired' : 'none');
      expect(text(stage.row('1'), 'phone')).toBe('5');
      expect(stage.writer.figures()).toMatchObject({ partial: 1, reasons: { SECOND_LEG_FAILED: 1 } });
    },
  );

  it('P-34: reconcile the legacy model from the new one after the switch', async () => {
    const stage = new Stage('truth-first');
    await stage.writer.create(employee('1', { project_id: { S: 'p' } }));
    stage.conduct = NEW_FIRST;
    failAt(stage, LEGACY, 'before');
    const result = await stage.writer.update(keyOf('1'), { set: { project_id: { S: 'q' } } });
    expect(result).toMatchObject({ written: 'partial', reason: 'SECOND_LEG_FAILED' });
    expect([text(stage.record('1'), 'project_id'), text(stage.row('1'), 'team_id')]).toEqual(['p', 'q']);
    expect(await stage.writer.reconcile(sourceOf('1'))).toBe('repaired');
    expect(stage.record('1')).toEqual(employee('1', { project_id: { S: 'q' } }));
  });

  it('P-X28: bury a record before anything is removed, and finish a removal that stopped half-way', async () => {
    const stage = new Stage('truth-first');
    await stage.writer.create(employee('1'));
    stage.edit('1', { role: { S: 'admin' } });
    failAt(stage, CURRENT, 'before');
    expect(await stage.writer.remove(keyOf('1'))).toMatchObject({ written: 'partial' });
    expect([stage.record('1'), stage.models.graves.get(sourceOf('1'))]).toEqual([undefined, NOW]);
    expect(await stage.writer.reconcile(sourceOf('1'))).toBe('repaired');
    expect([stage.row('1'), stage.models.graves.size]).toEqual([undefined, 1]);
  });

  it('P-X28: take the tombstone away again where the removal never took place', async () => {
    const stage = new Stage('truth-first');
    await stage.writer.create(employee('1'));
    failAt(stage, LEGACY, 'before');
    expect(await code(stage.writer.remove(keyOf('1')))).toBe('STORE_FAILED');
    expect(stage.models.graves.size).toBe(1);
    stage.passed = HOUR;
    expect(await stage.writer.reconcile(sourceOf('1'))).toBe('consistent');
    expect([stage.models.graves.size, stage.row('1') === undefined]).toEqual([0, false]);
  });

  it('keep a discrepancy open that somebody else has left, even where this write went well', async () => {
    const stage = new Stage('truth-first');
    await stage.writer.create(employee('1'));
    failAt(stage, CURRENT, 'before');
    await stage.writer.update(keyOf('1'), { set: { phone: { S: '5' } } });
    expect((await stage.writer.update(keyOf('1'), { set: { email: { S: 'e' } } })).written).toBe('both');
    expect(stage.row('1')).toMatchObject({ phone: { S: '5' }, email: { S: 'e' } });
    expect(stage.models.open.size).toBe(1);
    stage.passed = HOUR;
    expect(await stage.writer.reconcile(sourceOf('1'))).toBe('consistent');
  });

  it('refuse what can not be before anything is noted', async () => {
    const stage = new Stage('truth-first');
    expect(await code(stage.writer.update(keyOf('1'), {}))).toBe('RECORD_MISSING');
    expect(stage.models.open.size).toBe(0);
  });

  it('note it anew where a late reconcile has taken the note for done before the first leg landed', async () => {
    const stage = new Stage('truth-first');
    await stage.writer.create(employee('1'));
    before(stage, LEGACY, async () => {
      stage.passed = HOUR;
      await stage.anotherWriter('truth-first').reconcile(sourceOf('1'));
    });
    const result = await stage.writer.update(keyOf('1'), { set: { phone: { S: '5' } } });
    expect(result).toMatchObject({ written: 'partial', reason: 'UNDER_WAY' });
    expect([text(stage.record('1'), 'phone'), text(stage.row('1'), 'phone')]).toEqual(['5', '']);
    stage.passed = 2 * HOUR;
    expect(await stage.writer.reconcile(sourceOf('1'))).toBe('repaired');
    expect(text(stage.row('1'), 'phone')).toBe('5');
  });

  it('P-X28: note it anew where the second leg brings back what was removed meanwhile', async () => {
    const stage = new Stage('truth-first');
    stage.conduct = NEW_FIRST;
    const other = stage.anotherWriter('truth-first');
    before(stage, LEGACY, async () => {
      stage.passed = HOUR;
      await other.reconcile(sourceOf('1'));
      await other.remove(keyOf('1'));
    });
    expect(await stage.writer.create(employee('1'))).toMatchObject({
      written: 'partial',
      reason: 'UNDER_WAY',
    });
    expect(stage.record('1')).toBeDefined();
    stage.passed = 2 * HOUR;
    expect(await stage.writer.reconcile(sourceOf('1'))).toBe('repaired');
    expect([stage.record('1'), stage.row('1')]).toEqual([undefined, undefined]);
  });

  it('close no note that another writer has taken over meanwhile', async () => {
    const stage = new Stage('truth-first');
    await stage.writer.create(employee('1'));
    stage.conduct = NEW_FIRST;
    const other = stage.anotherWriter('truth-first');
    before(stage, LEGACY, async () => {
      failAt(stage, LEGACY, 'before');
      expect((await other.update(keyOf('1'), { set: { email: { S: 'e' } } })).written).toBe('partial');
    });
    const result = await stage.writer.update(keyOf('1'), { set: { phone: { S: '5' } } });
    expect(result).toMatchObject({ written: 'partial', reason: 'UNDER_WAY' });
    expect([text(stage.record('1'), 'email'), text(stage.row('1'), 'email')]).toEqual([undefined, 'e']);
    stage.passed = HOUR;
    expect(await stage.writer.reconcile(sourceOf('1'))).toBe('repaired');
    expect(stage.record('1')).toMatchObject({ email: { S: 'e' }, phone: { S: '5' } });
  });

  it('leave a note as it is whose writer may still be at work', async () => {
    const stage = new Stage('truth-first');
    stage.models.put(LEGACY, employee('1'));
    const other = stage.anotherWriter('truth-first');
    before(stage, LEGACY, async () => {
      const result = await other.update(keyOf('1'), { set: { email: { S: 'e' } } });
      expect(result).toMatchObject({ written: 'partial', reason: 'NOT_BACKFILLED' });
      expect(await other.reconcile(sourceOf('1'))).toBe('UNDER_WAY');
    });
    await stage.writer.update(keyOf('1'), { set: { phone: { S: '5' } } });
    stage.passed = HOUR;
    expect(await stage.writer.reconcile(sourceOf('1'))).toBe('repaired');
    expect(stage.row('1')).toMatchObject({ email: { S: 'e' }, phone: { S: '5' } });
  });

  it('write nothing after a pause in which others may have stopped to reckon with it', async () => {
    const stage = new Stage('truth-first');
    await stage.writer.create(employee('1'));
    stage.models.failing = (_rows, notes) => {
      if (notes.some(({ kind }) => kind === 'open')) stage.paused = HOUR;
      return undefined;
    };
    expect(await code(stage.writer.update(keyOf('1'), { set: { phone: { S: '5' } } }))).toBe(
      'RECORD_CONTENDED',
    );
    expect([text(stage.record('1'), 'phone'), stage.models.open.size]).toEqual([undefined, 0]);
  });
});

/** Does something before the next commit to this table. */
function before(stage: Stage, table: string, work: () => Promise<unknown>): void {
  const { models } = stage;
  const commit = models.commit.bind(models);
  models.commit = async (rows, notes) => {
    if (rows.some((change) => change.table === table)) {
      models.commit = commit;
      await work();
    }
    return commit(rows, notes);
  };
}
