import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { LookupIndex } from '../../../src/migrations/contract/lookup-index.js';
import { SpillingLookupIndexes } from '../../../src/infrastructure/lookup/spilling-lookup-indexes.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-lookup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (ceilingBytes: number): ReturnType<SpillingLookupIndexes['create']> =>
  new SpillingLookupIndexes({ root: join(folder, 'lookup'), ceilingBytes }).create('links by KPI');

const spillFolders = (): string[] => readdirSync(join(folder, 'lookup'));

async function contents(index: LookupIndex): Promise<[string, string][]> {
  const all: [string, string][] = [];
  for await (const [key, value] of index.entries()) all.push([key, value]);
  return all.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Any UTF-16 units at all, unpaired surrogates and NUL included. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));
const keys = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('a', 'b', '=a', '~a', '#a', '', '__proto__', '\ud800', '\ud801', '\u00e9'),
  },
  { weight: 4, arbitrary: fc.stringMatching(/^[a-f]{1,2}$/) },
  { weight: 2, arbitrary: anyText },
  // around the length from which a digest stands for the key
  { weight: 2, arbitrary: fc.integer({ min: 495, max: 515 }).map((length) => 'k'.repeat(length)) },
  { weight: 1, arbitrary: anyText.map((text) => text.padEnd(3000, '\ud800')) },
);

/** Around the length from which values stand in a file of their own, and what the place of one looks like. */
const values = fc.oneof(
  { weight: 4, arbitrary: anyText },
  { weight: 4, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.constantFrom('@0 10', '@', '=@0 1') },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.oneof(anyText, fc.constant('')), fc.integer({ min: 490, max: 520 }))
      .map(([text, to]) => text.padEnd(to, '@x')),
  },
  { weight: 1, arbitrary: anyText.map((text) => text.padEnd(3000, '\ud800')) },
);

