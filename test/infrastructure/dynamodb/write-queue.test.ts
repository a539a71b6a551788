import type { PendingInsert } from '../../../src/infrastructure/dynamodb/insert-batches.js';
import { WriteQueue } from '../../../src/infrastructure/dynamodb/write-queue.js';
import { AdaptiveLimiter } from '../../../src/infrastructure/rate/adaptive-limiter.js';
import type { InsertResult } from '../../../src/runner/ports/record-sink.js';

function row(id: string, table = 'T', units = 1): PendingInsert {
  return {
    index: 0,
    physicalTable: table,
    keyNames: ['id'],
    item: { id: { S: id } },
    statement: { Statement: 'INSERT' },
    cost: { units, indexes: [] },
  };
}

function rows(prefix: string, count: number, table = 'T'): PendingInsert[] {
  return Array.from({ length: count }, (_, index) => row(`${prefix}${index}`, table));
}

interface Setting {
  readonly max?: number;
  readonly largestWrite?: number;
  /** throws for rows with this id */
  readonly poison?: string;
}

/** A queue whose batches are noted down and answered a moment later. */
function queueOf({ max = 4, largestWrite = Infinity, poison }: Setting = {}) {
  const batches: string[][] = [];
  let [open, most] = [0, 0];
  const insert = async (batch: readonly PendingInsert[]): Promise<InsertResult[]> => {
    batches.push(batch.map(({ item }) => (item['id'] as { S: string }).S));
    most = Math.max(most, (open += 1));
    await new Promise((done) => setTimeout(done, 3));
    open -= 1;
    if (batch.some(({ item }) => (item['id'] as { S: string }).S === poison)) throw new Error('poisoned');
    return batch.map(() => ({ kind: 'inserted' }));
  };
  const queue = new WriteQueue({
    limiter: new AdaptiveLimiter({ max }),
    inserter: { insert, put: async (one) => (await insert([one]))[0] as InsertResult },
    largestWrite: () => largestWrite,
  });
  return { queue, batches, most: () => most, open: () => open };
}

describe('the write queue', () => {
  it('P-X16: fills batches with rows of all callers by turns', async () => {
    const { queue, batches } = queueOf({ max: 1 });
    const callers = ['a', 'b', 'c', 'd'].map((name) => queue.insert(rows(name, 20)));
    await Promise.all(callers);
    expect(batches.map((batch) => batch.length)).toEqual([25, 25, 25, 5]);
    const second = new Set(batches[1]?.map((id) => id.charAt(0)));
    expect(second).toEqual(new Set(['a', 'b', 'c', 'd']));
  });

  it('sends what is left over a moment later, without waiting for more', async () => {
    const { queue, batches } = queueOf();
    const start = performance.now();
    const results = await queue.insert(rows('a', 3));
    expect(performance.now() - start).toBeLessThan(200);
    expect(batches).toEqual([['a0', 'a1', 'a2']]);
    expect([...results.keys()].map(({ item }) => item['id'])).toEqual([
      { S: 'a0' },
      { S: 'a1' },
      { S: 'a2' },
    ]);
  });

  it('never has two rows of one key in one batch, whoever brings them', async () => {
    const { queue, batches } = queueOf({ max: 1 });
    await Promise.all([queue.insert(rows('a', 10)), queue.insert(rows('a', 10)), queue.insert(rows('b', 5))]);
    for (const batch of batches) expect(new Set(batch).size).toBe(batch.length);
    expect(batches.flat()).toHaveLength(25);
  });

  it('fails only the calls whose rows were in the batch, waits for what is under way and sends no more of theirs', async () => {
    const { queue, batches, open } = queueOf({ max: 2, poison: 'a3' });
    const poisoned = queue.insert(rows('a', 500)).then(
      () => 'done',
      () => `failed with ${open()} under way`,
    );
    await new Promise((done) => setTimeout(done, 1));
    const other = queue.insert(rows('z', 60, 'OTHER'));
    expect(await poisoned).toMatch(/^failed with [01] under way$/);
    expect((await other).size).toBe(60);
    expect(batches.flat().filter((id) => id.startsWith('a')).length).toBeLessThanOrEqual(75);
  });

  it('keeps the batches of tables apart', async () => {
    const { queue, batches } = queueOf({ max: 1 });
    await queue.insert([...rows('a', 10), ...rows('z', 10, 'OTHER')]);
    expect(batches.map((batch) => new Set(batch.map((id) => id.charAt(0))).size)).toEqual([1, 1]);
  });

  it('makes batches as small as the rate asks, of one row at least', async () => {
    const { queue, batches } = queueOf({ largestWrite: 5 });
    await queue.insert([
      ...Array.from({ length: 4 }, (_, index) => row(`a${index}`, 'T', 2)),
      row('big', 'T', 40),
    ]);
    expect(batches.map((batch) => batch.length).toSorted()).toEqual([1, 2, 2]);
  });

  it('holds callers back while it is full, and lets all of them in at last', async () => {
    const { queue, batches } = queueOf({ max: 256 });
    const long = row('long');
    const callers = Array.from({ length: 12 }, (_, index) => queue.insert(rows(`${index}-`, 1_000)));
    const results = await Promise.all([...callers, queue.insert([{ ...long, statement: undefined }])]);
    expect(results.map(({ size }) => size)).toEqual([...Array.from({ length: 12 }, () => 1_000), 1]);
    // the last caller's rows were not in the queue while the first one's waited
    const firstOfLast = batches.findIndex((batch) => batch.some((id) => id.startsWith('11-')));
    expect(firstOfLast).toBeGreaterThan(200);
  });
});
