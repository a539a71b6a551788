import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { LookupIndex } from '../../../src/migrations/contract/lookup-index.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import type { Page, RecordReader } from '../../../src/migrations/contract/record-reader.js';
import { PageSpool } from '../../../src/runner/verification/page-spool.js';
import { SharedIndexes } from '../../../src/runner/verification/shared-indexes.js';
import { SingleReads } from '../../../src/runner/verification/single-reads.js';
import { Together } from '../../../src/runner/verification/together.js';

const row = (n: number): StoredItem => ({ id: { S: `id ${n}` }, note: { S: `note ${n}` } });
const PAGES: readonly Page[] = [
  { items: [row(1), row(2)], next: { id: { S: 'id 2' } } },
  { items: [], next: { id: { S: 'id 2' } } },
  { items: [row(3)] },
];

/** A reader of one table that counts its scans; `failing`: after the first page. */
function counting(failing?: Error): RecordReader & { scans: string[]; live: number } {
  const reader = {
    scans: [] as string[],
    live: 0,
    async *scan(table: string, { segment, signal }: Parameters<RecordReader['scan']>[1] = {}) {
      reader.scans.push(`${table} ${segment?.index ?? 'whole'}`);
      reader.live += 1;
      try {
        for (const [number, page] of PAGES.entries()) {
          await new Promise(setImmediate);
          signal?.throwIfAborted();
          if (failing !== undefined && number === 1) throw failing;
          yield page;
        }
      } finally {
        reader.live -= 1;
      }
    },
    positionBehind: (_: string, item: StoredItem) => item,
    get: () => Promise.resolve([row(7)]),
  };
  return reader;
}

function reads(reader: RecordReader, segments = 2): SingleReads {
  const { signal } = new AbortController();
  return new SingleReads({ reader, indexes: new MemoryIndexes(), tables: ['kept'], segments, signal });
}

async function all(pages: AsyncIterable<Page>): Promise<Page[]> {
  const seen: Page[] = [];
  for await (const page of pages) seen.push(page);
  return seen;
}

const part = (index: number, total = 2) => ({ segment: { index, total } });

describe('reads of which each is done once', () => {
  it('give the same pages to all who scan, at once and later, from one scan of the store', async () => {
    const reader = counting();
    const single = reads(reader);
    const both = await Promise.all([all(single.scan('kept', part(1))), all(single.scan('kept', part(1)))]);
    const later = await all(single.scan('kept', part(1)));
    expect([...both, later]).toEqual([PAGES, PAGES, PAGES]);
    expect(reader.scans).toEqual(['kept 1']);
    await single.close();
  });

  it('give a scan only the attributes that it asks for', async () => {
    const single = reads(counting());
    const [first] = await all(single.scan('kept', { ...part(0), attributes: ['id', 'toString'] }));
    expect(first?.items).toEqual([{ id: { S: 'id 1' } }, { id: { S: 'id 2' } }]);
    await single.close();
  });

  it('are scans among many to the store, which holds less of them at a time', async () => {
    const asked: unknown[] = [];
    const reader = counting();
    const single = reads({
      ...reader,
      scan: (table, options) => {
        asked.push(options?.amongMany);
        return reader.scan(table, options);
      },
    });
    await all(single.scan('kept', part(0)));
    await all(single.scan('other', part(0)));
    expect(asked).toEqual([true, undefined]);
    await single.close();
  });

  it('leave to the store other tables, other segments, and what begins in the middle', async () => {
    const reader = counting();
    const single = reads(reader);
    for (let time = 0; time < 2; time += 1) {
      await all(single.scan('other', part(0)));
      await all(single.scan('kept'));
      await all(single.scan('kept', part(0, 3)));
      await all(single.scan('kept', { ...part(0), from: { id: { S: 'id 2' } } }));
    }
    expect(reader.scans).toHaveLength(8);
    await single.close();
  });

  it('keep nothing new once they are sealed, and what they have', async () => {
    const reader = counting();
    const single = reads(reader);
    await all(single.scan('kept', part(0)));
    single.seal();
    for (const index of [0, 1, 1]) await all(single.scan('kept', part(index)));
    expect(reader.scans).toEqual(['kept 0', 'kept 1', 'kept 1']);
    await single.close();
  });

  it('tell everybody what ended a scan', async () => {
    const single = reads(counting(new Error('no answer')));
    const early = all(single.scan('kept', part(0)));
    await expect(early).rejects.toThrow('no answer');
    await expect(all(single.scan('kept', part(0)))).rejects.toThrow('no answer');
    await single.close();
  });

  it('have stopped reading when they are closed', async () => {
    const reader = counting();
    const single = reads(reader);
    const pages = single.scan('kept', part(0))[Symbol.asyncIterator]();
    await pages.next();
    await single.close();
    expect(reader.live).toBe(0);
  });
});

