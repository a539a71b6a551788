import { contentDigest } from '../../../src/domain/storage/canonical-digest.js';
import { withStamp } from '../../../src/domain/storage/stored.js';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import type { IMigrationStep, RecordPlanner } from '../../../src/migrations/contract/migration-step.js';
import type { Decision, PlannedRow } from '../../../src/migrations/contract/outcome.js';
import { rowKey } from '../../../src/migrations/contract/row-key.js';
import { PageSettlement } from '../../../src/runner/engine/page-settlement.js';
import { RowSettlement } from '../../../src/runner/engine/row-settlement.js';

const RUN = '20261121T080000Z-000002';
const EARLIER = '20261120T080000Z-000001';

const row = (id: string, berth: string): PlannedRow => ({
  table: 'crates',
  item: { id: { S: id }, berth: { S: berth } },
});
const rows = (all: readonly PlannedRow[], anchored: boolean): Decision => ({
  kind: 'rows',
  rows: all,
  anchored,
  warnings: [],
});
const stamped = ({ item }: PlannedRow, source: string): StoredItem =>
  withStamp(item, { source, run: EARLIER, digest: contentDigest(item) });

/** Crates go to the berths `north` and `south`: the first one keeps the id, unless a stored crate says otherwise. */
class BerthPlanner implements RecordPlanner {
  private readonly pins = new Map<string, string>();
  readonly asked: { row: StoredItem; edited: boolean }[] = [];

  plan(record: StoredItem): Decision {
    const id = textOf(record['id']) ?? '';
    const first = this.pins.get(id) ?? 'north';
    const other = first === 'north' ? 'south' : 'north';
    return rows([row(id, first), row(`${id}-${other}`, other)], true);
  }

