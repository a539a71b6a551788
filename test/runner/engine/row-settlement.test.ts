import { contentDigest } from '../../../src/domain/storage/canonical-digest.js';
import { stampOf, withStamp } from '../../../src/domain/storage/stored.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { rowKey } from '../../../src/migrations/contract/row-key.js';
import {
  pendingRow,
  RowSettlement,
  standingOf,
  type Announcements,
  type PendingRow,
} from '../../../src/runner/engine/row-settlement.js';
import type { InsertResult, RecordSink, ReplaceResult } from '../../../src/runner/ports/record-sink.js';

const TABLE = 'goods';
const KEY = rowKey({ name: TABLE, partitionKey: 'id' });
const RUN = '20261121T080000Z-000002';
const EARLIER = '20261120T080000Z-000001';
const SOURCE = 'old-goods#1';

const item = (id: string, text = 'wanted'): StoredItem => ({ id: { S: id }, text: { S: text } });
const pending = (id: string, text?: string): PendingRow =>
  pendingRow({ table: TABLE, item: item(id, text) }, KEY, SOURCE, RUN);

/** As a run would have stored it. */
function stored(id: string, text = 'wanted', run = EARLIER, source = SOURCE): StoredItem {
  return withStamp(item(id, text), { source, run, digest: contentDigest(item(id, text)) });
}

function store(...rows: StoredItem[]): MemoryStore {
  const memory = new MemoryStore([{ name: TABLE, role: 'target', partitionKey: 'id', indexes: [] }]);
  memory.load(TABLE, rows);
  return memory;
}

function settlement(memory: MemoryStore, sink: Partial<RecordSink> = {}): RowSettlement {
  const whole: RecordSink = {
    check: (row) => memory.check(row),
    insert: (rows) => memory.insert(rows),
    replace: (row, image) => memory.replace(row, image),
    remove: (table, image) => memory.remove(table, image),
    ...sink,
  };
  return new RowSettlement(memory, whole, RUN);
}

async function outcome(settling: RowSettlement, row = pending('a')): Promise<string> {
  const [settled] = await settling.settle([row]);
  return `${settled?.outcome ?? 'nothing'}${settled?.detail === undefined ? '' : `: ${settled.detail}`}`;
}

describe('a pending row', () => {
  it('carries its source, the run, and the digest of everything but the stamp', () => {
    expect(pending('a').item).toEqual({
      id: { S: 'a' },
      text: { S: 'wanted' },
      _migration: {
        M: {
          source: { S: 'old-goods#1' },
          run: { S: '20261121T080000Z-000002' },
          digest: { S: contentDigest({ text: { S: 'wanted' }, id: { S: 'a' } }) },
        },
      },
    });
    expect(pending('a').keyText).toBe('a');
  });
});

describe('how a stored row stands to a pending one', () => {
  const kind = (found: StoredItem): unknown => standingOf(found, pending('a'), RUN);

  it('tells foreign, edited, equal and outdated rows apart', () => {
    expect(kind(item('a'))).toMatchObject({ kind: 'foreign' });
    expect(kind(stored('a', 'wanted', EARLIER, 'old-goods#2'))).toMatchObject({ kind: 'foreign' });
    expect(kind({ ...stored('a'), text: { S: 'edited' } })).toMatchObject({ kind: 'edited' });
    expect(kind({ ...stored('a'), more: { S: 'added' } })).toMatchObject({ kind: 'edited' });
    expect(kind(stored('a'))).toEqual({ kind: 'equal', sameRun: false });
    expect(kind(stored('a', 'wanted', RUN))).toEqual({ kind: 'equal', sameRun: true });
    expect(kind(stored('a', 'older'))).toEqual({ kind: 'outdated', sameRun: false });
    expect(kind(stored('a', 'older', RUN))).toEqual({ kind: 'outdated', sameRun: true });
  });

  it('takes a stamp that lacks a part for none', () => {
    expect(
      kind({ ...item('a'), _migration: { M: { source: { S: SOURCE }, run: { S: EARLIER } } } }),
    ).toMatchObject({ kind: 'foreign' });
  });

  it('takes a row that was edited into just what is wanted now for edited all the same', () => {
    const edited = { ...stored('a', 'older'), text: { S: 'wanted' } };
    expect(kind(edited)).toMatchObject({ kind: 'edited' });
  });
});

