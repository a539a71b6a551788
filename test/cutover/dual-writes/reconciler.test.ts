import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { CURRENT, LEGACY } from './memory-models.js';
import { employee, keyOf, ONLY_LEGACY, sourceOf, Stage, text } from './stage.js';

const SOURCE = sourceOf('1');

/** A record without a row that was changed: what is open is that it is not backfilled. */
async function late(): Promise<Stage> {
  const stage = new Stage();
  stage.models.put(LEGACY, employee('1', { phone: { S: '1' } }));
  await stage.writer.update(keyOf('1'), { set: { phone: { S: '2' } } });
  return stage;
}

/** A row as a run makes it of a record. */
async function backfilled(record: StoredItem): Promise<StoredItem> {
  const stage = new Stage();
  const { row } = await stage.writer.create(record);
  if (row === undefined) throw new Error('no row');
  return row;
}

describe('reconcile', () => {
  it('finds nothing to do where nothing is open, and the second time', async () => {
    const stage = await late();
    expect(await stage.writer.reconcile(sourceOf('2'))).toBe('none');
    expect(await stage.writer.reconcile(SOURCE)).toBe('repaired');
    const rows = stage.models.rows(CURRENT);
    expect(await stage.writer.reconcile(SOURCE)).toBe('none');
    expect(stage.models.rows(CURRENT)).toEqual(rows);
  });

  it('P-X27: brings a row up to date that the backfill has made of an older record', async () => {
    const stage = await late();
    stage.models.put(CURRENT, await backfilled(employee('1', { phone: { S: '1' } })));
    expect(await stage.writer.reconcile(SOURCE)).toBe('repaired');
    expect(text(stage.row('1'), 'phone')).toBe('2');
  });

  it('P-X27: closes what the backfill has settled, whatever the application has changed in the row since', async () => {
    const stage = await late();
    stage.models.put(CURRENT, await backfilled(employee('1', { phone: { S: '2' } })));
    stage.edit('1', { role: { S: 'admin' } });
    expect(await stage.writer.reconcile(SOURCE)).toBe('consistent');
    expect(stage.row('1')).toMatchObject({ role: { S: 'admin' }, phone: { S: '2' } });
  });

  it('P-X27: overwrites no row that was edited, leaves the conflict open, and closes it by decision', async () => {
    const stage = await late();
    stage.models.put(CURRENT, await backfilled(employee('1', { phone: { S: '1' } })));
    stage.edit('1', { role: { S: 'admin' } });
    const row = stage.row('1');
    expect(await stage.writer.reconcile(SOURCE)).toBe('CONFLICT');
    expect(await stage.writer.reconcile(SOURCE)).toBe('CONFLICT');
    expect(stage.row('1')).toEqual(row);
    expect(stage.models.open.get(SOURCE)?.reason).toBe('CONFLICT');
    expect(await stage.writer.dismiss(SOURCE)).toBe(true);
    expect([stage.models.open.size, await stage.writer.dismiss(SOURCE)]).toEqual([0, false]);
  });

  it('P-X28: removes an untouched row whose record is gone, and no other', async () => {
    for (const [change, result] of [
      [{}, 'repaired'],
      [{ role: { S: 'admin' } }, 'CONFLICT'],
    ] as const) {
      const stage = await late();
      stage.models.put(CURRENT, await backfilled(employee('1')));
      stage.edit('1', change);
      stage.models.erase(LEGACY, keyOf('1'));
      expect(await stage.writer.reconcile(SOURCE)).toBe(result);
      expect(stage.row('1') === undefined).toBe(result === 'repaired');
    }
  });

  it('P-X28: brings nothing back that is removed while it is at work', async () => {
    const stage = await late();
    const other = stage.anotherWriter('atomic');
    let reads = 0;
    stage.models.turn = async () => {
      // after the record was read, before anything is written
      if ((reads += 1) !== 4) return;
      stage.models.turn = () => Promise.resolve();
      await other.remove(keyOf('1'));
    };
    expect(await stage.writer.reconcile(SOURCE)).toBe('none');
    expect([stage.row('1'), stage.models.graves.has(SOURCE)]).toEqual([undefined, true]);
  });

  it('changes nothing by what it read where a process that writes the legacy model alone came between', async () => {
    const stage = await late();
    const other = stage.anotherWriter('atomic');
    let turns = 0;
    stage.models.turn = async () => {
      if ((turns += 1) !== 4) return;
      stage.models.turn = () => Promise.resolve();
      stage.conduct = ONLY_LEGACY;
      await other.update(keyOf('1'), { set: { phone: { S: '3' } } });
    };
    expect(await stage.writer.reconcile(SOURCE)).toBe('repaired');
    expect(text(stage.row('1'), 'phone')).toBe('3');
  });

  it('closes no note but the one that it has read', async () => {
    const stage = new Stage('truth-first');
    await stage.writer.create(employee('1'));
    const failing = (): void => {
      stage.models.failing = (rows) => (rows.some(({ table }) => table === CURRENT) ? 'before' : undefined);
    };
    failing();
    await stage.writer.update(keyOf('1'), { set: { phone: { S: '1' } } });
    stage.models.failing = () => undefined;
    const other = stage.anotherWriter('truth-first');
    let turns = 0;
    stage.models.turn = async () => {
      if ((turns += 1) !== 4) return;
      stage.models.turn = () => Promise.resolve();
      failing();
      await other.update(keyOf('1'), { set: { phone: { S: '2' } } });
      stage.models.failing = () => undefined;
    };
    expect(await stage.writer.reconcile(SOURCE)).toBe('UNDER_WAY');
    expect([text(stage.record('1'), 'phone'), text(stage.row('1'), 'phone')]).toEqual(['2', '']);
    stage.passed = 3_600_000;
    expect(await stage.writer.reconcile(SOURCE)).toBe('repaired');
    expect(text(stage.row('1'), 'phone')).toBe('2');
  });
});
