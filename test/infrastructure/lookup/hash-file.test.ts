import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ENTRY_BYTES, PAGE_BYTES } from '../../../src/infrastructure/lookup/bucket-page.js';
import { HashFile } from '../../../src/infrastructure/lookup/hash-file.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-hash-file-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
const newPath = (): string => join(folder, String(made++));
const pagesIn = (path: string): number => statSync(path).size / PAGE_BYTES;
const sorted = (entries: Iterable<readonly [string, string]>): (readonly [string, string])[] =>
  [...entries].sort(([one], [other]) => (one < other ? -1 : 1));

/** Keys that begin and end alike, as ids of one tenant do. */
const key = fc.integer({ min: 0, max: 400 }).map((number) => `=tenant#${number}#kpi`);
const value = fc.integer({ min: 0, max: ENTRY_BYTES - 20 }).map((length) => 'v'.repeat(length));
const round = fc.array(fc.tuple(key, value), { minLength: 20, maxLength: 80 });
const writes = fc.array(round, { minLength: 1, maxLength: 8 });

/** Spread, and such that many keys, or all, have most of their bits in common. */
const hashes: readonly [name: string, hashOf: ((key: string) => number) | undefined][] = [
  ['its own', undefined],
  [
    'one that differs from its twelfth bit on',
    (text) => (0xffe0_0000 | (Number(text.split('#')[1]) << 12)) >>> 0,
  ],
  ['one that differs in its first bits only', (text) => (Number(text.split('#')[1]) << 23) >>> 0],
];

describe('HashFile', () => {
  it('is a map, whatever is written, overwritten and read in between', async () => {
    let pages = 0;
    const check = async (rounds: (readonly (readonly [string, string])[])[]): Promise<void> => {
      const path = newPath();
      const file = new HashFile(path);
      const model = new Map<string, string>();
      try {
        for (const round of rounds) {
          await file.write(round);
          for (const [name, text] of round) model.set(name, text);
          for (const [name] of round) if (file.get(name) !== model.get(name)) throw new Error(`lost ${name}`);
        }
        expect(sorted(file.entries())).toEqual(sorted(model));
        for (const [name, text] of model) expect(file.get(name)).toBe(text);
        expect(file.get('=tenant#401#kpi')).toBeUndefined();
        pages = Math.max(pages, pagesIn(path));
      } finally {
        file.close();
      }
    };
    await fc.assert(fc.asyncProperty(writes, check), { numRuns: 60 });
    expect(pages).toBeGreaterThan(16);
  });

  it.each(hashes)('splits pages as long as hashes permit, with %s', async (_name, hashOf) => {
    const path = newPath();
    const file = new HashFile(path, { hashOf });
    const all = Array.from(
      { length: 400 },
      (_, number) => [`=tenant#${number}`, `${number}`.repeat(100)] as const,
    );
    for (let from = 0; from < all.length; from += 7) await file.write(all.slice(from, from + 7));
    for (const [name, text] of all) expect(file.get(name)).toBe(text);
    expect(sorted(file.entries())).toEqual(sorted(all));
    // 400 entries of some 300 bytes each: 30 pages, were they full
    expect(pagesIn(path)).toBeGreaterThan(30);
    expect(pagesIn(path)).toBeLessThan(90);
    file.close();
  });

  it('holds entries of one hash while a page can, and says so when it can not', async () => {
    const file = new HashFile(newPath(), { hashOf: () => 7, mostBits: 10 });
    const largest = 'v'.repeat(ENTRY_BYTES - 1);
    await file.write(['a', 'b', 'c', 'd'].map((name) => [name, largest]));
    for (const name of ['a', 'b', 'c', 'd']) expect(file.get(name)).toBe(largest);
    expect(file.get('e')).toBeUndefined();
    expect(file.get('av')).toBeUndefined();
    await expect(file.write([['e', largest]])).rejects.toThrow('too many keys whose hashes begin alike');
    file.close();
  });

  it('takes a larger value for a key that it has, also where its page is full', async () => {
    const file = new HashFile(newPath());
    const names = Array.from({ length: 60 }, (_, number) => `key ${number}`);
    for (const length of [1, 200, ENTRY_BYTES - 10, 3]) {
      await file.write(names.map((name) => [name, 'v'.repeat(length)]));
      expect(sorted(file.entries())).toEqual(sorted(names.map((name) => [name, 'v'.repeat(length)])));
    }
    file.close();
  });

  it('tells a file that lost its end from one without the key', async () => {
    const path = newPath();
    const file = new HashFile(path);
    const names = Array.from({ length: 100 }, (_, number) => `key ${number}`);
    await file.write(names.map((name) => [name, 'v'.repeat(300)]));
    truncateSync(path, PAGE_BYTES + 100);
    // the filter knows it without a read
    for (const name of names) expect(file.get(`no ${name}`)).toBeUndefined();
    const outcomes = names.map((name) => {
      try {
        return file.get(name);
      } catch (error) {
        return String(error);
      }
    });
    expect(new Set(outcomes.filter((outcome) => !/ends within page \d+$/.test(outcome ?? '')))).toEqual(
      new Set(['v'.repeat(300)]),
    );
    expect(outcomes).toContainEqual(expect.stringMatching(/ends within page \d+$/));
    file.close();
  });

  it('is readable by its owner only', () => {
    const path = newPath();
    new HashFile(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