describe('settling rows', () => {
  it('inserts what is absent, and gives results in the order of the rows', async () => {
    const memory = store(stored('b'), item('c'));
    const settled = await settlement(memory).settle(['a', 'b', 'c', 'd'].map((id) => pending(id)));
    expect(settled.map((row) => `${row.pending.keyText} ${row.outcome}`)).toEqual([
      'a created',
      'b unchanged',
      'c conflict',
      'd created',
    ]);
    expect(settled[2]?.found).toEqual(item('c'));
    expect(memory.rows(TABLE).map((row) => stampOf(row)?.run)).toEqual([RUN, EARLIER, undefined, RUN]);
  });

  it('replaces an own outdated row, its old attributes included', async () => {
    const old = { ...item('a', 'older'), gone: { S: 'x' } };
    const memory = store(withStamp(old, { source: SOURCE, run: EARLIER, digest: contentDigest(old) }));
    expect(await outcome(settlement(memory))).toBe('updated');
    expect(memory.rows(TABLE)).toEqual([pending('a').item]);
  });

  it('K-X18: counts a row as created whose insert was acknowledged as existing though this run wrote it', async () => {
    const memory = store();
    const lost = async (rows: Parameters<RecordSink['insert']>[0]): Promise<InsertResult[]> =>
      (await memory.insert(rows)).map(() => ({ kind: 'exists' }));
    expect(await outcome(settlement(memory, { insert: lost }))).toBe('created');
  });

  it('counts a row as updated whose replacement was answered as changed though it happened', async () => {
    const memory = store(stored('a', 'older'));
    const lost: RecordSink['replace'] = async (row, image): Promise<ReplaceResult> => {
      await memory.replace(row, image);
      return { kind: 'changed' };
    };
    expect(await outcome(settlement(memory, { replace: lost }))).toBe('updated');
    expect(memory.rows(TABLE)).toEqual([pending('a').item]);
  });

  it('inserts a row that was deleted between the insert and the look at it', async () => {
    const memory = store(stored('a', 'older'));
    let first = true;
    const deleting = async (rows: Parameters<RecordSink['insert']>[0]): Promise<InsertResult[]> => {
      const results = await memory.insert(rows);
      if (first) memory.erase(TABLE, { id: { S: 'a' } });
      first = false;
      return results;
    };
    expect(await outcome(settlement(memory, { insert: deleting }))).toBe('created');
  });

  it('takes a row for a conflict that somebody edited between the look and the replacement', async () => {
    const memory = store(stored('a', 'older'));
    const edited = { ...stored('a', 'older'), text: { S: 'edited' } };
    const racing: RecordSink['replace'] = (row, image) => {
      memory.load(TABLE, [edited]);
      return memory.replace(row, image);
    };
    expect(await outcome(settlement(memory, { replace: racing }))).toBe(
      'conflict: the row was changed after the migration wrote it',
    );
    expect(memory.rows(TABLE)).toEqual([edited]);
  });

  it('gives up on a row that keeps changing, as a conflict', async () => {
    const memory = store(stored('a', 'older'));
    let replacements = 0;
    const always: RecordSink['replace'] = () => {
      replacements += 1;
      return Promise.resolve({ kind: 'changed' });
    };
    expect(await outcome(settlement(memory, { replace: always }))).toBe(
      'conflict: the row kept changing while it was compared',
    );
    expect(replacements).toBeLessThan(10);
  });

  it('looks again only at the rows that need it', async () => {
    const memory = store(stored('b', 'older'));
    const sent: string[][] = [];
    const insert: RecordSink['insert'] = (rows) => {
      sent.push(rows.map((row) => KEY.text(row.item)));
      return memory.insert(rows);
    };
    let first = true;
    const replace: RecordSink['replace'] = (row, image) => {
      if (!first) return memory.replace(row, image);
      first = false;
      return Promise.resolve({ kind: 'changed' });
    };
    await settlement(memory, { insert, replace }).settle([pending('a'), pending('b'), pending('c')]);
    expect(sent).toEqual([['a', 'b', 'c'], ['b']]);
  });

  it('names the code where the store rejects a row, in either way of writing', async () => {
    const rejected = { kind: 'rejected', code: 'ItemTooLarge', detail: 'no' } as const;
    const inserting = settlement(store(), { insert: (rows) => Promise.resolve(rows.map(() => rejected)) });
    expect(await outcome(inserting)).toBe('rejected: ItemTooLarge: no');
    const replacing = settlement(store(stored('a', 'older')), { replace: () => Promise.resolve(rejected) });
    expect(await outcome(replacing)).toBe('rejected: ItemTooLarge: no');
  });

  it('K-X29: compares with the second thought where there is one, and never writes the first', async () => {
    const memory = store(stored('a', 'pinned'));
    const [settled] = await settlement(memory).settle([pending('a')], {
      revise: () => Promise.resolve(pending('a', 'pinned')),
    });
    expect([settled?.outcome, settled?.pending]).toEqual(['unchanged', pending('a', 'pinned')]);
    expect(memory.rows(TABLE)).toEqual([stored('a', 'pinned')]);
  });
});

