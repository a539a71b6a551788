import { estimateStep, totalsOf, type StepFacts } from '../../../src/runner/forecast/estimate.js';
import { costOf, pricesIn } from '../../../src/runner/forecast/prices.js';
import { rateFacts, rateOf } from '../../../src/runner/forecast/rate.js';
import { StepTally } from '../../../src/runner/forecast/step-tally.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';

const CRATES: TableDefinition = {
  name: 'crates',
  role: 'target',
  partitionKey: 'id',
  indexes: [
    { name: 'berth-index', partitionKey: 'berth', sortKey: 'id' },
    { name: 'kind-index', partitionKey: 'kind' },
    { name: 'note-index', partitionKey: 'note' },
  ],
};
const NONE = { warnings: [] } as const;

/** 4 records of 10 in all: two with a row of 1,025 bytes each, one with two of 1,024, one set aside. */
function tallied(existing = 0): StepTally {
  const tally = new StepTally(new Map([[CRATES.name, CRATES]]));
  const rowsOf = [1, 1, 2];
  rowsOf.forEach((rows, record) => {
    const row = { table: 'crates', item: {} };
    tally.addRecord(`cargo#${record}`, 500, {
      kind: 'rows',
      rows: Array(rows).fill(row),
      anchored: false,
      ...NONE,
    });
    for (let at = 0; at < rows; at += 1) {
      const id = `${record}-${at}`;
      const note = record === 0 ? { note: { S: 'Anna Smith 12' } } : {};
      const item = { id: { S: id }, berth: { S: `berth-${record}` }, kind: { S: 'box' }, ...note };
      tally.addRow('crates', item, { key: id, bytes: rows === 1 ? 1025 : 1024, exists: record < existing });
    }
  });
  tally.addRecord('cargo#9', 900, { kind: 'quarantined', problem: { reason: 'LOST', detail: '' }, ...NONE });
  return tally;
}

function facts(changes: Partial<StepFacts> = {}): StepFacts {
  return {
    step: { name: 'loading', title: 'Loading', source: 'cargo' },
    ...{ tally: tallied(), count: 4, basis: 'counted', complete: true, notes: [] },
    reads: {
      before: new Map([['ships', 10]]),
      beside: new Map([['cargo', 20]]),
      validation: new Map([
        ['cargo', 20],
        ['crates', 30],
      ]),
    },
    ...{ rate: { basis: 'none' }, capacity: () => undefined, prices: undefined },
    ...changes,
  };
}

