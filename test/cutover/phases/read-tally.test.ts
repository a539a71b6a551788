import type { ReadComparison } from '../../../src/cutover/phases/read-comparison.js';
import { ReadTally } from '../../../src/cutover/phases/read-tally.js';
import { readFigures } from '../../../src/runner/checklists/figures.js';

const SAME: ReadComparison = {
  equal: 3,
  missing: [],
  extra: [],
  different: [],
  repeated: [],
  alsoVisible: 2,
  isConsistent: true,
};
const LACKING: ReadComparison = {
  ...SAME,
  equal: 1,
  missing: ['e1'],
  different: [{ key: 'e2', fields: ['amount'] }],
  alsoVisible: 0,
  isConsistent: false,
};

describe('comparisons added up', () => {
  it('E-25: tell how complete the new model answers, what is seen in addition, and what reads cost', () => {
    const tally = new ReadTally();
    tally.add(SAME, { ms: 10, units: 4 }, { ms: 4, units: 1.5 });
    tally.add(LACKING, { ms: 20, units: 2 }, { ms: 8, units: 0.5 });
    const result = tally.result();
    expect(result).toMatchObject({
      reads: 2,
      inconsistentReads: 1,
      ownRows: 6,
      equalRows: 4,
      completeness: 66.66,
      alsoVisible: 2,
      legacy: { average: 15, units: 6 },
      fresh: { average: 6, units: 2 },
    });
  });

  it('E-25: the time of 50 and of 99 of 100 reads is told to 1 %, however many there were', () => {
    const tally = new ReadTally();
    for (let ms = 1; ms <= 1_000; ms++) tally.add(SAME, { ms }, { ms: ms / 100 });
    const { legacy, fresh } = tally.result();
    for (const [found, exact] of [
      [legacy.p50, 500],
      [legacy.p99, 990],
      [fresh.p50, 5],
      [fresh.p99, 9.9],
    ] as const) {
      expect(found).toBeGreaterThanOrEqual(exact * 0.999_999);
      expect(found).toBeLessThanOrEqual(exact * 1.011);
    }
  });

  it('E-25: nothing read is complete and took no time', () => {
    expect(new ReadTally().result()).toMatchObject({
      reads: 0,
      completeness: 100,
      fresh: { p99: 0, average: 0 },
    });
  });

  it('E-24: gives the figures that the gates of a ramp are judged by', () => {
    const tally = new ReadTally();
    tally.add(LACKING, { ms: 10 }, { ms: 1 / 3 });
    const text = JSON.stringify(tally.figures('2026-11-21T09:00:00.000Z'));
    const { values } = readFigures(text, new Date('2026-11-21T09:00:00.000Z'));
    expect(values.get('inconsistencies')?.toString()).toBe('1');
    expect(values.get('averageMs')?.toString()).toBe('0.333');
    expect(values.get('averageChange')?.toString()).toMatch(/^-96\.67/);
    expect([...values.keys()]).toEqual(expect.arrayContaining(['p50Change', 'p99Change']));
  });
});
