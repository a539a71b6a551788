import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { CURRENT, LEGACY } from './memory-models.js';
import { employee, keyOf, NEW_FIRST, ONLY_NEW, Stage } from './stage.js';

/** An employee who was removed, and whose row a run has brought back. */
async function cameBack(policy: 'atomic' | 'truth-first' = 'atomic'): Promise<[Stage, StoredItem]> {
  const stage = new Stage(policy);
  await stage.writer.create(employee('1'));
  const row = stage.row('1') ?? {};
  await stage.writer.remove(keyOf('1'));
  stage.models.put(CURRENT, row);
  return [stage, row];
}

describe('a sweep after a run', () => {
  it.each(['atomic', 'truth-first'] as const)(
    'P-X28: removes rows of removed records that came back, and no others (%s)',
    async (policy) => {
      const [stage] = await cameBack(policy);
      await stage.writer.create(employee('2'));
      await stage.writer.create(employee('3'));
      await stage.writer.remove(keyOf('3'));
      expect(await stage.writer.sweep()).toEqual({ tombstones: 2, removed: 1, kept: 0 });
      expect(stage.models.rows(CURRENT)).toEqual([stage.row('2')]);
      expect(await stage.writer.sweep()).toEqual({ tombstones: 2, removed: 0, kept: 0 });
    },
  );

  it('P-X28: keeps a row that somebody has changed since, and tells of it', async () => {
    const [stage] = await cameBack();
    stage.edit('1', { role: { S: 'admin' } });
    expect(await stage.writer.sweep()).toEqual({ tombstones: 1, removed: 0, kept: 1 });
    expect(stage.row('1')).toBeDefined();
  });

  it('leaves a row alone whose record is there, unless the new model is right', async () => {
    const [stage, row] = await cameBack();
    stage.models.put(LEGACY, employee('1'));
    expect(await stage.writer.sweep()).toMatchObject({ removed: 0, kept: 0 });
    expect(stage.row('1')).toEqual(row);
    stage.conduct = ONLY_NEW;
    expect(await stage.writer.sweep()).toMatchObject({ removed: 1 });
  });

  it('P-X28: is not needed where the record is created anew: it takes the place of what came back', async () => {
    const [stage] = await cameBack();
    const { written } = await stage.writer.create(employee('1', { phone: { S: '5' } }));
    expect([written, stage.row('1')?.['phone']]).toEqual(['both', { S: '5' }]);
  });

  it('P-X28: removes no row of a record that is created anew while it is at work', async () => {
    const [stage] = await cameBack('truth-first');
    stage.conduct = NEW_FIRST;
    const other = stage.anotherWriter('truth-first');
    stage.models.erase(CURRENT, keyOf('1'));
    let turns = 0;
    stage.models.turn = async () => {
      // the tombstone and the notes were read, the row was not
      if ((turns += 1) !== 3) return;
      stage.models.turn = () => Promise.resolve();
      // the second leg has not come yet: only the row is there
      stage.models.failing = (rows) => (rows.some(({ table }) => table === LEGACY) ? 'before' : undefined);
      await other.create(employee('1'));
      stage.models.failing = () => undefined;
    };
    expect(await stage.writer.sweep()).toMatchObject({ tombstones: 1, removed: 0 });
    expect([stage.record('1'), stage.row('1') === undefined]).toEqual([undefined, false]);
  });
});
