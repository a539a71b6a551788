import fc from 'fast-check';
import { RateGovernor } from '../../../src/infrastructure/rate/rate-governor.js';
import type { RequestCost } from '../../../src/infrastructure/rate/request-cost.js';
import { FakeClock } from './fake-clock.js';

function write(table: string, units: number, indexes: Readonly<Record<string, number>> = {}): RequestCost {
  return { kind: 'write', tables: [{ table, units, indexes: new Map(Object.entries(indexes)) }] };
}

describe('the rate governor', () => {
  let clock: FakeClock;
  beforeEach(() => (clock = new FakeClock()));

  it('lets everything through at once where nothing limits it', async () => {
    const governor = new RateGovernor({}, clock);
    for (let turn = 0; turn < 1_000; turn += 1) await governor.acquire(write('T', 1_000));
    expect(clock.now()).toBe(0);
  });

  it('paces by the slowest of a table and its indexes', async () => {
    const indexes = new Map([['slow', { write: 50 }]]);
    const governor = new RateGovernor({ tables: new Map([['T', { write: 1_000, indexes }]]) }, clock);
    let done = 0;
    for (let turn = 0; turn < 200; turn += 1)
      void governor.acquire(write('T', 1, { slow: 1 })).then(() => (done += 1));
    await clock.advance(2_000);
    expect(done).toBeGreaterThanOrEqual(95);
    expect(done).toBeLessThanOrEqual(100);
  });

  it('never passes a limit in any second, for any requests to any tables and indexes', async () => {
    const request = fc.record({
      table: fc.constantFrom('A', 'B'),
      index: fc.boolean(),
      units: fc.integer({ min: 1, max: 4 }),
      pause: fc.oneof({ weight: 40, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 1_500 })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 150, maxLength: 300 }), async (requests) => {
        const own = new FakeClock();
        const governor = new RateGovernor({ maxWcu: 200 }, own);
        const gone = new Map<string, { at: number; units: number }[]>();
        for (const { table, index, units, pause } of requests) {
          await own.advance(pause);
          void governor.acquire(write(table, units, index ? { I: units } : {})).then(() => {
            for (const name of index ? [table, `${table}/I`] : [table])
              gone.set(name, [...(gone.get(name) ?? []), { at: own.now(), units }]);
          });
        }
        await own.advance(60_000);
        expect([...gone.values()].flat().length).toBeGreaterThanOrEqual(requests.length);
        for (const sent of gone.values()) {
          for (const { at: end } of sent) {
            const second = sent.filter(({ at }) => at <= end && at > end - 1_000);
            expect(second.reduce((sum, { units }) => sum + units, 0)).toBeLessThanOrEqual(210);
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it('slows only the index that throttled; other tables go on', async () => {
    const governor = new RateGovernor({ maxWcu: 1_000 }, clock);
    const sent = { A: 0, B: 0 };
    const flood = async (): Promise<void> => {
      for (let turn = 0; turn < 100; turn += 1) {
        for (const table of ['A', 'B'] as const)
          void governor.acquire(write(table, 10, { I: 10 })).then(() => (sent[table] += 10));
        await clock.advance(10);
      }
    };
    await flood();
    governor.throttled([{ kind: 'write', table: 'A', index: 'I' }]);
    [sent.A, sent.B] = [0, 0];
    await flood();
    expect(sent.B).toBeGreaterThan(900);
    expect(sent.A).toBeLessThan(800);
    expect(sent.A).toBeGreaterThan(600);
    expect(governor.rate({ kind: 'write', table: 'A' })).toBe(960);
  });

  it('gives back what was estimated too high, and exactly that', async () => {
    const governor = new RateGovernor({ maxWcu: 100 }, clock);
    await governor.acquire(write('T', 97));
    governor.settle(write('T', 97), write('T', 1));
    let passed = false;
    void governor.acquire(write('T', 1)).then(() => (passed = true));
    await clock.advance(15);
    expect(passed).toBe(true);
    // without a refund nothing would be free before the 970th ms
    governor.settle(write('T', 1), write('T', 1));
    let again = false;
    void governor.acquire(write('T', 1)).then(() => (again = true));
    await clock.advance(25);
    expect(again).toBe(true);
  });

  it('goes on at the new rate when it is tuned, also those who wait', async () => {
    const governor = new RateGovernor({ maxWcu: 1 }, clock);
    let done = 0;
    for (let turn = 0; turn < 100; turn += 1) void governor.acquire(write('T', 1)).then(() => (done += 1));
    await clock.advance(3_000);
    expect(done).toBeLessThanOrEqual(4);
    governor.tune({ maxRcu: 5 });
    expect(done).toBeLessThanOrEqual(4);
    governor.tune({ maxWcu: 'none' });
    await clock.advance(0);
    expect(done).toBe(100);
  });

  it('lets go of whoever is aborted while waiting', async () => {
    const governor = new RateGovernor({ maxRcu: 1 }, clock);
    const read: RequestCost = { kind: 'read', tables: [{ table: 'T', units: 100 }] };
    await governor.acquire(read);
    const stop = new AbortController();
    const waiting = governor.acquire(read, stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
