import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { OverlayStore } from '../../../src/infrastructure/dry-run/overlay-store.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import type { ScanOptions } from '../../../src/migrations/contract/record-reader.js';
import { CARGO, STOPS } from '../../support/store-contract.js';

const row = (id: string, extra: StoredItem = {}): StoredItem => ({ id: { S: id }, ...extra });
const key = (id: string): { id: { S: string } } => ({ id: { S: id } });

describe('what a dry run would have done to the tables', () => {
  const open = (...ids: readonly string[]): { base: MemoryStore; overlay: OverlayStore } => {
    const base = new MemoryStore([CARGO], { pageSize: 2 });
    base.load(
      CARGO.name,
      ids.map((id) => row(id)),
    );
    return { base, overlay: new OverlayStore(base, base, new MemoryIndexes(), [CARGO]) };
  };
  const scanned = async (overlay: OverlayStore, options: ScanOptions = {}): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { items } of overlay.scan(CARGO.name, options))
      ids.push(...items.map((item) => (item['id'] as { S: string }).S));
    return ids.sort();
  };

  it('invariant 3: hides a row that would be removed and leaves the one underneath', async () => {
    const { base, overlay } = open('a', 'b', 'c');
    expect(await overlay.remove(CARGO.name, row('b'))).toEqual({ kind: 'removed' });
    expect(await scanned(overlay)).toEqual(['a', 'c']);
    expect(await overlay.get(CARGO.name, [key('a'), key('b')])).toEqual([row('a'), undefined]);
    expect(await overlay.remove(CARGO.name, row('b'))).toEqual({ kind: 'changed' });
    expect(base.rows(CARGO.name)).toEqual([row('a'), row('b'), row('c')]);
  });

  describe.each([
    ['a source', { role: 'source' }, []],
    ['a look-up', { role: 'lookup' }, []],
    ['a look-up with people that may be added', { role: 'lookup', insertable: true }, ['insert', 'remove']],
    ['a target', { role: 'target' }, ['insert', 'replace', 'remove']],
  ] as const)('invariant 3: takes of %s what the real client would', (_, kind, permitted) => {
    const writes = {
      insert: (overlay: OverlayStore) => overlay.insert([{ table: CARGO.name, item: row('new') }]),
      replace: (overlay: OverlayStore) =>
        overlay.replace({ table: CARGO.name, item: row('a', { note: { S: 'x' } }) }, row('a')),
      remove: (overlay: OverlayStore) => overlay.remove(CARGO.name, row('a')),
    };

    it.each(Object.entries(writes))('%s', async (name, write) => {
      const base = new MemoryStore([CARGO]);
      base.load(CARGO.name, [row('a')]);
      const overlay = new OverlayStore(base, base, new MemoryIndexes(), [{ ...CARGO, ...kind }]);
      if ((permitted as readonly string[]).includes(name)) {
        await expect(write(overlay)).resolves.toBeDefined();
        return;
      }
      await expect(write(overlay)).rejects.toMatchObject({
        name: 'WriteForbiddenError',
        code: 'WRITE_FORBIDDEN',
        message: expect.stringContaining(`would write to ${CARGO.name}; permitted there: `),
      });
      expect(await scanned(overlay)).toEqual(['a']);
    });
  });

  it('invariant 3: knows no table beside those of the plan, and keeps nothing of a batch that is refused', async () => {
    const { overlay } = open('a');
    const foreign = { table: STOPS.name, item: row('b') };
    await expect(overlay.insert([{ table: CARGO.name, item: row('b') }, foreign])).rejects.toMatchObject({
      code: 'WRITE_FORBIDDEN',
      message: expect.stringContaining('which is no table of this plan'),
    });
    expect(await scanned(overlay)).toEqual(['a']);
  });

  it('lets a row come in the place of one that would be removed, and tells it once', async () => {
    const { overlay } = open('a');
    await overlay.remove(CARGO.name, row('a'));
    const again = row('a', { note: { S: 'new' } });
    expect(await overlay.insert([{ table: CARGO.name, item: again }])).toEqual([{ kind: 'inserted' }]);
    expect(await overlay.insert([{ table: CARGO.name, item: again }])).toEqual([{ kind: 'exists' }]);
    expect(await scanned(overlay)).toEqual(['a']);
    expect(await overlay.get(CARGO.name, [key('a')])).toEqual([again]);
  });

  it('takes rows away again that are in the overlay only', async () => {
    const { overlay } = open();
    await overlay.insert([{ table: CARGO.name, item: row('new') }]);
    expect(await scanned(overlay)).toEqual(['new']);
    expect(await overlay.remove(CARGO.name, row('new'))).toEqual({ kind: 'removed' });
    expect(await scanned(overlay)).toEqual([]);
    expect(await overlay.insert([{ table: CARGO.name, item: row('new') }])).toEqual([{ kind: 'inserted' }]);
    expect(await scanned(overlay)).toEqual(['new']);
  });

  it('invariant 9: removes nothing that is not the image, whichever attribute differs', async () => {
    const { overlay } = open('a');
    expect(await overlay.remove(CARGO.name, row('a', { note: { S: 'x' } }))).toEqual({ kind: 'changed' });
    expect(await overlay.remove(CARGO.name, row('z'))).toEqual({ kind: 'changed' });
    await overlay.replace({ table: CARGO.name, item: row('a', { note: { S: 'new' } }) }, row('a'));
    expect(await overlay.remove(CARGO.name, row('a'))).toEqual({ kind: 'changed' });
    expect(await scanned(overlay)).toEqual(['a']);
  });

  it('says of a row that is too wide what the store would say', async () => {
    const wide = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`a${n}`, { N: '1' }]));
    const { base, overlay } = open();
    base.load(CARGO.name, [row('wide', wide)]);
    expect(await overlay.remove(CARGO.name, row('wide', wide))).toMatchObject({ kind: 'unguardable' });
    expect(await scanned(overlay)).toEqual(['wide']);
  });

  it('knows the position behind a row as the store underneath does', async () => {
    const { overlay } = open('a', 'b', 'c', 'd');
    const [first] = (await overlay.scan(CARGO.name)[Symbol.asyncIterator]().next()).value?.items ?? [];
    const from = overlay.positionBehind(CARGO.name, first as StoredItem);
    expect(await scanned(overlay, { from })).toHaveLength(3);
  });

  it('tells rows of one partition apart by their sort keys, also where a scan does not ask for them', async () => {
    const base = new MemoryStore([STOPS], { pageSize: 2 });
    const stop = (cargo: string, number: string, extra: StoredItem = {}): StoredItem => ({
      ...{ cargoId: { S: cargo }, number: { S: number }, port: { S: `port ${number}` } },
      ...extra,
    });
    base.load(STOPS.name, [stop('a', '1'), stop('a', '2'), stop('a', '3'), stop('b', '1')]);
    const overlay = new OverlayStore(base, base, new MemoryIndexes(), [STOPS]);
    const ports = async (options: ScanOptions): Promise<string[]> => {
      const found: string[] = [];
      for await (const { items } of overlay.scan(STOPS.name, options))
        found.push(...items.map((item) => (item['port'] as { S: string }).S));
      return found.sort();
    };
    expect(await overlay.remove(STOPS.name, stop('a', '2'))).toEqual({ kind: 'removed' });
    const again = stop('a', '3', { port: { S: 'port x' } });
    expect(await overlay.replace({ table: STOPS.name, item: again }, stop('a', '3'))).toEqual({
      kind: 'replaced',
    });
    const added = [stop('a', '1'), stop('b', '2')].map((item) => ({ table: STOPS.name, item }));
    expect(await overlay.insert(added)).toEqual([{ kind: 'exists' }, { kind: 'inserted' }]);
    for (const options of [{}, { attributes: ['port'] }])
      expect(await ports(options)).toEqual(['port 1', 'port 1', 'port 2', 'port x']);
    const keys = [stop('a', '2'), stop('b', '2')].map(({ cargoId, number }) => ({
      cargoId: cargoId as { S: string },
      number: number as { S: string },
    }));
    expect(await overlay.get(STOPS.name, keys)).toEqual([undefined, stop('b', '2')]);
  });
});