describe('SpillingLookupIndex', () => {
  it('behaves like a plain map while it spills all the time, whatever the keys and values', async () => {
    let spills = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(keys, values), { maxLength: 60 }), async (puts) => {
        const index = open(200);
        const model = new Map<string, string>();
        try {
          for (const [key, value] of puts) {
            await index.put(key, value);
            model.set(key, value);
            if (index.get(key) !== value)
              throw new Error(`lost what was just put under ${JSON.stringify(key)}`);
          }
          expect(index.size).toBe(model.size);
          for (const [key, value] of model) expect(index.get(key)).toBe(value);
          expect(index.get('never put')).toBeUndefined();
          expect(await contents(index)).toEqual([...model].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
          if (index.spilled) spills++;
          // two entries can't fit below 200 bytes, so more than one key means files
          if (model.size > 2) expect(index.spilled).toBe(true);
        } finally {
          await index.close();
        }
      }),
      { numRuns: 150 },
    );
    expect(spills).toBeGreaterThan(75);
  });

  it('keeps the last value of a key when puts of the same key are under way together', async () => {
    const index = open(200);
    const puts: Promise<void>[] = [];
    for (let round = 0; round < 300; round++) {
      for (const key of ['a', 'b', 'c']) puts.push(index.put(key, `${key}${round}`));
    }
    await Promise.all(puts);
    expect(index.spilled).toBe(true);
    expect(await contents(index)).toEqual([
      ['a', 'a299'],
      ['b', 'b299'],
      ['c', 'c299'],
    ]);
    expect(index.size).toBe(3);
    await index.close();
  });

  it('sees each entry at every moment of the way to disk', async () => {
    const index = open(2000);
    const unseen: string[] = [];
    const known: string[] = [];
    const puts: Promise<void>[] = [];
    for (let at = 0; at < 400; at++) {
      puts.push(index.put(`key ${at}`, `value ${at}`));
      known.push(`key ${at}`);
      if (at % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      unseen.push(...known.filter((key) => index.get(key) === undefined));
    }
    await Promise.all(puts);
    expect(index.spilled).toBe(true);
    expect(unseen).toEqual([]);
    await index.close();
  });

  it('makes no file below the ceiling, and files in a private folder beyond it', async () => {
    const index = open(10_000);
    for (let at = 0; at < 50; at++) await index.put(`key ${at}`, 'x');
    expect(readdirSync(folder)).toEqual([]);
    // 64 for the slot, 16 + 8 for each of two short strings: 112 bytes an entry, so 89 entries fit
    for (let at = 50; at < 89; at++) await index.put(`key ${at}`, 'x');
    expect(index.spilled).toBe(false);
    await index.put('key 89', 'x');
    expect(index.spilled).toBe(true);
    const [made] = spillFolders();
    expect(made).toMatch(/^lookup-\d+-[0-9a-z-]+_links-by-KPI_/);
    expect(statSync(join(folder, 'lookup', made!)).mode & 0o777).toBe(0o700);
    await index.close();
  });

  it('keeps large values in a file beside the store, readable by their owner only', async () => {
    const index = open(10_000);
    for (let at = 0; at < 50; at++)
      await index.put(`page ${at}`, String.fromCharCode(97 + (at % 26)).repeat(8000));
    const [made = ''] = spillFolders();
    const path = join(folder, 'lookup', made, 'large-values');
    const { mode, size } = statSync(path);
    expect(mode & 0o777).toBe(0o600);
    // the newest of them are still in memory
    expect(size).toBeGreaterThan(40 * 8000);
    for (let at = 0; at < 50; at++) expect(index.get(`page ${at}`)).toHaveLength(8000);
    expect(index.get('page 27')?.slice(-3)).toBe('bbb');
    const others = readdirSync(join(folder, 'lookup', made)).filter((name) => name !== 'large-values');
    const beside = others.reduce((sum, name) => sum + statSync(join(folder, 'lookup', made, name)).size, 0);
    expect(beside).toBeLessThan(20_000);
    await index.close();
    expect(spillFolders()).toEqual([]);
  });

  it('counts what an overwritten value held as free again', async () => {
    const index = open(1000);
    for (let round = 0; round < 500; round++) await index.put('same key', 'v'.repeat(round % 100));
    expect(index.spilled).toBe(false);
    expect(index.size).toBe(1);
    await index.close();
  });

  it('counts two bytes for each character beyond Latin-1', async () => {
    const narrow = open(300);
    await narrow.put('k', 'é'.repeat(100));
    expect(narrow.spilled).toBe(false);
    const wide = open(300);
    await wide.put('k', '€'.repeat(100));
    expect(wide.spilled).toBe(true);
    await Promise.all([narrow.close(), wide.close()]);
  });

  it('removes its files on close, also with puts still under way, and answers no more', async () => {
    const index = open(200);
    const puts = Array.from({ length: 50 }, (_, at) => index.put(`key ${at}`, 'x').catch(() => undefined));
    await new Promise((resolve) => setTimeout(resolve, 1));
    await index.close();
    await index.close();
    await Promise.all(puts);
    expect(spillFolders()).toEqual([]);
    expect(() => index.get('key 1')).toThrow('look-up index links by KPI is closed');
    await expect(index.put('key 1', 'x')).rejects.toThrow('closed');
  });

  it('keeps two indexes of one name apart', async () => {
    const indexes = new SpillingLookupIndexes({ root: join(folder, 'lookup'), ceilingBytes: 1 });
    const [one, two] = [indexes.create('same'), indexes.create('same')];
    await one.put('k', 'one');
    await two.put('k', 'two');
    expect([one.get('k'), two.get('k')]).toEqual(['one', 'two']);
    await one.close();
    expect(two.get('k')).toBe('two');
    await two.close();
  });

  it('refuses every further put once its files could not be written, with what to do', async () => {
    writeFileSync(join(folder, 'lookup'), 'a file where the folder should be');
    const index = open(200);
    const expected = { code: 'LOOKUP_STORAGE', exit: 4, next: expect.stringContaining('Make room') };
    await expect(index.put('a', 'x'.repeat(300))).rejects.toMatchObject(expected);
    await expect(index.put('b', 'y')).rejects.toMatchObject(expected);
    await index.close();
  });

  it('streams its entries: reading the first one does not read the rest', async () => {
    const index = open(1);
    for (let at = 0; at < 20; at++) await index.put(`key ${at}`, 'x');
    for await (const [key] of index.entries()) {
      expect(key).toMatch(/^key \d+$/);
      break;
    }
    expect(await contents(index)).toHaveLength(20);
    await index.close();
  });
});