describe('the estimate of a step', () => {
  it('counts units of the table and of each index that the row is in', () => {
    const { rows, tables, writeUnits, readUnits, outcomes, quarantine } = estimateStep(facts());
    expect([rows, outcomes, quarantine]).toEqual([
      4,
      { migrated: 3, skipped: 0, quarantined: 1 },
      { share: 0.25, below: 0.25, reasons: { LOST: 1 } },
    ]);
    // 2 + 2 for the rows of 1,025 bytes, 1 + 1 for those of 1,024
    expect(tables.map(({ tableUnits, indexes }) => [tableUnits, indexes])).toEqual([
      [
        6,
        [
          { index: 'berth-index', rows: 4, writeUnits: 6 },
          { index: 'kind-index', rows: 4, writeUnits: 6 },
          { index: 'note-index', rows: 1, writeUnits: 2 },
        ],
      ],
    ]);
    expect([writeUnits, readUnits]).toEqual([20, { run: 30, validation: 50 }]);
  });

  it('projects a sample onto all records and says how far off that may be', () => {
    const step = estimateStep(facts({ count: 400, basis: 'store', complete: false }));
    expect([step.records.count, step.rows, step.writeUnits, step.rowsPerRecord]).toEqual([400, 400, 2000, 1]);
    // deviation of 1, 1, 2, 0 rows: 0.707; 1.96 × 0.707 × 400 / 2
    expect(step.rowsMargin).toBe(277);
    expect(step.quarantine.below).toBeGreaterThan(0.6);
  });

  it('does not count indexes for rows whose keys are taken, and reads those', () => {
    const step = estimateStep(facts({ tally: tallied(1) }));
    expect(
      step.tables.map(({ existing, tableUnits, writeUnits }) => [existing, tableUnits, writeUnits]),
    ).toEqual([[0.25, 6, 14]]);
    expect(step.readUnits.run).toBe(31);
  });

  it('tells time only at a known rate, writes and the scan of the source going on together', () => {
    expect(estimateStep(facts()).seconds).toBeUndefined();
    const rate = { basis: 'asked', write: 2, read: 10 } as const;
    // look-ups 10 / 10, then the larger of 20 / 10 for the scan and 6 / 2 for the table and for each index
    expect(estimateStep(facts({ rate })).seconds).toEqual({ run: 4, validation: 5 });
    const writes = { basis: 'asked', write: 2 } as const;
    expect(estimateStep(facts({ rate: writes })).seconds).toEqual({ run: 3, validation: 0 });
  });

  it('is no faster than one partition is for its busiest key', () => {
    const rate = { basis: 'asked', write: 1e6, read: 1e6 } as const;
    const step = estimateStep(facts({ rate, count: 40_000, basis: 'store', complete: false }));
    // 60,000 units of kind-index under one key, at 1,000 a second
    expect(step.seconds?.run).toBeCloseTo(60, 3);
    const [berth, kind, note] = step.keys;
    expect([kind?.distinct, kind?.share, kind?.value, kind?.perSecond, kind?.hot]).toEqual([
      1,
      1,
      'box',
      1e6,
      true,
    ]);
    expect([berth?.distinct, note?.rows]).toEqual([3, 1]);
  });

  it('invariant 11: shows keys that are ids or one of few words, and never those that may be personal', () => {
    const tally = new StepTally(new Map([[CRATES.name, CRATES]]));
    const guid = '0d9a3a1e-7c1d-4a7e-8a27-0f6a2f0a11aa';
    for (let at = 0; at < 20; at += 1) {
      const item = {
        id: { S: `${at}` },
        berth: { S: guid },
        kind: { S: 'box' },
        note: { S: 'Anna Smith 12' },
      };
      tally.addRow('crates', item, { key: `${at}`, bytes: 10, exists: false });
    }
    const { keys } = estimateStep(facts({ tally }));
    expect(keys.map(({ value }) => value)).toEqual([guid, 'box', undefined]);
  });

  it('invariant 11: takes a word for one of few only where there are few', () => {
    const tally = new StepTally(new Map([[CRATES.name, CRATES]]));
    for (let at = 0; at < 20; at += 1) {
      const item = { id: { S: `${at}` }, note: { S: at < 2 ? 'Anna' : `Name${at}` } };
      tally.addRow('crates', item, { key: `${at}`, bytes: 10, exists: false });
    }
    expect(estimateStep(facts({ tally })).keys).toEqual([
      expect.objectContaining({ index: 'note-index', distinct: 19, rows: 2 }),
    ]);
    expect(estimateStep(facts({ tally })).keys[0]).not.toHaveProperty('value');
  });

  it('adds steps up, and leaves out what one of them does not know', () => {
    const timed = estimateStep(facts({ rate: { basis: 'asked', write: 2, read: 10 } }));
    expect(totalsOf([timed, timed])).toEqual({
      records: 8,
      rows: 8,
      writeUnits: 40,
      readUnits: 160,
      seconds: 18,
    });
    expect(totalsOf([timed, estimateStep(facts())]).seconds).toBeUndefined();
  });
});

describe('the rate', () => {
  const settings = { asked: {}, environment: {}, emulated: false, toldCapacity: false } as const;
  const capacity = { read: 300, write: 100 };

  it("is what was asked for, else the environment's, else a share, else what a new table takes, else none", () => {
    const environment = { maxWcu: 50, capacityShare: 0.5 };
    expect(rateFacts({ ...settings, asked: { maxWcu: 5 }, environment })).toMatchObject({
      basis: 'asked',
      write: 5,
    });
    expect(rateFacts({ ...settings, environment })).toMatchObject({ basis: 'environment', write: 50 });
    const shared = rateFacts({ ...settings, environment: { capacityShare: 0.5 }, toldCapacity: true });
    expect([rateOf(shared, 'write', capacity), rateOf(shared, 'read', capacity)]).toEqual([50, 150]);
    expect(rateOf(shared, 'write', undefined)).toBeUndefined();
    expect(rateFacts(settings)).toEqual({ basis: 'new-on-demand', write: 4000, read: 12_000 });
    expect(rateFacts({ ...settings, environment: { capacityShare: 0.5 } })).toMatchObject({
      write: 2000,
      read: 6000,
    });
    expect(rateFacts({ ...settings, emulated: true })).toEqual({ basis: 'none' });
  });

  it('is no rate where none was asked for', () => {
    const facts = rateFacts({ ...settings, asked: { maxWcu: 'none' }, environment: { capacityShare: 0.5 } });
    expect([rateOf(facts, 'write', capacity), rateOf(facts, 'read', capacity)]).toEqual([undefined, 150]);
  });
});

describe('prices', () => {
  it('are known of one region only; others have to be configured', () => {
    const listed = pricesIn('us-east-1', undefined);
    expect(listed).toMatchObject({ writePerMillion: 0.625, readPerMillion: 0.125, currency: 'USD' });
    expect([
      pricesIn('eu-central-1', undefined),
      pricesIn(undefined, undefined),
      pricesIn('toString', undefined),
    ]).toEqual([undefined, undefined, undefined]);
    const own = { writePerMillion: 2, readPerMillion: 1, currency: 'EUR' };
    expect(pricesIn('us-east-1', own)).toMatchObject(own);
    expect(costOf(own, { write: 3_000_000, read: 500_000 })).toBe(6.5);
  });
});