describe('announcements', () => {
  /** What was announced, and what was sent, in their order. */
  function announced(memory: MemoryStore, ...before: string[]) {
    const log: string[] = [];
    const known = new Set(before);
    const announcements: Announcements = {
      has: (source) => known.has(source),
      announce: async (sources) => {
        await Promise.resolve();
        for (const source of sources) known.add(source);
        log.push(`announced ${sources.join()}`);
      },
    };
    const replace: RecordSink['replace'] = (row, image) => {
      log.push(`replaced ${KEY.text(row.item)}`);
      return memory.replace(row, image);
    };
    const settle = async (...rows: PendingRow[]): Promise<string[]> =>
      (await settlement(memory, { replace }).settle(rows, { announcements })).map((row) => row.outcome);
    return { log, settle };
  }

  it('are made before the first replacement, one for all rows that are replaced', async () => {
    const { log, settle } = announced(store(stored('a', 'older'), stored('b', 'older'), stored('c')));
    expect(await settle(pending('a'), pending('b'), pending('c'), pending('d'))).toEqual([
      'updated',
      'updated',
      'unchanged',
      'created',
    ]);
    expect(log).toEqual([`announced ${SOURCE},${SOURCE}`, 'replaced a', 'replaced b']);
  });

  it('are not made for rows that are inserted, unchanged or in conflict', async () => {
    const { log, settle } = announced(store(stored('b'), item('c')));
    expect(await settle(pending('a'), pending('b'), pending('c'))).toEqual([
      'created',
      'unchanged',
      'conflict',
    ]);
    expect(log).toEqual([]);
  });

  it('stop the replacement where they can not be stored', async () => {
    const memory = store(stored('a', 'older'));
    const announcements: Announcements = {
      has: () => false,
      announce: () => Promise.reject(new RangeError('no journal')),
    };
    await expect(settlement(memory).settle([pending('a')], { announcements })).rejects.toThrow('no journal');
    expect(memory.rows(TABLE)).toEqual([stored('a', 'older')]);
  });

  it('tell a row that a killed process had replaced from one that it had inserted', async () => {
    const found = stored('a', 'wanted', RUN);
    expect(await announced(store(found), SOURCE).settle(pending('a'))).toEqual(['updated']);
    expect(await announced(store(found)).settle(pending('a'))).toEqual(['created']);
    expect(await announced(store(found), 'old-goods#2').settle(pending('a'))).toEqual(['created']);
  });

  it('say nothing of a row that an earlier run wrote: its process was killed before it replaced it', async () => {
    expect(await announced(store(stored('a')), SOURCE).settle(pending('a'))).toEqual(['unchanged']);
    const { log, settle } = announced(store(stored('a', 'older')), SOURCE);
    expect(await settle(pending('a'))).toEqual(['updated']);
    expect(log.at(-1)).toBe('replaced a');
  });

  it('are not needed for a row that this run inserted: it counts as created, whatever its record says since', async () => {
    const memory = store(stored('a', 'older', RUN));
    const { log, settle } = announced(memory);
    expect(await settle(pending('a'))).toEqual(['created']);
    expect(log).toEqual(['replaced a']);
    expect(memory.rows(TABLE)).toEqual([pending('a').item]);
    // and one that it had replaced before counts as updated again
    expect(await announced(store(stored('a', 'older', RUN)), SOURCE).settle(pending('a'))).toEqual([
      'updated',
    ]);
  });

  it('do not turn a created row into an updated one where the acknowledgement of its replacement is lost', async () => {
    const memory = store(stored('a', 'older', RUN));
    const lost: RecordSink['replace'] = async (row, image) => {
      await memory.replace(row, image);
      return { kind: 'changed' };
    };
    expect(await outcome(settlement(memory, { replace: lost }))).toBe('created');
  });
});

describe('rows that are only ever inserted', () => {
  it('leave what exists as it is, and tell how many were new', async () => {
    const memory = store(item('a', 'foreign'));
    expect(await settlement(memory).insertOnly([pending('a'), pending('b')])).toBe(1);
    expect(memory.rows(TABLE)).toEqual([item('a', 'foreign'), pending('b').item]);
  });

  it('stop the run where the store rejects one', async () => {
    const rejecting = settlement(store(), {
      insert: () => Promise.resolve([{ kind: 'rejected', code: 'X', detail: 'y' }]),
    });
    await expect(rejecting.insertOnly([pending('a')])).rejects.toMatchObject({
      code: 'STORE_FAILED',
      exit: 3,
    });
  });
});