describe('a spool of pages', () => {
  it('gives back every kind of value, whatever the names', async () => {
    const odd: StoredItem = Object.fromEntries([
      ['__proto__', { S: 'own' }],
      ['toJSON', { S: '\ud800 alone' }],
      ['list', { L: [{ M: { inner: { BS: [new Uint8Array([1, 2])] } } }, { NULL: true }] }],
      ['bytes', { B: new Uint8Array([0, 255]) }],
    ]);
    const text: StoredItem = Object.fromEntries(Object.entries(odd).slice(0, 2));
    const spool = new PageSpool(new MemoryIndexes().create());
    await spool.put('bytes', { items: [odd] });
    await spool.put('text', { items: [text], next: { id: { N: '1' } } });
    const [bytes, plain] = [await spool.get('bytes'), await spool.get('text')];
    expect(plain).toEqual({ items: [text], next: { id: { N: '1' } } });
    expect(Object.keys(plain.items[0] ?? {})).toEqual(['__proto__', 'toJSON']);
    const [item] = bytes.items;
    expect(Object.keys(item ?? {})).toEqual(Object.keys(odd));
    // as plain numbers: bytes come as a Buffer or as a Uint8Array
    const plainBytes = (_: string, value: unknown): unknown => {
      if (value instanceof Object && 'data' in value) return value.data;
      return ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value;
    };
    expect(JSON.parse(JSON.stringify(item?.['bytes'], plainBytes))).toEqual({ B: [0, 255] });
    expect(JSON.parse(JSON.stringify(item?.['list'], plainBytes))).toEqual({
      L: [{ M: { inner: { BS: [[1, 2]] } } }, { NULL: true }],
    });
    await expect(spool.get('none')).rejects.toThrow(RangeError);
  });

  it.each([100, 1_000, 10_000])('gives back a page of %d rows', async (count) => {
    const page = { items: Array.from({ length: count }, (_, index) => row(index)) };
    const spool = new PageSpool(new MemoryIndexes().create());
    await spool.put('page', page);
    expect(await spool.get('page')).toEqual(page);
  });

  it('invariant 11: leaves nothing that can be read where it is kept, not even a repetition', async () => {
    const kept = new Map<string, string>();
    const index = { put: (key: string, value: string) => Promise.resolve(void kept.set(key, value)) };
    const spool = new PageSpool(index as unknown as LookupIndex);
    const page = { items: Array.from({ length: 500 }, () => row(1)) };
    await spool.put('one', page);
    await spool.put('two', page);
    const [one = '', two = ''] = kept.values();
    await spool.put('small', { items: [row(1)] });
    for (const part of [...kept.values()].flatMap((text) => text.split(' ')))
      expect(part + Buffer.from(part, 'base64').toString('latin1')).not.toContain('note');
    expect(one.split(' ').at(-1)).not.toBe(two.split(' ').at(-1));
    expect(one.length).toBeLessThan(JSON.stringify(page).length / 4);
  });
});

describe('look-ups that steps share', () => {
  const fill = async ([index]: readonly LookupIndex[]): Promise<void> => {
    fills += 1;
    await index?.put('a', '1');
  };
  let fills = 0;

  it('are filled once; what one holder puts into them only it sees', async () => {
    const shared = new SharedIndexes(new MemoryIndexes());
    const [[one], [two]] = await Promise.all([shared.filled(['x'], fill), shared.filled(['x'], fill)]);
    await one?.put('a', '2');
    await one?.put('b', '3');
    const seen = async (index?: LookupIndex): Promise<unknown> => {
      const entries: string[] = [];
      for await (const [key, value] of index?.entries() ?? []) entries.push(key + value);
      return [index?.get('a'), index?.get('b'), index?.size, entries.sort()];
    };
    expect(await seen(one)).toEqual(['2', '3', 2, ['a2', 'b3']]);
    expect(await seen(two)).toEqual(['1', undefined, 1, ['a1']]);
    await one?.close();
    expect(two?.get('a')).toBe('1');
    expect(fills).toBe(1);
    await shared.close();
  });

  it('fail for all who ask where they could not be filled', async () => {
    const shared = new SharedIndexes(new MemoryIndexes());
    const failing = (): Promise<void> => Promise.reject(new Error('no answer'));
    await expect(shared.filled(['x'], failing)).rejects.toThrow('no answer');
    await expect(shared.filled(['x'], fill)).rejects.toThrow('no answer');
    await shared.close();
  });
});

describe('work that stands or falls together', () => {
  it('ends with its first failure, after all of it has come to rest', async () => {
    const together = new Together();
    let resting = false;
    const patient = async (): Promise<void> => {
      await new Promise((resolve) => together.signal.addEventListener('abort', resolve));
      await new Promise(setImmediate);
      resting = true;
      throw new Error('stopped');
    };
    const failing = (): Promise<void> => Promise.reject(new Error('first'));
    await expect(together.all([patient, failing])).rejects.toThrow('first');
    expect(resting).toBe(true);
  });
});