  pin(stored: StoredItem, edited?: { readonly record: StoredItem }): boolean {
    this.asked.push({ row: stored, edited: edited !== undefined });
    const [id, berth] = [textOf(stored['id']) ?? '', textOf(stored['berth']) ?? ''];
    if ((this.pins.get(id) ?? 'north') === berth) return false;
    this.pins.set(id, berth);
    return true;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

interface Sent {
  readonly inserted: string[][];
  readonly replaced: string[];
}

function harbour(
  planner: RecordPlanner,
  ...stored: StoredItem[]
): { pages: PageSettlement; store: MemoryStore; sent: Sent } {
  const store = new MemoryStore([
    { name: 'crates', role: 'target', partitionKey: 'id', indexes: [] },
    { name: 'cargo', role: 'source', partitionKey: 'id', indexes: [] },
  ]);
  store.load('crates', stored);
  const sent: Sent = { inserted: [], replaced: [] };
  const sink = {
    check: (one: Parameters<MemoryStore['check']>[0]) => store.check(one),
    insert: (all: Parameters<MemoryStore['insert']>[0]) => {
      sent.inserted.push(all.map(({ item }) => textOf(item['id']) ?? ''));
      return store.insert(all);
    },
    replace: (one: Parameters<MemoryStore['replace']>[0], image: StoredItem) => {
      sent.replaced.push(textOf(one.item['id']) ?? '');
      return store.replace(one, image);
    },
    remove: (table: string, image: StoredItem) => store.remove(table, image),
  };
  const step = { source: 'cargo', sourceKey: 'id' } as IMigrationStep;
  const pages = new PageSettlement(
    step,
    planner,
    () => undefined,
    new RowSettlement(store, sink, RUN),
    RUN,
    () => rowKey({ name: 'crates', partitionKey: 'id' }),
    store,
  );
  return { pages, store, sent };
}

const berths = (store: MemoryStore): string[] =>
  store
    .rows('crates')
    .map((item) => `${textOf(item['id']) ?? ''} ${textOf(item['berth']) ?? ''}`)
    .sort();

describe('settling a page', () => {
  it('writes the first rows of anchored records before all others', async () => {
    const { pages, store, sent } = harbour(new BerthPlanner());
    const settled = await pages.settle([{ id: { S: 'a' } }, { id: { S: 'b' } }]);
    expect(sent.inserted).toEqual([
      ['a', 'b'],
      ['a-south', 'b-south'],
    ]);
    expect(settled.map(({ source, outcome }) => `${source} ${outcome}`)).toEqual([
      'cargo#a created',
      'cargo#b created',
    ]);
    expect(berths(store)).toEqual(['a north', 'a-south south', 'b north', 'b-south south']);
  });

  it('writes all rows of other records at once', async () => {
    const planner = {
      plan: () => rows([row('a', 'north'), row('a2', 'south')], false),
      close: () => Promise.resolve(),
    };
    const { pages, sent } = harbour(planner);
    await pages.settle([{ id: { S: 'a' } }]);
    expect(sent.inserted).toEqual([['a', 'a2']]);
  });

  it('K-X29: plans again around a pinned row and never replaces it', async () => {
    const { pages, store, sent } = harbour(new BerthPlanner(), stamped(row('a', 'south'), 'cargo#a'));
    const [settled] = await pages.settle([{ id: { S: 'a' } }]);
    expect(settled?.outcome).toBe('updated');
    expect(berths(store)).toEqual(['a south', 'a-north north']);
    expect(sent).toEqual({ inserted: [['a'], ['a-north']], replaced: [] });
    expect(store.rows('crates')[0]).toEqual(stamped(row('a', 'south'), 'cargo#a'));
  });

  it('K-X29: asks the planner about rows of the record only, and says where one was edited', async () => {
    const planner = new BerthPlanner();
    const edited = { ...stamped(row('b', 'north'), 'cargo#b'), berth: { S: 'east' } };
    const { pages, store } = harbour(
      planner,
      stamped(row('a', 'south'), 'elsewhere#a'),
      edited,
      stamped(row('c', 'north'), 'cargo#c'),
    );
    const settled = await pages.settle(['a', 'b', 'c'].map((id) => ({ id: { S: id } })));
    expect(planner.asked.map(({ row: { id }, edited: was }) => `${textOf(id) ?? ''} ${was}`).sort()).toEqual([
      'b true',
      'c false',
    ]);
    expect(settled.map(({ outcome }) => outcome)).toEqual(['conflict', 'conflict', 'updated']);
    expect(store.rows('crates')).toContainEqual(edited);
  });

  describe('P-X27: a row that a dual write has written after the page was read', () => {
    const planner: RecordPlanner = {
      plan: (record) => {
        const [id, berth] = [textOf(record['id']) ?? '', textOf(record['berth']) ?? ''];
        return rows([row(id, berth)], false);
      },
      close: () => Promise.resolve(),
    };
    const stale = row('a', 'north').item;
    const byDualWrite = (berth: string): StoredItem => {
      const { item } = row('a', berth);
      return withStamp(item, { source: 'cargo#a', run: 'dual-write', digest: contentDigest(item) });
    };

    it('stands, for its record says the same by now', async () => {
      const { pages, store, sent } = harbour(planner, byDualWrite('south'));
      store.load('cargo', [row('a', 'south').item]);
      const [settled] = await pages.settle([stale]);
      expect(settled).toMatchObject({ outcome: 'unchanged', record: row('a', 'south').item });
      expect(sent.replaced).toEqual([]);
      expect(store.rows('crates')).toEqual([byDualWrite('south')]);
    });

    it('stands where its record is gone', async () => {
      const { pages, store, sent } = harbour(planner, byDualWrite('south'));
      expect((await pages.settle([stale]))[0]?.outcome).toBe('unchanged');
      expect([sent.replaced, store.rows('crates')]).toEqual([[], [byDualWrite('south')]]);
    });

    it('is replaced where its record says something else by now', async () => {
      const { pages, store } = harbour(planner, byDualWrite('south'));
      store.load('cargo', [row('a', 'west').item]);
      expect((await pages.settle([stale]))[0]?.outcome).toBe('updated');
      expect(berths(store)).toEqual(['a west']);
    });

    it('is looked at without its record where it is what is wanted', async () => {
      const { pages, store, sent } = harbour(planner, byDualWrite('north'));
      expect((await pages.settle([stale]))[0]?.outcome).toBe('unchanged');
      expect([sent.replaced, berths(store)]).toEqual([[], ['a north']]);
    });
  });

  it('keeps skipped and quarantined records out of the store, each with its outcome', async () => {
    const planner = {
      plan: (record: StoredItem): Decision =>
        textOf(record['id']) === 'a'
          ? { kind: 'skipped', rule: 'empty', warnings: [] }
          : { kind: 'quarantined', problem: { reason: 'BROKEN', detail: 'broken' }, warnings: [] },
      close: () => Promise.resolve(),
    };
    const { pages, sent } = harbour(planner);
    const settled = await pages.settle([{ id: { S: 'a' } }, { id: { S: 'b' } }]);
    expect(settled.map(({ outcome, rows: written }) => `${outcome} ${written.length}`)).toEqual([
      'skipped 0',
      'quarantined 0',
    ]);
    expect(sent.inserted).toEqual([]);
  });
});
